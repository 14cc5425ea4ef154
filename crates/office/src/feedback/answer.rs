use axum::extract::State;
use axum::http::StatusCode;
use court::{Topic, beijing};
use desk::rim::{IdempotencyKey, Json, Path};
use desk::{Acting, Desk, Problem, ProblemDocument};
use serde::Deserialize;
use store::FeedbackAnswer;
use tracing::info;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::once;

/// How long an answer may be, in characters.
const REPLY: usize = 1_000;

/// What the court answers.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FeedbackReply {
    #[schema(min_length = 1, max_length = 1000)]
    pub text: String,
}

/// Answer what somebody told the court about the program. It may be answered again.
#[utoipa::path(
    post, path = "/api/feedback/{feedback}/answer", operation_id = "answer_feedback", tag = "office",
    params(
        ("feedback" = String, Path, description = "Feedback id"),
        ("Idempotency-Key" = String, Header, description = "Names this request: repeated, it makes one answer"),
    ),
    request_body = FeedbackReply,
    responses(
        (status = 201, description = "Answered"),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "No role chosen", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "Not for the caller", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "`feedback_unknown`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "`reply_invalid`", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(super) async fn answer_feedback(
    State(desk): State<Desk>,
    acting: Acting,
    Path(feedback): Path<Uuid>,
    key: IdempotencyKey,
    Json(asked): Json<FeedbackReply>,
) -> Result<StatusCode, Problem> {
    if !desk.policy.answers_feedback(acting.role) {
        return Err(Problem::not_found());
    }
    let text = once::text(&asked.text, 1, REPLY)
        .ok_or_else(|| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "reply_invalid", "请填写答复，1000 字以内。"))?;
    let row = desk
        .store
        .feedback(feedback)
        .await?
        .ok_or_else(|| Problem::new(StatusCode::CONFLICT, "feedback_unknown", "没有这条反馈，请刷新后再试。"))?;
    let at = beijing::micros(desk.now());
    // The same request has the same id: repeated, it is one answer.
    let id = once::id(acting.person, &key, &format!("answer {feedback}"));
    desk.store.put_feedback_answer(&FeedbackAnswer { id, feedback, person: acting.person, text, at }).await?;
    // Whoever wrote sees it in any role: what they wrote belongs to their account.
    desk.notify(Topic::FeedbackAnswered, (id, 0), vec![(row.person, String::new())]).await?;
    info!(feedback.id = %feedback, person.id = %acting.person, "Feedback answered");
    Ok(StatusCode::CREATED)
}
