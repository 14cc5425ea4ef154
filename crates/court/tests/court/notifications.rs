//! Which acts become notifications, and for whom.

use std::collections::BTreeMap;

use court::call::{End, Outcome, Start};
use court::inbox::{self, Verdict};
use court::matter::{Answer, Close, Extend, Issue, Withdraw};
use court::speech::{Text, To};
use court::{Capacity, MemberId, Proposal, Refusal, Report, Topic, call, member};
use time::Duration;

use crate::kit::{CLOSES, OPENS, Trial, id};

const JUDGE: Capacity = Capacity::PresidingJudge;
const A: Capacity = Capacity::Plaintiff;
const B: Capacity = Capacity::Defendant;

/// What the last act leads to.
fn told(trial: &Trial) -> Option<(Topic, Vec<MemberId>)> {
    inbox::after(trial.acts.last().unwrap(), &trial.room, &trial.policy)
}

fn all_but(who: Capacity) -> Vec<MemberId> {
    let mut all: Vec<_> = Capacity::ALL.into_iter().filter(|capacity| *capacity != who).map(id).collect();
    all.sort_unstable();
    all
}

fn sorted(told: Option<(Topic, Vec<MemberId>)>) -> Option<(Topic, Vec<MemberId>)> {
    told.map(|(topic, mut members)| {
        members.sort_unstable();
        (topic, members)
    })
}

fn issue(targets: &[Capacity], remind: bool) -> Proposal {
    Proposal::MatterIssue(Issue {
        title: "提交清单".into(),
        text: "请填写。".into(),
        targets: targets.iter().copied().map(id).collect(),
        deadline: OPENS + Duration::hours(1),
        attachments: Vec::new(),
        fields: Vec::new(),
        remind,
    })
}

fn letter(to: &[Capacity], remind: bool) -> Proposal {
    let to = To::Members(to.iter().copied().map(id).collect());
    Proposal::SpeechText(Text { text: "机密".into(), to, remind })
}

#[test]
fn a_sitting_is_told_to_everybody_but_who_arranged_it() {
    let mut trial = Trial::scheduled();
    assert_eq!(sorted(told(&trial)), Some((Topic::SittingScheduled, all_but(Capacity::CourtClerk))));
    trial = Trial::open();
    assert_eq!(sorted(told(&trial)), Some((Topic::SittingOpened, all_but(JUDGE))));
    trial.does(JUDGE, Proposal::SittingClose(Default::default())).unwrap();
    assert_eq!(sorted(told(&trial)), Some((Topic::SittingClosed, all_but(JUDGE))));
    let later = court::sitting::Reschedule {
        opens_at: OPENS,
        closes_at: CLOSES + Duration::hours(1),
        reason: "当事人申请".into(),
    };
    trial.does(JUDGE, Proposal::SittingReschedule(later)).unwrap();
    assert_eq!(sorted(told(&trial)), Some((Topic::SittingRescheduled, all_but(JUDGE))));
}

#[test]
fn what_everybody_reads_is_no_notification_and_a_letter_is_one_for_those_who_see_it() {
    let mut trial = Trial::open();
    trial.says(JUDGE, "请各方发言。", To::Everyone).unwrap();
    assert_eq!(told(&trial), None);
    trial.says(JUDGE, "合议", To::Bench).unwrap();
    assert_eq!(told(&trial), None);
    trial.does(A, letter(&[B], false)).unwrap();
    assert_eq!(told(&trial), Some((Topic::LetterReceived, vec![id(B)])));
    // To a judge: the clerks see it too, and so are told.
    trial.does(A, letter(&[JUDGE], false)).unwrap();
    let (_, told) = told(&trial).unwrap();
    for member in trial.room.present() {
        let sees = [JUDGE, Capacity::CourtClerk, Capacity::JudgeAssistant].contains(&member.capacity);
        assert_eq!(told.contains(&member.id), sees, "{}", member.capacity.code());
    }
}

#[test]
fn a_matter_is_told_to_its_targets_and_its_answer_to_the_bench_alone() {
    let mut trial = Trial::open();
    let matter = trial.does(JUDGE, issue(&[A, B], false)).unwrap().id;
    assert_eq!(told(&trial), Some((Topic::MatterIssued, vec![id(A), id(B)])));
    let later = Extend { matter, deadline: OPENS + Duration::hours(2), reason: "申请".into() };
    trial.does(JUDGE, Proposal::MatterExtend(later)).unwrap();
    assert_eq!(told(&trial), Some((Topic::MatterExtended, vec![id(A), id(B)])));
    let answer = Answer { matter, text: "答".into(), values: BTreeMap::new(), attachments: Vec::new() };
    trial.does(A, Proposal::MatterAnswer(answer)).unwrap();
    let (topic, members) = told(&trial).unwrap();
    assert_eq!(topic, Topic::MatterAnswered);
    assert!(members.contains(&id(JUDGE)) && members.contains(&id(Capacity::CourtClerk)));
    let bench = |member: &MemberId| {
        let capacity = trial.room.member(*member).unwrap().capacity;
        trial.policy.is_bench(capacity)
    };
    assert!(members.iter().all(bench), "the other side hears nothing of an answer");
    trial.does(JUDGE, Proposal::MatterClose(Close { matter })).unwrap();
    assert_eq!(told(&trial), Some((Topic::MatterClosed, vec![id(A), id(B)])));
    let second = trial.does(JUDGE, issue(&[B], false)).unwrap().id;
    trial.does(JUDGE, Proposal::MatterWithdraw(Withdraw { matter: second, reason: "不再需要".into() })).unwrap();
    assert_eq!(told(&trial), Some((Topic::MatterWithdrawn, vec![id(B)])));
}

#[test]
fn sr18_who_left_is_told_that_and_is_told_nothing_more() {
    let mut trial = Trial::open();
    trial.does(JUDGE, Proposal::MemberEnd(member::End { member: id(A), reason: "委托终止".into() })).unwrap();
    assert_eq!(told(&trial), Some((Topic::MemberEnded, vec![id(A)])));
    trial.does(JUDGE, Proposal::SittingClose(Default::default())).unwrap();
    assert!(!told(&trial).unwrap().1.contains(&id(A)));
    trial.does(JUDGE, Proposal::MemberAdmit(member::Admit { participant: id(A) })).unwrap();
    assert_eq!(told(&trial), Some((Topic::MemberAdmitted, vec![id(A)])));
}

#[test]
fn a_call_that_was_missed_is_told_to_whom_it_was_for() {
    for (outcome, expected) in [(Outcome::Missed, Some((Topic::CallMissed, vec![id(A)]))), (Outcome::Answered, None)] {
        let mut trial = Trial::open();
        let call = trial.does(JUDGE, Proposal::CallStart(Start { callee: id(A) })).unwrap().id;
        assert_eq!(told(&trial), None);
        let end = End { call, outcome, seconds: None, reason: None };
        trial.reports(Report::CallEnd(call::End { ..end })).unwrap();
        assert_eq!(told(&trial), expected);
    }
}

#[test]
fn sr48_a_strong_reminder_is_in_the_record_and_only_for_those_whom_it_is_for() {
    let mut trial = Trial::open();
    let body = |act: &court::Act| act.body.reminders().to_vec();
    let act = trial.does(A, letter(&[JUDGE, JUDGE], true)).unwrap().clone();
    // The clerk sees the message, and is not woken for it.
    assert_eq!(
        body(&act).iter().map(|one| (one.member, one.outcome)).collect::<Vec<_>>(),
        [(id(JUDGE), Verdict::Granted)]
    );
    let act = trial.does(JUDGE, issue(&[A, B], true)).unwrap().clone();
    assert_eq!(body(&act).iter().map(|one| one.member).collect::<Vec<_>>(), [id(A), id(B)]);
    let act = trial.does(A, letter(&[B], false)).unwrap().clone();
    assert_eq!(body(&act), []);
    let loud = Proposal::SpeechText(Text { text: "注意".into(), to: To::Everyone, remind: true });
    assert_eq!(trial.decides(A, loud).unwrap_err(), Refusal::ReminderNotPrivate);
    // What was recorded before there were reminders reads as it was, and what has none looks as before.
    let old = r#"{"kind":"speech.text","text":"函"}"#;
    let read: court::act::Body = serde_json::from_str(old).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), old);
    let asked: Proposal = serde_json::from_str(r#"{"kind":"speech.text","text":"函","to":"everyone"}"#).unwrap();
    assert!(!asked.reminds() && !serde_json::to_string(&asked).unwrap().contains("remind"));
}
