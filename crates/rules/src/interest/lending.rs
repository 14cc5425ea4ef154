//! Private lending (民间借贷): which interest a court upholds, with the cap of four times the loan prime rate, and the split at 2020-08-20.
//!
//! - A contract of 2020-08-20 or later: four times the one-year LPR when the contract was formed (PLR 25).
//! - An older contract, sued on since then: until 2020-08-19 the rules of then, if the party asks for them (24% and 36%); from 2020-08-20 the standard when the
//!   suit was filed (PLR 31.2).
//! - A suit filed before 2020-08-20: the rules of then for all of it.
//!
//! Money that came back is counted to lawful interest first, then to the principal (CIV 561).

use serde::{Deserialize, Serialize};
use time::{Date, Month};
use utoipa::ToSchema;

use crate::book::Row;
use crate::civil;
use crate::law::law;
use crate::money::{Exact, Fen, Rate};
use crate::reason::{Reason, StepKind};
use crate::typed;
use crate::wrong::Wrong;

use super::days::{Basis, TypedRate, accrued};
use super::lpr::lpr_on;
use super::simple::checked;

/// How many repayments a question may have.
const MOST: usize = 240;

/// A question for the interest of a private loan.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LendingQuery {
    /// What the note says was lent, in yuan.
    pub amount: String,
    /// Interest that was deducted from it beforehand.
    #[serde(default)]
    pub deducted: Option<String>,
    /// The day on which the contract was formed.
    pub formed: String,
    /// The day on which the money was given, if it was another one.
    #[serde(default)]
    pub lent: Option<String>,
    /// The day on which it was to be paid back; none if no term was agreed.
    #[serde(default)]
    pub due: Option<String>,
    /// The last day that counts.
    pub until: String,
    /// The day on which the suit was (or would be) filed; without it, the last day that counts.
    #[serde(default)]
    pub filed: Option<String>,
    /// Whether both are natural persons.
    #[serde(default)]
    pub between_persons: bool,
    #[serde(default)]
    pub interest: Agreed,
    /// The rate after the day it was due, if one was agreed.
    #[serde(default)]
    pub overdue: Option<TypedRate>,
    /// Penalties that are claimed beside it, in yuan.
    #[serde(default)]
    pub penalty: Option<String>,
    /// Other charges that are claimed beside it, in yuan.
    #[serde(default)]
    pub charges: Option<String>,
    #[serde(default)]
    pub basis: Basis,
    /// Whether a party asks for the rules of then for the time until 2020-08-19 (PLR 31.2).
    #[serde(default)]
    pub old_rules: bool,
    /// The one-year LPR for the cap, where the table does not reach.
    #[serde(default)]
    pub lpr: Option<String>,
    /// The one-year LPR of the day after it was due, where the table does not reach.
    #[serde(default)]
    pub lpr_overdue: Option<String>,
    #[serde(default)]
    #[schema(max_items = 240)]
    pub repayments: Vec<super::late::Payment>,
}

/// What was agreed on interest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = LendingAgreed)]
pub enum Agreed {
    /// Nothing.
    #[default]
    None,
    /// Something, but not clearly.
    Unclear,
    Rate {
        rate: String,
        #[serde(default)]
        unit: super::days::Unit,
    },
}

/// What a court upholds; sums in fen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Lending)]
pub struct LendingResult {
    /// What counts as principal.
    #[schema(value_type = i64)]
    pub principal: Fen,
    /// Interest until the day it was due.
    #[schema(value_type = i64)]
    pub interest: Fen,
    /// Interest after it.
    #[schema(value_type = i64)]
    pub overdue: Fen,
    /// What is upheld of penalties and other charges.
    #[schema(value_type = i64)]
    pub charges: Fen,
    /// What is not, although it was agreed or claimed.
    #[schema(value_type = i64)]
    pub refused: Fen,
    #[schema(value_type = i64)]
    pub principal_left: Fen,
    #[schema(value_type = i64)]
    pub interest_left: Fen,
    /// All that is still owed.
    #[schema(value_type = i64)]
    pub left: Fen,
    /// What came back beyond that.
    #[schema(value_type = i64)]
    pub surplus: Fen,
    pub rows: Vec<LendingRow>,
    pub reason: Reason,
}

/// One span at one rate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LendingRow {
    /// The first day that counts …
    pub from: String,
    /// … and the last.
    pub until: String,
    pub days: i64,
    #[schema(value_type = i64)]
    pub principal: Fen,
    /// What was agreed, of a year.
    pub agreed: String,
    /// The most that is upheld.
    pub cap: String,
    /// What is applied.
    pub rate: String,
    pub overdue: bool,
    #[schema(value_type = i64)]
    pub interest: Fen,
}

/// 2020-08-19: the last day of the old caps.
const fn last_old_day() -> Date {
    match Date::from_calendar_date(2020, Month::August, 19) {
        Ok(day) => day,
        Err(_) => Date::MIN,
    }
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

/// The caps of a span and the rates in it.
struct Caps {
    old: Option<Rate>,
    /// Above this even what was paid may be asked back; only under the old rules.
    void: Rate,
    new: Option<Rate>,
    overdue_old: Rate,
    overdue_new: Rate,
}

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

/// Which caps hold, and which rate after the day it was due.
fn caps(query: &LendingQuery, read: &Read, reason: &mut Reason) -> Result<Caps, Wrong> {
    let law = law();
    let old_day = last_old_day();
    let (four, upheld, void) = (law.rate("lending_multiple"), law.rate("lending_upheld"), law.rate("lending_void"));
    let given = query.lpr.as_deref().filter(|typed| !typed.trim().is_empty()).map(typed::rate).transpose()?;
    let all_old = read.filed <= old_day;
    let split = !all_old && read.formed <= old_day;
    let old_asked = all_old || (split && query.old_rules);
    if old_asked && read.formed < upheld.row.from() {
        return Err(Wrong::TooEarly { what: "以前的利率上限（24%、36%）", first: upheld.row.from() });
    }
    let lpr_of = |day: Date, what: &str, reason: &mut Reason| -> Result<Rate, Wrong> {
        let rate = given.map_or_else(|| lpr_on(day), Ok)?;
        let source = if given.is_some() { "按您填写的" } else { "" };
        let rule = law.rule("lpr");
        reason
            .step(
                StepKind::Rule,
                format!("{what}（{}）的一年期贷款市场报价利率{source}为{}。", civil::chinese(day), rate.chinese()),
            )
            .cite(&rule.citations);
        Ok(rate)
    };
    let mut old = None;
    let mut new = None;
    if old_asked {
        old = Some(upheld.row.rate);
        let rule = law.rule("lending_old");
        reason.step(StepKind::Rule, format!("2020年8月19日以前的部分：{}", rule.row.text)).cite(&rule.citations);
    }
    if !all_old {
        let (day, what) = if split { (read.filed, "起诉时") } else { (read.formed, "合同成立时") };
        let cap = lpr_of(day, what, reason)?.times(four.row.rate);
        new = Some(cap);
        let rule = if split { &law.rule("lending_transition").citations } else { &four.citations };
        let text = if split { &law.rule("lending_transition").row.text } else { &four.row.text };
        reason.step(StepKind::Limit, format!("{text}上限为年利率{}。", cap.chinese())).cite(rule);
    }
    if split && !old_asked {
        // Nobody asked for the old interpretation: the present standard, by the LPR of the formation where there was one.
        let same = new.unwrap_or(Rate::new(0, 1));
        old = Some(match lpr_on(read.formed) {
            Ok(rate) => rate.times(four.row.rate),
            Err(_) => same,
        });
        let rule = law.rule("lending_transition");
        reason
            .step(
                StepKind::Caution,
                format!(
                    "未请求适用当时的司法解释，2020年8月19日以前的部分按现行标准计算，上限为年利率{}；如何适用由法院决定。",
                    old.unwrap_or(same).chinese()
                ),
            )
            .cite(&rule.citations);
    }
    let (overdue_old, overdue_new) = overdue_rates(query, read, all_old, old_asked, reason)?;
    Ok(Caps { old, void: if old_asked { void.row.rate } else { Rate::new(0, 1) }, new, overdue_old, overdue_new })
}

fn overdue_rates(
    query: &LendingQuery,
    read: &Read,
    all_old: bool,
    old_asked: bool,
    reason: &mut Reason,
) -> Result<(Rate, Rate), Wrong> {
    let law = law();
    let Some(due) = read.due.filter(|due| *due < read.until) else { return Ok((read.rate, read.rate)) };
    let agreed = matches!(query.interest, Agreed::Rate { .. });
    let (rule, rate) = match read.overdue {
        Some(rate) => (law.rule("lending_overdue"), rate),
        None if agreed => (law.rule("lending_overdue_same"), read.rate),
        None => {
            let six = law.rate("lending_overdue_default");
            let old_part = old_asked && due < last_old_day();
            if old_part {
                reason.step(StepKind::Rule, six.row.text.clone()).cite(&six.citations);
            }
            if all_old {
                return Ok((six.row.rate, six.row.rate));
            }
            let first = due.next_day().unwrap_or(due);
            // An old loan that fell due before the LPR existed has no value of that day; the first one after the change is taken.
            let day = if due <= last_old_day() {
                first.max(law.rate("lending_overdue_default").row.to().unwrap_or(first))
            } else {
                first
            };
            let given =
                query.lpr_overdue.as_deref().filter(|typed| !typed.trim().is_empty()).map(typed::rate).transpose()?;
            let rate = given.map_or_else(|| lpr_on(day), Ok)?;
            let rule = law.rule("lending_overdue_lpr");
            reason
                .step(StepKind::Rule, format!("{}{}为{}。", rule.row.text, civil::chinese(day), rate.chinese()))
                .cite(&rule.citations);
            return Ok((if old_part { six.row.rate } else { rate }, rate));
        }
    };
    reason.step(StepKind::Rule, rule.row.text.clone()).cite(&rule.citations);
    Ok((rate, rate))
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

/// What has run and what was paid.
#[derive(Default)]
struct Ledger {
    principal: Fen,
    interest: Exact,
    overdue: Exact,
    /// The most that interest, penalty and charges may be together after the day it was due.
    room: Exact,
    /// What was agreed beyond the cap and is not upheld.
    refused: Exact,
    /// Between the two old limits: not upheld, but what was paid is not given back.
    natural: Exact,
    natural_paid: Fen,
    /// What was paid of interest that is upheld.
    paid: Fen,
    surplus: Fen,
}

impl Ledger {
    fn span(&mut self, read: &Read, caps: &Caps, basis: Basis, from: Date, until: Date) -> Result<LendingRow, Wrong> {
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
    fn repaid(&mut self, on: Date, amount: Fen, reason: &mut Reason) {
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
fn together(charges: Fen, book: &Ledger, reason: &mut Reason) -> Result<Fen, Wrong> {
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
