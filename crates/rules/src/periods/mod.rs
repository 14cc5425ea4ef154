//! Periods (期间): from an event to the last day, with the reason.
//!
//! [`reckon`] takes what happened and when, and what the court granted; everything else stands in `data/periods.toml` and `data/holidays/`. The day that chooses the
//! version of a rule is the day of the event. Time is counted in whole civil days of Asia/Shanghai, or in whole hours.
//!
//! How a choice was made where the law leaves one is written down in `docs/rules.md`.

mod ask;
mod count;
mod ics;
mod posting;
mod recipients;
mod rules;
mod tell;

pub use ask::{Ask, PauseAsked};
pub use ics::{Alarm, Event, calendar, escape};
pub use posting::{Posted, posted};
pub use recipients::{Recipient, RecipientPeriod, Together, together};
pub use rules::{Offered, VariantOffered, offered};

use serde::Serialize;
use time::Date;
use utoipa::ToSchema;

use crate::book::periods::Way;
use crate::citation::Citation;
use crate::civil;
use crate::listed::Listed;
use crate::reason::Reason;
use crate::wrong::Wrong;

/// A period that was reckoned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Period {
    /// The rule and its variant, for programs.
    pub rule: &'static str,
    pub variant: &'static str,
    pub name: &'static str,
    /// What starts it, who must do what.
    pub event: &'static str,
    pub who: &'static str,
    pub does: &'static str,
    /// How long it is, with what was granted: `15日`.
    pub length: String,
    /// `after` its event, or `before` it (开庭三日前).
    pub way: &'static str,
    /// The day of the event, which does not count.
    #[serde(with = "civil::serde_iso")]
    #[schema(value_type = String, format = Date)]
    pub start: Date,
    /// The first day that counts.
    #[serde(with = "civil::serde_iso")]
    #[schema(value_type = String, format = Date)]
    pub first_day: Date,
    /// The last day by counting alone, before rest days moved it.
    #[serde(with = "civil::serde_iso")]
    #[schema(value_type = String, format = Date)]
    pub counted_to: Date,
    /// The last day on which it can be done.
    #[serde(with = "civil::serde_iso")]
    #[schema(value_type = String, format = Date)]
    pub last_day: Date,
    /// For a period in hours: the moment of its end, `2025-03-05T11:00` in Asia/Shanghai.
    pub ends_at: Option<String>,
    /// For a period that counts back and would end on a rest day: the working day before it.
    #[serde(with = "civil::serde_iso::option")]
    #[schema(value_type = Option<String>, format = Date)]
    pub working_day_before: Option<Date>,
    /// Whether a day was looked at whose holidays are not known yet: the last day may still move.
    pub provisional: bool,
    pub reason: Reason,
    /// Where the period itself stands. What else was applied is cited in the reason.
    #[schema(value_type = Vec<Citation>)]
    pub citations: &'static [Citation],
}

/// Reckons a period.
pub fn reckon(ask: &Ask) -> Result<Period, Wrong> {
    let known = ask.read()?;
    let counted = count::count(&known)?;
    tell::tell(&known, &counted)
}

/// Everything about periods and holidays, for the page that lists the rules.
pub fn listed() -> Vec<Listed> {
    rules::listed()
}

const fn way(way: Way) -> &'static str {
    match way {
        Way::After => "after",
        Way::Before => "before",
    }
}
