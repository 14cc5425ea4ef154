//! `data/instruments.toml`: laws, interpretations and notices, with their versions.

use serde::Deserialize;
use time::Date;

use crate::civil;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct InstrumentsFile {
    pub instrument: Vec<Instrument>,
}

/// A law or notice under its short key.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instrument {
    /// `CPL`, `CPI`, `FEE` …: what rows cite it by.
    pub key: String,
    /// The whole title.
    pub title: String,
    /// How people call it, between 《》.
    pub short: String,
    pub version: Vec<Version>,
}

/// One version of an instrument.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Version {
    /// What rows cite it by, mostly the year: `2023`.
    pub version: String,
    /// How it is told apart, `2023年修正`; empty where there is only one.
    #[serde(default)]
    pub label: String,
    /// The number that it was issued under, such as 法释〔2022〕11号.
    #[serde(default)]
    pub number: String,
    /// The day on which it was adopted.
    #[serde(with = "civil::serde_iso")]
    pub adopted: Date,
    /// The first day on which it was in force.
    #[serde(with = "civil::serde_iso")]
    pub from: Date,
    /// The first day on which it no longer was.
    #[serde(default, with = "civil::serde_iso::option")]
    pub to: Option<Date>,
    /// How many articles it has, if that is known: a citation of a later one is a mistake.
    #[serde(default)]
    pub articles: Option<u16>,
}

pub(crate) fn check(instruments: &[Instrument], findings: &mut Vec<String>) {
    for (at, instrument) in instruments.iter().enumerate() {
        let mut find = |what: String| findings.push(format!("instruments.toml: {}: {what}", instrument.key));
        if instruments[at + 1..].iter().any(|other| other.key == instrument.key) {
            find("is there twice".to_owned());
        }
        if instrument.version.is_empty() {
            find("has no version".to_owned());
        }
        for (at, version) in instrument.version.iter().enumerate() {
            if version.to.is_some_and(|to| to <= version.from) {
                find(format!("{} ends before it begins", version.version));
            }
            for other in &instrument.version[at + 1..] {
                let apart =
                    version.to.is_some_and(|to| to <= other.from) || other.to.is_some_and(|to| to <= version.from);
                if version.version == other.version || !apart {
                    find(format!("{} and {} are in force at once", version.version, other.version));
                }
            }
        }
    }
}
