//! Where I have put my signature myself, outside of any room (签名使用记录). What is signed in a room is an act, and stands among one's acts.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use desk::rim::Query;
use desk::{Account, Desk, Problem, ProblemDocument};
use serde::{Deserialize, Serialize};
use store::SignatureUse;
use time::OffsetDateTime;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// How many uses one page has at most.
const MOST: u64 = 50;

/// Which uses.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Which {
    /// The `next` of the answer before.
    #[serde(default)]
    after: Option<String>,
    #[serde(default)]
    #[param(minimum = 1, maximum = 50, default = 20)]
    limit: Option<u64>,
}

/// My uses of my signature, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignatureUses {
    pub uses: Vec<SignatureUseView>,
    /// To go on with; none at the end.
    #[schema(required)]
    pub next: Option<String>,
}

/// A use: on which file, where, what came of it. The court has neither file any more.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignatureUseView {
    pub id: Uuid,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// Of the file.
    pub name: String,
    /// SHA-256 of the file.
    #[schema(value_type = String)]
    pub document: record::Hash,
    /// SHA-256 of the signed file.
    #[schema(value_type = String)]
    pub result: record::Hash,
    /// The pages that were signed, from 1, each once.
    pub pages: Vec<u32>,
    /// In how many places.
    pub places: u32,
}

/// A place, as far as it is told.
#[derive(Deserialize)]
struct Place {
    page: u32,
}

/// List where I have put my signature with the tool, in no room.
#[utoipa::path(
    get, path = "/api/me/signature/uses", operation_id = "signature_uses", tag = "signature",
    params(Which),
    responses(
        (status = 200, body = SignatureUses),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "The query is not right", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn signature_uses(
    State(desk): State<Desk>,
    account: Account,
    Query(which): Query<Which>,
) -> Result<Json<SignatureUses>, Problem> {
    let before = which.after.as_deref().map(place).transpose()?;
    let limit = which.limit.unwrap_or(20).clamp(1, MOST);
    let mut rows = desk.store.signature_uses(account.person, before, limit + 1).await?;
    let more = rows.len() as u64 > limit;
    rows.truncate(limit as usize);
    let next = rows.last().filter(|_| more).map(|row| format!("{}.{}", row.at, row.id));
    Ok(Json(SignatureUses { uses: rows.into_iter().map(view).collect(), next }))
}

fn view(row: SignatureUse) -> SignatureUseView {
    let places: Vec<Place> = serde_json::from_str(&row.places).unwrap_or_default();
    let mut pages: Vec<u32> = places.iter().map(|place| place.page).collect();
    pages.sort_unstable();
    pages.dedup();
    SignatureUseView {
        id: row.id,
        at: court::beijing::from_micros(row.at),
        name: row.name,
        document: row.document,
        result: row.result,
        pages,
        places: places.len() as u32,
    }
}

fn place(text: &str) -> Result<(i64, Uuid), Problem> {
    let place = text.split_once('.').and_then(|(at, id)| Some((at.parse().ok()?, id.parse().ok()?)));
    place.ok_or_else(|| {
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "malformed_query", "查询条件格式不正确，请检查后重试。")
    })
}
