//! Files, kept for ever under the hash of their bytes: in a folder, or in an S3 bucket.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::{BoxStream, StreamExt};
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use object_store::{GetOptions, GetRange, ObjectStore, ObjectStoreExt, PutPayload, RetryConfig, WriteMultipart};
use record::Hash;
use reqwest::Url;
use sha2::{Digest, Sha256};
use tokio::fs::File;
use tokio::io::AsyncReadExt;

use crate::error::StoreError;

/// What is read and written at once. S3 wants parts of at least 5 MiB.
const PART: usize = 8 << 20;
/// Parts of one file on their way at once.
const PARTS: usize = 2;

/// Files by their SHA-256. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Blobs {
    objects: Arc<dyn ObjectStore>,
    /// Before every key, without slashes at its ends; may be empty.
    prefix: Arc<str>,
    /// Where the files are, when they are in a folder.
    folder: Option<Arc<Path>>,
}

impl Blobs {
    /// `file:///dir` or `s3://bucket/prefix?endpoint=…&region=…`.
    pub(crate) fn open(address: &str) -> Result<Blobs, StoreError> {
        Self::open_with(address, AmazonS3Builder::from_env())
    }

    /// The same with keys that are not in the environment, which all tests of a process share.
    #[cfg(test)]
    pub(crate) fn open_with_keys(address: &str, key: &str, secret: &str) -> Result<Blobs, StoreError> {
        Self::open_with(address, AmazonS3Builder::new().with_access_key_id(key).with_secret_access_key(secret))
    }

    fn open_with(address: &str, s3: AmazonS3Builder) -> Result<Blobs, StoreError> {
        let wrong =
            |why: &dyn std::fmt::Display| StoreError::Settings(format!("the files' address cannot be used: {why}"));
        let url = Url::parse(address).map_err(|error| wrong(&error))?;
        match url.scheme() {
            "file" => {
                let folder = url.to_file_path().map_err(|()| wrong(&"a folder is file:///path"))?;
                std::fs::create_dir_all(&folder).map_err(|error| wrong(&error))?;
                // Without syncing, a file could vanish after the act that shows it was acknowledged.
                let objects =
                    LocalFileSystem::new_with_prefix(&folder).map_err(|error| wrong(&error))?.with_fsync(true);
                Ok(Blobs { objects: Arc::new(objects), prefix: "".into(), folder: Some(folder.into()) })
            }
            "s3" => {
                let bucket = url.host_str().ok_or_else(|| wrong(&"a bucket is s3://bucket"))?;
                // The first provider that is installed stays; this is for programs that have installed none.
                let _ = rustls::crypto::ring::default_provider().install_default();
                let mut builder = s3.with_bucket_name(bucket).with_retry(RetryConfig {
                    max_retries: 4,
                    retry_timeout: Duration::from_secs(30),
                    ..RetryConfig::default()
                });
                for (name, value) in url.query_pairs() {
                    builder = match &*name {
                        "endpoint" => {
                            builder.with_allow_http(value.starts_with("http://")).with_endpoint(value.into_owned())
                        }
                        "region" => builder.with_region(value.into_owned()),
                        other => return Err(wrong(&format_args!("{other} is neither endpoint nor region"))),
                    };
                }
                let objects = builder.build().map_err(|error| wrong(&error))?;
                Ok(Blobs { objects: Arc::new(objects), prefix: url.path().trim_matches('/').into(), folder: None })
            }
            _ => Err(wrong(&"it must begin with file:// or s3://")),
        }
    }

    /// Keeps a file; returns its hash and size. A file that is there already is not written again.
    ///
    /// The file is read twice, once to know its name: so nothing unfinished ever has a name, and nothing needs to be copied or swept.
    ///
    /// # Errors
    /// When the file cannot be read or the blob cannot be written; [`StoreError::Conflict`] if the file changes meanwhile.
    pub async fn put_file(&self, path: &Path) -> Result<(Hash, u64), StoreError> {
        let (hash, size) = hash_file(path).await?;
        if self.size(hash).await? == Some(size) {
            return Ok((hash, size));
        }
        if size <= PART as u64 {
            let bytes = tokio::fs::read(path).await.map_err(disk)?;
            return if Hash::of(&bytes) == hash {
                self.put(hash, bytes.into()).await.map(|()| (hash, size))
            } else {
                Err(StoreError::Conflict)
            };
        }
        let mut file = File::open(path).await.map_err(disk)?;
        let upload = self.objects.put_multipart(&self.key(hash)).await.map_err(objects)?;
        let mut write = WriteMultipart::new_with_chunk_size(upload, PART);
        let mut hasher = Sha256::new();
        let done: Result<(), StoreError> = async {
            loop {
                let part = read_part(&mut file).await?;
                if part.is_empty() {
                    break;
                }
                hasher.update(&part);
                write.wait_for_capacity(PARTS).await.map_err(objects)?;
                write.put(part);
            }
            if Hash(hasher.finalize().into()) == hash { Ok(()) } else { Err(StoreError::Conflict) }
        }
        .await;
        match done {
            Ok(()) => write.finish().await.map(|_| (hash, size)).map_err(objects),
            Err(error) => {
                if let Err(error) = write.abort().await {
                    tracing::warn!(%error, "The parts of an unfinished file were left behind");
                }
                Err(error)
            }
        }
    }

    /// Keeps bytes; returns their hash.
    ///
    /// # Errors
    /// When the blob cannot be written.
    pub async fn put_bytes(&self, bytes: Bytes) -> Result<Hash, StoreError> {
        let hash = Hash::of(&bytes);
        if self.size(hash).await? != Some(bytes.len() as u64) {
            self.put(hash, bytes).await?;
        }
        Ok(hash)
    }

    /// The bytes of a file in this range; the end is cut to the file's.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] if there is no such file. A range that begins behind the end is a mistake of the caller, who knows the
    /// size.
    pub async fn get_range(
        &self,
        hash: Hash,
        range: Range<u64>,
    ) -> Result<BoxStream<'static, Result<Bytes, StoreError>>, StoreError> {
        if range.is_empty() {
            return Ok(futures_util::stream::empty().boxed());
        }
        let options = GetOptions { range: Some(GetRange::Bounded(range)), ..GetOptions::default() };
        let found = self.objects.get_opts(&self.key(hash), options).await.map_err(objects)?;
        Ok(found.into_stream().map(|chunk| chunk.map_err(objects)).boxed())
    }

    /// All bytes of a file that is small enough to be held in memory.
    ///
    /// # Errors
    /// [`StoreError::TooLarge`] if it has more than `limit` bytes; [`StoreError::NotFound`].
    pub async fn get_bytes(&self, hash: Hash, limit: u64) -> Result<Bytes, StoreError> {
        let found = self.objects.get(&self.key(hash)).await.map_err(objects)?;
        if found.meta.size > limit {
            return Err(StoreError::TooLarge);
        }
        found.bytes().await.map_err(objects)
    }

    /// How many bytes a file has; none if it is not there.
    ///
    /// # Errors
    /// When folder or bucket cannot be reached.
    pub async fn size(&self, hash: Hash) -> Result<Option<u64>, StoreError> {
        match self.objects.head(&self.key(hash)).await {
            Ok(meta) => Ok(Some(meta.size)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(objects(error)),
        }
    }

    /// Whether a file is there.
    ///
    /// # Errors
    /// When folder or bucket cannot be reached.
    pub async fn exists(&self, hash: Hash) -> Result<bool, StoreError> {
        Ok(self.size(hash).await?.is_some())
    }

    /// Reads a file again and hashes what is there; none if it is not there.
    ///
    /// # Errors
    /// When folder or bucket cannot be reached.
    pub async fn hash(&self, hash: Hash) -> Result<Option<Hash>, StoreError> {
        let found = match self.objects.get(&self.key(hash)).await {
            Ok(found) => found,
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(objects(error)),
        };
        let mut hasher = Sha256::new();
        let mut parts = found.into_stream();
        while let Some(part) = parts.next().await {
            hasher.update(&part.map_err(objects)?);
        }
        Ok(Some(Hash(hasher.finalize().into())))
    }

    /// Where a file is on this machine, if files are kept in a folder. It must not be written to.
    pub fn local_path(&self, hash: Hash) -> Option<PathBuf> {
        Some(self.folder.as_ref()?.join(self.key(hash).as_ref()))
    }

    /// The folder in which the files are, if they are in one.
    pub(crate) fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// Writes a few bytes under a name that is no hash, and reads them again.
    pub(crate) async fn ping(&self) -> Result<(), StoreError> {
        let name = self.prefix.split('/').filter(|part| !part.is_empty()).chain(["readiness"]).collect::<Key>();
        self.objects.put(&name, PutPayload::from_static(b"written")).await.map_err(objects)?;
        let there = self.objects.get(&name).await.map_err(objects)?.bytes().await.map_err(objects)?;
        if there == "written" { Ok(()) } else { Err(StoreError::Corrupt("a file came back as another".to_owned())) }
    }

    /// Removes a file; it is no error if it is not there.
    pub(crate) async fn remove(&self, hash: Hash) -> Result<(), StoreError> {
        match self.objects.delete(&self.key(hash)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(objects(error)),
        }
    }

    async fn put(&self, hash: Hash, bytes: Bytes) -> Result<(), StoreError> {
        self.objects.put(&self.key(hash), PutPayload::from_bytes(bytes)).await.map_err(objects)?;
        Ok(())
    }

    /// `sha256/ab/cd/<64 digits>`: no folder gets too many names.
    fn key(&self, hash: Hash) -> Key {
        let name = hash.to_string();
        let parts = ["sha256", &name[..2], &name[2..4], &name];
        self.prefix.split('/').filter(|part| !part.is_empty()).chain(parts).collect()
    }
}

pub(crate) async fn hash_file(path: &Path) -> Result<(Hash, u64), StoreError> {
    let mut file = File::open(path).await.map_err(disk)?;
    let mut hasher = Sha256::new();
    let mut size = 0;
    loop {
        let part = read_part(&mut file).await?;
        if part.is_empty() {
            return Ok((Hash(hasher.finalize().into()), size));
        }
        size += part.len() as u64;
        // Some milliseconds of work: others get their turn before the next part.
        hasher.update(&part);
        tokio::task::yield_now().await;
    }
}

/// The next part of a file, shorter than [`PART`] only at the end.
async fn read_part(file: &mut File) -> Result<Bytes, StoreError> {
    let mut part = Vec::with_capacity(PART);
    file.take(PART as u64).read_to_end(&mut part).await.map_err(disk)?;
    Ok(part.into())
}

fn objects(error: object_store::Error) -> StoreError {
    match error {
        object_store::Error::NotFound { .. } => StoreError::NotFound,
        other if full(&other) => StoreError::Full,
        other => StoreError::Unavailable(Box::new(other)),
    }
}

/// The library wraps what the operating system said in layers of its own.
fn full(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(io) = error.downcast_ref::<std::io::Error>() {
            return matches!(io.kind(), std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded);
        }
        cause = error.source();
    }
    false
}

fn disk(error: std::io::Error) -> StoreError {
    match error.kind() {
        std::io::ErrorKind::NotFound => StoreError::NotFound,
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => StoreError::Full,
        _ => StoreError::Unavailable(Box::new(error)),
    }
}
