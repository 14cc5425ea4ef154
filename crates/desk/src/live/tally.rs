//! How much somebody has not read: one number, the same on each of their devices.

use std::collections::{HashMap, HashSet};

use axum::http::StatusCode;
use court::{MemberId, PersonId, RoomId, Topic, beijing, view};
use serde::Serialize;
use serde_json::json;
use store::{NewJob, NewNotification, Owner};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::perform::Touched;
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
    /// Rooms in which the person is in another role: what happens there is nothing here, until somebody is let in.
    foreign: HashSet<RoomId>,
}

#[derive(Clone, Copy, Debug)]
struct Room {
    member: MemberId,
    read: u64,
    unread: u64,
}

impl Tally {
    pub(crate) fn counts(&self) -> InboxCounts {
        let rooms = self.rooms.values().map(|room| room.unread).sum();
        InboxCounts { unread: rooms + self.notifications, rooms, notifications: self.notifications }
    }

    /// Counts anew what may have changed: a room as it is in memory, its read mark and the notifications only where they may have moved.
    pub(crate) async fn look_again(&mut self, desk: &Desk, acting: &Acting, touched: &Touched) -> Result<(), Problem> {
        let known =
            |room: &RoomId| self.rooms.contains_key(room) || (self.foreign.contains(room) && !touched.notifications);
        if touched.everything || !touched.rooms.keys().all(known) {
            *self = desk.inbox_tally(acting).await?;
            self.foreign = touched.rooms.keys().filter(|room| !self.rooms.contains_key(room)).copied().collect();
            return Ok(());
        }
        if touched.notifications {
            self.notifications = notifications(desk, acting).await?;
        }
        for (room, moved) in &touched.rooms {
            let Some(known) = self.rooms.get_mut(room) else { continue };
            if *moved {
                known.read = desk.store.read_mark(*room, known.member).await?;
            }
            match unread(desk, acting, *room, known.read).await? {
                Some(count) => known.unread = count,
                None => drop(self.rooms.remove(room)),
            }
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

    /// Notifies people, each in a role (or in whatever role, if it is empty), of something that is no act or of an act later: of a
    /// deadline that comes near, of what a job has come to. Told twice it is one notification.
    ///
    /// # Errors
    /// 503 when the store cannot be written.
    pub async fn notify(
        &self,
        topic: Topic,
        (record, seq): (Uuid, u64),
        people: Vec<(PersonId, String)>,
    ) -> Result<(), Problem> {
        if people.is_empty() {
            return Ok(());
        }
        let at = beijing::micros(self.now());
        let told: Vec<_> = people.iter().map(|(person, _)| *person).collect();
        let new = people.into_iter().map(|(person, role)| NewNotification {
            topic: topic.code().to_owned(),
            person,
            role,
            record,
            seq,
            at,
        });
        let payload = json!({ "record": record, "seq": seq }).to_string();
        let tell = NewJob { kind: "notification.tell".to_owned(), payload, run_at: at };
        self.store.put_notifications(&new.collect::<Vec<_>>(), &[tell]).await?;
        told.into_iter().for_each(|person| self.inbox_changed(person));
        Ok(())
    }

    /// Says that notifications of a person were read, cleared or made: their devices are told.
    pub fn inbox_changed(&self, person: PersonId) {
        self.hub.touch_inbox(person, |touched| touched.notifications = true);
    }

    /// Says that a person has read in a room, and with it what was told of the room.
    pub fn room_read(&self, person: PersonId, room: RoomId) {
        self.hub.touch_inbox(person, |touched| {
            touched.rooms.insert(room, true);
            touched.notifications = true;
        });
    }

    pub(crate) async fn inbox_tally(&self, acting: &Acting) -> Result<Tally, Problem> {
        let notifications = notifications(self, acting).await?;
        let memberships = self.store.memberships_of(acting.person, acting.role.code()).await?;
        let members: Vec<_> = memberships.iter().map(|(row, member)| (row.id, *member)).collect();
        let marks = self.store.read_marks(&members).await?;
        let mut rooms = HashMap::with_capacity(members.len());
        for (room, member) in members {
            let read = marks.get(&(room, member)).copied().unwrap_or(0);
            if let Some(unread) = unread(self, acting, room, read).await? {
                rooms.insert(room, Room { member, read, unread });
            }
        }
        Ok(Tally { rooms, notifications, foreign: HashSet::new() })
    }
}

async fn notifications(desk: &Desk, acting: &Acting) -> Result<u64, Problem> {
    let owner = Owner { person: acting.person, role: acting.role.code() };
    Ok(desk.store.unread_notifications(owner).await?.into_values().sum())
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
