//! Reading from outside the case, and leaving the bench.

use court::panel::{DecidedBy, check};
use court::{Actor, Capacity, MemberId, PersonId, Policy, Refusal, Role};
use uuid::Uuid;

fn actor(capacity: Capacity) -> Actor {
    Actor {
        member: MemberId(Uuid::from_u128(1)),
        person: PersonId(Uuid::from_u128(2)),
        pseudonym: String::new(),
        name: String::new(),
        capacity,
    }
}

fn checked(leaves: Capacity, by: DecidedBy, successor: Option<Capacity>) -> Result<String, Refusal> {
    let other = MemberId(Uuid::from_u128(9));
    check(&Policy::builtin(), &actor(Capacity::CourtClerk), (other, leaves), (by, "近亲属"), successor)
}

#[test]
fn whose_decision_it_is_follows_from_who_leaves() {
    for judge in [Capacity::PanelMember, Capacity::LayAssessor] {
        assert!(checked(judge, DecidedBy::President, None).is_ok());
        assert!(checked(judge, DecidedBy::Committee, None).is_ok());
        assert!(matches!(checked(judge, DecidedBy::PresidingJudge, None), Err(Refusal::DecisionNotTheirs { .. })));
    }
    for clerk in [Capacity::CourtClerk, Capacity::JudgeAssistant] {
        assert!(checked(clerk, DecidedBy::PresidingJudge, None).is_ok());
        assert!(matches!(checked(clerk, DecidedBy::President, None), Err(Refusal::DecisionNotTheirs { .. })));
    }
}

#[test]
fn a_sitting_is_never_left_without_its_judge_and_nobody_records_their_own_leaving() {
    for judge in [Capacity::PresidingJudge, Capacity::SoleJudge] {
        assert_eq!(checked(judge, DecidedBy::President, None), Err(Refusal::SuccessorMissing));
        assert!(checked(judge, DecidedBy::President, Some(judge)).is_ok());
        assert!(matches!(
            checked(judge, DecidedBy::President, Some(Capacity::PanelMember)),
            Err(Refusal::SuccessorOtherwise { .. })
        ));
    }
    assert_eq!(checked(Capacity::Plaintiff, DecidedBy::President, None), Err(Refusal::NotOfTheBench));
    let own = actor(Capacity::PanelMember);
    let refused = check(&Policy::builtin(), &own, (own.member, own.capacity), (DecidedBy::President, "理由"), None);
    assert_eq!(refused, Err(Refusal::PanelSelf));
    let silent =
        check(&Policy::builtin(), &own, (MemberId(Uuid::nil()), own.capacity), (DecidedBy::President, " "), None);
    assert_eq!(silent, Err(Refusal::ReasonMissing));
}

#[test]
fn sr23_no_policy_can_let_an_overseer_write() {
    let policy = Policy::builtin();
    assert_eq!(Capacity::from_code("overseer"), None, "no row can name it, and nobody takes part in a case in it");
    for kind in court::Kind::ALL {
        assert!(!policy.ever_allows(*kind, Capacity::Overseer), "{}", kind.code());
    }
    assert!(!policy.is_bench(Capacity::Overseer), "notes of the bench stay the bench's");
    assert!(!policy.may_be_written_to(Capacity::Overseer) && !policy.may_write_privately(Capacity::Overseer));
    for (role, may) in
        [(Role::President, true), (Role::Supervisor, true), (Role::Judge, false), (Role::Administrator, false)]
    {
        assert_eq!(policy.oversees(role), may, "{}", role.code());
    }
}
