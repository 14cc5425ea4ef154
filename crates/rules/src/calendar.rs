//! Which days are working days: weekends, the breaks of each year's notice, and the weekends on which people work instead.
//!
//! Known from the first day of the first notice until [`Calendar::known_until`]. After it, weekends and the days that are off in every year are all that can be said,
//! so whatever depends on a later day is provisional. Before it, nothing is said.

use std::sync::LazyLock;

use time::{Date, Duration, Month, Weekday};

use crate::book::book;
use crate::book::holidays::{Break, Standing};
use crate::citation::Citation;
use crate::civil;

/// What a day is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Day {
    Working,
    /// A Saturday or Sunday on which people work (调休上班).
    WorkedWeekend,
    Weekend,
    /// Within a break.
    Break,
}

impl Day {
    pub const fn works(self) -> bool {
        matches!(self, Self::Working | Self::WorkedWeekend)
    }
}

/// All known years.
pub struct Calendar {
    first: Date,
    days: Vec<Day>,
    /// In their order, each with the citation of its notice.
    breaks: Vec<(&'static Break, Citation)>,
    standing: &'static [Standing],
}

/// Where a last day went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rolled {
    /// The first working day on or after.
    pub to: Date,
    /// Whether all the days that were looked at are known.
    pub certain: bool,
}

impl Calendar {
    pub fn get() -> &'static Self {
        static CALENDAR: LazyLock<Calendar> = LazyLock::new(Calendar::build);
        &CALENDAR
    }

    /// The first day that is known.
    pub const fn first(&self) -> Date {
        self.first
    }

    /// The last day of which everything is known. The notice of the next year may touch the last days of this one, as that of 2019 did.
    pub fn known_until(&self) -> Date {
        let last = self.first + Duration::days(i64::try_from(self.days.len()).unwrap_or(1) - 1);
        Date::from_calendar_date(last.year(), Month::December, 28).unwrap_or(last)
    }

    /// What that day is; none before the first known one.
    pub fn day(&self, date: Date) -> Option<Day> {
        let at = usize::try_from(civil::days_between(self.first, date)).ok()?;
        Some(self.days.get(at).copied().unwrap_or_else(|| {
            if self.standing_name(date).is_some() {
                Day::Break
            } else if is_weekend(date) {
                Day::Weekend
            } else {
                Day::Working
            }
        }))
    }

    /// The first working day on or after that day; none before the first known day.
    pub fn roll(&self, date: Date) -> Option<Rolled> {
        let mut to = date;
        while !self.day(to)?.works() {
            to = to.next_day()?;
        }
        Some(Rolled { to, certain: to <= self.known_until() })
    }

    /// The last working day on or before that day.
    pub fn roll_back(&self, date: Date) -> Option<Date> {
        let mut to = date;
        while !self.day(to)?.works() {
            to = to.previous_day()?;
        }
        Some(to)
    }

    /// The break that the day lies in, and the notice that says so.
    pub fn break_of(&self, date: Date) -> Option<(&'static Break, &Citation)> {
        let after = self.breaks.partition_point(|(pause, _)| pause.from <= date);
        let (pause, citation) = self.breaks.get(after.checked_sub(1)?)?;
        (date <= pause.until).then_some((*pause, citation))
    }

    /// What an unknown year's day is off for.
    pub fn standing_name(&self, date: Date) -> Option<&'static str> {
        self.standing
            .iter()
            .find(|standing| standing.month == u8::from(date.month()) && standing.day == date.day())
            .map(|standing| standing.name.as_str())
    }

    fn build() -> Self {
        let book = book();
        let year = |year: Option<i32>| year.and_then(|year| Date::from_calendar_date(year, Month::January, 1).ok());
        let first = year(book.holidays.first().map(|year| year.year)).unwrap_or(Date::MIN);
        let end = year(book.holidays.last().map(|year| year.year + 1)).unwrap_or(first);
        let mut days = Vec::new();
        let mut at = first;
        while at < end {
            days.push(if is_weekend(at) { Day::Weekend } else { Day::Working });
            at += Duration::days(1);
        }
        let mut mark = |date: Date, what: Day| {
            let at = usize::try_from(civil::days_between(first, date)).ok();
            if let Some(day) = at.and_then(|at| days.get_mut(at)) {
                *day = what;
            }
        };
        let mut breaks = Vec::new();
        for year in &book.holidays {
            let Some(citation) = year.cite.first().and_then(|cite| Citation::find(book, cite)) else { continue };
            for pause in &year.breaks {
                let mut at = pause.from;
                while at <= pause.until {
                    mark(at, Day::Break);
                    at += Duration::days(1);
                }
                for worked in &pause.working {
                    mark(*worked, Day::WorkedWeekend);
                }
                breaks.push((pause, citation.clone()));
            }
        }
        breaks.sort_by_key(|(pause, _)| pause.from);
        Self { first, days, breaks, standing: &book.standing }
    }
}

fn is_weekend(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}
