//! Blocks of base64 between lines that name them.

use der::pem::{LineEnding, decode_vec, encode_string};

pub(crate) const CERTIFICATE: &str = "CERTIFICATE-----";
pub(crate) const PRIVATE_KEY: &str = "PRIVATE KEY-----";

/// The bytes of the first block with this label, and what comes after it.
pub(crate) fn block<'a>(text: &'a str, label: &str) -> Option<(Vec<u8>, &'a str)> {
    let (begin, end) = (format!("-----BEGIN {label}"), format!("-----END {label}"));
    let from = text.find(&begin)?;
    let to = from + text[from..].find(&end)? + end.len();
    let (_, bytes) = decode_vec(&text.as_bytes()[from..to]).ok()?;
    Some((bytes, &text[to..]))
}

/// A block that [`block`] reads.
pub(crate) fn written(label: &str, bytes: &[u8]) -> Option<String> {
    encode_string(label.trim_end_matches('-'), LineEnding::LF, bytes).ok()
}
