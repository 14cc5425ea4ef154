//! Files on their way in: tus 1.0 with creation, termination and expiration, one file per endpoint.
//!
//! Bytes are durable before their offset is acknowledged, so an upload goes on after a dead network, a reload or a restart where the
//! answers say it stands. With the last byte the file is checked: what is refused is gone at once and nothing of it is stored; what is
//! taken is kept under its SHA-256, exactly as it came (SR-35).

mod append;
mod cancel;
mod check;
mod create;
mod expiry;
mod offset;
mod options;
mod quota;
mod scan;
#[cfg(test)]
mod tests;
mod tool;
mod tus;
mod view;
mod writers;

pub use expiry::{sweep, sweep_orphans};
pub(crate) use quota::check_case;
pub(crate) use scan::SCANNED;
pub use tool::{Brought, ToolFile, ToolResult, identity_file, tool_file, tool_glance};
pub use view::UploadView;
pub use writers::Uploads;

use court::{File, FileKind, PersonId, UploadId};
use store::{FinishedUpload, Purpose, UploadRow};
use time::{Duration, OffsetDateTime};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::{Account, Desk, Problem};

/// The largest file that is taken: a video.
const LENGTH_LIMIT: u64 = papers::FileKind::Video.max_bytes();
/// The largest file that is taken for a tool or for real-name verification.
const TOOL_LIMIT: u64 = 50 * 1024 * 1024;
/// An upload that no act uses is removed after so long.
const LIFE: Duration = Duration::hours(24);

/// The routes of uploads. A large body is their business: they read it as a stream and never more than was announced.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(options::upload_options, create::upload_create))
        .routes(routes!(offset::upload_offset, append::upload_append, cancel::upload_cancel, view::upload))
        .layer(axum::middleware::map_response(tus::say_version))
}

/// The file that an upload of this person became; none while it is on its way, if it is for a tool, and for everybody else.
///
/// # Errors
/// 503 when the store cannot be read.
pub async fn finished_file(desk: &Desk, person: PersonId, upload: UploadId) -> Result<Option<File>, Problem> {
    let row = desk.store.upload(person, upload).await?;
    let usable = row.filter(|row| row.purpose == Purpose::Record && !expired(row, desk.now()));
    Ok(usable.and_then(|row| file(row.finished.as_ref()?, &row.name)))
}

/// A finished upload as the record will know it.
fn file(found: &FinishedUpload, name: &str) -> Option<File> {
    Some(File {
        kind: kind_of(&found.kind)?,
        name: name.to_owned(),
        size: found.size,
        media_type: found.media_type.clone(),
        sha256: found.sha256,
        width: found.width,
        height: found.height,
        seconds: found.seconds,
        warnings: serde_json::from_str(&found.warnings).unwrap_or_default(),
    })
}

fn kind_of(code: &str) -> Option<FileKind> {
    Some(match code {
        "photo" => FileKind::Photo,
        "video" => FileKind::Video,
        "voice" => FileKind::Voice,
        "document" => FileKind::Document,
        _ => return None,
    })
}

fn code_of(kind: papers::FileKind) -> &'static str {
    match kind {
        papers::FileKind::Photo => "photo",
        papers::FileKind::Video => "video",
        papers::FileKind::Voice => "voice",
        papers::FileKind::Document => "document",
    }
}

/// Whether the time of an upload is over. One that an act uses stays.
fn expired(row: &UploadRow, now: OffsetDateTime) -> bool {
    !row.used && row.expires_at <= court::beijing::micros(now)
}

/// The upload that an address names, for the person who began it.
///
/// # Errors
/// 404 for everybody else and when there is none; 410 when its time is over.
async fn own(desk: &Desk, account: &Account, id: UploadId) -> Result<UploadRow, Problem> {
    let row = desk.store.upload(account.person, id).await?.ok_or_else(Problem::not_found)?;
    if expired(&row, desk.now()) {
        let detail = "这次上传已超过 24 小时，请重新选择文件上传。";
        return Err(Problem::new(axum::http::StatusCode::GONE, "upload_expired", detail));
    }
    Ok(row)
}
