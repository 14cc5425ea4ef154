use axum::Json;
use axum::extract::State;
use court::dossier::{Entry, Folder, Paper};
use court::{ActId, CaseId, EntryId, File, MemberId, RoomId};
use desk::rim::Path;
use desk::{Acting, Desk, Problem, ProblemDocument};
use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::reader::{self, Reader};

/// A file in the dossier.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EntryView {
    pub id: EntryId,
    pub folder: Folder,
    pub folder_label: String,
    pub title: String,
    pub paper: Option<Paper>,
    pub paper_label: Option<String>,
    pub file: File,
    /// Whether somebody put it there; otherwise it was shown in a room and went there by itself.
    pub filed: bool,
    /// Who filed or showed it.
    pub name: String,
    pub label: String,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    pub room: RoomId,
    /// Whether it can be read page by page.
    pub pages: bool,
    /// Whether a judge may share it: of the main folder, not said to a few, with pages.
    pub shareable: bool,
}

/// An entry, and how the caller opens it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EntryDetail {
    #[serde(flatten)]
    pub entry: EntryView,
    /// The room in whose record the caller's opening is an act; none when they are in no room of the case.
    pub open_in: Option<RoomId>,
    /// Whether the caller has it open.
    pub opened: bool,
    /// In which of the caller's rooms it is shared.
    pub shares: Vec<LiveShare>,
}

/// That an entry is shared into a room.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LiveShare {
    pub room: RoomId,
    /// The act that shared it.
    pub share: ActId,
    /// With these members only; none: with everybody.
    pub with: Option<Vec<MemberId>>,
}

impl From<Entry> for EntryView {
    fn from(entry: Entry) -> Self {
        EntryView {
            pages: entry.has_pages(),
            shareable: entry.is_shareable(),
            filed: entry.is_filed(),
            id: entry.id,
            folder: entry.folder,
            folder_label: entry.folder.label().to_owned(),
            title: entry.title,
            paper: entry.paper,
            paper_label: entry.paper.map(|paper| paper.label().to_owned()),
            file: entry.file,
            name: entry.name,
            label: entry.capacity.label().to_owned(),
            at: entry.at,
            room: entry.room,
        }
    }
}

/// Show an entry of a case's dossier: what it is, where it is shared, and whether I have it open.
#[utoipa::path(
    get, path = "/api/cases/{case}/dossier/{entry}", operation_id = "dossier_entry", tag = "dossier",
    params(("case" = String, Path, description = "Case id"), ("entry" = String, Path, description = "Entry id")),
    responses(
        (status = 200, body = EntryDetail),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "No role chosen", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such entry for the caller", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn dossier_entry(
    State(desk): State<Desk>,
    acting: Acting,
    Path((case, entry)): Path<(CaseId, EntryId)>,
) -> Result<Json<EntryDetail>, Problem> {
    let entry = Reader::of(&desk, &acting, case).await?.entry(&desk, entry).await?;
    let rooms = reader::rooms(&desk, &acting, case).await?;
    let mut shares = Vec::new();
    for inside in &rooms {
        let seen = inside.room.shares_of(inside.viewer(), &desk.policy).into_iter();
        let live = seen.filter(|(_, share)| share.entry == entry.id && !share.ended);
        shares.extend(live.map(|(id, share)| LiveShare { room: inside.room.id, share: id, with: share.with.clone() }));
    }
    let inside = reader::opened_in(rooms, &entry);
    let now = desk.now();
    let opened =
        inside.as_ref().and_then(|inside| inside.room.inspection(inside.actor.member, entry.id, now)).is_some();
    let open_in = inside.map(|inside| inside.room.id);
    Ok(Json(EntryDetail { entry: entry.into(), open_in, opened, shares }))
}
