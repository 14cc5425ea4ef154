//! Civil dates: the days of a court's calendar, in Asia/Shanghai whatever the host's zone.
//!
//! A [`Date`] has no zone; only [`of`] turns an instant into one, and it knows a single offset: UTC+8, without summer time since 1991-09-15.

use time::{Date, Month, OffsetDateTime, UtcOffset};

/// The civil date in court at that instant.
pub fn of(instant: OffsetDateTime) -> Date {
    instant.to_offset(UtcOffset::from_hms(8, 0, 0).unwrap_or(UtcOffset::UTC)).date()
}

/// Reads `2025-03-18`, and nothing else.
pub fn parse(typed: &str) -> Option<Date> {
    let mut parts = typed.splitn(3, '-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let digits = |part: &str, length: usize| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
    if !(digits(year, 4) && digits(month, 2) && digits(day, 2)) {
        return None;
    }
    let month = Month::try_from(month.parse::<u8>().ok()?).ok()?;
    Date::from_calendar_date(year.parse().ok()?, month, day.parse().ok()?).ok()
}

/// `2025-03-18`.
pub fn iso(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day())
}

/// `2025年3月18日`.
pub fn chinese(date: Date) -> String {
    let mut text = String::with_capacity(40);
    push_chinese(&mut text, date);
    text
}

/// `2025年3月18日（星期二）`.
pub fn chinese_with_weekday(date: Date) -> String {
    const DAYS: [&str; 7] = ["一", "二", "三", "四", "五", "六", "日"];
    let mut text = String::with_capacity(40);
    push_chinese(&mut text, date);
    text.push_str("（星期");
    text.push_str(DAYS[usize::from(date.weekday().number_days_from_monday())]);
    text.push('）');
    text
}

/// A reason is full of dates, so they are put together by hand: it halves the time that a period takes.
fn push_chinese(text: &mut String, date: Date) {
    let (year, month, day) = date.to_calendar_date();
    push_number(text, year.unsigned_abs());
    text.push('年');
    push_number(text, u32::from(u8::from(month)));
    text.push('月');
    push_number(text, u32::from(day));
    text.push('日');
}

fn push_number(text: &mut String, number: u32) {
    if number >= 10 {
        push_number(text, number / 10);
    }
    text.push(char::from_digit(number % 10, 10).unwrap_or('0'));
}

/// The day of the same number so many months later; where that month has no such day, its last one (1月31日 → 2月28日).
pub fn plus_months(date: Date, months: u32) -> Option<Date> {
    let counted = i64::from(date.year()) * 12 + i64::from(u8::from(date.month())) - 1 + i64::from(months);
    let year = i32::try_from(counted.div_euclid(12)).ok()?;
    let month = Month::try_from(u8::try_from(counted.rem_euclid(12) + 1).ok()?).ok()?;
    Date::from_calendar_date(year, month, date.day().min(month.length(year))).ok()
}

/// The number of days from the first to the second; negative if the second is earlier.
pub fn days_between(from: Date, to: Date) -> i64 {
    i64::from(to.to_julian_day()) - i64::from(from.to_julian_day())
}

/// Serde: `2025-03-18`.
pub mod serde_iso {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};
    use time::Date;

    pub fn serialize<S: Serializer>(date: &Date, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&super::iso(*date))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
        let typed = String::deserialize(deserializer)?;
        super::parse(&typed).ok_or_else(|| D::Error::custom(format!("{typed:?} is no date such as 2025-03-18")))
    }

    /// The same for `Option<Date>`; give `#[serde(default)]` beside it.
    pub mod option {
        use serde::{Deserialize, Deserializer, Serializer};
        use time::Date;

        #[derive(Deserialize)]
        struct Iso(#[serde(with = "super")] Date);

        pub fn serialize<S: Serializer>(date: &Option<Date>, serializer: S) -> Result<S::Ok, S::Error> {
            match date {
                Some(date) => super::serialize(date, serializer),
                None => serializer.serialize_none(),
            }
        }

        pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
            Ok(Option::<Iso>::deserialize(deserializer)?.map(|Iso(date)| date))
        }
    }

    /// The same for `Vec<Date>`.
    pub mod list {
        use serde::{Deserialize, Deserializer, Serializer};
        use time::Date;

        #[derive(Deserialize)]
        struct Iso(#[serde(with = "super")] Date);

        pub fn serialize<S: Serializer>(dates: &[Date], serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_seq(dates.iter().map(|date| super::super::iso(*date)))
        }

        pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Date>, D::Error> {
            Ok(Vec::<Iso>::deserialize(deserializer)?.into_iter().map(|Iso(date)| date).collect())
        }
    }
}
