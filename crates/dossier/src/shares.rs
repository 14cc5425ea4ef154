//! What of the dossier is shared into a room, as one member sees it.

use axum::Json;
use axum::extract::State;
use court::act::Body;
use court::dossier::{Folder, Paper, Share};
use court::{ActId, EntryId, File, MemberId, RoomId, view};
use desk::rim::Path;
use desk::{Acting, Desk, Inside, Problem, ProblemDocument};
use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

/// What is shared with the caller.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SharesView {
    /// The newest first; what was taken back is marked.
    pub shares: Vec<ShareView>,
}

/// Something of the dossier that is shared into the room.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ShareView {
    /// The act that shared it.
    pub id: ActId,
    /// That act under the caller's own number.
    pub seq: u64,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// Who shared it.
    pub name: String,
    pub label: String,
    pub title: String,
    pub paper: Option<Paper>,
    pub file: File,
    /// With these members only; none: with everybody.
    pub with: Option<Vec<MemberId>>,
    /// Whether it can be opened: not taken back, and still in the main folder.
    pub live: bool,
    /// For the bench: the entry that it is.
    pub entry: Option<EntryId>,
    /// For the bench: who has opened it. For others: themselves.
    pub openings: Vec<OpeningView>,
}

/// That somebody opened something.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OpeningView {
    pub member: MemberId,
    pub name: String,
    pub label: String,
    #[serde(with = "time::serde::rfc3339")]
    pub first: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    pub last: OffsetDateTime,
}

/// List what of the case's dossier is shared with me in a room; the bench sees who has opened it.
#[utoipa::path(
    get, path = "/api/rooms/{room}/shares", operation_id = "shares", tag = "dossier",
    params(("room" = String, Path, description = "Room id")),
    responses(
        (status = 200, body = SharesView),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "The window has not begun, or the notice is not accepted", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such room for the caller", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn shares(
    State(desk): State<Desk>,
    acting: Acting,
    Path(room): Path<RoomId>,
) -> Result<Json<SharesView>, Problem> {
    let inside = desk.enter(&acting, room).await?;
    view::may_read(&inside.room, &inside.actor, &desk.policy, desk.now())?;
    let shared = inside.room.shares_of(inside.viewer(), &desk.policy);
    let ids: Vec<EntryId> = shared.iter().map(|(_, share)| share.entry).collect();
    let standing = match &inside.room.case {
        Some(case) => desk.store.dossier_entries(case.id, &ids).await?,
        None => Vec::new(),
    };
    let readable = |id: EntryId| standing.iter().any(|entry| entry.id == id && entry.folder == Folder::Main);
    let mut shares = Vec::with_capacity(shared.len());
    for (id, share) in shared.into_iter().rev() {
        shares.extend(shown(&desk, &inside, id, share, readable(share.entry)).await?);
    }
    Ok(Json(SharesView { shares }))
}

/// A share with the words of its act; none if it cannot be seen.
async fn shown(
    desk: &Desk,
    inside: &Inside,
    id: ActId,
    share: &Share,
    readable: bool,
) -> Result<Option<ShareView>, Problem> {
    let me = inside.actor.member;
    let Some(act) = desk.act(inside, share.seq).await? else { return Ok(None) };
    let (Some(seq), Body::DossierShare(shared)) = (inside.room.dense(me, act.seq), act.body) else { return Ok(None) };
    let bench = desk.policy.is_bench(inside.actor.capacity);
    let openings = share.openings.iter().filter(|(member, _)| bench || **member == me);
    let openings = openings.filter_map(|(id, opening)| {
        let member = inside.room.ever().find(|member| member.id == *id)?;
        let (name, label) = (member.name.clone(), member.capacity.label().to_owned());
        Some(OpeningView { member: *id, name, label, first: opening.first, last: opening.last })
    });
    Ok(Some(ShareView {
        id,
        seq,
        at: act.at,
        name: act.name,
        label: act.capacity.label().to_owned(),
        title: shared.title,
        paper: shared.paper,
        file: shared.content,
        with: shared.with,
        live: readable && !share.ended,
        entry: bench.then_some(share.entry),
        openings: openings.collect(),
    }))
}
