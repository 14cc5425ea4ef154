//! Interest against 迟延履行利息解释 (INT), 民间借贷规定 (PLR), 民法典 (CIV) and the published loan prime rate. The numbers were worked by hand from the articles named
//! beside them; days are those after the first until the last.

use proptest::prelude::*;
use rules::interest::{
    Agreed, Basis, LateCurrency, LateDebt, LateQuery, LateResult, LendingQuery, LendingResult, Method, Order, Ordinary,
    Payment, ScheduleQuery, ScheduleResult, SimpleQuery, SimpleRate, SimpleResult, Stay, TypedRate, Unit, Within, late,
    lending, lpr, lpr_on, schedule, simple,
};
use rules::{StepKind, civil};

fn debt(amount: &str, due: &str) -> LateDebt {
    LateDebt { amount: amount.to_owned(), due: due.to_owned(), bears_ordinary: true }
}

fn paid(on: &str, amount: &str) -> Payment {
    Payment { on: on.to_owned(), amount: amount.to_owned() }
}

/// 100,000 due on 1 January 2025, until 11 April: 30 + 28 + 31 + 11 = 100 days.
fn hundred_days() -> LateQuery {
    LateQuery { debts: vec![debt("100000", "2025-01-01")], until: "2025-04-11".to_owned(), ..LateQuery::default() }
}

fn late_of(query: &LateQuery) -> LateResult {
    let result = late(query).expect("a result");
    assert_eq!(result.rows.iter().map(|row| row.extra.0).sum::<i64>(), result.extra.0, "rows add up");
    assert_eq!(result.left.0, result.debt_left.0 + result.extra_left.0 + result.ordinary_left.0);
    result
}

#[test]
fn the_extra_part_is_a_daily_rate_on_what_is_unpaid() {
    // law.md 1.6; INT 1.3: 100,000 × 0.000175 × 100.
    let result = late_of(&hundred_days());
    assert_eq!((result.extra.0, result.debt_left.0, result.left.0), (175_000, 10_000_000, 10_175_000));
    // The day on which the period ends does not count: nothing on that day, one day on the next (100,000 × 0.000175 = 17.50).
    assert_eq!(late_of(&LateQuery { until: "2025-01-01".to_owned(), ..hundred_days() }).extra.0, 0);
    assert_eq!(late_of(&LateQuery { until: "2025-01-02".to_owned(), ..hundred_days() }).extra.0, 1_750);
    assert_eq!(late_of(&LateQuery { until: "2024-12-01".to_owned(), ..hundred_days() }).extra.0, 0);
}

#[test]
fn a_part_payment_stops_the_part_that_it_pays() {
    // INT 3.1, 4: 100,000 × 0.000175 × 50 = 875; then 60,000 × 0.000175 × 50 = 525. The payment goes to the debt, none of it to the extra part.
    let result = late_of(&LateQuery { payments: vec![paid("2025-02-20", "40000")], ..hundred_days() });
    assert_eq!((result.extra.0, result.extra_left.0, result.debt_left.0), (140_000, 140_000, 6_000_000));
    assert_eq!((result.payments[0].debt.0, result.payments[0].extra.0), (4_000_000, 0));
    // INT 4, by agreement: 875 first; 39,125 of the debt; 60,875 × 0.000175 × 50 = 532.65625; together 1,407.65625.
    let agreed =
        late_of(&LateQuery { order: Order::ExtraFirst, payments: vec![paid("2025-02-20", "40000")], ..hundred_days() });
    assert_eq!((agreed.extra.0, agreed.debt_left.0, agreed.extra_left.0), (140_766, 6_087_500, 53_266));
}

#[test]
fn a_payment_beyond_the_debt_pays_the_extra_part_and_then_is_too_much() {
    // 100 days: 1,750. 101,000 pay 100,000 and 1,000 of it; 102,000 pay all and 250 too much. The day of payment counts.
    let short = late_of(&LateQuery { payments: vec![paid("2025-04-11", "101000")], ..hundred_days() });
    assert_eq!((short.debt_left.0, short.extra_left.0, short.surplus.0), (0, 75_000, 0));
    let much = late_of(&LateQuery { payments: vec![paid("2025-04-11", "102000")], ..hundred_days() });
    assert_eq!((much.left.0, much.surplus.0), (0, 25_000));
    // What is paid leaves nothing that could run on.
    let early = late_of(&LateQuery { payments: vec![paid("2025-01-01", "100000")], ..hundred_days() });
    assert_eq!((early.extra.0, early.left.0), (0, 0));
}

#[test]
fn ordinary_interest_runs_as_the_judgment_says_and_is_no_base_of_the_extra_part() {
    // INT 1, CIV 561. Ordinary 6% of a year of 365 days from 2024-12-31; due 2025-01-31; 10,000 paid on 2025-03-01; until 2025-03-31.
    // Ordinary: 100,000 × 6% × 60/365 = 986.3014 → the payment pays 986.30 of it and 9,013.70 of the debt; then 90,986.30 × 6% × 30/365 = 448.6996.
    // Extra: 100,000 × 0.000175 × 29 = 507.50; 90,986.30 × 0.000175 × 30 = 477.678; together 985.178.
    let query = LateQuery {
        debts: vec![debt("100000", "2025-01-31")],
        ordinary: Some(Ordinary {
            rate: TypedRate { rate: "6%".to_owned(), unit: Unit::Year },
            basis: Basis::Days365,
            from: "2024-12-31".to_owned(),
        }),
        payments: vec![paid("2025-03-01", "10000")],
        until: "2025-03-31".to_owned(),
        ..LateQuery::default()
    };
    let result = late_of(&query);
    assert_eq!((result.ordinary.0, result.ordinary_left.0), (143_500, 44_870));
    assert_eq!((result.debt_left.0, result.extra.0), (9_098_630, 98_518));
    assert_eq!((result.payments[0].ordinary.0, result.payments[0].debt.0), (98_630, 901_370));
    // By agreement the debt first: 90,000 left; ordinary 986.3014 + 90,000 × 6% × 30/365 = 1,430.137; extra 507.50 + 90,000 × 0.000175 × 30 = 980.
    let principal = late_of(&LateQuery { within: Within::PrincipalFirst, ..query.clone() });
    assert_eq!((principal.ordinary.0, principal.extra.0, principal.debt_left.0), (143_014, 98_000, 9_000_000));
    // A penalty of 20,000 beside it bears no ordinary interest, but the extra part: 59 days, unpaid, 20,000 × 0.000175 × 59 = 206.50.
    let penalty = LateDebt { bears_ordinary: false, ..debt("20000", "2025-01-31") };
    let both = late_of(&LateQuery { debts: vec![debt("100000", "2025-01-31"), penalty], ..query });
    assert_eq!((both.ordinary.0, both.extra.0), (143_500, 98_518 + 20_650));
}

#[test]
fn ordinary_interest_fixed_as_a_sum_is_paid_first_and_bears_nothing() {
    let query = LateQuery {
        ordinary_fixed: Some("3000".to_owned()),
        payments: vec![paid("2025-01-01", "2000")],
        ..hundred_days()
    };
    let result = late_of(&query);
    assert_eq!((result.ordinary_left.0, result.debt_left.0, result.extra.0), (100_000, 10_000_000, 175_000));
}

#[test]
fn days_of_a_stay_do_not_count_unless_the_debtor_asked_for_it() {
    // INT 3.3: ten days less: 100,000 × 0.000175 × 90.
    let stay = |from: &str, until: &str, by_debtor| Stay { from: from.to_owned(), until: until.to_owned(), by_debtor };
    let with = |stays| late_of(&LateQuery { stays, ..hundred_days() }).extra.0;
    assert_eq!(with(vec![stay("2025-02-01", "2025-02-10", false)]), 157_500);
    assert_eq!(with(vec![stay("2025-02-01", "2025-02-10", true)]), 175_000);
    // Overlapping stays are one: 1 to 15 February, 85 days left. Outside of the span they change nothing.
    assert_eq!(with(vec![stay("2025-02-01", "2025-02-10", false), stay("2025-02-05", "2025-02-15", false)]), 148_750);
    assert_eq!(with(vec![stay("2024-11-01", "2025-01-01", false), stay("2025-04-12", "2025-05-01", false)]), 175_000);
    assert_eq!(with(vec![stay("2024-11-01", "2025-05-01", false)]), 0);
}

#[test]
fn instalments_begin_each_on_its_own_day() {
    // INT 2: 50,000 × 0.000175 × 100 = 875; 50,000 × 0.000175 × 69 = 603.75.
    let query = LateQuery { debts: vec![debt("50000", "2025-02-01"), debt("50000", "2025-01-01")], ..hundred_days() };
    assert_eq!(late_of(&query).extra.0, 147_875);
    // CIV 560.2: a payment goes to the one that fell due first. 50,000 on 11 January: 10 days × 50,000 = 87.50; then 603.75.
    let paid_one = LateQuery { payments: vec![paid("2025-01-11", "50000")], ..query };
    assert_eq!(late_of(&paid_one).extra.0, 69_125);
}

#[test]
fn a_foreign_currency_runs_in_itself_or_in_yuan() {
    // INT 5: 10,000 × 7.1 = 71,000 × 0.000175 × 100 = 1,242.50; in the currency itself 175.
    let query = |rate: Option<&str>| LateQuery {
        debts: vec![debt("10000", "2025-01-01")],
        currency: Some(LateCurrency { name: "美元".to_owned(), rate: rate.map(str::to_owned) }),
        ..hundred_days()
    };
    assert_eq!(late_of(&query(Some("7.1"))).extra.0, 124_250);
    assert_eq!(late_of(&query(None)).extra.0, 17_500);
    assert_eq!(late(&query(Some("x"))).expect_err("no rate").code(), "exchange.invalid");
}

#[test]
fn what_is_wrong_with_a_question_on_late_interest_is_said() {
    let wrong = |query: &LateQuery| late(query).expect_err("a mistake").code();
    // INT 7: before 2014-08-01 other rules hold.
    assert_eq!(wrong(&LateQuery { debts: vec![debt("1", "2014-07-30")], ..hundred_days() }), "date.too_early");
    assert!(late(&LateQuery { debts: vec![debt("1", "2014-07-31")], ..hundred_days() }).is_ok());
    assert_eq!(wrong(&LateQuery { debts: vec![], ..hundred_days() }), "value.missing");
    assert_eq!(wrong(&LateQuery { debts: vec![debt("0", "2025-01-01")], ..hundred_days() }), "amount.out_of_range");
    assert_eq!(wrong(&LateQuery { until: "2025-13-01".to_owned(), ..hundred_days() }), "date.invalid");
    assert_eq!(wrong(&LateQuery { payments: vec![paid("2025-04-12", "1")], ..hundred_days() }), "date.backwards");
    assert_eq!(wrong(&LateQuery { payments: vec![paid("2025-04-11", "1"); 121], ..hundred_days() }), "value.too_many");
    let stay = Stay { from: "2025-03-01".to_owned(), until: "2025-02-01".to_owned(), by_debtor: false };
    assert_eq!(wrong(&LateQuery { stays: vec![stay], ..hundred_days() }), "date.backwards");
}

/// 100,000 lent on 1 March 2021 for a year; the one-year LPR was 3.85%, four times 15.4%.
fn loan(rate: &str) -> LendingQuery {
    LendingQuery {
        amount: "100000".to_owned(),
        formed: "2021-03-01".to_owned(),
        until: "2022-03-01".to_owned(),
        between_persons: true,
        interest: if rate.is_empty() { Agreed::None } else { Agreed::Rate { rate: rate.to_owned(), unit: Unit::Year } },
        ..LendingQuery::default()
    }
}

fn lent(query: &LendingQuery) -> LendingResult {
    let result = lending(query).expect("a result");
    assert_eq!(
        result.rows.iter().map(|row| row.interest.0).sum::<i64>(),
        result.interest.0 + result.overdue.0,
        "rows add up"
    );
    result
}

#[test]
fn interest_above_four_times_the_lpr_is_not_upheld() {
    // PLR 25: 365 days at 15.4% of 24% agreed; within the cap as agreed.
    let much = lent(&loan("24%"));
    assert_eq!((much.interest.0, much.refused.0), (1_540_000, 860_000));
    assert_eq!(lent(&loan("15.4%")).refused.0, 0);
    assert_eq!((lent(&loan("12%")).interest.0, lent(&loan("12%")).left.0), (1_200_000, 11_200_000));
    // 月息一分 is 12%; 日息万分之五 is 18.25% and is capped.
    let unit = |rate: &str, unit| LendingQuery { interest: Agreed::Rate { rate: rate.to_owned(), unit }, ..loan("") };
    assert_eq!(lent(&unit("1%", Unit::Month)).interest.0, 1_200_000);
    assert_eq!(lent(&unit("0.05%", Unit::Day)).interest.0, 1_540_000);
    // A contract of 2024-10-21, the day on which 3.10% was published: 12.4%; of the day before: 3.35%, 13.4%.
    let formed =
        |day: &str, until: &str| LendingQuery { formed: day.to_owned(), until: until.to_owned(), ..loan("24%") };
    assert_eq!(lent(&formed("2024-10-21", "2025-10-21")).interest.0, 1_240_000);
    assert_eq!(lent(&formed("2024-10-20", "2025-10-20")).interest.0, 1_340_000);
}

#[test]
fn where_no_interest_was_agreed_there_is_none_until_it_was_due() {
    // PLR 24.1; CIV 680.
    assert_eq!(lent(&loan("")).interest.0, 0);
    assert_eq!(lent(&LendingQuery { interest: Agreed::Unclear, ..loan("") }).interest.0, 0);
    let business = LendingQuery { interest: Agreed::Unclear, between_persons: false, ..loan("") };
    assert!(lent(&business).reason.0.iter().any(|step| step.kind == StepKind::Caution), "the court determines it");
    // PLR 28.2(1): after it was due, the LPR of then: 3.80% on 2022-01-01; 365 days.
    let overdue = LendingQuery { due: Some("2021-12-31".to_owned()), until: "2022-12-31".to_owned(), ..loan("") };
    assert_eq!((lent(&overdue).interest.0, lent(&overdue).overdue.0), (0, 380_000));
}

#[test]
fn after_it_was_due_the_agreed_rate_holds_up_to_the_cap() {
    let overdue = |rate: &str, late: Option<&str>| LendingQuery {
        due: Some("2022-03-01".to_owned()),
        until: "2023-03-01".to_owned(),
        overdue: late.map(|rate| TypedRate { rate: rate.to_owned(), unit: Unit::Year }),
        ..loan(rate)
    };
    // PLR 28.2(2): the rate of the term runs on. PLR 28.1: an agreed one up to 15.4%.
    assert_eq!((lent(&overdue("10%", None)).interest.0, lent(&overdue("10%", None)).overdue.0), (1_000_000, 1_000_000));
    assert_eq!(lent(&overdue("10%", Some("13%"))).overdue.0, 1_300_000);
    assert_eq!(lent(&overdue("", Some("20%"))).overdue.0, 1_540_000);
    // PLR 29: 10,000 of interest, 8,000 of penalty; together at most 15,400: 5,400 of the penalty. With charges of 1,000 it is the same.
    let penalty = LendingQuery { penalty: Some("8000".to_owned()), ..overdue("10%", None) };
    assert_eq!((lent(&penalty).charges.0, lent(&penalty).refused.0), (540_000, 260_000));
    let both = LendingQuery { charges: Some("1000".to_owned()), ..penalty };
    assert_eq!((lent(&both).charges.0, lent(&both).refused.0), (540_000, 360_000));
    let small = LendingQuery { penalty: Some("5000".to_owned()), ..overdue("10%", None) };
    assert_eq!((lent(&small).charges.0, lent(&small).left.0), (500_000, 12_500_000));
}

#[test]
fn interest_deducted_beforehand_is_no_principal() {
    // PLR 26, CIV 670: 90,000 × 12%.
    let result = lent(&LendingQuery { deducted: Some("10000".to_owned()), ..loan("12%") });
    assert_eq!((result.principal.0, result.interest.0), (9_000_000, 1_080_000));
    assert_eq!(
        lending(&LendingQuery { deducted: Some("100000".to_owned()), ..loan("12%") }).expect_err("all of it").code(),
        "amount.out_of_range"
    );
}

#[test]
fn an_older_loan_is_split_at_20_august_2020() {
    // PLR 31.2; PLR(2015) 26. 100,000 lent on 2019-06-01, filed on 2021-06-01 (LPR 3.85%), 24% agreed.
    // 366 + 79 = 445 days at 24%: 29,260.274; 286 days at 15.4%: 12,066.849.
    let old = |rate: &str| LendingQuery {
        formed: "2019-06-01".to_owned(),
        until: "2021-06-01".to_owned(),
        filed: Some("2021-06-01".to_owned()),
        old_rules: true,
        ..loan(rate)
    };
    let result = lent(&old("24%"));
    assert_eq!(
        result.rows.iter().map(|row| (row.days, row.interest.0)).collect::<Vec<_>>(),
        [(445, 2_926_027), (286, 1_206_685)]
    );
    assert_eq!(result.interest.0, 4_132_712);
    // 36% agreed: the same is upheld; 12% × 445/365 and 20.6% × 286/365 are not: 14,630.137 + 16,141.370.
    assert_eq!((lent(&old("36%")).interest.0, lent(&old("36%")).refused.0), (4_132_712, 3_077_151));
    // 20% agreed: 100,000 × 20% × 445/365 = 24,383.562 and 12,066.849.
    assert_eq!(lent(&old("20%")).interest.0, 3_645_041);
    // Nobody asks for the old rules: one standard, 15.4% when it was filed, for all 731 days: 15,400 × 731 / 365 = 30,842.1918.
    assert_eq!(lent(&LendingQuery { old_rules: false, ..old("24%") }).interest.0, 3_084_219);
    // Filed before the change: the old rules for all of it. 2019-06-01 to 2020-06-01 are 366 days: 24,065.753.
    let before = LendingQuery { filed: Some("2020-06-01".to_owned()), until: "2020-06-01".to_owned(), ..old("30%") };
    assert_eq!(lent(&before).interest.0, 2_406_575);
    // Before 2015-09-01 yet other rules held.
    assert_eq!(
        lending(&LendingQuery { formed: "2015-08-31".to_owned(), ..old("24%") }).expect_err("older").code(),
        "date.too_early"
    );
}

#[test]
fn what_was_paid_voluntarily_between_24_and_36_percent_stays_paid() {
    // PLR(2015) 26, 31: lent on 2019-01-01 at 36%; a year later 36,000: 24,000 upheld, 12,000 not given back, the principal untouched.
    let old = |rate: &str, amount: &str| LendingQuery {
        formed: "2019-01-01".to_owned(),
        until: "2020-01-01".to_owned(),
        filed: Some("2021-06-01".to_owned()),
        old_rules: true,
        repayments: vec![paid("2020-01-01", amount)],
        ..loan(rate)
    };
    assert_eq!(
        (lent(&old("36%", "36000")).principal_left.0, lent(&old("36%", "36000")).interest_left.0),
        (10_000_000, 0)
    );
    // At 48% what is above 36% is void and counts to the principal: 48,000 − 24,000 − 12,000.
    assert_eq!(lent(&old("48%", "48000")).principal_left.0, 8_800_000);
}

#[test]
fn what_comes_back_pays_interest_before_the_principal() {
    // CIV 561. 12% from 2022-01-01; 10,000 after 181 days: interest 5,950.6849, so 4,049.32 of the principal; then 95,950.68 × 12% × 183/365 = 5,772.8135.
    let query = LendingQuery {
        formed: "2022-01-01".to_owned(),
        until: "2022-12-31".to_owned(),
        repayments: vec![paid("2022-07-01", "10000")],
        ..loan("12%")
    };
    let result = lent(&query);
    assert_eq!((result.principal_left.0, result.interest.0, result.interest_left.0), (9_595_068, 1_172_350, 577_282));
    // More than everything is too much: 100,000 + 5,950.68 + … on the last day.
    let much = lent(&LendingQuery { repayments: vec![paid("2022-12-31", "120000")], ..query });
    // 364 days × 12% = 11,967.12.
    assert_eq!((much.left.0, much.surplus.0), (0, 803_288));
}

#[test]
fn beyond_the_table_the_rate_must_be_given() {
    let late = LendingQuery { formed: "2027-01-01".to_owned(), until: "2028-01-01".to_owned(), ..loan("24%") };
    let wrong = lending(&late).expect_err("unknown");
    assert_eq!(wrong.code(), "rate.lpr_unknown");
    assert!(wrong.sentence().contains("请自行填写"), "{}", wrong.sentence());
    // 4 × 3% = 12%.
    assert_eq!(lent(&LendingQuery { lpr: Some("3%".to_owned()), ..late }).interest.0, 1_200_000);
    let day = |typed: &str| civil::parse(typed).expect("a day");
    assert_eq!(lpr_on(day("2019-08-19")).expect_err("before the first").code(), "rate.lpr_unknown");
    for (on, rate) in [
        ("2019-08-20", "4.25%"),
        ("2019-09-19", "4.25%"),
        ("2020-04-19", "4.05%"),
        ("2020-04-20", "3.85%"),
        ("2021-12-19", "3.85%"),
        ("2021-12-20", "3.8%"),
        ("2022-08-22", "3.65%"),
        ("2023-06-20", "3.55%"),
        ("2023-08-21", "3.45%"),
        ("2024-07-22", "3.35%"),
        ("2024-10-21", "3.1%"),
        ("2025-05-19", "3.1%"),
        ("2025-05-20", "3%"),
        ("2026-07-19", "3%"),
    ] {
        assert_eq!(lpr_on(day(on)).expect("in the table").chinese(), rate, "{on}");
    }
    let (entries, until) = lpr();
    assert_eq!((entries.len(), until.as_str()), (83, "2026-07-19"));
}

#[test]
fn what_is_wrong_with_a_question_on_lending_is_said() {
    let wrong = |query: LendingQuery| lending(&query).expect_err("a mistake").code();
    assert_eq!(wrong(LendingQuery { until: "2021-02-28".to_owned(), ..loan("") }), "date.backwards");
    assert_eq!(wrong(LendingQuery { due: Some("2021-02-28".to_owned()), ..loan("") }), "date.backwards");
    assert_eq!(wrong(LendingQuery { filed: Some("2021-02-28".to_owned()), ..loan("") }), "date.backwards");
    for rate in ["12", "x%", "-3%", "1001%", "1.1234567%", "100%%"] {
        assert_eq!(wrong(loan(rate)), "rate.invalid", "{rate}");
    }
    assert_eq!(wrong(LendingQuery { repayments: vec![paid("2021-02-28", "1")], ..loan("") }), "date.backwards");
}

fn simple_query(rate: SimpleRate, from: &str, until: &str) -> SimpleQuery {
    SimpleQuery {
        amount: "100000".to_owned(),
        rate,
        basis: Basis::Days365,
        from: from.to_owned(),
        until: until.to_owned(),
        count_first_day: false,
    }
}

fn fixed(rate: &str) -> SimpleRate {
    SimpleRate::Fixed { rate: rate.to_owned(), unit: Unit::Year }
}

fn simply(query: &SimpleQuery) -> SimpleResult {
    let result = simple(query).expect("a result");
    assert_eq!(result.rows.iter().map(|row| row.interest.0).sum::<i64>(), result.interest.0, "rows add up");
    assert_eq!(result.rows.iter().map(|row| row.days).sum::<i64>(), result.days);
    result
}

#[test]
fn contractual_interest_counts_days_as_agreed() {
    // 2024-01-01 to 2024-12-31: 365 days of a leap year. 4.35%: 4,350 by 365; × 365/360 = 4,410.4167; × 365/366 = 4,338.1148.
    let query = simple_query(fixed("4.35%"), "2024-01-01", "2024-12-31");
    assert_eq!(simply(&query).interest.0, 435_000);
    assert_eq!(simply(&SimpleQuery { basis: Basis::Days360, ..query.clone() }).interest.0, 441_042);
    assert_eq!(simply(&SimpleQuery { basis: Basis::Actual, ..query.clone() }).interest.0, 433_811);
    // Over the turn of a leap year: 2023-07-01 to 2024-07-01, 183 days / 365 + 183 days / 366: 2,180.9589 + 2,175 = 4,355.9589.
    let turn = SimpleQuery { basis: Basis::Actual, ..simple_query(fixed("4.35%"), "2023-07-01", "2024-07-01") };
    assert_eq!(simply(&turn).interest.0, 435_596);
    // The first day, if they agreed so: 366 × 4.35% / 365 × 100,000 = 4,361.9178.
    assert_eq!(simply(&SimpleQuery { count_first_day: true, ..query }).interest.0, 436_192);
}

#[test]
fn a_floating_rate_changes_on_the_day_of_publication() {
    // 2024-07-02 to 07-21: 20 days at 3.45%, 189.0411; to 10-20: 91 days at 3.35%, 835.2055; to 11-01: 12 days at 3.10%, 101.9178.
    let query = |times: &str| simple_query(SimpleRate::Lpr { times: times.to_owned() }, "2024-07-01", "2024-11-01");
    let result = simply(&query("1"));
    assert_eq!(result.interest.0, 112_616);
    assert_eq!(
        result.rows.iter().map(|row| (row.from.as_str(), row.days, row.rate.as_str())).collect::<Vec<_>>(),
        [("2024-07-02", 20, "3.45%"), ("2024-07-22", 91, "3.35%"), ("2024-10-21", 12, "3.1%")]
    );
    // Half as much again: 1,126.1644 × 1.5 = 1,689.2466.
    assert_eq!(simply(&query("1.5")).interest.0, 168_925);
    assert_eq!(simple(&query("4.1")).expect_err("too many times").code(), "value.out_of_range");
    let early = simple_query(SimpleRate::Lpr { times: "1".to_owned() }, "2019-08-01", "2019-12-01");
    assert_eq!(simple(&early).expect_err("before the LPR").code(), "rate.lpr_unknown");
}

fn scheduled(amount: &str, rate: &str, months: i64, method: Method) -> ScheduleResult {
    let query = ScheduleQuery {
        amount: amount.to_owned(),
        rate: TypedRate { rate: rate.to_owned(), unit: Unit::Year },
        months,
        start: "2025-01-31".to_owned(),
        method,
    };
    schedule(&query).expect("a schedule")
}

#[test]
fn an_equal_instalment_is_the_annuity_rounded_to_the_fen() {
    // P·r·(1+r)ⁿ/((1+r)ⁿ−1), computed with 60 digits: 5,307.26720…, 8,530.99003…, 2,798.08448…, 2,433.84548…, 375.57920….
    for (amount, rate, months, payment) in [
        ("1000000", "4.9%", 360, 530_727),
        ("100000", "4.35%", 12, 853_099),
        ("500000", "3.1%", 240, 279_808),
        ("50000", "15.4%", 24, 243_385),
        ("12345.67", "6%", 36, 37_558),
    ] {
        let result = scheduled(amount, rate, months, Method::EqualInstalment);
        assert_eq!(result.rows[0].total.0, payment, "{amount} {rate} {months}");
    }
    // Without interest it is the principal in equal parts, the rest in the last one.
    let free = scheduled("100", "0%", 3, Method::EqualInstalment);
    assert_eq!(free.rows.iter().map(|row| row.total.0).collect::<Vec<_>>(), [3_333, 3_333, 3_334]);
}

#[test]
fn equal_principal_and_interest_first_are_what_they_say() {
    // 120,000 at 6% over 12 months: 10,000 each; interest 600, 550, …, 50: 3,900.
    let equal = scheduled("120000", "6%", 12, Method::EqualPrincipal);
    assert_eq!((equal.rows[0].interest.0, equal.rows[11].interest.0, equal.interest.0), (60_000, 5_000, 390_000));
    assert!(equal.rows.iter().all(|row| row.principal.0 == 1_000_000));
    // Interest first: 12 × 600.
    let first = scheduled("120000", "6%", 12, Method::InterestFirst);
    assert_eq!((first.rows[0].total.0, first.rows[11].total.0, first.interest.0), (60_000, 12_060_000, 720_000));
    // From 31 January on: the last day of shorter months.
    let due: Vec<&str> = equal.rows.iter().take(3).map(|row| row.due.as_str()).collect();
    assert_eq!(due, ["2025-02-28", "2025-03-31", "2025-04-30"]);
    let query = ScheduleQuery {
        months: 481,
        ..ScheduleQuery {
            amount: "1".to_owned(),
            rate: TypedRate { rate: "1%".to_owned(), unit: Unit::Year },
            months: 1,
            start: "2025-01-01".to_owned(),
            method: Method::EqualPrincipal,
        }
    };
    assert_eq!(schedule(&query).expect_err("too long").code(), "value.out_of_range");
}

#[test]
fn the_largest_that_is_taken_is_exact_or_refused() {
    // Ten trillion at 1000% from 1949-01-01 to 2199-12-31, 91,675 days by the calendar: 10¹⁵ fen × 10 × 91,675 / 365.
    let most =
        SimpleQuery { amount: "10000000000000".to_owned(), ..simple_query(fixed("1000%"), "1949-01-01", "2199-12-31") };
    let days =
        civil::days_between(civil::parse("1949-01-01").expect("a day"), civil::parse("2199-12-31").expect("a day"));
    let exact = (10_i128.pow(16) * i128::from(days) * 2 + 365) / 730;
    assert_eq!(i128::from(simply(&most).interest.0), exact);
    let debts = vec![debt("10000000000000", "2014-08-01"); 120];
    let ordinary = Ordinary {
        rate: TypedRate { rate: "1000%".to_owned(), unit: Unit::Year },
        basis: Basis::Actual,
        from: "2014-08-01".to_owned(),
    };
    let query = LateQuery { debts, ordinary: Some(ordinary), until: "2199-12-31".to_owned(), ..LateQuery::default() };
    assert_eq!(late(&query).expect_err("beyond what can be said").code(), "amount.too_large");
    assert_eq!(
        simple(&SimpleQuery { amount: "10000000000000.01".to_owned(), ..most }).expect_err("more").code(),
        "amount.too_large"
    );
}

fn day_after(days: i64) -> String {
    let start = civil::parse("2019-01-01").expect("a day");
    civil::iso(start + time::Duration::days(days))
}

proptest! {
    #[test]
    fn p08_a_schedule_adds_up_to_the_fen(fen in 1..100_000_000_000_i64, rate in 0..36_000_i64, months in 1..=480_i64, method in 0..3_usize) {
        let method = [Method::EqualInstalment, Method::EqualPrincipal, Method::InterestFirst][method];
        let amount = format!("{}.{:02}", fen / 100, fen % 100);
        let result = scheduled(&amount, &format!("{}.{:03}%", rate / 1_000, rate % 1_000), months, method);
        prop_assert_eq!(result.rows.iter().map(|row| row.principal.0).sum::<i64>(), fen);
        prop_assert_eq!(result.rows.iter().map(|row| row.interest.0).sum::<i64>(), result.interest.0);
        prop_assert_eq!(result.rows.iter().map(|row| row.total.0).sum::<i64>(), result.total.0);
        prop_assert_eq!(result.rows.last().map(|row| row.left.0), Some(0));
        prop_assert!(result.rows.iter().all(|row| row.principal.0 >= 0 && row.left.0 >= 0));
        prop_assert_eq!(i64::try_from(result.rows.len()).expect("fits"), months);
    }

    #[test]
    fn p08_late_interest_is_the_same_wherever_the_span_is_cut(
        fen in 1..10_000_000_000_i64, due in 0..400_i64, days in 0..2_000_i64, cut in 0..2_000_i64, stay in 0..2_000_i64, length in 0..100_i64,
    ) {
        let amount = format!("{}.{:02}", fen / 100, fen % 100);
        let until = due + days;
        let stays = vec![Stay { from: day_after(stay), until: day_after(stay + length), by_debtor: false }];
        let of = |due: i64, until: i64| {
            let query = LateQuery { debts: vec![debt(&amount, &day_after(due))], stays: stays.clone(), until: day_after(until), ..LateQuery::default() };
            late_of(&query).extra.0
        };
        let cut = (due + cut).min(until);
        // Each part is rounded once, the whole once.
        prop_assert!((of(due, until) - of(due, cut) - of(cut, until)).abs() <= 1);
        // A cut inside of one question (a payment of one fen into another debt) changes nothing at all.
        prop_assert!(of(due, until) <= of(due, until + 1), "monotone in time");
    }

    #[test]
    fn p08_contractual_interest_is_the_same_wherever_the_span_is_cut(
        fen in 1..10_000_000_000_i64, rate in 0..40_000_i64, from in 0..2_000_i64, days in 0..3_000_i64, cut in 0..3_000_i64, basis in 0..3_usize,
    ) {
        let basis = [Basis::Days360, Basis::Days365, Basis::Actual][basis];
        let rate = format!("{}.{:03}%", rate / 1_000, rate % 1_000);
        let of = |from: i64, until: i64| {
            let query = SimpleQuery { amount: format!("{}.{:02}", fen / 100, fen % 100), basis, ..simple_query(fixed(&rate), &day_after(from), &day_after(until)) };
            simply(&query).interest.0
        };
        let until = from + days;
        let cut = (from + cut).min(until);
        prop_assert!((of(from, until) - of(from, cut) - of(cut, until)).abs() <= 1);
    }

    #[test]
    fn p08_what_is_upheld_never_exceeds_the_cap(
        fen in 100..10_000_000_000_i64, rate in 0..100_000_i64, formed in 600..2_000_i64, due in 0..500_i64, days in 0..900_i64, penalty in 0..10_000_000_i64, back in 0..10_000_000_000_i64, on in 0..900_i64,
    ) {
        let yuan = |fen: i64| format!("{}.{:02}", fen / 100, fen % 100);
        let query = LendingQuery {
            amount: yuan(fen),
            formed: day_after(formed),
            due: Some(day_after(formed + due)),
            until: day_after(formed + days),
            interest: Agreed::Rate { rate: format!("{}.{:03}%", rate / 1_000, rate % 1_000), unit: Unit::Year },
            penalty: Some(yuan(penalty)),
            repayments: if back > 0 && on <= days { vec![paid(&day_after(formed + on), &yuan(back))] } else { vec![] },
            ..LendingQuery::default()
        };
        let result = lent(&query);
        // 4 × 4.25% is the highest cap there ever was.
        let most = i128::from(fen) * i128::from(days) * 17 / 36_500 + 2;
        prop_assert!(i128::from(result.interest.0 + result.overdue.0 + result.charges.0) <= most);
        prop_assert!(result.left.0 >= 0 && result.surplus.0 >= 0 && result.refused.0 >= 0);
        // Nothing is lost: what came back is what it paid.
        let came = if back > 0 && on <= days { back } else { 0 };
        let owed = result.principal.0 + result.interest.0 + result.overdue.0 - (result.principal_left.0 + result.interest_left.0);
        prop_assert_eq!(came, owed + result.surplus.0);
    }

    #[test]
    fn late_interest_is_the_same_when_a_question_is_cut_by_an_empty_event(fen in 1..10_000_000_000_i64, days in 2..900_i64, cut in 1..900_i64) {
        let amount = format!("{}.{:02}", fen / 100, fen % 100);
        let whole = LateQuery { debts: vec![debt(&amount, &day_after(0))], until: day_after(days), ..LateQuery::default() };
        // A second debt of one fen that falls due on the day of the cut, and is paid on that day.
        let at = day_after(cut.min(days));
        let with = LateQuery { debts: vec![debt(&amount, &day_after(0)), debt("0.01", &at)], ..whole.clone() };
        let one = late_of(&with).extra.0 - late_of(&whole).extra.0;
        prop_assert!((0..=1).contains(&one));
    }

    #[test]
    fn whatever_is_typed_of_a_loan_gives_a_result_or_a_sentence(
        amount in "[0-9,.]{0,15}", formed in "(20(1[0-9]|2[0-9])-[01][0-9]-[0-3][0-9])|.{0,10}", until in "20[1-3][0-9]-[01][0-9]-[0-3][0-9]", rate in "[0-9.]{0,6}%?", months in -5..600_i64, old_rules in prop::bool::ANY,
    ) {
        let query = LendingQuery {
            amount: amount.clone(),
            formed: formed.clone(),
            due: (months > 0).then(|| until.clone()),
            until: until.clone(),
            interest: Agreed::Rate { rate: rate.clone(), unit: Unit::Day },
            overdue: Some(TypedRate { rate: rate.clone(), unit: Unit::Month }),
            penalty: Some(amount.clone()),
            old_rules,
            repayments: vec![paid(&until, &amount)],
            ..LendingQuery::default()
        };
        if let Err(wrong) = lending(&query) {
            prop_assert!(!wrong.sentence().is_empty());
        }
        let query = ScheduleQuery { amount, rate: TypedRate { rate, unit: Unit::Year }, months, start: formed, method: Method::EqualInstalment };
        if let Err(wrong) = schedule(&query) {
            prop_assert!(!wrong.sentence().is_empty());
        }
    }

    #[test]
    fn whatever_is_typed_gives_a_result_or_a_sentence(amount in ".{0,16}", day in ".{0,12}", rate in ".{0,10}") {
        for (amount, day, rate) in [(amount.as_str(), "2025-01-01", "5%"), ("1", day.as_str(), "5%"), ("1", "2025-01-01", rate.as_str())] {
            let query = SimpleQuery { amount: amount.to_owned(), ..simple_query(fixed(rate), day, "2025-06-01") };
            if let Err(wrong) = simple(&query) {
                prop_assert!(!wrong.sentence().is_empty());
            }
            let query = LateQuery { debts: vec![debt(amount, day)], ..hundred_days() };
            if let Err(wrong) = late(&query) {
                prop_assert!(!wrong.sentence().is_empty());
            }
        }
    }
}
