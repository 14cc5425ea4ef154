//! Files that people bring to a tool, or to show who they are: theirs alone, never among the files that are kept, gone when they are done with.

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
    media_type: String,
    path: PathBuf,
    _mine: Writing,
}

/// The file that this upload of the caller is, to work on.
///
/// # Errors
/// 404 for everybody else's and when there is none; 410 when its time is over; 409 when bytes are missing or it is not for a tool; 423
/// while somebody works on it.
pub async fn tool_file(desk: &Desk, account: &Account, id: UploadId) -> Result<ToolFile, Problem> {
    staged_file(desk, account, id, Purpose::Tool).await
}

/// The picture or video for real-name verification that this upload of the caller is.
///
/// # Errors
/// As [`tool_file`].
pub async fn identity_file(desk: &Desk, account: &Account, id: UploadId) -> Result<ToolFile, Problem> {
    staged_file(desk, account, id, Purpose::Identity).await
}

async fn staged_file(desk: &Desk, account: &Account, id: UploadId, purpose: Purpose) -> Result<ToolFile, Problem> {
    own(desk, account, id).await?;
    let mine = desk.uploads.write(id)?;
    // Read again now that nobody else works on it: it may have gone meanwhile.
    let row = own(desk, account, id).await?;
    if row.purpose != purpose {
        let (code, detail) = match purpose {
            Purpose::Identity => ("upload_not_for_identity", "这个文件不是为实名认证上传的，请重新选择文件。"),
            _ => ("upload_not_for_tool", "这个文件不是为使用工具上传的，请重新选择文件。"),
        };
        return Err(Problem::new(StatusCode::CONFLICT, code, detail));
    }
    let found = row.finished.as_ref().and_then(|found| Some((kind_of(&found.kind)?, found.media_type.clone())));
    let Some((kind, media_type)) = found else {
        let detail = "文件尚未上传完成。";
        return Err(Problem::new(StatusCode::CONFLICT, "upload_unfinished", detail).with("offset", row.offset));
    };
    Ok(ToolFile { person: account.person, id, kind, media_type, path: desk.store.staging().path(id), _mine: mine })
}

impl ToolFile {
    /// What it is.
    pub fn kind(&self) -> FileKind {
        self.kind
    }

    /// Its media type, as the worker found it.
    pub fn media_type(&self) -> &str {
        &self.media_type
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
        info!(upload.id = %self.id, "Staged file removed");
        Ok(())
    }
}
