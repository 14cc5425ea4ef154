use axum::Json;
use axum::extract::State;
use desk::{Acting, Desk, Problem, ProblemDocument};

use crate::cards::{self, RoomCard};

/// List my micro-courts, in the role that I act in; those with the latest act first.
#[utoipa::path(
    get, path = "/api/rooms", operation_id = "rooms", tag = "rooms",
    responses(
        (status = 200, body = Vec<RoomCard>),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "No role chosen", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn rooms(State(desk): State<Desk>, acting: Acting) -> Result<Json<Vec<RoomCard>>, Problem> {
    Ok(Json(cards::my_rooms(&desk, &acting).await?))
}
