//! The mandates of a room as one member sees them.

use axum::Json;
use axum::extract::State;
use court::agency::{Authority, Status};
use court::{Facts, Kind, MandateId, MemberId, RoomId, Scene, view};
use desk::rim::Path;
use desk::{Acting, Desk, Problem, ProblemDocument};
use serde::Serialize;
use utoipa::ToSchema;

/// Who may act for whom here, and who has applied to.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoomAgency {
    /// In the order in which they came.
    pub mandates: Vec<RoomMandate>,
    /// Whether I may decide applications.
    pub decide: bool,
}

/// A mandate of a room.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoomMandate {
    pub id: MandateId,
    pub agent: MemberId,
    pub agent_name: String,
    pub party: MemberId,
    pub party_name: String,
    pub party_label: String,
    pub authority: Authority,
    pub authority_said: String,
    pub status: Status,
    pub status_label: &'static str,
    #[schema(required)]
    pub reason: Option<String>,
    /// Whether I can look at its paper.
    pub paper: bool,
    /// Whether I may end it.
    pub end: bool,
}

/// List the mandates of a room: those that hold, and the applications that concern me; all of them for the bench.
#[utoipa::path(
    get, path = "/api/rooms/{room}/agency", operation_id = "agency", tag = "agency",
    params(("room" = String, Path, description = "Room id")),
    responses(
        (status = 200, body = RoomAgency),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "The window has not begun, or the notice is not accepted", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such room for the caller", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn agency(
    State(desk): State<Desk>,
    acting: Acting,
    Path(room): Path<RoomId>,
) -> Result<Json<RoomAgency>, Problem> {
    let inside = desk.enter(&acting, room).await?;
    let now = desk.now();
    view::may_read(&inside.room, &inside.actor, &desk.policy, now)?;
    let facts = Facts::default();
    let scene = Scene { room: &inside.room, actor: &inside.actor, facts: &facts, policy: &desk.policy, now };
    let (me, capacity) = (inside.actor.member, inside.actor.capacity);
    let ends = desk.policy.permit(Kind::AgencyEnd, &scene).is_ok();
    let bench = desk.policy.is_bench(capacity);
    let seen = inside.room.mandates().into_iter().filter(|(_, it)| it.is_seen_by(me, capacity, &desk.policy));
    let mandates = seen.map(|(id, it)| {
        let party = inside.room.ever().find(|member| member.id == it.party);
        let mine = [it.party, it.agent.id].contains(&me);
        RoomMandate {
            id,
            agent: it.agent.id,
            agent_name: it.agent.name.clone(),
            party: it.party,
            party_name: it.party_name.clone(),
            party_label: party.map(|member| member.capacity.label().to_owned()).unwrap_or_default(),
            authority: it.authority,
            authority_said: it.authority.said(),
            status: it.status,
            status_label: it.status.label(),
            reason: it.reason.clone().filter(|_| mine || bench),
            paper: it.here && inside.room.dense(me, it.seq).is_some(),
            end: ends && (mine || bench) && it.status == Status::Approved,
        }
    });
    let mandates = mandates.collect();
    Ok(Json(RoomAgency { mandates, decide: desk.policy.permit(Kind::AgencyApprove, &scene).is_ok() }))
}
