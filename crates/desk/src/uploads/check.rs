//! What happens with the last byte: the file is looked at, and taken or refused (SR-32, SR-33, SR-35).

use axum::http::StatusCode;
use papers::{FileFacts, FileRefusal};
use store::{FinishedUpload, UploadRow};
use tracing::{error, info};

use crate::{Desk, Problem};

/// Checks a complete upload and keeps its file, or removes both. The caller has the right to write to it.
///
/// # Errors
/// Why the file is refused; nothing of it is then left. On 503 the upload is still there and can be checked again.
pub(super) async fn finish(desk: &Desk, row: &UploadRow) -> Result<FinishedUpload, Problem> {
    let _one_of_few = desk.uploads.checks.acquire().await.map_err(|_| Problem::unavailable())?;
    let path = desk.store.staging().path(row.id);
    let name = row.name.clone();
    let looked_at = path.clone();
    // Blocking, and it survives whatever a parser does: a panic ends the thread's task alone.
    let looked = tokio::task::spawn_blocking(move || papers::identify(&looked_at, &name)).await;
    let facts = match looked.map_err(|_| Problem::internal())? {
        Ok(facts) => facts,
        Err(FileRefusal::Unreadable(cause)) => {
            error!(upload.id = %row.id, %cause, "A staged file cannot be read");
            return Err(Problem::unavailable());
        }
        Err(refusal) => {
            desk.store.remove_upload(row.person, row.id).await?;
            return Err(refused(&refusal));
        }
    };
    let (sha256, size) = desk.store.blobs().put_file(&path).await?;
    let found = found(facts, sha256, size)?;
    desk.store.finish_upload(row.id, &found, court::beijing::micros(desk.now())).await?;
    desk.store.staging().remove(row.id).await?;
    info!(upload.id = %row.id, file.kind = found.kind, file.size = size, file.sha256 = %sha256, "File taken");
    Ok(found)
}

fn found(facts: FileFacts, sha256: record::Hash, size: u64) -> Result<FinishedUpload, Problem> {
    let warnings: Vec<_> = facts.warnings.iter().map(|warning| warning.code()).collect();
    Ok(FinishedUpload {
        sha256,
        size,
        media_type: facts.media_type.to_owned(),
        kind: super::code_of(facts.kind).to_owned(),
        width: facts.width,
        height: facts.height,
        seconds: facts.seconds,
        warnings: serde_json::to_string(&warnings).map_err(|_| Problem::internal())?,
    })
}

/// A refusal of a file as its sender gets it.
pub(super) fn refused(refusal: &FileRefusal) -> Problem {
    let status = match refusal {
        FileRefusal::TypeUnknown { .. } | FileRefusal::TypeMismatch { .. } | FileRefusal::Disguised => {
            StatusCode::UNSUPPORTED_MEDIA_TYPE
        }
        FileRefusal::TooLarge { .. } | FileRefusal::PictureTooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        FileRefusal::Unreadable(_) => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Problem::new(status, refusal.code(), refusal.detail())
}
