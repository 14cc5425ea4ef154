//! Times as a court prints them: Asia/Shanghai, to the second, whatever offset they came with.

use serde::{Deserialize, Deserializer, Serializer};
use time::format_description::well_known::Rfc3339;
use time::macros::offset;
use time::{OffsetDateTime, UtcOffset};

/// China has one time, without summer time since 1991; a transcript of this court is never older.
pub(crate) const COURT: UtcOffset = offset!(+8);

/// `2026-11-28T09:30:05+08:00`: what templates take apart.
pub(crate) fn written(at: OffsetDateTime) -> String {
    let at = at.checked_to_offset(COURT).unwrap_or(at);
    at.replace_nanosecond(0).unwrap_or(at).format(&Rfc3339).unwrap_or_default()
}

pub(crate) fn serialize<S: Serializer>(at: &OffsetDateTime, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&written(*at))
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<OffsetDateTime, D::Error> {
    let text = String::deserialize(from)?;
    OffsetDateTime::parse(&text, &Rfc3339).map_err(serde::de::Error::custom)
}

pub(crate) mod option {
    use serde::{Deserialize, Deserializer, Serializer};
    use time::OffsetDateTime;
    use time::format_description::well_known::Rfc3339;

    pub(crate) fn serialize<S: Serializer>(at: &Option<OffsetDateTime>, to: S) -> Result<S::Ok, S::Error> {
        match at {
            Some(at) => super::serialize(at, to),
            None => to.serialize_none(),
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<OffsetDateTime>, D::Error> {
        Option::<String>::deserialize(from)?
            .map(|text| OffsetDateTime::parse(&text, &Rfc3339).map_err(serde::de::Error::custom))
            .transpose()
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::written;

    #[test]
    fn a_time_is_printed_in_court_time_to_the_second() {
        assert_eq!(written(datetime!(2026-11-27 17:30:05.999 UTC)), "2026-11-28T01:30:05+08:00");
        assert_eq!(written(datetime!(2026-11-28 01:30:05 +8)), "2026-11-28T01:30:05+08:00");
    }
}
