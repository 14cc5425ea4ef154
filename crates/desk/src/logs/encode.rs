//! Characters that a terminal or a person could be deceived with.

use std::borrow::Cow;
use std::fmt::Write;

/// A line of JSON in which every control character and every invisible or direction-changing one is written `\uXXXX`. The JSON writer
/// escapes the ASCII ones itself; the rest stands in strings only, so the line means the same as before.
pub(super) fn encode(line: &[u8]) -> Cow<'_, [u8]> {
    let Ok(text) = std::str::from_utf8(line) else { return Cow::Borrowed(line) };
    if !text.chars().any(deceives) {
        return Cow::Borrowed(line);
    }
    let mut out = String::with_capacity(text.len() + 32);
    for char in text.chars() {
        if deceives(char) {
            let mut units = [0; 2];
            for unit in char.encode_utf16(&mut units) {
                write!(out, "\\u{unit:04x}").ok();
            }
        } else {
            out.push(char);
        }
    }
    Cow::Owned(out.into_bytes())
}

fn deceives(char: char) -> bool {
    match char {
        '\n' => false, // the end of the line
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' => true,
        _ => char.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sr52_control_and_direction_characters_are_encoded_and_mean_the_same() {
        let line = serde_json::json!({"name": "a\u{1b}[31m\u{85}\u{202e}b\u{200b}\u{feff}"}).to_string();
        let encoded = encode(line.as_bytes()).into_owned();
        let text = String::from_utf8(encoded).unwrap();
        assert_eq!(text, r#"{"name":"a\u001b[31m\u0085\u202eb\u200b\ufeff"}"#);
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&text).unwrap(),
            serde_json::from_str::<serde_json::Value>(&line).unwrap()
        );
        assert!(matches!(encode("{\"a\":\"微庭\"}\n".as_bytes()), Cow::Borrowed(_)));
    }
}
