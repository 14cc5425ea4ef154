use axum::extract::State;
use axum::response::Response;
use court::RoomId;
use desk::files::{self, Variant};
use desk::rim::{Path, Query};
use desk::{Acting, Desk, Problem, ProblemDocument};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::sight;

/// Which of an act's files. Addresses of files are put together by hand too: what else stands in them is not looked at.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Which {
    /// Its place among the act's files, from 0.
    #[param(minimum = 0, maximum = 255, default = 0)]
    #[serde(default)]
    place: u8,
}

/// Open the file of an act: leads to the files origin, which gives the original bytes (ranges work there).
#[utoipa::path(
    get, path = "/api/rooms/{room}/acts/{seq}/file", operation_id = "act_file", tag = "rooms",
    params(("room" = String, Path, description = "Room id"), ("seq" = u64, Path, description = "The act (own number)"), Which),
    responses(
        (status = 307, description = "To the files origin, good for ten minutes"),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "The window has not begun, or the notice is not accepted", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such file for the caller", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "The query is not right", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn act_file(
    State(desk): State<Desk>,
    acting: Acting,
    Path((room, seq)): Path<(RoomId, u64)>,
    Query(which): Query<Which>,
) -> Result<Response, Problem> {
    send(&desk, &acting, room, (seq, which.place), Variant::Original).await
}

/// Open the small picture of a photo, or a still of a video: at most 640 pixels on its longer edge, without metadata.
#[utoipa::path(
    get, path = "/api/rooms/{room}/acts/{seq}/thumb", operation_id = "act_thumb", tag = "rooms",
    params(("room" = String, Path, description = "Room id"), ("seq" = u64, Path, description = "The act (own number)"), Which),
    responses(
        (status = 307, description = "To the files origin, good for ten minutes"),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "The window has not begun, or the notice is not accepted", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such picture for the caller", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "The query is not right", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn act_thumb(
    State(desk): State<Desk>,
    acting: Acting,
    Path((room, seq)): Path<(RoomId, u64)>,
    Query(which): Query<Which>,
) -> Result<Response, Problem> {
    send(&desk, &acting, room, (seq, which.place), Variant::Thumb).await
}

async fn send(
    desk: &Desk,
    acting: &Acting,
    room: RoomId,
    (dense, place): (u64, u8),
    variant: Variant,
) -> Result<Response, Problem> {
    let inside = desk.enter(acting, room).await?;
    court::view::may_read(&inside.room, &inside.actor, &desk.policy, desk.now())?;
    let seq = inside.room.record_seq(inside.actor.member, dense).ok_or_else(Problem::not_found)?;
    let file = sight::file_of(desk, &inside, seq, place).await?.ok_or_else(Problem::not_found)?;
    files::send(desk, acting.session, room, inside.actor.member, (seq, place), &file, variant).await
}
