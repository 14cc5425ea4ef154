//! Debts and accounts, and what a span of days or a payment does to them.

use time::Date;

use crate::civil;
use crate::interest::days::accrued;
use crate::interest::simple::checked;
use crate::money::{Exact, Fen, Rate};
use crate::wrong::Wrong;

use super::Read;
use super::query::{Allocation, LateQuery, LateRow, Order, Within};

pub(super) struct Debt {
    pub due: Date,
    pub left: Fen,
    pub bears_ordinary: bool,
}

/// Accounts that only ever grow: what has run, and what was paid of it.
pub(super) struct Account {
    pub run: Exact,
    pub paid: Fen,
}

impl Account {
    pub(super) fn owed(&self) -> Fen {
        Fen(self.run.rounded().0 - self.paid.0)
    }

    fn pay(&mut self, money: &mut Fen) -> Fen {
        let part = self.owed().min(*money);
        self.paid.0 += part.0;
        money.0 -= part.0;
        part
    }
}

/// The days after `from` until `until`, in which nothing changes but stays.
pub(super) fn span(
    read: &Read,
    rate: Rate,
    from: Date,
    until: Date,
    ordinary: &mut Account,
    extra: &mut Account,
) -> Result<Option<LateRow>, Wrong> {
    let sum = |of: &dyn Fn(&&Debt) -> bool| Fen(read.debts.iter().filter(of).map(|debt| debt.left.0).sum());
    let base = sum(&|debt| debt.due <= from);
    let excluded: i64 = read
        .stays
        .iter()
        .map(|(first, last)| {
            civil::days_between(from.max(first.previous_day().unwrap_or(*first)), until.min(*last)).max(0)
        })
        .sum();
    let days = civil::days_between(from, until) - excluded;
    let before = (extra.run.rounded(), ordinary.run.rounded());
    if base > Fen(0) {
        extra.run = extra.run.plus(base.at(rate).times_count(days));
    }
    if let Some((annual, basis, start)) = read.ordinary
        && start <= from
    {
        ordinary.run = ordinary.run.plus(accrued(sum(&|debt| debt.bears_ordinary), annual, basis, from, until));
    }
    let row = LateRow {
        from: civil::iso(from.next_day().unwrap_or(from)),
        until: civil::iso(until),
        base,
        days: if base > Fen(0) { days } else { 0 },
        excluded: if base > Fen(0) { excluded } else { 0 },
        extra: Fen(checked(extra.run)?.0 - before.0.0),
        ordinary: Fen(checked(ordinary.run)?.0 - before.1.0),
    };
    Ok((base > Fen(0) || row.ordinary > Fen(0)).then_some(row))
}

/// Where a payment goes.
pub(super) fn allocate(
    query: &LateQuery,
    on: Date,
    amount: Fen,
    debts: &mut [Debt],
    ordinary: &mut Account,
    extra: &mut Account,
) -> Allocation {
    let mut money = amount;
    let mut went =
        Allocation { on: civil::iso(on), amount, ordinary: Fen(0), debt: Fen(0), extra: Fen(0), surplus: Fen(0) };
    if query.order == Order::ExtraFirst {
        went.extra = extra.pay(&mut money);
    }
    if query.within == Within::InterestFirst {
        went.ordinary = ordinary.pay(&mut money);
    }
    for debt in debts {
        let part = debt.left.min(money);
        debt.left.0 -= part.0;
        money.0 -= part.0;
        went.debt.0 += part.0;
    }
    went.ordinary.0 += ordinary.pay(&mut money).0;
    went.extra.0 += extra.pay(&mut money).0;
    went.surplus = money;
    went
}
