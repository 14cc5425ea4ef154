use axum::extract::State;
use axum::http::StatusCode;
use desk::rim::Json;
use desk::{Acting, Desk, Problem, ProblemDocument};
use serde::Deserialize;
use store::Owner;
use utoipa::ToSchema;
use uuid::Uuid;

/// How many notifications are marked at once.
const AT_ONCE: usize = 200;

/// Notifications that were read.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InboxRead)]
pub(crate) struct ReadOnes {
    /// At most 200; those that are not the caller's are nothing.
    #[schema(max_items = 200)]
    ids: Vec<Uuid>,
}

/// Note that I have read these notifications.
#[utoipa::path(
    put, path = "/api/inbox/read", operation_id = "read_inbox", tag = "inbox",
    request_body = ReadOnes,
    responses(
        (status = 204, description = "Noted"),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "No role chosen", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "`ids_too_many`", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn read_inbox(
    State(desk): State<Desk>,
    acting: Acting,
    Json(read): Json<ReadOnes>,
) -> Result<StatusCode, Problem> {
    if read.ids.len() > AT_ONCE {
        let detail = "一次标记的消息太多，请分几次进行。";
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "ids_too_many", detail));
    }
    let owner = Owner { person: acting.person, role: acting.role.code() };
    desk.store.read_notifications(owner, &read.ids, court::beijing::micros(desk.now())).await?;
    desk.inbox_changed(acting.person);
    Ok(StatusCode::NO_CONTENT)
}
