//! Private lending (民间借贷): which interest a court upholds, with the cap of four times the loan prime rate, and the split at 2020-08-20.
//!
//! - A contract of 2020-08-20 or later: four times the one-year LPR when the contract was formed (PLR 25).
//! - An older contract, sued on since then: until 2020-08-19 the rules of then, if the party asks for them (24% and 36%); from 2020-08-20 the standard when the
//!   suit was filed (PLR 31.2).
//! - A suit filed before 2020-08-20: the rules of then for all of it.
//!
//! Money that came back is counted to lawful interest first, then to the principal (CIV 561).

mod caps;
mod ledger;
mod query;

use time::Date;

use crate::civil;
use crate::law::law;
use crate::money::{Exact, Fen, Rate};
use crate::reason::{Reason, StepKind};
use crate::typed;
use crate::wrong::Wrong;

use super::days::TypedRate;
use super::simple::checked;

pub use query::{Agreed, LendingQuery, LendingResult, LendingRow};

use caps::{caps, last_old_day};
use ledger::{Ledger, together};

/// How many repayments a question may have.
const MOST: usize = 240;

/// Computes the interest of a private loan.
pub fn lending(query: &LendingQuery) -> Result<LendingResult, Wrong> {
    let mut reason = Reason::default();
    let read = read(query, &mut reason)?;
    let caps = caps(query, &read, &mut reason)?;
    let claimed = [&query.penalty, &query.charges];
    let mut charges = Fen(0);
    for amount in claimed.into_iter().flatten().filter(|amount| !amount.trim().is_empty()) {
        charges.0 += typed::amount(amount)?.0;
    }
    reason
        .step(StepKind::Count, format!("首日不计入、末日计入，{}。", query.basis.said()))
        .cite(&law().rule("day_after").citations)
        .days(read.lent, read.until);
    if !read.repayments.is_empty() {
        let rule = law().rule("interest_first");
        reason.step(StepKind::Rule, rule.row.text.clone()).cite(&rule.citations);
    }
    if read.due.is_some_and(|due| read.repayments.iter().any(|(on, _)| *on < due)) {
        let rule = law().rule("lending_early");
        reason.step(StepKind::Rule, rule.row.text.clone()).cite(&rule.citations);
    }
    let mut book = Ledger { principal: read.principal, ..Ledger::default() };
    let cuts = cuts(&read);
    let mut next = 0;
    let mut rows = Vec::new();
    for pair in cuts.windows(2) {
        while let Some((on, amount)) = read.repayments.get(next).copied().filter(|(on, _)| *on <= pair[0]) {
            book.repaid(on, amount, &mut reason);
            next += 1;
        }
        rows.push(book.span(&read, &caps, query.basis, pair[0], pair[1])?);
    }
    for (on, amount) in &read.repayments[next..] {
        book.repaid(*on, *amount, &mut reason);
    }
    for row in rows.iter().filter(|row| row.principal > Fen(0)) {
        let kind = if row.overdue { "逾期" } else { "借期内" };
        reason.step(
            StepKind::Arithmetic,
            format!(
                "{}至{}（{kind}）：{}×年利率{}×{}日＝{}（约定{}，上限{}）。",
                row.from,
                row.until,
                row.principal.chinese(),
                row.rate,
                row.days,
                row.interest.chinese(),
                row.agreed,
                row.cap
            ),
        );
    }
    let upheld = together(charges, &book, &mut reason)?;
    let (interest, overdue) = (checked(book.interest)?, checked(book.overdue)?);
    let due = checked(book.interest.plus(book.overdue))?;
    let interest_left = Fen((due.0 - book.paid.0).max(0));
    let left = checked(Exact::from(book.principal).plus(interest_left.into()).plus(upheld.into()))?;
    let refused = checked(book.refused)?;
    reason
        .step(
            StepKind::Result,
            format!(
                "受保护的借期内利息{}、逾期利息{}、违约金和其他费用{}。",
                interest.chinese(),
                Fen(due.0 - interest.0).chinese(),
                upheld.chinese()
            ),
        )
        .amount(due);
    reason
        .step(
            StepKind::Result,
            format!(
                "截至{}，尚欠本金{}、利息{}，合计{}。",
                civil::chinese(read.until),
                book.principal.chinese(),
                interest_left.chinese(),
                left.chinese()
            ),
        )
        .amount(left);
    // The two parts are said so that they add up to the whole.
    let overdue = if overdue.0 + interest.0 == due.0 { overdue } else { Fen(due.0 - interest.0) };
    Ok(LendingResult {
        principal: read.principal,
        interest,
        overdue,
        charges: upheld,
        refused: Fen(refused.0 + charges.0 - upheld.0),
        principal_left: book.principal,
        interest_left,
        left,
        surplus: book.surplus,
        rows,
        reason,
    })
}

struct Read {
    principal: Fen,
    formed: Date,
    lent: Date,
    due: Option<Date>,
    until: Date,
    filed: Date,
    rate: Rate,
    overdue: Option<Rate>,
    repayments: Vec<(Date, Fen)>,
}

fn read(query: &LendingQuery, reason: &mut Reason) -> Result<Read, Wrong> {
    let stated = typed::positive("借款金额", &query.amount)?;
    let deducted = query
        .deducted
        .as_deref()
        .filter(|typed| !typed.trim().is_empty())
        .map(typed::amount)
        .transpose()?
        .unwrap_or_default();
    if deducted >= stated {
        return Err(Wrong::AmountOutOfRange { what: "预先扣除的利息", least: Fen(0), most: Fen(stated.0 - 1) });
    }
    let principal = Fen(stated.0 - deducted.0);
    reason.step(StepKind::Input, format!("借款{}。", stated.chinese())).amount(stated);
    if deducted > Fen(0) {
        let rule = law().rule("lending_prededucted");
        reason
            .step(
                StepKind::Rule,
                format!(
                    "{}本金为{}－{}＝{}。",
                    rule.row.text,
                    stated.chinese(),
                    deducted.chinese(),
                    principal.chinese()
                ),
            )
            .cite(&rule.citations)
            .amount(principal);
    }
    let formed = typed::day(&query.formed)?;
    let lent = query.lent.as_deref().map_or(Ok(formed), typed::day)?;
    let until = typed::day(&query.until)?;
    if until < lent {
        return Err(Wrong::DatesBackwards { from: lent, until });
    }
    let due = query.due.as_deref().map(typed::day).transpose()?;
    if let Some(due) = due.filter(|due| *due < lent) {
        return Err(Wrong::DatesBackwards { from: lent, until: due });
    }
    let filed = query.filed.as_deref().map_or(Ok(until), typed::day)?;
    if filed < formed {
        return Err(Wrong::DatesBackwards { from: formed, until: filed });
    }
    if query.repayments.len() > MOST {
        return Err(Wrong::TooMany { what: "还款", most: MOST });
    }
    let mut repayments = Vec::with_capacity(query.repayments.len());
    for repayment in &query.repayments {
        let on = typed::day(&repayment.on)?;
        if on < lent {
            return Err(Wrong::DatesBackwards { from: lent, until: on });
        }
        if on > until {
            return Err(Wrong::DatesBackwards { from: on, until });
        }
        repayments.push((on, typed::positive("还款金额", &repayment.amount)?));
    }
    repayments.sort_by_key(|(on, _)| *on);
    let rate = match &query.interest {
        Agreed::None => {
            let rule = law().rule("lending_none");
            reason.step(StepKind::Rule, rule.row.text.clone()).cite(&rule.citations);
            Rate::new(0, 1)
        }
        Agreed::Unclear => {
            let rule = law().rule(if query.between_persons { "lending_unclear" } else { "lending_unclear_business" });
            let kind = if query.between_persons { StepKind::Rule } else { StepKind::Caution };
            let rest = if query.between_persons { "" } else { "这里暂不计算借期内利息。" };
            reason.step(kind, format!("{}{rest}", rule.row.text)).cite(&rule.citations);
            Rate::new(0, 1)
        }
        Agreed::Rate { rate, unit } => TypedRate { rate: rate.clone(), unit: *unit }.annual(query.basis)?,
    };
    let overdue = query.overdue.as_ref().map(|rate| rate.annual(query.basis)).transpose()?;
    Ok(Read { principal, formed, lent, due, until, filed, rate, overdue, repayments })
}

fn cuts(read: &Read) -> Vec<Date> {
    let mut cuts: Vec<Date> = [read.lent, read.until]
        .into_iter()
        .chain(read.due)
        .chain([last_old_day()])
        .chain(read.repayments.iter().map(|(on, _)| *on))
        .filter(|day| read.lent <= *day && *day <= read.until)
        .collect();
    cuts.sort();
    cuts.dedup();
    cuts
}
