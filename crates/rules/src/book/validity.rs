//! What every row of law has: where it stands, and from when until when it holds.

use time::Date;

use crate::book::cite::Cite;
use crate::book::instruments::Instrument;
use crate::civil;

/// A row that states a rule of law.
pub trait Row {
    /// What the row is a rule about. Two rows with the same key must not hold on the same day.
    fn key(&self) -> String;
    fn cite(&self) -> &[Cite];
    /// The first day on which it holds.
    fn from(&self) -> Date;
    /// The first day on which it no longer holds.
    fn to(&self) -> Option<Date>;

    fn holds_on(&self, day: Date) -> bool {
        self.from() <= day && self.to().is_none_or(|to| day < to)
    }
}

/// Says what is wrong with the rows of a file: no citation, an unknown one, a row that outlives what it cites, two that hold at once.
pub fn check<R: Row>(file: &str, rows: &[R], instruments: &[Instrument], findings: &mut Vec<String>) {
    for (at, row) in rows.iter().enumerate() {
        let key = row.key();
        let mut find = |what: String| findings.push(format!("{file}: {key}: {what}"));
        if row.to().is_some_and(|to| to <= row.from()) {
            find("ends before it begins".to_owned());
        }
        if row.cite().is_empty() {
            find("cites nothing".to_owned());
        }
        for cite in row.cite() {
            let version = instruments
                .iter()
                .find(|instrument| instrument.key == cite.instrument)
                .and_then(|instrument| instrument.version.iter().find(|version| version.version == cite.version));
            let Some(version) = version else {
                find(format!("cites {}@{}, which instruments.toml does not know", cite.instrument, cite.version));
                continue;
            };
            let ends_later = version.to.is_some_and(|to| row.to().is_none_or(|end| end > to));
            if row.from() < version.from || ends_later {
                find(format!("holds on days on which {}@{} is not in force", cite.instrument, cite.version));
            }
            if cite.article.is_some_and(|article| version.articles.is_some_and(|last| article > last)) {
                find(format!("{}@{} has no such article", cite.instrument, cite.version));
            }
        }
        for other in rows[at + 1..].iter().filter(|other| other.key() == key) {
            let apart = row.to().is_some_and(|to| to <= other.from()) || other.to().is_some_and(|to| to <= row.from());
            if !apart {
                find(format!("two rows hold on {}", civil::iso(row.from().max(other.from()))));
            }
        }
    }
}
