//! Double interest of late performance (INT): the extra part on what is unpaid of the judgment's money, beside ordinary interest as the judgment fixes it.
//!
//! Payments go to the judgment's money first and to the extra part last (INT 4), unless the parties agreed otherwise; inside the judgment's money to ordinary
//! interest before the rest (CIV 561), and to what fell due earlier first (CIV 560). The day of payment still counts, for interest runs until it.

use serde::{Deserialize, Serialize};
use time::Date;
use utoipa::ToSchema;

use crate::book::Row;
use crate::civil;
use crate::law::law;
use crate::money::{Exact, Fen, Rate};
use crate::reason::{Reason, StepKind};
use crate::typed;
use crate::wrong::Wrong;

use super::days::{Basis, TypedRate, accrued};
use super::simple::checked;

/// How many debts, payments or stays a question may have.
const MOST: usize = 120;

/// A question for interest of late performance.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LateInterestQuery)]
pub struct LateQuery {
    /// What the judgment fixes, without ordinary interest; one entry for each instalment.
    #[schema(min_items = 1, max_items = 120)]
    pub debts: Vec<LateDebt>,
    /// Ordinary interest that the judgment lets run on.
    #[serde(default)]
    pub ordinary: Option<Ordinary>,
    /// Ordinary interest that the judgment fixes as a sum, in yuan.
    #[serde(default)]
    pub ordinary_fixed: Option<String>,
    #[serde(default)]
    #[schema(max_items = 120)]
    pub payments: Vec<Payment>,
    /// Times in which enforcement was stayed.
    #[serde(default)]
    #[schema(max_items = 120)]
    pub stays: Vec<Stay>,
    /// The last day that counts.
    pub until: String,
    #[serde(default)]
    pub order: Order,
    #[serde(default)]
    pub within: Within,
    /// If the judgment fixes a foreign currency.
    #[serde(default)]
    pub currency: Option<LateCurrency>,
}

/// One debt of the judgment.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LateDebt {
    /// In yuan.
    pub amount: String,
    /// The day on which its period of performance ended; where none was fixed, the day on which the judgment took effect.
    pub due: String,
    /// Whether the judgment's ordinary interest runs on it; not on penalties and costs, for example.
    #[serde(default = "yes")]
    pub bears_ordinary: bool,
}

const fn yes() -> bool {
    true
}

/// Ordinary interest that the judgment lets run until payment.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LateOrdinary)]
pub struct Ordinary {
    pub rate: TypedRate,
    #[serde(default)]
    pub basis: Basis,
    /// The day from which the judgment lets it run; it does not count itself.
    pub from: String,
}

/// Money that came in: paid, transferred, or the day on which a sale took effect.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LatePayment)]
pub struct Payment {
    pub on: String,
    /// In yuan.
    pub amount: String,
}

/// A stay, first and last day included.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LateStay)]
pub struct Stay {
    pub from: String,
    pub until: String,
    /// Whether the debtor had asked for it: then the extra interest runs on.
    #[serde(default)]
    pub by_debtor: bool,
}

/// What is paid first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = LateOrder)]
pub enum Order {
    /// As the law has it.
    #[default]
    DebtFirst,
    /// As the parties agreed.
    ExtraFirst,
}

/// What is paid first inside of the judgment's money.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = LateWithin)]
pub enum Within {
    /// As the law has it.
    #[default]
    InterestFirst,
    /// As the parties agreed or the judgment says.
    PrincipalFirst,
}

/// A foreign currency of a judgment.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LateCurrency {
    /// Its name, such as `美元`.
    pub name: String,
    /// Yuan for one unit at the middle rate of the day on which the extra interest begins, if the creditor asks for yuan. Without it everything is in that currency.
    #[serde(default)]
    pub rate: Option<String>,
}

/// Interest of late performance; sums in fen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = LateInterest)]
pub struct LateResult {
    /// The extra part that has run in all.
    #[schema(value_type = i64)]
    pub extra: Fen,
    #[schema(value_type = i64)]
    pub extra_left: Fen,
    /// Ordinary interest in all.
    #[schema(value_type = i64)]
    pub ordinary: Fen,
    #[schema(value_type = i64)]
    pub ordinary_left: Fen,
    /// What is left of the judgment's other money.
    #[schema(value_type = i64)]
    pub debt_left: Fen,
    /// All that is left.
    #[schema(value_type = i64)]
    pub left: Fen,
    /// What was paid too much.
    #[schema(value_type = i64)]
    pub surplus: Fen,
    /// Span by span; their extra parts add up to `extra`.
    pub rows: Vec<LateRow>,
    pub payments: Vec<Allocation>,
    pub reason: Reason,
}

/// One span on one amount.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LateRow {
    /// The first day that counts …
    pub from: String,
    /// … and the last.
    pub until: String,
    /// What was overdue.
    #[schema(value_type = i64)]
    pub base: Fen,
    /// Days that count.
    pub days: i64,
    /// Days that do not, because of a stay.
    pub excluded: i64,
    #[schema(value_type = i64)]
    pub extra: Fen,
    #[schema(value_type = i64)]
    pub ordinary: Fen,
}

/// Where a payment went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = LateAllocation)]
pub struct Allocation {
    pub on: String,
    #[schema(value_type = i64)]
    pub amount: Fen,
    #[schema(value_type = i64)]
    pub ordinary: Fen,
    #[schema(value_type = i64)]
    pub debt: Fen,
    #[schema(value_type = i64)]
    pub extra: Fen,
    #[schema(value_type = i64)]
    pub surplus: Fen,
}

/// What has been read of the question.
struct Read {
    debts: Vec<Debt>,
    ordinary: Option<(Rate, Basis, Date)>,
    payments: Vec<(Date, Fen)>,
    stays: Vec<(Date, Date)>,
    until: Date,
}

struct Debt {
    due: Date,
    left: Fen,
    bears_ordinary: bool,
}

/// Accounts that only ever grow: what has run, and what was paid of it.
struct Account {
    run: Exact,
    paid: Fen,
}

impl Account {
    fn owed(&self) -> Fen {
        Fen(self.run.rounded().0 - self.paid.0)
    }

    fn pay(&mut self, money: &mut Fen) -> Fen {
        let part = self.owed().min(*money);
        self.paid.0 += part.0;
        money.0 -= part.0;
        part
    }
}

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

/// The days after `from` until `until`, in which nothing changes but stays.
fn span(
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
fn allocate(
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

fn explain(query: &LateQuery, rows: &[LateRow], payments: &[Allocation], reason: &mut Reason) {
    let law = law();
    let rate = law.rate("late_extra");
    reason.step(StepKind::Rule, rate.row.text.clone()).cite(&rate.citations);
    for code in ["late_start", "late_stop"] {
        let rule = law.rule(code);
        reason.step(StepKind::Rule, rule.row.text.clone()).cite(&rule.citations);
    }
    let after = law.rule("day_after");
    reason.step(StepKind::Count, "届满之日不计入，自次日起算；还款当日计入。").cite(&after.citations);
    if query.ordinary.is_some() || query.ordinary_fixed.is_some() {
        let rule = law.rule("late_ordinary");
        reason.step(StepKind::Rule, rule.row.text.clone()).cite(&rule.citations);
    }
    if query.stays.iter().any(|stay| !stay.by_debtor) {
        let rule = law.rule("late_stay");
        reason.step(StepKind::Excluded, rule.row.text.clone()).cite(&rule.citations);
    }
    if query.stays.iter().any(|stay| stay.by_debtor) {
        let rule = law.rule("late_stay");
        reason.step(StepKind::Caution, "因被执行人申请而中止或者暂缓的期间，照常计算。").cite(&rule.citations);
    }
    for row in rows {
        let excluded = if row.excluded > 0 { format!("（另有{}日不计）", row.excluded) } else { String::new() };
        if row.base > Fen(0) {
            reason
                .step(
                    StepKind::Arithmetic,
                    format!(
                        "{}至{}：{}×{}×{}日{excluded}＝{}。",
                        row.from,
                        row.until,
                        row.base.chinese(),
                        rate.row.rate.chinese(),
                        row.days,
                        row.extra.chinese()
                    ),
                )
                .cite(&rate.citations)
                .amount(row.extra);
        }
    }
    if payments.is_empty() {
        return;
    }
    let order = law.rule("late_order");
    match query.order {
        Order::DebtFirst => reason.step(StepKind::Rule, order.row.text.clone()),
        Order::ExtraFirst => reason.step(StepKind::Rule, "按当事人约定，先清偿加倍部分债务利息。"),
    }
    .cite(&order.citations);
    let within = law.rule("interest_first");
    match query.within {
        Within::InterestFirst => reason.step(StepKind::Rule, within.row.text.clone()),
        Within::PrincipalFirst => {
            reason.step(StepKind::Rule, "按约定或者生效法律文书，先清偿本金等债务，再清偿一般债务利息。")
        }
    }
    .cite(&within.citations);
    if query.debts.len() > 1 {
        let rule = law.rule("due_first");
        reason.step(StepKind::Rule, rule.row.text.clone()).cite(&rule.citations);
    }
    for payment in payments {
        let mut parts = Vec::new();
        for (part, name) in [
            (payment.ordinary, "一般债务利息"),
            (payment.debt, "其他金钱债务"),
            (payment.extra, "加倍部分债务利息"),
            (payment.surplus, "多付"),
        ] {
            if part > Fen(0) {
                parts.push(format!("{name}{}", part.chinese()));
            }
        }
        reason.step(
            StepKind::Arithmetic,
            format!("{}还款{}：{}。", payment.on, payment.amount.chinese(), parts.join("，")),
        );
    }
}
