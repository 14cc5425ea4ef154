//! One's own signature: given, looked at and replaced by its person, and by nobody else (SR-42). No operation here takes the name of a person.

use axum::Json as Reply;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use court::signature::Method;
use desk::rim::Json;
use desk::worker::NotDone;
use desk::{Account, Desk, KeptSignature, Problem, ProblemDocument, Signature};
use papers::FileRefusal;
use papers::work::Task;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;

/// The most points that are kept of how a signature was written.
const POINTS: usize = 5_000;

/// A signature as it is given.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GiveSignature {
    method: Method,
    /// A PNG in base64, at most 96 KB and 1,600 pixels on each edge, with something on it.
    #[schema(max_length = 131_072)]
    png: String,
    /// How it was written: for each stroke its points, each `[x, y, milliseconds, pressure]`.
    #[serde(default)]
    #[schema(value_type = Vec<Vec<Vec<f64>>>)]
    strokes: Vec<Vec<[f64; 4]>>,
    /// For `typed`: the name, which must be one's own.
    #[serde(default)]
    #[schema(max_length = 100)]
    typed: Option<String>,
}

/// My signature, without its picture.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnSignature {
    /// None: I have reserved none yet.
    pub signature: Option<OwnSignatureView>,
}

/// A signature that is reserved.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnSignatureView {
    pub version: u32,
    pub method: Method,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// What acts name it by; the picture cannot be told from it.
    #[schema(value_type = String)]
    pub commitment: record::Hash,
}

/// Whether I have reserved a signature, and since when.
#[utoipa::path(
    get, path = "/api/me/signature", operation_id = "my_signature", tag = "signature",
    responses(
        (status = 200, body = OwnSignature),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn my_signature(State(desk): State<Desk>, account: Account) -> Result<Reply<OwnSignature>, Problem> {
    let kept = desk.signature(account.person).await?;
    Ok(Reply(OwnSignature { signature: kept.as_ref().map(view) }))
}

/// Reserve my signature, or put another in its place. It is kept encrypted; the ones before stay for what they have signed.
#[utoipa::path(
    put, path = "/api/me/signature", operation_id = "give_signature", tag = "signature",
    request_body = GiveSignature,
    responses(
        (status = 200, description = "Kept", body = OwnSignatureView),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "`signature_invalid`, `signature_empty`, `signature_name`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "Nothing was stored; try again", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn give_signature(
    State(desk): State<Desk>,
    account: Account,
    Json(given): Json<GiveSignature>,
) -> Result<Reply<OwnSignatureView>, Problem> {
    let typed = match given.method {
        Method::Drawn => None,
        Method::Typed => Some(own_name(&account, given.typed.as_deref())?),
    };
    let bytes = STANDARD.decode(given.png.as_bytes()).map_err(|_| invalid())?;
    // Decoded and written anew, by the worker: nothing but pixels is kept.
    let drawn = desk.worker.run_on_bytes::<()>(&Task::Drawing, &bytes).await.map_err(|not_done| match not_done {
        NotDone::Refused(FileRefusal::Empty) => unprocessable("signature_empty", "签名是空白的，请书写后再提交。"),
        NotDone::Refused(_) => invalid(),
        other => other.into(),
    })?;
    let made = drawn.files.first().ok_or_else(Problem::internal)?;
    let png = tokio::fs::read(made.path()).await.map_err(|_| Problem::unavailable())?;
    if given.strokes.iter().map(Vec::len).sum::<usize>() > POINTS {
        return Err(invalid());
    }
    let strokes = (!given.strokes.is_empty()).then(|| serde_json::json!(given.strokes));
    let signature = Signature { method: given.method, png, strokes, typed };
    let kept = desk.keep_signature(account.person, &signature).await?;
    Ok(Reply(view(&kept)))
}

/// The picture of my signature.
#[utoipa::path(
    get, path = "/api/me/signature/picture", operation_id = "my_signature_picture", tag = "signature",
    responses(
        (status = 200, description = "The picture", content_type = "image/png", body = Vec<u8>),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "None is reserved", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn my_signature_picture(State(desk): State<Desk>, account: Account) -> Result<Response, Problem> {
    let kept = desk.signature(account.person).await?.ok_or_else(Problem::not_found)?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("image/png")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, kept.signature.png).into_response())
}

fn view(kept: &KeptSignature) -> OwnSignatureView {
    OwnSignatureView {
        version: kept.version,
        method: kept.signature.method,
        created_at: court::beijing::from_micros(kept.created_at),
        commitment: kept.commitment,
    }
}

/// Nobody types another one's name.
fn own_name(account: &Account, typed: Option<&str>) -> Result<String, Problem> {
    let name = court::folded(&account.name);
    let typed = typed.map(court::folded).unwrap_or_default();
    if typed.is_empty() || typed != name {
        return Err(unprocessable("signature_name", "键入的姓名须与您本人的姓名一致，请核对后重新键入。"));
    }
    Ok(account.name.clone())
}

fn invalid() -> Problem {
    unprocessable("signature_invalid", "签名图片不符合要求，请重新书写后提交。")
}

fn unprocessable(code: &'static str, detail: &str) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail)
}
