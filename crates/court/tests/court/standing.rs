//! 委托代理 and 同意: who may act for whom and until when, who has agreed to what, and who learns of it.

use court::agency::{Apply, Approve, Authority, By, Cause, End, Power, Reject, Scope, Status, Told};
use court::consent::{Give, Settle, State, To, Withdraw};
use court::{Audience, Capacity, FileKind, MandateId, Member, MemberId, PersonId, Proposal, Refusal, Report};
use uuid::Uuid;

use crate::kit::{Trial, id};

const JUDGE: Capacity = Capacity::PresidingJudge;
const CLERK: Capacity = Capacity::CourtClerk;
const A: Capacity = Capacity::Plaintiff;
const B: Capacity = Capacity::Defendant;

fn mandate(n: u128) -> MandateId {
    MandateId(Uuid::from_u128(9000 + n))
}

fn authority() -> Authority {
    Authority { scope: Scope::Special, powers: [Power::Settle].into_iter().collect() }
}

/// Somebody from outside applies to act for this party.
fn applies(trial: &mut Trial, n: u128, party: Capacity) -> MemberId {
    let member = MemberId(Uuid::from_u128(9500 + n));
    let person = PersonId(Uuid::from_u128(9700 + n));
    let capacity = party.agent().unwrap();
    let upload = trial.upload(FileKind::Document, "授权委托书.pdf");
    let by = By { member, person, name: "林一舟".into(), capacity };
    let agent =
        Member { id: member, person: Some(person), name: "林一舟".into(), acting: None, capacity, ended: None };
    let file = trial.files[&upload].clone();
    let apply = Apply { mandate: mandate(n), agent, party: id(party), authority: authority(), file };
    trial.tells(Report::Agency(Box::new((by, Told::Applied(apply))))).unwrap();
    member
}

fn approve(n: u128) -> Proposal {
    Proposal::AgencyApprove(Approve { mandate: mandate(n) })
}

fn end(n: u128) -> Proposal {
    Proposal::AgencyEnd(End { mandate: mandate(n), reason: "另行委托".into() })
}

fn reject(n: u128) -> Proposal {
    Proposal::AgencyReject(Reject { mandate: mandate(n), reason: "委托书不全".into() })
}

fn give(to: To, agreed: bool) -> Proposal {
    Proposal::ConsentGive(Give { to, version: to.text().version.clone(), agreed })
}

fn withdraw(to: To) -> Proposal {
    Proposal::ConsentWithdraw(Withdraw { to, reason: "改变主意".into() })
}

#[test]
fn an_application_is_for_the_bench_and_the_party_and_lets_nobody_in() {
    let mut trial = Trial::open();
    let agent = applies(&mut trial, 1, A);
    let act = trial.acts.last().unwrap();
    assert_eq!(act.sentence, "林一舟申请担任原告原告甲的诉讼代理人（特别授权：进行和解）");
    let Audience::Members(members) = &act.audience else { panic!("it is not for everybody") };
    assert!(members.contains(&id(A)) && members.contains(&id(JUDGE)) && members.contains(&agent));
    assert!(!members.contains(&id(B)) && !members.contains(&id(Capacity::Witness)));
    assert!(trial.room.member(agent).is_none(), "applied is not let in");
    assert!(trial.room.authority(agent, id(A)).is_none());
    for capacity in [A, B, Capacity::PlaintiffAgent, Capacity::Mediator] {
        let label = capacity.label();
        assert_eq!(trial.decides(capacity, approve(1)).unwrap_err(), Refusal::NotForCapacity { label });
    }
    assert_eq!(trial.decides(CLERK, approve(2)).unwrap_err(), Refusal::MandateUnknown);
}

#[test]
fn f8_approval_lets_in_with_this_authority_and_either_of_the_two_or_the_court_ends_it() {
    for (capacity, cause) in [(Some(A), Cause::Revoked), (None, Cause::Resigned), (Some(JUDGE), Cause::Court)] {
        let mut trial = Trial::open();
        let agent = applies(&mut trial, 1, A);
        trial.does(CLERK, approve(1)).unwrap();
        assert_eq!(trial.room.member(agent).unwrap().capacity, Capacity::PlaintiffAgent);
        let authority = trial.room.authority(agent, id(A)).unwrap();
        assert!(authority.allows(Power::Settle) && !authority.allows(Power::Appeal));
        assert_eq!(trial.room.dense(agent, trial.room.seq), Some(trial.room.dense_head(agent)));
        assert_eq!(trial.decides(CLERK, approve(1)).unwrap_err(), Refusal::MandateDecided);
        // The other side has no hand in it.
        assert_eq!(trial.decides(B, end(1)).unwrap_err(), Refusal::MandateUnknown);
        match capacity {
            Some(capacity) => drop(trial.does(capacity, end(1)).unwrap()),
            None => {
                trial.case.participants.retain(|participant| participant.capacity != Capacity::PlaintiffAgent);
                let member = trial.room.member(agent).unwrap();
                trial.case.participants.push(court::Participant {
                    id: agent,
                    person: member.person.unwrap(),
                    pseudonym: "p".into(),
                    name: member.name.clone(),
                    acting: None,
                    capacity: member.capacity,
                    ended: false,
                });
                trial.does(Capacity::PlaintiffAgent, end(1)).unwrap();
            }
        }
        let court::act::Body::AgencyEnd(ended) = &trial.acts.last().unwrap().body else { panic!("it ended") };
        assert_eq!((ended.cause, ended.leaves), (cause, true));
        assert!(trial.room.member(agent).is_none() && trial.room.authority(agent, id(A)).is_none());
        assert_eq!(trial.room.mandate(mandate(1)).unwrap().status, Status::Ended);
        assert_eq!(trial.decides(A, end(1)).unwrap_err(), Refusal::MandateUnknown);
    }
}

#[test]
fn f8_the_third_agent_of_a_party_is_refused_and_so_is_who_is_something_else_in_the_case() {
    let mut trial = Trial::open();
    applies(&mut trial, 1, A);
    applies(&mut trial, 2, A);
    // Everybody has one agent who was let in without a mandate.
    trial.does(CLERK, approve(1)).unwrap();
    assert_eq!(trial.decides(CLERK, approve(2)).unwrap_err(), Refusal::AgentsTooMany { limit: 2 });
    trial.does(JUDGE, reject(2)).unwrap();
    assert_eq!(trial.room.mandate(mandate(2)).unwrap().reason.as_deref(), Some("委托书不全"));
    assert_eq!(trial.decides(CLERK, approve(2)).unwrap_err(), Refusal::MandateDecided);
    // The same person for the other side.
    let by = By {
        member: MemberId(Uuid::from_u128(9501)),
        person: PersonId(Uuid::from_u128(9701)),
        name: "林一舟".into(),
        capacity: Capacity::PlaintiffAgent,
    };
    let agent = trial.room.member(by.member).unwrap().clone();
    let file = trial.files.values().next().unwrap().clone();
    let apply = Apply { mandate: mandate(3), agent, party: id(B), authority: authority(), file };
    trial.tells(Report::Agency(Box::new((by, Told::Applied(apply))))).unwrap();
    assert!(matches!(trial.decides(CLERK, approve(3)).unwrap_err(), Refusal::AgentElsewhere { .. }));
}

#[test]
fn olr4_a_consent_names_its_text_and_is_for_the_bench_and_its_giver() {
    let mut trial = Trial::open();
    let act = trial.does(A, give(To::OnlineProceedings, true)).unwrap().clone();
    assert_eq!(act.audience, Audience::Bench);
    let court::act::Body::ConsentGive(given) = &act.body else { panic!("it was given") };
    assert_eq!((given.sha256, given.stage.as_str()), (To::OnlineProceedings.text().sha256, "调解"));
    assert_eq!(trial.decides(A, give(To::OnlineProceedings, true)).unwrap_err(), Refusal::ConsentAnswered);
    assert_eq!(trial.decides(A, give(To::OnlineProceedings, false)).unwrap_err(), Refusal::ConsentStands);
    let old = Proposal::ConsentGive(Give { to: To::Asynchronous, version: "0".into(), agreed: true });
    assert_eq!(trial.decides(A, old).unwrap_err(), Refusal::ConsentOutdated);
    // Who judges, mediates or bears witness has nothing to consent to.
    for capacity in [JUDGE, CLERK, Capacity::Mediator, Capacity::Witness] {
        assert!(trial.decides(capacity, give(To::Asynchronous, true)).is_err());
    }
    // A refusal may become a consent.
    trial.does(B, give(To::OnlineProceedings, false)).unwrap();
    trial.does(B, give(To::OnlineProceedings, true)).unwrap();
    assert_eq!(trial.room.consent(id(B), To::OnlineProceedings).unwrap().state, State::Agreed);
}

#[test]
fn olr5_what_was_agreed_to_holds_until_the_court_has_decided_but_electronic_service_ends_at_once() {
    let mut trial = Trial::open();
    assert_eq!(trial.decides(A, withdraw(To::Asynchronous)).unwrap_err(), Refusal::ConsentNotGiven);
    for to in [To::Asynchronous, To::ElectronicService] {
        trial.does(A, give(to, true)).unwrap();
        trial.does(A, withdraw(to)).unwrap();
    }
    assert_eq!(trial.room.consent(id(A), To::ElectronicService).unwrap().state, State::Withdrawn);
    assert_eq!(trial.room.consent(id(A), To::Asynchronous).unwrap().state, State::Withdrawing);
    assert_eq!(trial.decides(A, withdraw(To::Asynchronous)).unwrap_err(), Refusal::ConsentWithdrawing);
    let settle = |to, granted| Proposal::ConsentSettle(Settle { member: id(A), to, granted, reason: "理由".into() });
    assert!(trial.decides(CLERK, settle(To::Asynchronous, true)).is_err(), "it is the judge's to decide");
    assert_eq!(trial.decides(JUDGE, settle(To::ElectronicService, true)).unwrap_err(), Refusal::ConsentNotWithdrawing);
    trial.does(JUDGE, settle(To::Asynchronous, false)).unwrap();
    assert_eq!(trial.room.consent(id(A), To::Asynchronous).unwrap().state, State::Agreed);
    trial.does(A, withdraw(To::Asynchronous)).unwrap();
    trial.does(JUDGE, settle(To::Asynchronous, true)).unwrap();
    assert_eq!(trial.room.consent(id(A), To::Asynchronous).unwrap().state, State::Withdrawn);
}

#[test]
fn olr20_all_parties_must_agree_each_by_themselves_or_by_their_agent() {
    let mut trial = Trial::open();
    let holds =
        |trial: &Trial| trial.room.asynchronous(&trial.policy).iter().all(|(_, it)| it.is_some_and(State::holds));
    for capacity in [A, Capacity::DefendantAgent] {
        trial.does(capacity, give(To::Asynchronous, true)).unwrap();
    }
    assert!(!holds(&trial), "the third party has not answered");
    trial.does(Capacity::ThirdParty, give(To::Asynchronous, true)).unwrap();
    assert!(holds(&trial));
    // What the party says for itself stands before what its agent said.
    trial.does(B, give(To::Asynchronous, false)).unwrap();
    assert!(!holds(&trial));
}
