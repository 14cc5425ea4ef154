use court::call::{End, Outcome, Start};
use court::{ActId, Audience, Capacity, Kind, Phase, Proposal, Refusal, Report};
use time::Duration;

use crate::kit::{CLOSES, Trial, id, only};

fn call(callee: Capacity) -> Proposal {
    Proposal::CallStart(Start { callee: id(callee) })
}

fn ended(call: ActId, outcome: Outcome, seconds: Option<u32>) -> Report {
    Report::CallEnd(End { call, outcome, seconds, reason: None })
}

#[test]
fn a_call_is_seen_by_the_bench_and_the_callee_and_nobody_else() {
    let mut trial = Trial::open();
    let act = trial.does(Capacity::PresidingJudge, call(Capacity::PlaintiffAgent)).unwrap().clone();
    assert_eq!(act.sentence, "审判长审判长甲以虚拟电话联系原告代理人原告代理人甲，来电人须先报验证码 4017");
    assert_eq!(act.hint, "审判长审判长甲拨打了一次虚拟电话");
    let bench: Vec<_> = Capacity::ALL.into_iter().filter(|capacity| trial.policy.is_bench(*capacity)).collect();
    assert_eq!(act.audience, only(&[&bench[..], &[Capacity::PlaintiffAgent]].concat()));
    let end = trial.reports(ended(act.id, Outcome::Answered, Some(200))).unwrap().clone();
    assert_eq!(end.sentence, "审判长审判长甲致原告代理人原告代理人甲的虚拟电话：已接听，通话 3 分 20 秒");
    assert_eq!(end.audience, act.audience);
    for capacity in Capacity::ALL {
        let sees = trial.policy.is_bench(capacity) || capacity == Capacity::PlaintiffAgent;
        for seq in [act.seq, end.seq] {
            assert_eq!(trial.read_by(capacity).contains(&seq), sees, "{capacity:?}");
        }
    }
}

#[test]
fn only_the_judge_calls_and_only_parties_and_agents_are_called() {
    let mut trial = Trial::open();
    for capacity in Capacity::ALL {
        let judge = matches!(capacity, Capacity::PresidingJudge | Capacity::SoleJudge);
        assert_eq!(trial.decides(capacity, call(Capacity::Plaintiff)).is_ok(), judge, "{capacity:?}");
        let group = capacity.group();
        let may = matches!(group, court::Group::Parties | court::Group::Agents);
        let told = trial.decides(Capacity::PresidingJudge, call(capacity));
        assert_eq!(told.is_ok(), may, "{capacity:?}");
        assert!(may || told == Err(Refusal::CalleeForbidden));
    }
    trial.proof = None;
    assert_eq!(trial.decides(Capacity::SoleJudge, call(Capacity::Plaintiff)), Err(Refusal::PhoneUnavailable));
}

#[test]
fn nobody_is_called_who_could_not_see_the_proof_code() {
    let mut trial = Trial::scheduled();
    for (now, phase) in [(trial.now, Phase::Scheduled), (CLOSES, Phase::Ended)] {
        trial.now = now;
        assert_eq!(
            trial.permits(Capacity::PresidingJudge, Kind::CallStart),
            Err(Refusal::NotInThisPhase { phase }),
            "{phase:?}"
        );
    }
}

#[test]
fn one_call_at_a_time_and_each_ends_once() {
    let mut trial = Trial::open();
    let first = trial.does(Capacity::PresidingJudge, call(Capacity::Plaintiff)).unwrap().id;
    assert_eq!(trial.does(Capacity::SoleJudge, call(Capacity::Defendant)).unwrap_err(), Refusal::CallInProgress);
    trial.reports(ended(first, Outcome::Refused, None)).unwrap();
    assert_eq!(trial.reports(ended(first, Outcome::Refused, None)).unwrap_err(), Refusal::CallOver);
    let second = trial.does(Capacity::SoleJudge, call(Capacity::Defendant)).unwrap().id;
    assert_eq!(trial.reports(ended(first, Outcome::Missed, None)).unwrap_err(), Refusal::CallOver);
    assert_eq!(trial.room.on_call().map(|on| on.call), Some(second));
}

#[test]
fn a_call_ends_even_when_the_window_is_over_or_somebody_has_left() {
    let mut trial = Trial::open();
    let call = trial.does(Capacity::PresidingJudge, call(Capacity::DefendantAgent)).unwrap().id;
    let end = court::member::End { member: id(Capacity::DefendantAgent), reason: "解除委托".into() };
    trial.does(Capacity::CourtClerk, Proposal::MemberEnd(end)).unwrap();
    trial.now = CLOSES + Duration::minutes(1);
    let act = trial.reports(ended(call, Outcome::Unknown, None)).unwrap();
    assert!(act.sentence.ends_with("没有收到通话结果"), "{}", act.sentence);
    assert_eq!(act.actor, id(Capacity::PresidingJudge));
}

#[test]
fn no_person_in_any_phase_says_that_a_call_is_over() {
    let mut trial = Trial::open();
    let call = trial.does(Capacity::PresidingJudge, call(Capacity::Plaintiff)).unwrap().id;
    let end = End { call, outcome: Outcome::Answered, seconds: Some(1), reason: None };
    for capacity in Capacity::ALL {
        let told = trial.decides(capacity, Proposal::CallEnd(end.clone()));
        assert_eq!(told, Err(Refusal::NotForCapacity { label: capacity.label() }));
        assert!(Phase::ALL.into_iter().all(|phase| !trial.policy.allows(Kind::CallEnd, phase, capacity)));
    }
    assert_ne!(trial.room.on_call(), None);
    let reports = [
        Kind::PanelChange,
        Kind::OversightRead,
        Kind::AgencyApply,
        Kind::CallEnd,
        Kind::TranscriptFinalise,
        Kind::TranscriptSeal,
    ];
    assert!(Kind::ALL.iter().filter(|kind| kind.is_report()).eq(&reports));
}

#[test]
fn a_call_that_failed_says_why_for_the_judge_to_read() {
    let mut trial = Trial::open();
    let call = trial.does(Capacity::PresidingJudge, call(Capacity::Plaintiff)).unwrap().id;
    let reason = Some("号码暂时用完，请稍后再拨".to_owned());
    let end = End { call, outcome: Outcome::Failed, seconds: None, reason };
    let act = trial.reports(Report::CallEnd(end)).unwrap();
    assert!(act.sentence.ends_with("没有接通（号码暂时用完，请稍后再拨）"), "{}", act.sentence);
    assert_ne!(act.audience, Audience::Everyone);
}
