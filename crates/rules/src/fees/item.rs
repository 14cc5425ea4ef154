//! The kinds of cases and applications, for a form to choose from and for the list of all rules.

use serde::Serialize;
use utoipa::ToSchema;

use crate::book::fees::{Asked, Class, Family, Fee};
use crate::citation::Citation;
use crate::law::law;
use crate::listed::Listed;
use crate::money::Fen;

/// One kind of case or application, as a form shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FeeItem {
    pub code: &'static str,
    pub label: &'static str,
    /// 案件受理费, 申请费 …: the heading under which it stands.
    pub family: &'static str,
    /// What the amount is of; nothing where none is asked for.
    pub asks: Option<&'static str>,
    /// Whether the amount may be left out.
    pub amount_optional: bool,
    /// Whether the fee is ever halved.
    pub halves: bool,
    /// Whether it may stand with others in one complaint.
    pub joins: bool,
    /// The standard in words.
    pub standard: String,
    #[schema(value_type = Vec<Citation>)]
    pub citations: &'static [Citation],
}

/// All kinds, in the order of the file.
pub fn items() -> Vec<FeeItem> {
    law()
        .fees
        .iter()
        .map(|fee| FeeItem {
            code: &fee.row.code,
            label: &fee.row.label,
            family: match fee.row.family {
                Family::Acceptance => "案件受理费",
                Family::Application => "申请费",
                Family::Objection => "管辖异议费用",
                Family::Free => "不交纳",
            },
            asks: (fee.row.amount != Asked::None).then_some(fee.row.asks.as_str()),
            amount_optional: fee.row.amount != Asked::Required,
            halves: fee.row.family == Family::Acceptance,
            joins: fee.row.class != Class::Alone,
            standard: standard(fee.row),
            citations: &fee.citations,
        })
        .collect()
}

/// Every rule on fees, for the page that lists rules.
pub fn listed() -> Vec<Listed> {
    let law = law();
    let fees = law
        .fees
        .iter()
        .map(|fee| fee.listed("fee", &fee.row.label, format!("{}：{}", fee.row.place, standard(fee.row))));
    let payments = law.payments.iter().map(|row| row.listed("fee", "交纳", format!("{}{}", row.row.who, row.row.when)));
    let bearings = law.bearings.iter().map(|row| row.listed("fee", "负担", row.row.text.clone()));
    let rules = law
        .rules
        .iter()
        .filter(|rule| crate::book::book().fees.rule.iter().any(|row| std::ptr::eq(row, rule.row)))
        .map(|row| row.listed("fee", "诉讼费用", row.row.text.clone()));
    fees.chain(payments).chain(bearings).chain(rules).collect()
}

/// The standard in words.
fn standard(fee: &Fee) -> String {
    let range = |low: Fen, high: Fen| {
        if low == high { low.chinese() } else { format!("{}至{}", low.chinese(), high.chinese()) }
    };
    let mut text = Vec::new();
    if let Some(span) = fee.without {
        text.push(format!("没有金额的每件{}", range(span.low, span.high)));
    }
    if let Some(span) = fee.base() {
        text.push(match fee.tiers.first() {
            Some(first) if fee.without.is_some() || !fee.local => {
                format!("不超过{}的每件{}", first.above.chinese(), range(span.low, span.high))
            }
            _ => format!("每件{}", range(span.low, span.high)),
        });
    }
    for (at, tier) in fee.tiers.iter().enumerate() {
        let to = fee.tiers.get(at + 1).map(|next| format!("至{}", next.above.chinese())).unwrap_or_default();
        text.push(format!("超过{}{to}的部分{}", tier.above.chinese(), tier.rate.chinese()));
    }
    if let (Some(like), Some(share)) = (&fee.like, fee.share) {
        let scale = law().fees.iter().find(|row| row.row.code == *like).map_or("", |row| row.row.label.as_str());
        let share = match share.chinese().as_str() {
            "100%" => String::new(),
            "50%" => "减半".to_owned(),
            other => format!("的{other}"),
        };
        let given = if fee.without.is_some() { "有金额的" } else { "" };
        text.push(format!("{given}按照“{scale}”的标准{share}交纳"));
    }
    if let Some(cap) = fee.cap {
        text.push(format!("最多{}", cap.chinese()));
    }
    if fee.family == Family::Free { "不交纳案件受理费".to_owned() } else { text.join("；") }
}
