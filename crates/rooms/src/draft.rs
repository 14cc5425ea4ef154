//! What somebody has begun to answer to a matter: an ordinary row, readable by its author alone, gone with the submission.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use court::matter::Status;
use court::{ActId, RoomId, UploadId, beijing, view};
use desk::rim::{Json, Path};
use desk::{Acting, Desk, Inside, Problem, ProblemDocument};
use serde::{Deserialize, Serialize};
use store::Draft;
use utoipa::ToSchema;

/// The most bytes that a draft may have as JSON: a full answer, and no more.
const LIMIT: usize = 128 * 1024;

/// An answer that is not finished. Nothing is checked but its size: it may be as incomplete as it likes.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DraftAnswer {
    #[serde(default)]
    #[schema(max_length = 10000)]
    pub text: String,
    /// By the label of the field.
    #[serde(default)]
    pub values: BTreeMap<String, String>,
    /// Uploads of the caller's own; one that no act uses expires.
    #[serde(default)]
    #[schema(max_items = 9)]
    pub attachments: Vec<UploadId>,
}

/// Save what I have begun to answer to a matter, in place of what I saved before. Nobody else can read it.
#[utoipa::path(
    put, path = "/api/rooms/{room}/matters/{matter}/draft", operation_id = "save_draft", tag = "matters",
    params(
        ("room" = String, Path, description = "Room id"),
        ("matter" = String, Path, description = "Matter id: the act that issued it"),
    ),
    request_body = DraftAnswer,
    responses(
        (status = 204, description = "Saved"),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "The window has not begun, or the notice is not accepted", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such matter that asks the caller", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "It is answered, over or late: `draft_over`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "The draft is too long", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn save_draft(
    State(desk): State<Desk>,
    acting: Acting,
    Path((room, matter)): Path<(RoomId, ActId)>,
    Json(answer): Json<DraftAnswer>,
) -> Result<StatusCode, Problem> {
    let inside = mine(&desk, &acting, room, matter).await?;
    let content = serde_json::to_string(&answer).map_err(|_| Problem::internal())?;
    if content.len() > LIMIT {
        let detail = "草稿内容过长，没有保存。请删减后再试。";
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "draft_too_long", detail));
    }
    let now = desk.now();
    let status = inside.room.matter(matter).map(|matter| matter.status_of(inside.actor.member, now));
    if status != Some(Status::Open) {
        let detail = "这项诉讼事项已不能办理，草稿没有保存。请刷新页面查看。";
        return Err(Problem::new(StatusCode::CONFLICT, "draft_over", detail));
    }
    let draft = Draft { matter, content, saved_at: beijing::micros(now) };
    desk.store.save_draft(room, inside.actor.member, &draft).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Forget what I have begun to answer to a matter.
#[utoipa::path(
    delete, path = "/api/rooms/{room}/matters/{matter}/draft", operation_id = "drop_draft", tag = "matters",
    params(
        ("room" = String, Path, description = "Room id"),
        ("matter" = String, Path, description = "Matter id: the act that issued it"),
    ),
    responses(
        (status = 204, description = "There is none any more"),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "The window has not begun, or the notice is not accepted", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such matter that asks the caller", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn drop_draft(
    State(desk): State<Desk>,
    acting: Acting,
    Path((room, matter)): Path<(RoomId, ActId)>,
) -> Result<StatusCode, Problem> {
    let inside = mine(&desk, &acting, room, matter).await?;
    desk.store.drop_draft(room, inside.actor.member, matter).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The room, for a member whom the matter asks; for everybody else there is no such matter.
async fn mine(desk: &Desk, acting: &Acting, room: RoomId, matter: ActId) -> Result<Inside, Problem> {
    let inside = desk.enter(acting, room).await?;
    view::may_read(&inside.room, &inside.actor, &desk.policy, desk.now())?;
    match inside.room.matter(matter) {
        Some(matter) if matter.asks(inside.actor.member) => Ok(inside),
        _ => Err(Problem::not_found()),
    }
}
