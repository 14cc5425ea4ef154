use axum::Json;
use axum::extract::State;
use desk::{Acting, Desk, Problem, ProblemDocument};

use crate::cards::{self, CaseCard};

/// List my cases, in the role that I act in; the latest filed first.
#[utoipa::path(
    get, path = "/api/cases", operation_id = "cases", tag = "cases",
    responses(
        (status = 200, body = Vec<CaseCard>),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "No role chosen", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn cases(State(desk): State<Desk>, acting: Acting) -> Result<Json<Vec<CaseCard>>, Problem> {
    let rooms = cards::my_rooms(&desk, &acting).await?;
    let cases = desk.store.cases_of(acting.person, acting.role.code()).await?;
    let mut cards: Vec<_> =
        cases.into_iter().filter_map(|(row, me)| cards::case_card(&desk, row, &me, &rooms)).collect();
    cards.sort_by(|a, b| (&b.filed_on, &b.number).cmp(&(&a.filed_on, &a.number)));
    Ok(Json(cards))
}
