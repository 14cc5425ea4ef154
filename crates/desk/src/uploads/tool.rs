//! Files that people bring to a tool or to show who they are, and what comes of them: theirs alone, never among the files that are kept, gone when they
//! are done with.

use std::path::PathBuf;

use axum::http::StatusCode;
use court::{FileKind, PersonId, UploadId};
use record::Hash;
use store::{Answer, FinishedUpload, Purpose, SignatureUse, StoreError, UploadRow};
use tracing::info;

use super::writers::Writing;
use super::{LIFE, kind_of, own};
use crate::{Account, Desk, Problem};

/// What somebody brought to a tool, or what came of it, to look at: it may go meanwhile.
#[derive(Clone, Debug)]
pub struct Brought {
    pub kind: FileKind,
    pub name: String,
    pub sha256: Hash,
    /// Bytes.
    pub size: u64,
    pub media_type: String,
    /// Where it is. Only to be read.
    pub path: PathBuf,
}

/// A file to work on. While this is held, nobody else works on it and it is not removed.
#[derive(Debug)]
pub struct ToolFile {
    person: PersonId,
    id: UploadId,
    brought: Brought,
    _mine: Writing,
}

/// What came of a file of a tool, staged and not yet noted.
#[derive(Debug)]
pub struct ToolResult {
    row: UploadRow,
    sha256: Hash,
    size: u64,
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
    Ok(ToolFile { person: account.person, id, brought: brought(desk, row, purpose)?, _mine: mine })
}

/// The same to look at, beside whoever works on it.
///
/// # Errors
/// As [`tool_file`], but for 423.
pub async fn tool_glance(desk: &Desk, account: &Account, id: UploadId) -> Result<Brought, Problem> {
    brought(desk, own(desk, account, id).await?, Purpose::Tool)
}

fn brought(desk: &Desk, row: UploadRow, purpose: Purpose) -> Result<Brought, Problem> {
    if row.purpose != purpose {
        let (code, detail) = match purpose {
            Purpose::Identity => ("upload_not_for_identity", "这个文件不是为实名认证上传的，请重新选择文件。"),
            _ => ("upload_not_for_tool", "这个文件不是为使用工具上传的，请重新选择文件。"),
        };
        return Err(Problem::new(StatusCode::CONFLICT, code, detail));
    }
    let found = row.finished.as_ref().and_then(|found| Some((kind_of(&found.kind)?, found.clone())));
    let Some((kind, found)) = found else {
        let detail = "文件尚未上传完成。";
        return Err(Problem::new(StatusCode::CONFLICT, "upload_unfinished", detail).with("offset", row.offset));
    };
    let path = desk.store.staging().path(row.id);
    Ok(Brought { kind, name: row.name, sha256: found.sha256, size: found.size, media_type: found.media_type, path })
}

impl ToolFile {
    /// What it is.
    pub fn kind(&self) -> FileKind {
        self.brought.kind
    }

    /// Its media type, as the worker found it.
    pub fn media_type(&self) -> &str {
        &self.brought.media_type
    }

    /// Where it is. Only to be read.
    pub fn path(&self) -> &std::path::Path {
        &self.brought.path
    }

    /// All that is known of it.
    pub fn brought(&self) -> &Brought {
        &self.brought
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

impl ToolResult {
    /// A PDF that came of a file of this person, from where the worker made it. It is nobody's until it is noted.
    ///
    /// # Errors
    /// 503 when it cannot be staged.
    pub async fn stage(desk: &Desk, account: &Account, name: String, made: &std::path::Path) -> Result<Self, Problem> {
        let (id, now) = (UploadId(desk.chance.id()), desk.now());
        let mine = desk.uploads.write(id)?;
        desk.store.staging().put_file(id, made).await?;
        let (sha256, size) = desk.store.staging().hash(id).await?;
        let finished = FinishedUpload {
            sha256,
            size,
            media_type: "application/pdf".to_owned(),
            kind: "document".to_owned(),
            width: None,
            height: None,
            seconds: None,
            warnings: "[]".to_owned(),
        };
        let row = UploadRow {
            id,
            person: account.person,
            name,
            length: size,
            offset: size,
            created_at: court::beijing::micros(now),
            expires_at: court::beijing::micros(now + LIFE),
            finished: Some(finished),
            used: false,
            purpose: Purpose::Tool,
        };
        Ok(ToolResult { row, sha256, size, _mine: mine })
    }

    /// Under which upload it will be found.
    pub fn id(&self) -> UploadId {
        self.row.id
    }

    /// Of its bytes.
    pub fn sha256(&self) -> Hash {
        self.sha256
    }

    /// How many bytes it has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Notes the use of the signature that it came of; from then on it is there. Otherwise nothing of it is left.
    ///
    /// # Errors
    /// 403 `step_up_required` when the proof has just been used for something else; 503 when nothing can be written.
    pub async fn note(
        self,
        desk: &Desk,
        used: &SignatureUse,
        proof: uuid::Uuid,
        answer: &Answer,
    ) -> Result<(), Problem> {
        let noted = desk.store.note_signature_use(used, proof, &self.row, answer).await;
        if noted.is_err() {
            // What cannot be removed now is swept away: no row names it.
            desk.store.staging().remove(self.row.id).await.ok();
        }
        noted.map_err(|error| match error {
            StoreError::Conflict => court::Refusal::StepUpRequired.into(),
            error => error.into(),
        })
    }
}
