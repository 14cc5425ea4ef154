//! What changes a fee that was already computed: claims raised or reduced, summary become ordinary procedure, a payment order that ends in a suit, refunds.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::book::fees::{Asked, Family};
use crate::law::law;
use crate::money::{Exact, Fen, Rate};
use crate::reason::{Reason, StepKind};
use crate::typed;
use crate::wrong::Wrong;

use super::compute::fee;
use super::local::{Local, item};
use super::query::{FeeQuery, Halving};

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = FeeAdjust)]
pub enum Adjust {
    /// The amount that is claimed was changed.
    Changed {
        /// As it was: with its amount and, if half was due, the grounds.
        query: FeeQuery,
        /// The amount now, in yuan.
        amount: String,
        when: When,
    },
    /// The summary procedure became the ordinary one.
    ToOrdinary { query: FeeQuery },
    /// A payment order lost its effect and the matter became a suit.
    OrderToSuit {
        /// In yuan.
        amount: String,
        on: String,
    },
    /// Something that decides whether what was paid is paid back.
    Refund {
        /// What was paid, in yuan.
        paid: String,
        event: Event,
        /// Whether half of the fee was all that was charged in the first place.
        #[serde(default)]
        halved: bool,
    },
}

/// When a claim was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = FeeChangedWhen)]
pub enum When {
    /// Before the end of the court's investigation (法庭调查终结前).
    BeforeEndOfInvestigation,
    AfterEndOfInvestigation,
}

/// What may lead to a refund.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = FeeEvent)]
pub enum Event {
    /// Not accepted, or dismissed without trial.
    NotAccepted,
    /// The second instance upheld that.
    NotAcceptedUpheld,
    /// The second instance remanded the case; what was paid is the fee of the appeal.
    Remanded,
    /// Sent to the prosecution because of a suspected crime.
    Crime,
    /// The same, but the civil case goes on.
    CrimeContinues,
    Suspended,
    /// Ended without a decision (终结诉讼).
    Ended,
    /// Sent to another court.
    Transferred,
    Withdrawn,
    Mediated,
    /// The top-up after the change to the ordinary procedure was not paid.
    TopUpUnpaid,
    /// The winner had paid what the loser bears.
    Won,
}

/// What is to be paid or paid back, in fen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = FeeSettlement)]
pub struct Settlement {
    #[schema(value_type = i64)]
    pub pay: Fen,
    #[schema(value_type = i64)]
    pub refund: Fen,
    /// In one sentence.
    pub text: String,
    pub reason: Reason,
}

/// Computes what is to be paid or paid back.
pub fn adjust(what: &Adjust, local: &Local) -> Result<Settlement, Wrong> {
    match what {
        Adjust::Changed { query, amount, when } => changed(query, amount, *when, local),
        Adjust::ToOrdinary { query } => to_ordinary(query, local),
        Adjust::OrderToSuit { amount, on } => order_to_suit(amount, on, local),
        Adjust::Refund { paid, event, halved } => refund(paid, *event, *halved),
    }
}

fn changed(query: &FeeQuery, amount: &str, when: When, local: &Local) -> Result<Settlement, Wrong> {
    let row = item(&query.code, typed::day(&query.on)?)?.row;
    if row.family != Family::Acceptance || row.amount == Asked::None {
        return Err(Wrong::NotApplicable {
            what: "变更诉讼请求数额",
            to: &row.label,
            allowed: "只有按金额计算的案件受理费随诉讼请求数额变化。",
        });
    }
    if query.amount.is_none() {
        return Err(Wrong::Missing { what: &row.asks });
    }
    let before = fee(query, local)?;
    let after = fee(&FeeQuery { amount: Some(amount.to_owned()), ..query.clone() }, local)?;
    let mut reason = after.reason;
    let more = after.low.0 - before.low.0;
    reason.step(StepKind::Arithmetic, format!("变更前应交纳{}，变更后应交纳{}。", before.text, after.text));
    let (code, pay, back) = match when {
        _ if more >= 0 => ("raised", more, 0),
        When::BeforeEndOfInvestigation => ("reduced", 0, -more),
        When::AfterEndOfInvestigation => ("reduced_late", 0, 0),
    };
    Ok(settled(pay, back, code, reason))
}

fn to_ordinary(query: &FeeQuery, local: &Local) -> Result<Settlement, Wrong> {
    if !query.halving.contains(&Halving::Summary) {
        return Err(Wrong::Missing { what: "原来适用简易程序减半的事实" });
    }
    let before = fee(query, local)?;
    let halving = query.halving.iter().copied().filter(|ground| *ground != Halving::Summary).collect();
    let after = fee(&FeeQuery { halving, ..query.clone() }, local)?;
    let mut reason = after.reason;
    let unpaid = law().rule("to_ordinary_unpaid");
    reason.step(StepKind::Caution, unpaid.row.text.clone()).cite(&unpaid.citations);
    Ok(settled(after.low.0 - before.low.0, 0, "to_ordinary", reason))
}

fn order_to_suit(amount: &str, on: &str, local: &Local) -> Result<Settlement, Wrong> {
    let query = |code: &str| FeeQuery {
        code: code.to_owned(),
        on: on.to_owned(),
        amount: Some(amount.to_owned()),
        ..FeeQuery::default()
    };
    let (order, suit) = (fee(&query("payment_order"), local)?, fee(&query("property"), local)?);
    let mut reason = suit.reason;
    reason.step(StepKind::Arithmetic, format!("案件受理费{}，已交纳支付令申请费{}。", suit.text, order.text));
    Ok(settled(suit.low.0 - order.low.0, 0, "order_to_suit", reason))
}

fn refund(paid: &str, event: Event, halved: bool) -> Result<Settlement, Wrong> {
    let paid = typed::positive("已交纳的金额", paid)?;
    let mut reason = Reason::default();
    reason.step(StepKind::Input, format!("已交纳{}。", paid.chinese())).amount(paid);
    let half = Exact::from(paid).times(Rate::new(1, 2)).rounded();
    let (code, back) = match event {
        Event::NotAccepted => ("refund_not_accepted", paid),
        Event::NotAcceptedUpheld => ("refund_upheld", paid),
        Event::Remanded => ("refund_remanded", paid),
        Event::Crime => ("refund_crime", paid),
        Event::CrimeContinues => ("keep_crime_continues", Fen(0)),
        Event::Suspended => ("keep_suspended", Fen(0)),
        Event::Ended => ("keep_ended", Fen(0)),
        Event::Transferred => ("keep_transferred", Fen(0)),
        Event::Withdrawn | Event::Mediated if halved => ("halve_once", Fen(0)),
        // What is due is the half, rounded as every fee is; what goes back is the rest.
        Event::Withdrawn => ("halve_withdrawal", Fen(paid.0 - half.0)),
        Event::Mediated => ("halve_mediation", Fen(paid.0 - half.0)),
        Event::TopUpUnpaid => ("to_ordinary_unpaid", half),
        Event::Won => ("refund_winner", paid),
    };
    let mut settled = settled(0, back.0, code, reason);
    if back > Fen(0) {
        let when = law().rule("refund_when");
        settled.reason.step(StepKind::Rule, when.row.text.clone()).cite(&when.citations);
    }
    Ok(settled)
}

fn settled(pay: i64, refund: i64, code: &str, mut reason: Reason) -> Settlement {
    let rule = law().rule(code);
    reason.step(StepKind::Rule, rule.row.text.clone()).cite(&rule.citations);
    let (pay, refund) = (Fen(pay), Fen(refund));
    let text = match (pay, refund) {
        (Fen(0), Fen(0)) => "不补交，也不退还。".to_owned(),
        (Fen(0), refund) => format!("应退还{}。", refund.chinese()),
        (pay, _) => format!("应补交{}。", pay.chinese()),
    };
    reason.step(StepKind::Result, text.clone()).amount(if pay > Fen(0) { pay } else { refund });
    Settlement { pay, refund, text, reason }
}
