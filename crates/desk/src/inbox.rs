//! How much somebody has not read: one number, the same on each of their devices.

use std::collections::HashMap;

use axum::http::StatusCode;
use court::{PersonId, RoomId, view};
use serde::Serialize;
use store::Owner;
use utoipa::ToSchema;

use crate::{Acting, Desk, Problem};

/// How much the caller has not read, in the role that they act in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct InboxCounts {
    /// The badge: acts in rooms and notifications together.
    pub unread: u64,
    /// Acts in rooms.
    pub rooms: u64,
    /// Notifications.
    pub notifications: u64,
}

/// What the number is made of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    rooms: HashMap<RoomId, Room>,
    notifications: u64,
}

#[derive(Clone, Copy, Debug)]
struct Room {
    read: u64,
    unread: u64,
}

impl Tally {
    pub(crate) fn counts(&self) -> InboxCounts {
        let rooms = self.rooms.values().map(|room| room.unread).sum();
        InboxCounts { unread: rooms + self.notifications, rooms, notifications: self.notifications }
    }

    /// Whether the room was counted.
    pub(crate) fn has(&self, room: RoomId) -> bool {
        self.rooms.contains_key(&room)
    }

    /// Counts one room anew, as it is in memory.
    pub(crate) async fn look_again(&mut self, desk: &Desk, acting: &Acting, room: RoomId) -> Result<(), Problem> {
        let Some(known) = self.rooms.get_mut(&room) else { return Ok(()) };
        match unread(desk, acting, room, known.read).await? {
            Some(count) => known.unread = count,
            None => drop(self.rooms.remove(&room)),
        }
        Ok(())
    }
}

impl Desk {
    /// How much somebody has not read.
    ///
    /// # Errors
    /// 503 when the store cannot be read.
    pub async fn inbox_counts(&self, acting: &Acting) -> Result<InboxCounts, Problem> {
        Ok(self.inbox_tally(acting).await?.counts())
    }

    /// Says that a person has read, cleared or been given something: their devices are told.
    pub fn inbox_changed(&self, person: PersonId) {
        self.hub.inbox_changed(person);
    }

    pub(crate) async fn inbox_tally(&self, acting: &Acting) -> Result<Tally, Problem> {
        let owner = Owner { person: acting.person, role: acting.role.code() };
        let notifications = self.store.unread_notifications(owner).await?.into_values().sum();
        let memberships = self.store.memberships_of(acting.person, acting.role.code()).await?;
        let members: Vec<_> = memberships.iter().map(|(row, member)| (row.id, *member)).collect();
        let marks = self.store.read_marks(&members).await?;
        let mut rooms = HashMap::with_capacity(members.len());
        for (room, member) in members {
            let read = marks.get(&(room, member)).copied().unwrap_or(0);
            if let Some(unread) = unread(self, acting, room, read).await? {
                rooms.insert(room, Room { read, unread });
            }
        }
        Ok(Tally { rooms, notifications })
    }
}

/// How many acts of a room somebody has not read; none when they are not in it. Behind a gate there is nothing to read yet.
async fn unread(desk: &Desk, acting: &Acting, room: RoomId, read: u64) -> Result<Option<u64>, Problem> {
    let inside = match desk.enter(acting, room).await {
        Ok(inside) => inside,
        Err(problem) if problem.status() == StatusCode::NOT_FOUND => return Ok(None),
        Err(problem) => return Err(problem),
    };
    let open = view::may_read(&inside.room, &inside.actor, &desk.policy, desk.now()).is_ok();
    let head = if open { inside.room.dense_head(inside.actor.member) } else { 0 };
    Ok(Some(head.saturating_sub(read)))
}
