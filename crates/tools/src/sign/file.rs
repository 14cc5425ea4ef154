//! What came of signing, to be saved.

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use court::UploadId;
use desk::rim::Path;
use desk::uploads::tool_glance;
use desk::{Account, Desk, Problem};
use tokio_util::io::ReaderStream;

/// Nothing in it can act, should a browser show it all the same (SR-24).
const POLICY: &str = "sandbox; default-src 'none'";

/// Save a file of mine that is for a tool: what came of signing. It can only be saved, never shown in a page of the court.
#[utoipa::path(
    get, path = "/api/tools/signature/{upload}/file", operation_id = "signed_file", tag = "tools",
    params(("upload" = String, Path, description = "Id of an upload for a tool")),
    responses(
        (status = 200, description = "The file", content_type = "application/octet-stream", body = Vec<u8>),
        (status = 401, description = "Not logged in", body = desk::ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such upload of this person", body = desk::ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "`upload_unfinished`, `upload_not_for_tool`", body = desk::ProblemDocument, content_type = "application/problem+json"),
        (status = 410, description = "`upload_expired`", body = desk::ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn signed_file(
    State(desk): State<Desk>,
    account: Account,
    Path(id): Path<UploadId>,
) -> Result<Response, Problem> {
    let brought = tool_glance(&desk, &account, id).await?;
    let file = tokio::fs::File::open(&brought.path).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Problem::not_found(),
        _ => Problem::unavailable(),
    })?;
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    if brought.media_type == "application/pdf" {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/pdf"));
    }
    let disposition = desk::files::attachment(&brought.name);
    headers.insert(CONTENT_DISPOSITION, HeaderValue::from_str(&disposition).map_err(|_| Problem::internal())?);
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(brought.size));
    Ok((StatusCode::OK, headers, Body::from_stream(ReaderStream::new(file))).into_response())
}
