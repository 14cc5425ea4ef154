use axum::Json;
use axum::extract::State;
use court::RoomId;
use court::view::{self, ActView};
use desk::rim::{Path, Query};
use desk::{Acting, Desk, Problem, ProblemDocument};
use serde::Deserialize;
use utoipa::IntoParams;

/// How many acts one page has at most.
const LIMIT: u64 = 200;

/// Which acts.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Page {
    /// The acts after this one (own number).
    #[serde(default)]
    after: u64,
    /// How many at most: 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    #[serde(default = "page")]
    limit: u64,
}

fn page() -> u64 {
    50
}

/// Read acts of a room, in order, numbered as I see them.
#[utoipa::path(
    get, path = "/api/rooms/{room}/acts", operation_id = "acts", tag = "rooms",
    params(("room" = String, Path, description = "Room id"), Page),
    responses(
        (status = 200, body = Vec<ActView>),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "The window has not begun, or the notice is not accepted", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such room for the caller", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "The query is not right", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn acts(
    State(desk): State<Desk>,
    acting: Acting,
    Path(room): Path<RoomId>,
    Query(page): Query<Page>,
) -> Result<Json<Vec<ActView>>, Problem> {
    let inside = desk.enter(&acting, room).await?;
    view::may_read(&inside.room, &inside.actor, &desk.policy, desk.now())?;
    let acts = desk.acts_after(&inside, page.after, page.limit.clamp(1, LIMIT)).await?;
    Ok(Json(acts))
}
