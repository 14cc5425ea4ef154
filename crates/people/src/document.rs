//! Identity documents: which there are, and what their numbers look like.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A kind of identity document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DocumentType)]
pub enum Kind {
    ResidentId,
    Passport,
    HongKongMacaoPermit,
    TaiwanPermit,
    /// For residents of Hong Kong, Macao and Taiwan who live on the mainland.
    ResidencePermit,
    ForeignPermanentResident,
}

/// What is wrong with a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// It does not look like a number of this kind.
    Form,
    /// It names a day that never was.
    Birthday,
    /// A digit is wrong: the last one does not fit the others.
    Checksum,
}

impl Kind {
    pub const ALL: [Kind; 6] = [
        Kind::ResidentId,
        Kind::Passport,
        Kind::HongKongMacaoPermit,
        Kind::TaiwanPermit,
        Kind::ResidencePermit,
        Kind::ForeignPermanentResident,
    ];

    /// The name in the database and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Kind::ResidentId => "resident_id",
            Kind::Passport => "passport",
            Kind::HongKongMacaoPermit => "hong_kong_macao_permit",
            Kind::TaiwanPermit => "taiwan_permit",
            Kind::ResidencePermit => "residence_permit",
            Kind::ForeignPermanentResident => "foreign_permanent_resident",
        }
    }

    pub fn of_code(code: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.code() == code)
    }

    pub fn label(self) -> &'static str {
        match self {
            Kind::ResidentId => "居民身份证",
            Kind::Passport => "护照",
            Kind::HongKongMacaoPermit => "港澳居民来往内地通行证",
            Kind::TaiwanPermit => "台湾居民来往大陆通行证",
            Kind::ResidencePermit => "港澳台居民居住证",
            Kind::ForeignPermanentResident => "外国人永久居留身份证",
        }
    }

    /// The number as it is kept: half-width, upper case, without spaces.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn number(self, typed: &str) -> Result<String, Doubt> {
        let number: String = typed
            .chars()
            .filter(|char| !char.is_whitespace() && *char != '-')
            .map(|char| match char {
                '\u{ff01}'..='\u{ff5e}' => char::from_u32(char as u32 - 0xfee0).unwrap_or(char),
                _ => char,
            })
            .flat_map(char::to_uppercase)
            .take(32)
            .collect();
        self.check(&number)?;
        Ok(number)
    }

    fn check(self, number: &str) -> Result<(), Doubt> {
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let form = |fits: bool| if fits { Ok(()) } else { Err(Doubt::Form) };
        match self {
            Kind::ResidentId => resident(number, |area| !area.starts_with(['0', '9'])),
            Kind::ResidencePermit => resident(number, |area| ["810000", "820000", "830000"].contains(&area)),
            Kind::ForeignPermanentResident => match number.len() {
                // Issued from 2023 on: 18 digits as a resident's; before: three letters and twelve digits.
                18 => resident(number, |area| area.starts_with('9')),
                15 => form(number.bytes().take(3).all(|byte| byte.is_ascii_uppercase()) && digits(&number[3..])),
                _ => Err(Doubt::Form),
            },
            Kind::Passport => {
                form((5..=20).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_alphanumeric()))
            }
            Kind::HongKongMacaoPermit => {
                let rest = number.strip_prefix(['H', 'M']).unwrap_or_default();
                form(matches!(rest.len(), 8 | 10) && digits(rest))
            }
            Kind::TaiwanPermit => form(number.len() == 8 && digits(number)),
        }
    }
}

/// A citizen's number (GB 11643): six digits of an area, eight of a birthday, three in their order, and one that checks the others (ISO 7064, MOD 11-2).
fn resident(number: &str, area: impl Fn(&str) -> bool) -> Result<(), Doubt> {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECKS: &[u8; 11] = b"10X98765432";
    let bytes = number.as_bytes();
    if bytes.len() != 18 || !bytes[..17].iter().all(u8::is_ascii_digit) || !area(&number[..6]) {
        return Err(Doubt::Form);
    }
    let part = |from: usize, to: usize| number[from..to].parse::<u16>().map_err(|_| Doubt::Form);
    let month = u8::try_from(part(10, 12)?).ok().and_then(|month| time::Month::try_from(month).ok());
    let day = u8::try_from(part(12, 14)?).map_err(|_| Doubt::Birthday)?;
    let born = time::Date::from_calendar_date(i32::from(part(6, 10)?), month.ok_or(Doubt::Birthday)?, day);
    if born.map_err(|_| Doubt::Birthday)?.year() < 1900 {
        return Err(Doubt::Birthday);
    }
    let sum: u32 = bytes[..17].iter().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    if CHECKS[(sum % 11) as usize] == bytes[17] { Ok(()) } else { Err(Doubt::Checksum) }
}

impl Doubt {
    pub fn code(self) -> &'static str {
        match self {
            Doubt::Form => "number_form",
            Doubt::Birthday => "number_birthday",
            Doubt::Checksum => "number_checksum",
        }
    }

    /// What the person is told.
    pub fn detail(self, kind: Kind) -> String {
        let label = kind.label();
        match self {
            Doubt::Form => format!("号码不是{label}的格式，请对照证件核对后重新填写。"),
            Doubt::Birthday => format!("{label}号码中的出生日期不存在，请对照证件核对后重新填写。"),
            Doubt::Checksum => format!("{label}号码有误，可能输错了一位，请对照证件核对后重新填写。"),
        }
    }
}

/// 3101**********1234: as its holder recognises it and nobody else can use it.
pub fn masked(number: &str) -> String {
    let chars: Vec<char> = number.chars().collect();
    match chars.len() {
        0..5 => "****".to_owned(),
        5..12 => chars[..1].iter().chain(&vec!['*'; chars.len() - 3]).chain(&chars[chars.len() - 2..]).collect(),
        n => chars[..4].iter().chain(&vec!['*'; n - 8]).chain(&chars[n - 4..]).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Areas and birthdays that nobody has: the numbers are invented.
    fn made(seventeen: &str) -> String {
        let sum: u32 = seventeen
            .bytes()
            .zip([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2_u32])
            .map(|(digit, weight)| u32::from(digit - b'0') * weight)
            .sum();
        format!("{seventeen}{}", ["1", "0", "X", "9", "8", "7", "6", "5", "4", "3", "2"][(sum % 11) as usize])
    }

    #[test]
    fn f2_the_number_of_the_standards_example_is_taken_and_its_neighbours_are_not() {
        // The example of GB 11643-1999.
        assert_eq!(Kind::ResidentId.number("11010519491231002x"), Ok("11010519491231002X".to_owned()));
        assert_eq!(
            Kind::ResidentId.number("440524188001010014"),
            Err(Doubt::Birthday),
            "before 1900 nobody has an account"
        );
        assert_eq!(Kind::ResidentId.number("110105194912310021"), Err(Doubt::Checksum));
        assert_eq!(Kind::ResidentId.number("11010519490231002X"), Err(Doubt::Birthday));
        assert_eq!(Kind::ResidentId.number("11010519491231002"), Err(Doubt::Form));
    }

    #[test]
    fn f2_every_kind_has_its_form() {
        let right = |kind: Kind, typed: &str| assert!(kind.number(typed).is_ok(), "{kind:?} {typed}");
        let wrong = |kind: Kind, typed: &str| assert_eq!(kind.number(typed), Err(Doubt::Form), "{kind:?} {typed}");
        right(Kind::Passport, "e 0000 0001");
        wrong(Kind::Passport, "E1");
        wrong(Kind::Passport, "E0000001;");
        right(Kind::HongKongMacaoPermit, "H00000001");
        right(Kind::HongKongMacaoPermit, "m0000000001");
        wrong(Kind::HongKongMacaoPermit, "A00000001");
        wrong(Kind::HongKongMacaoPermit, "H0000001");
        right(Kind::TaiwanPermit, "00000001");
        wrong(Kind::TaiwanPermit, "0000001");
        right(Kind::ResidencePermit, &made("81000019900307001"));
        right(Kind::ResidencePermit, &made("83000019900307001"));
        wrong(Kind::ResidencePermit, &made("31000019900307001"));
        right(Kind::ForeignPermanentResident, "ABC000000000001");
        right(Kind::ForeignPermanentResident, &made("91100019900307001"));
        wrong(Kind::ForeignPermanentResident, "AB0000000000001");
    }

    #[test]
    fn sr15_a_masked_number_keeps_four_and_four() {
        assert_eq!(masked("310101199001011234"), "3101**********1234");
        assert_eq!(masked("E00000001"), "E******01");
        assert_eq!(masked("123"), "****");
    }

    #[test]
    fn the_codes_are_those_of_the_wire() {
        for kind in Kind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.code());
            assert_eq!(Kind::of_code(kind.code()), Some(kind));
        }
    }

    proptest::proptest! {
        #[test]
        fn a_wrong_digit_or_two_swapped_ones_are_found(area in 110_000_u32..660_000, day in 1_u8..28, order in 0_u16..999, at in 0_usize..17, by in 1_u8..9) {
            let number = made(&format!("{area}199003{day:02}{order:03}"));
            proptest::prop_assert!(Kind::ResidentId.number(&number).is_ok());
            let mut bytes = number.clone().into_bytes();
            bytes[at] = b'0' + (bytes[at] - b'0' + by) % 10;
            proptest::prop_assert!(Kind::ResidentId.number(std::str::from_utf8(&bytes).unwrap()).is_err());
            let mut bytes = number.clone().into_bytes();
            bytes.swap(at, (at + 1).min(16));
            if bytes != number.as_bytes() {
                proptest::prop_assert!(Kind::ResidentId.number(std::str::from_utf8(&bytes).unwrap()).is_err());
            }
        }

        #[test]
        fn p11_no_text_breaks_the_check(typed in ".{0,40}") {
            for kind in Kind::ALL {
                if let Ok(number) = kind.number(&typed) {
                    proptest::prop_assert_eq!(kind.number(&number), Ok(number.clone()));
                }
                masked(&typed);
            }
        }
    }
}
