//! Begin an upload.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use court::UploadId;
use papers::FileRefusal;
use record::Hash;
use serde::{Deserialize, Serialize};
use store::{Answer, Purpose, UploadRow};
use tracing::info;

use super::tus::{self, Tus};
use super::{LENGTH_LIMIT, LIFE, TOOL_LIMIT, check, quota};
use crate::rim::IdempotencyKey;
use crate::{Account, Desk, Problem};

/// What is kept of the answer, so that a repeated request gets the same.
#[derive(Debug, Serialize, Deserialize)]
struct Created {
    upload: UploadId,
    /// When it is removed if no act uses it, in microseconds since 1970.
    expires_at: i64,
}

/// Begin to upload a file (tus 1.0 creation).
///
/// The name is in `Upload-Metadata: filename <base64>`; its ending must be that of a type that the court takes. Repeated with the same
/// `Idempotency-Key` it leads to the same upload.
///
/// With `purpose <base64 of tool>` the file (a photo or a PDF of at most 50 MB) is for a tool: it is kept apart from the court's files,
/// no act can use it, and it is deleted after 24 hours at the latest. With `purpose <base64 of identity>` it is a photo or a video for real-name
/// verification, kept in the same way until it is handed in.
#[utoipa::path(
    post, path = "/api/uploads", operation_id = "upload_create", tag = "uploads",
    params(
        ("Tus-Resumable" = String, Header, description = "1.0.0"),
        ("Upload-Length" = u64, Header, description = "Bytes of the whole file"),
        ("Upload-Metadata" = String, Header, description = "`filename` and its base64; `purpose dG9vbA==` (tool) or `aWRlbnRpdHk=` (identity) for a file that no record shall have"),
        ("Idempotency-Key" = String, Header, description = "Same key and same file: same upload (SR-39)"),
    ),
    responses(
        (status = 201, description = "Begun; send the bytes to `Location`", headers(
            ("Location" = String, description = "Address of the upload"),
            ("Upload-Expires" = String, description = "When it is removed if no act uses it"),
        )),
        (status = 401, description = "Not logged in", body = crate::ProblemDocument, content_type = "application/problem+json"),
        (status = 412, description = "Another version of tus", body = crate::ProblemDocument, content_type = "application/problem+json"),
        (status = 413, description = "`file_too_large`", body = crate::ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "`file_empty`, `file_name_missing`, `idempotency_key_reused`", body = crate::ProblemDocument, content_type = "application/problem+json"),
        (status = 429, description = "`uploads_too_many`", body = crate::ProblemDocument, content_type = "application/problem+json"),
        (status = 507, description = "`upload_quota`, `storage_full`", body = crate::ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(super) async fn upload_create(
    State(desk): State<Desk>,
    account: Account,
    _: Tus,
    key: IdempotencyKey,
    headers: HeaderMap,
) -> Result<(StatusCode, HeaderMap), Problem> {
    let length = tus::number(&headers, &tus::LENGTH)?;
    let name = tus::filename(&headers).ok_or_else(|| {
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "file_name_missing", "没有读到文件名，请重新选择文件。")
    })?;
    let purpose = tus::purpose(&headers)?;
    let request = match purpose {
        Purpose::Record => format!("upload {length} {name}"),
        Purpose::Tool => format!("upload for a tool {length} {name}"),
        Purpose::Identity => format!("upload for identity {length} {name}"),
    };
    let request = Hash::of(request.as_bytes());
    let _turn = desk.hub.keys.turn(account.person, key.as_str()).await;
    if let Some(answer) = desk.store.answer(account.person, key.as_str()).await? {
        return created(answer, request);
    }
    match length {
        0 => return Err(check::refused(&FileRefusal::Empty)),
        _ if purpose.is_staged() && length > TOOL_LIMIT => {
            let detail = format!("这里的文件不能超过 {} MB，请压缩后再上传。", TOOL_LIMIT / 1024 / 1024);
            return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "file_too_large", detail));
        }
        1..=LENGTH_LIMIT => {}
        _ => return Err(check::refused(&FileRefusal::TooLarge { kind: papers::FileKind::Video })),
    }
    // No key is empty, so this is the person's turn for beginning any upload: what is counted and what is begun stay together.
    let _own = desk.hub.keys.turn(account.person, "").await;
    quota::check(&desk, account.person, length).await?;
    let upload = begin(&desk, &account, length, name, purpose).await?;
    let answer = Answer {
        person: account.person,
        key: key.as_str().to_owned(),
        request,
        response: serde_json::to_string(&upload).map_err(|_| Problem::internal())?,
        at: court::beijing::micros(desk.now()),
    };
    created(desk.store.put_answer(answer).await?, request)
}

async fn begin(
    desk: &Desk,
    account: &Account,
    length: u64,
    name: String,
    purpose: Purpose,
) -> Result<Created, Problem> {
    let now = desk.now();
    let row = UploadRow {
        id: desk.chance.id().into(),
        person: account.person,
        name,
        length,
        offset: 0,
        created_at: court::beijing::micros(now),
        expires_at: court::beijing::micros(now + LIFE),
        finished: None,
        used: false,
        purpose,
    };
    // The file is there a moment before the row; the sweeper leaves it alone while somebody holds its name.
    let _mine = desk.uploads.write(row.id)?;
    desk.store.create_upload(&row).await?;
    info!(upload.id = %row.id, person.id = %row.person, upload.length = length, "Upload begun");
    Ok(Created { upload: row.id, expires_at: row.expires_at })
}

/// The answer to this request, or to the same request before (SR-39).
fn created(answer: Answer, request: Hash) -> Result<(StatusCode, HeaderMap), Problem> {
    if answer.request != request {
        let detail = "这次提交与之前使用同一编号的提交内容不同，请刷新页面后重新提交。";
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key_reused", detail));
    }
    let begun: Created = serde_json::from_str(&answer.response).map_err(|_| Problem::internal())?;
    let mut headers = HeaderMap::new();
    let location = HeaderValue::from_str(&format!("/api/uploads/{}", begun.upload)).map_err(|_| Problem::internal())?;
    headers.insert(header::LOCATION, location);
    headers.insert(tus::EXPIRES, tus::http_date(begun.expires_at));
    Ok((StatusCode::CREATED, headers))
}
