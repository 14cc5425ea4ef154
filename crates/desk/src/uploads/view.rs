//! What became of an upload.

use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use court::UploadId;
use record::Hash;
use serde::Serialize;
use store::FinishedUpload;
use tokio::time::timeout;
use utoipa::ToSchema;

use super::{check, own};
use crate::rim::{Json, Path};
use crate::{Account, Desk, Problem};

/// How long one request waits for another's check of a large file, and then for its own; both within the time of a request.
const PATIENCE: Duration = Duration::from_secs(4);

/// A file that has arrived and was taken.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct UploadView {
    /// The id of the upload, by which its sender shows the file.
    pub blob: UploadId,
    /// Of the bytes as they came.
    #[schema(value_type = String)]
    pub sha256: Hash,
    /// Bytes.
    pub size: u64,
    /// Found from the content.
    pub media_type: String,
    /// The name as it will be shown.
    pub name: String,
    /// Pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// Length of a recording, where the file tells it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seconds: Option<f64>,
    /// What the sender should know, e.g. `small_photo`. The file was taken all the same.
    pub warnings: Vec<String>,
}

/// Show what became of an upload: type, size and SHA-256 of what the court now has.
#[utoipa::path(
    get, path = "/api/uploads/{upload}", operation_id = "upload", tag = "uploads",
    params(("upload" = String, Path, description = "Id of the upload")),
    responses(
        (status = 200, description = "The file was taken", body = UploadView),
        (status = 401, description = "Not logged in", body = crate::ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such upload of this person", body = crate::ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "`upload_unfinished`: bytes are missing", body = crate::ProblemDocument, content_type = "application/problem+json"),
        (status = 410, description = "`upload_expired`", body = crate::ProblemDocument, content_type = "application/problem+json"),
        (status = 423, description = "`upload_busy`: it is being checked", body = crate::ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(super) async fn upload(
    State(desk): State<Desk>,
    account: Account,
    Path(id): Path<UploadId>,
) -> Result<Json<UploadView>, Problem> {
    let row = own(&desk, &account, id).await?;
    let found = match &row.finished {
        Some(found) => found.clone(),
        None if row.offset == row.length => finished_late(&desk, &account, id).await?,
        None => {
            let detail = "文件尚未上传完成。";
            return Err(Problem::new(StatusCode::CONFLICT, "upload_unfinished", detail).with("offset", row.offset));
        }
    };
    Ok(Json(UploadView {
        blob: row.id,
        sha256: found.sha256,
        size: found.size,
        media_type: found.media_type,
        name: row.name,
        width: found.width,
        height: found.height,
        seconds: found.seconds,
        warnings: serde_json::from_str(&found.warnings).unwrap_or_default(),
    }))
}

/// All bytes are here but no verdict: the check is going on, or a restart interrupted it and it is done now.
async fn finished_late(desk: &Desk, account: &Account, id: UploadId) -> Result<FinishedUpload, Problem> {
    let writing = desk.uploads.wait(id, PATIENCE).await?;
    let row = own(desk, account, id).await?;
    if let Some(found) = row.finished {
        return Ok(found);
    }
    let desk = desk.clone();
    let task = tokio::spawn(async move {
        let _writing = writing;
        check::finish(&desk, &row).await
    });
    match timeout(PATIENCE, task).await {
        Ok(done) => done.map_err(|_| Problem::internal())?,
        Err(_) => {
            let detail = "文件正在检查，请稍候。";
            Err(Problem::new(StatusCode::LOCKED, "upload_busy", detail).retry_after(2))
        }
    }
}
