use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use court::RoomId;
use desk::{Acting, Desk, Problem, ProblemDocument};
use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

/// The most rooms of one answer.
const MOST: usize = 50;

/// What is wrong in my rooms.
#[derive(Debug, Serialize, ToSchema)]
pub struct IncidentsView {
    /// None as a rule.
    pub incidents: Vec<IncidentView>,
}

/// That something which the court acknowledged in a room is missing or altered now.
#[derive(Debug, Serialize, ToSchema)]
pub struct IncidentView {
    pub room: RoomId,
    /// 案号
    pub case_number: String,
    /// When it was found.
    #[serde(with = "time::serde::rfc3339")]
    pub found_at: OffsetDateTime,
    /// `acts`, `log`, `files`, `dossier`.
    pub what: Vec<String>,
}

/// Say in which of my rooms something that was acknowledged is missing or altered: found by the court's own checks, which go on all the time.
#[utoipa::path(
    get, path = "/api/incidents", operation_id = "incidents", tag = "proof",
    responses(
        (status = 200, body = IncidentsView),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "No role chosen", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn incidents(State(desk): State<Desk>, acting: Acting) -> Result<Json<IncidentsView>, Problem> {
    let mine = desk.store.memberships_of(acting.person, acting.role.code()).await?;
    let records: Vec<_> = mine.iter().map(|(room, _)| room.id.0).collect();
    let mut found: BTreeMap<_, (i64, Vec<String>)> = BTreeMap::new();
    for incident in desk.store.open_incidents(&records).await? {
        let (_, what) = found.entry(incident.record).or_insert((incident.found_at, Vec::new()));
        what.push(incident.what);
    }
    let mut incidents = Vec::new();
    for (room, _) in mine {
        let Some((found_at, what)) = found.remove(&room.id.0).filter(|_| incidents.len() < MOST) else { continue };
        let case_number = desk.store.case(room.case).await?.map(|case| case.number).unwrap_or_default();
        incidents.push(IncidentView {
            room: room.id,
            case_number,
            found_at: court::beijing::from_micros(found_at),
            what,
        });
    }
    Ok(Json(IncidentsView { incidents }))
}
