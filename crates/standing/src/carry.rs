//! What was applied for comes into a record, and what was decided in one room of a case is told in the others. Jobs: they run at least once, and
//! may run twice, because the court takes each report once.

use std::sync::Arc;

use axum::http::StatusCode;
use court::act::Body;
use court::agency::{Apply, Approved, By, Ended, Status, Told};
use court::{CaseId, Kind, MandateId, Member, MemberId, Report, Role, Room, RoomId, folded};
use desk::jobs::Outcome;
use desk::{Desk, Problem};
use serde::Deserialize;
use store::{MandateRow, Participant, WAITING};
use tracing::warn;

#[derive(Deserialize)]
struct ToCarry {
    mandate: MandateId,
}

#[derive(Deserialize)]
struct ToSpread {
    mandate: MandateId,
    /// Where it was decided.
    room: RoomId,
    /// By whom.
    by: MemberId,
}

#[derive(Deserialize)]
struct Founded {
    room: RoomId,
    by: MemberId,
}

/// The handler of the job `agency.carry`: brings an application into a room of its case. Where there is no such case, party or room, it waits.
pub async fn carry(desk: Desk, payload: String) -> Outcome {
    let Ok(job) = serde_json::from_str::<ToCarry>(&payload) else {
        return Outcome::Fail("the payload names no mandate".to_owned());
    };
    settled(carried(&desk, job.mandate).await)
}

/// The handler of the job `agency.spread`: tells the other rooms of the case what was decided in one.
pub async fn spread(desk: Desk, payload: String) -> Outcome {
    let Ok(job) = serde_json::from_str::<ToSpread>(&payload) else {
        return Outcome::Fail("the payload names no mandate".to_owned());
    };
    settled(told(&desk, &job).await)
}

/// The handler of the job `agency.await`: a case has one more room, for what waited for one and for those who may act already.
pub async fn awaited(desk: Desk, payload: String) -> Outcome {
    let Ok(job) = serde_json::from_str::<Founded>(&payload) else {
        return Outcome::Fail("the payload names no room".to_owned());
    };
    settled(founded(&desk, &job).await)
}

fn settled(done: Result<(), Problem>) -> Outcome {
    match done {
        Ok(()) => Outcome::Done,
        Err(problem) => {
            warn!(code = problem.code(), "A mandate was not brought where it belongs");
            Outcome::retry(problem.code().to_owned())
        }
    }
}

async fn carried(desk: &Desk, id: MandateId) -> Result<(), Problem> {
    let Some(row) = desk.store.mandate(id).await?.filter(|row| row.status == WAITING) else { return Ok(()) };
    let Some(case) = desk.store.case_by_number(&row.number).await? else { return Ok(()) };
    let participants = desk.store.participants(case.id).await?;
    let Some(party) = party(&row, &participants) else { return Ok(()) };
    let Some(capacity) = court::Capacity::from_code(&party.capacity).and_then(court::Capacity::agent) else {
        return Ok(());
    };
    let Some(room) = room_for(desk, case.id, party.id).await? else { return Ok(()) };
    let Some(file) = desk::uploads::finished_file(desk, row.applicant, row.upload).await? else {
        warn!(mandate.id = %id, "The paper of an application is gone");
        return Ok(());
    };
    let known = participants
        .iter()
        .find(|other| other.person == row.agent && other.role == Role::Agent.code() && other.ended_at.is_none());
    let agent = Member {
        id: known.map_or_else(|| MemberId(desk.chance.id()), |known| known.id),
        person: Some(row.agent),
        name: row.agent_name.clone(),
        acting: None,
        capacity: known.and_then(|known| court::Capacity::from_code(&known.capacity)).unwrap_or(capacity),
        ended: None,
    };
    let by = if row.applicant == row.agent {
        By { member: agent.id, person: row.agent, name: agent.name.clone(), capacity: agent.capacity }
    } else {
        let capacity = room.member(party.id).map_or(capacity, |member| member.capacity);
        By { member: party.id, person: row.applicant, name: party.name.clone(), capacity }
    };
    let apply = Apply { mandate: id, agent, party: party.id, authority: row.authority, file };
    let report = Report::Agency(Box::new((by, Told::Applied(apply))));
    once(desk.report_using(room.id, report, vec![row.upload]).await)
}

async fn told(desk: &Desk, job: &ToSpread) -> Result<(), Problem> {
    let Some(row) = desk.store.mandate(job.mandate).await? else { return Ok(()) };
    let (Some(case), Some(origin)) = (row.case, desk.room(job.room).await?) else { return Ok(()) };
    let Some(by) = by(&origin, job.by) else { return Ok(()) };
    for other in desk.store.rooms_of_case(case).await? {
        if other.id != job.room {
            tell(desk, &row, &origin, other.id, by.clone()).await?;
        }
    }
    Ok(())
}

/// Tells one room how a mandate stands in another.
async fn tell(desk: &Desk, row: &MandateRow, origin: &Room, to: RoomId, by: By) -> Result<(), Problem> {
    let Some(room) = desk.room(to).await? else { return Ok(()) };
    let Some(mandate) = origin.mandate(row.id) else { return Ok(()) };
    let here = room.mandate(row.id).map(|here| here.status);
    let told = match (mandate.status, here) {
        (Status::Approved, None | Some(Status::Pending)) if room.member(mandate.party).is_some() => {
            Told::Approved(Approved {
                mandate: row.id,
                agent: Member { ended: None, ..mandate.agent.clone() },
                party: mandate.party,
                party_name: mandate.party_name.clone(),
                authority: mandate.authority,
                enters: true,
            })
        }
        (Status::Ended, Some(Status::Approved)) => {
            let Some(ended) = how_ended(desk, origin, row.id).await? else { return Ok(()) };
            Told::Ended(ended)
        }
        _ => return Ok(()),
    };
    once(desk.report(to, Report::Agency(Box::new((by, told)))).await)
}

/// The act that ended a mandate, as it stands in the record.
async fn how_ended(desk: &Desk, room: &Room, id: MandateId) -> Result<Option<Ended>, Problem> {
    let acts = desk.record(room).await?;
    let ended =
        acts.into_iter().rev().filter(|act| act.body.kind() == Kind::AgencyEnd).find_map(|act| match act.body {
            Body::AgencyEnd(ended) if ended.mandate == id => Some(ended),
            _ => None,
        });
    Ok(ended)
}

async fn founded(desk: &Desk, job: &Founded) -> Result<(), Problem> {
    let Some(room) = desk.room(job.room).await? else { return Ok(()) };
    let (Some(case), Some(by)) = (room.case.clone(), by(&room, job.by)) else { return Ok(()) };
    for row in desk.store.waiting_mandates(&folded(&case.number)).await? {
        carried(desk, row.id).await?;
    }
    for row in desk.store.mandates_in(&[case.id], Status::Approved.code()).await? {
        let Some(origin) = row.room.filter(|origin| *origin != job.room) else { continue };
        if let Some(origin) = desk.room(origin).await? {
            tell(desk, &row, &origin, job.room, by.clone()).await?;
        }
    }
    Ok(())
}

/// The party that an application is for: the one who applied, or the one whom the agent has named.
fn party<'a>(row: &MandateRow, participants: &'a [Participant]) -> Option<&'a Participant> {
    let parties = participants.iter().filter(|it| it.role == Role::Party.code() && it.ended_at.is_none());
    let name = folded(&row.party_name);
    parties.into_iter().find(|it| match row.party {
        Some(party) => it.id == party,
        None => folded(&it.name) == name,
    })
}

/// The room of a case in which an application is decided: the latest that is not over and in which the party is, else the latest of all.
async fn room_for(desk: &Desk, case: CaseId, party: MemberId) -> Result<Option<Arc<Room>>, Problem> {
    let mut rooms = desk.store.rooms_of_case(case).await?;
    let now = court::beijing::micros(desk.now());
    rooms.sort_by_key(|room| std::cmp::Reverse((room.closes_at > now, room.opens_at)));
    for row in rooms {
        if let Some(room) = desk.room(row.id).await?.filter(|room| room.member(party).is_some()) {
            return Ok(Some(room));
        }
    }
    Ok(None)
}

fn by(room: &Room, member: MemberId) -> Option<By> {
    let member = room.ever().find(|other| other.id == member)?;
    Some(By { member: member.id, person: member.person?, name: member.name.clone(), capacity: member.capacity })
}

/// What the court refuses, because it is done already or fits no longer, is done.
fn once(done: Result<(), Problem>) -> Result<(), Problem> {
    match done {
        Err(problem) if matches!(problem.status(), StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY) => Ok(()),
        other => other,
    }
}
