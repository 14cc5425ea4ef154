//! Instalment schedules: 等额本息, 等额本金, 先息后本, as rows that add up exactly.

use serde::{Deserialize, Serialize};
use time::Date;
use utoipa::ToSchema;

use crate::civil;
use crate::law::law;
use crate::money::{Exact, Fen, Rate};
use crate::reason::{Reason, StepKind};
use crate::typed;
use crate::wrong::Wrong;

use super::big::Big;
use super::days::{Basis, TypedRate};
use super::simple::checked;

/// The longest schedule: forty years.
const MONTHS: i64 = 480;

/// A question for a schedule.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScheduleQuery {
    /// In yuan.
    pub amount: String,
    pub rate: TypedRate,
    /// Number of monthly instalments: 1 to 480.
    pub months: i64,
    /// The day on which the money is lent; each instalment falls on the same day of a later month.
    pub start: String,
    pub method: Method,
}

/// How it is paid back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ScheduleMethod)]
pub enum Method {
    /// 等额本息: the same sum every month.
    EqualInstalment,
    /// 等额本金: the same part of the principal every month.
    EqualPrincipal,
    /// 先息后本: interest every month, the principal at the end.
    InterestFirst,
}

/// A schedule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = InstalmentSchedule)]
pub struct ScheduleResult {
    pub rows: Vec<Instalment>,
    #[schema(value_type = i64)]
    pub principal: Fen,
    #[schema(value_type = i64)]
    pub interest: Fen,
    #[schema(value_type = i64)]
    pub total: Fen,
    pub reason: Reason,
}

/// One instalment; sums in fen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ScheduleInstalment)]
pub struct Instalment {
    pub number: i64,
    pub due: String,
    #[schema(value_type = i64)]
    pub principal: Fen,
    #[schema(value_type = i64)]
    pub interest: Fen,
    #[schema(value_type = i64)]
    pub total: Fen,
    /// What is still owed of the principal after it.
    #[schema(value_type = i64)]
    pub left: Fen,
}

/// Computes a schedule.
pub fn schedule(query: &ScheduleQuery) -> Result<ScheduleResult, Wrong> {
    let amount = typed::positive("本金", &query.amount)?;
    let start = typed::day(&query.start)?;
    if !(1..=MONTHS).contains(&query.months) {
        return Err(Wrong::OutOfRange { what: "期数（月）", least: 1, most: MONTHS });
    }
    let annual = query.rate.annual(Basis::Days360)?;
    let mut reason = Reason::default();
    reason
        .step(
            StepKind::Input,
            format!("本金{}，年利率{}，{}期，按月偿还。", amount.chinese(), annual.chinese(), query.months),
        )
        .amount(amount);
    let contract = law().rule("contract_interest");
    reason.step(StepKind::Rule, contract.row.text.clone()).cite(&contract.citations);
    let level = (query.method == Method::EqualInstalment).then(|| level_payment(amount, annual, query.months));
    let said = match (query.method, level) {
        (Method::EqualInstalment, Some(level)) => {
            format!("等额本息：每期{}，末期为剩余本金和当期利息。", level.chinese())
        }
        (Method::EqualPrincipal, _) => "等额本金：本金按期数平均，利息按剩余本金计算。".to_owned(),
        _ => "先息后本：每期支付利息，末期偿还全部本金。".to_owned(),
    };
    reason.step(StepKind::Arithmetic, said);
    reason.step(StepKind::Arithmetic, "每期利息＝剩余本金×年利率÷12，四舍五入到分。");
    let rows = rows(query, amount, annual, start, level)?;
    let interest = checked(rows.iter().fold(Exact::ZERO, |sum, row| sum.plus(row.interest.into())))?;
    let total = checked(Exact::from(amount).plus(interest.into()))?;
    reason
        .step(StepKind::Result, format!("利息合计{}，本息合计{}。", interest.chinese(), total.chinese()))
        .amount(total);
    Ok(ScheduleResult { rows, principal: amount, interest, total, reason })
}

fn rows(
    query: &ScheduleQuery,
    amount: Fen,
    annual: Rate,
    start: Date,
    level: Option<Fen>,
) -> Result<Vec<Instalment>, Wrong> {
    let mut left = amount;
    let mut rows = Vec::with_capacity(usize::try_from(query.months).unwrap_or(0));
    for number in 1..=query.months {
        let due = u32::try_from(number).ok().and_then(|months| civil::plus_months(start, months));
        let due = due.ok_or_else(|| Wrong::DateInvalid { typed: query.start.clone() })?;
        let interest = checked(left.at(annual).over(12))?;
        let last = number == query.months;
        let principal = match (query.method, level) {
            _ if last => left,
            (Method::EqualInstalment, Some(level)) => Fen((level.0 - interest.0).clamp(0, left.0)),
            (Method::EqualPrincipal, _) => {
                // Differences of rounded sums: they add up to the whole, and no two differ by more than a fen.
                let until = |number: i64| Exact::from(amount).times(Rate::new(number, query.months)).rounded().0;
                Fen(until(number) - until(number - 1))
            }
            _ => Fen(0),
        };
        left = Fen(left.0 - principal.0);
        let total = checked(Exact::from(principal).plus(interest.into()))?;
        rows.push(Instalment { number, due: civil::iso(due), principal, interest, total, left });
    }
    Ok(rows)
}

/// The payment of every month, rounded exactly: P·r·(1+r)ⁿ / ((1+r)ⁿ − 1) with r = annual / 12.
fn level_payment(amount: Fen, annual: Rate, months: i64) -> Fen {
    let (numerator, denominator) = annual.parts();
    let (Ok(part), Ok(whole), Ok(months), Ok(principal)) =
        (u64::try_from(numerator), u64::try_from(denominator), u32::try_from(months), u64::try_from(amount.0))
    else {
        return amount;
    };
    if part == 0 {
        return Exact::from(amount).over(months).rounded();
    }
    // r = part / whole of a month, in lowest terms, so that the powers stay small.
    let mut of_month = (part, whole.saturating_mul(12));
    let (mut a, mut b) = of_month;
    while b != 0 {
        (a, b) = (b, a % b);
    }
    of_month = (of_month.0 / a, of_month.1 / a);
    let (part, whole) = of_month;
    let (grown, one) = (Big::power(part + whole, months), Big::power(whole, months));
    // payment = N / D, rounded half up: the largest m with 2·m·D ≤ 2·N + D.
    let numerator = grown.times(part).times(principal).times(2);
    let denominator = grown.minus(&one).times(whole);
    let bound = numerator.plus(&denominator);
    let doubled = denominator.times(2);
    let (mut low, mut high) = (0_u64, principal.saturating_add(principal.saturating_mul(10)).saturating_add(2));
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if doubled.times(middle).at_most(&bound) { low = middle } else { high = middle }
    }
    Fen(i64::try_from(low).unwrap_or(i64::MAX))
}
