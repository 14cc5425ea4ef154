//! 民事案由: the tree of the edition that is in force, and a search by words and by the initials of the pinyin.

use std::sync::LazyLock;

use serde::Serialize;
use time::Date;
use utoipa::ToSchema;

use crate::book::identifiers::Edition;
use crate::book::{Row, book};
use crate::citation::Citation;
use crate::identifiers::plain;
use crate::wrong::Wrong;

/// A cause of action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Cause {
    /// Stable within its edition: `108`, `108.3`; `P4` for a part, `C10` for a class.
    pub code: String,
    /// As it stands in the list: 第四部分, 十、, 108, (3).
    pub number: String,
    pub name: String,
    /// 1 to 4.
    pub level: u8,
    /// The initials of its pinyin.
    pub initials: String,
    /// The names of what it belongs to, from the part down.
    pub path: Vec<String>,
    /// The code of what it stands under; none for a part.
    pub parent: Option<String>,
}

/// An edition of the list.
#[derive(Debug)]
pub struct Causes {
    pub edition: &'static str,
    pub citations: Vec<Citation>,
    pub causes: Vec<Cause>,
}

/// The edition that is in force on that day.
pub fn on(day: Date) -> Result<&'static Causes, Wrong> {
    let editions = editions();
    let found = editions.iter().find(|(row, _)| row.holds_on(day)).map(|(_, causes)| causes);
    let first = editions.iter().map(|(row, _)| row.from).min().unwrap_or(day);
    found.ok_or_else(|| Wrong::RuleNotInForce { name: "民事案件案由规定".to_owned(), day, from: first })
}

impl Causes {
    pub fn find(&self, code: &str) -> Option<&Cause> {
        self.causes.iter().find(|cause| cause.code == code)
    }

    /// What stands directly under a cause; the parts, if none is named.
    pub fn below<'a>(&'a self, code: Option<&'a str>) -> impl Iterator<Item = &'a Cause> {
        self.causes.iter().filter(move |cause| cause.parent.as_deref() == code)
    }

    /// Causes in which every word is found: in the name, in the initials, or (last) in what it belongs to. The closest first, at most `limit`. Parts and classes are no
    /// causes to choose and are left out.
    pub fn search(&self, words: &str, limit: usize) -> Vec<&Cause> {
        let words: Vec<String> = words
            .split_whitespace()
            .map(|word| plain(word).to_lowercase())
            .filter(|word| !word.is_empty())
            .take(8)
            .collect();
        if words.is_empty() {
            return Vec::new();
        }
        let mut found: Vec<(u32, usize, &Cause)> = self
            .causes
            .iter()
            .enumerate()
            .filter(|(_, cause)| cause.level >= 3)
            .filter_map(|(at, cause)| {
                Some((words.iter().map(|word| distance(cause, word)).sum::<Option<u32>>()?, at, cause))
            })
            .collect();
        found.sort_by_key(|(distance, at, cause)| (*distance, cause.name.chars().count(), *at));
        found.into_iter().take(limit).map(|(_, _, cause)| cause).collect()
    }
}

/// How far a word is from a cause; none if it is not in it.
fn distance(cause: &Cause, word: &str) -> Option<u32> {
    let name = cause.name.strip_suffix("纠纷").unwrap_or(&cause.name);
    let initials = cause.initials.strip_suffix("jf").unwrap_or(&cause.initials);
    if word == cause.name || word == name {
        Some(0)
    } else if word == initials || word == cause.initials {
        Some(1)
    } else if cause.name.starts_with(word) {
        Some(2)
    } else if cause.initials.starts_with(word) {
        Some(4)
    } else if cause.name.contains(word) {
        Some(6)
    } else if word.len() > 1 && cause.initials.contains(word) {
        Some(10)
    } else if cause.path.iter().any(|above| above.contains(word)) {
        Some(20)
    } else {
        None
    }
}

fn editions() -> &'static [(&'static Edition, Causes)] {
    static EDITIONS: LazyLock<Vec<(&'static Edition, Causes)>> =
        LazyLock::new(|| book().causes.iter().map(|edition| (edition, grow(edition))).collect());
    &EDITIONS
}

fn grow(edition: &'static Edition) -> Causes {
    let mut causes: Vec<Cause> = Vec::new();
    // The codes and names of the last line of each level.
    let mut above: Vec<(String, String)> = Vec::new();
    let (mut parts, mut classes) = (0, 0);
    for line in edition.lines() {
        above.truncate(line.level - 1);
        let code = match line.level {
            1 => {
                parts += 1;
                format!("P{parts}")
            }
            2 => {
                classes += 1;
                format!("C{classes}")
            }
            3 => line.number.to_owned(),
            _ => {
                let under = above.last().map(|(code, _)| code.as_str()).unwrap_or_default();
                format!("{under}.{}", line.number.trim_matches(['(', ')']))
            }
        };
        causes.push(Cause {
            code: code.clone(),
            number: line.number.to_owned(),
            name: line.name.to_owned(),
            level: u8::try_from(line.level).unwrap_or(4),
            initials: line.initials.to_owned(),
            path: above.iter().map(|(_, name)| name.clone()).collect(),
            parent: above.last().map(|(code, _)| code.clone()),
        });
        above.push((code, line.name.to_owned()));
    }
    Causes { edition: &edition.edition, citations: Citation::find_all(book(), &edition.cite), causes }
}
