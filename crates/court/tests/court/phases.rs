use court::sitting::Reschedule;
use court::speech::To;
use court::{Capacity, Kind, Phase, Proposal, Refusal};
use proptest::prelude::*;
use time::Duration;

use crate::kit::{CLOSES, OPENS, Trial};

#[test]
fn before_the_start_a_visitor_sees_exactly_the_gate_message() {
    let trial = Trial::scheduled();
    let refusal = trial.permits(Capacity::Plaintiff, Kind::NoticeAcknowledge).unwrap_err();
    assert_eq!(refusal, Refusal::NotStarted { opens_at: OPENS });
    assert_eq!(refusal.detail(), "当前未到微法庭启动时间，请于 2026 年 11 月 23 日 14:00:00 进入使用！");
}

#[test]
fn the_entry_notice_comes_before_anything_else() {
    let mut trial = Trial::scheduled();
    trial.now = OPENS;
    trial.does(Capacity::PresidingJudge, Proposal::SittingOpen(Default::default())).unwrap();
    assert_eq!(trial.says(Capacity::Plaintiff, "您好", To::Everyone).unwrap_err(), Refusal::NoticeRequired);
    trial.does(Capacity::Plaintiff, trial.acknowledge()).unwrap();
    trial.says(Capacity::Plaintiff, "您好", To::Everyone).unwrap();
    let again = trial.does(Capacity::Plaintiff, trial.acknowledge()).unwrap_err();
    assert_eq!(again, Refusal::NoticeAlreadyAcknowledged);
}

#[test]
fn only_the_judge_opens_and_closes_and_only_the_judge_speaks_while_closed() {
    for capacity in Capacity::ALL {
        let mut trial = Trial::open();
        let judge = trial.policy.is_judge(capacity);
        assert_eq!(trial.does(capacity, Proposal::SittingClose(Default::default())).is_ok(), judge, "{capacity:?}");
        if !judge {
            trial.does(Capacity::SoleJudge, Proposal::SittingClose(Default::default())).unwrap();
        }
        assert_eq!(trial.says(capacity, "补充", To::Everyone).is_ok(), judge, "{capacity:?} while closed");
        assert_eq!(trial.does(capacity, Proposal::SittingOpen(Default::default())).is_ok(), judge, "{capacity:?}");
    }
}

#[test]
fn after_the_end_the_room_is_read_not_written() {
    let mut trial = Trial::open();
    trial.now = CLOSES;
    assert_eq!(trial.room.phase(trial.now), Phase::Ended);
    for capacity in Capacity::ALL {
        let refused = trial.says(capacity, "晚了", To::Everyone).unwrap_err();
        assert!(matches!(refused.code(), "ended" | "not_for_capacity"), "{capacity:?}: {refused}");
    }
    assert_eq!(trial.read_by(Capacity::Plaintiff).len(), trial.acts.len());
}

#[test]
fn a_late_reschedule_moves_the_end_and_names_its_reason() {
    let mut trial = Trial::open();
    let later = Reschedule { opens_at: OPENS, closes_at: CLOSES + Duration::hours(2), reason: " 双方请求 ".into() };
    let act = trial.does(Capacity::CourtClerk, Proposal::SittingReschedule(later)).unwrap();
    assert!(act.sentence.ends_with("理由：双方请求"), "{}", act.sentence);
    assert_eq!(trial.room.phase(CLOSES), Phase::Open);
}

#[derive(Clone, Debug)]
enum Step {
    Open(Capacity),
    Close(Capacity),
    Say(Capacity),
    Wait(i64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let who = || prop::sample::select(Capacity::ALL.to_vec());
    prop::collection::vec(
        prop_oneof![
            who().prop_map(Step::Open),
            who().prop_map(Step::Close),
            who().prop_map(Step::Say),
            (0..50i64).prop_map(Step::Wait)
        ],
        0..60,
    )
}

proptest! {
    /// P-01: against a small model, no step is possible that the model forbids, none is refused that it allows, and a refusal
    /// leaves the state as it was.
    #[test]
    fn p01_the_room_follows_its_state_machine(steps in steps()) {
        let mut trial = Trial::open();
        let mut opened = true;
        for step in steps {
            let before = trial.room.clone();
            let inside = trial.now < CLOSES;
            let (result, allowed) = match step {
                Step::Wait(minutes) => {
                    trial.now += Duration::minutes(minutes);
                    continue;
                }
                Step::Open(who) => {
                    let allowed = inside && !opened && trial.policy.is_judge(who);
                    (trial.does(who, Proposal::SittingOpen(Default::default())).map(|_| ()), allowed)
                }
                Step::Close(who) => {
                    let allowed = inside && opened && trial.policy.is_judge(who);
                    (trial.does(who, Proposal::SittingClose(Default::default())).map(|_| ()), allowed)
                }
                Step::Say(who) => {
                    let speaker = who != Capacity::Witness;
                    let allowed = inside && speaker && (opened || trial.policy.is_judge(who));
                    (trial.says(who, "陈述", To::Everyone).map(|_| ()), allowed)
                }
            };
            prop_assert_eq!(result.is_ok(), allowed, "{:?} at {}, opened: {}", step, trial.now, opened);
            match (result, &step) {
                (Err(_), _) => prop_assert_eq!(&before, &trial.room),
                (Ok(()), Step::Open(_)) => opened = true,
                (Ok(()), Step::Close(_)) => opened = false,
                (Ok(()), _) => {}
            }
        }
    }
}
