//! What happens with the last byte: the file is looked at, and taken or refused (SR-32, SR-33, SR-35).

use axum::http::StatusCode;
use papers::work::Task;
use papers::{FileFacts, FileRefusal};
use store::{FinishedUpload, Purpose, UploadRow};
use tracing::{error, info, warn};

use super::scan;
use crate::worker::NotDone;
use crate::{Desk, Problem};

/// Checks a complete upload and keeps its file, or removes both. A worker looks at it, not this process. The caller has the right to write to it.
///
/// # Errors
/// Why the file is refused; nothing of it is then left. On 503 the upload is still there and can be checked again.
pub(super) async fn finish(desk: &Desk, row: &UploadRow) -> Result<FinishedUpload, Problem> {
    let path = desk.store.staging().path(row.id);
    let task = Task::Identify { name: row.name.clone() };
    let facts = match desk.worker.run::<FileFacts>(&task, &[&path]).await {
        Ok(done) => done.answer,
        Err(not_done) => match refusal(not_done, row) {
            Ok(refusal) => {
                desk.store.remove_upload(row.person, row.id, court::beijing::micros(desk.now())).await?;
                return Err(refused(&refusal));
            }
            Err(problem) => return Err(problem),
        },
    };
    scan::look(desk, row, &path).await?;
    if row.purpose.is_staged() {
        return finish_staged(desk, row, facts).await;
    }
    let (sha256, size) = desk.store.blobs().put_file(&path).await?;
    let found = found(facts, sha256, size)?;
    desk.store.finish_upload(row.id, &found, court::beijing::micros(desk.now())).await?;
    // The same bytes may have belonged to an upload that nobody used and whose file was removed at this very moment. From here on the
    // file is named, and stays.
    if desk.store.blobs().size(sha256).await? != Some(size) {
        desk.store.blobs().put_file(&path).await?;
    }
    desk.store.staging().remove(row.id).await?;
    info!(upload.id = %row.id, file.kind = found.kind, file.size = size, file.sha256 = %sha256, "File taken");
    Ok(found)
}

/// Lets a file for a tool, or for real-name verification, lie where it was staged: what no record shall have does not come among the files that are kept.
async fn finish_staged(desk: &Desk, row: &UploadRow, facts: FileFacts) -> Result<FinishedUpload, Problem> {
    let now = court::beijing::micros(desk.now());
    let photo = facts.kind == papers::FileKind::Photo;
    let (fits, detail) = match row.purpose {
        Purpose::Identity => (
            photo || facts.kind == papers::FileKind::Video,
            "这里只能使用照片（jpg、png、webp）或者视频（mp4、mov、webm）。",
        ),
        _ => (photo || facts.media_type == "application/pdf", "这里只能使用照片（jpg、png、webp）或者 PDF。"),
    };
    if !fits {
        desk.store.remove_upload(row.person, row.id, now).await?;
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "tool_file_type", detail));
    }
    let (sha256, size) = desk.store.staging().hash(row.id).await?;
    let found = found(facts, sha256, size)?;
    desk.store.finish_upload(row.id, &found, now).await?;
    info!(upload.id = %row.id, file.kind = found.kind, file.size = size, "File taken, apart from the court's files");
    Ok(found)
}

/// What the end of the worker says of the file that it looked at; or that it says nothing of it, and the upload can be checked again.
fn refusal(not_done: NotDone, row: &UploadRow) -> Result<FileRefusal, Problem> {
    match not_done {
        NotDone::Refused(refusal) => Ok(refusal),
        NotDone::Resource(cause) => {
            warn!(upload.id = %row.id, cause, "Looking at a file took too much");
            Ok(FileRefusal::TooCostly)
        }
        NotDone::Bug(cause) => {
            error!(upload.id = %row.id, cause, "A file cannot be looked at");
            Err(Problem::unavailable())
        }
        NotDone::Missing(missing) => {
            Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "uploads_switched_off", missing.sentence()))
        }
        NotDone::Unavailable => Err(Problem::unavailable()),
    }
}

fn found(facts: FileFacts, sha256: record::Hash, size: u64) -> Result<FinishedUpload, Problem> {
    let warnings: Vec<_> = facts.warnings.iter().map(|warning| warning.code()).collect();
    Ok(FinishedUpload {
        sha256,
        size,
        media_type: facts.media_type.into_owned(),
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
