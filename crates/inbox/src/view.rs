//! A notification as its owner sees it: with the words that they may read at this moment, or with those that anybody may.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use axum::http::StatusCode;
use court::act::Body;
use court::inbox::Catalogue;
use court::view::{self, ActView};
use court::{ActId, CaseTitle, RoomId, Topic, beijing};
use desk::{Acting, Desk, Inside, Problem};
use serde::Serialize;
use store::Notification;
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

/// Something that the caller must notice.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NotificationView {
    pub id: Uuid,
    pub topic: Topic,
    pub category: String,
    pub title: String,
    /// The sentence of the act, or, where that may not be shown (yet), one that says no more than that there is something.
    pub text: String,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    pub read: bool,
    /// The case; null when it is about none, or about one that is no longer the caller's.
    #[schema(required)]
    pub case: Option<CaseTitle>,
    /// Which room to open, if there is one.
    #[schema(required)]
    pub room: Option<RoomId>,
    /// Where in it (own number); null while the room is behind a gate.
    #[schema(required)]
    pub seq: Option<u64>,
    /// Which matter to open there.
    #[schema(required)]
    pub matter: Option<ActId>,
}

/// A room of which something is told, as the caller stands to it, with the acts that are told of.
struct Seen {
    inside: Inside,
    open: bool,
    acts: HashMap<u64, ActView>,
}

/// What the caller sees of these. What is no longer theirs to see is left out, whatever the row says.
pub(crate) async fn views(
    desk: &Desk,
    acting: &Acting,
    rows: &[Notification],
) -> Result<Vec<NotificationView>, Problem> {
    let mut rooms: HashMap<RoomId, Option<Seen>> = HashMap::new();
    let known = |row: &Notification| Topic::from_code(&row.topic);
    for row in rows.iter().filter(|row| known(row).is_some_and(Topic::is_of_a_room)) {
        let room = RoomId(row.record);
        if let Entry::Vacant(place) = rooms.entry(room) {
            let seqs: Vec<_> = rows.iter().filter(|other| other.record == row.record).map(|other| other.seq).collect();
            place.insert(look(desk, acting, room, &seqs).await?);
        }
    }
    // A topic of a newer program, which may be running beside this one, is shown by that one.
    let shown = rows.iter().filter_map(|row| one(row, known(row)?, rooms.get(&RoomId(row.record))));
    Ok(shown.collect())
}

async fn look(desk: &Desk, acting: &Acting, room: RoomId, seqs: &[u64]) -> Result<Option<Seen>, Problem> {
    let inside = match desk.enter(acting, room).await {
        Ok(inside) => inside,
        Err(problem) if problem.status() == StatusCode::NOT_FOUND => return Ok(None),
        Err(problem) => return Err(problem),
    };
    let open = view::may_read(&inside.room, &inside.actor, &desk.policy, desk.now()).is_ok();
    let acts = if open { desk.acts_numbered(&inside, seqs).await? } else { Vec::new() };
    let acts = acts.into_iter().map(|act| (act.seq, act)).collect();
    Ok(Some(Seen { inside, open, acts }))
}

fn one(row: &Notification, topic: Topic, seen: Option<&Option<Seen>>) -> Option<NotificationView> {
    let told = Catalogue::builtin().row(topic);
    let bare = NotificationView {
        id: row.id,
        topic,
        category: told.category.clone(),
        title: told.title.clone(),
        text: told.text.clone(),
        at: beijing::from_micros(row.at),
        read: row.read_at.is_some(),
        case: None,
        room: None,
        seq: None,
        matter: None,
    };
    if !topic.is_of_a_room() {
        return Some(bare);
    }
    let Some(seen) = seen?.as_ref() else {
        // Who has left is told that, and nothing of the room.
        return matches!(topic, Topic::MemberEnded | Topic::AgencyEnded).then_some(bare);
    };
    let room = &seen.inside.room;
    // The one question of who sees an act, whatever the row says.
    let own = room.dense(seen.inside.actor.member, row.seq)?;
    let case = room.case.clone();
    if !seen.open {
        let timed = matches!(topic, Topic::SittingScheduled | Topic::SittingRescheduled);
        let span = || {
            let (opens, closes) = (beijing::short(room.opens_at), beijing::short(room.closes_at));
            format!("{}，{opens} 至 {closes}。{}", room.kind.label(), told.text)
        };
        let text = if timed { span() } else { bare.text.clone() };
        return Some(NotificationView { text, case, room: Some(room.id), ..bare });
    }
    let act = seen.acts.get(&own)?;
    Some(NotificationView {
        text: act.sentence.clone(),
        case,
        room: Some(room.id),
        seq: Some(own),
        matter: matter(act),
        ..bare
    })
}

/// The matter that an act is about.
fn matter(act: &ActView) -> Option<ActId> {
    match &act.body {
        Body::MatterIssue(_) => Some(act.id),
        Body::MatterAnswer(answered) => Some(answered.matter),
        Body::MatterExtend(extended) => Some(extended.matter),
        Body::MatterWithdraw(withdrawn) => Some(withdrawn.matter),
        Body::MatterClose(closed) => Some(closed.matter),
        _ => None,
    }
}
