//! Give an upload up.

use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use court::UploadId;
use tracing::info;

use super::own;
use super::tus::Tus;
use crate::rim::Path;
use crate::{Account, Desk, Problem};

/// How long the connection that still sends is given to stop.
const PATIENCE: Duration = Duration::from_secs(3);

/// Give an upload up (tus 1.0 termination). What an act uses stays.
#[utoipa::path(
    delete, path = "/api/uploads/{upload}", operation_id = "upload_cancel", tag = "uploads",
    params(
        ("upload" = String, Path, description = "Id of the upload"),
        ("Tus-Resumable" = String, Header, description = "1.0.0"),
    ),
    responses(
        (status = 204, description = "Gone"),
        (status = 401, description = "Not logged in", body = crate::ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such upload of this person", body = crate::ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "`upload_used`", body = crate::ProblemDocument, content_type = "application/problem+json"),
        (status = 410, description = "`upload_expired`", body = crate::ProblemDocument, content_type = "application/problem+json"),
        (status = 412, description = "Another version of tus", body = crate::ProblemDocument, content_type = "application/problem+json"),
        (status = 423, description = "`upload_busy`", body = crate::ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(super) async fn upload_cancel(
    State(desk): State<Desk>,
    account: Account,
    _: Tus,
    Path(id): Path<UploadId>,
) -> Result<StatusCode, Problem> {
    let row = own(&desk, &account, id).await?;
    let _writing = desk.uploads.take_over(row.id, PATIENCE).await?;
    let row = own(&desk, &account, id).await?;
    if row.used || !desk.store.remove_upload(account.person, row.id, court::beijing::micros(desk.now())).await? {
        return Err(Problem::new(StatusCode::CONFLICT, "upload_used", "文件已经发送，不能取消上传。"));
    }
    info!(upload.id = %row.id, "Upload given up");
    Ok(StatusCode::NO_CONTENT)
}
