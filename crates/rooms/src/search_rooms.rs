use axum::Json;
use axum::extract::State;
use desk::rim::Query;
use desk::{Acting, Desk, Found, Problem, ProblemDocument};
use serde::Deserialize;
use store::Sought;
use utoipa::IntoParams;

use crate::search::words;

/// How many acts at most.
const LIMIT: u64 = 50;

/// What is looked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    /// Words, up to 100 characters: acts that contain each of them. None finds nothing.
    #[param(max_length = 100)]
    q: String,
    /// How many at most: 1 to 50.
    #[param(minimum = 1, maximum = 50, default = 20)]
    #[serde(default = "page")]
    limit: u64,
}

fn page() -> u64 {
    20
}

/// Find acts again in all my rooms, the newest first.
#[utoipa::path(
    get, path = "/api/search", operation_id = "search_rooms", tag = "rooms",
    params(Wanted),
    responses(
        (status = 200, body = Vec<Found>),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "No role chosen", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "The query is not right", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "Not now: what was said is still being sorted in", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn search_rooms(
    State(desk): State<Desk>,
    acting: Acting,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Vec<Found>>, Problem> {
    let words = words(&wanted.q)?;
    if words.is_empty() {
        return Ok(Json(Vec::new()));
    }
    let sought = Sought { words, ..Sought::default() };
    Ok(Json(desk.search_rooms(&acting, &sought, wanted.limit.clamp(1, LIMIT)).await?))
}
