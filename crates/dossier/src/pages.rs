//! The pages of an entry, for the bench that has it open.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use court::{CaseId, EntryId};
use desk::files::{self, Variant};
use desk::rim::{Path, Query};
use desk::{Acting, Desk, PageWidth, Pages, Problem, ProblemDocument};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::reader;

/// How large a page is wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Size {
    #[serde(default)]
    #[param(inline)]
    width: Width,
}

/// How wide a page is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Width {
    /// For a strip of small pages.
    Strip,
    /// For reading.
    #[default]
    Read,
    /// For looking closely.
    Close,
}

impl Size {
    /// This page as it goes into a ticket.
    pub(crate) fn page(&self, n: u16) -> Variant {
        let width = match self.width {
            Width::Strip => PageWidth::Strip,
            Width::Read => PageWidth::Read,
            Width::Close => PageWidth::Close,
        };
        Variant::Page { n, width }
    }
}

/// Count the pages of an entry that I have opened: ready, on their way, or not to be had.
#[utoipa::path(
    get, path = "/api/cases/{case}/dossier/{entry}/pages", operation_id = "dossier_pages", tag = "dossier",
    params(("case" = String, Path, description = "Case id"), ("entry" = String, Path, description = "Entry id")),
    responses(
        (status = 200, body = Pages),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "No role chosen", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such entry for the caller", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "`dossier_not_opened`: open it first, which is an act", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn dossier_pages(
    State(desk): State<Desk>,
    acting: Acting,
    Path((case, entry)): Path<(CaseId, EntryId)>,
) -> Result<Json<Pages>, Problem> {
    let (entry, ..) = reader::open(&desk, &acting, case, entry).await?;
    Ok(Json(desk.pages(&entry.file).await?))
}

/// Show a page of an entry that I have opened: leads to the files origin, which gives a picture of it.
#[utoipa::path(
    get, path = "/api/cases/{case}/dossier/{entry}/pages/{n}", operation_id = "dossier_page", tag = "dossier",
    params(
        ("case" = String, Path, description = "Case id"),
        ("entry" = String, Path, description = "Entry id"),
        ("n" = u16, Path, description = "Which page, from 1"),
        Size,
    ),
    responses(
        (status = 307, description = "To the files origin, good for ten minutes"),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "No role chosen", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such page for the caller", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "`dossier_not_opened`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "The query is not right", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn dossier_page(
    State(desk): State<Desk>,
    acting: Acting,
    Path((case, entry, n)): Path<(CaseId, EntryId, u16)>,
    Query(size): Query<Size>,
) -> Result<Response, Problem> {
    send(&desk, &acting, (case, entry), size.page(n)).await
}

/// Save the original of an entry that I have opened: leads to the files origin.
#[utoipa::path(
    get, path = "/api/cases/{case}/dossier/{entry}/file", operation_id = "dossier_file", tag = "dossier",
    params(("case" = String, Path, description = "Case id"), ("entry" = String, Path, description = "Entry id")),
    responses(
        (status = 307, description = "To the files origin, good for ten minutes"),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "No role chosen", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such entry for the caller", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "`dossier_not_opened`", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn dossier_file(
    State(desk): State<Desk>,
    acting: Acting,
    Path((case, entry)): Path<(CaseId, EntryId)>,
) -> Result<Response, Problem> {
    send(&desk, &acting, (case, entry), Variant::Original).await
}

/// The ticket hangs from the act of opening: what it opens is asked of that act at delivery ([`crate::DossierSight`]).
async fn send(
    desk: &Desk,
    acting: &Acting,
    (case, entry): (CaseId, EntryId),
    variant: Variant,
) -> Result<Response, Problem> {
    let (entry, inside, opening) = reader::open(desk, acting, case, entry).await?;
    let (room, member) = (inside.room.id, inside.actor.member);
    files::send(desk, acting.session, room, member, (opening.seq, 0), &entry.file, variant).await
}
