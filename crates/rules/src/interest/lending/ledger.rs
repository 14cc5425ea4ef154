//! What has run and what was paid, span by span.

use time::Date;

use crate::civil;
use crate::interest::days::{Basis, accrued};
use crate::interest::simple::checked;
use crate::law::law;
use crate::money::{Exact, Fen, Rate};
use crate::reason::{Reason, StepKind};
use crate::wrong::Wrong;

use super::Read;
use super::caps::{Caps, last_old_day};
use super::query::LendingRow;

/// What has run and what was paid.
#[derive(Default)]
pub(super) struct Ledger {
    pub principal: Fen,
    pub interest: Exact,
    pub overdue: Exact,
    /// The most that interest, penalty and charges may be together after the day it was due.
    pub room: Exact,
    /// What was agreed beyond the cap and is not upheld.
    pub refused: Exact,
    /// Between the two old limits: not upheld, but what was paid is not given back.
    pub natural: Exact,
    pub natural_paid: Fen,
    /// What was paid of interest that is upheld.
    pub paid: Fen,
    pub surplus: Fen,
}

impl Ledger {
    pub(super) fn span(
        &mut self,
        read: &Read,
        caps: &Caps,
        basis: Basis,
        from: Date,
        until: Date,
    ) -> Result<LendingRow, Wrong> {
        let old = until <= last_old_day() || caps.new.is_none();
        let late = read.due.is_some_and(|due| from >= due);
        let cap = if old { caps.old.or(caps.new) } else { caps.new }.unwrap_or(Rate::new(0, 1));
        let agreed = match (late, old) {
            (false, _) => read.rate,
            (true, true) => caps.overdue_old,
            (true, false) => caps.overdue_new,
        };
        let rate = agreed.at_most(cap);
        let before = self.interest.plus(self.overdue).rounded();
        let run = accrued(self.principal, rate, basis, from, until);
        let whole = accrued(self.principal, agreed, basis, from, until);
        self.refused = self.refused.plus(whole.minus(run));
        if late {
            self.overdue = self.overdue.plus(run);
            self.room = self.room.plus(accrued(self.principal, cap, basis, from, until));
        } else {
            self.interest = self.interest.plus(run);
            if old && caps.void.exceeds(cap) {
                self.natural = self
                    .natural
                    .plus(accrued(self.principal, agreed.at_most(caps.void), basis, from, until).minus(run));
            }
        }
        Ok(LendingRow {
            from: civil::iso(from.next_day().unwrap_or(from)),
            until: civil::iso(until),
            days: civil::days_between(from, until),
            principal: self.principal,
            agreed: agreed.chinese(),
            cap: cap.chinese(),
            rate: rate.chinese(),
            overdue: late,
            interest: Fen(checked(self.interest.plus(self.overdue))?.0 - before.0),
        })
    }

    /// Lawful interest first; until 2020-08-19 also what was paid voluntarily between the limits; then the principal.
    pub(super) fn repaid(&mut self, on: Date, amount: Fen, reason: &mut Reason) {
        let mut money = amount;
        let mut take = |owed: i64| {
            let part = owed.max(0).min(money.0);
            money.0 -= part;
            part
        };
        let interest = take(self.interest.plus(self.overdue).rounded().0 - self.paid.0);
        let natural = if on <= last_old_day() { take(self.natural.rounded().0 - self.natural_paid.0) } else { 0 };
        let principal = take(self.principal.0);
        self.paid.0 += interest;
        self.natural_paid.0 += natural;
        self.principal.0 -= principal;
        self.surplus.0 += money.0;
        let mut parts = Vec::new();
        for (part, name) in
            [(interest, "利息"), (natural, "自愿支付的24%至36%之间的利息"), (principal, "本金"), (money.0, "多付")]
        {
            if part > 0 {
                parts.push(format!("{name}{}", Fen(part).chinese()));
            }
        }
        let parts = parts.join("、");
        reason
            .step(StepKind::Arithmetic, format!("{}还款{}：抵充{parts}。", civil::chinese(on), amount.chinese()))
            .cite(&law().rule("interest_first").citations)
            .amount(amount);
    }
}

/// Overdue interest, penalty and charges together stay below the cap.
pub(super) fn together(charges: Fen, book: &Ledger, reason: &mut Reason) -> Result<Fen, Wrong> {
    if charges == Fen(0) {
        return Ok(Fen(0));
    }
    let room = Fen((checked(book.room)?.0 - checked(book.overdue)?.0).max(0));
    let upheld = charges.min(room);
    let rule = law().rule("lending_together");
    reason
        .step(
            StepKind::Limit,
            format!(
                "{}逾期期间按上限计算共{}，除逾期利息外，违约金和其他费用支持{}。",
                rule.row.text,
                checked(book.room)?.chinese(),
                upheld.chinese()
            ),
        )
        .cite(&rule.citations)
        .amount(upheld);
    Ok(upheld)
}
