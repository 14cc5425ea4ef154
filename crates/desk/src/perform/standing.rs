//! What follows acts about mandates, consents and addresses.

use court::act::Body;
use court::agency::Status;
use court::consent::State;
use court::{Act, MandateId, MemberId, PersonId, Room, beijing};
use serde_json::json;
use store::{Carried, ConsentChange, ConsentRow, DomicileConfirmed, Effect, MandateChange, NewJob, NewParticipant};

/// The rows that change with the act. `room` is the room after it.
pub(super) fn rows(act: &Act, room: &Room) -> Vec<Effect> {
    let at = beijing::micros(act.at);
    let Some(case) = room.case.as_ref().map(|case| case.id) else { return Vec::new() };
    let mandate = |id, status, reason: Option<&String>, carried| {
        let reason = reason.cloned();
        Effect::MandateChanged(Box::new(MandateChange { id, status, reason, carried, at }))
    };
    match &act.body {
        Body::AgencyApply(applied) => {
            let (party, member) = (applied.party, applied.agent.id);
            let carried = Some(Carried { case, room: room.id, party, member });
            vec![mandate(applied.mandate, Status::Pending, None, carried)]
        }
        Body::AgencyApprove(approved) => {
            let change = mandate(approved.mandate, Status::Approved, None, None);
            let Some(person) = approved.agent.person else { return vec![change] };
            let (member, capacity) = (approved.agent.id, approved.agent.capacity);
            let role = capacity.role().code().to_owned();
            let takes_part = NewParticipant {
                id: member,
                case,
                person,
                name: approved.agent.name.clone(),
                capacity: capacity.code().to_owned(),
                role: role.clone(),
            };
            let started = Effect::MembershipStarted { member, person, role, seq: act.seq, at };
            let enters = approved.enters.then_some(started);
            [change, Effect::Participates(Box::new(takes_part))].into_iter().chain(enters).collect()
        }
        Body::AgencyReject(rejected) => vec![mandate(rejected.mandate, Status::Rejected, Some(&rejected.reason), None)],
        Body::AgencyEnd(ended) => {
            let change = mandate(ended.mandate, Status::Ended, Some(&ended.reason), None);
            let left = if ended.leaves { leaves(act, room, ended.agent, at) } else { Vec::new() };
            [change].into_iter().chain(left).collect()
        }
        Body::ConsentGive(given) => {
            let state = if given.agreed { State::Agreed } else { State::Refused };
            let row = person(room, act.actor).map(|person| ConsentRow {
                room: room.id,
                member: act.actor,
                what: given.to.code().to_owned(),
                person,
                role: act.capacity.role().code().to_owned(),
                case,
                title: given.title.clone(),
                version: given.version.clone(),
                sha256: given.sha256,
                stage: given.stage.clone(),
                method: given.method.code().to_owned(),
                state: state.code().to_owned(),
                reason: None,
                seq: act.seq,
                given_at: at,
                changed_at: at,
            });
            row.into_iter().map(|row| Effect::ConsentGiven(Box::new(row))).collect()
        }
        Body::ConsentWithdraw(withdrawn) => {
            let (what, reason) = (withdrawn.to.code().to_owned(), withdrawn.reason.clone());
            let state = if withdrawn.at_once { State::Withdrawn } else { State::Withdrawing };
            vec![Effect::ConsentChanged(ConsentChange { member: act.actor, what, state, reason, at })]
        }
        Body::ConsentSettle(settled) => {
            let (what, reason) = (settled.to.code().to_owned(), settled.reason.clone());
            let state = if settled.granted { State::Withdrawn } else { State::Agreed };
            vec![Effect::ConsentChanged(ConsentChange { member: settled.member, what, state, reason, at })]
        }
        Body::DomicileConfirm(confirmed) => {
            let (member, room_id, version) = (act.actor, room.id, confirmed.version);
            let row = |person| DomicileConfirmed { case, member, person, room: room_id, version, at };
            person(room, member).map(|person| Effect::DomicileConfirmed(row(person))).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// What goes with the last mandate of an agent: the membership, what they were told of the room, and their place in the case (SR-18).
fn leaves(act: &Act, room: &Room, member: MemberId, at: i64) -> Vec<Effect> {
    let agent = room.ever().find(|other| other.id == member);
    let gone = agent.and_then(|agent| {
        let role = agent.capacity.role().code().to_owned();
        Some(Effect::NotificationsGone { person: agent.person?, role })
    });
    let ended = [Effect::MembershipEnded { member, seq: act.seq, at }, Effect::ParticipatesNoLonger { member, at }];
    ended.into_iter().chain(gone).collect()
}

fn person(room: &Room, member: MemberId) -> Option<PersonId> {
    room.ever().find(|other| other.id == member).and_then(|member| member.person)
}

/// What was decided about a mandate is told in the other rooms of the case.
pub(super) fn spread(act: &Act, mandate: MandateId, at: i64) -> NewJob {
    let payload = json!({ "mandate": mandate, "room": act.room, "by": act.actor }).to_string();
    NewJob { kind: "agency.spread".to_owned(), payload, run_at: at }
}

/// A case has a room now: what was applied for and waits for one is brought in, and who may act is told there.
pub(super) fn awaited(act: &Act, at: i64) -> NewJob {
    let payload = json!({ "room": act.room, "by": act.actor }).to_string();
    NewJob { kind: "agency.await".to_owned(), payload, run_at: at }
}
