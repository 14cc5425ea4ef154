use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use court::dossier::Folder;
use court::{CaseId, EntryId, Facts, FileKind, Kind, Phase, RoomId, Scene, SittingKind, folded};
use desk::rim::{Path, Query};
use desk::{Acting, Desk, Inside, Problem, ProblemDocument};
use serde::{Deserialize, Serialize};
use store::DossierFilter;
use time::OffsetDateTime;
use utoipa::{IntoParams, ToSchema};

use crate::entry::EntryView;
use crate::reader::{self, Reader};

/// How many entries one page has at most.
const LIMIT: usize = 100;
/// How long a question may be, in characters, and how many words of it are looked for.
const QUESTION: usize = 100;
const WORDS: usize = 8;

/// Which entries.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    /// Words, each in the title, the name of the file or of who sent it.
    #[serde(default)]
    #[param(max_length = 100)]
    q: String,
    /// 正卷 or 副卷; absent: both.
    folder: Option<Folder>,
    kind: Option<FileKind>,
    #[param(inline)]
    source: Option<DossierSource>,
    /// The entries after this one: the last of the page before.
    #[param(value_type = Option<String>)]
    after: Option<EntryId>,
    /// How many at most: 1 to 100.
    #[param(minimum = 1, maximum = 100, default = 50)]
    #[serde(default = "page")]
    limit: usize,
}

/// How something came into the dossier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DossierSource {
    /// Somebody filed it.
    Filed,
    /// It was shown in a room, and went there by itself.
    Room,
}

fn page() -> usize {
    50
}

/// A page of a dossier.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DossierView {
    /// The newest first.
    pub entries: Vec<EntryView>,
    /// Whether there are more after the last one.
    pub more: bool,
    /// The rooms of the case in which the caller is, the newest first: what is done with the dossier is an act in one of them.
    pub rooms: Vec<DossierRoom>,
}

/// A room of the case in which the caller is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DossierRoom {
    pub id: RoomId,
    pub kind: SittingKind,
    pub kind_label: String,
    #[serde(with = "time::serde::rfc3339")]
    pub opens_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    pub closes_at: OffsetDateTime,
    pub phase: Phase,
    pub phase_label: String,
    /// What the caller may do there with the dossier now.
    pub may: Vec<Kind>,
}

/// List the dossier (电子卷宗) of a case: what was filed, and what was shown in its rooms. For the bench of the case.
#[utoipa::path(
    get, path = "/api/cases/{case}/dossier", operation_id = "dossier", tag = "dossier",
    params(("case" = String, Path, description = "Case id"), Wanted),
    responses(
        (status = 200, body = DossierView),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "No role chosen", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such case for the caller, or not on its bench", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "The query is not right", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn dossier(
    State(desk): State<Desk>,
    acting: Acting,
    Path(case): Path<CaseId>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<DossierView>, Problem> {
    let reader = Reader::of(&desk, &acting, case).await?;
    let words: Vec<String> = wanted.q.split_whitespace().map(folded).filter(|word| !word.is_empty()).collect();
    if wanted.q.chars().nth(QUESTION).is_some() || words.len() > WORDS {
        let detail = format!("搜索内容过长，请输入 {QUESTION} 字以内、{WORDS} 个词以内。");
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "malformed_query", detail));
    }
    let filter = DossierFilter {
        words,
        folder: wanted.folder,
        kind: wanted.kind,
        filed: wanted.source.map(|source| source == DossierSource::Filed),
    };
    let limit = wanted.limit.clamp(1, LIMIT);
    let sees = |entry: &court::dossier::Entry| reader.sees(&desk, entry);
    let mut entries = desk.store.dossier(case, &filter, wanted.after, limit + 1, sees).await?;
    let more = entries.len() > limit;
    entries.truncate(limit);
    let rooms = reader::rooms(&desk, &acting, case).await?;
    let rooms = rooms.iter().map(|inside| room(&desk, inside)).collect();
    Ok(Json(DossierView { entries: entries.into_iter().map(EntryView::from).collect(), more, rooms }))
}

fn room(desk: &Desk, inside: &Inside) -> DossierRoom {
    let (room, now) = (&inside.room, desk.now());
    let facts = Facts::default();
    let scene = Scene { room, actor: &inside.actor, facts: &facts, policy: &desk.policy, now };
    let may = |kind: &Kind| kind.is_about_dossier() && desk.policy.permit(*kind, &scene).is_ok();
    let phase = room.phase(now);
    DossierRoom {
        id: room.id,
        kind: room.kind,
        kind_label: room.kind.label().to_owned(),
        opens_at: room.opens_at,
        closes_at: room.closes_at,
        phase,
        phase_label: phase.label().to_owned(),
        may: Kind::ALL.iter().copied().filter(may).collect(),
    }
}
