use axum::Json as Reply;
use axum::extract::State;
use axum::http::StatusCode;
use court::{Proposal, RoomId};
use desk::rim::{IdempotencyKey, Json, Path};
use desk::{Acting, Desk, Problem, ProblemDocument, Receipt};

/// Do something in a room: speak, show, open, close, let in. Answered only when it is durable.
#[utoipa::path(
    post, path = "/api/rooms/{room}/acts", operation_id = "act", tag = "rooms",
    params(
        ("room" = String, Path, description = "Room id"),
        ("Idempotency-Key" = String, Header, description = "Names this request: repeated, it has one effect and the same answer"),
    ),
    request_body = Proposal,
    responses(
        (status = 201, description = "Done and durable", body = Receipt),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "Refused: `code` says why, `detail` what to do", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such room for the caller", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "Does not fit what has happened", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "The request is not right; `code` says how", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 507, description = "`case_quota`, `storage_full`: the file was not stored", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "Nothing was stored; try again with the same key", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn act(
    State(desk): State<Desk>,
    acting: Acting,
    Path(room): Path<RoomId>,
    key: IdempotencyKey,
    Json(proposal): Json<Proposal>,
) -> Result<(StatusCode, Reply<Receipt>), Problem> {
    let receipt = desk.perform(&acting, room, &key, proposal).await?;
    Ok((StatusCode::CREATED, Reply(receipt)))
}
