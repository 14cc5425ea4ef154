//! The counting itself: from the event to the last day. What it found on the way is told in words elsewhere.

use time::{Date, Duration, PrimitiveDateTime, Time};

use crate::book::periods::{Extension, Length, PauseRow, Way};
use crate::calendar::{Calendar, Rolled};
use crate::civil;
use crate::periods::ask::{self, Extended, Known};
use crate::periods::rules::Cited;
use crate::wrong::Wrong;

/// What counting found.
pub(super) struct Counted {
    /// The first day that counts.
    pub first_day: Date,
    /// The last day of the length alone.
    pub bare: Date,
    /// The last day with pauses and extension.
    pub counted_to: Date,
    /// The last day.
    pub last_day: Date,
    pub ends_at: Option<PrimitiveDateTime>,
    pub working_day_before: Option<Date>,
    pub certain: bool,
    pub pauses: Vec<Left>,
    /// The last day without the extension.
    pub before_extension: Date,
}

/// What a pause did.
pub(super) struct Left {
    pub from: Date,
    pub until: Date,
    /// How many of its days were left out: those within the period and not left out already.
    pub days: i64,
    pub end: Date,
    pub rule: &'static Cited<PauseRow>,
}

pub(super) fn count(known: &Known) -> Result<Counted, Wrong> {
    let row = known.rule.row;
    match (known.length, row.way) {
        (Length::Hours(hours), _) => hours_after(known, hours),
        (Length::WorkingDays(days), _) => working_days_after(known, days),
        (length, Way::Before) => back(known, length),
        (length, Way::After) => forward(known, length),
    }
}

/// Days, months and years from the day after the event; pauses put the end off, and so does a rest day at the end.
fn forward(known: &Known, length: Length) -> Result<Counted, Wrong> {
    let row = known.rule.row;
    let first_day = next(known.start)?;
    let bare = plus(known.start, length)?;
    let (before_extension, mut pauses) = with_pauses(known, bare)?;
    let mut counted_to = before_extension;
    match known.extension {
        None => {}
        // The length grows: counted as one, so that three months and one month are four months.
        Some(Extended::By(more)) => {
            (counted_to, pauses) = with_pauses(known, plus(known.start, sum(length, more))?)?;
        }
        Some(Extended::Until(date)) => {
            if date <= before_extension {
                return Err(Wrong::DatesBackwards { from: before_extension, until: date });
            }
            if let Extension::UpTo(most) = row.extension
                && date > with_pauses(known, plus(known.start, sum(length, most))?)?.0
            {
                return Err(Wrong::ExtensionTooLong { name: row.name.clone(), most: most.chinese() });
            }
            counted_to = date;
        }
    }
    let Rolled { to: last_day, certain } =
        if row.rolls { roll(counted_to)? } else { Rolled { to: counted_to, certain: true } };
    Ok(Counted {
        first_day,
        bare,
        counted_to,
        last_day,
        ends_at: None,
        working_day_before: None,
        certain,
        pauses,
        before_extension,
    })
}

/// Back from the event, whose day does not count. A rest day does not move the end on: that would shorten what the other side has.
fn back(known: &Known, length: Length) -> Result<Counted, Wrong> {
    let first_day = known.start.previous_day().ok_or_else(out_of_range)?;
    let last_day = known.start.checked_sub(Duration::days(i64::from(length.count()))).ok_or_else(out_of_range)?;
    let working = Calendar::get().roll_back(last_day).ok_or_else(before_tables)?;
    Ok(Counted {
        first_day,
        bare: last_day,
        counted_to: last_day,
        last_day,
        ends_at: None,
        working_day_before: (working != last_day).then_some(working),
        certain: last_day <= Calendar::get().known_until(),
        pauses: Vec::new(),
        before_extension: last_day,
    })
}

/// Whole hours from the next one on.
fn hours_after(known: &Known, hours: u16) -> Result<Counted, Wrong> {
    let time = known.time.unwrap_or(Time::MIDNIGHT);
    let begun = Time::from_hms(time.hour(), 0, 0).unwrap_or(Time::MIDNIGHT);
    let first = ask::at(known.start, begun).checked_add(Duration::hours(1)).ok_or_else(out_of_range)?;
    let end = first.checked_add(Duration::hours(i64::from(hours))).ok_or_else(out_of_range)?;
    Ok(Counted {
        first_day: first.date(),
        bare: end.date(),
        counted_to: end.date(),
        last_day: end.date(),
        ends_at: Some(end),
        working_day_before: None,
        certain: true,
        pauses: Vec::new(),
        before_extension: end.date(),
    })
}

/// Working days from the day after the event.
fn working_days_after(known: &Known, days: u16) -> Result<Counted, Wrong> {
    let first_day = roll(next(known.start)?)?.to;
    let mut at = Rolled { to: known.start, certain: true };
    for _ in 0..days {
        at = roll(next(at.to)?)?;
    }
    Ok(Counted {
        first_day,
        bare: at.to,
        counted_to: at.to,
        last_day: at.to,
        ends_at: None,
        working_day_before: None,
        certain: at.certain,
        pauses: Vec::new(),
        before_extension: at.to,
    })
}

/// The end put off by every day of a pause that lies within the period as far as it has come; a day counts once, however many pauses it is in.
fn with_pauses(known: &Known, bare: Date) -> Result<(Date, Vec<Left>), Wrong> {
    let mut end = bare;
    let mut left_out_until = known.start;
    let mut pauses = Vec::with_capacity(known.pauses.len());
    for &(from, until, rule) in &known.pauses {
        let first = from.max(left_out_until.next_day().ok_or_else(out_of_range)?);
        let days = if first <= end && first <= until { civil::days_between(first, until) + 1 } else { 0 };
        if days > 0 {
            end = end.checked_add(Duration::days(days)).ok_or_else(out_of_range)?;
            left_out_until = until;
        }
        pauses.push(Left { from, until, days, end, rule });
    }
    Ok((end, pauses))
}

fn plus(start: Date, length: Length) -> Result<Date, Wrong> {
    match length {
        Length::Months(months) => civil::plus_months(start, u32::from(months)),
        Length::Years(years) => civil::plus_months(start, u32::from(years) * 12),
        other => start.checked_add(Duration::days(i64::from(other.count()))),
    }
    .ok_or_else(out_of_range)
}

/// Two lengths of one unit.
pub(super) const fn sum(length: Length, more: Length) -> Length {
    let count = length.count().saturating_add(more.count());
    match length {
        Length::Hours(_) => Length::Hours(count),
        Length::Days(_) => Length::Days(count),
        Length::WorkingDays(_) => Length::WorkingDays(count),
        Length::Months(_) => Length::Months(count),
        Length::Years(_) => Length::Years(count),
    }
}

fn next(date: Date) -> Result<Date, Wrong> {
    date.next_day().ok_or_else(out_of_range)
}

fn roll(date: Date) -> Result<Rolled, Wrong> {
    Calendar::get().roll(date).ok_or_else(before_tables)
}

fn before_tables() -> Wrong {
    Wrong::HolidaysUnknown { first: Calendar::get().first() }
}

fn out_of_range() -> Wrong {
    Wrong::DateOutOfRange { first: Calendar::get().first(), last: Date::MAX }
}
