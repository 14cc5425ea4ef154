//! Cases and rooms as lists show them.

use court::{Capacity, CaseId, CaseStage, CaseStatus, CaseTitle, Group, MemberId, Phase, RoomId, SittingKind};
use desk::{Acting, Desk, Inside, Problem};
use futures_util::{StreamExt, stream};
use serde::Serialize;
use store::{CaseRow, Participant};
use time::OffsetDateTime;
use utoipa::ToSchema;

/// How many rooms are entered at once for a list.
const AT_ONCE: usize = 8;

/// The caller's own place in a case or room.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Place {
    pub member: MemberId,
    pub capacity: Capacity,
    pub label: String,
}

/// A case in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CaseCard {
    pub id: CaseId,
    pub number: String,
    pub title: String,
    pub cause: String,
    pub court: String,
    pub stage: CaseStage,
    pub stage_label: String,
    pub status: CaseStatus,
    pub status_label: String,
    /// The day of filing, `2026-11-02`.
    pub filed_on: String,
    pub my: Place,
    /// How many of its micro-courts the caller is a member of.
    pub rooms: usize,
    /// The sitting that is on or comes next.
    pub next: Option<NextSitting>,
}

/// The sitting that is on or comes next.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NextSitting {
    pub room: RoomId,
    #[serde(with = "time::serde::rfc3339")]
    pub opens_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    pub closes_at: OffsetDateTime,
    pub phase: Phase,
    pub kind: SittingKind,
}

/// A participant of a case as the others see them (SR-15: no phone, no address).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ParticipantView {
    pub id: MemberId,
    pub name: String,
    pub acting: Option<String>,
    pub capacity: Capacity,
    pub label: String,
    pub group: Group,
}

/// A case with its participants and sittings.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CaseView {
    #[serde(flatten)]
    pub card: CaseCard,
    pub participants: Vec<ParticipantView>,
    pub sittings: Vec<RoomCard>,
    /// The kinds of acts that policy allows the caller in this case.
    pub may: Vec<court::Kind>,
}

/// A room in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RoomCard {
    pub id: RoomId,
    pub case: CaseTitle,
    pub kind: SittingKind,
    pub kind_label: String,
    #[serde(with = "time::serde::rfc3339")]
    pub opens_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    pub closes_at: OffsetDateTime,
    pub phase: Phase,
    pub phase_label: String,
    /// How many acts the caller sees; 0 while a gate is in the way.
    pub head: u64,
    pub unread: u64,
    pub me: Place,
    pub last: Option<LastLine>,
}

/// The last act that the caller sees.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LastLine {
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    pub sentence: String,
}

/// The caller's rooms, those with the latest act first.
pub(crate) async fn my_rooms(desk: &Desk, acting: &Acting) -> Result<Vec<RoomCard>, Problem> {
    rooms_of(desk, acting, |_| true).await
}

/// The caller's rooms in the cases that are wanted: only those are looked into.
pub(crate) async fn rooms_of(
    desk: &Desk,
    acting: &Acting,
    wanted: impl Fn(CaseId) -> bool,
) -> Result<Vec<RoomCard>, Problem> {
    let mut memberships = desk.store.memberships_of(acting.person, acting.role.code()).await?;
    memberships.retain(|(row, _)| wanted(row.case));
    let members: Vec<_> = memberships.iter().map(|(row, member)| (row.id, *member)).collect();
    let read = desk.store.read_marks(&members).await?;
    let mut cards = Vec::with_capacity(memberships.len());
    // Some at once: after a restart each room is loaded from the store.
    let mut entering = stream::iter(memberships)
        .map(|(row, member)| {
            let (desk, acting) = (desk.clone(), acting.clone());
            async move { ((row.id, member), desk.enter(&acting, row.id).await) }
        })
        .buffered(AT_ONCE);
    while let Some((place, entered)) = entering.next().await {
        match entered {
            Ok(inside) => cards.extend(room_card(desk, &inside, read.get(&place).copied().unwrap_or(0))),
            // Ended between the two reads.
            Err(problem) if problem.status() == axum::http::StatusCode::NOT_FOUND => {}
            Err(problem) => return Err(problem),
        }
    }
    cards.sort_by_key(|card| std::cmp::Reverse(card.last.as_ref().map_or(card.opens_at, |last| last.at)));
    Ok(cards)
}

fn room_card(desk: &Desk, inside: &Inside, read: u64) -> Option<RoomCard> {
    let now = desk.now();
    let (room, actor) = (&inside.room, &inside.actor);
    let open = court::view::may_read(room, actor, &desk.policy, now).is_ok();
    let head = if open { room.dense_head(actor.member) } else { 0 };
    let phase = room.phase(now);
    let last = room.last_line(actor.member).filter(|_| open);
    Some(RoomCard {
        id: room.id,
        case: room.case.clone()?,
        kind: room.kind,
        kind_label: room.kind.label().to_owned(),
        opens_at: room.opens_at,
        closes_at: room.closes_at,
        phase,
        phase_label: phase.label().to_owned(),
        head,
        unread: head.saturating_sub(read),
        me: place(actor.member, actor.capacity),
        last: last.map(|line| LastLine { at: line.at, sentence: line.sentence.clone() }),
    })
}

pub(crate) fn case_card(desk: &Desk, row: CaseRow, me: &Participant, rooms: &[RoomCard]) -> Option<CaseCard> {
    let own: Vec<_> = rooms.iter().filter(|room| room.case.id == row.id).collect();
    let next =
        own.iter().filter(|room| room.phase != Phase::Ended).min_by_key(|room| room.opens_at).map(|room| NextSitting {
            room: room.id,
            opens_at: room.opens_at,
            closes_at: room.closes_at,
            phase: room.phase,
            kind: room.kind,
        });
    let (stage, status) = (CaseStage::from_code(&row.stage), CaseStatus::from_code(&row.status));
    Some(CaseCard {
        id: row.id,
        number: row.number,
        title: row.title,
        cause: row.cause,
        court: desk.config.court.name.clone(),
        stage,
        stage_label: stage.label().to_owned(),
        status,
        status_label: status.label().to_owned(),
        filed_on: row.filed_on,
        my: place(me.id, Capacity::from_code(&me.capacity)?),
        rooms: own.len(),
        next,
    })
}

fn place(member: MemberId, capacity: Capacity) -> Place {
    Place { member, capacity, label: capacity.label().to_owned() }
}
