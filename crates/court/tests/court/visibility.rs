use court::speech::To;
use court::{Audience, Capacity, Policy, PrivateMessages, Proposal, Refusal, member};
use proptest::prelude::*;

use crate::kit::{Trial, id, only};

#[test]
fn sr17_a_private_message_reaches_sender_and_recipient_and_nobody_else() {
    let mut trial = Trial::open();
    let to = To::Members(vec![id(Capacity::Defendant)]);
    let seq = trial.says(Capacity::Plaintiff, "和解金额", to).unwrap().seq;
    for capacity in Capacity::ALL {
        let sees = matches!(capacity, Capacity::Plaintiff | Capacity::Defendant);
        assert_eq!(trial.read_by(capacity).contains(&seq), sees, "{capacity:?}");
    }
}

#[test]
fn a_private_message_to_a_judge_is_seen_by_the_clerks_too() {
    let mut trial = Trial::open();
    let to = To::Members(vec![id(Capacity::PresidingJudge)]);
    let act = trial.says(Capacity::Plaintiff, "请求", to).unwrap();
    let expected =
        only(&[Capacity::Plaintiff, Capacity::PresidingJudge, Capacity::CourtClerk, Capacity::JudgeAssistant]);
    assert_eq!(act.audience, expected);
    assert_eq!(act.hint, "原告原告甲发送了一条私信");
}

#[test]
fn whoever_judges_is_not_spoken_to_without_the_clerks() {
    let clerks = [Capacity::CourtClerk, Capacity::JudgeAssistant];
    for judging in [Capacity::SoleJudge, Capacity::PanelMember, Capacity::LayAssessor] {
        let mut trial = Trial::open();
        let act = trial.says(Capacity::Defendant, "请求", To::Members(vec![id(judging)])).unwrap();
        assert_eq!(act.audience, only(&[Capacity::Defendant, judging, clerks[0], clerks[1]]), "{judging:?}");
    }
    for other in [Capacity::CourtClerk, Capacity::Mediator, Capacity::PlaintiffAgent] {
        let mut trial = Trial::open();
        let act = trial.says(Capacity::Defendant, "询问", To::Members(vec![id(other)])).unwrap();
        assert_eq!(act.audience, only(&[Capacity::Defendant, other]), "{other:?}");
    }
}

/// An open room of a court that treats private messages to those who judge in this way.
fn court_that(private_messages: PrivateMessages) -> Trial {
    Trial { policy: Policy::builtin().with_private_messages(private_messages), ..Trial::open() }
}

#[test]
fn a_court_may_refuse_private_messages_to_those_who_judge_and_only_those() {
    let trial = court_that(PrivateMessages::Forbidden);
    for to in Capacity::ALL {
        let judges = trial.policy.is_heard_by_clerk(to);
        let said = trial.decides(Capacity::Plaintiff, text(To::Members(vec![id(to)])));
        assert_eq!(matches!(said, Err(Refusal::RecipientHearsInPublic)), judges, "{to:?}");
        let shown =
            view(&trial, Capacity::Plaintiff, 0).members.into_iter().find(|member| member.id == id(to)).unwrap();
        assert_eq!(shown.private.is_some(), said.is_ok() && to != Capacity::Plaintiff, "{to:?}");
    }
}

#[test]
fn a_court_may_disclose_private_messages_to_those_who_judge_to_both_sides() {
    let trial = court_that(PrivateMessages::Disclosed);
    let said = |to| trial.decides(Capacity::Plaintiff, text(To::Members(vec![id(to)]))).unwrap().audience;
    let Audience::Members(seen) = said(Capacity::PresidingJudge) else { panic!("a private message has members") };
    for capacity in Capacity::ALL {
        let sides = Capacity::ALL.iter().filter(|one| matches!(one.role(), court::Role::Party | court::Role::Agent));
        let expected = sides.chain(&[Capacity::PresidingJudge, Capacity::CourtClerk, Capacity::JudgeAssistant]);
        assert_eq!(seen.contains(&id(capacity)), expected.into_iter().any(|one| *one == capacity), "{capacity:?}");
    }
    assert_eq!(said(Capacity::Defendant), only(&[Capacity::Plaintiff, Capacity::Defendant]));
}

/// The room as this capacity is shown it, having read this far.
fn view(trial: &Trial, capacity: Capacity, read: u64) -> court::view::RoomView {
    trial.room.view(&trial.actor(capacity), &trial.policy, trial.now, read, &|_| false).unwrap()
}

#[test]
fn the_app_is_told_beforehand_who_may_be_written_to_and_who_else_sees_it() {
    let mut trial = Trial::open();
    let private = |trial: &Trial, from, to| {
        let members = view(trial, from, 0).members;
        members.into_iter().find(|member| member.id == id(to)).unwrap().private.map(|private| private.also)
    };
    for from in Capacity::ALL {
        for to in Capacity::ALL {
            let told = private(&trial, from, to);
            let said = trial.decides(from, text(To::Members(vec![id(to)])));
            assert_eq!(told.is_some(), said.is_ok() && from != to, "{from:?} to {to:?}");
            if let Some(also) = told {
                let seen = also.into_iter().chain([id(from), id(to)]).collect();
                assert_eq!(said.unwrap().audience, Audience::Members(seen), "{from:?} to {to:?}");
            }
        }
    }
    trial.does(Capacity::PresidingJudge, Proposal::SittingClose(Default::default())).unwrap();
    assert_eq!(private(&trial, Capacity::Plaintiff, Capacity::Defendant), None, "nobody speaks now");
}

fn text(to: To) -> Proposal {
    Proposal::SpeechText(court::speech::Text { text: "函".into(), to, remind: false })
}

#[test]
fn unread_letters_are_told_to_those_who_got_them_under_their_own_numbers() {
    let mut trial = Trial::open();
    let start = view(&trial, Capacity::Defendant, 0).head;
    trial.says(Capacity::PanelMember, "评议", To::Bench).unwrap();
    trial.says(Capacity::Plaintiff, "一", To::Members(vec![id(Capacity::Defendant)])).unwrap();
    trial.says(Capacity::Mediator, "二", To::Everyone).unwrap();
    trial.says(Capacity::Mediator, "三", To::Members(vec![id(Capacity::Defendant), id(Capacity::Plaintiff)])).unwrap();
    let letters = |capacity, read| {
        view(&trial, capacity, read).letters.iter().map(|letter| (letter.seq, letter.from)).collect::<Vec<_>>()
    };
    let (plaintiff, mediator) = (id(Capacity::Plaintiff), id(Capacity::Mediator));
    assert_eq!(letters(Capacity::Defendant, 0), [(start + 1, plaintiff), (start + 3, mediator)]);
    assert_eq!(letters(Capacity::Defendant, start + 1), [(start + 3, mediator)]);
    assert_eq!(letters(Capacity::Defendant, start + 3), []);
    assert_eq!(letters(Capacity::Defendant, start + 99), [], "a mark beyond the end");
    assert_eq!(letters(Capacity::Plaintiff, 0), [(start + 3, mediator)], "one's own are no letters");
    for other in [Capacity::Mediator, Capacity::PresidingJudge, Capacity::CourtClerk, Capacity::DefendantAgent] {
        assert_eq!(letters(other, 0), [], "{other:?}");
    }
}

#[test]
fn nobody_writes_to_a_witness_and_only_the_bench_writes_to_the_bench() {
    let mut trial = Trial::open();
    let to = To::Members(vec![id(Capacity::Witness)]);
    assert_eq!(trial.says(Capacity::Plaintiff, "记得", to).unwrap_err(), Refusal::RecipientForbidden);
    assert_eq!(trial.says(Capacity::Plaintiff, "评议", To::Bench).unwrap_err(), Refusal::RecipientForbidden);
    trial.says(Capacity::LayAssessor, "评议", To::Bench).unwrap();
    assert_eq!(trial.says(Capacity::Plaintiff, "我", To::Members(vec![])).unwrap_err(), Refusal::RecipientUnknown);
}

#[test]
fn what_is_hidden_leaves_no_gap_in_the_numbers() {
    let mut trial = Trial::open();
    let before = trial.room.dense_head(id(Capacity::Mediator));
    trial.says(Capacity::Plaintiff, "密", To::Members(vec![id(Capacity::Defendant)])).unwrap();
    trial.says(Capacity::PanelMember, "评议", To::Bench).unwrap();
    let seq = trial.says(Capacity::Defendant, "公开", To::Everyone).unwrap().seq;
    assert_eq!(trial.room.dense(id(Capacity::Mediator), seq), Some(before + 1));
    assert_eq!(trial.room.dense(id(Capacity::Mediator), seq - 1), None);
    assert_eq!(trial.room.record_seq(id(Capacity::Mediator), before + 1), Some(seq));
}

#[test]
fn sr18_an_ended_member_is_no_member_any_more() {
    let mut trial = Trial::open();
    let end =
        |reason: &str| Proposal::MemberEnd(member::End { member: id(Capacity::PlaintiffAgent), reason: reason.into() });
    assert_eq!(trial.does(Capacity::CourtClerk, end(" ")).unwrap_err(), Refusal::ReasonMissing);
    trial.does(Capacity::CourtClerk, end("解除委托")).unwrap();
    assert!(trial.room.member(id(Capacity::PlaintiffAgent)).is_none());
    assert_eq!(trial.does(Capacity::CourtClerk, end("再次")).unwrap_err(), Refusal::MemberUnknown);
}

#[test]
fn the_judge_who_presides_cannot_be_removed() {
    let mut trial = Trial::open();
    let end = member::End { member: id(Capacity::PresidingJudge), reason: "更换".into() };
    assert_eq!(trial.does(Capacity::CourtClerk, Proposal::MemberEnd(end)).unwrap_err(), Refusal::JudgeCannotLeave);
}

fn audience() -> impl Strategy<Value = To> {
    let others = prop::collection::vec(prop::sample::select(Capacity::ALL.to_vec()), 1..4);
    prop_oneof![
        Just(To::Everyone),
        Just(To::Bench),
        others.prop_map(|capacities| To::Members(capacities.into_iter().map(id).collect()))
    ]
}

proptest! {
    /// P-04: whatever is said to whomever, what a member sees is what the audiences of the acts say; the member's numbers run from 1
    /// without gaps, in record order, and lead there and back.
    #[test]
    fn p04_each_sees_exactly_what_the_audiences_say(
        said in prop::collection::vec((prop::sample::select(Capacity::ALL.to_vec()), audience()), 0..40),
        leaves in prop::option::of(0..40usize),
    ) {
        let mut trial = Trial::open();
        for (n, (who, to)) in said.into_iter().enumerate() {
            if leaves == Some(n) {
                let end = member::End { member: id(Capacity::DefendantAgent), reason: "解除委托".into() };
                trial.does(Capacity::CourtClerk, Proposal::MemberEnd(end)).unwrap();
                // Who comes back sees again what was meant for them, and nothing of what was meant for others.
                let admit = member::Admit { participant: id(Capacity::DefendantAgent) };
                trial.does(Capacity::CourtClerk, Proposal::MemberAdmit(admit)).unwrap();
            }
            // Refusals are fine here: what was not said is not seen.
            trial.says(who, "陈述", to).ok();
        }
        for capacity in Capacity::ALL {
            let expected = trial.audience_of(capacity);
            let seen = trial.read_by(capacity);
            prop_assert_eq!(&seen, &expected, "{:?}", capacity);
            for (n, seq) in seen.iter().enumerate() {
                prop_assert_eq!(trial.room.dense(id(capacity), *seq), Some(n as u64 + 1));
            }
            let last = trial.acts.iter().rev().find(|act| expected.contains(&act.seq)).map(|act| &act.sentence);
            prop_assert_eq!(trial.room.last_line(id(capacity)).map(|line| &line.sentence), last);
        }
    }
}

#[test]
fn an_audience_on_the_wire_is_a_word_or_a_list() {
    assert_eq!(serde_json::to_value(Audience::Everyone).unwrap(), "everyone");
    let members = serde_json::to_value(only(&[Capacity::Plaintiff])).unwrap();
    assert_eq!(members["members"][0], id(Capacity::Plaintiff).to_string());
}
