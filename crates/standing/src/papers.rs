//! The 授权委托书, page by page, for those who see the application.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use court::act::Body;
use court::{File, MandateId, RoomId, view};
use desk::files::{self, Variant};
use desk::rim::Path;
use desk::{Acting, Desk, Inside, PageWidth, Pages, Problem, ProblemDocument};

/// Count the pages of the paper of an application: ready, on their way, or not to be had.
#[utoipa::path(
    get, path = "/api/rooms/{room}/agency/{mandate}/pages", operation_id = "agency_pages", tag = "agency",
    params(("room" = String, Path, description = "Room id"), ("mandate" = String, Path, description = "Mandate id")),
    responses(
        (status = 200, body = Pages),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "The window has not begun, or the notice is not accepted", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such application for the caller", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn agency_pages(
    State(desk): State<Desk>,
    acting: Acting,
    Path((room, mandate)): Path<(RoomId, MandateId)>,
) -> Result<Json<Pages>, Problem> {
    let (_, _, file) = paper(&desk, &acting, room, mandate).await?;
    Ok(Json(desk.pages(&file).await?))
}

/// Show a page of the paper of an application: leads to the files origin, which gives a picture of it.
#[utoipa::path(
    get, path = "/api/rooms/{room}/agency/{mandate}/pages/{n}", operation_id = "agency_page", tag = "agency",
    params(
        ("room" = String, Path, description = "Room id"),
        ("mandate" = String, Path, description = "Mandate id"),
        ("n" = u16, Path, description = "Which page, from 1"),
    ),
    responses(
        (status = 307, description = "To the files origin, good for ten minutes"),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "The window has not begun, or the notice is not accepted", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such page for the caller", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn agency_page(
    State(desk): State<Desk>,
    acting: Acting,
    Path((room, mandate, n)): Path<(RoomId, MandateId, u16)>,
) -> Result<Response, Problem> {
    let (inside, seq, file) = paper(&desk, &acting, room, mandate).await?;
    let variant = Variant::Page { n, width: PageWidth::Read };
    files::send(&desk, acting.session, room, inside.actor.member, (seq, 0), &file, variant).await
}

/// The act that brought the paper, and the paper, for a member who sees it.
async fn paper(desk: &Desk, acting: &Acting, room: RoomId, mandate: MandateId) -> Result<(Inside, u64, File), Problem> {
    let inside = desk.enter(acting, room).await?;
    view::may_read(&inside.room, &inside.actor, &desk.policy, desk.now())?;
    let seq = inside.room.mandate(mandate).filter(|it| it.here).map(|it| it.seq).ok_or_else(Problem::not_found)?;
    let act = desk.act(&inside, seq).await?.ok_or_else(Problem::not_found)?;
    match act.body {
        Body::AgencyApply(applied) => Ok((inside, seq, applied.file)),
        _ => Err(Problem::not_found()),
    }
}
