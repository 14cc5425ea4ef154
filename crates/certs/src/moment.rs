//! Times in ASN.1.

use der::asn1::{GeneralizedTime, UtcTime};
use der::{Any, DateTime, Tag, Tagged};
use time::OffsetDateTime;
use time::macros::format_description;
use x509_cert::time::Time;

use crate::Fault;

const FAULT: Fault = Fault::Malformed("time");

/// As certificates have it: two digits for the year until 2049.
pub(crate) fn for_certificate(at: OffsetDateTime) -> Result<Time, Fault> {
    let seconds = u64::try_from(at.unix_timestamp()).map_err(|_| FAULT)?;
    let time = DateTime::from_unix_duration(std::time::Duration::from_secs(seconds)).map_err(|_| FAULT)?;
    if time.year() < 2050 {
        Ok(Time::UtcTime(UtcTime::from_date_time(time).map_err(|_| FAULT)?))
    } else {
        Ok(Time::GeneralTime(GeneralizedTime::from_date_time(time)))
    }
}

/// As time stamps have it, to the second.
pub(crate) fn generalised(at: OffsetDateTime) -> Result<Any, Fault> {
    let words = at
        .to_offset(time::UtcOffset::UTC)
        .format(format_description!("[year][month][day][hour][minute][second]Z"))
        .map_err(|_| FAULT)?;
    Any::new(Tag::GeneralizedTime, words.into_bytes()).map_err(|_| FAULT)
}

/// Time stamps may have fractions of a second, which other users of this type may not.
pub(crate) fn read_generalised(any: &Any) -> Result<OffsetDateTime, Fault> {
    let words = std::str::from_utf8(any.value()).ok().filter(|_| any.tag() == Tag::GeneralizedTime).ok_or(FAULT)?;
    let words = words.strip_suffix('Z').ok_or(FAULT)?;
    let (whole, fraction) = words.split_once('.').unwrap_or((words, ""));
    if fraction.len() > 9 || !fraction.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(FAULT);
    }
    let nanoseconds: u32 = format!("{fraction:0<9}").parse().map_err(|_| FAULT)?;
    let at = time::PrimitiveDateTime::parse(whole, format_description!("[year][month][day][hour][minute][second]"))
        .map_err(|_| FAULT)?;
    at.assume_utc().replace_nanosecond(nanoseconds).map_err(|_| FAULT)
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn a_time_is_read_as_it_was_written() {
        let at = datetime!(2026-11-28 09:30:05 +8);
        assert_eq!(read_generalised(&generalised(at).expect("a time")), Ok(at));
        let with_fraction = Any::new(Tag::GeneralizedTime, *b"20261128013005.25Z").expect("a value");
        assert_eq!(read_generalised(&with_fraction), Ok(datetime!(2026-11-28 01:30:05.25 UTC)));
        for wrong in
            ["20261128013005", "20261328013005Z", "2026112801Z", "20261128013005.2x5Z", "20261128013005.1234567890Z"]
        {
            let any = Any::new(Tag::GeneralizedTime, wrong.as_bytes()).expect("a value");
            assert_eq!(read_generalised(&any), Err(FAULT), "{wrong}");
        }
    }
}
