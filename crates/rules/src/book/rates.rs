//! `data/rates.toml`: rates that the law fixes, and the rules on interest. `data/lpr.toml`: 一年期贷款市场报价利率, month by month.

use serde::Deserialize;
use time::Date;

use super::cite::Cite;
use super::fees::{Named, rows};
use super::instruments::Instrument;
use super::validity::{self, Row};
use crate::civil;
use crate::money::Rate;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RatesFile {
    pub rate: Vec<FixedRate>,
    pub rule: Vec<Named>,
}

/// A rate, or a multiple of one, that the law fixes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FixedRate {
    pub code: String,
    pub label: String,
    pub rate: Rate,
    pub text: String,
    pub cite: Vec<Cite>,
    #[serde(with = "civil::serde_iso")]
    pub from: Date,
    #[serde(default, with = "civil::serde_iso::option")]
    pub to: Option<Date>,
}
rows!(FixedRate);

/// The published values of the loan prime rate.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LprFile {
    /// The last day for which the table speaks.
    #[serde(with = "civil::serde_iso")]
    pub until: Date,
    pub cite: Vec<Cite>,
    pub month: Vec<Published>,
}

/// One publication: the value holds until the next one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Published {
    #[serde(with = "civil::serde_iso")]
    pub published: Date,
    pub rate: Rate,
}

/// The table as one row of law, for the check of its citation.
struct Whole<'a>(&'a LprFile);

impl Row for Whole<'_> {
    fn key(&self) -> String {
        "lpr".to_owned()
    }

    fn cite(&self) -> &[Cite] {
        &self.0.cite
    }

    fn from(&self) -> Date {
        self.0.month.first().map_or(self.0.until, |first| first.published)
    }

    fn to(&self) -> Option<Date> {
        self.0.until.next_day()
    }
}

/// Says everything that is wrong with both files.
pub fn check(rates: &RatesFile, lpr: &LprFile, instruments: &[Instrument], findings: &mut Vec<String>) {
    validity::check("rates.toml", &rates.rate, instruments, findings);
    validity::check("rates.toml", &rates.rule, instruments, findings);
    validity::check("lpr.toml", &[Whole(lpr)], instruments, findings);
    for pair in lpr.month.windows(2) {
        // One publication a month: a month that is left out would silently take the value before it.
        let months = |day: Date| day.year() * 12 + i32::from(u8::from(day.month()));
        if months(pair[1].published) != months(pair[0].published) + 1 {
            findings.push(format!("lpr.toml: after {} the next month is missing", civil::iso(pair[0].published)));
        }
    }
    if lpr
        .month
        .last()
        .is_none_or(|last| last.published > lpr.until || civil::days_between(last.published, lpr.until) > 31)
    {
        findings.push("lpr.toml: `until` is not within a month of the last publication".to_owned());
    }
}
