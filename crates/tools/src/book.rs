//! Every rule by which this court computes, with its citation and validity.

use desk::ProblemDocument;
use desk::rim::Json;
use rules::listing::{self, Listed};
use serde::Serialize;
use utoipa::ToSchema;

use crate::open::Anybody;

/// The rules.
#[derive(Debug, Serialize, ToSchema)]
pub struct Rules {
    /// Subject by subject.
    pub rules: Vec<Listed>,
}

/// List every rule by which this court computes, with its citation and validity.
#[utoipa::path(
    get, path = "/api/tools/rules", operation_id = "rules", tag = "reckon",
    responses(
        (status = 200, description = "The rules", body = Rules),
        (status = 429, description = "`tool_too_often`", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn rules(_: Anybody) -> Json<Rules> {
    Json(Rules { rules: listing::all() })
}
