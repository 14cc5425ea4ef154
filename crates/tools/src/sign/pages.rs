//! The pages of what somebody wants to sign.

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use court::UploadId;
use desk::rim::{Json, Path, Query};
use desk::uploads::tool_glance;
use desk::{Account, Desk, PageWidth, Problem};
use papers::work::{Picture, Sizes, Task};
use serde::{Deserialize, Serialize};
use tracing::warn;
use utoipa::{IntoParams, ToSchema};

use super::problem;
use crate::pace::{Cost, PersonPace};

/// The pages of a file, on which places are chosen.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignPages {
    pub name: String,
    /// Of the file.
    #[schema(value_type = String)]
    pub sha256: record::Hash,
    /// In their order; a photo has one.
    pub pages: Vec<SignPage>,
}

/// The size of a page as it is seen, in points. A photo's is that of the page which it becomes.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignPage {
    pub width: u32,
    pub height: u32,
}

/// How wide a page is drawn.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wide {
    /// At least so many pixels, up to 2,000.
    #[serde(default)]
    #[param(minimum = 1, maximum = 2000)]
    width: Option<u32>,
}

/// Show the pages of a file of mine that I want to sign.
#[utoipa::path(
    get, path = "/api/tools/signature/{upload}", operation_id = "sign_pages", tag = "tools",
    params(("upload" = String, Path, description = "Id of an upload for a tool")),
    responses(
        (status = 200, description = "The pages", body = SignPages),
        (status = 401, description = "Not logged in", body = desk::ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such upload of this person", body = desk::ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "`upload_unfinished`, `upload_not_for_tool`", body = desk::ProblemDocument, content_type = "application/problem+json"),
        (status = 410, description = "`upload_expired`", body = desk::ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "`sign_unreadable`, or why the file has no pages", body = desk::ProblemDocument, content_type = "application/problem+json"),
        (status = 429, description = "`tool_too_often`", body = desk::ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "`unavailable`, `tool_switched_off`", body = desk::ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn sign_pages(
    State(desk): State<Desk>,
    account: Account,
    Path(id): Path<UploadId>,
    Extension(pace): Extension<PersonPace>,
) -> Result<Json<SignPages>, Problem> {
    let file = tool_glance(&desk, &account, id).await?;
    pace.step(account.person, Cost::Page, desk.now())?;
    let sizes = desk.worker.run::<Sizes>(&Task::Places, &[&file.path]).await.map_err(|not_done| {
        warn!(upload.id = %id, outcome = not_done.class(), "Pages not measured");
        problem(&not_done)
    })?;
    let pages = sizes.answer.pages.iter().map(|page| SignPage { width: page.width, height: page.height }).collect();
    Ok(Json(SignPages { name: file.name, sha256: file.sha256, pages }))
}

/// Show a page of a file of mine that I want to sign, or have signed.
#[utoipa::path(
    get, path = "/api/tools/signature/{upload}/pages/{n}", operation_id = "sign_page", tag = "tools",
    params(
        ("upload" = String, Path, description = "Id of an upload for a tool"),
        ("n" = u32, Path, description = "Number of the page, from 1"),
        Wide,
    ),
    responses(
        (status = 200, description = "The page", content_type = "image/jpeg", body = Vec<u8>),
        (status = 401, description = "Not logged in", body = desk::ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such upload of this person", body = desk::ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "`upload_unfinished`, `upload_not_for_tool`", body = desk::ProblemDocument, content_type = "application/problem+json"),
        (status = 410, description = "`upload_expired`", body = desk::ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "`no_such_page`, `sign_unreadable`", body = desk::ProblemDocument, content_type = "application/problem+json"),
        (status = 429, description = "`tool_too_often`", body = desk::ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "`unavailable`, `tool_switched_off`", body = desk::ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn sign_page(
    State(desk): State<Desk>,
    account: Account,
    Path((id, n)): Path<(UploadId, u32)>,
    Query(wide): Query<Wide>,
    Extension(pace): Extension<PersonPace>,
) -> Result<Response, Problem> {
    let file = tool_glance(&desk, &account, id).await?;
    pace.step(account.person, Cost::Page, desk.now())?;
    let width = PageWidth::at_least(wide.width.unwrap_or(0)).pixels();
    let drawn = desk.worker.run::<Picture>(&Task::Page { n, width }, &[&file.path]).await.map_err(|not_done| {
        warn!(upload.id = %id, page = n, outcome = not_done.class(), "Page not drawn");
        problem(&not_done)
    })?;
    let made = drawn.files.first().ok_or_else(Problem::internal)?;
    let jpeg = tokio::fs::read(made.path()).await.map_err(|_| Problem::unavailable())?;
    if !jpeg.starts_with(&[0xFF, 0xD8]) {
        return Err(Problem::internal());
    }
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg"))], jpeg).into_response())
}
