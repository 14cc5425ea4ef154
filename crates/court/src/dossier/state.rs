//! What of the dossier is shared into a room, and who has it open: the part of the room's state that later decisions rest on.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use super::{Inspected, Opened, Shared, Unshared};
use crate::act::Act;
use crate::{ActId, Audience, EntryId, MemberId, Policy, Room, Viewer};

/// How long somebody may read after opening. Whoever reads on opens again, so that the record tells how long it was read.
pub const OPEN_FOR: Duration = Duration::minutes(30);

/// Something of the dossier that is shared into the room.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// The act that shared it, by number in the record.
    pub seq: u64,
    pub entry: EntryId,
    pub title: String,
    /// Who shared it.
    pub by: MemberId,
    /// With whom; none: with everybody.
    pub with: Option<Vec<MemberId>>,
    audience: Audience,
    /// Whether it was taken back.
    pub ended: bool,
    /// Who has opened it.
    pub openings: BTreeMap<MemberId, Opening>,
}

/// When somebody opened something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    #[serde(with = "time::serde::rfc3339")]
    pub first: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    pub last: OffsetDateTime,
    /// The act of the last time, by number in the record.
    pub seq: u64,
}

/// What of the dossier is open in a room, and what the bench has open from it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Dossier {
    /// By the act that shared it.
    shares: BTreeMap<ActId, Share>,
    inspections: BTreeMap<MemberId, BTreeMap<EntryId, Opening>>,
}

impl Share {
    /// Whether this viewer sees that it is shared.
    pub fn is_seen_by(&self, viewer: Viewer, policy: &Policy) -> bool {
        self.audience.includes(viewer, self.by, policy)
    }

    /// Those who see it, as an audience.
    pub(super) fn audience(&self) -> Audience {
        self.audience.clone()
    }

    /// Whether everybody whom a new share would be for has this one.
    pub(super) fn covers(&self, entry: EntryId, with: Option<&[MemberId]>) -> bool {
        self.entry == entry
            && !self.ended
            && match (&self.with, with) {
                (None, _) => true,
                (Some(_), None) => false,
                (Some(have), Some(with)) => with.iter().all(|member| have.contains(member)),
            }
    }
}

impl Opening {
    fn again(before: Option<Opening>, act: &Act) -> Opening {
        Opening { first: before.map_or(act.at, |before| before.first), last: act.at, seq: act.seq }
    }

    /// Whether it is still open.
    pub fn lasts(&self, now: OffsetDateTime) -> bool {
        now - self.last < OPEN_FOR
    }
}

impl Room {
    /// What the act with this id shared.
    pub fn share(&self, id: ActId) -> Option<&Share> {
        self.dossier.shares.get(&id)
    }

    /// Everything that was shared with this viewer, oldest first, also what was taken back.
    pub fn shares_of(&self, viewer: Viewer, policy: &Policy) -> Vec<(ActId, &Share)> {
        let shares = self.dossier.shares.iter().map(|(id, share)| (*id, share));
        let mut shares: Vec<_> = shares.filter(|(_, share)| share.is_seen_by(viewer, policy)).collect();
        shares.sort_by_key(|(_, share)| share.seq);
        shares
    }

    /// The opening by which this member may read this entry from the dossier at this moment.
    pub fn inspection(&self, member: MemberId, entry: EntryId, now: OffsetDateTime) -> Option<Opening> {
        let opening = self.dossier.inspections.get(&member)?.get(&entry)?;
        opening.lasts(now).then_some(*opening)
    }

    pub(super) fn shares(&self) -> impl Iterator<Item = &Share> {
        self.dossier.shares.values()
    }

    pub(crate) fn dossier_shared(&mut self, act: &Act, shared: &Shared) {
        let share = Share {
            seq: act.seq,
            entry: shared.entry,
            title: shared.title.clone(),
            by: act.actor,
            with: shared.with.clone(),
            audience: act.audience.clone(),
            ended: false,
            openings: BTreeMap::new(),
        };
        self.dossier.shares.insert(act.id, share);
    }

    pub(crate) fn dossier_unshared(&mut self, unshared: &Unshared) {
        if let Some(share) = self.dossier.shares.get_mut(&unshared.share) {
            share.ended = true;
        }
    }

    pub(crate) fn dossier_opened(&mut self, act: &Act, opened: &Opened) {
        if let Some(share) = self.dossier.shares.get_mut(&opened.share) {
            let before = share.openings.get(&act.actor).copied();
            share.openings.insert(act.actor, Opening::again(before, act));
        }
    }

    pub(crate) fn dossier_inspected(&mut self, act: &Act, inspected: &Inspected) {
        let own = self.dossier.inspections.entry(act.actor).or_default();
        let before = own.get(&inspected.entry).copied();
        own.insert(inspected.entry, Opening::again(before, act));
        // What can no longer be read is in the record; the state need not carry it.
        own.retain(|_, opening| opening.lasts(act.at));
    }
}
