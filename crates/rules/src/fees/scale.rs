//! An amount on a scale: tier by tier, exact, with each line of the arithmetic.

use crate::book::fees::{Fee, Span};
use crate::law::{Cited, law};
use crate::money::{Exact, Fen, Rate};
use crate::reason::{Reason, StepKind};

use super::local::Local;

/// A fee that is not rounded yet: both ends of its range.
#[derive(Clone, Copy, Debug)]
pub(super) struct Due {
    pub low: Exact,
    pub high: Exact,
}

impl Due {
    pub(super) const ZERO: Self = Self { low: Exact::ZERO, high: Exact::ZERO };

    pub(super) fn times(self, rate: Rate) -> Self {
        Self { low: self.low.times(rate), high: self.high.times(rate) }
    }

    pub(super) fn rounded(self) -> Span {
        Span { low: self.low.rounded(), high: self.high.rounded() }
    }

    fn plus(self, more: Exact) -> Self {
        Self { low: self.low.plus(more), high: self.high.plus(more) }
    }
}

/// What a case of this kind costs with this amount (None: nothing with an amount is in dispute).
pub(super) fn due(fee: &'static Cited<Fee>, amount: Option<Fen>, local: &Local, reason: &mut Reason) -> Due {
    let row = fee.row;
    match (amount, row.without) {
        (None, Some(span)) => return base(fee, span, local, "没有金额或者价额，每件", reason),
        (None, None) if row.like.is_some() => return Due::ZERO,
        _ => {}
    }
    let due = match (&row.like, row.share) {
        (Some(like), Some(share)) => {
            let scale = law().fees.iter().find(|other| other.row.code == *like).unwrap_or(fee);
            let whole = tiers(scale, amount.unwrap_or_default(), local, reason);
            if share == Rate::new(1, 1) {
                whole
            } else {
                let part = whole.times(share);
                reason
                    .step(
                        StepKind::Rule,
                        format!(
                            "按照“{}”标准的{}交纳，为{}。",
                            scale.row.label,
                            share.chinese(),
                            part.low.rounded().chinese()
                        ),
                    )
                    .cite(&fee.citations)
                    .amount(part.low.rounded());
                part
            }
        }
        _ => tiers(fee, amount.unwrap_or_default(), local, reason),
    };
    let Some(cap) = row.cap.filter(|cap| due.high.rounded() > *cap) else { return due };
    reason
        .step(StepKind::Limit, format!("“{}”最多不超过{}。", row.label, cap.chinese()))
        .cite(&fee.citations)
        .amount(cap);
    Due { low: Exact::from(cap), high: Exact::from(cap) }
}

fn tiers(fee: &'static Cited<Fee>, amount: Fen, local: &Local, reason: &mut Reason) -> Due {
    let row = fee.row;
    let mut due = match row.base() {
        Some(span) => base(fee, span, local, "每件", reason),
        None => Due::ZERO,
    };
    for (at, tier) in row.tiers.iter().enumerate() {
        if amount <= tier.above {
            break;
        }
        let next = row.tiers.get(at + 1).map(|next| next.above);
        let part = Fen(next.map_or(amount.0, |next| next.0.min(amount.0)) - tier.above.0);
        let exact = part.at(tier.rate);
        let to = next.map(|next| format!("至{}", next.chinese())).unwrap_or_default();
        reason
            .step(
                StepKind::Arithmetic,
                format!(
                    "超过{}{to}的部分：{}×{}＝{}。",
                    tier.above.chinese(),
                    part.chinese(),
                    tier.rate.chinese(),
                    exact.rounded().chinese()
                ),
            )
            .cite(&fee.citations)
            .amount(exact.rounded());
        due = due.plus(exact);
    }
    due
}

/// What is due in any event: one amount, the province's value, or the range.
fn base(fee: &'static Cited<Fee>, span: Span, local: &Local, lead: &str, reason: &mut Reason) -> Due {
    let place = &fee.row.place;
    if span.low == span.high {
        reason
            .step(StepKind::Rule, format!("{}（{place}）：{lead}{}。", fee.row.label, span.low.chinese()))
            .cite(&fee.citations)
            .amount(span.low);
        return Due { low: span.low.into(), high: span.high.into() };
    }
    let range = format!("{}至{}", span.low.chinese(), span.high.chinese());
    reason.step(StepKind::Rule, format!("{}（{place}）：{lead}{range}。", fee.row.label)).cite(&fee.citations);
    if let Some((value, source)) = fee.row.range().and_then(|_| local.find(&fee.row.code)) {
        reason
            .step(StepKind::Rule, format!("本地标准为{}（{source}）。", value.chinese()))
            .cite(&law().rule("local").citations)
            .amount(value);
        return Due { low: value.into(), high: value.into() };
    }
    let who = if fee.row.local {
        "具体标准由省级人民政府在幅度内确定"
    } else {
        "具体数额由法院在幅度内确定"
    };
    reason.step(StepKind::Caution, format!("{who}，这里显示幅度。")).cite(if fee.row.local {
        &law().rule("local").citations
    } else {
        &fee.citations
    });
    Due { low: span.low.into(), high: span.high.into() }
}
