//! How far an upload has come.

use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use court::UploadId;

use super::own;
use super::tus::{self, Tus};
use crate::rim::Path;
use crate::{Account, Desk, Problem};

/// How long a client that has come back waits for its old connection to be given up.
const PATIENCE: Duration = Duration::from_secs(3);

/// Say how far an upload has come (tus 1.0).
///
/// Whoever asks is not sending, so a connection that still seems to send is dead: it is given up, and what it brought counts.
#[utoipa::path(
    head, path = "/api/uploads/{upload}", operation_id = "upload_offset", tag = "uploads",
    params(
        ("upload" = String, Path, description = "Id of the upload"),
        ("Tus-Resumable" = String, Header, description = "1.0.0"),
    ),
    responses(
        (status = 200, description = "Where to go on", headers(
            ("Upload-Offset" = u64, description = "Bytes that are durable here"),
            ("Upload-Length" = u64, description = "Bytes of the whole file"),
            ("Upload-Expires" = String, description = "When it is removed if no act uses it"),
        )),
        (status = 401, description = "Not logged in"),
        (status = 404, description = "No such upload of this person"),
        (status = 410, description = "Its 24 hours are over"),
        (status = 412, description = "Another version of tus"),
    )
)]
pub(super) async fn upload_offset(
    State(desk): State<Desk>,
    account: Account,
    _: Tus,
    Path(id): Path<UploadId>,
) -> Result<(StatusCode, HeaderMap), Problem> {
    let mut row = own(&desk, &account, id).await?;
    if row.finished.is_none() && desk.uploads.is_busy(row.id) {
        // Busy with its check, it has all its bytes and stays busy; then the row says so.
        desk.uploads.take_over(row.id, PATIENCE).await.ok();
        row = own(&desk, &account, id).await?;
    }
    let mut headers = HeaderMap::new();
    headers.insert(tus::OFFSET, HeaderValue::from(row.offset));
    headers.insert(tus::LENGTH, HeaderValue::from(row.length));
    headers.insert(tus::EXPIRES, tus::http_date(row.expires_at));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok((StatusCode::OK, headers))
}
