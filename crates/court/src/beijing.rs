//! Civil time in court: Asia/Shanghai, which has been UTC+8 without summer time since 1991, whatever the host's zone.

use time::macros::{format_description, offset};
use time::{Date, Duration, OffsetDateTime};

/// `2026 年 11 月 23 日 14:00:00`, the form of the gate message (manual S0 二).
pub fn long(instant: OffsetDateTime) -> String {
    instant
        .to_offset(offset!(+8))
        .format(format_description!("[year] 年 [month] 月 [day] 日 [hour]:[minute]:[second]"))
        .expect("a date with a four-digit year can be written")
}

/// `11月23日 14:00`, for sentences.
pub fn short(instant: OffsetDateTime) -> String {
    instant
        .to_offset(offset!(+8))
        .format(format_description!("[month padding:none]月[day padding:none]日 [hour]:[minute]"))
        .expect("a date with a four-digit year can be written")
}

/// The date in court.
pub fn day(instant: OffsetDateTime) -> Date {
    instant.to_offset(offset!(+8)).date()
}

/// Microseconds since 1970-01-01 UTC, as the database and the leaf keep an instant.
pub fn micros(instant: OffsetDateTime) -> i64 {
    i64::try_from(instant.unix_timestamp_nanos() / 1_000).expect("the years 0 to 9999 fit in microseconds")
}

/// The instant of so many microseconds since 1970-01-01 UTC.
pub fn from_micros(micros: i64) -> OffsetDateTime {
    OffsetDateTime::UNIX_EPOCH + Duration::microseconds(micros)
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn midnight_in_beijing_is_the_next_day() {
        assert_eq!(long(datetime!(2026-11-22 16:00:00 UTC)), "2026 年 11 月 23 日 00:00:00");
        assert_eq!(short(datetime!(2026-11-02 06:05:00 UTC)), "11月2日 14:05");
        assert_eq!(day(datetime!(2026-11-22 16:00:00 UTC)), time::macros::date!(2026 - 11 - 23));
        assert_eq!(day(datetime!(2026-11-22 15:59:59 UTC)), time::macros::date!(2026 - 11 - 22));
    }

    #[test]
    fn micros_there_and_back() {
        let instant = datetime!(2026-11-22 16:00:00.123456 UTC);
        assert_eq!(from_micros(micros(instant)), instant);
    }
}
