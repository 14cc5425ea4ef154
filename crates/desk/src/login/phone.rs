//! Mobile numbers of the mainland.

use std::fmt;

use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Problem;
use crate::logs::mask_phone;

/// A phone number as somebody typed it. It prints masked.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, example = "13900000001")]
pub(super) struct TypedPhone(String);

/// A mobile number of eleven digits. It prints masked.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Phone(String);

impl TypedPhone {
    /// The number that is meant: spaces, dashes and the country's +86 do not count.
    ///
    /// # Errors
    /// 422 `phone_invalid`.
    pub(super) fn number(&self) -> Result<Phone, Problem> {
        parse(&self.0).ok_or_else(|| {
            Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "phone_invalid",
                "手机号码不正确，请填写 11 位中国大陆手机号码。",
            )
        })
    }
}

#[cfg(test)]
impl TypedPhone {
    /// What somebody typed.
    pub(super) fn typed(text: &str) -> TypedPhone {
        TypedPhone(text.to_owned())
    }
}

impl Phone {
    /// The eleven digits.
    pub(super) fn digits(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for TypedPhone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&mask_phone(&self.0))
    }
}

/// The eleven digits of a mobile number, however it is spaced; none if it is none.
pub fn mobile_number(typed: &str) -> Option<String> {
    parse(typed).map(|phone| phone.0)
}

fn parse(typed: &str) -> Option<Phone> {
    let plain: String = typed.chars().filter(|char| !matches!(char, ' ' | '-' | '\u{a0}' | '\u{3000}')).collect();
    let digits = plain.strip_prefix("+86").unwrap_or(&plain);
    let bytes = digits.as_bytes();
    let fits = bytes.len() == 11
        && bytes[0] == b'1'
        && (b'3'..=b'9').contains(&bytes[1])
        && bytes.iter().all(u8::is_ascii_digit);
    fits.then(|| Phone(digits.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_taken_however_it_is_spaced() {
        for typed in ["13900000001", "139 0000 0001", "139-0000-0001", "+86 139 0000 0001", "+8613900000001"] {
            assert_eq!(parse(typed).unwrap().digits(), "13900000001", "{typed}");
        }
        for typed in [
            "",
            "1390000000",
            "139000000012",
            "12900000001",
            "23900000001",
            "1390000000a",
            "１３９００００0001",
            "+1 3900000001",
        ] {
            assert_eq!(parse(typed), None, "{typed}");
        }
    }

    #[test]
    fn sr52_a_number_prints_masked() {
        let phone = parse("13900000001").unwrap();
        assert_eq!(format!("{phone:?} {:?}", TypedPhone("13900000001".into())), "139****0001 ***");
    }

    proptest::proptest! {
        #[test]
        fn p11_no_text_breaks_the_parser(typed in ".{0,40}") {
            if let Some(phone) = parse(&typed) {
                proptest::prop_assert_eq!(phone.digits().len(), 11);
            }
        }
    }
}
