use axum::Json;
use axum::extract::State;
use court::RoomId;
use court::view::RoomView;
use desk::rim::Path;
use desk::{Acting, Desk, Problem, ProblemDocument};

/// Show a room: its state as I may see it now, and what I may do in it.
///
/// Before the window begins, and until the entry notice is accepted, visitors see the gate and nothing else.
#[utoipa::path(
    get, path = "/api/rooms/{room}", operation_id = "room", tag = "rooms",
    params(("room" = String, Path, description = "Room id")),
    responses(
        (status = 200, body = RoomView),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "No role chosen", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such room for the caller", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn room(
    State(desk): State<Desk>,
    acting: Acting,
    Path(room): Path<RoomId>,
) -> Result<Json<RoomView>, Problem> {
    let inside = desk.enter(&acting, room).await?;
    let read = desk.store.read_mark(room, inside.actor.member).await?;
    let view = inside.room.view(&inside.actor, &desk.policy, desk.now(), read, &|member| inside.online(member));
    view.map(Json).ok_or_else(Problem::not_found)
}
