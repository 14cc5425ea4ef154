use axum::Json;
use axum::extract::State;
use court::Topic;
use court::inbox::Catalogue;
use desk::live::InboxCounts;
use desk::{Acting, Desk, Problem, ProblemDocument};
use serde::Serialize;
use store::Owner;
use utoipa::ToSchema;

/// How much I have not read, and the headings under which it stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct InboxOverview {
    #[serde(flatten)]
    pub counts: InboxCounts,
    /// Those that something can stand under in this court, in their order.
    pub categories: Vec<CategoryCount>,
}

/// A heading.
#[derive(Debug, Serialize, ToSchema)]
pub struct CategoryCount {
    pub code: String,
    pub label: String,
    pub unread: u64,
}

/// How much I have not read, in the role that I act in: the badge on every device.
#[utoipa::path(
    get, path = "/api/inbox/counts", operation_id = "inbox_counts", tag = "inbox",
    responses(
        (status = 200, body = InboxOverview),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "No role chosen", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn inbox_counts(State(desk): State<Desk>, acting: Acting) -> Result<Json<InboxOverview>, Problem> {
    let counts = desk.inbox_counts(&acting).await?;
    let owner = Owner { person: acting.person, role: acting.role.code() };
    let unread = desk.store.unread_notifications(owner).await?;
    let catalogue = Catalogue::builtin();
    let under = |category: &str| {
        let topics = unread.iter().filter_map(|(topic, count)| Some((Topic::from_code(topic)?, count)));
        topics.filter(|(topic, _)| catalogue.row(*topic).category == category).map(|(_, count)| count).sum()
    };
    let categories = catalogue.categories().map(|category| CategoryCount {
        code: category.code.clone(),
        label: category.label.clone(),
        unread: under(&category.code),
    });
    Ok(Json(InboxOverview { counts, categories: categories.collect() }))
}
