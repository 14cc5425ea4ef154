//! My documents (我的文书): what the rooms in which I am a member have brought forth.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use court::{ActId, RoomId, beijing, folded};
use desk::rim::Query;
use desk::{Acting, Desk, Problem, ProblemDocument};
use serde::{Deserialize, Serialize};
use store::DocumentRow;
use time::OffsetDateTime;
use utoipa::{IntoParams, ToSchema};

/// How many words are looked for at once.
const WORDS: usize = 8;
/// The most documents of one answer.
const MOST: u64 = 50;

/// Which documents.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Which {
    /// Words, each of which stands in the title, the number of the case or the names of its parties.
    #[serde(default)]
    #[param(max_length = 100)]
    q: String,
    /// The `next` of the answer before.
    #[serde(default)]
    after: Option<String>,
    #[serde(default)]
    #[param(minimum = 1, maximum = 50, default = 20)]
    limit: Option<u64>,
}

/// My documents, newest first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DocumentsView {
    pub documents: Vec<DocumentView>,
    /// To go on with; none at the end.
    pub next: Option<String>,
}

/// A document, with what proves that the court has it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DocumentView {
    pub room: RoomId,
    /// The act that brought it forth (own number): the file is `/api/rooms/{room}/acts/{seq}/file`.
    pub seq: u64,
    pub act: ActId,
    /// When it came to its members.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// Leaf hash of the act.
    #[schema(value_type = String)]
    pub leaf: record::Hash,
    pub title: String,
    /// Of the case.
    pub number: String,
    pub parties: String,
    pub version: u32,
    pub pages: u32,
    /// Bytes.
    pub size: u64,
    #[schema(value_type = String)]
    pub sha256: record::Hash,
}

/// List my documents.
#[utoipa::path(
    get, path = "/api/documents", operation_id = "documents", tag = "documents",
    params(Which),
    responses(
        (status = 200, body = DocumentsView),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "`no_role`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "The query is not right", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn documents(
    State(desk): State<Desk>,
    acting: Acting,
    Query(which): Query<Which>,
) -> Result<Json<DocumentsView>, Problem> {
    let words: Vec<String> =
        which.q.split_whitespace().map(folded).filter(|word| !word.is_empty()).take(WORDS).collect();
    let before = which.after.as_deref().map(place).transpose()?;
    let limit = which.limit.unwrap_or(20).clamp(1, MOST);
    let rows = desk.store.documents_of(acting.person, acting.role.code(), &words, before, limit + 1).await?;
    let more = rows.len() as u64 > limit;
    let rows: Vec<DocumentRow> = rows.into_iter().take(limit as usize).map(|(row, _)| row).collect();
    let next = rows.last().filter(|_| more).map(|row| format!("{}.{}.{}", row.at, row.room, row.seq));
    let mut documents = Vec::with_capacity(rows.len());
    for row in rows {
        documents.extend(shown(&desk, &acting, row).await?);
    }
    Ok(Json(DocumentsView { documents, next }))
}

/// A document under the member's own number; none for who is no member any more.
async fn shown(desk: &Desk, acting: &Acting, row: DocumentRow) -> Result<Option<DocumentView>, Problem> {
    let inside = match desk.enter(acting, row.room).await {
        Ok(inside) => inside,
        Err(problem) if problem.status() == StatusCode::NOT_FOUND => return Ok(None),
        Err(problem) => return Err(problem),
    };
    let Some(act) = desk.act(&inside, row.seq).await? else { return Ok(None) };
    let seq = inside.room.dense(inside.actor.member, row.seq);
    Ok(seq.map(|seq| DocumentView {
        room: row.room,
        seq,
        act: act.id,
        at: beijing::from_micros(row.at),
        leaf: act.leaf,
        title: row.title,
        number: row.number,
        parties: row.parties,
        version: row.version,
        pages: row.pages,
        size: row.size,
        sha256: row.sha256,
    }))
}

fn place(text: &str) -> Result<(i64, RoomId, u64), Problem> {
    let mut parts = text.splitn(3, '.');
    let place = (|| Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?)))();
    place.ok_or_else(|| {
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "malformed_query", "查询条件格式不正确，请检查后重试。")
    })
}
