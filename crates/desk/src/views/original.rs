//! The original of a file where a worker can read it.

use std::path::{Path, PathBuf};

use futures_util::TryStreamExt;
use record::Hash;
use tokio::io::AsyncWriteExt;
use tracing::{error, warn};

use crate::worker::Folder;
use crate::{Desk, Problem};

/// The bytes of a file on this machine: in the store's folder, or as a copy of what is in the bucket, which goes when this is dropped.
#[derive(Debug)]
pub struct Original {
    path: PathBuf,
    _copy: Option<Folder>,
}

impl Original {
    /// Where it is. Only to be read.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Desk {
    /// The original of a file where a worker can read it.
    ///
    /// # Errors
    /// 404 when it is not there; 503 when store, disk or bucket cannot be reached.
    pub async fn original(&self, sha256: Hash) -> Result<Original, Problem> {
        let blobs = self.store.blobs();
        let Some(size) = blobs.size(sha256).await? else {
            error!(file.sha256 = %sha256, "A file is not there");
            return Err(Problem::not_found());
        };
        if let Some(path) = blobs.local_path(sha256) {
            return Ok(Original { path, _copy: None });
        }
        let folder = self.worker.folder().await?;
        let path = folder.path().join("original");
        let bytes = blobs.get_range(sha256, 0..size).await?;
        let copied = async {
            let mut file = tokio::fs::File::create_new(&path).await?;
            let mut reader = tokio_util::io::StreamReader::new(bytes.map_err(std::io::Error::other));
            tokio::io::copy_buf(&mut reader, &mut file).await?;
            file.flush().await
        };
        if let Err(error) = copied.await {
            warn!(file.sha256 = %sha256, %error, "A file was not copied for the worker");
            return Err(Problem::unavailable());
        }
        Ok(Original { path, _copy: Some(folder) })
    }
}
