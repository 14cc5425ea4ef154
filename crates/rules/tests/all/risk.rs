//! The risk assessment: every questionnaire can be walked to its end, and its index is what it says it is.

use proptest::prelude::*;
use rules::book::risk::{Questionnaire, When};
use rules::fees::Local;
use rules::risk::{Answers, Level, Report, RiskAsk, RiskQuestion, RiskQuestionKind, ask, assess, kinds};

const DAY: &str = "2025-03-18";

fn report(kind: &str, answers: &Answers) -> Report {
    assess(kind, answers, DAY, &Local::default()).unwrap_or_else(|wrong| panic!("{kind} {answers:?}: {wrong}"))
}

fn answers(given: &[(&str, &[&str])]) -> Answers {
    given.iter().map(|(id, chosen)| ((*id).to_owned(), chosen.iter().map(|one| (*one).to_owned()).collect())).collect()
}

/// What may be answered to a question: each answer alone; for several, also none and all.
fn choices(question: &RiskQuestion) -> Vec<Vec<String>> {
    let one = question.answers.iter().map(|answer| vec![answer.id.to_owned()]);
    match question.kind {
        RiskQuestionKind::Choice => one.collect(),
        RiskQuestionKind::Many => {
            one.chain([vec![], question.answers.iter().map(|answer| answer.id.to_owned()).collect()]).collect()
        }
        RiskQuestionKind::Amount => vec![vec![], vec!["300000".to_owned()]],
    }
}

fn next(kind: &str, answers: &Answers) -> RiskAsk {
    ask(kind, answers).unwrap_or_else(|wrong| panic!("{kind} {answers:?}: {wrong}"))
}

/// Walks to the end; `choose` takes one of so many choices.
fn walk(kind: &str, mut choose: impl FnMut(&RiskQuestion, usize) -> usize) -> Answers {
    let mut given = Answers::new();
    for turn in 0.. {
        assert!(turn < 20, "{kind} does not end");
        let asked = next(kind, &given);
        assert_eq!(asked.done, asked.questions.is_empty());
        if asked.done {
            return given;
        }
        for question in &asked.questions {
            let choices = choices(question);
            let at = choose(question, choices.len());
            given.insert(question.id.to_owned(), choices[at].clone());
        }
    }
    unreachable!("the walk has ended")
}

#[test]
fn there_is_a_questionnaire_for_each_kind_of_dispute() {
    let codes: Vec<&str> = kinds().iter().map(|kind| kind.code).collect();
    assert_eq!(codes, ["lease", "lending", "sale", "divorce", "labour", "traffic", "property_service"]);
}

/// What the answers weigh together.
fn summed(report: &Report) -> u32 {
    report.aspects.litigation + report.aspects.emotion + report.aspects.credit
}

/// What must be answered so that a condition is met, with everything that it depends on.
fn needed(questionnaire: &Questionnaire, when: &When, into: &mut When) {
    for (id, wanted) in when {
        let left = into.entry(id.clone()).or_insert_with(|| wanted.clone());
        left.retain(|answer| wanted.contains(answer));
        assert!(!left.is_empty(), "{id} cannot be answered so");
        for question in questionnaire.questions.iter().filter(|question| question.id == *id) {
            needed(questionnaire, &question.when, into);
        }
    }
}

/// Walks so that the condition is met; other questions take their first answer.
fn led(questionnaire: &Questionnaire, when: &When) -> Answers {
    let mut wanted = When::new();
    needed(questionnaire, when, &mut wanted);
    walk(&questionnaire.code, |question, _| {
        let first = wanted.get(question.id).map(|answers| answers[0].as_str());
        first
            .and_then(|first| choices(question).iter().position(|choice| choice[..] == [first.to_owned()]))
            .unwrap_or(0)
    })
}

#[test]
fn every_answer_of_every_question_leads_to_a_report_and_every_note_is_said() {
    for questionnaire in &rules::book::book().risk {
        assert!(questionnaire.questions.len() >= 12, "{}", questionnaire.code);
        for question in &questionnaire.questions {
            for answer in &question.answer {
                let mut when = question.when.clone();
                when.insert(question.id.clone(), vec![answer.id.clone()]);
                let given = led(questionnaire, &when);
                assert_eq!(
                    given.get(&question.id),
                    Some(&vec![answer.id.clone()]),
                    "{}: {}",
                    questionnaire.code,
                    question.id
                );
                assert!(report(&questionnaire.code, &given).index <= 100);
            }
        }
        for note in &questionnaire.notes {
            let report = report(&questionnaire.code, &led(questionnaire, &note.when));
            let preservation = report.preservation.iter().flat_map(|one| &one.hints);
            let said =
                [&report.litigation, &report.emotion, &report.credit, &report.actions, &report.ways, &report.time];
            assert!(
                said.into_iter().flatten().chain(preservation).any(|hint| hint.code == note.code),
                "{}: {} is not said",
                questionnaire.code,
                note.code
            );
        }
    }
}

#[test]
fn what_alone_may_lose_the_case_is_never_a_low_risk() {
    for questionnaire in &rules::book::book().risk {
        for least in &questionnaire.least {
            let report = report(&questionnaire.code, &led(questionnaire, &least.when));
            assert!(report.index >= least.index, "{}: {}", questionnaire.code, least.why);
            let told = report.reason.0.iter().any(|step| step.text.contains(&least.why));
            let sum = report.parts.iter().map(|part| part.weight).sum::<u32>();
            assert_eq!(
                told,
                sum < least.index,
                "{}: {} is a reason where it raises the index",
                questionnaire.code,
                least.why
            );
        }
    }
    // The same loan of a bank's money: void for who lent it; who borrowed it does not lose by that.
    let of = |side: &str| {
        let given = walk("lending", |question, count| match question.id {
            "side" => question.answers.iter().position(|answer| answer.id == side).unwrap(),
            "purpose" => count - 1,
            _ => 0,
        });
        report("lending", &given).level
    };
    assert_eq!((of("lender"), of("borrower")), (Level::High, Level::Low));
}

#[test]
fn a_report_says_what_it_costs_and_how_it_was_made() {
    let lending = answers(&[
        ("side", &["lender"]),
        ("proof", &["transfer"]),
        ("interest", &["none"]),
        ("deducted", &["no"]),
        ("due", &["passed"]),
        ("guarantee", &["none"]),
        ("purpose", &[]),
        ("amount", &["300000"]),
        ("evidence", &["partial"]),
        ("limitation", &["within"]),
        ("whereabouts", &["yes"]),
        ("assets", &["moving"]),
        ("relation", &["close"]),
        ("stress", &["some"]),
        ("mediation", &["yes"]),
    ]);
    let report = report("lending", &lending);
    // transfer 6, partial 8, moving 9, close 6, some 2.
    assert_eq!((report.index, report.level), (31, Level::Middle));
    assert_eq!((report.aspects.litigation, report.aspects.credit, report.aspects.emotion), (14, 9, 8));
    assert_eq!(report.parts.iter().map(|part| part.weight).sum::<u32>(), report.index);
    // FEE 13(1), 16: 300,000 → 5,800, halved 2,900. FEE 14(2): 1,020 + 200,000 × 0.5% = 2,020. PRE 5.1: at most 30%, 90,000.
    let fee = report.fee.as_ref().expect("an amount was given");
    assert_eq!((fee.low.0, report.fee_halved.as_deref()), (580_000, Some("2,900元")));
    let preservation = report.preservation.as_ref().expect("assets are being moved");
    assert_eq!(preservation.fee.as_ref().map(|fee| fee.low.0), Some(202_000));
    assert_eq!(preservation.security.map(|most| most.0), Some(9_000_000));
    let says = |hints: &[rules::risk::RiskHint], code: &str| {
        hints.iter().any(|hint| hint.code == code && !hint.citations.is_empty())
    };
    assert!(says(&report.litigation, "lend_transfer") && says(&report.litigation, "no_interest"));
    assert!(
        says(&report.time, "time_summary") && says(&report.ways, "way_suit") && says(&report.emotion, "relation_close")
    );
    assert!(report.disclaimer.contains("不是法律意见"));
    // Without an amount there is no fee, and the report all the same.
    let mut unknown = lending.clone();
    unknown.insert("amount".to_owned(), vec![]);
    let without = assess("lending", &unknown, DAY, &Local::default()).expect("a report");
    assert!(without.fee.is_none() && without.amount.is_none() && without.index == report.index);
    assert!(without.preservation.is_some_and(|one| one.fee.is_none()));
}

#[test]
fn fees_follow_the_kind_of_dispute() {
    let first = |kind: &str, change: &[(&str, &[&str])]| {
        let mut given = walk(kind, |question, _| usize::from(question.kind == RiskQuestionKind::Amount));
        given.extend(answers(change));
        // What was changed may lead elsewhere.
        while !next(kind, &given).done {
            for question in next(kind, &given).questions {
                given.insert(question.id.to_owned(), choices(&question)[0].clone());
            }
        }
        let fee = report(kind, &given).fee.expect("a fee");
        (fee.low.0 / 100, fee.high.0 / 100)
    };
    // 300,000 each: FEE 13(1); 13(2).1: 50–300 and 500; 13(2).2: 100–500, 500 and 1,000; 13(4).
    assert_eq!(first("sale", &[]), (5_800, 5_800));
    assert_eq!(first("divorce", &[]), (550, 800));
    assert_eq!(first("traffic", &[("harm", &["goods"])]), (5_800, 5_800));
    assert_eq!(first("traffic", &[("harm", &["disabled"])]), (1_600, 2_000));
    assert_eq!(first("labour", &[]), (10, 10));
}

#[test]
fn what_was_answered_on_a_way_that_is_no_longer_taken_is_left_aside() {
    let mut given = walk("lease", |_, _| 0);
    let before = report("lease", &given);
    // The tenant's questions are not asked of a landlord.
    given.extend(answers(&[("tenant_issue", &["early"]), ("ground", &["own"])]));
    assert_eq!(report("lease", &given), before);
    assert!(next("lease", &given).done);
}

#[test]
fn what_is_missing_or_unknown_is_said() {
    let code = |kind: &str, given: &Answers| assess(kind, given, DAY, &Local::default()).expect_err("a mistake").code();
    let whole = walk("sale", |_, _| 0);
    assert_eq!(code("nothing", &whole), "rule.unknown");
    assert_eq!(code("sale", &Answers::new()), "answer.missing");
    for wrong in [&["nobody"][..], &[], &["seller", "buyer"]] {
        let mut given = whole.clone();
        given.extend(answers(&[("side", wrong)]));
        assert_eq!(code("sale", &given), "answer.unknown", "{wrong:?}");
    }
    let mut given = whole;
    given.extend(answers(&[("amount", &["-1"])]));
    assert_eq!(code("sale", &given), "amount.invalid");
    assert_eq!(ask("sale", &given).expect_err("an amount that is none").code(), "amount.invalid");
    let mut twice = walk("lending", |_, _| 0);
    twice.extend(answers(&[("purpose", &["bank", "bank"])]));
    assert_eq!(code("lending", &twice), "answer.unknown");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_walk_ends_in_a_report_within_the_range(kind in 0..7_usize, turns in proptest::collection::vec(0..1_000_usize, 64)) {
        let kind = kinds()[kind].code;
        let mut turns = turns.into_iter().cycle();
        let given = walk(kind, |_, choices| turns.next().unwrap_or(0) % choices);
        let report = report(kind, &given);
        prop_assert!(report.index <= 100);
        let sum = report.parts.iter().map(|part| part.weight).sum::<u32>();
        prop_assert_eq!(summed(&report), sum);
        let questionnaire = rules::book::book().risk.iter().find(|one| one.code == kind).expect("there is one");
        let least = questionnaire.least.iter().filter(|one| rules::book::risk::holds(&one.when, &given));
        prop_assert_eq!(report.index, least.map(|one| one.index).max().unwrap_or(0).max(sum));
        prop_assert!(!report.ways.is_empty() && !report.time.is_empty() && !report.actions.is_empty());
        prop_assert_eq!(report.clone(), self::report(kind, &given), "the same answers give the same report");
    }

    #[test]
    fn an_answer_that_weighs_more_raises_the_sum(kind in 0..7_usize, turns in proptest::collection::vec(0..1_000_usize, 64)) {
        let kind = kinds()[kind].code;
        let mut turns = turns.into_iter().cycle();
        let given = walk(kind, |_, choices| turns.next().unwrap_or(0) % choices);
        let before = report(kind, &given);
        let questionnaire = rules::book::book().risk.iter().find(|one| one.code == kind).expect("there is one");
        for question in questionnaire.questions.iter().filter(|question| given.contains_key(&question.id)) {
            let weight = |chosen: &[String]| -> u32 {
                question.answer.iter().filter(|answer| chosen.contains(&answer.id)).map(|answer| answer.weight).sum()
            };
            for answer in &question.answer {
                let mut other = given.clone();
                other.insert(question.id.clone(), vec![answer.id.clone()]);
                // Where the other answer leads to other questions, the walk is another one.
                if !next(kind, &other).done {
                    continue;
                }
                let after = report(kind, &other);
                if after.parts.len() == before.parts.len() {
                    let (was, is) = (weight(&given[&question.id]), weight(&other[&question.id]));
                    prop_assert_eq!(i64::from(summed(&after)) - i64::from(summed(&before)), i64::from(is) - i64::from(was), "{}", question.id);
                }
            }
        }
    }
}
