//! The rooms in which something was done that search does not know yet.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use court::RoomId;
use tokio::sync::Notify;

/// More rooms are not noted: the indexer looks for them by itself from time to time.
const ROOMS: usize = 10_000;

/// The list, and what wakes who works it off. Cheap to clone; the store's writer adds to it after each commit.
#[derive(Clone, Debug, Default)]
pub(crate) struct Backlog(Arc<Waiting>);

#[derive(Debug, Default)]
struct Waiting {
    rooms: Mutex<BTreeSet<RoomId>>,
    more: Notify,
}

impl Backlog {
    /// Notes rooms.
    pub(crate) fn put(&self, rooms: impl IntoIterator<Item = RoomId>) {
        let mut waiting = self.rooms();
        for room in rooms {
            if waiting.len() < ROOMS {
                waiting.insert(room);
            }
        }
        drop(waiting);
        self.0.more.notify_one();
    }

    /// Waits until something was noted.
    pub(crate) async fn more(&self) {
        self.0.more.notified().await;
    }

    /// Takes the list.
    pub(crate) fn take(&self) -> BTreeSet<RoomId> {
        std::mem::take(&mut *self.rooms())
    }

    fn rooms(&self) -> MutexGuard<'_, BTreeSet<RoomId>> {
        self.0.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
