//! Other sites that this court shows people the way to (司法公开, 网上信访, 多元调解, 网上鉴定), and the number to call.

use axum::extract::State;
use desk::rim::Json;
use desk::{Desk, Problem, ProblemDocument};
use serde::Serialize;
use utoipa::ToSchema;

use crate::open::Anybody;

/// Other sites, and the number to call.
#[derive(Debug, Serialize, ToSchema)]
pub struct Links {
    /// In the operator's order; none when none are set.
    pub links: Vec<SiteLink>,
    /// The number that people call who found no answer.
    pub hotline: String,
}

/// Another site.
#[derive(Debug, Serialize, ToSchema)]
pub struct SiteLink {
    pub name: String,
    /// What is found there; may be empty.
    pub about: String,
    /// `https://…`
    pub url: String,
}

/// List other sites that this court shows people the way to.
#[utoipa::path(
    get, path = "/api/links", operation_id = "links", tag = "tools",
    responses(
        (status = 200, description = "The sites", body = Links),
        (status = 429, description = "`tool_too_often`", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn links(State(desk): State<Desk>, _: Anybody) -> Result<Json<Links>, Problem> {
    let link =
        |link: &desk::Link| SiteLink { name: link.name.clone(), about: link.about.clone(), url: link.url.clone() };
    Ok(Json(Links { links: desk.config.links.iter().map(link).collect(), hotline: desk.config.hotline.clone() }))
}
