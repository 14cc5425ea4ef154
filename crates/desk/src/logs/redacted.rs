//! Values that may not be in a log.

use std::fmt;

/// A value that prints as `***`: a phone number, a code, a token. [`Redacted::expose`] is the only way to it, and easy to search for.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Redacted<T>(T);

impl<T> Redacted<T> {
    /// Wraps a value.
    pub fn new(value: T) -> Redacted<T> {
        Redacted(value)
    }

    /// The value, for its own purpose.
    pub fn expose(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Redacted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl<T> fmt::Display for Redacted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// A phone number as its owner recognises it and nobody else can call it: 139****0001.
pub fn mask_phone(phone: &str) -> String {
    let digits: Vec<char> = phone.chars().collect();
    match digits.len() {
        0..8 => "****".to_owned(),
        n => digits[..3].iter().chain(&['*'; 4]).chain(&digits[n - 4..]).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sr52_a_redacted_value_prints_nothing_of_itself() {
        let phone = Redacted::new("13900000001".to_owned());
        assert_eq!(format!("{phone} {phone:?} {:?}", Some(&phone)), "*** *** Some(***)");
        assert_eq!(phone.expose(), "13900000001");
    }

    #[test]
    fn a_masked_phone_number_keeps_three_and_four_digits() {
        assert_eq!(mask_phone("13900000001"), "139****0001");
        assert_eq!(mask_phone("1390001"), "****");
        assert_eq!(mask_phone(""), "****");
    }
}
