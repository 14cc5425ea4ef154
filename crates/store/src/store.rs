//! Opening and closing; the one handle that everything above holds.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use tokio_util::sync::{CancellationToken, DropGuard};

use crate::blobs::Blobs;
use crate::db::Db;
use crate::error::StoreError;
use crate::ledger::{Append, Committed, Ledger, Pending};
use crate::seals::Seals;
use crate::staging::Staging;

/// Where a court keeps its data.
#[derive(Clone, Debug)]
pub struct StoreOptions {
    /// `sqlite:///path/weiting.db` or `postgres://…`.
    pub database: String,
    /// `file:///dir`, or `s3://bucket?endpoint=…&region=…` with `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY` in the environment.
    pub blobs: String,
    /// A folder on a local disk for uploads on their way in.
    pub staging: PathBuf,
    /// How many queries may read at once.
    pub max_readers: u32,
}

/// The court's data: records, everything beside them, and files. Cheap to clone.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    db: Db,
    ledger: Ledger,
    blobs: Blobs,
    staging: Staging,
    /// What seals personal data, once the court's key is there.
    seals: OnceLock<Arc<dyn Seals>>,
    /// Ends with the last handle, and what runs beside the store with it.
    _open: DropGuard,
}

impl Store {
    /// Opens the database (bringing its schema up to date), the blobs and the staging folder, and starts the writer.
    ///
    /// `on_commit` is called in the writer after every commit and before any of its appends is acknowledged; it must be quick. For one
    /// record the calls come in the order of its acts.
    ///
    /// # Errors
    /// [`StoreError::Settings`] says what to change.
    pub async fn open(
        options: StoreOptions,
        on_commit: impl Fn(&[Committed]) + Send + Sync + 'static,
    ) -> Result<Store, StoreError> {
        let staging = Staging::open(&options.staging).await?;
        let blobs = Blobs::open(&options.blobs)?;
        let db = Db::open(&options.database, options.max_readers).await?;
        let open = CancellationToken::new();
        if let Some(checkpoint) = db.checkpoint() {
            tokio::spawn(open.clone().run_until_cancelled_owned(checkpoint.clone().run()));
        }
        let ledger = Ledger::start(&db, Arc::new(on_commit));
        Ok(Store(Arc::new(Inner { db, ledger, blobs, staging, seals: OnceLock::new(), _open: open.drop_guard() })))
    }

    /// Takes no more appends, commits those that are queued, and closes the database.
    pub async fn close(&self) {
        self.0.ledger.close().await;
        self.0.db.close().await;
    }

    /// Whether the database takes a write (readiness): one that only reads would look well on a full disk.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] or [`StoreError::Full`] if not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.put_meta("readiness", "written").await
    }

    /// Queues an append, without waiting: what is queued first is committed first. Of one record, every append names the head that the
    /// one before it leaves.
    pub fn append(&self, append: Append) -> Pending {
        self.0.ledger.append(append)
    }

    /// Refuses every append from now on; reading goes on. For a record that is not the one that was acknowledged.
    pub fn close_to_acts(&self) {
        self.0.ledger.close_to_acts();
    }

    /// Files, by their hash.
    pub fn blobs(&self) -> &Blobs {
        &self.0.blobs
    }

    /// Uploads on their way in.
    pub fn staging(&self) -> &Staging {
        &self.0.staging
    }

    /// What seals personal data. The first that was handed in stays.
    pub(crate) fn put_seals(&self, seals: Arc<dyn Seals>) {
        self.0.seals.get_or_init(|| seals);
    }

    /// What seals personal data.
    ///
    /// # Errors
    /// [`StoreError::Locked`] before [`Store::unlock`].
    pub(crate) fn seals(&self) -> Result<&dyn Seals, StoreError> {
        self.0.seals.get().map(Arc::as_ref).ok_or(StoreError::Locked)
    }

    pub(crate) fn db(&self) -> &Db {
        &self.0.db
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("db", &self.0.db).finish_non_exhaustive()
    }
}
