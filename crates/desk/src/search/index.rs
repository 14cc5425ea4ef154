//! Writes the index behind the record.
//!
//! The mark of a record says how far it is in the index; acts and mark are written in one transaction, and only on the mark that was
//! read. So several nodes may do it at once, and one that stops in the middle leaves nothing that is wrong.

use std::time::{Duration, Instant};

use court::RoomId;
use tokio::time::{MissedTickBehavior, interval, sleep};
use tracing::{debug, warn};

use super::entry;
use crate::{Desk, Problem};

/// Acts of one transaction: so few that an act that is said meanwhile hardly waits.
const BATCH: u64 = 100;
/// What is said within this time is written together.
const PAUSE: Duration = Duration::from_millis(200);
/// How often it is looked for records that nobody has told of: those of an earlier run, of other nodes, of a full list.
const LOOK: Duration = Duration::from_secs(30);
/// Records of one look.
const RECORDS: u64 = 1_000;

impl Desk {
    /// Keeps the index up with the record until `shutdown`.
    pub async fn keep_index(&self, shutdown: impl Future<Output = ()>) {
        let working = async {
            let mut look = interval(LOOK);
            look.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                tokio::select! {
                    _ = look.tick() => self.look_for_unindexed().await,
                    () = self.hub.backlog.more() => sleep(PAUSE).await,
                }
                self.index_backlog().await;
            }
        };
        tokio::select! {
            () = shutdown => {}
            () = working => {}
        }
    }

    /// Puts everything that is in a record now into the index.
    ///
    /// # Errors
    /// 503 when the store cannot be read or written; 500 when an act cannot be read.
    pub async fn index_now(&self) -> Result<(), Problem> {
        loop {
            let records = self.store.unindexed(RECORDS).await?;
            if records.is_empty() {
                return Ok(());
            }
            for record in records {
                while self.index_some(RoomId(record)).await? {}
            }
        }
    }

    async fn look_for_unindexed(&self) {
        match self.store.unindexed(RECORDS).await {
            Ok(records) => self.hub.backlog.put(records.into_iter().map(RoomId)),
            Err(error) => warn!(%error, "Records to be indexed could not be read"),
        }
    }

    /// A batch of each room that waits; a room with more waits again, behind the others.
    async fn index_backlog(&self) {
        for room in self.hub.backlog.take() {
            let begun = Instant::now();
            match self.index_some(room).await {
                Ok(true) => self.hub.backlog.put([room]),
                Ok(false) => {}
                // It is found again at the next look.
                Err(problem) => warn!(room.id = %room, code = problem.code(), "Acts not indexed"),
            }
            // Of the writer's time no more than half is taken from those who act.
            sleep(begun.elapsed()).await;
        }
    }

    /// Puts the next acts of a room into the index. Returns whether there may be more.
    async fn index_some(&self, room: RoomId) -> Result<bool, Problem> {
        let mark = self.store.search_places(&[room.0]).await?.get(&room.0).map_or(0, |place| place.mark);
        let acts = self.record_acts(room, mark, u64::MAX >> 1, BATCH).await?;
        let entries: Vec<_> = acts.iter().map(entry).collect();
        let first = self.store.index_acts(room.0, mark, &entries).await?;
        debug!(room.id = %room, mark, acts = acts.len(), first, "Indexed");
        Ok(acts.len() as u64 == BATCH)
    }
}
