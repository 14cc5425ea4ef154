//! P-08: the second implementation, tests/rules/money.py, which walks day by day with fractions over scales of its own, must say the same to the fen.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use rules::civil;
use rules::fees::{FeeQuery, Halving, Local, Relief, fee};
use rules::interest::{
    Agreed, Basis, LateDebt, LateQuery, LendingQuery, Method, Order, Ordinary, Payment, ScheduleQuery, SimpleQuery,
    SimpleRate, Stay, TypedRate, Unit, Within, late, lending, schedule, simple,
};
use serde_json::{Value, json};

use crate::kit::python;

fn yuan(fen: i64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}

/// Thousandths of a percent.
fn percent(rate: i64) -> String {
    format!("{}.{:03}", rate / 1_000, rate % 1_000)
}

fn day(days: i64) -> String {
    civil::iso(civil::parse("2018-01-01").expect("a day") + time::Duration::days(days))
}

fn typed(rate: i64) -> TypedRate {
    TypedRate { rate: format!("{}%", percent(rate)), unit: Unit::Year }
}

fn basis(which: usize) -> (Basis, &'static str) {
    [(Basis::Days360, "360"), (Basis::Days365, "365"), (Basis::Actual, "actual")][which]
}

/// Draws questions, each with our answer, and compares all of them with theirs.
fn compare<S: Strategy>(number: usize, drawn: S, ask: impl Fn(S::Value) -> (Value, Vec<i64>)) {
    let mut runner = TestRunner::deterministic();
    let asked: Vec<(Value, Vec<i64>)> =
        (0..number).map(|_| ask(drawn.new_tree(&mut runner).expect("a draw").current())).collect();
    let lines: String = asked.iter().map(|(question, _)| question.to_string() + "\n").collect();
    let theirs = python("money.py", &[], &lines);
    assert_eq!(theirs.len(), asked.len());
    for ((question, ours), theirs) in asked.iter().zip(theirs) {
        let ours: Vec<String> = ours.iter().map(i64::to_string).collect();
        assert_eq!(ours.join(" "), theirs, "{question}");
    }
}

#[test]
fn p08_fees_are_the_same_in_both() {
    let codes = ["property", "enforcement", "preservation", "payment_order", "bankruptcy"];
    compare(
        2_000,
        (0..codes.len(), prop_oneof![0..5_000_000_000_i64, 0..500_000_000_i64], prop::bool::ANY, 0..100_i64),
        |draw| {
            let (code, amount, halved, less) = draw;
            let halved = halved && codes[code] == "property";
            let less = if less < 30 { 0 } else { less };
            let query = FeeQuery {
                code: codes[code].to_owned(),
                on: "2025-03-18".to_owned(),
                amount: Some(yuan(amount)),
                halving: if halved { vec![Halving::Summary] } else { vec![] },
                relief: (less > 0).then_some(Relief::Reduce { percent: less }),
                ..FeeQuery::default()
            };
            let ours = fee(&query, &Local::default()).expect("a fee");
            (
                json!({ "kind": "fee", "code": codes[code], "amount": amount, "halved": halved, "less": less }),
                vec![ours.low.0],
            )
        },
    );
}

#[test]
fn p08_contractual_interest_is_the_same_in_both() {
    let drawn =
        (1..10_000_000_000_i64, 0..60_000_i64, prop::bool::ANY, 600..2_000_i64, 0..900_i64, 0..3_usize, 100..400_i64);
    compare(150, drawn, |(amount, rate, floating, from, length, which, times)| {
        let (basis, name) = basis(which);
        let times = format!("{}.{:02}", times / 100, times % 100);
        let query = SimpleQuery {
            amount: yuan(amount),
            rate: if floating {
                SimpleRate::Lpr { times: times.clone() }
            } else {
                SimpleRate::Fixed { rate: typed(rate).rate, unit: Unit::Year }
            },
            basis,
            from: day(from),
            until: day(from + length),
            count_first_day: false,
        };
        let ours = simple(&query).expect("interest");
        let rate = (!floating).then(|| percent(rate));
        let question = json!({ "kind": "simple", "amount": amount, "rate": rate, "times": times, "basis": name, "from": query.from, "until": query.until });
        (question, vec![ours.interest.0])
    });
}

#[test]
fn p08_late_interest_is_the_same_in_both() {
    let drawn = (
        prop::collection::vec((0..400_i64, 1..100_000_000_i64, prop::bool::ANY), 1..5),
        prop::collection::vec((0..900_i64, 1..150_000_000_i64), 0..6),
        prop::collection::vec((0..900_i64, 0..90_i64), 0..4),
        (prop::bool::ANY, 0..20_000_i64, 0..500_i64, 0..3_usize),
        (prop::bool::ANY, prop::bool::ANY, 0..5_000_000_i64),
    );
    compare(
        200,
        drawn,
        |(debts, mut payments, stays, (runs, rate, from, which), (extra_first, principal_first, fixed))| {
            payments.sort_unstable();
            let (basis, name) = basis(which);
            let query = LateQuery {
                debts: debts
                    .iter()
                    .map(|(due, amount, bears)| LateDebt {
                        amount: yuan(*amount),
                        due: day(*due),
                        bears_ordinary: *bears,
                    })
                    .collect(),
                ordinary: runs.then(|| Ordinary { rate: typed(rate), basis, from: day(from) }),
                ordinary_fixed: Some(yuan(fixed)),
                payments: payments.iter().map(|(on, amount)| Payment { on: day(*on), amount: yuan(*amount) }).collect(),
                stays: stays
                    .iter()
                    .map(|(from, length)| Stay { from: day(*from), until: day(from + length), by_debtor: false })
                    .collect(),
                until: day(900),
                order: if extra_first { Order::ExtraFirst } else { Order::DebtFirst },
                within: if principal_first { Within::PrincipalFirst } else { Within::InterestFirst },
                currency: None,
            };
            let ours = late(&query).expect("interest");
            // Debts of one day are paid in the order in which they were named; theirs sorts by the amount too.
            let mut debts: Vec<(String, i64, bool)> =
                debts.iter().map(|(due, amount, bears)| (day(*due), *amount, *bears)).collect();
            debts.sort();
            let question = json!({
                "kind": "late", "debts": debts, "payments": payments.iter().map(|(on, amount)| (day(*on), amount)).collect::<Vec<_>>(),
                "stays": stays.iter().map(|(from, length)| (day(*from), day(from + length))).collect::<Vec<_>>(), "fixed": fixed, "until": query.until,
                "ordinary_from": runs.then(|| day(from)), "ordinary_rate": percent(rate), "basis": name, "extra_first": extra_first, "principal_first": principal_first,
            });
            (
                question,
                vec![
                    ours.extra.0,
                    ours.extra_left.0,
                    ours.ordinary.0,
                    ours.ordinary_left.0,
                    ours.debt_left.0,
                    ours.surplus.0,
                ],
            )
        },
    );
}

#[test]
fn p08_private_loans_are_the_same_in_both() {
    let drawn = (
        (1_000..100_000_000_i64, 0..1_000_i64, 0..2_000_i64, 0..900_i64, 0..1_200_i64),
        (prop::option::of(0..60_000_i64), prop::option::of(0..60_000_i64), prop::bool::ANY, 0..3_usize),
        (prop::bool::ANY, 0..1_000_i64, 0..3_000_000_i64),
        prop::collection::vec((0..1_200_i64, 1..60_000_000_i64), 0..5),
    );
    compare(
        250,
        drawn,
        |(
            (amount, deducted, formed, due, length),
            (rate, overdue, old_rules, which),
            (term, filed, charges),
            mut repayments,
        )| {
            let (basis, name) = basis(which);
            repayments.retain(|(on, _)| *on <= length);
            repayments.sort_unstable();
            let filed = day(formed + length + filed - 500.min(length));
            let query = LendingQuery {
                amount: yuan(amount),
                deducted: Some(yuan(deducted)),
                formed: day(formed),
                due: term.then(|| day(formed + due)),
                until: day(formed + length),
                filed: Some(filed.clone()),
                between_persons: true,
                interest: rate.map_or(Agreed::None, |rate| Agreed::Rate { rate: typed(rate).rate, unit: Unit::Year }),
                overdue: overdue.map(typed),
                penalty: Some(yuan(charges)),
                basis,
                old_rules,
                repayments: repayments
                    .iter()
                    .map(|(on, amount)| Payment { on: day(formed + on), amount: yuan(*amount) })
                    .collect(),
                ..LendingQuery::default()
            };
            let ours = lending(&query).unwrap_or_else(|wrong| panic!("{query:?}: {wrong}"));
            let question = json!({
                "kind": "lending", "amount": amount, "deducted": deducted, "formed": query.formed, "due": query.due, "until": query.until, "filed": filed,
                "rate": rate.map(percent), "overdue": overdue.map(percent), "old_rules": old_rules, "basis": name, "charges": charges,
                "repayments": repayments.iter().map(|(on, amount)| (day(formed + on), amount)).collect::<Vec<_>>(),
            });
            let numbers = [
                ours.interest.0,
                ours.interest.0 + ours.overdue.0,
                ours.charges.0,
                ours.principal_left.0,
                ours.interest_left.0,
                ours.surplus.0,
            ];
            (question, numbers.to_vec())
        },
    );
}

#[test]
fn p08_schedules_are_the_same_in_both() {
    let methods = [
        (Method::EqualInstalment, "equal_instalment"),
        (Method::EqualPrincipal, "equal_principal"),
        (Method::InterestFirst, "interest_first"),
    ];
    compare(150, (1..100_000_000_000_i64, 0..36_000_i64, 1..=480_i64, 0..3_usize), |(amount, rate, months, which)| {
        let (method, name) = methods[which];
        let query = ScheduleQuery { amount: yuan(amount), rate: typed(rate), months, start: day(0), method };
        let ours = schedule(&query).expect("a schedule");
        let question =
            json!({ "kind": "schedule", "amount": amount, "rate": percent(rate), "months": months, "method": name });
        (question, ours.rows.iter().flat_map(|row| [row.principal.0, row.interest.0]).collect())
    });
}
