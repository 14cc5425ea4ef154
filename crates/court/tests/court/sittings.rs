use court::sitting::Schedule;
use court::{Capacity, MemberId, Proposal, Refusal, SittingKind};
use time::Duration;
use uuid::Uuid;

use crate::kit::{CLOSES, OPENS, Trial, id};

fn asked() -> Schedule {
    Schedule {
        kind: SittingKind::EvidenceExchange,
        opens_at: OPENS,
        closes_at: CLOSES,
        members: vec![id(Capacity::PresidingJudge), id(Capacity::Plaintiff), id(Capacity::Defendant)],
    }
}

fn check(change: impl FnOnce(&mut Schedule), code: &str) {
    let mut schedule = asked();
    change(&mut schedule);
    let mut trial = Trial::case();
    let refusal = trial.does(Capacity::CourtClerk, Proposal::SittingSchedule(schedule)).unwrap_err();
    assert_eq!(refusal.code(), code, "{}", refusal.detail());
    assert_eq!(trial.room.seq, 0);
}

#[test]
fn a_sitting_that_cannot_be_kept_is_refused_with_its_reason() {
    check(|s| s.kind = SittingKind::Hearing, "hearing_needs_video");
    check(|s| s.closes_at = s.opens_at, "window_backwards");
    check(|s| (s.opens_at, s.closes_at) = (OPENS - Duration::days(9), OPENS - Duration::days(8)), "window_over");
    check(|s| s.closes_at = OPENS + Duration::days(400), "window_too_long");
    check(|s| s.members = vec![id(Capacity::Plaintiff)], "judge_missing");
    check(|s| s.members = vec![id(Capacity::PresidingJudge), id(Capacity::LayAssessor)], "nobody_to_meet");
    check(|s| s.members.push(MemberId(Uuid::from_u128(9))), "participant_unknown");
}

#[test]
fn judge_and_clerk_schedule_and_nobody_else() {
    for capacity in Capacity::ALL {
        let mut trial = Trial::case();
        let may = trial.policy.is_judge(capacity) || trial.policy.is_clerk(capacity);
        assert_eq!(trial.does(capacity, Proposal::SittingSchedule(asked())).is_ok(), may, "{capacity:?}");
    }
}

#[test]
fn whoever_schedules_takes_part_and_nobody_is_listed_twice() {
    let mut trial = Trial::case();
    let mut schedule = asked();
    schedule.members.push(id(Capacity::Plaintiff));
    trial.does(Capacity::CourtClerk, Proposal::SittingSchedule(schedule)).unwrap();
    let listed: Vec<_> = trial.room.listed().iter().map(|member| member.capacity).collect();
    assert_eq!(listed, [Capacity::PresidingJudge, Capacity::CourtClerk, Capacity::Plaintiff, Capacity::Defendant]);
}

#[test]
fn a_room_is_scheduled_once() {
    let mut trial = Trial::scheduled();
    let refusal = trial.does(Capacity::CourtClerk, Proposal::SittingSchedule(asked())).unwrap_err();
    assert!(matches!(refusal, Refusal::NotInThisPhase { .. }), "{refusal}");
}
