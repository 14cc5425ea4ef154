//! Uploads on their way in: files in a local folder, written at the end and synced before anybody is told that they are here.

use std::io::SeekFrom;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use court::UploadId;
use record::Hash;
use tokio::fs::{self, File};
use tokio::io::{AsyncSeekExt, AsyncWriteExt, BufWriter};

use crate::blobs::hash_file;
use crate::error::StoreError;

/// Small pieces are gathered until they are worth a write.
const BUFFER: usize = 256 << 10;

/// The staging folder. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Staging {
    folder: Arc<Path>,
}

/// What came of a stream of bytes.
#[derive(Debug)]
pub struct Received {
    /// The upload's length now, durable.
    pub offset: u64,
    /// Why the stream broke off; what came before is kept.
    pub broken_off: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Staging {
    pub(crate) async fn open(folder: &Path) -> Result<Staging, StoreError> {
        let cannot = |error: std::io::Error| {
            StoreError::Settings(format!("the staging folder {} cannot be used: {error}", folder.display()))
        };
        fs::create_dir_all(folder).await.map_err(cannot)?;
        let folder = fs::canonicalize(folder).await.map_err(cannot)?;
        Ok(Staging { folder: folder.into() })
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Makes an empty file for an upload.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] if there is one already; when the disk cannot be written.
    pub async fn create(&self, id: UploadId) -> Result<(), StoreError> {
        match File::create_new(self.path(id)).await {
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => return Err(StoreError::Conflict),
            Err(error) => return Err(disk(error)),
        }
        // The name is durable with the folder, not with the file.
        File::open(&self.folder).await.map_err(disk)?.sync_all().await.map_err(disk)
    }

    /// Puts a file here as the whole of an upload, durable.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] if there is one already; when the disk cannot be written.
    pub async fn put_file(&self, id: UploadId, from: &Path) -> Result<(), StoreError> {
        self.create(id).await?;
        let path = self.path(id);
        fs::copy(from, &path).await.map_err(disk)?;
        File::options().write(true).open(&path).await.map_err(disk)?.sync_all().await.map_err(disk)
    }

    /// Where the bytes of an upload are.
    pub fn path(&self, id: UploadId) -> PathBuf {
        self.folder.join(id.to_string())
    }

    /// SHA-256 and length of what is here of an upload.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; when the disk cannot be read.
    pub async fn hash(&self, id: UploadId) -> Result<(Hash, u64), StoreError> {
        hash_file(&self.path(id)).await
    }

    /// Removes the bytes of an upload; it is no error if there are none.
    ///
    /// # Errors
    /// When the disk cannot be written.
    pub async fn remove(&self, id: UploadId) -> Result<(), StoreError> {
        match fs::remove_file(self.path(id)).await {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(disk(error)),
            _ => Ok(()),
        }
    }

    /// Every upload that has a file here, for the sweeper, which removes those that no row names.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub async fn all(&self) -> Result<Vec<UploadId>, StoreError> {
        let mut entries = fs::read_dir(&self.folder).await.map_err(disk)?;
        let mut ids = Vec::new();
        while let Some(entry) = entries.next_entry().await.map_err(disk)? {
            if let Some(id) = entry.file_name().to_str().and_then(|name| name.parse().ok()) {
                ids.push(id);
            }
        }
        Ok(ids)
    }

    /// Takes the file of an upload for oneself, until the result is dropped. The lock is the operating system's: it also holds against
    /// another process, and goes when the process does.
    pub(crate) async fn lock(&self, id: UploadId) -> Result<Staged, StoreError> {
        let file = match File::options().write(true).open(self.path(id)).await {
            Ok(file) => file.into_std().await,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(StoreError::NotFound),
            Err(error) => return Err(disk(error)),
        };
        match file.try_lock() {
            Ok(()) => Ok(Staged { file: BufWriter::with_capacity(BUFFER, File::from_std(file)), length: 0 }),
            Err(std::fs::TryLockError::WouldBlock) => Err(StoreError::Conflict),
            Err(std::fs::TryLockError::Error(error)) => Err(disk(error)),
        }
    }
}

/// The file of an upload, in the hands of one writer.
#[derive(Debug)]
pub(crate) struct Staged {
    file: BufWriter<File>,
    length: u64,
}

impl Staged {
    /// Goes on at `at` and forgets what is behind it: bytes that were written and never recorded.
    pub(crate) async fn begin_at(&mut self, at: u64) -> Result<(), StoreError> {
        self.file.flush().await.map_err(disk)?;
        let file = self.file.get_mut();
        let there = file.metadata().await.map_err(disk)?.len();
        if there < at {
            return Err(StoreError::Corrupt(format!("{at} bytes of an upload were recorded and {there} are there")));
        }
        file.set_len(at).await.map_err(disk)?;
        file.seek(SeekFrom::Start(at)).await.map_err(disk)?;
        self.length = at;
        Ok(())
    }

    /// How long the file is, with what is still on its way to the disk.
    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    pub(crate) async fn write(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        self.file.write_all(bytes).await.map_err(disk)?;
        self.length += bytes.len() as u64;
        Ok(())
    }

    /// Returns when everything written is on the disk.
    pub(crate) async fn sync(&mut self) -> Result<(), StoreError> {
        self.file.flush().await.map_err(disk)?;
        self.file.get_ref().sync_all().await.map_err(disk)
    }
}

fn disk(error: std::io::Error) -> StoreError {
    match error.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => StoreError::Full,
        _ => StoreError::Unavailable(Box::new(error)),
    }
}
