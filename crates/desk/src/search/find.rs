//! Searches: in one room, and over all rooms of a person.

use court::view::ActView;
use court::{CaseTitle, MemberId, RoomId};
use futures_util::future::try_join_all;
use serde::Serialize;
use store::{SearchHit, SearchPlace, Sought};
use utoipa::ToSchema;

use super::entry;
use crate::{Acting, Desk, Inside, Problem};

/// Acts that are read at once where the index is not yet.
const PAGE: u64 = 500;
/// So far behind may the index be; what it lacks is looked through act by act.
const BEHIND: u64 = 5_000;
/// Rooms that are searched at once.
const AT_ONCE: usize = 4;

/// An act that was found in one of my rooms.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Found {
    pub room: RoomId,
    pub case: CaseTitle,
    pub act: ActView,
}

impl Desk {
    /// The acts of a room that are looked for and that the member sees, below the member's own number `before`: the newest `limit`,
    /// newest first.
    ///
    /// # Errors
    /// 503 when the store cannot be read, or when the index is far behind.
    pub async fn search(
        &self,
        inside: &Inside,
        sought: &Sought,
        before: Option<u64>,
        limit: u64,
    ) -> Result<Vec<ActView>, Problem> {
        let (room, member) = (&inside.room, inside.actor.member);
        let head = room.dense_head(member);
        let last = before.map_or(head, |before| before.saturating_sub(1).min(head));
        let Some(up_to) = room.record_seq(member, last) else { return Ok(Vec::new()) };
        let mut acts = if *sought == Sought::default() {
            let limit = limit.min(last);
            self.acts_after(inside, last - limit, limit).await?
        } else {
            let place = self.store.search_places(&[room.id.0]).await?.remove(&room.id.0);
            let hits = self.hits(inside, sought, place, up_to, limit).await?;
            let seqs: Vec<u64> = hits.iter().map(|hit| hit.seq).collect();
            self.acts_numbered(inside, &seqs).await?
        };
        acts.reverse();
        Ok(acts)
    }

    /// The acts of all rooms of a person, in the role that they act in, that are looked for: the newest `limit`, newest first.
    ///
    /// # Errors
    /// As [`Desk::search`].
    pub async fn search_rooms(&self, acting: &Acting, sought: &Sought, limit: u64) -> Result<Vec<Found>, Problem> {
        let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
        let rooms = self.store.memberships_of(acting.person, acting.role.code()).await?;
        let ids: Vec<_> = rooms.iter().map(|(room, _)| room.id.0).collect();
        let places = self.store.search_places(&ids).await?;
        let mut found: Vec<(SearchHit, Inside)> = Vec::new();
        // The room with the latest act comes first: once there is enough, a room that has been silent for longer than the oldest hit
        // has nothing to add.
        for rooms in rooms.chunks(AT_ONCE) {
            let enough = found.get(wanted.saturating_sub(1)).map(|(hit, _)| hit.at);
            if enough.is_some_and(|oldest| rooms.iter().all(|(room, _)| room.last_at < oldest)) {
                break;
            }
            let hits =
                rooms.iter().map(|(room, _)| self.hits_in(acting, room.id, places.get(&room.id.0), sought, limit));
            found.extend(try_join_all(hits).await?.into_iter().flatten());
            found.sort_by_key(|(hit, inside)| std::cmp::Reverse((hit.at, inside.room.id, hit.seq)));
            found.truncate(wanted);
        }
        let mut all = Vec::with_capacity(found.len());
        for (hit, inside) in found {
            let Some(case) = inside.room.case.clone() else { continue };
            let act = self.acts_numbered(&inside, &[hit.seq]).await?.pop();
            all.extend(act.map(|act| Found { room: inside.room.id, case, act }));
        }
        Ok(all)
    }

    /// The hits of one of many rooms; none where the door is shut.
    async fn hits_in(
        &self,
        acting: &Acting,
        room: RoomId,
        place: Option<&SearchPlace>,
        sought: &Sought,
        limit: u64,
    ) -> Result<Vec<(SearchHit, Inside)>, Problem> {
        let inside = match self.enter(acting, room).await {
            Ok(inside) => inside,
            // Ended between the two reads.
            Err(problem) if problem.status() == axum::http::StatusCode::NOT_FOUND => return Ok(Vec::new()),
            Err(problem) => return Err(problem),
        };
        if court::view::may_read(&inside.room, &inside.actor, &self.policy, self.now()).is_err() {
            return Ok(Vec::new());
        }
        let hits = self.hits(&inside, sought, place.copied(), inside.room.seq, limit).await?;
        Ok(hits.into_iter().map(|hit| (hit, inside.clone())).collect())
    }

    /// The hits that the member sees, up to and including the record's number `up_to`.
    async fn hits(
        &self,
        inside: &Inside,
        sought: &Sought,
        place: Option<SearchPlace>,
        up_to: u64,
        limit: u64,
    ) -> Result<Vec<SearchHit>, Problem> {
        let (room, member) = (&inside.room, inside.actor.member);
        let sees = |hit: &SearchHit| room.dense(member, hit.seq).is_some();
        let mark = place.map_or(0, |place| place.mark);
        let mut found = self.after_the_mark(inside, sought, mark, up_to, limit).await?;
        let Some(place) = place else { return Ok(found) };
        let mut before = up_to.min(mark) + 1;
        while (found.len() as u64) < limit {
            let left = limit - found.len() as u64;
            let hits = self.store.search(place, sought, before, left).await?;
            let more = hits.len() as u64 == left;
            before = hits.last().map_or(before, |hit| hit.seq);
            found.extend(hits.into_iter().filter(sees));
            if !more {
                break;
            }
        }
        Ok(found)
    }

    /// What is found among the acts that are not in the index.
    async fn after_the_mark(
        &self,
        inside: &Inside,
        sought: &Sought,
        mark: u64,
        up_to: u64,
        limit: u64,
    ) -> Result<Vec<SearchHit>, Problem> {
        let (room, member) = (&inside.room, inside.actor.member);
        in_reach(self, room.id, mark, up_to)?;
        let (mut found, mut rest) = (Vec::new(), up_to);
        while rest > mark && (found.len() as u64) < limit {
            let after = mark.max(rest.saturating_sub(PAGE));
            let acts = self.record_acts(room.id, after, rest, PAGE).await?;
            let hits = acts.iter().rev().map(entry).filter(|entry| sought.takes(entry));
            let seen = hits.filter(|entry| room.dense(member, entry.seq).is_some());
            found.extend(seen.map(|entry| SearchHit { seq: entry.seq, at: entry.at }));
            rest = after;
        }
        found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(found)
    }
}

/// Refuses where the index is so far behind that looking through the rest would take too long: after an upgrade, for a few minutes.
pub(super) fn in_reach(desk: &Desk, room: RoomId, mark: u64, up_to: u64) -> Result<(), Problem> {
    if up_to.saturating_sub(mark) <= BEHIND {
        return Ok(());
    }
    desk.hub.backlog.put([room]);
    let status = axum::http::StatusCode::SERVICE_UNAVAILABLE;
    Err(Problem::new(status, "search_not_ready", "消息记录正在整理，暂时不能查找，请稍候片刻再试。").retry_after(5))
}

/// Whose acts are looked for, as far as the room tells.
pub(super) fn is_of(wanted: Option<MemberId>, actor: MemberId) -> bool {
    wanted.is_none_or(|wanted| wanted == actor)
}
