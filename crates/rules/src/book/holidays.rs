//! `data/holidays/YEAR.toml`: the State Council's notice of each year.

use serde::Deserialize;
use time::{Date, Month};

use crate::book::cite::Cite;
use crate::book::validity::Row;
use crate::civil;

/// One year's notice.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Year {
    pub year: i32,
    pub cite: Vec<Cite>,
    #[serde(rename = "break")]
    pub breaks: Vec<Break>,
}

/// A break (假期): days off in a row, and the days of a weekend on which people work instead.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Break {
    pub name: String,
    #[serde(with = "civil::serde_iso")]
    pub from: Date,
    /// The last day off.
    #[serde(with = "civil::serde_iso")]
    pub until: Date,
    #[serde(with = "civil::serde_iso::list")]
    pub working: Vec<Date>,
}

impl Row for Year {
    fn key(&self) -> String {
        self.year.to_string()
    }
    fn cite(&self) -> &[Cite] {
        &self.cite
    }
    fn from(&self) -> Date {
        Date::from_calendar_date(self.year, Month::January, 1).unwrap_or(Date::MIN)
    }
    fn to(&self) -> Option<Date> {
        Date::from_calendar_date(self.year + 1, Month::January, 1).ok()
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StandingFile {
    pub standing: Vec<Standing>,
}

/// A day that is off in every year.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standing {
    pub name: String,
    pub month: u8,
    pub day: u8,
    pub cite: Vec<Cite>,
    #[serde(with = "civil::serde_iso")]
    pub from: Date,
    #[serde(default, with = "civil::serde_iso::option")]
    pub to: Option<Date>,
}

impl Row for Standing {
    fn key(&self) -> String {
        format!("{:02}-{:02}", self.month, self.day)
    }
    fn cite(&self) -> &[Cite] {
        &self.cite
    }
    fn from(&self) -> Date {
        self.from
    }
    fn to(&self) -> Option<Date> {
        self.to
    }
}

/// The years follow each other; a break lies in its year (New Year's may begin in the year before); who works instead works on a weekend.
pub(crate) fn check(years: &[Year], findings: &mut Vec<String>) {
    for (at, year) in years.iter().enumerate() {
        let mut find = |what: String| findings.push(format!("holidays/{}.toml: {what}", year.year));
        if at > 0 && years[at - 1].year + 1 != year.year {
            find("does not follow the year before it".to_owned());
        }
        for pause in &year.breaks {
            if pause.until < pause.from || pause.until.year() != year.year {
                find(format!("{} does not end in its year", pause.name));
            }
            for day in &pause.working {
                if day.weekday().number_days_from_monday() < 5 {
                    find(format!("{} is no weekend", civil::iso(*day)));
                }
                if year.breaks.iter().any(|other| other.from <= *day && *day <= other.until) {
                    find(format!("{} is off and worked on", civil::iso(*day)));
                }
            }
        }
    }
}
