//! 一年期贷款市场报价利率, as published month by month.

use serde::Serialize;
use time::Date;
use utoipa::ToSchema;

use crate::book::book;
use crate::civil;
use crate::money::Rate;
use crate::wrong::Wrong;

/// One publication.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LprEntry {
    /// The day of publication: the value holds from it until the next one.
    pub published: String,
    /// Such as `3.1%`.
    pub rate: String,
}

/// The whole table, and the last day for which it speaks.
pub fn lpr() -> (Vec<LprEntry>, String) {
    let table = &book().lpr;
    let entries =
        table.month.iter().map(|entry| LprEntry { published: civil::iso(entry.published), rate: entry.rate.chinese() });
    (entries.collect(), civil::iso(table.until))
}

/// The value that holds on the day; a sentence if the table does not know it.
pub fn lpr_on(day: Date) -> Result<Rate, Wrong> {
    let table = &book().lpr;
    let first = table.month.first().map_or(table.until, |first| first.published);
    if day < first || day > table.until {
        return Err(Wrong::LprUnknown { day, first, last: table.until });
    }
    let at = table.month.partition_point(|entry| entry.published <= day);
    table.month.get(at.saturating_sub(1)).map(|entry| entry.rate).ok_or(Wrong::LprUnknown {
        day,
        first,
        last: table.until,
    })
}

/// The publications after `from` until `until` that changed the value: where a floating rate is cut.
pub(super) fn changes(from: Date, until: Date) -> Vec<Date> {
    let table = &book().lpr.month;
    let changed = table.windows(2).filter(|pair| pair[0].rate != pair[1].rate).map(|pair| pair[1].published);
    changed.filter(|day| from < *day && *day <= until).collect()
}
