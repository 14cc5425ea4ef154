//! What waits for the court: applications in the cases of whoever may decide them.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use court::agency::{Authority, Status};
use court::{CaseId, Facts, Kind, MandateId, RoomId, Scene};
use desk::{Acting, Desk, Problem, ProblemDocument};
use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

/// An application that I may decide.
#[derive(Debug, Serialize, ToSchema)]
pub struct QueuedMandate {
    pub mandate: MandateId,
    pub case: CaseId,
    pub number: String,
    pub title: String,
    /// In whose record it stands, and is decided.
    pub room: RoomId,
    pub agent_name: String,
    pub party_name: String,
    pub party_label: String,
    /// Whether the party itself has named the agent.
    pub by_party: bool,
    pub authority: Authority,
    pub authority_said: String,
    #[serde(with = "time::serde::rfc3339")]
    pub applied_at: OffsetDateTime,
}

/// List the applications that wait for my decision, the oldest first; empty for whoever decides none.
#[utoipa::path(
    get, path = "/api/agency/queue", operation_id = "agency_queue", tag = "agency",
    responses(
        (status = 200, body = Vec<QueuedMandate>),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "No role chosen", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn agency_queue(
    State(desk): State<Desk>,
    acting: Acting,
) -> Result<Json<Vec<QueuedMandate>>, Problem> {
    let cases = desk.store.cases_of(acting.person, acting.role.code()).await?;
    let mine = cases.iter().filter(|(_, me)| {
        let capacity = court::Capacity::from_code(&me.capacity);
        capacity.is_some_and(|capacity| desk.policy.ever_allows(Kind::AgencyApprove, capacity))
    });
    let ids: Vec<_> = mine.map(|(case, _)| case.id).collect();
    let mut queue = Vec::new();
    for row in desk.store.mandates_in(&ids, Status::Pending.code()).await? {
        let (Some(room), Some(case)) = (row.room, row.case) else { continue };
        // Who may decide it is whoever may in its room now.
        let inside = match desk.enter(&acting, room).await {
            Ok(inside) => inside,
            Err(problem) if problem.status() == StatusCode::NOT_FOUND => continue,
            Err(problem) => return Err(problem),
        };
        let facts = Facts::default();
        let now = desk.now();
        let scene = Scene { room: &inside.room, actor: &inside.actor, facts: &facts, policy: &desk.policy, now };
        let pending = inside.room.mandate(row.id).filter(|mandate| mandate.status == Status::Pending);
        let Some(mandate) = pending.filter(|_| desk.policy.permit(Kind::AgencyApprove, &scene).is_ok()) else {
            continue;
        };
        let title = inside.room.case.clone().ok_or_else(Problem::internal)?;
        let party = inside.room.ever().find(|member| member.id == mandate.party);
        queue.push(QueuedMandate {
            mandate: row.id,
            case,
            number: title.number,
            title: title.title,
            room,
            agent_name: mandate.agent.name.clone(),
            party_name: mandate.party_name.clone(),
            party_label: party.map(|member| member.capacity.label().to_owned()).unwrap_or_default(),
            by_party: row.applicant != row.agent,
            authority: mandate.authority,
            authority_said: mandate.authority.said(),
            applied_at: court::beijing::from_micros(row.created_at),
        });
    }
    Ok(Json(queue))
}
