//! 清除已读, 清除全部, and taking either back. Nothing of it touches a record.

use axum::Json as Reply;
use axum::extract::State;
use axum::http::StatusCode;
use desk::rim::Json;
use desk::{Acting, Desk, Problem, ProblemDocument};
use serde::{Deserialize, Serialize};
use store::{Cleared, Owner};
use utoipa::ToSchema;

/// For so long a clearing can be taken back, in microseconds.
const TAKEN_BACK_WITHIN: i64 = 10 * 60 * 1_000_000;

/// What is to be cleared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum What {
    /// What was read.
    Read,
    /// Everything; what was not read counts as read.
    All,
}

/// A wish to clear the list.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InboxClear)]
pub(crate) struct Clear {
    what: What,
}

/// What was cleared.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InboxCleared)]
pub(crate) struct Done {
    /// How many notifications went off the list.
    cleared: u64,
    /// Names this clearing, to take it back within ten minutes.
    undo: String,
}

/// A clearing to be taken back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InboxUndo)]
pub(crate) struct Undo {
    undo: String,
}

/// Clear my list of notifications: what I have read, or all of it. The records keep everything.
#[utoipa::path(
    put, path = "/api/inbox/cleared", operation_id = "clear_inbox", tag = "inbox",
    request_body = Clear,
    responses(
        (status = 200, body = Done),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "No role chosen", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn clear_inbox(
    State(desk): State<Desk>,
    acting: Acting,
    Json(asked): Json<Clear>,
) -> Result<Reply<Done>, Problem> {
    let owner = Owner { person: acting.person, role: acting.role.code() };
    let now = court::beijing::micros(desk.now());
    let what = match asked.what {
        What::Read => Cleared::Read,
        What::All => Cleared::All,
    };
    let cleared = desk.store.clear_notifications(owner, what, now).await?;
    desk.inbox_changed(acting.person);
    Ok(Reply(Done { cleared, undo: now.to_string() }))
}

/// Take a clearing back: what went off the list is there again, unread where it was.
#[utoipa::path(
    put, path = "/api/inbox/restored", operation_id = "undo_clear", tag = "inbox",
    request_body = Undo,
    responses(
        (status = 204, description = "Taken back"),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "No role chosen", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "`undo_over`: too late, or there was no such clearing", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn undo_clear(
    State(desk): State<Desk>,
    acting: Acting,
    Json(asked): Json<Undo>,
) -> Result<StatusCode, Problem> {
    let owner = Owner { person: acting.person, role: acting.role.code() };
    let now = court::beijing::micros(desk.now());
    let then = asked.undo.parse::<i64>().ok().filter(|then| (now - TAKEN_BACK_WITHIN..=now).contains(then));
    let back = match then {
        Some(then) => desk.store.unclear_notifications(owner, then, now).await?,
        None => 0,
    };
    if back == 0 {
        let detail = "已经过了可以撤销的时间，清除的消息仍在相应案件的微法庭中。";
        return Err(Problem::new(StatusCode::CONFLICT, "undo_over", detail));
    }
    desk.inbox_changed(acting.person);
    Ok(StatusCode::NO_CONTENT)
}
