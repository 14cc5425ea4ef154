//! One request at a time per idempotency key, so that a repeated request waits for the first and gets its answer (SR-39).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use court::PersonId;
use tokio::sync::OwnedMutexGuard;

use crate::Desk;

type Turns = HashMap<(PersonId, String), Arc<tokio::sync::Mutex<()>>>;

/// The keys that are being worked on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Keys(Arc<Mutex<Turns>>);

/// The right to work on one key; given back when dropped.
pub struct Turn {
    keys: Keys,
    key: (PersonId, String),
    guard: Option<OwnedMutexGuard<()>>,
}

impl Keys {
    /// Waits until nobody else works on this person's key.
    pub(crate) async fn turn(&self, person: PersonId, key: &str) -> Turn {
        let key = (person, key.to_owned());
        let lock = self.lock().entry(key.clone()).or_default().clone();
        Turn { keys: self.clone(), key, guard: Some(lock.lock_owned().await) }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Turns> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Desk {
    /// Waits until nobody else works on this person's key, for a request that creates something and is no act.
    pub async fn turn(&self, person: PersonId, key: &str) -> Turn {
        self.hub.keys.turn(person, key).await
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.guard.take();
        let mut turns = self.keys.lock();
        // Nobody else holds or waits for the lock: the map's own reference is the last.
        if turns.get(&self.key).is_some_and(|lock| Arc::strong_count(lock) == 1) {
            turns.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test]
    async fn one_key_is_worked_on_by_one_request_at_a_time_and_leaves_nothing_behind() {
        let keys = Keys::default();
        let person = PersonId(uuid::Uuid::nil());
        let busy = Arc::new(AtomicUsize::new(0));
        let tasks: Vec<_> = (0..50)
            .map(|_| {
                let (keys, busy) = (keys.clone(), busy.clone());
                tokio::spawn(async move {
                    let _turn = keys.turn(person, "k").await;
                    assert_eq!(busy.fetch_add(1, Ordering::SeqCst), 0);
                    tokio::task::yield_now().await;
                    busy.fetch_sub(1, Ordering::SeqCst);
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        assert!(keys.lock().is_empty());
    }
}
