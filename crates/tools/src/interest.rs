//! 利息: of late performance, of private loans with their cap, by contract, in instalments.

use desk::rim::Json;
use desk::{Problem, ProblemDocument};
use rules::interest::{
    LateQuery, LateResult, LendingQuery, LendingResult, LprEntry, ScheduleQuery, ScheduleResult, SimpleQuery,
    SimpleResult,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::open::Anybody;
use crate::reckon::wrong;

/// The one-year loan prime rate.
#[derive(Debug, Serialize, ToSchema)]
pub struct LprTable {
    /// In the order of their publication.
    pub rates: Vec<LprEntry>,
    /// The last day for which the table speaks.
    pub until: String,
}

/// Compute the interest of late performance (迟延履行期间的债务利息).
#[utoipa::path(
    post, path = "/api/tools/interest/late", operation_id = "reckon_late_interest", tag = "reckon", request_body = LateQuery,
    responses(
        (status = 200, description = "The interest, span by span, in fen", body = LateResult),
        (status = 422, description = "What is wrong with the question", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 429, description = "`tool_too_often`", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn reckon_late_interest(
    _: Anybody,
    Json(query): Json<LateQuery>,
) -> Result<Json<LateResult>, Problem> {
    rules::interest::late(&query).map(Json).map_err(wrong)
}

/// Compute which interest of a private loan a court upholds (民间借贷).
#[utoipa::path(
    post, path = "/api/tools/interest/lending", operation_id = "reckon_lending", tag = "reckon", request_body = LendingQuery,
    responses(
        (status = 200, description = "What is upheld, in fen", body = LendingResult),
        (status = 422, description = "What is wrong with the question", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 429, description = "`tool_too_often`", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn reckon_lending(
    _: Anybody,
    Json(query): Json<LendingQuery>,
) -> Result<Json<LendingResult>, Problem> {
    rules::interest::lending(&query).map(Json).map_err(wrong)
}

/// Compute interest by contract, at a fixed rate or at the loan prime rate.
#[utoipa::path(
    post, path = "/api/tools/interest/agreed", operation_id = "reckon_interest", tag = "reckon", request_body = SimpleQuery,
    responses(
        (status = 200, description = "The interest, in fen", body = SimpleResult),
        (status = 422, description = "What is wrong with the question", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 429, description = "`tool_too_often`", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn reckon_interest(_: Anybody, Json(query): Json<SimpleQuery>) -> Result<Json<SimpleResult>, Problem> {
    rules::interest::simple(&query).map(Json).map_err(wrong)
}

/// Compute a schedule of monthly instalments.
#[utoipa::path(
    post, path = "/api/tools/interest/schedule", operation_id = "reckon_schedule", tag = "reckon", request_body = ScheduleQuery,
    responses(
        (status = 200, description = "The instalments, in fen", body = ScheduleResult),
        (status = 422, description = "What is wrong with the question", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 429, description = "`tool_too_often`", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn reckon_schedule(
    _: Anybody,
    Json(query): Json<ScheduleQuery>,
) -> Result<Json<ScheduleResult>, Problem> {
    rules::interest::schedule(&query).map(Json).map_err(wrong)
}

/// Read the one-year loan prime rate, month by month.
#[utoipa::path(
    get, path = "/api/tools/interest/lpr", operation_id = "lpr", tag = "reckon",
    responses(
        (status = 200, description = "The table", body = LprTable),
        (status = 429, description = "`tool_too_often`", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn lpr(_: Anybody) -> Json<LprTable> {
    let (rates, until) = rules::interest::lpr();
    Json(LprTable { rates, until })
}
