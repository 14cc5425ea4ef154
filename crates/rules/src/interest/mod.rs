//! Interest: of late performance (加倍部分债务利息), of private lending with its caps, of contracts, and instalment schedules. Rates that the law fixes stand in
//! `data/rates.toml`, the loan prime rate in `data/lpr.toml`.
//!
//! **Which days count.** The day on which a span begins does not, the day on which it ends does (CIV 201): from 1 March until 31 March are 30 days. So spans that
//! follow each other add up, wherever they are cut. Sums are exact and rounded once, when they are said; the rows of a table are differences of such rounded sums,
//! and add up to it exactly.

mod big;
mod days;
mod late;
mod lending;
mod lpr;
mod schedule;
mod simple;

pub use days::{Basis, TypedRate, Unit};
pub use late::{
    Allocation, LateCurrency, LateDebt, LateQuery, LateResult, LateRow, Order, Ordinary, Payment, Stay, Within, late,
};
pub use lending::{Agreed, LendingQuery, LendingResult, LendingRow, lending};
pub use lpr::{LprEntry, lpr, lpr_on};
pub use schedule::{Instalment, Method, ScheduleQuery, ScheduleResult, schedule};
pub use simple::{InterestRow, SimpleQuery, SimpleRate, SimpleResult, simple};

use crate::law::law;
use crate::listed::Listed;

/// Every rule on interest, for the page that lists rules.
pub fn listed() -> Vec<Listed> {
    let law = law();
    let rates = law.rates.iter().map(|rate| {
        let says = format!("{}：{}", rate.row.rate.chinese(), rate.row.text);
        rate.listed("interest", &rate.row.label, says)
    });
    let rules = law
        .rules
        .iter()
        .filter(|rule| crate::book::book().rates.rule.iter().any(|row| std::ptr::eq(row, rule.row)))
        .map(|rule| rule.listed("interest", "利息", rule.row.text.clone()));
    rates.chain(rules).collect()
}
