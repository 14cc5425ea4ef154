//! The parameters of an operation, and what is asked of them.

use std::collections::BTreeMap;

/// By name, decoded.
pub(super) type Params = BTreeMap<String, String>;

/// A parameter that must be there; otherwise the vendor's words for its absence.
pub(super) fn required<'a>(params: &'a Params, name: &str) -> Result<&'a str, (&'static str, String)> {
    params
        .get(name)
        .map(String::as_str)
        .filter(|v| !v.is_empty())
        .ok_or_else(|| ("MissingParameter", format!("{name} is mandatory for this action.")))
}

/// A mainland mobile number.
pub(super) fn is_mobile(number: &str) -> bool {
    number.len() == 11 && number.starts_with('1') && number.bytes().all(|b| b.is_ascii_digit())
}
