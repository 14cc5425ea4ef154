//! The writers: they take what is queued, commit it together without waiting for company, and only then answer.

use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use sea_orm::DbErr;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::append::{Append, AppendError, Committed, Pending};
use super::commit::{Doubt, Failure, Keys, Outcome, Settled, commit};
use super::quick::{Known, quick};
use crate::db::{Db, Trouble};

/// Appends that may wait. More are refused at once, so that nobody waits for what will not come.
const QUEUE: usize = 8192;
/// Acts of one batch.
const ACTS: usize = 1024;
/// Bytes of one batch, roughly: what is held in memory twice and written at one go.
const BYTES: usize = 16 << 20;
/// How often others are let run between two batches while that makes the queue longer.
const TURNS: usize = 8;
/// How often a batch is tried while others come in between or the connection is lost: for about three seconds.
const TRIES: u32 = 8;

type OnCommit = dyn Fn(&[Committed]) + Send + Sync;

struct Queued {
    append: Append,
    told: oneshot::Sender<Result<(), AppendError>>,
}

/// The queues in front of the writers.
pub(crate) struct Ledger {
    lanes: Vec<mpsc::Sender<Queued>>,
    writers: Mutex<Vec<JoinHandle<()>>>,
    stop: CancellationToken,
    closed_to_acts: AtomicBool,
}

impl std::fmt::Debug for Ledger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ledger").field("lanes", &self.lanes.len()).finish_non_exhaustive()
    }
}

impl Ledger {
    /// Starts the writers. They end when the last handle is dropped or [`Ledger::close`] is called, after what is queued.
    pub(crate) fn start(db: &Db, on_commit: Arc<OnCommit>) -> Ledger {
        let stop = CancellationToken::new();
        let (lanes, writers) = (0..db.lanes)
            .map(|_| {
                let (lane, queue) = mpsc::channel(QUEUE);
                let writer = Writer { db: db.clone(), on_commit: on_commit.clone(), known: Known::default() };
                (lane, tokio::spawn(writer.run(queue, stop.clone())))
            })
            .unzip();
        Ledger { lanes, writers: Mutex::new(writers), stop, closed_to_acts: AtomicBool::new(false) }
    }

    /// From now on nothing is appended, until the program is started anew.
    pub(crate) fn close_to_acts(&self) {
        self.closed_to_acts.store(true, Ordering::Relaxed);
    }

    pub(crate) fn append(&self, append: Append) -> Pending {
        let (told, pending) = oneshot::channel();
        if self.closed_to_acts.load(Ordering::Relaxed) {
            Queued { append, told }.tell(Err(AppendError::Unavailable("the record can only be read".to_owned())));
            return Pending(pending);
        }
        let lane = &self.lanes[lane_of(append.record, self.lanes.len())];
        if let Err(refused) = lane.try_send(Queued { append, told }) {
            let (queued, error) = match refused {
                mpsc::error::TrySendError::Full(queued) => (queued, AppendError::Busy),
                mpsc::error::TrySendError::Closed(queued) => {
                    (queued, AppendError::Unavailable("the store is closed".to_owned()))
                }
            };
            queued.tell(Err(error));
        }
        Pending(pending)
    }

    pub(crate) async fn close(&self) {
        self.stop.cancel();
        let writers = std::mem::take(&mut *self.writers.lock().unwrap_or_else(|poisoned| poisoned.into_inner()));
        for writer in writers {
            if let Err(error) = writer.await {
                tracing::error!(%error, "A writer did not end in order");
            }
        }
    }
}

/// One record always has the same writer, so its appends stay in order.
fn lane_of(record: Uuid, lanes: usize) -> usize {
    (record.as_u128() % lanes as u128) as usize
}

impl Queued {
    /// Whoever asked may have gone away; the acts are stored or not all the same.
    fn tell(self, verdict: Result<(), AppendError>) {
        let _ = self.told.send(verdict);
    }
}

struct Writer {
    db: Db,
    on_commit: Arc<OnCommit>,
    known: Known,
}

impl Writer {
    async fn run(mut self, mut queue: mpsc::Receiver<Queued>, stop: CancellationToken) {
        loop {
            let first = tokio::select! {
                biased;
                () = stop.cancelled(), if !queue.is_closed() => {
                    queue.close();
                    continue;
                }
                next = queue.recv() => next,
            };
            let Some(first) = first else { return };
            let batch = fill(first, &mut queue);
            metrics::histogram!("store_batch_appends").record(batch.len() as f64);
            self.settle(batch).await;
            // Those who were just answered often have the next append at hand; let them queue it before the next batch is cut. That is
            // no waiting for company: it ends as soon as nobody who could run has something to add.
            for _ in 0..TURNS {
                let queued = queue.len();
                tokio::task::yield_now().await;
                if queue.len() == queued {
                    break;
                }
            }
        }
    }

    /// Stores a batch and answers all of it.
    async fn settle(&mut self, batch: Vec<Queued>) {
        let appends: Vec<&Append> = batch.iter().map(|queued| &queued.append).collect();
        let verdicts = match self.store(&appends).await {
            Ok(settled) => {
                self.announce(&settled.committed);
                settled.verdicts
            }
            // One append that the database does not take must not take the others with it: each goes alone.
            Err(Refusal::Rows(_)) if appends.len() > 1 => {
                let mut verdicts = Vec::with_capacity(appends.len());
                for append in &appends {
                    verdicts.push(self.store_one(append).await);
                }
                verdicts
            }
            Err(refusal) => vec![Err(refusal.into()); appends.len()],
        };
        for (queued, verdict) in batch.into_iter().zip(verdicts) {
            queued.tell(verdict);
        }
    }

    async fn store_one(&mut self, append: &Append) -> Result<(), AppendError> {
        let mut settled = self.store(&[append]).await?;
        self.announce(&settled.committed);
        settled.verdicts.pop().unwrap_or(Err(AppendError::Conflict))
    }

    fn announce(&self, committed: &[Committed]) {
        let told = AssertUnwindSafe(|| (self.on_commit)(committed));
        if !committed.is_empty() && std::panic::catch_unwind(told).is_err() {
            tracing::error!("A listener failed; the acts are durable and the writer goes on");
        }
    }

    /// Stores a batch, and remembers where its records stand.
    async fn store(&mut self, appends: &[&Append]) -> Result<Settled, Refusal> {
        let stored = self.try_to_store(appends).await;
        match &stored {
            Ok(settled) => self.known.learn(appends, &settled.verdicts),
            Err(_) => self.known.forget(appends),
        }
        stored
    }

    /// Stores a batch, trying again where that can help.
    async fn try_to_store(&self, appends: &[&Append]) -> Result<Settled, Refusal> {
        let mut doubt: Option<Doubt> = None;
        let mut twice = 0;
        let mut last = None;
        for attempt in 0..TRIES {
            if attempt > 0 {
                tokio::time::sleep(Duration::from_millis(5 << attempt)).await;
            }
            let keys = if twice > 0 { Keys::Met } else { Keys::Fresh };
            let short = if attempt == 0 { quick(&self.db, appends, &self.known).await } else { None };
            let outcome = match short {
                Some(outcome) => outcome,
                None => commit(&self.db, appends, doubt.as_ref().map(|doubt| doubt.witness), keys).await,
            };
            let error = match outcome {
                Ok(Outcome::Settled(settled)) => return Ok(settled),
                Ok(Outcome::HadSettled) => match doubt.take() {
                    Some(doubt) => return Ok(doubt.settled),
                    None => return Err(Refusal::Down("a commit that nobody doubted".to_owned())),
                },
                Err(Failure::Corrupt(what)) => return Err(Refusal::Down(what)),
                Err(Failure::AtCommit(error, new)) => {
                    if Trouble::of(&error) == Trouble::Lost {
                        doubt = Some(new);
                    }
                    error
                }
                Err(Failure::Before(error)) => error,
            };
            match Trouble::of(&error) {
                Trouble::Again | Trouble::Lost => {}
                // A key or a founding that came in between shows itself at the second look.
                Trouble::Twice if twice < 2 => twice += 1,
                Trouble::Twice | Trouble::Rows => return Err(Refusal::Rows(error.to_string())),
                Trouble::Full => return Err(Refusal::Full),
                Trouble::Down => return Err(Refusal::of(&error)),
            }
            tracing::debug!(%error, attempt, "A batch is tried again");
            last = Some(error);
        }
        Err(last.map_or_else(|| Refusal::Down("tried too often".to_owned()), |error| Refusal::of(&error)))
    }
}

/// Why a whole batch was not stored.
enum Refusal {
    /// Something in it contradicts the schema or what is stored.
    Rows(String),
    Full,
    Down(String),
}

impl Refusal {
    fn of(error: &DbErr) -> Refusal {
        tracing::warn!(%error, "A batch of acts was not stored");
        Refusal::Down(error.to_string())
    }
}

impl From<Refusal> for AppendError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Rows(what) => AppendError::Invalid(what),
            Refusal::Full => AppendError::Full,
            Refusal::Down(what) => AppendError::Unavailable(what),
        }
    }
}

/// Everything that has queued behind the first, up to the limits.
fn fill(first: Queued, queue: &mut mpsc::Receiver<Queued>) -> Vec<Queued> {
    let mut acts = first.append.acts.len();
    let mut bytes = size_of(&first.append);
    let mut batch = vec![first];
    while acts < ACTS && bytes < BYTES {
        let Ok(next) = queue.try_recv() else { break };
        acts += next.append.acts.len();
        bytes += size_of(&next.append);
        batch.push(next);
    }
    batch
}

fn size_of(append: &Append) -> usize {
    append.acts.iter().map(|act| 512 + act.body.len() + act.audience.len()).sum()
}
