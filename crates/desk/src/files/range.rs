//! Which bytes of a file somebody asks for (RFC 9110, 13 and 14).

use std::ops::Range;

use axum::http::{HeaderMap, HeaderName, Method, header};

/// What a request for a file of known length and tag amounts to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// All of it (200).
    Whole,
    /// These bytes of it, never empty (206).
    Part(Range<u64>),
    /// Bytes that it does not have (416).
    Nothing,
    /// The asker has it already (304).
    NotModified,
    /// The asker means another version of it (412).
    Changed,
}

/// Reads the conditional headers and `Range`, in the order of RFC 9110 13.2.2. `tag` is the strong entity tag with its quotes.
pub(crate) fn wanted(method: &Method, headers: &HeaderMap, tag: &str, length: u64) -> Wanted {
    if let Some(named) = list(headers, header::IF_MATCH)
        && named != "*"
        && !named.split(',').any(|one| one.trim() == tag)
    {
        return Wanted::Changed;
    }
    if let Some(named) = list(headers, header::IF_NONE_MATCH) {
        let weak = |one: &str| one.trim().trim_start_matches("W/") == tag;
        if named == "*" || named.split(',').any(weak) {
            return Wanted::NotModified;
        }
    }
    // Ranges are defined for GET alone (RFC 9110 14.2).
    if method != Method::GET || !if_range(headers, tag) {
        return Wanted::Whole;
    }
    range(headers, length)
}

/// Whether `Range` holds: without `If-Range`, or when it names exactly this version. A date never does, because no file here has one.
fn if_range(headers: &HeaderMap, tag: &str) -> bool {
    let mut named = headers.get_all(header::IF_RANGE).iter();
    match (named.next(), named.next()) {
        (None, _) => true,
        (Some(one), None) => one.as_bytes().trim_ascii() == tag.as_bytes(),
        (Some(_), Some(_)) => false,
    }
}

/// A range that cannot be understood is as good as none. So are several at once: whoever wants more than one part asks more than once.
fn range(headers: &HeaderMap, length: u64) -> Wanted {
    let mut lines = headers.get_all(header::RANGE).iter();
    let (Some(line), None) = (lines.next(), lines.next()) else { return Wanted::Whole };
    let Some((unit, set)) = line.to_str().ok().and_then(|line| line.split_once('=')) else { return Wanted::Whole };
    if !unit.eq_ignore_ascii_case("bytes") {
        return Wanted::Whole;
    }
    let mut specs = set.split(',').map(|spec| spec.trim_matches([' ', '\t'])).filter(|spec| !spec.is_empty());
    let (Some(spec), None) = (specs.next(), specs.next()) else { return Wanted::Whole };
    match spec.split_once('-') {
        Some(("", last)) => match position(last) {
            Some(count) => part(length.saturating_sub(count)..length),
            None => Wanted::Whole,
        },
        Some((first, "")) => match position(first) {
            Some(first) => part(first..length),
            None => Wanted::Whole,
        },
        Some((first, last)) => match (position(first), position(last)) {
            (Some(first), Some(last)) if first <= last => part(first..length.min(last.saturating_add(1))),
            _ => Wanted::Whole,
        },
        None => Wanted::Whole,
    }
}

fn part(range: Range<u64>) -> Wanted {
    if range.is_empty() { Wanted::Nothing } else { Wanted::Part(range) }
}

/// A position in decimal; one too large for a number lies behind the end of every file.
fn position(digits: &str) -> Option<u64> {
    let all = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    all.then(|| digits.parse().unwrap_or(u64::MAX))
}

fn list(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    let lines: Vec<_> = headers.get_all(name).iter().filter_map(|line| line.to_str().ok()).collect();
    (!lines.is_empty()).then(|| lines.join(",").trim().to_owned())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    const TAG: &str = "\"abc\"";

    fn ask(method: Method, headers: &[(HeaderName, &'static str)]) -> Wanted {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(name, HeaderValue::from_static(value));
        }
        wanted(&method, &map, TAG, 1000)
    }

    fn get(range: &'static str) -> Wanted {
        ask(Method::GET, &[(header::RANGE, range)])
    }

    #[test]
    fn ranges_are_read_as_rfc_9110_says() {
        for (range, expected) in [
            ("bytes=0-499", Wanted::Part(0..500)),
            ("bytes=500-999", Wanted::Part(500..1000)),
            ("bytes=0-0", Wanted::Part(0..1)),
            ("bytes=999-999", Wanted::Part(999..1000)),
            ("bytes=500-", Wanted::Part(500..1000)),
            ("bytes=0-", Wanted::Part(0..1000)),
            ("bytes=-500", Wanted::Part(500..1000)),
            ("bytes=-1", Wanted::Part(999..1000)),
            // The last position may lie behind the end, and so may a suffix.
            ("bytes=900-2000", Wanted::Part(900..1000)),
            ("bytes=-5000", Wanted::Part(0..1000)),
            ("bytes=0-99999999999999999999999", Wanted::Part(0..1000)),
            ("BYTES=0-1", Wanted::Part(0..2)),
            ("bytes= 0-1 ,", Wanted::Part(0..2)),
            // Nothing of it is there.
            ("bytes=1000-", Wanted::Nothing),
            ("bytes=1000-1001", Wanted::Nothing),
            ("bytes=-0", Wanted::Nothing),
            ("bytes=99999999999999999999999-", Wanted::Nothing),
            // Not understood: as if there were no range.
            ("bytes=5-2", Wanted::Whole),
            ("bytes=-", Wanted::Whole),
            ("bytes=a-b", Wanted::Whole),
            ("bytes=+1-2", Wanted::Whole),
            ("bytes=1", Wanted::Whole),
            ("bytes=", Wanted::Whole),
            ("bytes", Wanted::Whole),
            ("lines=0-1", Wanted::Whole),
            ("bytes=0-1,5-6", Wanted::Whole),
        ] {
            assert_eq!(get(range), expected, "{range}");
        }
        assert_eq!(ask(Method::GET, &[]), Wanted::Whole);
        assert_eq!(ask(Method::GET, &[(header::RANGE, "bytes=0-1"), (header::RANGE, "bytes=2-3")]), Wanted::Whole);
        assert_eq!(ask(Method::HEAD, &[(header::RANGE, "bytes=0-1")]), Wanted::Whole, "ranges are for GET");
    }

    #[test]
    fn a_range_of_another_version_is_not_taken() {
        let with = |if_range| ask(Method::GET, &[(header::RANGE, "bytes=0-1"), (header::IF_RANGE, if_range)]);
        assert_eq!(with("\"abc\""), Wanted::Part(0..2));
        for other in ["\"abd\"", "W/\"abc\"", "abc", "Fri, 20 Nov 2026 06:00:00 GMT", ""] {
            assert_eq!(with(other), Wanted::Whole, "{other}");
        }
    }

    #[test]
    fn conditions_come_before_ranges() {
        let ranged = |name, value| ask(Method::GET, &[(header::RANGE, "bytes=0-1"), (name, value)]);
        assert_eq!(ranged(header::IF_NONE_MATCH, "\"x\", W/\"abc\""), Wanted::NotModified);
        assert_eq!(ranged(header::IF_NONE_MATCH, "*"), Wanted::NotModified);
        assert_eq!(ranged(header::IF_NONE_MATCH, "\"x\""), Wanted::Part(0..2));
        assert_eq!(ranged(header::IF_MATCH, "\"x\", \"abc\""), Wanted::Part(0..2));
        assert_eq!(ranged(header::IF_MATCH, "*"), Wanted::Part(0..2));
        assert_eq!(ranged(header::IF_MATCH, "W/\"abc\""), Wanted::Changed);
    }

    proptest::proptest! {
        #[test]
        fn a_part_always_lies_within_the_file(range in "bytes=[0-9]{0,25}-[0-9]{0,25}", length in 0_u64..100_000) {
            let mut map = HeaderMap::new();
            map.insert(header::RANGE, HeaderValue::from_str(&range).unwrap());
            if let Wanted::Part(part) = wanted(&Method::GET, &map, TAG, length) {
                proptest::prop_assert!(part.start < part.end && part.end <= length);
            }
        }
    }
}
