use axum::Json as Reply;
use axum::extract::State;
use axum::http::StatusCode;
use court::{FileKind, PersonId, Role, Topic, UploadId, beijing};
use desk::rim::{IdempotencyKey, Json};
use desk::{Account, Desk, Problem, ProblemDocument, uploads};
use record::Hash;
use serde::{Deserialize, Serialize};
use store::FeedbackRow;
use time::Duration;
use tracing::info;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::once;

/// In a day a person may write so often.
const A_DAY: u64 = 20;
/// How long a text may be, in characters.
const TEXT: usize = 1_000;
/// How many pictures may come with it.
const PICTURES: usize = 4;

/// What to tell the court about the program.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FeedbackWish {
    #[schema(min_length = 1, max_length = 1000)]
    pub text: String,
    /// Photos that the caller uploaded, at most four.
    #[serde(default)]
    #[schema(max_items = 4)]
    pub pictures: Vec<UploadId>,
}

/// It was taken.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct FeedbackTaken {
    pub id: Uuid,
}

/// Tell the court what does not work, with pictures.
#[utoipa::path(
    post, path = "/api/feedback", operation_id = "give_feedback", tag = "office",
    params(("Idempotency-Key" = String, Header, description = "Names this request: repeated, it has one effect and the same answer")),
    request_body = FeedbackWish,
    responses(
        (status = 201, description = "Taken", body = FeedbackTaken),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "`feedback_invalid`, `picture_missing`, `idempotency_key_reused`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 429, description = "`feedback_too_often`, with Retry-After", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(super) async fn give_feedback(
    State(desk): State<Desk>,
    account: Account,
    key: IdempotencyKey,
    Json(asked): Json<FeedbackWish>,
) -> Result<(StatusCode, Reply<FeedbackTaken>), Problem> {
    let invalid = |code, detail: &str| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail.to_owned());
    let text = once::text(&asked.text, 1, TEXT).filter(|_| asked.pictures.len() <= PICTURES);
    let text = text.ok_or_else(|| invalid("feedback_invalid", "请填写问题，1000 字以内；图片最多 4 张。"))?;
    let request = Hash::of(format!("feedback\n{text}\n{:?}", asked.pictures).as_bytes());
    let _turn = desk.turn(account.person, key.as_str()).await;
    if let Some(taken) = once::earlier(&desk, account.person, &key, request).await? {
        return Ok((StatusCode::CREATED, Reply(taken)));
    }
    let _own = desk.turn(account.person, "feedback to the court").await;
    may_write(&desk, account.person).await?;
    let mut files = Vec::with_capacity(asked.pictures.len());
    for picture in &asked.pictures {
        let file = uploads::finished_file(&desk, account.person, *picture).await?;
        let file = file.filter(|file| file.kind == FileKind::Photo);
        files.push(file.ok_or_else(|| invalid("picture_missing", "有图片没有上传完成，请重新选择。"))?);
    }
    let row = FeedbackRow {
        id: once::id(account.person, &key, "feedback"),
        person: account.person,
        text,
        files: serde_json::to_string(&files).map_err(|_| Problem::internal())?,
        created_at: beijing::micros(desk.now()),
        answered_at: None,
    };
    desk.store.put_feedback(&row, &asked.pictures).await?;
    let roles: Vec<&str> = desk.policy.feedback_roles().iter().copied().map(Role::code).collect();
    desk.notify(Topic::FeedbackReceived, (row.id, 0), desk.store.holders(&roles).await?).await?;
    info!(feedback.id = %row.id, person.id = %account.person, "Feedback taken");
    let taken = once::keep(&desk, account.person, &key, request, &FeedbackTaken { id: row.id }).await?;
    Ok((StatusCode::CREATED, Reply(taken)))
}

async fn may_write(desk: &Desk, person: PersonId) -> Result<(), Problem> {
    let since = beijing::micros(desk.now() - Duration::days(1));
    if desk.store.feedback_since(person, since).await? < A_DAY {
        return Ok(());
    }
    let detail = format!("您一天内已提交 {A_DAY} 条反馈，请明天再提交。");
    Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, "feedback_too_often", detail).retry_after(3_600))
}
