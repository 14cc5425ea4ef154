//! Why: the rules that were applied, the arithmetic of each span, where each payment went.

use crate::interest::late::query::{Allocation, LateQuery, LateRow, Order, Within};
use crate::law::law;
use crate::money::Fen;
use crate::reason::{Reason, StepKind};

pub(super) fn explain(query: &LateQuery, rows: &[LateRow], payments: &[Allocation], reason: &mut Reason) {
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
