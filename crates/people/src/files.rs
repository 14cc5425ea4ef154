//! What a reviewer looks at: encrypted file by file, and forgotten when its time is over.

use axum::http::StatusCode;
use bytes::Bytes;
use court::{FileKind, UploadId};
use desk::uploads::{ToolFile, identity_file};
use desk::{Account, Desk, Problem, Vault};
use store::VerificationFile;
use time::Duration;
use tracing::info;

use crate::attempt::unprocessable;

/// The largest file that is encrypted in one piece.
const LIMIT: u64 = 50 * 1024 * 1024;

/// What there is to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Front,
    Back,
    Video,
}

impl Part {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Part::Front => "front",
            Part::Back => "back",
            Part::Video => "video",
        }
    }

    fn kind(self) -> FileKind {
        match self {
            Part::Front | Part::Back => FileKind::Photo,
            Part::Video => FileKind::Video,
        }
    }
}

/// An upload of the caller, looked at: of the right kind, and not used elsewhere.
pub(crate) async fn brought(desk: &Desk, account: &Account, part: Part, upload: UploadId) -> Result<ToolFile, Problem> {
    let file = identity_file(desk, account, upload).await?;
    if file.kind() != part.kind() {
        let detail = match part {
            Part::Video => "本人视频须为视频文件（mp4、mov、webm），请重新录制或者选择。",
            Part::Front | Part::Back => "证件照片须为图片（jpg、png、webp），请重新拍摄或者选择。",
        };
        return Err(unprocessable("file_wrong_kind", detail));
    }
    Ok(file)
}

/// Encrypts a file and puts it away.
pub(crate) async fn put(desk: &Desk, part: Part, file: &ToolFile) -> Result<VerificationFile, Problem> {
    let plain = tokio::fs::read(file.path()).await.map_err(|_| Problem::unavailable())?;
    if plain.len() as u64 > LIMIT {
        return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "file_too_large", "文件过大，请压缩或者重新录制。"));
    }
    let size = plain.len() as u64;
    let (key, sealed) = Vault::lock_file(&*desk.chance, &plain);
    let sha256 = desk.store.blobs().put_bytes(Bytes::from(sealed)).await?;
    let kept = Duration::days(i64::from(desk.config.identity.keep_days));
    Ok(VerificationFile {
        id: desk.chance.id(),
        part: part.code().to_owned(),
        media_type: file.media_type().to_owned(),
        sha256,
        size,
        key,
        keep_until: court::beijing::micros(desk.now() + kept),
    })
}

/// Opens a file.
pub(crate) async fn open(desk: &Desk, file: &VerificationFile) -> Result<Vec<u8>, Problem> {
    let sealed = desk.store.blobs().get_bytes(file.sha256, LIMIT + 64).await?;
    Vault::unlock_file(&file.key, &sealed).map_err(|error| {
        tracing::error!(file.id = %file.id, %error, "A file of a verification does not open");
        Problem::internal()
    })
}

/// Forgets files whose time is over, and takes the badge from those whose verification is. To be run now and then.
///
/// # Errors
/// 503 when the database cannot be written.
pub async fn forget(desk: Desk) -> Result<(), Problem> {
    let now = court::beijing::micros(desk.now());
    let files = desk.store.forget_verification_files(now).await?;
    let people = desk.store.expire_verifications(now).await?;
    if files + people > 0 {
        info!(files, people, "Files of verifications forgotten, verifications expired");
    }
    Ok(())
}
