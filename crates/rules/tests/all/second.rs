//! P-07: the second implementation, tests/rules/periods.py, which walks day by day over tables of its own, must say the same.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use rules::calendar::Calendar;
use rules::civil;
use rules::periods::{Ask, PauseAsked, offered, reckon};
use time::{Date, Duration};

use crate::kit::python;

fn day(year: i32, ordinal: u16) -> Date {
    Date::from_ordinal_date(year, ordinal).expect("a day")
}

#[test]
fn p07_both_calendars_know_the_same_working_days() {
    let calendar = Calendar::get();
    let (first, last) = (calendar.first(), day(2026, 365));
    let theirs = python("periods.py", &["--calendar", &civil::iso(first), &civil::iso(last)], "");
    let mut at = first;
    let mut days = 0;
    for line in theirs {
        let works = calendar.day(at).expect("a known day").works();
        assert_eq!(line, format!("{} {}", civil::iso(at), if works { "w" } else { "-" }));
        at += Duration::days(1);
        days += 1;
    }
    assert_eq!((days, at), (4018, last + Duration::days(1)));
}

fn question(ask: &Ask) -> String {
    let pauses: Vec<[&str; 2]> = ask.pauses.iter().map(|pause| [pause.from.as_str(), pause.until.as_str()]).collect();
    serde_json::json!({ "rule": ask.rule, "variant": ask.variant, "start": ask.start, "length": ask.length, "extension": ask.extension, "pauses": pauses }).to_string()
}

fn compare(asked: &[Ask]) {
    let lines: String = asked.iter().map(|ask| question(ask) + "\n").collect();
    let theirs = python("periods.py", &[], &lines);
    assert_eq!(theirs.len(), asked.len());
    for (ask, theirs) in asked.iter().zip(theirs) {
        let ours = reckon(ask).unwrap_or_else(|wrong| panic!("{ask:?}: {wrong}"));
        assert_eq!(ours.ends_at.unwrap_or_else(|| civil::iso(ours.last_day)), theirs, "{ask:?}");
    }
}

/// Ten years, every day, the lengths of the law in days; the event falls into the version of its day.
#[test]
fn p07_every_day_of_ten_years_gives_the_same_last_day() {
    let mut asked = Vec::new();
    let mut at = day(2017, 1);
    while at < day(2027, 1) - Duration::days(40) {
        for (rule, variant) in [
            ("answer", "domestic"),
            ("appeal", "ruling"),
            ("filing", "ordinary"),
            ("publication", "domestic"),
            ("hearing_notice", ""),
        ] {
            asked.push(Ask {
                rule: rule.to_owned(),
                variant: variant.to_owned(),
                start: civil::iso(at),
                ..Ask::default()
            });
        }
        at += Duration::days(1);
    }
    assert!(asked.len() > 18_000);
    compare(&asked);
}

/// Every rule there is, on many days, with pauses and extensions where the rule knows them.
#[test]
fn p07_every_rule_gives_the_same_with_pauses_and_extensions() {
    let mut runner = TestRunner::deterministic();
    let mut asked = Vec::new();
    for rule in offered(day(2025, 1)) {
        for variant in &rule.variants {
            for _ in 0..40 {
                let draw = (
                    0u16..700,
                    0u8..24,
                    0u8..60,
                    1u16..90,
                    prop::collection::vec((0i64..200, 0i64..40), 0..4),
                    prop::bool::ANY,
                    1u16..6,
                );
                let (offset, hour, minute, length, pauses, extended, more) =
                    draw.new_tree(&mut runner).expect("a draw").current();
                let start = day(2024, 1) + Duration::days(i64::from(offset));
                let unit = variant.length.trim_start_matches(|char: char| char.is_ascii_digit());
                let mut ask = Ask {
                    rule: rule.rule.clone(),
                    variant: variant.variant.clone(),
                    start: civil::iso(start),
                    ..Ask::default()
                };
                if variant.in_hours {
                    ask.start = format!("{}T{hour:02}:{minute:02}", ask.start);
                }
                if variant.bound == "least" {
                    ask.length = Some(format!("{}{unit}", length.max(60)));
                }
                for (at, (from, days)) in pauses.iter().enumerate().filter(|_| !variant.pauses.is_empty()) {
                    let from = start + Duration::days(*from - 20);
                    ask.pauses.push(PauseAsked {
                        kind: variant.pauses[at % variant.pauses.len()].0.clone(),
                        from: civil::iso(from),
                        until: civil::iso(from + Duration::days(*days)),
                    });
                }
                if extended && variant.extension != "no" {
                    let most: u16 = variant
                        .extension
                        .chars()
                        .take_while(char::is_ascii_digit)
                        .collect::<String>()
                        .parse()
                        .unwrap_or(30);
                    ask.extension = Some(format!("{}{unit}", more.min(most)));
                }
                asked.push(ask);
            }
        }
    }
    assert!(asked.len() > 4_000);
    compare(&asked);
}
