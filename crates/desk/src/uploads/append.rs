//! Bring a part of a file.

use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use bytes::Bytes;
use court::UploadId;
use futures_util::{Stream, StreamExt, stream};
use store::{StoreError, UploadRow};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::tus::{self, Tus};
use super::writers::Writing;
use super::{check, own};
use crate::rim::Path;
use crate::{Account, Desk, Problem};

/// A sender that is silent for so long is gone.
const SILENCE: Duration = Duration::from_secs(30);

type Broken = Box<dyn std::error::Error + Send + Sync>;

/// Bring a part of a file (tus 1.0). What has arrived when the connection breaks is kept.
///
/// With the last byte the file is checked. A file that is refused is gone, and so is its upload.
#[utoipa::path(
    patch, path = "/api/uploads/{upload}", operation_id = "upload_append", tag = "uploads",
    params(
        ("upload" = String, Path, description = "Id of the upload"),
        ("Tus-Resumable" = String, Header, description = "1.0.0"),
        ("Upload-Offset" = u64, Header, description = "Where this part begins"),
    ),
    request_body(content = Vec<u8>, content_type = "application/offset+octet-stream"),
    responses(
        (status = 204, description = "The part is durable", headers(
            ("Upload-Offset" = u64, description = "Where the next part begins"),
            ("Upload-Expires" = String, description = "When it is removed if no act uses it"),
        )),
        (status = 400, description = "`upload_header_invalid`", body = crate::ProblemDocument, content_type = "application/problem+json"),
        (status = 401, description = "Not logged in", body = crate::ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such upload of this person", body = crate::ProblemDocument, content_type = "application/problem+json"),
        (status = 408, description = "`upload_interrupted`: ask how far it has come and go on", body = crate::ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "`upload_offset_wrong`: go on at `offset`", body = crate::ProblemDocument, content_type = "application/problem+json"),
        (status = 410, description = "`upload_expired`", body = crate::ProblemDocument, content_type = "application/problem+json"),
        (status = 412, description = "Another version of tus", body = crate::ProblemDocument, content_type = "application/problem+json"),
        (status = 413, description = "`upload_too_long`, `file_too_large`, `picture_too_large`", body = crate::ProblemDocument, content_type = "application/problem+json"),
        (status = 415, description = "`file_type_unknown`, `file_type_mismatch`, `upload_type_wrong`", body = crate::ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "The file was refused for what it holds", body = crate::ProblemDocument, content_type = "application/problem+json"),
        (status = 423, description = "`upload_busy`", body = crate::ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "`uploads_switched_off`: files cannot be looked at here; all bytes are kept", body = crate::ProblemDocument, content_type = "application/problem+json"),
        (status = 507, description = "`storage_full`", body = crate::ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(super) async fn upload_append(
    State(desk): State<Desk>,
    account: Account,
    _: Tus,
    Path(id): Path<UploadId>,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, HeaderMap), Problem> {
    let row = own(&desk, &account, id).await?;
    if !tus::is_part(&headers) {
        let detail = "上传请求的格式不正确，请刷新页面后重试。";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "upload_type_wrong", detail));
    }
    let at = tus::number(&headers, &tus::OFFSET)?;
    let announced = match headers.get(header::CONTENT_LENGTH) {
        Some(_) => tus::number(&headers, &header::CONTENT_LENGTH)?,
        None => 0,
    };
    let writing = desk.uploads.write(row.id)?;
    // Read again now that nobody else writes: a part may have come in between.
    let row = own(&desk, &account, id).await?;
    if at != row.offset {
        return Err(wrong_offset(row.offset));
    }
    if announced > row.length - at {
        return Err(too_long());
    }
    // A task of its own: when the connection breaks, this handler ends at once, but what has arrived is still kept.
    let expires = tus::http_date(row.expires_at);
    let task = tokio::spawn(receive(desk, row, body, writing));
    let offset = task.await.map_err(|_| Problem::internal())??;
    let mut answer = HeaderMap::new();
    answer.insert(tus::OFFSET, HeaderValue::from(offset));
    answer.insert(tus::EXPIRES, expires);
    Ok((StatusCode::NO_CONTENT, answer))
}

/// Takes the bytes, and checks the file when they are all here. Returns the new offset.
async fn receive(desk: Desk, row: UploadRow, body: Body, writing: Writing) -> Result<u64, Problem> {
    if row.finished.is_some() {
        return Ok(row.offset);
    }
    let bytes = until_silence(body, writing.stop());
    let received = match desk.store.receive(row.person, row.id, row.offset, bytes).await {
        Ok(received) => received,
        Err(StoreError::Conflict) => return Err(wrong_offset(row.offset)),
        Err(StoreError::TooLarge) => return Err(too_long()),
        Err(error) => return Err(error.into()),
    };
    if let Some(reason) = received.broken_off {
        info!(upload.id = %row.id, upload.offset = received.offset, %reason, "Upload broke off");
        let detail = "上传中断，已收到的部分已保存，恢复网络后会继续。";
        return Err(
            Problem::new(StatusCode::REQUEST_TIMEOUT, "upload_interrupted", detail).with("offset", received.offset)
        );
    }
    if received.offset < row.length {
        return Ok(received.offset);
    }
    let row = UploadRow { offset: received.offset, ..row };
    check::finish(&desk, &row).await.inspect_err(|problem| {
        warn!(upload.id = %row.id, code = problem.code(), "File refused");
    })?;
    Ok(received.offset)
}

/// The body as it comes, until the sender is silent for too long or somebody takes over.
fn until_silence(body: Body, stop: CancellationToken) -> impl Stream<Item = Result<Bytes, Broken>> + Send {
    stream::try_unfold((body.into_data_stream(), stop), async |(mut body, stop)| {
        let next = tokio::select! {
            biased;
            () = stop.cancelled() => return Err("the sender has come back on another connection".into()),
            next = timeout(SILENCE, body.next()) => next,
        };
        match next {
            Err(_) => Err("the sender is silent".into()),
            Ok(None) => Ok(None),
            Ok(Some(Ok(bytes))) => Ok(Some((bytes, (body, stop)))),
            Ok(Some(Err(error))) => Err(error.into()),
        }
    })
}

fn wrong_offset(offset: u64) -> Problem {
    Problem::new(StatusCode::CONFLICT, "upload_offset_wrong", "上传进度与服务器不一致，正在重新对齐。")
        .with("offset", offset)
}

fn too_long() -> Problem {
    let detail = "收到的内容比文件本身还长，文件可能已被修改，请重新选择后上传。";
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "upload_too_long", detail)
}
