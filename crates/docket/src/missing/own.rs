use axum::Json;
use axum::extract::State;
use desk::{Account, Desk, Problem, ProblemDocument};

use super::{LISTED, OwnReport};

/// List my reports of missing cases and what came of them, the newest first.
#[utoipa::path(
    get, path = "/api/missing-cases", operation_id = "missing_reports", tag = "docket",
    responses(
        (status = 200, body = Vec<OwnReport>),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(super) async fn missing_reports(
    State(desk): State<Desk>,
    account: Account,
) -> Result<Json<Vec<OwnReport>>, Problem> {
    let reports = desk.store.missing_reports_of(account.person, LISTED).await?;
    Ok(Json(reports.into_iter().map(OwnReport::from).collect()))
}
