//! Days of interest: how many there are, and how many make a year.

use serde::{Deserialize, Serialize};
use time::Date;
use utoipa::ToSchema;

use crate::civil;
use crate::money::{Exact, Fen, Rate};
use crate::typed;
use crate::wrong::Wrong;

/// How many days a year of interest has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[schema(as = InterestBasis)]
pub enum Basis {
    #[serde(rename = "360")]
    Days360,
    #[default]
    #[serde(rename = "365")]
    Days365,
    /// 366 in leap years, 365 in others.
    #[serde(rename = "actual")]
    Actual,
}

/// What a rate is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = InterestUnit)]
pub enum Unit {
    #[default]
    Year,
    /// 月息: 1% is twelve percent a year.
    Month,
    /// 日息.
    Day,
}

/// A rate as it is typed: `5.5%`, for a year unless it says otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InterestRate)]
pub struct TypedRate {
    pub rate: String,
    #[serde(default)]
    pub unit: Unit,
}

impl TypedRate {
    /// The rate of a year.
    pub(super) fn annual(&self, basis: Basis) -> Result<Rate, Wrong> {
        let rate = typed::rate(&self.rate)?;
        let annual = match self.unit {
            Unit::Year => rate,
            Unit::Month => rate.times_count(12),
            Unit::Day => rate.times_count(if basis == Basis::Days360 { 360 } else { 365 }),
        };
        // A day of 1% is 365% a year; beyond 1000% a year nothing is taken, in whatever unit it was said.
        if annual.exceeds(Rate::new(10, 1)) { Err(Wrong::RateInvalid { typed: self.rate.clone() }) } else { Ok(annual) }
    }
}

/// Interest of the days after `from` until `until` at a rate of a year.
pub(super) fn accrued(amount: Fen, annual: Rate, basis: Basis, from: Date, until: Date) -> Exact {
    let whole = amount.at(annual);
    let days = civil::days_between(from, until).max(0);
    match basis {
        Basis::Days360 => whole.times_count(days).over(360),
        Basis::Days365 => whole.times_count(days).over(365),
        Basis::Actual => {
            let leap = leap_days(from, until);
            whole.times_count(leap).over(366).plus(whole.times_count(days - leap).over(365))
        }
    }
}

/// How many of the days after `from` until `until` are in leap years.
fn leap_days(from: Date, until: Date) -> i64 {
    let mut days = 0;
    for year in from.year()..=until.year() {
        if !time::util::is_leap_year(year) {
            continue;
        }
        let (Ok(eve), Ok(last)) =
            (Date::from_ordinal_date(year - 1, ordinal_end(year - 1)), Date::from_ordinal_date(year, 366))
        else {
            continue;
        };
        days += civil::days_between(from.max(eve), until.min(last)).max(0);
    }
    days
}

fn ordinal_end(year: i32) -> u16 {
    if time::util::is_leap_year(year) { 366 } else { 365 }
}

impl Basis {
    pub(super) const fn said(self) -> &'static str {
        match self {
            Self::Days360 => "一年按360日",
            Self::Days365 => "一年按365日",
            Self::Actual => "平年按365日、闰年按366日",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(typed: &str) -> Date {
        civil::parse(typed).expect("a day")
    }

    #[test]
    fn leap_days_are_those_in_leap_years() {
        // The days after 30 December 2023 until 2 January 2024: one of 2023, two of 2024.
        assert_eq!(leap_days(day("2023-12-30"), day("2024-01-02")), 2);
        assert_eq!(leap_days(day("2023-12-31"), day("2024-12-31")), 366);
        assert_eq!(leap_days(day("2024-12-31"), day("2027-12-31")), 0);
        assert_eq!(leap_days(day("2019-06-01"), day("2025-06-01")), 732);
    }
}
