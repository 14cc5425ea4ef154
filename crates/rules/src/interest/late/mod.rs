//! Double interest of late performance (INT): the extra part on what is unpaid of the judgment's money, beside ordinary interest as the judgment fixes it.
//!
//! Payments go to the judgment's money first and to the extra part last (INT 4), unless the parties agreed otherwise; inside the judgment's money to ordinary
//! interest before the rest (CIV 561), and to what fell due earlier first (CIV 560). The day of payment still counts, for interest runs until it.

mod account;
mod explain;
mod query;

use time::Date;

use crate::book::Row;
use crate::civil;
use crate::law::law;
use crate::money::{Exact, Fen, Rate};
use crate::reason::{Reason, StepKind};
use crate::typed;
use crate::wrong::Wrong;

use super::days::Basis;
use super::simple::checked;

pub use query::{
    Allocation, LateCurrency, LateDebt, LateQuery, LateResult, LateRow, Order, Ordinary, Payment, Stay, Within,
};

use account::{Account, Debt, allocate, span};
use explain::explain;

/// How many debts, payments or stays a question may have.
const MOST: usize = 120;

/// Computes interest of late performance.
pub fn late(query: &LateQuery) -> Result<LateResult, Wrong> {
    let mut reason = Reason::default();
    let mut read = read(query, &mut reason)?;
    let rate = law().rate("late_extra");
    let mut extra = Account { run: Exact::ZERO, paid: Fen(0) };
    let fixed =
        query.ordinary_fixed.as_deref().filter(|fixed| !fixed.trim().is_empty()).map(typed::amount).transpose()?;
    let mut ordinary = Account { run: fixed.unwrap_or_default().into(), paid: Fen(0) };
    let (mut rows, mut payments) = (Vec::new(), Vec::new());
    let cuts = cuts(&read);
    let mut next = 0;
    for pair in cuts.windows(2) {
        while let Some((on, amount)) = read.payments.get(next).copied().filter(|(on, _)| *on <= pair[0]) {
            payments.push(allocate(query, on, amount, &mut read.debts, &mut ordinary, &mut extra));
            next += 1;
        }
        rows.extend(span(&read, rate.row.rate, pair[0], pair[1], &mut ordinary, &mut extra)?);
    }
    for (on, amount) in read.payments.split_off(next) {
        payments.push(allocate(query, on, amount, &mut read.debts, &mut ordinary, &mut extra));
    }
    explain(query, &rows, &payments, &mut reason);
    let debt_left = Fen(read.debts.iter().map(|debt| debt.left.0).sum());
    let (extra_left, ordinary_left) = (extra.owed(), ordinary.owed());
    let left = checked(Exact::from(debt_left).plus(extra_left.into()).plus(ordinary_left.into()))?;
    let surplus = Fen(payments.iter().map(|payment| payment.surplus.0).sum());
    let total = checked(extra.run)?;
    reason
        .step(StepKind::Result, format!("加倍部分债务利息共{}，尚欠{}。", total.chinese(), extra_left.chinese()))
        .amount(total);
    reason
        .step(
            StepKind::Result,
            format!(
                "截至{}，尚欠合计{}：一般债务利息{}，其他金钱债务{}，加倍部分{}。",
                civil::chinese(read.until),
                left.chinese(),
                ordinary_left.chinese(),
                debt_left.chinese(),
                extra_left.chinese()
            ),
        )
        .amount(left);
    Ok(LateResult {
        extra: total,
        extra_left,
        ordinary: checked(ordinary.run)?,
        ordinary_left,
        debt_left,
        left,
        surplus,
        rows,
        payments,
        reason,
    })
}

/// What has been read of the question.
struct Read {
    debts: Vec<Debt>,
    ordinary: Option<(Rate, Basis, Date)>,
    payments: Vec<(Date, Fen)>,
    stays: Vec<(Date, Date)>,
    until: Date,
}

fn read(query: &LateQuery, reason: &mut Reason) -> Result<Read, Wrong> {
    let until = typed::day(&query.until)?;
    if query.debts.is_empty() {
        return Err(Wrong::Missing { what: "生效法律文书确定的金钱债务" });
    }
    for (number, what) in [(query.debts.len(), "债务"), (query.payments.len(), "还款"), (query.stays.len(), "中止期间")]
    {
        if number > MOST {
            return Err(Wrong::TooMany { what, most: MOST });
        }
    }
    let first = law().rate("late_extra").row.from();
    let exchange = exchange(query.currency.as_ref(), reason)?;
    let mut debts = Vec::with_capacity(query.debts.len());
    for debt in &query.debts {
        let (mut amount, due) = (typed::positive("债务金额", &debt.amount)?, typed::day(&debt.due)?);
        if civil::days_between(due, first) > 1 {
            return Err(Wrong::TooEarly { what: "加倍部分债务利息", first });
        }
        if let Some(rate) = exchange {
            amount = checked(amount.at(rate))?;
        }
        reason
            .step(StepKind::Input, format!("金钱债务{}，履行期间于{}届满。", amount.chinese(), civil::chinese(due)))
            .amount(amount);
        debts.push(Debt { due, left: amount, bears_ordinary: debt.bears_ordinary });
    }
    checked(debts.iter().fold(Exact::ZERO, |sum, debt| sum.plus(debt.left.into())))?;
    debts.sort_by_key(|debt| debt.due);
    let ordinary = match &query.ordinary {
        Some(ordinary) => Some((ordinary.rate.annual(ordinary.basis)?, ordinary.basis, typed::day(&ordinary.from)?)),
        None => None,
    };
    let mut payments = Vec::with_capacity(query.payments.len());
    for payment in &query.payments {
        let on = typed::day(&payment.on)?;
        if on > until {
            return Err(Wrong::DatesBackwards { from: on, until });
        }
        payments.push((on, typed::positive("还款金额", &payment.amount)?));
    }
    payments.sort_by_key(|(on, _)| *on);
    let mut stays = Vec::with_capacity(query.stays.len());
    for stay in &query.stays {
        let (from, to) = typed::span(&stay.from, &stay.until)?;
        if !stay.by_debtor {
            stays.push((from, to));
        }
    }
    Ok(Read { debts, ordinary, payments, stays: merged(stays), until })
}

/// The rate into yuan, if the creditor asks for yuan.
fn exchange(currency: Option<&LateCurrency>, reason: &mut Reason) -> Result<Option<Rate>, Wrong> {
    let Some(currency) = currency else { return Ok(None) };
    let rule = law().rule("late_currency");
    let name = currency.name.chars().take(20).collect::<String>();
    let Some(rate) = &currency.rate else {
        reason
            .step(StepKind::Caution, format!("{}以下金额均以{name}计，“元”指该外币的单位。", rule.row.text))
            .cite(&rule.citations);
        return Ok(None);
    };
    let parsed = Rate::parse(rate.trim())
        .filter(|parsed| !rate.contains(['%', '‰', '/']) && parsed.exceeds(Rate::new(0, 1)))
        .ok_or_else(|| Wrong::ExchangeInvalid { typed: rate.clone() })?;
    reason.step(StepKind::Rule, format!("{}{name}按{}折合人民币。", rule.row.text, rate.trim())).cite(&rule.citations);
    Ok(Some(parsed))
}

/// Stays that overlap or touch are one, so that no day is left out twice.
fn merged(mut stays: Vec<(Date, Date)>) -> Vec<(Date, Date)> {
    stays.sort();
    let mut whole: Vec<(Date, Date)> = Vec::with_capacity(stays.len());
    for (from, until) in stays {
        match whole.last_mut() {
            Some(last) if from <= last.1.next_day().unwrap_or(last.1) => last.1 = last.1.max(until),
            _ => whole.push((from, until)),
        }
    }
    whole
}

/// The days on which something changes, the last one included.
fn cuts(read: &Read) -> Vec<Date> {
    let mut cuts: Vec<Date> = read
        .debts
        .iter()
        .map(|debt| debt.due)
        .chain(read.ordinary.iter().map(|(.., from)| *from))
        .chain(read.payments.iter().map(|(on, _)| *on))
        .filter(|day| *day < read.until)
        .chain([read.until])
        .collect();
    cuts.sort();
    cuts.dedup();
    cuts
}
