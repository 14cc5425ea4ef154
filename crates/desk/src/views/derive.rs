//! Making a copy, once, whoever asks for it and how often.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::StatusCode;
use bytes::Bytes;
use papers::work::{Picture, Task};
use record::Hash;
use serde_json::Value;
use store::{CopyFailure, CopyFile, CopyKey, CopyRow, CopyState, StoreError};
use tracing::{info, warn};

use crate::worker::{Done, Made, NotDone};
use crate::{Desk, Problem};

/// After so many attempts that failed by the worker's fault, there is no copy.
const TRIES: u32 = 3;
/// The largest picture that is read into memory to be kept.
const PICTURE_BYTES: u64 = 24 << 20;

/// A copy that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copy {
    pub sha256: Hash,
    pub media_type: String,
    pub size: u64,
    /// Pixels; 0 where it is no picture.
    pub width: u32,
    /// Pixels.
    pub height: u32,
}

/// Why there is no copy.
#[derive(Clone, Debug)]
pub enum Unavailable {
    /// There is none now; asking again may help.
    Now(Problem),
    /// There will be none.
    Ever(CopyFailure),
}

/// Which copies are being made in this process.
#[derive(Clone, Debug, Default)]
pub struct Making(Arc<Mutex<HashMap<CopyKey, Arc<tokio::sync::Mutex<()>>>>>);

impl Desk {
    /// The copy of this name, made by this task if it is not there. `input` is what it is made from, if that is not the original itself.
    ///
    /// # Errors
    /// Why there is none. A file that cannot be shown is remembered, and so is a task that has failed three times.
    pub async fn derive(&self, key: CopyKey, task: &Task, input: Option<Hash>) -> Result<Copy, Unavailable> {
        if let Some(known) = self.known(&key).await? {
            return known;
        }
        // A task of its own: somebody else may need what a visitor who has left asked for.
        let (desk, task) = (self.clone(), task.clone());
        let made = tokio::spawn(async move {
            let _turn = desk.views.turn(&key).await;
            match desk.known(&key).await? {
                Some(known) => known,
                None => desk.make(&key, &task, input).await,
            }
        });
        made.await.map_err(|_| Problem::internal())?
    }

    /// What is known of a copy: it is there, or there will be none. None if it may be made now.
    pub(super) async fn known(&self, key: &CopyKey) -> Result<Option<Result<Copy, Unavailable>>, Unavailable> {
        match self.store.copy(key).await? {
            Some(CopyState::Ready(row)) => {
                let Some(copy) = copy_of(&row) else { return Ok(None) };
                if self.store.blobs().size(copy.sha256).await? == Some(copy.size) {
                    return Ok(Some(Ok(copy)));
                }
                warn!(file.sha256 = %key.original, kind = key.kind, "A copy is noted but not there; it is made again");
                Ok(None)
            }
            Some(CopyState::Failed(failure)) => Ok(Some(Err(Unavailable::Ever(failure)))),
            Some(CopyState::Preparing | CopyState::Failing { .. }) | None => Ok(None),
        }
    }

    async fn make(&self, key: &CopyKey, task: &Task, input: Option<Hash>) -> Result<Copy, Unavailable> {
        let source = self.original(input.unwrap_or(key.original)).await?;
        let done = match self.worker.run::<Value>(task, &[source.path()]).await {
            Ok(done) => done,
            Err(not_done) => return Err(self.not_made(key, not_done).await?),
        };
        match self.keep(task, &done).await? {
            Some(row) => {
                self.store.put_copy(key, &row, court::beijing::micros(self.now())).await?;
                info!(file.sha256 = %key.original, kind = key.kind, n = key.n, "Copy made");
                copy_of(&row).ok_or_else(|| Problem::internal().into())
            }
            None => Err(self.not_made(key, NotDone::Bug("it made something else".to_owned())).await?),
        }
    }

    /// Puts what a worker made into the store, if it is what the task promises.
    async fn keep(&self, task: &Task, done: &Done<Value>) -> Result<Option<CopyRow>, Unavailable> {
        let [made] = done.files.as_slice() else { return Ok(None) };
        let (sha256, media_type) = match task {
            Task::OfficeToPdf { .. } => {
                if !begins_with(made.path(), b"%PDF-").await {
                    return Ok(None);
                }
                (self.store.blobs().put_file(made.path()).await?.0, "application/pdf")
            }
            _ => {
                let Some(jpeg) = jpeg(made, &done.answer).await else { return Ok(None) };
                (self.store.blobs().put_bytes(jpeg).await?, "image/jpeg")
            }
        };
        let file = CopyFile { sha256, media_type: media_type.to_owned(), size: made.size() };
        Ok(Some(CopyRow { file: Some(file), answer: done.answer.to_string() }))
    }

    /// Notes why a copy was not made, if that says something of the file; returns it.
    pub(super) async fn not_made(&self, key: &CopyKey, not_done: NotDone) -> Result<Unavailable, Unavailable> {
        let now = court::beijing::micros(self.now());
        let finally = match &not_done {
            NotDone::Missing(_) | NotDone::Unavailable => false,
            NotDone::Refused(_) => true,
            NotDone::Resource(_) | NotDone::Bug(_) => self.store.count_copy_attempt(key, now).await? >= TRIES,
        };
        warn!(file.sha256 = %key.original, kind = key.kind, n = key.n, class = not_done.class(), finally, "Copy not made");
        if !finally {
            return Ok(Unavailable::Now(not_done.into()));
        }
        let (class, code, detail) = (not_done.class().to_owned(), not_done.code().to_owned(), not_done.detail());
        let failure = CopyFailure { class, code, detail };
        self.store.put_copy_failure(key, &failure, now).await?;
        Ok(Unavailable::Ever(failure))
    }
}

/// The name of a copy.
pub(super) fn key(original: Hash, kind: &str, n: u32) -> CopyKey {
    CopyKey { original, kind: kind.to_owned(), n }
}

fn copy_of(row: &CopyRow) -> Option<Copy> {
    let file = row.file.as_ref()?;
    let (width, height) =
        serde_json::from_str::<Picture>(&row.answer).map_or((0, 0), |picture| (picture.width, picture.height));
    Some(Copy { sha256: file.sha256, media_type: file.media_type.clone(), size: file.size, width, height })
}

/// The bytes of a picture, if they begin and end as a JPEG does and its size was said.
async fn jpeg(made: &Made, answer: &Value) -> Option<Bytes> {
    serde_json::from_value::<Picture>(answer.clone()).ok()?;
    if made.size() > PICTURE_BYTES {
        return None;
    }
    let bytes = tokio::fs::read(made.path()).await.ok()?;
    (bytes.starts_with(b"\xFF\xD8\xFF") && bytes.ends_with(b"\xFF\xD9")).then(|| bytes.into())
}

async fn begins_with(path: &Path, magic: &[u8]) -> bool {
    use tokio::io::AsyncReadExt;
    let mut head = vec![0; magic.len()];
    let Ok(mut file) = tokio::fs::File::open(path).await else { return false };
    file.read_exact(&mut head).await.is_ok() && head == magic
}

impl Making {
    /// The turn to make this copy: whoever else wants it waits, and then finds it made.
    async fn turn(&self, key: &CopyKey) -> impl Drop + use<> {
        let lock = self.locks().entry(key.clone()).or_default().clone();
        let held = lock.lock_owned().await;
        Turn { making: self.clone(), key: key.clone(), held: Some(held) }
    }

    fn locks(&self) -> std::sync::MutexGuard<'_, HashMap<CopyKey, Arc<tokio::sync::Mutex<()>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Turn {
    making: Making,
    key: CopyKey,
    held: Option<tokio::sync::OwnedMutexGuard<()>>,
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut locks = self.making.locks();
        self.held = None;
        // Whoever waits for it holds it too.
        if locks.get(&self.key).is_some_and(|lock| Arc::strong_count(lock) == 1) {
            locks.remove(&self.key);
        }
    }
}

impl Unavailable {
    pub(super) fn of(refusal: &papers::FileRefusal) -> Unavailable {
        let (code, detail) = (refusal.code().to_owned(), refusal.detail());
        Unavailable::Ever(CopyFailure { class: "bad_input".to_owned(), code, detail })
    }
}

impl From<Problem> for Unavailable {
    fn from(problem: Problem) -> Self {
        Unavailable::Now(problem)
    }
}

impl From<StoreError> for Unavailable {
    fn from(error: StoreError) -> Self {
        Unavailable::Now(error.into())
    }
}

impl From<NotDone> for Unavailable {
    fn from(not_done: NotDone) -> Self {
        Unavailable::Now(not_done.into())
    }
}

impl From<Unavailable> for Problem {
    fn from(unavailable: Unavailable) -> Self {
        match unavailable {
            Unavailable::Now(problem) => problem,
            Unavailable::Ever(failure) => {
                // Codes come from two short lists; the store keeps them as text.
                let code = CODES.iter().find(|code| **code == failure.code).copied().unwrap_or("view_unavailable");
                Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, failure.detail)
            }
        }
    }
}

/// The codes of failures that are kept.
const CODES: &[&str] = &[
    "view_unavailable",
    "file_type_unknown",
    "file_type_mismatch",
    "file_too_large",
    "file_broken",
    "picture_too_large",
    "archive_bomb",
    "too_many_pages",
    "no_such_page",
    "file_too_costly",
    "file_encrypted",
    "macro_document",
];
