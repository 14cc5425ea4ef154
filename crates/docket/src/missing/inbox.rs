use axum::Json;
use axum::extract::State;
use desk::logs::mask_phone;
use desk::rim::Query;
use desk::{Acting, Desk, Problem, ProblemDocument};
use serde::Deserialize;
use store::Clerk;
use utoipa::IntoParams;

use super::{InboxReport, LISTED, OwnReport};

/// Which reports.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    /// Those that were answered, the latest first, instead of those that wait, the oldest first.
    #[serde(default)]
    handled: bool,
}

/// List the reports of missing cases that come to me as a clerk; empty for everybody else.
#[utoipa::path(
    get, path = "/api/missing-cases/inbox", operation_id = "missing_inbox", tag = "docket",
    params(Which),
    responses(
        (status = 200, body = Vec<InboxReport>),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "No role chosen", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(super) async fn missing_inbox(
    State(desk): State<Desk>,
    acting: Acting,
    Query(which): Query<Which>,
) -> Result<Json<Vec<InboxReport>>, Problem> {
    let capacities = super::clerks(&desk, acting.role);
    let clerk = Clerk { person: acting.person, capacities: &capacities };
    let found = desk.store.missing_reports_for(clerk, which.handled, LISTED).await?;
    let shown = found.into_iter().map(|(report, person)| InboxReport {
        report: OwnReport::from(report),
        name: person.name,
        phone: mask_phone(&person.phone),
    });
    Ok(Json(shown.collect()))
}
