use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use desk::rim::Path;
use desk::{Account, Desk, Problem, ProblemDocument};
use uuid::Uuid;

use super::files;

/// How large a small copy can be, in bytes.
const PICTURE: u64 = 4 * 1024 * 1024;

/// Show a picture that came with what somebody told the court: to them, and to those who answer.
///
/// It is a small copy that the court made of the pixels, never the file that was sent.
#[utoipa::path(
    get, path = "/api/feedback/{feedback}/pictures/{n}", operation_id = "feedback_picture", tag = "office",
    params(("feedback" = String, Path, description = "Feedback id"), ("n" = u32, Path, description = "Which of them, from 1")),
    responses(
        (status = 200, description = "The picture", content_type = "image/jpeg", body = Vec<u8>),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "Not for the caller, or no such picture", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(super) async fn feedback_picture(
    State(desk): State<Desk>,
    account: Account,
    Path((feedback, n)): Path<(Uuid, u32)>,
) -> Result<Response, Problem> {
    let row = desk.store.feedback(feedback).await?.ok_or_else(Problem::not_found)?;
    let helps = account.role.is_some_and(|role| desk.policy.answers_feedback(role));
    if row.person != account.person && !helps {
        return Err(Problem::not_found());
    }
    let place = usize::try_from(n).ok().and_then(|n| n.checked_sub(1)).ok_or_else(Problem::not_found)?;
    let file = files(&row).into_iter().nth(place).ok_or_else(Problem::not_found)?;
    let copy = match desk.small_picture(&file).await {
        Ok(copy) => copy,
        Err(desk::views::Unavailable::Now(problem)) => return Err(problem),
        Err(desk::views::Unavailable::Ever(_)) => return Err(Problem::not_found()),
    };
    let bytes = desk.store.blobs().get_bytes(copy.sha256, PICTURE).await?;
    let media_type = HeaderValue::from_str(&copy.media_type).map_err(|_| Problem::internal())?;
    let headers = [(header::CONTENT_TYPE, media_type), (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    Ok((headers, bytes).into_response())
}
