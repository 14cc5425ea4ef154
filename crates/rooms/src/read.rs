use axum::extract::State;
use axum::http::StatusCode;
use court::RoomId;
use desk::rim::{Json, Path};
use desk::{Acting, Desk, Problem, ProblemDocument};
use serde::Deserialize;
use store::Owner;
use utoipa::ToSchema;

/// How far somebody has read.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReadMark {
    /// The last act read (own number). A mark never moves back.
    seq: u64,
}

/// Note how far I have read a room.
#[utoipa::path(
    put, path = "/api/rooms/{room}/read", operation_id = "mark_read", tag = "rooms",
    params(("room" = String, Path, description = "Room id")),
    request_body = ReadMark,
    responses(
        (status = 204, description = "Noted"),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "No role chosen", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such room for the caller", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn mark_read(
    State(desk): State<Desk>,
    acting: Acting,
    Path(room): Path<RoomId>,
    Json(mark): Json<ReadMark>,
) -> Result<StatusCode, Problem> {
    let inside = desk.enter(&acting, room).await?;
    let seq = mark.seq.min(inside.room.dense_head(inside.actor.member));
    let member = inside.actor.member;
    let record_seq = inside.room.record_seq(member, seq).unwrap_or(0);
    let owner = Owner { person: acting.person, role: acting.role.code() };
    let mark = store::ReadMark { room, member, seq, record_seq };
    if desk.store.mark_read(owner, mark, court::beijing::micros(desk.now())).await? {
        desk.room_read(acting.person, room);
    }
    Ok(StatusCode::NO_CONTENT)
}
