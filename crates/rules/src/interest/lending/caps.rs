//! Which caps hold when, and at which rate interest runs after the day it was due.

use time::{Date, Month};

use crate::book::Row;
use crate::civil;
use crate::interest::lpr::lpr_on;
use crate::law::law;
use crate::money::Rate;
use crate::reason::{Reason, StepKind};
use crate::typed;
use crate::wrong::Wrong;

use super::Read;
use super::query::{Agreed, LendingQuery};

/// 2020-08-19: the last day of the old caps.
pub(super) const fn last_old_day() -> Date {
    match Date::from_calendar_date(2020, Month::August, 19) {
        Ok(day) => day,
        Err(_) => Date::MIN,
    }
}

/// The caps of a span and the rates in it.
pub(super) struct Caps {
    pub old: Option<Rate>,
    /// Above this even what was paid may be asked back; only under the old rules.
    pub void: Rate,
    pub new: Option<Rate>,
    pub overdue_old: Rate,
    pub overdue_new: Rate,
}

/// Which caps hold, and which rate after the day it was due.
pub(super) fn caps(query: &LendingQuery, read: &Read, reason: &mut Reason) -> Result<Caps, Wrong> {
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
