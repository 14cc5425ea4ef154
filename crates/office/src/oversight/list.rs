use axum::Json;
use axum::extract::State;
use court::{CaseTitle, MemberId, Role, RoomId, beijing};
use desk::{Acting, Desk, Problem, ProblemDocument};
use serde::Serialize;
use store::OversightRow;
use time::OffsetDateTime;
use utoipa::ToSchema;

/// How many readings are listed.
const LISTED: u64 = 100;

/// A case that was read from outside.
#[derive(Debug, Serialize, ToSchema)]
pub struct OversightView {
    pub id: MemberId,
    pub case: CaseTitle,
    /// Who read.
    pub name: String,
    /// In which office.
    pub office: String,
    pub reason: String,
    #[serde(with = "time::serde::rfc3339")]
    pub began_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    pub until: OffsetDateTime,
    /// Whether it goes on.
    pub running: bool,
    pub mine: bool,
    /// The rooms that I may read now; empty for others' readings and when it is over.
    pub rooms: Vec<OversightRoom>,
}

/// A room that may be read.
#[derive(Debug, Serialize, ToSchema)]
pub struct OversightRoom {
    pub id: RoomId,
    pub kind_label: String,
    #[serde(with = "time::serde::rfc3339")]
    pub opens_at: OffsetDateTime,
}

/// List the cases that I read from outside, the latest first; those who are told of it see everybody's.
#[utoipa::path(
    get, path = "/api/oversight", operation_id = "overseen", tag = "office",
    responses(
        (status = 200, body = Vec<OversightView>),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "No role chosen", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "Not for the caller", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(super) async fn overseen(State(desk): State<Desk>, acting: Acting) -> Result<Json<Vec<OversightView>>, Problem> {
    super::may_oversee(&desk, &acting).await?;
    let all = desk.policy.told_of_oversight().contains(&acting.role);
    let rows = desk.store.oversights((!all).then_some(acting.person), LISTED).await?;
    let mut views = Vec::with_capacity(rows.len());
    for row in rows {
        views.extend(view(&desk, &acting, row).await?);
    }
    Ok(Json(views))
}

async fn view(desk: &Desk, acting: &Acting, row: OversightRow) -> Result<Option<OversightView>, Problem> {
    let (case, person) = (desk.store.case(row.case).await?, desk.store.person(row.person).await?);
    let Some((case, person)) = case.zip(person) else { return Ok(None) };
    let (mine, until) = (row.person == acting.person, beijing::from_micros(row.until));
    let running = until > desk.now();
    let rooms = if mine && running { rooms(desk, acting, &row).await? } else { Vec::new() };
    Ok(Some(OversightView {
        id: MemberId(row.id),
        case: CaseTitle { id: case.id, number: case.number, title: case.title, cause: case.cause },
        name: person.name,
        office: Role::from_code(&row.role).map(Role::label).unwrap_or_default().to_owned(),
        reason: row.reason,
        began_at: beijing::from_micros(row.began_at),
        until,
        running,
        mine,
        rooms,
    }))
}

/// The rooms that are open to this reading: those in which the act stands.
async fn rooms(desk: &Desk, acting: &Acting, row: &OversightRow) -> Result<Vec<OversightRoom>, Problem> {
    let mut rooms = Vec::new();
    for room in desk.store.rooms_of_case(row.case).await? {
        match desk.enter(acting, room.id).await {
            Ok(inside) => rooms.push(OversightRoom {
                id: room.id,
                kind_label: inside.room.kind.label().to_owned(),
                opens_at: inside.room.opens_at,
            }),
            Err(problem) if problem.status() == axum::http::StatusCode::NOT_FOUND => {}
            Err(problem) => return Err(problem),
        }
    }
    Ok(rooms)
}
