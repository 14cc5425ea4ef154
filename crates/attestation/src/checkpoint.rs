use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use desk::{Desk, Problem, ProblemDocument};

const TEXT: [(header::HeaderName, &str); 1] = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];

/// Read the latest checkpoint of the court's log: how many acts there are and the root over all of them, signed (C2SP tlog-checkpoint).
#[utoipa::path(
    get, path = "/api/checkpoint", operation_id = "checkpoint", tag = "proof",
    responses(
        (status = 200, body = String, content_type = "text/plain"),
        (status = 404, description = "Nothing was signed yet", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn checkpoint(State(desk): State<Desk>) -> Result<impl IntoResponse, Problem> {
    let epoch = desk.store.tree_epoch().await?.ok_or_else(Problem::not_found)?;
    let latest = desk.store.checkpoint(epoch.epoch).await?.ok_or_else(Problem::not_found)?;
    Ok((TEXT, latest.note))
}

/// Read the public key of the court's log, `name+id+base64` (C2SP signed-note).
#[utoipa::path(
    get, path = "/api/checkpoint/key", operation_id = "checkpoint_key", tag = "proof",
    responses(
        (status = 200, body = String, content_type = "text/plain"),
        (status = 404, description = "There is no log yet", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn checkpoint_key(State(desk): State<Desk>) -> Result<impl IntoResponse, Problem> {
    let epoch = desk.store.tree_epoch().await?.ok_or_else(Problem::not_found)?;
    Ok((TEXT, epoch.key + "\n"))
}
