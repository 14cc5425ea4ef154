//! Fees against 诉讼费用交纳办法 (FEE) and 民诉法解释 (CPI). The numbers were worked by hand from the articles named beside them.

use proptest::prelude::*;
use rules::fees::{
    Adjust, Claim, Currency, Event, FeeQuery, FeeResult, Halving, Instance, Local, LocalValue, Relief, When, adjust,
    fee, items,
};
use rules::{StepKind, Wrong};

const DAY: &str = "2025-03-18";

fn query(code: &str, amount: &str) -> FeeQuery {
    FeeQuery {
        code: code.to_owned(),
        on: DAY.to_owned(),
        amount: (!amount.is_empty()).then(|| amount.to_owned()),
        ..FeeQuery::default()
    }
}

fn ask(query: &FeeQuery) -> FeeResult {
    fee(query, &Local::default()).expect("a fee")
}

/// The fee in fen; both ends of the range must be the same.
fn fen(query: &FeeQuery) -> i64 {
    let result = ask(query);
    assert_eq!(result.low, result.high, "{query:?} is a range");
    result.low.0
}

fn yuan(code: &str, amount: &str) -> i64 {
    let fen = fen(&query(code, amount));
    assert_eq!(fen % 100, 0, "{code} {amount}");
    fen / 100
}

fn range(query: &FeeQuery) -> (i64, i64) {
    let result = ask(query);
    (result.low.0 / 100, result.high.0 / 100)
}

fn wrong(query: &FeeQuery) -> &'static str {
    let wrong = fee(query, &Local::default()).expect_err("no fee");
    assert!(wrong.sentence().chars().count() >= 8, "{wrong:?} says too little");
    wrong.code()
}

#[test]
fn property_is_charged_tier_by_tier() {
    // law.md 1.5; FEE 13(1).
    for (amount, due) in [
        ("10000", 50),
        ("50000", 1_050),
        ("100000", 2_300),
        ("200000", 4_300),
        ("300000", 5_800),
        ("500000", 8_800),
        ("1000000", 13_800),
        ("2000000", 22_800),
        ("5000000", 46_800),
        ("10000000", 81_800),
        ("20000000", 141_800),
        ("30000000", 191_800),
    ] {
        assert_eq!(yuan("property", amount), due, "{amount}");
    }
    // Worked by hand: the least there is; one fen above the first threshold (0.01 × 2.5% = 0.00025, not yet a fen); 12,345.67 → 50 + 2,345.67 × 2.5% = 108.64175;
    // 876,543.21 → 8,800 + 376,543.21 × 1% = 12,565.4321; 1.5 million → 13,800 + 500,000 × 0.9%.
    for (amount, due) in [
        ("0", 5_000),
        ("0.01", 5_000),
        ("10000.01", 5_000),
        ("12345.67", 10_864),
        ("876543.21", 1_256_543),
        ("1,500,000", 1_830_000),
    ] {
        assert_eq!(fen(&query("property", amount)), due, "{amount}");
    }
}

#[test]
fn the_shortcut_of_every_tier_gives_the_same() {
    // law.md 1.5: rate·x + c, in hundredths of a percent and yuan.
    for (amount, rate, constant) in [
        (60_000, 250, -200),
        (150_000, 200, 300),
        (400_000, 150, 1_300),
        (700_000, 100, 3_800),
        (1_800_000, 90, 4_800),
        (4_000_000, 80, 6_800),
        (9_000_000, 70, 11_800),
        (15_000_000, 60, 21_800),
        (88_000_000, 50, 41_800),
    ] {
        assert_eq!(yuan("property", &format!("{amount}")), amount * rate / 10_000 + constant, "{amount}");
    }
}

#[test]
fn what_is_not_property_has_its_own_standard() {
    // FEE 13(2).1: 50 to 300; property above 200,000 at 0.5%: (300,000 − 200,000) × 0.5% = 500; (1,200,000 − 200,000) × 0.5% = 5,000.
    assert_eq!(range(&query("divorce", "")), (50, 300));
    assert_eq!(range(&query("divorce", "200000")), (50, 300));
    assert_eq!(range(&query("divorce", "300000")), (550, 800));
    assert_eq!(range(&query("divorce", "1200000")), (5_050, 5_300));
    // FEE 13(2).2: 100 to 500; 50,000–100,000 at 1%: 30,000 × 1% = 300; above at 0.5%: 500 + 100,000 × 0.5% = 1,000.
    assert_eq!(range(&query("personality", "")), (100, 500));
    assert_eq!(range(&query("personality", "50000")), (100, 500));
    assert_eq!(range(&query("personality", "80000")), (400, 800));
    assert_eq!(range(&query("personality", "200000")), (1_100, 1_500));
    // FEE 13(2).3, 13(3), 13(4), 13(5), 13(6).
    assert_eq!(range(&query("other", "")), (50, 100));
    assert_eq!(range(&query("intellectual_property", "")), (500, 1_000));
    assert_eq!(yuan("intellectual_property", "300000"), 5_800);
    assert_eq!(yuan("labour", ""), 10);
    assert_eq!(yuan("administrative", ""), 50);
    assert_eq!(yuan("administrative_special", ""), 100);
    assert_eq!(range(&query("jurisdiction_objection", "")), (50, 100));
}

#[test]
fn applications_have_their_own_scales() {
    // law.md 1.5; FEE 14(1). By hand: 10,000 → 50; 10,001 → 50 + 1 × 1.5% = 50.015 → 50.02.
    assert_eq!(range(&query("enforcement", "")), (50, 500));
    for (amount, due) in [
        ("10000", 50),
        ("100000", 1_400),
        ("500000", 7_400),
        ("1000000", 12_400),
        ("5000000", 52_400),
        ("10000000", 77_400),
        ("20000000", 87_400),
    ] {
        assert_eq!(yuan("enforcement", amount), due, "{amount}");
        assert_eq!(yuan("recognition", amount), due, "{amount}");
        assert_eq!(yuan("unregistered_member", amount), due, "{amount}");
    }
    assert_eq!(fen(&query("enforcement", "10001")), 5_002);
    // FEE 14(2): 30 up to 1,000, then 1%, then 0.5%, never more than 5,000. By hand: 30 + 99,000 × 1% = 1,020; 896,000 → 1,020 + 796,000 × 0.5% = 5,000.
    for (amount, due) in [
        ("", 30),
        ("1000", 30),
        ("10000", 120),
        ("100000", 1_020),
        ("500000", 3_020),
        ("895800", 4_999),
        ("896000", 5_000),
        ("900000", 5_000),
        ("100000000", 5_000),
    ] {
        assert_eq!(yuan("preservation", amount), due, "{amount}");
    }
    // FEE 14(3): a third of the property scale. By hand: 50 / 3 = 16.666…; 1,050 / 3 = 350; 2,300 / 3 = 766.666….
    for (amount, due) in [("5000", 1_667), ("50000", 35_000), ("100000", 76_667)] {
        assert_eq!(fen(&query("payment_order", amount)), due, "{amount}");
    }
    // FEE 14(4), 14(5).
    assert_eq!(yuan("public_summons", ""), 100);
    assert_eq!(yuan("award_set_aside", ""), 400);
    assert_eq!(yuan("arbitration_clause", ""), 400);
    // FEE 14(6): half of the property scale, at most 300,000. By hand: 1 million → 6,900; 100 million → (41,800 + 500,000) / 2 = 270,900; 200 million → 520,900 → cap.
    for (amount, due) in [("1000000", 6_900), ("100000000", 270_900), ("111640000", 300_000), ("200000000", 300_000)] {
        assert_eq!(yuan("bankruptcy", amount), due, "{amount}");
    }
    // FEE 14(7).
    assert_eq!(range(&query("limitation_fund", "")), (1_000, 10_000));
    assert_eq!(range(&query("maritime_injunction", "")), (1_000, 5_000));
    assert_eq!(range(&query("maritime_lien_notice", "")), (1_000, 5_000));
    assert_eq!(yuan("maritime_claim_registration", ""), 1_000);
    assert_eq!(yuan("general_average", ""), 1_000);
}

#[test]
fn what_is_free_costs_nothing_and_says_why() {
    // FEE 8, 9.
    for code in [
        "free_special_procedure",
        "free_not_accepted",
        "free_appeal_of_ruling",
        "free_state_compensation",
        "free_retrial",
    ] {
        let result = ask(&query(code, ""));
        assert_eq!((result.high.0, result.text.as_str()), (0, "不交纳"), "{code}");
        assert!(result.reason.0.iter().any(|step| !step.citations.is_empty()), "{code}");
        assert!(!result.payment.prepaid, "{code}");
    }
}

#[test]
fn half_is_paid_once_whatever_the_grounds() {
    // FEE 15, 16, 18; CPI 206. By hand: 5,800 / 2 = 2,900.
    for grounds in [
        vec![Halving::Mediation],
        vec![Halving::Withdrawal],
        vec![Halving::Summary],
        vec![Halving::Counterclaim],
        vec![Halving::ThirdParty],
        vec![Halving::Summary, Halving::Mediation],
        vec![Halving::Summary, Halving::Withdrawal, Halving::Counterclaim],
    ] {
        let several = grounds.len() > 1;
        let result = ask(&FeeQuery { halving: grounds, ..query("property", "300000") });
        assert_eq!((result.low.0, result.full.low.0), (290_000, 580_000));
        assert_eq!(result.reason.0.iter().any(|step| step.kind == StepKind::Limit), several, "says that it is once");
    }
    // Half of a range is a range; half of 10 is 5 (FEE 13(4), 16); half of 108.64175 is 54.320875, rounded once at the end.
    assert_eq!(range(&FeeQuery { halving: vec![Halving::Summary], ..query("divorce", "300000") }), (275, 400));
    assert_eq!(fen(&FeeQuery { halving: vec![Halving::Summary], ..query("labour", "") }), 500);
    assert_eq!(fen(&FeeQuery { halving: vec![Halving::Summary], ..query("property", "12345.67") }), 5_432);
    // Only the acceptance fee is ever halved.
    for code in ["enforcement", "preservation", "jurisdiction_objection", "bankruptcy"] {
        assert_eq!(
            wrong(&FeeQuery {
                halving: vec![Halving::Summary],
                ..query(code, if code == "bankruptcy" { "1" } else { "" })
            }),
            "rule.not_applicable"
        );
    }
}

#[test]
fn several_claims_are_charged_as_one_complaint() {
    let claim = |code: &str, amount: &str| Claim {
        code: code.to_owned(),
        amount: (!amount.is_empty()).then(|| amount.to_owned()),
    };
    // CPI 201.2: 200,000 + 100,000 = 300,000 → 5,800.
    assert_eq!(fen(&FeeQuery { claims: vec![claim("property", "100000")], ..query("property", "200000") }), 580_000);
    // CPI 201.1: property and non-property → the property scale; whichever is named first.
    assert_eq!(fen(&FeeQuery { claims: vec![claim("other", "")], ..query("property", "200000") }), 430_000);
    assert_eq!(fen(&FeeQuery { claims: vec![claim("property", "200000")], ..query("other", "") }), 430_000);
    assert_eq!(fen(&FeeQuery { claims: vec![claim("divorce", "")], ..query("property", "200000") }), 430_000);
    // CPI 201.2: several non-property claims are one case.
    assert_eq!(
        range(&FeeQuery { claims: vec![claim("other", ""), claim("other", "")], ..query("other", "") }),
        (50, 100)
    );
    assert_eq!(range(&FeeQuery { claims: vec![claim("personality", "80000")], ..query("other", "") }), (400, 800));
    // Intellectual property with an amount is property: 100,000 + 200,000.
    assert_eq!(
        fen(&FeeQuery { claims: vec![claim("property", "200000")], ..query("intellectual_property", "100000") }),
        580_000
    );
    // What has its own scale, and what stands alone, is not mixed in.
    assert_eq!(
        wrong(&FeeQuery { claims: vec![claim("property", "1")], ..query("divorce", "300000") }),
        "rule.not_applicable"
    );
    assert_eq!(
        wrong(&FeeQuery { claims: vec![claim("personality", "1")], ..query("divorce", "300000") }),
        "rule.not_applicable"
    );
    assert_eq!(
        wrong(&FeeQuery { claims: vec![claim("preservation", "")], ..query("property", "1") }),
        "rule.not_applicable"
    );
    assert_eq!(wrong(&FeeQuery { claims: vec![claim("other", ""); 51], ..query("other", "") }), "value.too_many");
}

#[test]
fn an_appeal_is_charged_on_what_is_contested() {
    // FEE 17: of a judgment for 500,000 only 100,000 is contested → 2,300. FEE 19, 23 for a retrial.
    let result = ask(&FeeQuery { instance: Instance::Appeal, ..query("property", "100000") });
    assert_eq!(result.low.0, 230_000);
    let retrial = ask(&FeeQuery { instance: Instance::Retrial, ..query("property", "100000") });
    assert_eq!(retrial.low.0, 230_000);
    assert!(retrial.payment.who.contains("申请再审"), "{}", retrial.payment.who);
    assert_eq!(wrong(&FeeQuery { instance: Instance::Appeal, ..query("preservation", "") }), "rule.not_applicable");
}

#[test]
fn foreign_currency_is_charged_at_the_rate_that_is_given() {
    // FEE 55. By hand: 10,000 × 7.1234 = 71,234 → 50 + 61,234 × 2.5% = 1,580.85.
    let dollars = Some(Currency { name: "美元".to_owned(), rate: "7.1234".to_owned() });
    assert_eq!(fen(&FeeQuery { currency: dollars, ..query("property", "10000") }), 158_085);
    // 1,000,000 × 0.0485 = 48,500 → 50 + 38,500 × 2.5% = 1,012.50.
    let yen = Some(Currency { name: "日元".to_owned(), rate: "0.0485".to_owned() });
    assert_eq!(fen(&FeeQuery { currency: yen, ..query("property", "1000000") }), 101_250);
    for rate in ["", "0", "-7", "7%", "x", "1/3"] {
        let currency = Some(Currency { name: "美元".to_owned(), rate: rate.to_owned() });
        assert_eq!(wrong(&FeeQuery { currency, ..query("property", "1") }), "exchange.invalid", "{rate}");
    }
}

#[test]
fn relief_is_for_whom_the_law_gives_it() {
    // FEE 44–47.
    let relief = |relief| FeeQuery { relief: Some(relief), ..query("property", "300000") };
    assert_eq!(fen(&relief(Relief::Exempt { natural_person: true })), 0);
    assert_eq!(wrong(&relief(Relief::Exempt { natural_person: false })), "rule.not_applicable");
    // 5,800 × 70% = 4,060; × 50% = 2,900.
    assert_eq!(fen(&relief(Relief::Reduce { percent: 30 })), 406_000);
    assert_eq!(fen(&relief(Relief::Reduce { percent: 50 })), 290_000);
    assert_eq!(wrong(&relief(Relief::Reduce { percent: 29 })), "value.out_of_range");
    assert_eq!(wrong(&relief(Relief::Reduce { percent: 100 })), "value.out_of_range");
    assert_eq!(fen(&relief(Relief::Defer)), 580_000);
    // Halved and reduced: 2,900 × 70% = 2,030.
    let both = FeeQuery { halving: vec![Halving::Summary], ..relief(Relief::Reduce { percent: 30 }) };
    assert_eq!(fen(&both), 203_000);
}

#[test]
fn who_pays_first_follows_the_kind() {
    // FEE 20.
    assert!(ask(&query("property", "1")).payment.prepaid);
    assert!(!ask(&query("enforcement", "1000")).payment.prepaid);
    assert!(!ask(&query("bankruptcy", "1000")).payment.prepaid);
    assert!(ask(&query("recognition", "1000")).payment.prepaid);
    assert!(!ask(&FeeQuery { wages: true, ..query("labour", "") }).payment.prepaid);
    assert_eq!(wrong(&FeeQuery { wages: true, ..query("preservation", "") }), "rule.not_applicable");
    // CPI 194.
    assert!(!ask(&FeeQuery { collective: true, ..query("property", "1000000") }).payment.prepaid);
    assert_eq!(wrong(&FeeQuery { collective: true, ..query("enforcement", "1000") }), "rule.not_applicable");
}

#[test]
fn a_province_fixes_a_value_inside_the_range() {
    // FEE 13.2.
    let value = |code: &str, amount: &str| LocalValue {
        code: code.to_owned(),
        amount: amount.to_owned(),
        source: "示例标准".to_owned(),
    };
    let local = Local::new(&[value("divorce", "150"), value("intellectual_property", "800")]).expect("inside");
    let ask = |query: &FeeQuery| fee(query, &local).expect("a fee");
    assert_eq!((ask(&query("divorce", "")).low.0, ask(&query("divorce", "")).high.0), (15_000, 15_000));
    // 150 + 100,000 × 0.5% = 650.
    assert_eq!(ask(&query("divorce", "300000")).low.0, 65_000);
    assert_eq!(ask(&query("intellectual_property", "")).high.0, 80_000);
    assert_eq!(ask(&query("intellectual_property", "300000")).high.0, 580_000, "an amount follows the scale");
    assert_eq!((ask(&query("other", "")).low.0, ask(&query("other", "")).high.0), (5_000, 10_000));
    for (code, amount, why) in [
        ("divorce", "301", "amount.out_of_range"),
        ("divorce", "49.99", "amount.out_of_range"),
        ("enforcement", "100", "rule.not_applicable"),
        ("limitation_fund", "2000", "rule.not_applicable"),
        ("property", "50", "rule.not_applicable"),
        ("nothing", "50", "rule.unknown"),
        ("other", "x", "amount.invalid"),
    ] {
        assert_eq!(Local::new(&[value(code, amount)]).expect_err("outside").code(), why, "{code} {amount}");
    }
}

#[test]
fn a_changed_claim_is_topped_up_or_paid_back() {
    let changed = |before: FeeQuery, amount: &str, when| {
        let settled = adjust(&Adjust::Changed { query: before, amount: amount.to_owned(), when }, &Local::default())
            .expect("a settlement");
        (settled.pay.0, settled.refund.0)
    };
    // FEE 21: 300,000 → 500,000: 8,800 − 5,800 = 3,000; halved 1,500; 500,000 → 300,000 before the end of the investigation: 3,000 back; later: nothing (FEE 35).
    assert_eq!(changed(query("property", "300000"), "500000", When::BeforeEndOfInvestigation), (300_000, 0));
    assert_eq!(changed(query("property", "300000"), "500000", When::AfterEndOfInvestigation), (300_000, 0));
    let summary = FeeQuery { halving: vec![Halving::Summary], ..query("property", "300000") };
    assert_eq!(changed(summary, "500000", When::BeforeEndOfInvestigation), (150_000, 0));
    assert_eq!(changed(query("property", "500000"), "300000", When::BeforeEndOfInvestigation), (0, 300_000));
    assert_eq!(changed(query("property", "500000"), "300000", When::AfterEndOfInvestigation), (0, 0));
    // A divorce whose property grows from 200,000 to 300,000: 500 more, whatever the province charges for the case.
    assert_eq!(changed(query("divorce", "200000"), "300000", When::BeforeEndOfInvestigation), (50_000, 0));
    let labour =
        Adjust::Changed { query: query("labour", ""), amount: "1".to_owned(), when: When::BeforeEndOfInvestigation };
    assert_eq!(adjust(&labour, &Local::default()).expect_err("labour has no amount").code(), "rule.not_applicable");
}

#[test]
fn a_summary_case_that_becomes_ordinary_is_topped_up() {
    // CPI 199.1: 5,800 − 2,900. With a second ground the half stays, for it was one half (CPI 206).
    let to_ordinary = |halving| {
        let query = FeeQuery { halving, ..query("property", "300000") };
        adjust(&Adjust::ToOrdinary { query }, &Local::default())
    };
    assert_eq!(to_ordinary(vec![Halving::Summary]).expect("a top-up").pay.0, 290_000);
    assert_eq!(to_ordinary(vec![Halving::Summary, Halving::Counterclaim]).expect("none").pay.0, 0);
    assert_eq!(to_ordinary(vec![]).expect_err("was never halved").code(), "value.missing");
    // CPI 195.1: the fee of the suit less the third that was paid: 1,050 − 350.
    let suit = Adjust::OrderToSuit { amount: "50000".to_owned(), on: DAY.to_owned() };
    assert_eq!(adjust(&suit, &Local::default()).expect("a top-up").pay.0, 70_000);
}

#[test]
fn what_was_paid_is_paid_back_as_the_law_says() {
    let refund = |event, halved| {
        let what = Adjust::Refund { paid: "5800".to_owned(), event, halved };
        adjust(&what, &Local::default()).expect("a settlement").refund.0 / 100
    };
    for (event, back) in [
        (Event::NotAccepted, 5_800),       // FEE 27.2
        (Event::NotAcceptedUpheld, 5_800), // FEE 27.2
        (Event::Remanded, 5_800),          // FEE 27.1
        (Event::Crime, 5_800),             // FEE 25
        (Event::CrimeContinues, 0),        // FEE 25
        (Event::Suspended, 0),             // FEE 26
        (Event::Ended, 0),                 // FEE 28
        (Event::Transferred, 0),           // FEE 24
        (Event::Withdrawn, 2_900),         // FEE 15
        (Event::Mediated, 2_900),          // FEE 15
        (Event::TopUpUnpaid, 2_900),       // CPI 199.2
        (Event::Won, 5_800),               // CPI 207.1
    ] {
        assert_eq!(refund(event, false), back, "{event:?}");
    }
    // CPI 206: a half that was all that was charged is not halved again.
    assert_eq!(refund(Event::Withdrawn, true), 0);
    let nothing = Adjust::Refund { paid: "0".to_owned(), event: Event::Crime, halved: false };
    assert_eq!(adjust(&nothing, &Local::default()).expect_err("nothing was paid").code(), "amount.out_of_range");
}

#[test]
fn what_is_wrong_is_said_in_a_sentence() {
    assert_eq!(wrong(&query("nothing", "")), "rule.unknown");
    assert_eq!(wrong(&query("property", "")), "value.missing");
    assert_eq!(wrong(&query("labour", "1")), "rule.not_applicable");
    for amount in ["-1", "1.234", "一万", "1e5", "1..2", "NaN", "１"] {
        assert_eq!(wrong(&query("property", amount)), "amount.invalid", "{amount}");
    }
    assert_eq!(wrong(&query("property", "10000000000001")), "amount.too_large");
    assert_eq!(wrong(&FeeQuery { on: "2025-02-29".to_owned(), ..query("property", "1") }), "date.invalid");
    assert_eq!(wrong(&FeeQuery { on: "2007-03-31".to_owned(), ..query("property", "1") }), "rule.not_in_force");
    let sentence = fee(&query("property", "-5"), &Local::default()).expect_err("negative").sentence();
    assert_eq!(sentence, "“-5”不是有效金额，请填写以元为单位的数字，最多两位小数，不能为负。");
    assert!(matches!(fee(&query("property", ""), &Local::default()), Err(Wrong::Missing { .. })));
}

#[test]
fn every_step_of_every_kind_that_states_a_rule_cites_it() {
    for item in items() {
        let amount = if item.asks.is_some() { "123456.78" } else { "" };
        let result = ask(&query(item.code, amount));
        for step in &result.reason.0 {
            assert!(step.text.ends_with('。'), "{}: {}", item.code, step.text);
            if matches!(step.kind, StepKind::Rule | StepKind::Arithmetic | StepKind::Limit) {
                assert!(!step.citations.is_empty(), "{}: {}", item.code, step.text);
            }
        }
        assert!(!result.payment.citations.is_empty() && !result.bearing_citations.is_empty(), "{}", item.code);
        assert!(!item.standard.is_empty() && !item.citations.is_empty(), "{}", item.code);
    }
}

/// Rules are asked for by name; a name that is written wrongly would be noticed only when somebody comes that way.
#[test]
fn every_rule_that_is_named_is_there_and_every_one_that_is_there_is_named() {
    let mut source = String::new();
    for folder in ["fees", "interest", "risk"] {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(folder);
        for file in std::fs::read_dir(folder).expect("a folder") {
            source += &std::fs::read_to_string(file.expect("a file").path()).expect("its text");
        }
    }
    let book = rules::book::book();
    let rules: Vec<&str> = book.fees.rule.iter().chain(&book.rates.rule).map(|rule| rule.code.as_str()).collect();
    let rates: Vec<&str> = book.rates.rate.iter().map(|rate| rate.code.as_str()).collect();
    for (call, known) in [(".rule(\"", &rules), (".rate(\"", &rates)] {
        for named in source.split(call).skip(1) {
            let name = named.split('"').next().unwrap_or_default();
            assert!(known.contains(&name), "{call}{name}");
        }
    }
    for rule in rules.iter().chain(&rates) {
        assert!(source.contains(&format!("\"{rule}\"")), "{rule} is never used");
    }
    // A name in both files would be one rule for two things.
    let mut once = rules.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), rules.len());
}

/// P-08: the table once more, written down independently as `(up to, rate in 1/1000 of a percent)`.
fn oracle(amount: i128, first: i128, tiers: &[(i128, i128)]) -> i128 {
    // In 1/100,000 of a fen.
    let mut due = first * 100_000;
    for (at, (above, rate)) in tiers.iter().enumerate() {
        let top = tiers.get(at + 1).map_or(i128::MAX, |(next, _)| *next);
        due += (amount.min(top) - above).max(0) * rate;
    }
    due
}

fn half_up(value: i128, by: i128) -> i64 {
    i64::try_from((value * 2 + by) / (by * 2)).expect("fits")
}

const PROPERTY: [(i128, i128); 9] = [
    (1_000_000, 2_500),
    (10_000_000, 2_000),
    (20_000_000, 1_500),
    (50_000_000, 1_000),
    (100_000_000, 900),
    (200_000_000, 800),
    (500_000_000, 700),
    (1_000_000_000, 600),
    (2_000_000_000, 500),
];

fn typed(fen: i64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}

/// Amounts of every size, and those around every threshold.
fn amounts() -> impl Strategy<Value = i64> {
    prop_oneof![
        0..3_000_000_000_i64,
        0..1_000_000_000_000_000_i64,
        (0..PROPERTY.len(), -2..3_i64).prop_map(|(tier, by)| i64::try_from(PROPERTY[tier].0).expect("fits") + by),
    ]
}

proptest! {
    #[test]
    fn p08_fees_agree_with_the_table(amount in amounts()) {
        let exact = i128::from(amount);
        let property = oracle(exact, 5_000, &PROPERTY);
        prop_assert_eq!(fen(&query("property", &typed(amount))), half_up(property, 100_000));
        prop_assert_eq!(fen(&query("payment_order", &typed(amount))), half_up(property, 300_000));
        prop_assert_eq!(fen(&query("bankruptcy", &typed(amount))), half_up(property, 200_000).min(30_000_000));
        let enforcement = [(1_000_000, 1_500), (50_000_000, 1_000), (500_000_000, 500), (1_000_000_000, 100)];
        prop_assert_eq!(fen(&query("enforcement", &typed(amount))), half_up(oracle(exact, 5_000, &enforcement), 100_000));
        let preservation = oracle(exact, 3_000, &[(100_000, 1_000), (10_000_000, 500)]);
        prop_assert_eq!(fen(&query("preservation", &typed(amount))), half_up(preservation, 100_000).min(500_000));
    }

    #[test]
    fn p08_fees_are_monotone_and_continuous(amount in amounts(), more in 0..2_i64) {
        for code in ["property", "intellectual_property", "enforcement", "preservation", "payment_order", "bankruptcy"] {
            let due = |fen_of: i64| fen(&query(code, &typed(fen_of)));
            let (here, there) = (due(amount), due((amount + more).min(1_000_000_000_000_000)));
            prop_assert!(here <= there && there - here <= 1, "{}: {} {}", code, here, there);
        }
    }

    #[test]
    fn p08_nothing_is_halved_twice(
        amount in amounts(),
        grounds in proptest::collection::vec(
            prop_oneof![
                Just(Halving::Mediation), Just(Halving::Withdrawal), Just(Halving::Summary), Just(Halving::Counterclaim), Just(Halving::ThirdParty)
            ],
            1..6,
        ),
    ) {
        let one = fen(&FeeQuery { halving: vec![grounds[0]], ..query("property", &typed(amount)) });
        let all = FeeQuery { halving: grounds, ..query("property", &typed(amount)) };
        prop_assert_eq!(fen(&all), one);
        let whole = fen(&query("property", &typed(amount)));
        prop_assert!((whole - 2 * one).abs() <= 1);
    }

    #[test]
    fn p08_the_lines_of_the_arithmetic_add_up(amount in amounts()) {
        let result = ask(&query("property", &typed(amount)));
        let lines: i64 = result
            .reason
            .0
            .iter()
            .filter(|step| step.kind == StepKind::Arithmetic)
            .filter_map(|step| step.amount.map(|amount| amount.0))
            .sum();
        // Only the last tier can have a part of a fen.
        prop_assert_eq!(lines + 5_000, result.low.0);
    }

    #[test]
    fn whatever_is_typed_gives_a_result_or_a_sentence(code in "[a-z_]{0,12}", amount in ".{0,20}", on in ".{0,12}", rate in ".{0,8}") {
        for (code, on) in [(code.as_str(), DAY), ("property", on.as_str()), ("property", DAY)] {
            let asked = FeeQuery {
                code: code.to_owned(),
                on: on.to_owned(),
                amount: Some(amount.clone()),
                currency: (rate.len() % 2 == 0).then(|| Currency { name: "币".to_owned(), rate: rate.clone() }),
                ..FeeQuery::default()
            };
            if let Err(wrong) = fee(&asked, &Local::default()) {
                prop_assert!(!wrong.sentence().is_empty());
            }
        }
    }
}
