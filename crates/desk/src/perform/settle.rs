//! The one loop of the engine: decide, fold, append; and again on what is now true where another node was quicker.

use court::{ActId, Room, RoomId};
use record::Salt;
use store::{Append, AppendError};
use time::OffsetDateTime;
use tracing::warn;

use super::not_stored;
use super::seal::Sealed;
use crate::{Desk, Problem};

/// How often an act is decided again when another node was quicker.
const ATTEMPTS: usize = 8;

/// The time and the chance of one attempt.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attempt {
    pub(super) now: OffsetDateTime,
    pub(super) id: ActId,
    pub(super) salts: (Salt, Salt),
}

impl Desk {
    /// Carries an act through until it is durable or refused. `append` says what goes to the writer, and what the caller is told.
    ///
    /// # Errors
    /// What `decide` and `append` refuse; 503 when nothing could be stored, also when the key was used before: its answer is there to be
    /// looked up.
    pub(super) async fn settle<T: Send>(
        &self,
        room: RoomId,
        decide: impl Fn(&Room, &Attempt) -> Result<Sealed, Problem> + Send + Sync,
        append: impl Fn(&Room, &Sealed) -> Result<(T, Append), Problem> + Send + Sync,
    ) -> Result<T, Problem> {
        for _ in 0..ATTEMPTS {
            let slot = self.slot(room).await?.ok_or_else(Problem::not_found)?;
            let now = self.now();
            let salts = (self.chance.bytes(), self.chance.bytes());
            let attempt = Attempt { now, id: self.chance.ordered_id(now).into(), salts };
            let submit = |ahead: &Room, sealed: &Sealed| {
                let (told, append) = append(ahead, sealed)?;
                Ok(((told, sealed.act.body.kind()), self.store.append(append)))
            };
            let ((told, kind), pending, epoch) = slot.decide(|ahead| decide(ahead, &attempt), submit, &self.policy)?;
            match pending.await {
                Ok(()) => {
                    crate::metrics::act(kind.code());
                    self.keep_snapshot(&slot);
                    return Ok(told);
                }
                Err(AppendError::Conflict) => slot.drop_undurable(epoch),
                Err(error) => {
                    slot.drop_undurable(epoch);
                    if matches!(error, AppendError::Duplicate(_)) {
                        return Err(Problem::unavailable());
                    }
                    warn!(room.id = %room, %error, "Act not stored");
                    return Err(not_stored(error));
                }
            }
        }
        Err(Problem::unavailable())
    }
}
