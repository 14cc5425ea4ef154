use axum::extract::State;
use axum::http::StatusCode;
use court::panel::{Changing, DecidedBy, Ground, check};
use court::{
    Actor, Capacity, CaseId, Kind, Member, MemberId, PersonId, Phase, Refusal, Report, RoomId, Topic, beijing,
};
use desk::rim::{IdempotencyKey, Json, Path};
use desk::{Acting, Desk, Problem, ProblemDocument};
use record::Hash;
use serde::{Deserialize, Serialize};
use store::Participant;
use tracing::info;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::once;

/// Who leaves the bench of a case, why, by whose decision, and who takes over.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PanelWish {
    pub leaves: MemberId,
    pub ground: Ground,
    pub decided_by: DecidedBy,
    pub reason: String,
    /// One of those who are offered; needed when a judge who conducts the sitting leaves.
    #[serde(default)]
    pub successor: Option<Uuid>,
}

/// What was done, to be looked up when it is asked for again.
#[derive(Debug, Serialize, Deserialize)]
struct Done {
    leaves: MemberId,
}

/// Record that somebody of the bench leaves a case (回避, 移交), and who takes over.
///
/// It is an act in every room of the case. From then on who left reads nothing of the case, on no connection.
#[utoipa::path(
    post, path = "/api/cases/{case}/panel", operation_id = "change_panel", tag = "office",
    params(
        ("case" = String, Path, description = "Case id"),
        ("Idempotency-Key" = String, Header, description = "Names this request: repeated, it has one effect and the same answer"),
    ),
    request_body = PanelWish,
    responses(
        (status = 201, description = "Recorded; who left is out"),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "No role chosen; `not_for_capacity`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such case for the caller", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "`panel_self`, `already_member`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "`member_unknown`, `not_of_the_bench`, `decision_not_theirs`, `successor_missing`, `successor_unknown`, `reason_missing`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "Try again with the same key", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(super) async fn change_panel(
    State(desk): State<Desk>,
    acting: Acting,
    Path(case): Path<CaseId>,
    key: IdempotencyKey,
    Json(asked): Json<PanelWish>,
) -> Result<StatusCode, Problem> {
    let me =
        desk.store.participant_of(case, acting.person, acting.role.code()).await?.ok_or_else(Problem::not_found)?;
    let capacity = Capacity::from_code(&me.capacity).ok_or_else(Problem::not_found)?;
    if !desk.policy.allows(Kind::PanelChange, Phase::Unscheduled, capacity) {
        return Err(Refusal::NotForCapacity { label: capacity.label() }.into());
    }
    let request = Hash::of(&serde_json::to_vec(&(case, &asked)).map_err(|_| Problem::internal())?);
    let _turn = desk.turn(acting.person, key.as_str()).await;
    let now = beijing::micros(desk.now());
    if let Some(done) = once::earlier::<Done>(&desk, acting.person, &key, request).await? {
        // The answer is kept before the last step, which may be repeated.
        desk.store.end_participant(done.leaves, now).await?;
        return Ok(StatusCode::CREATED);
    }
    let actor = Actor {
        member: me.id,
        person: acting.person,
        pseudonym: acting.pseudonym.clone(),
        name: me.name.clone(),
        capacity,
    };
    let leaver = change(&desk, &acting, &actor, case, &key, &asked).await?;
    once::keep(&desk, acting.person, &key, request, &Done { leaves: asked.leaves }).await?;
    desk.store.end_participant(asked.leaves, now).await?;
    desk.notify(Topic::MemberEnded, (case.0, 0), vec![(leaver.person, leaver.role)]).await?;
    info!(case.id = %case, member.id = %asked.leaves, "Somebody left the bench");
    Ok(StatusCode::CREATED)
}

/// Tells it in every room of the case in which who leaves is a member. Who leaves.
async fn change(
    desk: &Desk,
    acting: &Acting,
    actor: &Actor,
    case: CaseId,
    key: &IdempotencyKey,
    asked: &PanelWish,
) -> Result<Participant, Problem> {
    let participants = desk.store.participants(case).await?;
    let leaver = participants.iter().find(|one| one.id == asked.leaves && one.ended_at.is_none());
    let leaver = leaver.ok_or(Refusal::MemberUnknown)?;
    let capacity = Capacity::from_code(&leaver.capacity).ok_or(Refusal::MemberUnknown)?;
    let after = match asked.successor {
        Some(candidate) => Some(successor(desk, case, &leaver.role, candidate).await?),
        None => None,
    };
    let same = after.as_ref().map(|_| capacity);
    let reason = check(&desk.policy, actor, (leaver.id, capacity), (asked.decided_by, &asked.reason), same)?;
    let successor = match after {
        Some((person, name)) => {
            let id = MemberId(once::id(acting.person, key, "successor"));
            if participants.iter().any(|one| one.person == person && one.id != id && one.ended_at.is_none()) {
                return Err(Refusal::AlreadyMember.into());
            }
            let row = Participant {
                id,
                case,
                person,
                name: name.clone(),
                acting: None,
                capacity: leaver.capacity.clone(),
                role: leaver.role.clone(),
                ended_at: None,
            };
            desk.store.put_participant(&row).await?;
            Some(Member { id, person: Some(person), name, acting: None, capacity, ended: None })
        }
        None => None,
    };
    let rooms: Vec<RoomId> = desk.store.rooms_of_case(case).await?.iter().map(|room| room.id).collect();
    for room in rooms {
        if desk.room(room).await?.is_none_or(|state| state.member(asked.leaves).is_none()) {
            continue;
        }
        let changing = Changing {
            leaves: asked.leaves,
            ground: asked.ground,
            decided_by: asked.decided_by,
            reason: reason.clone(),
            successor: successor.clone(),
        };
        desk.tell(actor.clone(), room, Report::PanelChange(changing)).await?;
    }
    Ok(leaver.clone())
}

/// The colleague who was chosen, if they may be.
async fn successor(desk: &Desk, case: CaseId, role: &str, chosen: Uuid) -> Result<(PersonId, String), Problem> {
    let holders = desk.store.holders(&[role]).await?;
    let found = holders.into_iter().map(|(person, _)| person).find(|person| super::candidate(case, *person) == chosen);
    let person = match found {
        Some(person) => desk.store.person(person).await?,
        None => None,
    };
    let unknown = || {
        let detail = "所选的人员不能接替，请重新选择。";
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "successor_unknown", detail)
    };
    person.map(|person| (person.id, person.name)).ok_or_else(unknown)
}
