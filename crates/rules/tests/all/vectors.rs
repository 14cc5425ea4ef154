//! Worked by hand, on paper and with a wall calendar; each says from where. CPL is 民事诉讼法 (2023), CPI its 解释 (2022). The notices of the State Council's office
//! give the breaks: 2024 国办发明电〔2023〕7号, 2025 国办发明电〔2024〕12号, 2026 国办发明电〔2025〕7号.

use crate::kit::{ask, last_day, period, without};
use rules::periods::{Recipient, posted, together};

#[track_caller]
fn check(rule: &str, start: &str, last: &str) {
    assert_eq!(last_day(&ask(rule, start)), last, "{rule} from {start}");
}

/// CPL 128: 15 days from receipt; CPL 85: the day of receipt is left out. 4 March is day 1, 18 March (Tue) day 15.
#[test]
fn v01_answer_from_a_monday() {
    check("answer", "2025-03-03", "2025-03-18");
}

/// CPL 85(3): day 15 is Sunday 23 March; the first day after is Monday.
#[test]
fn v02_answer_that_ends_on_a_sunday() {
    check("answer", "2025-03-08", "2025-03-24");
}

/// Day 15 is Thursday 30 January 2025, within Spring Festival (28 January to 4 February); 5 February is a Wednesday.
#[test]
fn v03_answer_that_ends_in_spring_festival() {
    check("answer", "2025-01-15", "2025-02-05");
}

/// Day 15 is Saturday 26 April 2025; Sunday 27 April is worked on (for the Labour Day break), so the first day after is that Sunday.
#[test]
fn v04_a_worked_sunday_is_a_day_to_end_on() {
    check("answer", "2025-04-11", "2025-04-27");
}

/// Day 15 is Sunday 27 April 2025 itself: no rest day, so the end stays.
#[test]
fn v05_an_end_on_a_worked_sunday_stays() {
    check("answer", "2025-04-12", "2025-04-27");
}

/// Day 15 is Wednesday 1 October 2025; the break of National Day and Mid-Autumn lasts until 8 October (Wed), so Thursday the 9th.
#[test]
fn v06_answer_that_ends_on_national_day() {
    check("answer", "2025-09-16", "2025-10-09");
}

/// Day 15 is Saturday 14 February 2026, on which people work: it stays, a day before nine days off.
#[test]
fn v07_a_worked_saturday_before_spring_festival() {
    check("answer", "2026-01-30", "2026-02-14");
}

/// Day 15 is 15 February 2026 (Sun), the first of nine days off until Monday the 23rd; Tuesday the 24th.
#[test]
fn v08_nine_days_of_spring_festival() {
    check("answer", "2026-01-31", "2026-02-24");
}

/// CPL 285: 30 days without domicile in China. 3 March + 30 = 2 April (Wed).
#[test]
fn v09_answer_from_abroad() {
    check("answer/abroad", "2025-03-03", "2025-04-02");
}

/// CPL 130: the objection is raised within the period for the answer.
#[test]
fn v10_jurisdiction_objection() {
    check("jurisdiction_objection", "2025-03-03", "2025-03-18");
    check("jurisdiction_objection/abroad", "2025-03-03", "2025-04-02");
}

/// CPL 126: 7 days. Received Thursday 27 March 2025; day 7 is Thursday 3 April, a day before 清明 (4 to 6 April).
#[test]
fn v11_filing_in_seven_days() {
    check("filing", "2025-03-27", "2025-04-03");
}

/// The same a day later ends on Friday 4 April, 清明节; the break lasts until Sunday, so Monday the 7th.
#[test]
fn v12_filing_that_ends_on_tomb_sweeping_day() {
    check("filing", "2025-03-28", "2025-04-07");
}

/// CPI 126, OLR 9: the 7 days begin anew the day after the supplement was handed in: Tue 10 June → Tue 17 June 2025.
#[test]
fn v13_filing_after_a_supplement() {
    check("filing/corrected", "2025-06-10", "2025-06-17");
}

/// CPI 291: 30 days. 1 July 2025 + 30 = 31 July (Thu).
#[test]
fn v14_filing_of_a_third_party_revocation() {
    check("filing/third_party_revocation", "2025-07-01", "2025-07-31");
}

/// CPI 303, 304: 15 days; REG 8 the same for a private prosecution. 1 July + 15 = 16 July (Wed).
#[test]
fn v15_filing_of_objection_suits_and_private_prosecutions() {
    check("filing/enforcement_objection", "2025-07-01", "2025-07-16");
    check("filing/private_prosecution", "2025-07-01", "2025-07-16");
}

/// TL00 7 and CPL 131: 3 days. Friday 4 July + 3 = Monday 7 July 2025.
#[test]
fn v16_three_days_over_a_weekend() {
    check("filing_transfer", "2025-07-04", "2025-07-07");
    check("judges_told", "2025-07-04", "2025-07-07");
}

/// CPL 128: 5 days for the copies. Mon 7 July + 5 = Sat 12 July → Mon 14 July.
#[test]
fn v17_copies_in_five_days() {
    check("complaint_copy", "2025-07-07", "2025-07-14");
    check("answer_copy", "2025-07-07", "2025-07-14");
}

/// CPI 99: not less than 15 days; the court gave 20. 10 March + 20 = 30 March (Sun) → Mon 31 March.
#[test]
fn v18_evidence_as_the_court_gave_it() {
    let mut asked = ask("evidence", "2025-03-10");
    assert_eq!(last_day(&asked), "2025-03-25");
    asked.length = Some("20日".to_owned());
    assert_eq!(last_day(&asked), "2025-03-31");
}

/// EVI 55(1): suspended by an objection to jurisdiction. 10 March + 15 = 25 March; ten days (14 to 23 March) do not count: 4 April 2025, 清明 → 7 April.
#[test]
fn v19_evidence_suspended_by_an_objection_to_jurisdiction() {
    let mut asked = ask("evidence", "2025-03-10");
    asked.pauses = vec![without("jurisdiction_evidence", "2025-03-14", "2025-03-23")];
    let period = period(&asked);
    assert_eq!(rules::civil::iso(period.counted_to), "2025-04-04");
    assert_eq!(rules::civil::iso(period.last_day), "2025-04-07");
}

/// CPI 99: appeal 10 days at least; CPI 266: summary 15 at most; CPI 275: small claims normally 7 at most. From Mon 2 June 2025.
#[test]
fn v20_evidence_in_each_procedure() {
    check("evidence/appeal", "2025-06-03", "2025-06-13");
    check("evidence/summary", "2025-06-03", "2025-06-18");
    check("evidence/small", "2025-06-03", "2025-06-10");
}

/// CPL 95: published 3 March 2025, thirty days later is 2 April (Wed): served. EVI 55(5): evidence from the day after: 3 April is day 1, 17 April (Thu) day 15.
#[test]
fn v21_evidence_after_publication() {
    check("publication", "2025-03-03", "2025-04-02");
    check("evidence/published", "2025-04-02", "2025-04-17");
}

/// CPL 283: sixty days abroad. 3 March + 60 = 2 May 2025; being served is no act that needs a working day, so it stays within the Labour Day break.
#[test]
fn v22_publication_abroad_takes_effect_on_a_holiday() {
    check("publication/abroad", "2025-03-03", "2025-05-02");
}

/// CPI 100: the court granted ten more days: 15 + 10 from 10 March 2025 = 4 April, 清明 → 7 April.
#[test]
fn v23_evidence_extended() {
    let mut asked = ask("evidence", "2025-03-10");
    asked.extension = Some("10日".to_owned());
    assert_eq!(last_day(&asked), "2025-04-07");
    asked.extension = Some("2025-04-10".to_owned());
    assert_eq!(last_day(&asked), "2025-04-10");
}

/// CPL 139: three days before a hearing on Thursday 20 March 2025 is Monday the 17th.
#[test]
fn v24_notice_three_days_before_the_hearing() {
    check("hearing_notice", "2025-03-20", "2025-03-17");
}

/// Three days before Wednesday 19 March is Sunday the 16th; it does not roll towards the hearing, the working day before is Friday the 14th.
#[test]
fn v25_counting_back_never_rolls_forward() {
    let period = period(&ask("hearing_notice", "2025-03-19"));
    assert_eq!(rules::civil::iso(period.last_day), "2025-03-16");
    assert_eq!(period.working_day_before.map(rules::civil::iso).as_deref(), Some("2025-03-14"));
}

/// ASR 3: seven days before Friday 14 March 2025 is Friday the 7th; ASR 2: five days from Monday 3 March is Saturday the 8th → Monday the 10th.
#[test]
fn v26_lay_assessors() {
    check("assessor_draw", "2025-03-14", "2025-03-07");
    check("assessor_request", "2025-03-03", "2025-03-10");
}

/// CPL 50: 3 days to decide. Wed 30 April 2025 + 3 = Sat 3 May, Labour Day until the 5th → Tue 6 May.
#[test]
fn v27_recusal_over_labour_day() {
    check("recusal", "2025-04-30", "2025-05-06");
    check("recusal_review", "2025-04-30", "2025-05-06");
}

/// CPL 150, 151. Mon 10 March + 5 = Sat 15 → Mon 17; + 10 = Thu 20.
#[test]
fn v28_transcript_and_judgment() {
    check("transcript", "2025-03-10", "2025-03-17");
    check("judgment_sending", "2025-03-10", "2025-03-20");
}

/// CPL 152: six months by the calendar, 15 January → 15 July 2025 (Tue).
#[test]
fn v29_trial_in_six_months() {
    check("trial", "2025-01-15", "2025-07-15");
}

/// 民法典 202: there is no 31 February 2025, so its last day, Fri the 28th; with three months from 30 November 2023 the 29th in a leap year.
#[test]
fn v30_months_end_where_the_month_ends() {
    check("adjournment", "2025-01-31", "2025-02-28");
    check("adjournment", "2024-01-31", "2024-02-29");
    check("trial/summary", "2024-11-30", "2025-02-28");
}

/// CPI 243: thirty days of appraisal (1 to 30 April) and ten of settlement, five of them the same days: 35 days do not count. 15 July + 35 = 19 August 2025 (Tue).
#[test]
fn v31_days_that_do_not_count_are_left_out_once() {
    let mut asked = ask("trial", "2025-01-15");
    asked.pauses =
        vec![without("settlement", "2025-04-26", "2025-05-05"), without("appraisal", "2025-04-01", "2025-04-30")];
    assert_eq!(last_day(&asked), "2025-08-19");
}

/// CPL 164: three months and one more; CPI 258: four in all, from 31 January to 31 May 2025 (Sat), 端午 until 2 June → Tue 3 June.
#[test]
fn v32_summary_procedure_extended() {
    let mut asked = ask("trial/summary", "2025-01-31");
    assert_eq!(last_day(&asked), "2025-04-30");
    asked.extension = Some("1个月".to_owned());
    assert_eq!(last_day(&asked), "2025-06-03");
}

/// CPL 168, 183, 187: two months, three months, thirty days. 10 March 2025 → 10 May (Sat) → 12 May; 10 June (Tue); 9 April (Wed).
#[test]
fn v33_other_trial_limits() {
    check("trial/small", "2025-03-10", "2025-05-12");
    check("trial/appeal_judgment", "2025-03-10", "2025-06-10");
    check("trial/appeal_ruling", "2025-03-10", "2025-04-09");
    check("trial/special", "2025-03-10", "2025-04-09");
}

/// TL19 1: fifteen days before 15 July 2025 is 30 June, five days before is 10 July.
#[test]
fn v34_asking_for_more_time() {
    check("trial_extension/apply", "2025-07-15", "2025-06-30");
    check("trial_extension/decide", "2025-07-15", "2025-07-10");
}

/// CPL 171: judgments 15 days, rulings 10; CPL 286: 30 abroad. Served Fri 20 June 2025: 5 July (Sat) → Mon 7; Mon 30 June; Sun 20 July → Mon 21.
#[test]
fn v35_appeals() {
    check("appeal", "2025-06-20", "2025-07-07");
    check("appeal/ruling", "2025-06-20", "2025-06-30");
    check("appeal/abroad", "2025-06-20", "2025-07-21");
}

/// Each from their own day (CPI 536 for those abroad): served 20 and 25 June 2025: 7 July and 10 July (Thu). In force from the 11th.
#[test]
fn v36_the_last_recipient_decides_when_a_judgment_takes_effect() {
    let recipients = [("甲", "2025-06-20"), ("乙", "2025-06-25")].map(|(name, start)| Recipient {
        name: name.to_owned(),
        start: start.to_owned(),
        variant: String::new(),
    });
    let together = together(&ask("appeal", ""), &recipients).expect("both known");
    let days: Vec<String> = together.recipients.iter().map(|one| rules::civil::iso(one.period.last_day)).collect();
    assert_eq!(days, ["2025-07-07", "2025-07-10"]);
    assert_eq!(together.effective.map(rules::civil::iso).as_deref(), Some("2025-07-11"));
}

/// CPL 173, 174: 5 days, 5 days, then 15. Mon 7 July 2025 → Sat 12 → Mon 14; answer from the 14th: 29 July (Tue).
#[test]
fn v37_papers_of_an_appeal() {
    for rule in ["appeal_forward", "appeal_copy", "appeal_file", "appeal_answer_copy"] {
        check(rule, "2025-07-07", "2025-07-14");
    }
    check("appeal_answer", "2025-07-14", "2025-07-29");
    check("appeal_answer/abroad", "2025-07-14", "2025-08-13");
}

/// CPL 216, CPL 59: six months. 30 August 2024 → 28 February 2025 (Fri). CPL 215: three months, 10 March → 10 June 2025.
#[test]
fn v38_retrial_and_third_party_revocation() {
    check("retrial", "2024-08-30", "2025-02-28");
    check("third_party_revocation", "2024-08-30", "2025-02-28");
    check("retrial_review", "2025-03-10", "2025-06-10");
}

/// CPL 103, 104 with CPI 125: 10:20 on Monday 3 March; the hour of 10 does not count, 48 hours from 11 end on Wednesday at 11.
#[test]
fn v39_forty_eight_hours_from_the_next_hour() {
    for rule in ["preservation/urgent", "preservation/before_suit", "preservation_release/urgent"] {
        assert_eq!(period(&ask(rule, "2025-03-03T10:20")).ends_at.as_deref(), Some("2025-03-05T11:00"), "{rule}");
    }
    // 23:05 on the eve: the next hour is midnight.
    assert_eq!(period(&ask("preservation", "2025-03-03T23:05")).ends_at.as_deref(), Some("2025-03-06T00:00"));
}

/// The same instant in another zone: 02:20 UTC is 10:20 in Shanghai; and 17:00 UTC on 2 March is already 3 March there.
#[test]
fn v40_an_instant_is_read_in_shanghai() {
    assert_eq!(period(&ask("preservation", "2025-03-03T02:20:00Z")).ends_at.as_deref(), Some("2025-03-05T11:00"));
    check("answer", "2025-03-02T17:00:00Z", "2025-03-18");
    check("answer", "2025-03-02T15:59:59Z", "2025-03-17");
}

/// PRE 4, 23, 25, CPI 171: 5 days and 10. Mon 10 March 2025 → Sat 15 → Mon 17; Thu 20.
#[test]
fn v41_preservation() {
    for rule in [
        "preservation/ordinary",
        "preservation_start",
        "preservation_review",
        "preservation_release",
        "preservation_enforcement",
    ] {
        check(rule, "2025-03-10", "2025-03-17");
    }
    check("preservation_review/decide", "2025-03-10", "2025-03-20");
}

/// CPL 104: sue within 30 days of the measure. 1 September 2025 + 30 = 1 October → 9 October.
#[test]
fn v42_suit_after_preservation_over_national_day() {
    check("preservation_suit", "2025-09-01", "2025-10-09");
}

/// PRE 18: seven days before a freeze ends on 12 March 2026 is 5 March (Thu). CPI 485: a deposit is frozen for a year, which does not grow on a rest day.
#[test]
fn v43_renewing_preservation() {
    check("preservation_renewal", "2026-03-12", "2026-03-05");
    check("seizure/deposit", "2025-03-15", "2026-03-15");
}

/// CPL 205: 30 days; CFM 4, 5: 3 and 15, ten more. From Mon 10 March 2025: 9 April (Wed); Thu 13; Tue 25; 4 April 清明 → 7 April.
#[test]
fn v44_judicial_confirmation() {
    check("confirmation", "2025-03-10", "2025-04-09");
    check("confirmation_acceptance", "2025-03-10", "2025-03-13");
    let mut asked = ask("confirmation_decision", "2025-03-10");
    assert_eq!(last_day(&asked), "2025-03-25");
    asked.extension = Some("10日".to_owned());
    assert_eq!(last_day(&asked), "2025-04-07");
}

/// CPL 226, 227, CPI 438. From Mon 10 March 2025: Sat 15 → Mon 17; Tue 25; Tue 25; Mon 17.
#[test]
fn v45_payment_order() {
    check("payment_order_acceptance", "2025-03-10", "2025-03-17");
    check("payment_order", "2025-03-10", "2025-03-25");
    check("payment_order_objection", "2025-03-10", "2025-03-25");
    check("payment_order_suit", "2025-03-10", "2025-03-17");
}

/// CPL 250: two years from the last day of performance; 29 February 2024 → 28 February 2026, a Saturday on which people work, so it stays.
#[test]
fn v46_two_years_to_apply_for_enforcement() {
    check("enforcement", "2024-02-29", "2026-02-28");
}

/// CPI 480, CPL 236, 238: 10, 15, 10, 15, 15. From Mon 10 March 2025.
#[test]
fn v47_enforcement() {
    check("enforcement_notice", "2025-03-10", "2025-03-20");
    check("conduct_objection", "2025-03-10", "2025-03-25");
    check("conduct_review", "2025-03-10", "2025-03-20");
    check("third_party_objection", "2025-03-10", "2025-03-25");
    check("objection_suit", "2025-03-10", "2025-03-25");
    check("idle", "2025-03-10", "2025-09-10");
}

/// ENF 2, 7, 17, 21: 7 days, 3, 10, 10, 10. From Mon 10 March 2025.
#[test]
fn v48_assets() {
    check("clue_check", "2025-03-10", "2025-03-17");
    check("clue_check/urgent", "2025-03-10", "2025-03-13");
    for rule in ["asset_change", "audit", "bounty"] {
        check(rule, "2025-03-10", "2025-03-20");
    }
}

/// SUM 16: ten days from the day after the agreement. FEE 22, 43, 53: 7, 15, 15. From Mon 10 March 2025.
#[test]
fn v49_papers_and_fees() {
    check("mediation_paper", "2025-03-10", "2025-03-20");
    for rule in ["fee", "fee/counterclaim", "fee/appeal", "fee/to_ordinary"] {
        check(rule, "2025-03-10", "2025-03-17");
    }
    check("fee_review", "2025-03-10", "2025-03-25");
    check("fee_refund", "2025-03-10", "2025-03-25");
}

/// CPI 185: 3 days, 5 days. CPL 86: 10 days after the obstacle. From Thu 13 March 2025: Sun 16 → Mon 17; Tue 18; Sun 23 → Mon 24.
#[test]
fn v50_fines_and_relief() {
    check("sanction_review", "2025-03-13", "2025-03-17");
    check("sanction_review/decide", "2025-03-13", "2025-03-18");
    check("relief", "2025-03-13", "2025-03-24");
}

/// OMR 10, 12, 15: working days. From Thu 24 April 2025: Fri 25 is the first, the worked Sunday 27 the second, Mon 28 the third.
#[test]
fn v51_working_days_count_a_worked_sunday() {
    check("mediator_choice", "2025-04-24", "2025-04-27");
    for rule in ["mediator_appointment", "mediator_acceptance", "mediation_contact"] {
        check(rule, "2025-04-24", "2025-04-28");
    }
}

/// The seven working days of the rules for cross-border parties, over Spring Festival 2025: from Fri 24 January: Sun 26 (worked), Mon 27, then 5, 6, 7, 8 (worked
/// Saturday), 10 February.
#[test]
fn v52_working_days_over_spring_festival() {
    check("crossborder_decision", "2025-01-24", "2025-02-10");
    check("crossborder_identity", "2025-01-24", "2025-02-05");
    check("crossborder_correction", "2025-01-24", "2025-02-08");
}

/// OMR 24: 30, 15 and 7 days, longer if all agree. From Mon 10 March 2025.
#[test]
fn v53_online_mediation() {
    check("mediation/before_filing", "2025-03-10", "2025-04-09");
    check("mediation/ordinary", "2025-03-10", "2025-03-25");
    check("mediation/summary", "2025-03-10", "2025-03-17");
    check("online_joining", "2025-03-10", "2025-03-13");
}

/// CPL 85(4): posted on the last day is in time, whenever it arrives; the day after is not.
#[test]
fn v54_posted_before_expiry() {
    assert!(posted("2025-03-18", "2025-03-18").expect("days").in_time);
    let late = posted("2025-03-18", "2025-03-19").expect("days");
    assert!(!late.in_time);
    assert_eq!(late.late_by, 1);
}

/// Older law under its own numbers: publication took 60 days until 2021 (CPL 2017, 92) and takes 30 since 2022 (CPL 2021, 95). 1 December 2021 + 60 = 30 January 2022.
#[test]
fn v55_the_day_of_the_event_chooses_the_version() {
    let old = period(&ask("publication", "2021-12-01"));
    assert_eq!(rules::civil::iso(old.last_day), "2022-01-30");
    assert_eq!(old.citations[0].text, "《民事诉讼法》（2017年修正）第九十二条第一款");
    let new = period(&ask("publication", "2022-01-01"));
    assert_eq!(rules::civil::iso(new.last_day), "2022-01-31");
    assert_eq!(new.citations[0].text, "《民事诉讼法》（2021年修正）第九十五条第一款");
}

/// The longer Spring Festival of 2020 (国办发明电〔2020〕1号): 15 days from 10 January end on the 25th; the break lasted until 2 February (Sun) → Mon 3 February.
#[test]
fn v56_the_break_that_was_made_longer() {
    check("answer", "2020-01-10", "2020-02-03");
}

/// The notice for 2019 made Sat 29 December 2018 a working day and Mon 31 December a day off: a year's last days belong to the next notice.
#[test]
fn v57_the_next_years_notice_reaches_back() {
    check("answer", "2018-12-14", "2018-12-29");
    check("answer", "2018-12-16", "2019-01-02");
}

/// CPI 291: 5 days and 10; CPI 509, 510: 15 days each; POST 6: 5 days. From Mon 10 March 2025: Sat 15 → Mon 17; Thu 20; Tue 25.
#[test]
fn v58_papers_of_a_third_party_revocation_and_of_a_distribution() {
    check("third_party_revocation_copy", "2025-03-10", "2025-03-17");
    check("third_party_revocation_opinion", "2025-03-10", "2025-03-20");
    for rule in ["distribution_objection", "distribution_opposition", "distribution_suit"] {
        check(rule, "2025-03-10", "2025-03-25");
    }
    check("postal_delivery", "2025-03-10", "2025-03-17");
}

/// CPL 230, CPI 447, 450: 3 days, at least 60, then a month. From Mon 10 March 2025: Thu 13; 9 May (Fri); 9 June (Mon).
#[test]
fn v59_public_summons() {
    check("public_summons_notice", "2025-03-10", "2025-03-13");
    check("public_summons", "2025-03-10", "2025-05-09");
    check("public_summons_judgment", "2025-05-09", "2025-06-09");
}

/// TL00 9(8), (9): an audit of 20 days and a stay of 31 do not count: 15 July 2025 + 51 = 4 September (Thu).
#[test]
fn v60_audits_and_stays_do_not_count() {
    let mut asked = ask("trial", "2025-01-15");
    asked.pauses = vec![without("audit", "2025-03-01", "2025-03-20"), without("stay", "2025-05-01", "2025-05-31")];
    assert_eq!(last_day(&asked), "2025-09-04");
}
