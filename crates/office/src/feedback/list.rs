use axum::Json;
use axum::extract::State;
use court::beijing;
use desk::rim::Query;
use desk::{Account, Acting, Desk, Problem, ProblemDocument};
use serde::{Deserialize, Serialize};
use store::FeedbackRow;
use time::OffsetDateTime;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{LISTED, files};

/// Something that somebody wrote, with what the court answered.
#[derive(Debug, Serialize, ToSchema)]
pub struct FeedbackView {
    pub id: Uuid,
    pub text: String,
    /// How many pictures came with it; each is fetched by its number, from 1.
    pub pictures: usize,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// Oldest first.
    pub answers: Vec<FeedbackAnswerView>,
}

/// What the court answered.
#[derive(Debug, Serialize, ToSchema)]
pub struct FeedbackAnswerView {
    pub text: String,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
}

/// The same for those who answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct FeedbackInQueue {
    #[serde(flatten)]
    pub feedback: FeedbackView,
    /// Who wrote.
    pub name: String,
}

/// Which of them.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    /// Those that were answered, instead of those that wait.
    #[serde(default)]
    answered: bool,
}

/// List what I told the court about the program and what it answered, the latest first.
#[utoipa::path(
    get, path = "/api/feedback", operation_id = "my_feedback", tag = "office",
    responses(
        (status = 200, body = Vec<FeedbackView>),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(super) async fn my_feedback(
    State(desk): State<Desk>,
    account: Account,
) -> Result<Json<Vec<FeedbackView>>, Problem> {
    let rows = desk.store.feedback_of(account.person, LISTED).await?;
    Ok(Json(views(&desk, rows).await?.into_iter().map(|(view, _)| view).collect()))
}

/// List what people told the court about the program: what waits, the oldest first, or what was answered, the latest first.
#[utoipa::path(
    get, path = "/api/feedback/queue", operation_id = "feedback_queue", tag = "office",
    params(Which),
    responses(
        (status = 200, body = Vec<FeedbackInQueue>),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "No role chosen", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "Not for the caller", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(super) async fn feedback_queue(
    State(desk): State<Desk>,
    acting: Acting,
    Query(which): Query<Which>,
) -> Result<Json<Vec<FeedbackInQueue>>, Problem> {
    if !desk.policy.answers_feedback(acting.role) {
        return Err(Problem::not_found());
    }
    let rows = desk.store.feedback_queue(which.answered, LISTED).await?;
    let mut queue = Vec::with_capacity(rows.len());
    for (feedback, person) in views(&desk, rows).await? {
        let name = desk.store.person(person).await?.map(|person| person.name).unwrap_or_default();
        queue.push(FeedbackInQueue { feedback, name });
    }
    Ok(Json(queue))
}

async fn views(desk: &Desk, rows: Vec<FeedbackRow>) -> Result<Vec<(FeedbackView, court::PersonId)>, Problem> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let answers = desk.store.feedback_answers(&ids).await?;
    let view = |row: FeedbackRow| {
        let own = answers.iter().filter(|answer| answer.feedback == row.id);
        let own = own.map(|one| FeedbackAnswerView { text: one.text.clone(), at: beijing::from_micros(one.at) });
        let view = FeedbackView {
            id: row.id,
            pictures: files(&row).len(),
            created_at: beijing::from_micros(row.created_at),
            answers: own.collect(),
            text: row.text,
        };
        (view, row.person)
    };
    Ok(rows.into_iter().map(view).collect())
}
