//! What is left over of uploads that nobody finished or used.

use court::UploadId;
use tracing::{info, warn};

use crate::{Desk, Problem};

/// How many are looked at in one query.
const AT_ONCE: u64 = 200;

/// Removes the uploads whose time is over, and staged bytes that belong to none. Safe at any time.
///
/// # Errors
/// 503 when store or disk cannot be reached; what is left is found the next time.
pub async fn sweep(desk: &Desk) -> Result<(), Problem> {
    let now = court::beijing::micros(desk.now());
    let mut removed = 0_usize;
    loop {
        let expired = desk.store.expired_uploads(now, AT_ONCE).await?;
        let full = expired.len() as u64 == AT_ONCE;
        let before = removed;
        for row in expired {
            let Ok(_writing) = desk.uploads.write(row.id) else { continue };
            if desk.store.remove_upload(row.person, row.id).await? {
                removed += 1;
            }
        }
        if !full || removed == before {
            break;
        }
    }
    let orphans = orphans(desk).await?;
    for id in &orphans {
        if let Err(error) = desk.store.staging().remove(*id).await {
            warn!(upload.id = %id, %error, "Staged bytes not removed");
        }
    }
    if removed + orphans.len() > 0 {
        info!(uploads = removed, orphans = orphans.len(), "Expired uploads removed");
    }
    Ok(())
}

/// Staged files that no unfinished upload names: of a server that stopped while it removed one or made a thumbnail.
async fn orphans(desk: &Desk) -> Result<Vec<UploadId>, Problem> {
    let mut staged = desk.store.staging().all().await?;
    staged.retain(|id| !desk.uploads.is_busy(*id));
    let wanted = desk.store.unfinished_uploads(&staged).await?;
    staged.retain(|id| !wanted.contains(id));
    Ok(staged)
}
