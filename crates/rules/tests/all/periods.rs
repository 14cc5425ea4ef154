//! Properties of periods (P-07), what is refused and how, the reason, and the calendar file.

use std::collections::BTreeSet;

use crate::kit::{ask, last_day, period, without, wrong};
use proptest::prelude::*;
use rules::calendar::Calendar;
use rules::periods::{Ask, Event, Recipient, calendar, offered, reckon, together};
use rules::{StepKind, civil};
use time::{Date, Duration, OffsetDateTime, UtcOffset};

fn any_day() -> impl Strategy<Value = Date> {
    (0i64..3700).prop_map(|days| Date::from_ordinal_date(2016, 200).expect("a day") + Duration::days(days))
}

/// Every variant of every rule that holds in 2025, and that is counted in days or more.
fn forward_rules() -> Vec<(String, String)> {
    offered(Date::from_ordinal_date(2025, 100).expect("a day"))
        .into_iter()
        .flat_map(|rule| {
            rule.variants
                .into_iter()
                .filter(|variant| variant.way == "after" && !variant.in_hours)
                .map(move |variant| (rule.rule.clone(), variant.variant))
        })
        .collect()
}

proptest! {
    #[test]
    fn p07_a_later_start_never_ends_earlier(rule in prop::sample::select(forward_rules()), days in 0i64..700, later in 0i64..60) {
        let start = Date::from_ordinal_date(2024, 1).expect("a day") + Duration::days(days);
        let asked = |start: Date| Ask { rule: rule.0.clone(), variant: rule.1.clone(), start: civil::iso(start), ..Ask::default() };
        let (first, second) = (period(&asked(start)), period(&asked(start + Duration::days(later))));
        prop_assert!(first.last_day <= second.last_day, "{} {}", first.last_day, second.last_day);
    }

    #[test]
    fn p07_no_period_ends_on_a_day_off_and_none_ends_before_it_is_counted(rule in prop::sample::select(vec!["answer", "appeal", "appeal/ruling", "filing", "recusal", "relief"]), start in any_day()) {
        let period = period(&ask(rule, &civil::iso(start)));
        prop_assert!(Calendar::get().day(period.last_day).expect("a known day").works());
        prop_assert!(period.last_day >= period.counted_to);
        let between = civil::days_between(period.counted_to, period.last_day);
        for at in 0..between {
            prop_assert!(!Calendar::get().day(period.counted_to + Duration::days(at)).expect("a known day").works());
        }
    }

    #[test]
    fn p07_the_first_day_is_left_out(start in any_day()) {
        let period = period(&ask("answer", &civil::iso(start)));
        prop_assert_eq!(period.first_day, start + Duration::days(1));
        prop_assert_eq!(period.counted_to, start + Duration::days(15));
    }

    #[test]
    fn p07_an_instant_gives_the_same_in_every_zone(seconds in 1_483_228_800i64..1_790_000_000, offset in -12i8..=14) {
        let instant = OffsetDateTime::from_unix_timestamp(seconds).expect("an instant");
        let elsewhere = instant.to_offset(UtcOffset::from_hms(offset, 0, 0).expect("an offset"));
        let typed = elsewhere.format(&time::format_description::well_known::Rfc3339).expect("text");
        prop_assert_eq!(last_day(&ask("answer", &typed)), last_day(&ask("answer", &civil::iso(civil::of(instant)))));
    }

    #[test]
    fn p07_nothing_that_is_typed_makes_it_panic(rule in ".{0,12}", start in ".{0,20}", length in proptest::option::of(".{0,8}"), extension in proptest::option::of(".{0,12}")) {
        for rule in [rule.as_str(), "answer", "evidence", "preservation", "trial"] {
            if let Err(wrong) = reckon(&Ask { start: start.clone(), length: length.clone(), extension: extension.clone(), ..ask(rule, "") }) {
                prop_assert!(wrong.sentence().ends_with('。'), "{}", wrong);
            }
        }
    }

    #[test]
    fn p07_more_days_left_out_never_end_earlier(from in 0i64..200, days in 0i64..60, more in 0i64..30) {
        let start = Date::from_ordinal_date(2024, 60).expect("a day");
        let (from, until) = (start + Duration::days(from), start + Duration::days(from + days));
        let mut asked = ask("trial", &civil::iso(start));
        let bare = period(&asked).last_day;
        asked.pauses = vec![without("appraisal", &civil::iso(from), &civil::iso(until))];
        let once = period(&asked).last_day;
        asked.pauses = vec![without("appraisal", &civil::iso(from), &civil::iso(until + Duration::days(more)))];
        prop_assert!(bare <= once && once <= period(&asked).last_day);
    }
}

#[test]
fn every_offered_rule_can_be_reckoned_and_tells_its_reason() {
    for rule in offered(Date::from_ordinal_date(2026, 60).expect("a day")) {
        for variant in rule.variants {
            let start = if variant.in_hours { "2026-03-02T09:15" } else { "2026-03-02" };
            let period = period(&Ask { variant: variant.variant.clone(), ..ask(&rule.rule, start) });
            let kinds: Vec<StepKind> = period.reason.0.iter().map(|step| step.kind).collect();
            assert_eq!(
                (kinds[0], kinds[1], kinds.last()),
                (StepKind::Input, StepKind::Rule, Some(&StepKind::Result)),
                "{}",
                rule.rule
            );
            assert!(kinds.contains(&StepKind::Count));
            for step in &period.reason.0 {
                assert!(step.text.ends_with('。') && !step.text.contains("。。"), "{}", step.text);
                assert!(
                    !matches!(step.kind, StepKind::Rule | StepKind::Count | StepKind::Excluded | StepKind::RollOver)
                        || !step.citations.is_empty(),
                    "{}",
                    step.text
                );
            }
        }
    }
}

#[test]
fn the_reason_says_what_a_litigant_asks() {
    let period = period(&ask("answer", "2025-01-15"));
    let said: Vec<&str> = period.reason.0.iter().map(|step| step.text.as_str()).collect();
    assert_eq!(
        said[..4],
        [
            "收到起诉状副本：2025年1月15日（星期三）。",
            "答辩期（在国内有住所）：被告提出答辩状，期间为15日。",
            "以日、月、年计算的期间，开始的当日不计入，从次日起算：第1日为2025年1月16日，第15日为2025年1月30日（星期四）。",
            "最后一日2025年1月30日是春节假期（2025年1月28日至2025年2月4日，国办发明电〔2024〕12号），顺延至其后第一个工作日2025年2月5日（星期三）。",
        ]
    );
    assert_eq!(period.reason.0[1].citations[0].text, "《民事诉讼法》（2023年修正）第一百二十八条第一款");
    assert_eq!(period.reason.0[3].citations[0].text, "《民事诉讼法》（2023年修正）第八十五条第三款");
}

/// After the last notice there is no table: the result says that it may move, and weekends and fixed days are all it knows.
#[test]
fn past_the_last_table_a_result_is_provisional() {
    assert!(!period(&ask("answer", "2026-12-01")).provisional);
    let late = period(&ask("answer", "2026-12-17"));
    assert_eq!((late.provisional, civil::iso(late.last_day).as_str()), (true, "2027-01-04"));
    assert!(late.reason.0.iter().any(|step| step.kind == StepKind::Caution && step.text.contains("暂定")));
    assert!(period(&ask("enforcement", "2026-03-02")).provisional);
}

#[test]
fn what_is_wrong_says_what_is_allowed() {
    let code = |ask: &Ask| wrong(ask).code();
    assert_eq!(
        wrong(&ask("answer", "2025-02-30")).sentence(),
        "“2025-02-30”不是有效日期，请按“2025-03-18”的格式填写。"
    );
    assert_eq!(code(&ask("answers", "2025-03-03")), "rule.unknown");
    assert_eq!(
        wrong(&ask("answer/x", "2025-03-03")).sentence(),
        "没有“x”这一情形，可以选择：在国内有住所（domestic）、在中国领域内没有住所（abroad）。"
    );
    assert_eq!(code(&ask("answer", "1066-10-14")), "date.out_of_range");
    assert_eq!(code(&ask("answer", "2012-03-03")), "rule.not_in_force");
    assert_eq!(code(&ask("answer", "2014-03-03")), "date.holidays_unknown");
    assert_eq!(code(&ask("preservation", "2025-03-03")), "time.invalid");
    assert_eq!(code(&ask("preservation", "2025-03-03T25:00")), "time.invalid");
    assert_eq!(code(&ask("preservation", "2025-03-03T1:00")), "time.invalid");
    let with_length = |rule: &str, length: &str| Ask { length: Some(length.to_owned()), ..ask(rule, "2025-03-03") };
    assert_eq!(code(&with_length("answer", "10日")), "length.fixed");
    assert_eq!(code(&with_length("evidence", "14日")), "length.too_short");
    assert_eq!(code(&with_length("evidence/summary", "16日")), "length.too_long");
    assert_eq!(code(&with_length("evidence", "1个月")), "length.unit");
    assert_eq!(code(&with_length("evidence", "0日")), "length.invalid");
    let usual = period(&with_length("evidence/small", "9日"));
    assert!(usual.reason.0.iter().any(|step| step.kind == StepKind::Caution && step.text.contains("超过一般的7日")));
    let extended = |rule: &str, by: &str| Ask { extension: Some(by.to_owned()), ..ask(rule, "2025-03-03") };
    assert_eq!(code(&extended("appeal", "5日")), "extension.forbidden");
    assert_eq!(code(&extended("trial/summary", "2个月")), "extension.too_long");
    assert_eq!(code(&extended("trial/summary", "2025-12-31")), "extension.too_long");
    assert_eq!(code(&extended("trial/summary", "30日")), "length.unit");
    assert_eq!(code(&extended("evidence", "2025-03-04")), "date.backwards");
    assert_eq!(code(&extended("retrial", "1个月")), "period.invariable");
    let paused = |rule: &str, kind: &str, from: &str, until: &str| Ask {
        pauses: vec![without(kind, from, until)],
        ..ask(rule, "2025-03-03")
    };
    assert_eq!(code(&paused("answer", "appraisal", "2025-03-04", "2025-03-05")), "pause.forbidden");
    assert_eq!(code(&paused("trial", "holiday", "2025-03-04", "2025-03-05")), "pause.forbidden");
    assert_eq!(code(&paused("trial", "appraisal", "2025-03-05", "2025-03-04")), "date.backwards");
    assert_eq!(code(&paused("retrial", "appraisal", "2025-03-04", "2025-03-05")), "period.invariable");
    assert_eq!(together(&ask("appeal", ""), &[]).expect_err("nobody").code(), "value.missing");
    let far = Recipient { name: "丙".to_owned(), start: "2025-06-20".to_owned(), variant: "abroad".to_owned() };
    assert_eq!(civil::iso(together(&ask("appeal", ""), &[far]).expect("one").all_ended), "2025-07-21");
}

#[test]
fn an_unknown_member_of_a_question_is_refused() {
    assert!(serde_json::from_str::<Ask>(r#"{"rule":"answer","start":"2025-03-03","lenght":"3日"}"#).is_err());
}

/// RFC 5545: CRLF, at most 75 octets a line, folded lines begin with a space and unfold to what was meant; UID and DTSTAMP are there; TEXT is escaped.
#[test]
fn a_calendar_file_is_folded_escaped_and_dated() {
    let stamp = time::macros::datetime!(2025-03-03 10:20 +8);
    let mut event = Event::of(&period(&ask("answer", "2025-01-15")), "answer-1@court.example");
    event.summary.push_str("; a, b\\c\u{7}");
    let text = calendar(&[event], stamp);
    assert!(text.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n") && text.ends_with("END:VCALENDAR\r\n"));
    assert!(text.split("\r\n").all(|line| line.len() <= 75), "a line is too long");
    assert!(!text.replace("\r\n", "").contains(['\r', '\n']));
    let unfolded = text.replace("\r\n ", "");
    let lines: BTreeSet<&str> = unfolded.split("\r\n").collect();
    for line in [
        "UID:answer-1@court.example",
        "DTSTAMP:20250303T022000Z",
        "DTSTART;VALUE=DATE:20250205",
        "DTEND;VALUE=DATE:20250206",
        "TRIGGER:-P0DT15H",
    ] {
        assert!(lines.contains(line), "{line}");
    }
    assert!(lines.contains("SUMMARY:答辩期届满：提出答辩状\\; a\\, b\\\\c"));
    assert!(unfolded.contains("DESCRIPTION:收到起诉状副本：2025年1月15日（星期三）。\\n答辩期"));
    let hours = calendar(&[Event::of(&period(&ask("preservation", "2025-03-03T10:20")), "p@x")], stamp);
    assert!(hours.contains("DTSTART:20250305T030000Z\r\n"), "11:00 in Shanghai is 03:00 UTC");
}
