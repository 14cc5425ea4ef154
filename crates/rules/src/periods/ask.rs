//! What is asked, as it is typed; and the same once it is known to make sense.

use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset, format_description::well_known::Rfc3339};
use utoipa::ToSchema;

use crate::book::periods::{Bound, Extension, Length, PauseRow, PeriodRow};
use crate::civil;
use crate::periods::rules::{self, Cited};
use crate::wrong::Wrong;

/// How many pauses are taken.
const PAUSES: usize = 50;

/// What is asked. Everything is text, so that a mistake is answered with a sentence about it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// Which rule, such as `answer`.
    pub rule: String,
    /// Which variant of it, such as `abroad`; the first one if none is named.
    #[serde(default)]
    pub variant: String,
    /// When the event happened: `2025-03-03`, or with a time, `2025-03-03T10:20` in Asia/Shanghai, or an instant with its offset.
    pub start: String,
    /// How long the court made it, where the court does: `20日`.
    #[serde(default)]
    pub length: Option<String>,
    /// What does not count.
    #[serde(default)]
    pub pauses: Vec<PauseAsked>,
    /// By how much it was extended, `10日`, or until which day, `2025-04-20`.
    #[serde(default)]
    pub extension: Option<String>,
}

/// Days that do not count, the first and the last included.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PauseAsked {
    /// What it was, such as `appraisal`.
    pub kind: String,
    pub from: String,
    pub until: String,
}

/// What was asked, read and checked against the rule.
pub(super) struct Known {
    pub rule: &'static Cited<PeriodRow>,
    pub start: Date,
    /// For a period in hours.
    pub time: Option<Time>,
    /// What the law or the court gives, without extension.
    pub length: Length,
    /// In the order of their first days.
    pub pauses: Vec<(Date, Date, &'static Cited<PauseRow>)>,
    pub extension: Option<Extended>,
}

/// What was granted on top.
#[derive(Clone, Copy)]
pub(super) enum Extended {
    By(Length),
    Until(Date),
}

impl Ask {
    pub(super) fn read(&self) -> Result<Known, Wrong> {
        let (start, time) = moment(&self.start)?;
        let rule = rules::period(&self.rule, &self.variant, start)?;
        let row = rule.row;
        let time = match (row.length, time) {
            (Length::Hours(_), None) => return Err(Wrong::TimeInvalid { typed: self.start.clone() }),
            (Length::Hours(_), time) => time,
            _ => None,
        };
        let length = match &self.length {
            None => row.length,
            Some(typed) => given(row, typed)?,
        };
        if row.invariable && (self.extension.is_some() || !self.pauses.is_empty()) {
            return Err(Wrong::Invariable { name: row.name.clone() });
        }
        if self.pauses.len() > PAUSES {
            return Err(Wrong::TooMany { what: "不计入的时间", most: PAUSES });
        }
        let mut pauses = Vec::with_capacity(self.pauses.len());
        for pause in &self.pauses {
            let (from, until) = (day(&pause.from)?, day(&pause.until)?);
            if until < from {
                return Err(Wrong::DatesBackwards { from, until });
            }
            pauses.push((from, until, rules::pause(row, &pause.kind, start)?));
        }
        pauses.sort_by_key(|(from, until, _)| (*from, *until));
        let extension = self.extension.as_deref().map(|typed| granted(row, typed)).transpose()?;
        Ok(Known { rule, start, time, length, pauses, extension })
    }
}

/// A day that is typed, within what any calendar here can know.
pub(super) fn day(typed: &str) -> Result<Date, Wrong> {
    let date = civil::parse(typed.trim()).ok_or_else(|| Wrong::DateInvalid { typed: typed.to_owned() })?;
    within(date)
}

fn within(date: Date) -> Result<Date, Wrong> {
    let edge = |year| Date::from_ordinal_date(year, 1).unwrap_or(Date::MIN);
    let (first, last) = (edge(1990), edge(2101) - time::Duration::days(1));
    if date < first || date > last { Err(Wrong::DateOutOfRange { first, last }) } else { Ok(date) }
}

/// A day, or a moment in court.
fn moment(typed: &str) -> Result<(Date, Option<Time>), Wrong> {
    let typed = typed.trim();
    let Some((date, time)) = typed.split_once(['T', ' ']) else {
        return Ok((day(typed)?, None));
    };
    if let Ok(instant) = OffsetDateTime::parse(typed, &Rfc3339) {
        let in_court = instant.to_offset(UtcOffset::from_hms(8, 0, 0).unwrap_or(UtcOffset::UTC));
        return Ok((within(in_court.date())?, Some(in_court.time())));
    }
    let wrong = || Wrong::TimeInvalid { typed: typed.to_owned() };
    let part = |from: usize| time.get(from..from + 2).and_then(|part| part.parse::<u8>().ok());
    let of_form = matches!(time.len(), 5 | 8)
        && time.bytes().enumerate().all(|(at, byte)| if at % 3 == 2 { byte == b':' } else { byte.is_ascii_digit() });
    let (true, Some(hour), Some(minute)) = (of_form, part(0), part(3)) else { return Err(wrong()) };
    let time = Time::from_hms(hour, minute, part(6).unwrap_or(0)).map_err(|_| wrong())?;
    Ok((day(date)?, Some(time)))
}

/// What the court gives, within what the law lets it.
fn given(row: &PeriodRow, typed: &str) -> Result<Length, Wrong> {
    let length = Length::parse(typed.trim()).ok_or_else(|| Wrong::LengthInvalid { typed: typed.to_owned() })?;
    let name = || row.name.clone();
    if length.unit() != row.length.unit() {
        return Err(Wrong::LengthUnit { name: name(), unit: row.length.unit() });
    }
    let bounded = row.length.chinese();
    match row.bound {
        Bound::Fixed if length != row.length => Err(Wrong::LengthFixed { name: name(), length: bounded }),
        Bound::Least if length.count() < row.length.count() => {
            Err(Wrong::LengthTooShort { name: name(), least: bounded })
        }
        Bound::Most if length.count() > row.length.count() => Err(Wrong::LengthTooLong { name: name(), most: bounded }),
        _ if length.count() > 3650 => {
            Err(Wrong::LengthTooLong { name: name(), most: format!("3650{}", length.unit()) })
        }
        _ => Ok(length),
    }
}

/// What was granted, if the law lets it be granted.
fn granted(row: &PeriodRow, typed: &str) -> Result<Extended, Wrong> {
    let name = || row.name.clone();
    let extended = match civil::parse(typed.trim()) {
        Some(date) => Extended::Until(within(date)?),
        None => {
            Extended::By(Length::parse(typed.trim()).ok_or_else(|| Wrong::LengthInvalid { typed: typed.to_owned() })?)
        }
    };
    match (row.extension, extended) {
        (Extension::No, _) => Err(Wrong::ExtensionForbidden { name: name() }),
        (_, Extended::By(length)) if length.unit() != row.length.unit() => {
            Err(Wrong::LengthUnit { name: name(), unit: row.length.unit() })
        }
        (Extension::UpTo(most), Extended::By(length)) if length.count() > most.count() => {
            Err(Wrong::ExtensionTooLong { name: name(), most: most.chinese() })
        }
        (_, Extended::By(length)) if length.count() > 3650 => {
            Err(Wrong::ExtensionTooLong { name: name(), most: format!("3650{}", length.unit()) })
        }
        _ => Ok(extended),
    }
}

/// The moment of a date and a time.
pub(super) const fn at(date: Date, time: Time) -> PrimitiveDateTime {
    PrimitiveDateTime::new(date, time)
}
