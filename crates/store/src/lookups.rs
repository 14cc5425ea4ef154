//! Asking for answers by idempotency key, many in one query.
//!
//! Every act asks once whether its key was answered before, and with many people at once that would be most of what the database
//! does. So, as with appends, whoever asks while a query is under way shares the next one.

use std::collections::HashMap;

use court::PersonId;
use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter};
use tokio::sync::{mpsc, oneshot};

use crate::convert::padded;
use crate::error::StoreError;
use crate::ledger::{Answer, rows};
use crate::schema::answer;

/// Questions that may wait; who comes later waits to be let in.
const QUEUE: usize = 4096;
/// Keys of one query.
const KEYS: usize = 256;

struct Question {
    slot: Vec<u8>,
    told: oneshot::Sender<Result<Option<Answer>, StoreError>>,
}

/// The queue of questions; its task ends with the last handle.
#[derive(Clone, Debug)]
pub(crate) struct Lookups(mpsc::Sender<Question>);

impl Lookups {
    pub(crate) fn start(read: DatabaseConnection) -> Lookups {
        let (queue, mut questions) = mpsc::channel(QUEUE);
        tokio::spawn(async move {
            let mut batch = Vec::with_capacity(KEYS);
            while questions.recv_many(&mut batch, KEYS).await > 0 {
                if let Err(error) = settle(&read, &mut batch).await {
                    // Whoever asked learns it by the silence.
                    tracing::warn!(%error, "Answers could not be looked up");
                    batch.clear();
                }
            }
        });
        Lookups(queue)
    }

    /// What this person was answered under this key.
    pub(crate) async fn answer(&self, person: PersonId, key: &str) -> Result<Option<Answer>, StoreError> {
        let (told, answer) = oneshot::channel();
        let silence = || StoreError::Unavailable("answers cannot be looked up".into());
        self.0.send(Question { slot: rows::slot(person, key), told }).await.map_err(|_| silence())?;
        answer.await.map_err(|_| silence())?
    }
}

async fn settle(read: &DatabaseConnection, batch: &mut Vec<Question>) -> Result<(), StoreError> {
    let slots = padded(batch.iter().map(|question| question.slot.clone()).collect());
    let rows = answer::Entity::find().filter(answer::Column::Slot.is_in(slots)).all(read).await?;
    let found: HashMap<_, _> = rows.into_iter().map(|row| (row.slot.clone(), row)).collect();
    for question in batch.drain(..) {
        // Two may ask for the same key; who has gone away hears nothing.
        let row = found.get(&question.slot).cloned();
        let _ = question.told.send(row.map(rows::stored_answer).transpose());
    }
    Ok(())
}
