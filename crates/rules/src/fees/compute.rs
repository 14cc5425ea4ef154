//! The fee of one complaint or application, from the question to the amount, the payer and the bearer.

use serde::Serialize;
use time::Date;
use utoipa::ToSchema;

use crate::book::fees::{Asked, Class, Family, Fee, Span};
use crate::citation::Citation;
use crate::law::{Cited, law};
use crate::money::{Fen, MOST, Rate};
use crate::reason::{Reason, StepKind};
use crate::typed;
use crate::wrong::Wrong;

use super::local::{Local, item};
use super::query::{Currency, FeeQuery, Halving, Instance, Relief};
use super::scale::{self, Due};

/// How many claims one complaint may have here.
const CLAIMS: usize = 50;

/// What a complaint or application costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FeeResult {
    /// The row by which it was computed.
    pub code: &'static str,
    pub label: &'static str,
    /// What is due, in fen: the lower end of the range …
    #[schema(value_type = i64)]
    pub low: Fen,
    /// … and the upper end; the same where there is no range.
    #[schema(value_type = i64)]
    pub high: Fen,
    /// `1,050元`, `50元至300元`, or `不交纳`.
    pub text: String,
    /// What would be due without halving and relief.
    pub full: Share,
    /// The ground on which half is due.
    pub halved: Option<Halving>,
    pub payment: Paid,
    /// Who bears it in the end.
    pub bearing: &'static str,
    #[schema(value_type = Vec<Citation>)]
    pub bearing_citations: &'static [Citation],
    pub reason: Reason,
}

/// Both ends of an amount, in fen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = FeeShare)]
pub struct Share {
    #[schema(value_type = i64)]
    pub low: Fen,
    #[schema(value_type = i64)]
    pub high: Fen,
}

/// Who pays first, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = FeePayment)]
pub struct Paid {
    pub who: &'static str,
    pub when: &'static str,
    /// Whether anything is paid before the court acts.
    pub prepaid: bool,
    #[schema(value_type = Vec<Citation>)]
    pub citations: &'static [Citation],
}

/// Computes a fee. `local` are the values that the court's province has fixed.
pub fn fee(query: &FeeQuery, local: &Local) -> Result<FeeResult, Wrong> {
    let day = typed::day(&query.on)?;
    let main = item(&query.code, day)?;
    let mut reason = Reason::default();
    let (scale, amount) = joined(query, main, day, &mut reason)?;
    instance(query.instance, scale, &mut reason)?;
    let whole = if main.row.family == Family::Free {
        reason.step(StepKind::Rule, format!("{}，不交纳案件受理费。", main.row.label)).cite(&main.citations);
        Due::ZERO
    } else {
        scale::due(scale, amount, local, &mut reason)
    };
    let full = whole.rounded();
    let (due, halved) = halve(&query.halving, scale, whole, &mut reason)?;
    let due = relieve(query.relief.as_ref(), scale, due, &mut reason)?;
    let span = due.rounded();
    let text = if span.high == Fen(0) { "不交纳".to_owned() } else { said(span) };
    reason.step(StepKind::Result, format!("应交纳：{text}。")).amount(span.low).cite(&law().rule("review").citations);
    let payment = if query.wages {
        if scale.row.family != Family::Acceptance {
            return Err(not(scale, "“追索劳动报酬可以不预交”", "只有案件受理费可以因追索劳动报酬不预交。"));
        }
        "wages"
    } else if query.collective {
        if scale.row.family != Family::Acceptance {
            return Err(not(scale, "“代表人诉讼不预交”", "只有案件受理费可以因代表人诉讼不预交。"));
        }
        "collective"
    } else if query.instance == Instance::Retrial {
        "retrial"
    } else {
        scale.row.pay.as_str()
    };
    let payment = law().payment(payment);
    if payment.row.prepaid && span.high > Fen(0) && scale.row.family == Family::Acceptance {
        let unpaid = law().rule("unpaid");
        reason.step(StepKind::Caution, unpaid.row.text.clone()).cite(&unpaid.citations);
    }
    let bearing = law().bearing(&scale.row.bears);
    Ok(FeeResult {
        code: &scale.row.code,
        label: &scale.row.label,
        low: span.low,
        high: span.high,
        text,
        full: Share { low: full.low, high: full.high },
        halved,
        payment: Paid {
            who: &payment.row.who,
            when: &payment.row.when,
            prepaid: payment.row.prepaid,
            citations: &payment.citations,
        },
        bearing: &bearing.row.text,
        bearing_citations: &bearing.citations,
        reason,
    })
}

/// One complaint with several claims: by which scale, and on which amount.
fn joined(
    query: &FeeQuery,
    main: &'static Cited<Fee>,
    day: Date,
    reason: &mut Reason,
) -> Result<(&'static Cited<Fee>, Option<Fen>), Wrong> {
    if query.claims.len() > CLAIMS {
        return Err(Wrong::TooMany { what: "诉讼请求", most: CLAIMS });
    }
    let mut claims =
        vec![(main, asked(main.row, query.amount.as_deref(), query.currency.as_ref(), query.instance, reason)?)];
    for claim in &query.claims {
        let other = item(&claim.code, day)?;
        claims
            .push((other, asked(other.row, claim.amount.as_deref(), query.currency.as_ref(), query.instance, reason)?));
    }
    if claims.len() == 1 {
        return Ok(claims[0]);
    }
    if let Some((alone, _)) = claims.iter().find(|(claim, _)| claim.row.class == Class::Alone) {
        return Err(not(alone, "合并计算", "它按件单独交纳，请分别计算。"));
    }
    let property = |(claim, amount): &(&Cited<Fee>, Option<Fen>)| {
        claim.row.class == Class::Property && (amount.is_some() || claim.row.amount == Asked::Required)
    };
    let own = |(claim, _): &(&'static Cited<Fee>, Option<Fen>)| claim.row.class == Class::OwnScale;
    let with_money: Vec<_> =
        claims.iter().filter(|claim| own(claim) && claim.1.is_some_and(|amount| amount > Fen(0))).collect();
    let sum = |amounts: &mut dyn Iterator<Item = Option<Fen>>| -> Result<Fen, Wrong> {
        let sum = amounts.flatten().try_fold(0_i64, |sum, amount| sum.checked_add(amount.0)).map(Fen);
        sum.filter(|sum| *sum <= MOST).ok_or(Wrong::AmountTooLarge)
    };
    let number = claims.iter().filter(|claim| property(claim)).count();
    let mixed = "财产分割和人格权损害赔偿有自己的分段标准，请与其他财产请求分别计算。";
    if number > 0 {
        if let Some((claim, _)) = with_money.first() {
            return Err(not(claim, "与其他财产请求合并计算", mixed));
        }
        let total = sum(&mut claims.iter().filter(|claim| property(claim)).map(|claim| claim.1))?;
        if number < claims.len() {
            reason
                .step(StepKind::Rule, law().rule("mixed_claims").row.text.clone())
                .cite(&law().rule("mixed_claims").citations);
        }
        if number > 1 {
            reason
                .step(StepKind::Rule, format!("{}合计{}。", law().rule("several_property").row.text, total.chinese()))
                .cite(&law().rule("several_property").citations)
                .amount(total);
        }
        return Ok((item("property", day)?, Some(total)));
    }
    reason
        .step(StepKind::Rule, law().rule("several_non_property").row.text.clone())
        .cite(&law().rule("several_non_property").citations);
    let Some((scale, _)) =
        with_money.first().copied().or_else(|| claims.iter().find(|claim| own(claim))).or(claims.first())
    else {
        return Ok((main, None));
    };
    if let Some((other, _)) = with_money.iter().find(|(other, _)| other.row.code != scale.row.code) {
        return Err(not(other, "与其他财产请求合并计算", mixed));
    }
    let total = sum(&mut with_money.iter().map(|claim| claim.1))?;
    Ok((scale, (total > Fen(0)).then_some(total)))
}

/// The amount of one claim, in yuan.
fn asked(
    row: &'static Fee,
    given: Option<&str>,
    currency: Option<&Currency>,
    instance: Instance,
    reason: &mut Reason,
) -> Result<Option<Fen>, Wrong> {
    let given = given.map(str::trim).filter(|given| !given.is_empty());
    let amount = match (row.amount, given) {
        (Asked::None, Some(_)) => {
            return Err(Wrong::NotApplicable {
                what: "金额", to: &row.label, allowed: "它按件交纳，请不要填写金额。"
            });
        }
        (Asked::Required, None) => return Err(Wrong::Missing { what: &row.asks }),
        (_, None) => return Ok(None),
        (_, Some(given)) => typed::amount(given)?,
    };
    let Some(currency) = currency else {
        reason.step(StepKind::Input, format!("{}：{}。", row.asks, amount.chinese())).amount(amount);
        return Ok(Some(amount));
    };
    let rate = Rate::parse(currency.rate.trim())
        .filter(|rate| !currency.rate.contains(['%', '‰', '/']) && rate.exceeds(Rate::new(0, 1)))
        .ok_or_else(|| Wrong::ExchangeInvalid { typed: currency.rate.clone() })?;
    let yuan = amount.at(rate).rounded();
    if yuan > MOST {
        return Err(Wrong::AmountTooLarge);
    }
    let rule = law().rule(if instance == Instance::First { "foreign_currency" } else { "foreign_currency_appeal" });
    let foreign = amount.chinese();
    reason
        .step(
            StepKind::Rule,
            format!(
                "{}：{}{}×{}＝{}。{}",
                row.asks,
                currency.name.chars().take(20).collect::<String>(),
                foreign.trim_end_matches('元'),
                currency.rate.trim(),
                yuan.chinese(),
                rule.row.text
            ),
        )
        .cite(&rule.citations)
        .amount(yuan);
    Ok(Some(yuan))
}

fn instance(instance: Instance, fee: &'static Cited<Fee>, reason: &mut Reason) -> Result<(), Wrong> {
    let rule = match instance {
        Instance::First => return Ok(()),
        _ if fee.row.family != Family::Acceptance => {
            return Err(not(fee, "上诉或者再审", "只有案件受理费区分审级。"));
        }
        Instance::Appeal => law().rule("appeal"),
        Instance::Retrial => law().rule("retrial"),
    };
    reason.step(StepKind::Rule, rule.row.text.clone()).cite(&rule.citations);
    if instance == Instance::Appeal {
        let several = law().rule("appeal_several");
        reason.step(StepKind::Caution, several.row.text.clone()).cite(&several.citations);
    }
    Ok(())
}

/// Half, once, whatever the number of grounds.
fn halve(
    grounds: &[Halving],
    fee: &'static Cited<Fee>,
    due: Due,
    reason: &mut Reason,
) -> Result<(Due, Option<Halving>), Wrong> {
    let Some(first) = grounds.first().copied() else { return Ok((due, None)) };
    if fee.row.family != Family::Acceptance {
        return Err(not(fee, "减半交纳", "减半只适用于案件受理费。"));
    }
    let half = due.times(Rate::new(1, 2));
    let rule = law().rule(first.rule());
    reason
        .step(StepKind::Rule, format!("{}减半为{}。", rule.row.text, said(half.rounded())))
        .cite(&rule.citations)
        .amount(half.rounded().low);
    if grounds.iter().any(|ground| *ground != first) {
        let once = law().rule("halve_once");
        reason.step(StepKind::Limit, once.row.text.clone()).cite(&once.citations);
    }
    Ok((half, Some(first)))
}

fn relieve(relief: Option<&Relief>, fee: &'static Cited<Fee>, due: Due, reason: &mut Reason) -> Result<Due, Wrong> {
    let (rule, due) = match relief {
        None => return Ok(due),
        Some(_) if fee.row.family == Family::Free => return Err(not(fee, "司法救助", "它本来就不交纳。")),
        Some(Relief::Exempt { natural_person: false }) => {
            return Err(Wrong::NotApplicable {
                what: "免交诉讼费用",
                to: "法人和非法人组织",
                allowed: "免交只适用于自然人，可以改为申请减交或者缓交。",
            });
        }
        Some(Relief::Exempt { natural_person: true }) => (law().rule("relief_free"), Due::ZERO),
        Some(Relief::Reduce { percent }) => {
            if !(30..=99).contains(percent) {
                return Err(Wrong::OutOfRange { what: "减交比例（%）", least: 30, most: 99 });
            }
            (law().rule("relief_reduce"), due.times(Rate::new(100 - percent, 100)))
        }
        Some(Relief::Defer) => (law().rule("relief_defer"), due),
    };
    let result = match relief {
        Some(Relief::Exempt { .. }) => "准予免交。".to_owned(),
        Some(Relief::Reduce { percent }) => format!("准予减交{percent}%，为{}。", said(due.rounded())),
        _ => "准予缓交，金额不变。".to_owned(),
    };
    reason.step(StepKind::Rule, format!("{}{result}", rule.row.text)).cite(&rule.citations).amount(due.rounded().low);
    Ok(due)
}

fn not(fee: &'static Cited<Fee>, what: &'static str, allowed: &'static str) -> Wrong {
    Wrong::NotApplicable { what, to: &fee.row.label, allowed }
}

pub(super) fn said(span: Span) -> String {
    if span.low == span.high { span.low.chinese() } else { format!("{}至{}", span.low.chinese(), span.high.chinese()) }
}
