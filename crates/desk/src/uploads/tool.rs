//! Files that people bring to a tool: theirs alone, never among the files that are kept, gone when they are done with.

use std::path::PathBuf;

use axum::http::StatusCode;
use court::{FileKind, PersonId, UploadId};
use store::Purpose;
use tracing::info;

use super::writers::Writing;
use super::{kind_of, own};
use crate::{Account, Desk, Problem};

/// A file to work on. While this is held, nobody else works on it and it is not removed.
#[derive(Debug)]
pub struct ToolFile {
    person: PersonId,
    id: UploadId,
    kind: FileKind,
    path: PathBuf,
    _mine: Writing,
}

/// The file that this upload of the caller is, to work on.
///
/// # Errors
/// 404 for everybody else's and when there is none; 410 when its time is over; 409 when bytes are missing or it is not for a tool; 423
/// while somebody works on it.
pub async fn tool_file(desk: &Desk, account: &Account, id: UploadId) -> Result<ToolFile, Problem> {
    own(desk, account, id).await?;
    let mine = desk.uploads.write(id)?;
    // Read again now that nobody else works on it: it may have gone meanwhile.
    let row = own(desk, account, id).await?;
    if row.purpose != Purpose::Tool {
        let detail = "这个文件不是为使用工具上传的，请重新选择文件。";
        return Err(Problem::new(StatusCode::CONFLICT, "upload_not_for_tool", detail));
    }
    let Some(kind) = row.finished.as_ref().and_then(|found| kind_of(&found.kind)) else {
        let detail = "文件尚未上传完成。";
        return Err(Problem::new(StatusCode::CONFLICT, "upload_unfinished", detail).with("offset", row.offset));
    };
    Ok(ToolFile { person: account.person, id, kind, path: desk.store.staging().path(id), _mine: mine })
}

impl ToolFile {
    /// What it is.
    pub fn kind(&self) -> FileKind {
        self.kind
    }

    /// Where it is. Only to be read.
    pub fn path(&self) -> &std::path::Path {
        &self.path
    }

    /// Removes it: it has been worked on.
    ///
    /// # Errors
    /// 503 when database or disk cannot be written; it then goes when its time is over.
    pub async fn remove(self, desk: &Desk) -> Result<(), Problem> {
        desk.store.remove_upload(self.person, self.id, court::beijing::micros(desk.now())).await?;
        info!(upload.id = %self.id, "File of a tool removed");
        Ok(())
    }
}
