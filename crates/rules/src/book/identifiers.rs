//! `data/case_numbers.toml`, `data/identifiers.toml` and `data/causes.toml`.

use serde::Deserialize;
use time::Date;

use crate::book::cite::Cite;
use crate::book::validity::Row;
use crate::civil;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CaseNumbersFile {
    pub special: Vec<Named>,
    pub kind: Vec<Named>,
    pub region: Vec<Region>,
    pub class: Vec<Class>,
    pub court: Vec<Named>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct IdentifiersFile {
    pub form: Vec<Form>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CausesFile {
    pub edition: Vec<Edition>,
}

/// A code and what it means: a kind of case, a special jurisdiction, a court.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    pub code: String,
    pub name: String,
    /// The heading of a kind of case.
    #[serde(default)]
    pub group: String,
    pub cite: Vec<Cite>,
    #[serde(with = "civil::serde_iso")]
    pub from: Date,
    #[serde(default, with = "civil::serde_iso::option")]
    pub to: Option<Date>,
}

/// The code of a high court, or of the Supreme People's Court.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Region {
    pub code: String,
    pub name: String,
    pub court: String,
    /// The first two digits of its division in GB/T 2260; none for the army and others without.
    #[serde(default)]
    pub division: Option<String>,
    pub cite: Vec<Cite>,
    #[serde(with = "civil::serde_iso")]
    pub from: Date,
    #[serde(default, with = "civil::serde_iso::option")]
    pub to: Option<Date>,
}

/// What the two digits of an intermediate court mean.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Class {
    pub first: u8,
    pub last: u8,
    pub name: String,
    pub cite: Vec<Cite>,
    #[serde(with = "civil::serde_iso")]
    pub from: Date,
    #[serde(default, with = "civil::serde_iso::option")]
    pub to: Option<Date>,
}

/// A kind of number of a person or an organisation.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    pub id: String,
    pub name: String,
    pub says: String,
    pub cite: Vec<Cite>,
    #[serde(with = "civil::serde_iso")]
    pub from: Date,
    #[serde(default, with = "civil::serde_iso::option")]
    pub to: Option<Date>,
}

/// One edition of the list of causes of action.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edition {
    pub edition: String,
    pub cite: Vec<Cite>,
    #[serde(with = "civil::serde_iso")]
    pub from: Date,
    #[serde(default, with = "civil::serde_iso::option")]
    pub to: Option<Date>,
    /// One line each: number, name, initials; indented by two spaces for each level.
    pub tree: String,
}

/// A line of the tree.
#[derive(Debug, PartialEq, Eq)]
pub struct CauseLine<'a> {
    /// 1 to 4.
    pub level: usize,
    pub number: &'a str,
    pub name: &'a str,
    pub initials: &'a str,
}

impl Edition {
    pub fn lines(&self) -> impl Iterator<Item = CauseLine<'_>> {
        self.tree.lines().filter(|line| !line.trim().is_empty()).map(|line| {
            let mut parts = line.split_whitespace();
            let mut part = || parts.next().unwrap_or_default();
            CauseLine {
                level: (line.len() - line.trim_start().len()) / 2 + 1,
                number: part(),
                name: part(),
                initials: part(),
            }
        })
    }
}

macro_rules! row {
    ($of:ty, $key:expr) => {
        impl Row for $of {
            fn key(&self) -> String {
                let key: fn(&Self) -> String = $key;
                key(self)
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
    };
}

row!(Named, |row| row.code.clone());
row!(Region, |row| row.code.clone());
row!(Class, |row| format!("{}-{}", row.first, row.last));
row!(Form, |row| row.id.clone());
// Editions follow each other: two of them never hold at once, so they share a key.
row!(Edition, |_| "edition".to_owned());

/// A tree counts on without gaps, each line stands below one a level higher, and has one initial for each character.
pub(crate) fn check(editions: &[Edition], findings: &mut Vec<String>) {
    for edition in editions {
        let mut find = |what: String| findings.push(format!("causes.toml: {}: {what}", edition.edition));
        let (mut above, mut third, mut fourth) = (0, 0, 0);
        for line in edition.lines() {
            if line.level > above + 1 || line.level > 4 {
                find(format!("{} is indented too deep", line.name));
            }
            above = line.level;
            let expected = match line.level {
                3 => {
                    (third, fourth) = (third + 1, 0);
                    third.to_string()
                }
                4 => {
                    fourth += 1;
                    format!("({fourth})")
                }
                _ => line.number.to_owned(),
            };
            if line.number != expected {
                find(format!("{} has the number {}, not {expected}", line.name, line.number));
            }
            let characters = line.name.chars().filter(|char| ('\u{4e00}'..='\u{9fff}').contains(char)).count();
            if line.initials.len() != characters || !line.initials.bytes().all(|byte| byte.is_ascii_lowercase()) {
                find(format!("{} has {} characters and the initials {:?}", line.name, characters, line.initials));
            }
        }
        if third == 0 {
            find("has no causes".to_owned());
        }
    }
}
