//! The pages of what is shared into a room, for a member who has it open.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use court::dossier::{Entry, Folder, Opening};
use court::{ActId, Refusal, RoomId, view};
use desk::files;
use desk::rim::{Path, Query};
use desk::{Acting, Desk, Inside, Pages, Problem, ProblemDocument};

use crate::pages::Size;
use crate::reader::not_opened;

/// Count the pages of what is shared with me and I have opened: ready, on their way, or not to be had.
#[utoipa::path(
    get, path = "/api/rooms/{room}/shares/{share}/pages", operation_id = "share_pages", tag = "dossier",
    params(("room" = String, Path, description = "Room id"), ("share" = String, Path, description = "The act that shared it")),
    responses(
        (status = 200, body = Pages),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "The window has not begun, or the notice is not accepted", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "Nothing of this id is shared with the caller", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "`dossier_not_opened`: open it first, which is an act; `dossier_share_over`: it was taken back", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn share_pages(
    State(desk): State<Desk>,
    acting: Acting,
    Path((room, share)): Path<(RoomId, ActId)>,
) -> Result<Json<Pages>, Problem> {
    let inside = desk.enter(&acting, room).await?;
    let (entry, _) = open(&desk, &inside, share).await?;
    Ok(Json(desk.pages(&entry.file).await?))
}

/// Show a page of what is shared with me and I have opened: leads to the files origin, which gives a picture of it.
#[utoipa::path(
    get, path = "/api/rooms/{room}/shares/{share}/pages/{n}", operation_id = "share_page", tag = "dossier",
    params(
        ("room" = String, Path, description = "Room id"),
        ("share" = String, Path, description = "The act that shared it"),
        ("n" = u16, Path, description = "Which page, from 1"),
        Size,
    ),
    responses(
        (status = 307, description = "To the files origin, good for ten minutes"),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "The window has not begun, or the notice is not accepted", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such page for the caller", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "`dossier_not_opened`, `dossier_share_over`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "The query is not right", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn share_page(
    State(desk): State<Desk>,
    acting: Acting,
    Path((room, share, n)): Path<(RoomId, ActId, u16)>,
    Query(size): Query<Size>,
) -> Result<Response, Problem> {
    let inside = desk.enter(&acting, room).await?;
    let (entry, opening) = open(&desk, &inside, share).await?;
    let place = (opening.seq, 0);
    files::send(&desk, acting.session, room, inside.actor.member, place, &entry.file, size.page(n)).await
}

/// What is shared, as it stands in the dossier now, for a member who has it open.
///
/// # Errors
/// 403 at the door of the room, 404 when nothing is shared with them, 409 when it was taken back or they have not opened it.
pub(crate) async fn open(desk: &Desk, inside: &Inside, id: ActId) -> Result<(Entry, Opening), Problem> {
    let now = desk.now();
    view::may_read(&inside.room, &inside.actor, &desk.policy, now)?;
    let share = inside.room.share(id).filter(|share| share.is_seen_by(inside.viewer(), &desk.policy));
    let share = share.ok_or_else(Problem::not_found)?;
    if share.ended {
        return Err(Refusal::DossierShareOver.into());
    }
    let opening = share.openings.get(&inside.actor.member).filter(|opening| opening.lasts(now));
    let opening = *opening.ok_or_else(not_opened)?;
    let case = inside.room.case.as_ref().ok_or_else(Problem::not_found)?.id;
    let entry = desk.store.dossier_entry(case, share.entry).await?;
    let entry = entry.filter(|entry| entry.folder == Folder::Main).ok_or(Refusal::DossierShareOver)?;
    Ok((entry, opening))
}
