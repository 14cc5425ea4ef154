use axum::Json;
use axum::extract::State;
use court::{MemberId, RoomId, view};
use desk::rim::{Path, Query};
use desk::{Acting, DayCount, Desk, Problem, ProblemDocument};
use serde::Deserialize;
use utoipa::IntoParams;

/// Whose days.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Of {
    /// Acts of this member only.
    member: Option<MemberId>,
}

/// List the days on which there is something that I see in a room, and how much.
#[utoipa::path(
    get, path = "/api/rooms/{room}/days", operation_id = "days", tag = "rooms",
    params(("room" = String, Path, description = "Room id"), Of),
    responses(
        (status = 200, body = Vec<DayCount>),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "The window has not begun, or the notice is not accepted", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such room for the caller", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "The query is not right", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "Not now: what was said is still being sorted in", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn days(
    State(desk): State<Desk>,
    acting: Acting,
    Path(room): Path<RoomId>,
    Query(of): Query<Of>,
) -> Result<Json<Vec<DayCount>>, Problem> {
    let inside = desk.enter(&acting, room).await?;
    view::may_read(&inside.room, &inside.actor, &desk.policy, desk.now())?;
    Ok(Json(desk.days(&inside, of.member).await?))
}
