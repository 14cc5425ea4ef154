//! Contractual interest: simple, by the day, at a fixed rate or at the loan prime rate as it was published.

use serde::{Deserialize, Serialize};
use time::Date;
use utoipa::ToSchema;

use crate::civil;
use crate::law::law;
use crate::money::{Exact, Fen, Rate};
use crate::reason::{Reason, StepKind};
use crate::typed;
use crate::wrong::Wrong;

use super::days::{Basis, TypedRate, Unit, accrued};
use super::lpr::{changes, lpr_on};

/// A question for contractual interest.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SimpleQuery {
    /// In yuan.
    pub amount: String,
    pub rate: SimpleRate,
    #[serde(default)]
    pub basis: Basis,
    /// The day on which it begins to run; it does not count itself.
    pub from: String,
    /// The last day, which counts.
    pub until: String,
    /// Whether the parties agreed that the first day counts too.
    #[serde(default)]
    pub count_first_day: bool,
}

/// At which rate.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = SimpleInterestRate)]
pub enum SimpleRate {
    /// Such as `5.5%`, for a year unless it says otherwise.
    Fixed {
        rate: String,
        #[serde(default)]
        unit: Unit,
    },
    /// The one-year loan prime rate so many times (`1`, `1.5`), changing with each publication.
    Lpr { times: String },
}

/// Interest, row by row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SimpleInterest)]
pub struct SimpleResult {
    #[schema(value_type = i64)]
    pub interest: Fen,
    /// The amount with its interest.
    #[schema(value_type = i64)]
    pub total: Fen,
    pub days: i64,
    pub rows: Vec<InterestRow>,
    pub reason: Reason,
}

/// One span at one rate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct InterestRow {
    /// The first day that counts …
    pub from: String,
    /// … and the last.
    pub until: String,
    pub days: i64,
    /// Of a year, such as `3.85%`.
    pub rate: String,
    #[schema(value_type = i64)]
    pub amount: Fen,
    /// In fen; the rows add up to the whole.
    #[schema(value_type = i64)]
    pub interest: Fen,
}

/// Computes contractual interest.
pub fn simple(query: &SimpleQuery) -> Result<SimpleResult, Wrong> {
    let amount = typed::positive("本金", &query.amount)?;
    let (first, until) = typed::span(&query.from, &query.until)?;
    let from = if query.count_first_day { first.previous_day().unwrap_or(first) } else { first };
    let mut reason = Reason::default();
    let spans = spans(&query.rate, query.basis, from, until)?;
    let days = civil::days_between(from, until);
    reason.step(StepKind::Input, format!("本金{}。", amount.chinese())).amount(amount);
    let count = if query.count_first_day { "按约定首日计入" } else { "首日不计入、末日计入" };
    reason
        .step(
            StepKind::Count,
            format!(
                "自{}至{}，{count}，共{days}日，{}。",
                civil::chinese(first),
                civil::chinese(until),
                query.basis.said()
            ),
        )
        .cite(&law().rule("day_after").citations)
        .days(first, until);
    let floating = matches!(query.rate, SimpleRate::Lpr { .. });
    let rule = law().rule(if floating { "lpr" } else { "contract_interest" });
    reason.step(StepKind::Rule, rule.row.text.clone()).cite(&rule.citations);
    let mut sum = Exact::ZERO;
    let mut rows = Vec::with_capacity(spans.len());
    for (from, until, rate) in spans {
        let row = row(amount, rate, query.basis, from, until, &mut sum);
        reason.step(
            StepKind::Arithmetic,
            format!("{}×年利率{}×{}日＝{}。", amount.chinese(), row.rate, row.days, row.interest.chinese()),
        );
        rows.push(row);
    }
    let interest = checked(sum)?;
    reason.step(StepKind::Result, format!("利息{}。", interest.chinese())).amount(interest);
    Ok(SimpleResult { interest, total: Fen(amount.0 + interest.0), days, rows, reason })
}

/// The spans, each at one rate.
fn spans(rate: &SimpleRate, basis: Basis, from: Date, until: Date) -> Result<Vec<(Date, Date, Rate)>, Wrong> {
    let times = match rate {
        SimpleRate::Fixed { rate, unit } => {
            let rate = TypedRate { rate: rate.clone(), unit: *unit };
            return Ok(vec![(from, until, rate.annual(basis)?)]);
        }
        SimpleRate::Lpr { times } => Rate::parse(times)
            .filter(|times| !times.exceeds(Rate::new(4, 1)) && times.parts().1 <= 1_000)
            .ok_or(Wrong::OutOfRange { what: "贷款市场报价利率的倍数", least: 0, most: 4 })?,
    };
    let mut spans = Vec::new();
    let mut start = from;
    // A value holds on the day of its publication, so the span before it ends the day before.
    let cuts = changes(from.next_day().unwrap_or(from), until);
    for cut in cuts.iter().filter_map(|cut| cut.previous_day()).chain([until]) {
        if cut > start {
            spans.push((start, cut, lpr_on(cut)?.times(times)));
            start = cut;
        }
    }
    if let Some(first) = from.next_day().filter(|first| *first <= until) {
        lpr_on(first)?;
    }
    Ok(spans)
}

/// One row; `sum` is what there was before it, and with it.
pub(super) fn row(amount: Fen, rate: Rate, basis: Basis, from: Date, until: Date, sum: &mut Exact) -> InterestRow {
    let before = sum.rounded();
    *sum = sum.plus(accrued(amount, rate, basis, from, until));
    InterestRow {
        from: civil::iso(from.next_day().unwrap_or(from)),
        until: civil::iso(until),
        days: civil::days_between(from, until),
        rate: rate.chinese(),
        amount,
        interest: Fen(sum.rounded().0 - before.0),
    }
}

/// A sum that is within what can be said.
pub(super) fn checked(sum: Exact) -> Result<Fen, Wrong> {
    let sum = sum.rounded();
    if sum.0.unsigned_abs() > 4_000_000_000_000_000_000 { Err(Wrong::AmountTooLarge) } else { Ok(sum) }
}
