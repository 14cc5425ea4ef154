//! The rows of `data/periods.toml`, each with its citations looked up, found by name and day.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Serialize;
use time::Date;
use utoipa::ToSchema;

use crate::book::periods::{Bound, Counting, Extension, PauseRow, PeriodRow, Way};
use crate::book::{Row, book};
use crate::citation::Citation;
use crate::civil;
use crate::listed::Listed;
use crate::wrong::Wrong;

/// A row and where it stands.
pub(super) struct Cited<R: 'static> {
    pub row: &'static R,
    pub citations: Vec<Citation>,
}

struct Rules {
    periods: HashMap<&'static str, Vec<Cited<PeriodRow>>>,
    counting: HashMap<&'static str, Vec<Cited<Counting>>>,
    pauses: HashMap<&'static str, Vec<Cited<PauseRow>>>,
}

/// A period that can be asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Offered {
    pub rule: String,
    pub group: String,
    pub name: String,
    pub variants: Vec<VariantOffered>,
}

/// One of its variants, with what may be given besides the day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct VariantOffered {
    pub variant: String,
    pub name: String,
    pub event: String,
    pub who: String,
    pub does: String,
    pub length: String,
    /// `fixed` by the law; `least`, `most` or `usually` bound what the court gives.
    pub bound: &'static str,
    pub way: &'static str,
    /// Whether the event needs a time of day.
    pub in_hours: bool,
    /// What may be left out: id and name.
    pub pauses: Vec<(String, String)>,
    /// `no`, `granted`, or the most that is allowed.
    pub extension: String,
    pub note: String,
    pub citations: Vec<Citation>,
    pub from: String,
}

/// All periods that hold on that day, in the order of the file.
pub fn offered(on: Date) -> Vec<Offered> {
    let mut offered: Vec<Offered> = Vec::new();
    for row in book().periods.iter().filter(|row| row.holds_on(on)) {
        let variant = VariantOffered {
            variant: row.variant.clone(),
            name: row.variant_name.clone(),
            event: row.event.clone(),
            who: row.who.clone(),
            does: row.does.clone(),
            length: row.length.chinese(),
            bound: bound(row.bound),
            way: super::way(row.way),
            in_hours: matches!(row.length, crate::book::periods::Length::Hours(_)),
            pauses: pauses_of(row).map(|pause| (pause.id.clone(), pause.name.clone())).collect(),
            extension: match row.extension {
                Extension::No => "no".to_owned(),
                Extension::Granted => "granted".to_owned(),
                Extension::UpTo(length) => length.chinese(),
            },
            note: row.note.clone(),
            citations: Citation::find_all(book(), &row.cite),
            from: civil::iso(row.from),
        };
        match offered.iter_mut().find(|offered| offered.rule == row.id) {
            Some(rule) => rule.variants.push(variant),
            None => offered.push(Offered {
                rule: row.id.clone(),
                group: row.group.clone(),
                name: row.name.clone(),
                variants: vec![variant],
            }),
        }
    }
    offered
}

/// The row of that name that holds on the day; the first variant, if none is named.
pub(super) fn period(id: &str, variant: &str, on: Date) -> Result<&'static Cited<PeriodRow>, Wrong> {
    let rows = rules().periods.get(id).ok_or_else(|| Wrong::RuleUnknown { name: id.to_owned() })?;
    let mut of_variant = rows.iter().filter(|cited| variant.is_empty() || cited.row.variant == variant).peekable();
    if of_variant.peek().is_none() {
        let mut allowed: Vec<String> = Vec::new();
        for cited in rows {
            let name = format!("{}（{}）", cited.row.variant_name, cited.row.variant);
            if !cited.row.variant.is_empty() && !allowed.contains(&name) {
                allowed.push(name);
            }
        }
        return Err(Wrong::VariantUnknown { typed: variant.to_owned(), allowed: allowed.join("、") });
    }
    let mut earliest = None;
    let mut name = "";
    for cited in of_variant {
        if cited.row.holds_on(on) {
            return Ok(cited);
        }
        if earliest.is_none_or(|earliest| cited.row.from < earliest) {
            (earliest, name) = (Some(cited.row.from), &cited.row.name);
        }
    }
    Err(Wrong::RuleNotInForce { name: name.to_owned(), day: on, from: earliest.unwrap_or(on) })
}

/// The rule of counting that holds on the day.
pub(super) fn counting(id: &'static str, on: Date) -> Result<&'static Cited<Counting>, Wrong> {
    let rows = rules().counting.get(id).map(Vec::as_slice).unwrap_or_default();
    rows.iter().find(|cited| cited.row.holds_on(on)).ok_or_else(|| Wrong::RuleNotInForce {
        name: rows.first().map_or(id, |cited| cited.row.says.as_str()).to_owned(),
        day: on,
        from: rows.iter().map(|cited| cited.row.from).min().unwrap_or(on),
    })
}

/// The pause of that name, if the period knows it.
pub(super) fn pause(row: &PeriodRow, id: &str, on: Date) -> Result<&'static Cited<PauseRow>, Wrong> {
    let forbidden = || Wrong::PauseForbidden {
        typed: id.to_owned(),
        allowed: pauses_of(row).map(|pause| pause.name.as_str()).collect::<Vec<_>>().join("、"),
    };
    if !row.pauses.iter().any(|allowed| allowed == id) {
        return Err(forbidden());
    }
    let rows = rules().pauses.get(id).ok_or_else(forbidden)?;
    rows.iter().find(|cited| cited.row.holds_on(on)).ok_or_else(|| Wrong::RuleNotInForce {
        name: rows.first().map_or(id, |cited| cited.row.name.as_str()).to_owned(),
        day: on,
        from: rows.iter().map(|cited| cited.row.from).min().unwrap_or(on),
    })
}

/// The pauses that lengthen a period, as the latest rows call them.
fn pauses_of(row: &PeriodRow) -> impl Iterator<Item = &'static PauseRow> {
    row.pauses.iter().filter_map(|id| book().pauses.iter().rfind(|pause| pause.id == *id))
}

pub(super) fn listed() -> Vec<Listed> {
    let book = book();
    let line = |subject: &str, id: String, name: String, says: String, row: &dyn Row| Listed {
        subject: subject.to_owned(),
        id,
        name,
        says,
        citations: Citation::find_all(book, row.cite()),
        from: civil::iso(row.from()),
        to: row.to().map(civil::iso),
    };
    let counting = book
        .counting
        .iter()
        .map(|row| line("period", format!("counting/{}", row.id), "期间的计算".to_owned(), row.says.clone(), row));
    let pauses = book.pauses.iter().map(|row| {
        line("period", format!("pause/{}", row.id), "不计入的时间".to_owned(), format!("{}不计入", row.name), row)
    });
    let periods = book.periods.iter().map(|row| {
        let name =
            if row.variant_name.is_empty() { row.name.clone() } else { format!("{}·{}", row.name, row.variant_name) };
        let ending = match (row.way, row.bound) {
            (Way::Before, _) => "前",
            (_, Bound::Least) => "以上（由人民法院指定）",
            (_, Bound::Most) => "以内（由人民法院指定）",
            (_, Bound::Usually) => "以内（一般不超过）",
            (_, Bound::Fixed) => "内",
        };
        line(
            "period",
            row.key(),
            name,
            format!("{}：{}，{}{ending}，{}", row.event, row.who, row.length.chinese(), row.does),
            row,
        )
    });
    let years = book.holidays.iter().map(|row| {
        let breaks: Vec<String> = row
            .breaks
            .iter()
            .map(|pause| format!("{}{}至{}", pause.name, civil::chinese(pause.from), civil::chinese(pause.until)))
            .collect();
        line("holiday", row.key(), format!("{}年节假日", row.year), breaks.join("；"), row)
    });
    counting.chain(pauses).chain(periods).chain(years).collect()
}

const fn bound(bound: Bound) -> &'static str {
    match bound {
        Bound::Fixed => "fixed",
        Bound::Least => "least",
        Bound::Most => "most",
        Bound::Usually => "usually",
    }
}

fn rules() -> &'static Rules {
    static RULES: LazyLock<Rules> = LazyLock::new(|| {
        let book = book();
        Rules {
            periods: by_id(&book.periods, |row| &row.id),
            counting: by_id(&book.counting, |row| &row.id),
            pauses: by_id(&book.pauses, |row| &row.id),
        }
    });
    &RULES
}

fn by_id<R: Row>(rows: &'static [R], id: fn(&'static R) -> &'static String) -> HashMap<&'static str, Vec<Cited<R>>> {
    let mut map: HashMap<&'static str, Vec<Cited<R>>> = HashMap::new();
    for row in rows {
        map.entry(id(row)).or_default().push(Cited { row, citations: Citation::find_all(book(), row.cite()) });
    }
    map
}
