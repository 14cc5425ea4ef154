//! What seals personal data, as the store asks for it.

use uuid::Uuid;

use crate::error::StoreError;

/// Stands in `meta` while there are personal data in clear, from before they were sealed.
pub(crate) const PLAIN: &str = "personal.plain";

/// Where a personal datum stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// `table.column`.
    pub column: &'static str,
    /// The id of the row.
    pub row: Uuid,
}

/// What is looked up by a blind index, each normalised in its own way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Datum {
    Phone,
    /// The number of an identity document.
    DocumentNumber,
}

/// What seals personal data and opens them; the desk's vault.
pub trait Seals: Send + Sync {
    /// Seals a datum for this place.
    fn seal(&self, place: Place, plain: &[u8]) -> Vec<u8>;

    /// Opens what was sealed for this place.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when it is damaged, from another place, or under a key that this court does not have.
    fn open(&self, place: Place, sealed: &[u8]) -> Result<Vec<u8>, StoreError>;

    /// Whether it is sealed under the key that is used now.
    fn is_current(&self, sealed: &[u8]) -> bool;

    /// The blind index of a value that was normalised.
    fn blind(&self, datum: Datum, value: &str) -> [u8; 32];
}

impl Datum {
    /// The one form of a value under which it is found however it was typed.
    pub(crate) fn normalised(self, value: &str) -> String {
        let plain = value.chars().filter(|char| !char.is_whitespace() && *char != '-');
        match self {
            Datum::Phone => {
                let digits: String = plain.collect();
                digits.strip_prefix("+86").map(str::to_owned).unwrap_or(digits)
            }
            // 身份证的 x 大小写同义；全角与半角同义。
            Datum::DocumentNumber => plain
                .map(|char| match char {
                    '\u{ff01}'..='\u{ff5e}' => char::from_u32(char as u32 - 0xfee0).unwrap_or(char),
                    _ => char,
                })
                .flat_map(char::to_uppercase)
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_found_however_it_was_typed() {
        for typed in ["13900000001", "139 0000 0001", "+86 139-0000-0001"] {
            assert_eq!(Datum::Phone.normalised(typed), "13900000001");
        }
        for typed in ["11010119900307100X", "11010119900307100x", " 110101 19900307 100x", "１１０１０１19900307100ｘ"]
        {
            assert_eq!(Datum::DocumentNumber.normalised(typed), "11010119900307100X", "{typed}");
        }
    }
}
