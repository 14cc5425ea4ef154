//! 诉讼费用: what a case or an application costs, and what changes it afterwards.

use axum::extract::State;
use desk::rim::Json;
use desk::{Desk, Problem, ProblemDocument};
use rules::fees::{Adjust, FeeItem, FeeQuery, FeeResult, Settlement};
use serde::Serialize;
use utoipa::ToSchema;

use crate::open::Anybody;
use crate::reckon::wrong;

/// The kinds of cases and applications.
#[derive(Debug, Serialize, ToSchema)]
pub struct FeeItems {
    pub items: Vec<FeeItem>,
}

/// List the kinds of cases and applications that have a fee, with their standard.
#[utoipa::path(
    get, path = "/api/tools/fees", operation_id = "fee_items", tag = "reckon",
    responses(
        (status = 200, description = "The kinds", body = FeeItems),
        (status = 429, description = "`tool_too_often`", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn fee_items(_: Anybody) -> Json<FeeItems> {
    Json(FeeItems { items: rules::fees::items() })
}

/// Compute what a case or an application costs. Amounts are asked in yuan, and answered in fen with the steps that led to them.
#[utoipa::path(
    post, path = "/api/tools/fees", operation_id = "reckon_fee", tag = "reckon", request_body = FeeQuery,
    responses(
        (status = 200, description = "The fee", body = FeeResult),
        (status = 422, description = "What is wrong with the question", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 429, description = "`tool_too_often`", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn reckon_fee(
    State(desk): State<Desk>,
    _: Anybody,
    Json(query): Json<FeeQuery>,
) -> Result<Json<FeeResult>, Problem> {
    rules::fees::fee(&query, &desk.config.local_fees).map(Json).map_err(wrong)
}

/// Compute what is to be paid or paid back when something has changed: claims, the procedure, the end of a case.
#[utoipa::path(
    post, path = "/api/tools/fees/changes", operation_id = "reckon_fee_change", tag = "reckon", request_body = Adjust,
    responses(
        (status = 200, description = "What is to be paid or paid back", body = Settlement),
        (status = 422, description = "What is wrong with the question", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 429, description = "`tool_too_often`", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn reckon_fee_change(
    State(desk): State<Desk>,
    _: Anybody,
    Json(what): Json<Adjust>,
) -> Result<Json<Settlement>, Problem> {
    rules::fees::adjust(&what, &desk.config.local_fees).map(Json).map_err(wrong)
}
