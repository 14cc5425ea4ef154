//! The leaf: the text that is hashed for one act.

use std::fmt::Write;

use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::Hash;

/// What is fixed about an act for ever. Everything here is public: it names no person and quotes no word.
#[derive(Clone, Copy, Debug)]
pub struct Leaf<'a> {
    /// The court's code (法院代字), e.g. `沪0113`.
    pub court: &'a str,
    /// The record that the act belongs to.
    pub record: Uuid,
    /// The act's place in its record, from 1 without gaps.
    pub seq: u64,
    /// What kind of act it is, e.g. `speech.text`.
    pub kind: &'a str,
    /// When the server accepted it: microseconds since 1970-01-01 UTC.
    pub at: i64,
    /// The acting person's pseudonym: the same for all acts of one person in one court, and known to the court alone.
    pub actor: &'a str,
    /// The leaf hash of the act before it; [`Hash::ZERO`] for the first.
    pub prev: Hash,
    /// Commitment to the stored body.
    pub body: Hash,
    /// Commitment to the stored audience.
    pub audience: Hash,
}

impl Leaf<'_> {
    /// The leaf's text: ten lines, UTF-8, each ended by one line feed.
    ///
    /// No value can contain a line feed (kinds, codes and pseudonyms are checked where they are made; here they would only make the
    /// text ambiguous), so control characters are dropped rather than written.
    pub fn text(&self) -> String {
        let clean = |value: &str| value.chars().filter(|c| !c.is_control()).collect::<String>();
        let mut text = String::with_capacity(512);
        text.push_str("weiting act v1\n");
        for (name, value) in [
            ("court", clean(self.court)),
            ("record", self.record.to_string()),
            ("seq", self.seq.to_string()),
            ("kind", clean(self.kind)),
            ("time", micros_to_text(self.at)),
            ("actor", clean(self.actor)),
            ("prev", self.prev.to_string()),
            ("body", self.body.to_string()),
            ("audience", self.audience.to_string()),
        ] {
            writeln!(text, "{name} {value}").expect("writing to a string cannot fail");
        }
        text
    }

    /// The leaf hash: SHA-256 of [`Leaf::text`].
    pub fn hash(&self) -> Hash {
        Hash::of(self.text().as_bytes())
    }
}

/// `2026-11-20T06:05:00.123456Z`, always with six decimals, so that one instant has one spelling.
fn micros_to_text(micros: i64) -> String {
    let instant = OffsetDateTime::UNIX_EPOCH + Duration::microseconds(micros);
    let whole = instant.replace_nanosecond(0).expect("zero nanoseconds are always valid");
    let text = whole.format(&Rfc3339).expect("the years 0 to 9999 can be written");
    format!("{}.{:06}Z", text.trim_end_matches('Z'), instant.microsecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leaf_reads_as_ten_lines_that_sha256sum_can_check() {
        let leaf = Leaf {
            court: "沪0113",
            record: Uuid::from_u128(7),
            seq: 3,
            kind: "speech.text",
            at: 1_700_000_000_000_001,
            actor: "p1",
            prev: Hash::ZERO,
            body: Hash::of(b"body"),
            audience: Hash::of(b"audience"),
        };
        let expected = format!(
            "weiting act v1\ncourt 沪0113\nrecord 00000000-0000-0000-0000-000000000007\nseq 3\nkind speech.text\n\
             time 2023-11-14T22:13:20.000001Z\nactor p1\nprev {}\nbody {}\naudience {}\n",
            "0".repeat(64),
            Hash::of(b"body"),
            Hash::of(b"audience")
        );
        assert_eq!(leaf.text(), expected);
        assert_eq!(leaf.hash(), Hash::of(expected.as_bytes()));
    }

    #[test]
    fn no_value_can_add_a_line() {
        let leaf = Leaf {
            court: "沪\n0113",
            record: Uuid::nil(),
            seq: 1,
            kind: "speech.text\nseq 9",
            at: 0,
            actor: "p",
            prev: Hash::ZERO,
            body: Hash::ZERO,
            audience: Hash::ZERO,
        };
        assert_eq!(leaf.text().lines().count(), 10);
    }
}
