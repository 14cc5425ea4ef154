use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use court::Topic;
use court::inbox::Catalogue;
use desk::rim::Query;
use desk::{Acting, Desk, Problem, ProblemDocument};
use serde::{Deserialize, Serialize};
use store::{NotificationPage, Owner};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::view::{self, NotificationView};

/// How many notifications a page has, at most and if nothing is said.
const PAGE: u64 = 50;

/// Which notifications.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Which {
    /// Under which heading; all of them if nothing is said.
    category: Option<String>,
    /// What is older than this one: `next` of the page before.
    before: Option<Uuid>,
    /// At most 50.
    limit: Option<u64>,
}

/// A page of notifications, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct InboxPage {
    pub items: Vec<NotificationView>,
    /// Null when there is nothing older. A page may have fewer items than were asked for and still not be the last.
    #[schema(required)]
    pub next: Option<Uuid>,
}

/// List what I must notice, in the role that I act in.
#[utoipa::path(
    get, path = "/api/inbox", operation_id = "inbox", tag = "inbox",
    params(Which),
    responses(
        (status = 200, body = InboxPage),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "No role chosen", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "`category_unknown`", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn inbox(
    State(desk): State<Desk>,
    acting: Acting,
    Query(which): Query<Which>,
) -> Result<Json<InboxPage>, Problem> {
    let topics = which.category.as_deref().map(topics_of).transpose()?;
    let limit = which.limit.unwrap_or(PAGE).clamp(1, PAGE);
    let owner = Owner { person: acting.person, role: acting.role.code() };
    let page = NotificationPage { topics: topics.as_deref(), before: which.before, limit };
    let rows = desk.store.notifications(owner, page).await?;
    let full = rows.len() as u64 == limit;
    let next = rows.last().map(|row| row.id).filter(|_| full);
    Ok(Json(InboxPage { items: view::views(&desk, &acting, &rows).await?, next }))
}

/// The names of the topics under a heading that there is.
fn topics_of(category: &str) -> Result<Vec<&'static str>, Problem> {
    let topics = Catalogue::builtin().topics_of(category);
    if topics.is_empty() {
        let detail = "没有这一类消息，请刷新后再试。";
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "category_unknown", detail));
    }
    Ok(topics.into_iter().map(Topic::code).collect())
}
