//! Whether what the store stands on can still be worked with: asked by those who watch the program, never by what people do.

use std::path::Path;

use crate::error::StoreError;
use crate::store::Store;

/// How much of the disks is left on which the store writes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DiskLeft {
    /// Of the fullest of them: 0 to 1.
    pub share: f64,
    /// On the one with the fewest, in bytes.
    pub bytes: u64,
}

impl Store {
    /// Whether the database takes a write: one that only reads would look well on a full disk.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] or [`StoreError::Full`] if not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.put_meta("readiness", "written").await
    }

    /// Whether files can be kept and come back as they were.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] or [`StoreError::Full`] if not; [`StoreError::Corrupt`] if something else comes back.
    pub async fn ping_blobs(&self) -> Result<(), StoreError> {
        self.blobs().ping().await
    }

    /// How much is left of the local disks of the database, the files and the staging folder.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when a disk does not say.
    pub fn disk_left(&self) -> Result<DiskLeft, StoreError> {
        let mut left = DiskLeft { share: 1.0, bytes: u64::MAX };
        for folder in self.folders() {
            let one = of(&folder)?;
            left = DiskLeft { share: left.share.min(one.share), bytes: left.bytes.min(one.bytes) };
        }
        Ok(left)
    }
}

/// What is left where this folder is, for those who are not root.
fn of(folder: &Path) -> Result<DiskLeft, StoreError> {
    let disk =
        rustix::fs::statvfs(folder).map_err(|error| StoreError::Unavailable(Box::new(std::io::Error::from(error))))?;
    let usable = disk.f_blocks.saturating_sub(disk.f_bfree.saturating_sub(disk.f_bavail)).max(1);
    Ok(DiskLeft { share: disk.f_bavail as f64 / usable as f64, bytes: disk.f_bavail.saturating_mul(disk.f_frsize) })
}
