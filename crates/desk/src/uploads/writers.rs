//! One writer per upload at a time.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::http::StatusCode;
use connect::scanner::Scanner;
use court::UploadId;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::Problem;

/// The uploads that are being written to or checked in this process, and what looks for viruses in them. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Uploads {
    writers: Arc<Mutex<HashMap<UploadId, Writer>>>,
    scanner: Option<Arc<dyn Scanner>>,
}

#[derive(Clone, Debug)]
struct Writer {
    /// Asks the writer to stop reading.
    stop: CancellationToken,
    /// Says that the writer has gone and that what it read is durable.
    gone: CancellationToken,
}

/// The right to write to one upload; given back when dropped.
#[derive(Debug)]
pub(super) struct Writing {
    uploads: Uploads,
    id: UploadId,
    writer: Writer,
}

impl Uploads {
    /// No file is taken before this scanner has found nothing in it (SR-37).
    pub fn scanned_by(scanner: Arc<dyn Scanner>) -> Uploads {
        Uploads { scanner: Some(scanner), ..Uploads::default() }
    }

    /// What looks for viruses, if the court has it.
    pub(super) fn scanner(&self) -> Option<&dyn Scanner> {
        self.scanner.as_deref()
    }

    /// The right to write to this upload.
    ///
    /// # Errors
    /// 423 when somebody else has it.
    pub(super) fn write(&self, id: UploadId) -> Result<Writing, Problem> {
        match self.writers().entry(id) {
            Entry::Occupied(_) => Err(busy()),
            Entry::Vacant(place) => {
                let writer = Writer { stop: CancellationToken::new(), gone: CancellationToken::new() };
                place.insert(writer.clone());
                Ok(Writing { uploads: self.clone(), id, writer })
            }
        }
    }

    /// The right to write, once the present writer has been asked to stop, for a client that has come back: its old connection may be
    /// dead without the server having noticed.
    ///
    /// # Errors
    /// 423 when the writer does not stop in time.
    pub(super) async fn take_over(&self, id: UploadId, patience: Duration) -> Result<Writing, Problem> {
        self.stop(id);
        self.wait(id, patience).await
    }

    /// The right to write, once the present writer has gone.
    ///
    /// # Errors
    /// 423 when it does not go in time.
    pub(super) async fn wait(&self, id: UploadId, patience: Duration) -> Result<Writing, Problem> {
        let turn = async {
            loop {
                let present = self.writers().get(&id).map(|writer| writer.gone.clone());
                match present {
                    Some(gone) => gone.cancelled().await,
                    None => match self.write(id) {
                        Ok(writing) => break writing,
                        Err(_) => tokio::task::yield_now().await,
                    },
                }
            }
        };
        timeout(patience, turn).await.map_err(|_| busy())
    }

    /// Whether somebody writes to this upload or checks it.
    pub(super) fn is_busy(&self, id: UploadId) -> bool {
        self.writers().contains_key(&id)
    }

    fn stop(&self, id: UploadId) {
        if let Some(writer) = self.writers().get(&id) {
            writer.stop.cancel();
        }
    }

    fn writers(&self) -> MutexGuard<'_, HashMap<UploadId, Writer>> {
        self.writers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Writing {
    /// Cancelled when the writer shall stop reading.
    pub(super) fn stop(&self) -> CancellationToken {
        self.writer.stop.clone()
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        self.uploads.writers().remove(&self.id);
        self.writer.gone.cancel();
    }
}

fn busy() -> Problem {
    Problem::new(StatusCode::LOCKED, "upload_busy", "这个文件正在上传或检查，请稍候。").retry_after(1)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[tokio::test]
    async fn one_writes_and_whoever_comes_back_takes_over() {
        let uploads = Uploads::default();
        let id = UploadId(Uuid::from_u128(1));
        let first = uploads.write(id).unwrap();
        assert_eq!(uploads.write(id).unwrap_err().code(), "upload_busy");
        assert_eq!(uploads.take_over(id, Duration::from_millis(10)).await.unwrap_err().code(), "upload_busy");
        assert!(first.stop().is_cancelled(), "asked to stop");
        let stop = first.stop();
        tokio::spawn(async move {
            stop.cancelled().await;
            drop(first);
        });
        let second = uploads.take_over(id, Duration::from_secs(5)).await.unwrap();
        assert!(!second.stop().is_cancelled());
        drop(second);
        assert!(!uploads.is_busy(id));
    }
}
