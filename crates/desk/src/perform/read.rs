//! Reading records: what a member sees of them, under the member's own numbers.

use std::sync::Arc;

use court::view::ActView;
use court::{Act, Room, RoomId, location};

use store::StoredAct;

use super::{Inside, seal};
use crate::{Desk, Problem};

/// An act as it is stored.
pub struct AsStored {
    pub row: StoredAct,
    /// Whether nothing of its body is kept from the member.
    pub whole: bool,
}

/// Reads a stored act.
///
/// # Errors
/// When what is stored is no act of this program.
pub fn stored_act(room: RoomId, row: &StoredAct) -> Result<Act, Problem> {
    seal::open(room, row)
}

impl Desk {
    /// The room as it is durable, for those who act for nobody: jobs and checks.
    ///
    /// # Errors
    /// 503 when the store cannot be read.
    pub async fn room(&self, room: RoomId) -> Result<Option<Arc<Room>>, Problem> {
        Ok(self.slot(room).await?.map(|slot| slot.durable()))
    }

    /// The rooms that somebody has opened lately: those in memory.
    pub fn opened_rooms(&self) -> Vec<RoomId> {
        self.hub.known().iter().map(|slot| slot.room).collect()
    }

    /// The acts that the member sees after their own number `after`, at most `limit` of them, in order.
    ///
    /// # Errors
    /// 503 when the store cannot be read.
    pub async fn acts_after(&self, inside: &Inside, after: u64, limit: u64) -> Result<Vec<ActView>, Problem> {
        let (room, member) = (&inside.room, inside.actor.member);
        let last = room.dense_head(member).min(after.saturating_add(limit));
        let (Some(from), Some(to)) = (room.record_seq(member, after.saturating_add(1)), room.record_seq(member, last))
        else {
            return Ok(Vec::new());
        };
        let acts = self.acts_between(&inside.slot, from, to).await?;
        let (viewer, now) = (inside.viewer(), self.now());
        let extent = |act: &Act| location::extent(act, viewer, &self.policy, now);
        Ok(acts.iter().filter_map(|act| Some(act.view(room.dense(member, act.seq)?, extent(act)))).collect())
    }

    /// The act with this record number, if the member sees it.
    ///
    /// # Errors
    /// 503 when the store cannot be read.
    pub async fn act(&self, inside: &Inside, seq: u64) -> Result<Option<Act>, Problem> {
        if inside.room.dense(inside.actor.member, seq).is_none() {
            return Ok(None);
        }
        Ok(self.acts_between(&inside.slot, seq, seq).await?.into_iter().next())
    }

    /// The whole record of a room, as it is, for whoever makes something of it that does not depend on who reads it.
    ///
    /// # Errors
    /// 503 when the store cannot be read.
    pub async fn record(&self, room: &Room) -> Result<Vec<Act>, Problem> {
        const PAGE: u64 = 1_000;
        let mut acts: Vec<Act> = Vec::new();
        loop {
            let after = acts.last().map_or(0, |act| act.seq);
            let page = self.record_acts(room.id, after, room.seq, PAGE).await?;
            if page.is_empty() {
                return Ok(acts);
            }
            acts.extend(page);
        }
    }

    /// The act with this record number as it is stored, if the member sees it.
    ///
    /// # Errors
    /// 503 when the store cannot be read.
    pub async fn as_stored(&self, inside: &Inside, seq: u64) -> Result<Option<AsStored>, Problem> {
        let Some(act) = self.act(inside, seq).await? else { return Ok(None) };
        let extent = location::extent(&act, inside.viewer(), &self.policy, self.now());
        let whole = act.view(seq, extent).body == act.body;
        let row = self.store.acts_numbered(inside.room.id.0, &[seq]).await?.into_iter().next();
        Ok(row.map(|row| AsStored { row, whole }))
    }

    /// The acts of a record after `after` up to and including `up_to`, at most `limit`, as they are, for whoever may see them all.
    pub(crate) async fn record_acts(
        &self,
        room: RoomId,
        after: u64,
        up_to: u64,
        limit: u64,
    ) -> Result<Vec<Act>, Problem> {
        let rows = self.store.acts(room.0, after, up_to, limit).await?;
        rows.iter().map(|row| seal::open(room, row)).collect()
    }

    /// The acts with these record numbers that the member sees, in order.
    ///
    /// # Errors
    /// 503 when the store cannot be read.
    pub async fn acts_numbered(&self, inside: &Inside, seqs: &[u64]) -> Result<Vec<ActView>, Problem> {
        let (room, viewer, now) = (&inside.room, inside.viewer(), self.now());
        let mut views = Vec::with_capacity(seqs.len());
        for row in self.store.acts_numbered(room.id.0, seqs).await? {
            let act = seal::open(room.id, &row)?;
            let dense = room.dense(viewer.member, act.seq);
            // The room's numbers are folded from the same question; it is asked again where nothing else stands behind it.
            let dense = dense.filter(|_| act.audience.includes(viewer, act.actor, &self.policy));
            let extent = location::extent(&act, viewer, &self.policy, now);
            views.extend(dense.map(|dense| act.view(dense, extent)));
        }
        Ok(views)
    }
}
