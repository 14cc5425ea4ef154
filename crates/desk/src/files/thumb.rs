//! Thumbnails: small JPEGs made of pixels alone, kept beside the original and marked as derived from it (SR-35).
//!
//! Made when somebody first asks; the job after a photo was shown only makes that first time earlier.

use bytes::Bytes;
use court::UploadId;
use futures_util::TryStreamExt;
use record::Hash;
use serde::Deserialize;
use store::StoreError;
use tracing::{info, warn};

use crate::jobs::Outcome;
use crate::{Desk, Problem};

/// The name of this kind of derived copy in the store.
const KIND: &str = "thumb";

/// The payload of the job `photo.thumbnail`.
#[derive(Deserialize)]
struct Wanted {
    /// Of the original.
    sha256: Hash,
}

/// The handler of the job `photo.thumbnail`: makes the thumbnail of a photo before somebody asks for it.
pub async fn thumbnail_job(desk: Desk, payload: String) -> Outcome {
    let Ok(wanted) = serde_json::from_str::<Wanted>(&payload) else {
        return Outcome::Fail("the payload names no photo".to_owned());
    };
    match of(&desk, wanted.sha256).await {
        Ok(Some(_)) => Outcome::Done,
        Ok(None) => Outcome::Fail("no thumbnail can be made of this photo".to_owned()),
        Err(problem) => Outcome::retry(problem.code()),
    }
}

/// The thumbnail of a photo; none when none can be made of it.
///
/// # Errors
/// 503 when store, disk or bucket cannot be reached.
pub(super) async fn of(desk: &Desk, photo: Hash) -> Result<Option<Hash>, Problem> {
    if let Some(known) = desk.store.derived(photo, KIND).await? {
        return Ok(Some(known));
    }
    if desk.files.is_hopeless(photo) {
        return Ok(None);
    }
    // A task of its own: somebody else may need what a visitor who has left asked for.
    let desk = desk.clone();
    tokio::spawn(async move { make(&desk, photo).await }).await.map_err(|_| Problem::internal())?
}

/// The bytes of a photo's small picture; none when none can be made of it.
///
/// # Errors
/// 503 when store, disk or bucket cannot be reached.
pub async fn small_picture(desk: &Desk, photo: Hash) -> Result<Option<Bytes>, Problem> {
    const MOST: u64 = 4 << 20;
    let Some(copy) = of(desk, photo).await? else { return Ok(None) };
    let parts: Vec<Bytes> = desk.store.blobs().get_range(copy, 0..MOST).await?.try_collect().await?;
    Ok(Some(parts.concat().into()))
}

async fn make(desk: &Desk, photo: Hash) -> Result<Option<Hash>, Problem> {
    let _turn = desk.files.0.thumbnails.acquire().await.map_err(|_| Problem::unavailable())?;
    // While this one waited its turn, another may have made it.
    if let Some(known) = desk.store.derived(photo, KIND).await? {
        return Ok(Some(known));
    }
    let id = UploadId(desk.chance.id());
    // The sweeper leaves staged bytes alone while somebody holds their name.
    let _mine = desk.uploads.hold(id)?;
    let picture = draw(desk, photo, id).await;
    desk.store.staging().remove(id).await?;
    let Some(picture) = picture? else {
        desk.files.is_now_hopeless(photo);
        return Ok(None);
    };
    let copy = desk.store.blobs().put_bytes(picture).await?;
    desk.store.put_derived(photo, KIND, copy).await?;
    info!(file.sha256 = %photo, "Thumbnail made");
    Ok(Some(copy))
}

/// Copies the photo to the local disk and draws it small.
async fn draw(desk: &Desk, photo: Hash, id: UploadId) -> Result<Option<Bytes>, Problem> {
    let bytes = match desk.store.blobs().get_range(photo, 0..papers::FileKind::Photo.max_bytes()).await {
        Ok(bytes) => bytes,
        Err(StoreError::NotFound) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    desk.store.staging().create(id).await?;
    let path = desk.store.staging().path(id);
    let copied = async {
        let mut file = tokio::fs::OpenOptions::new().write(true).open(&path).await?;
        let mut reader = tokio_util::io::StreamReader::new(bytes.map_err(std::io::Error::other));
        tokio::io::copy_buf(&mut reader, &mut file).await?;
        tokio::io::AsyncWriteExt::flush(&mut file).await
    };
    if let Err(error) = copied.await {
        warn!(file.sha256 = %photo, %error, "Photo not copied for its thumbnail");
        return Err(Problem::unavailable());
    }
    let drawn = tokio::task::spawn_blocking(move || papers::thumbnail(&path, papers::THUMBNAIL_EDGE)).await;
    match drawn.map_err(|_| Problem::internal())? {
        Ok(picture) => Ok(Some(picture.into())),
        Err(papers::FileRefusal::Unreadable(error)) => {
            warn!(file.sha256 = %photo, %error, "Photo not read for its thumbnail");
            Err(Problem::unavailable())
        }
        Err(refusal) => {
            info!(file.sha256 = %photo, %refusal, "Photo without thumbnail");
            Ok(None)
        }
    }
}
