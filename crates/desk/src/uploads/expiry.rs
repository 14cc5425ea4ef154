//! What is left over of uploads that nobody finished or used.

use court::UploadId;
use time::Duration;
use tracing::{info, warn};

use crate::{Desk, Problem};

/// How many are looked at in one query.
const AT_ONCE: u64 = 200;
/// How long the file of a removed upload stays: long enough for somebody to see what went wrong, if something did.
const GRACE: Duration = Duration::hours(1);

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
            if desk.store.remove_upload(row.person, row.id, now).await? {
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

/// Removes the files of uploads that were removed unused, unless something else names them. Safe at any time and on several nodes.
///
/// # Errors
/// 503 when database, folder or bucket cannot be reached; what is left is found the next time.
pub async fn sweep_orphans(desk: &Desk) -> Result<(), Problem> {
    let before = court::beijing::micros(desk.now() - GRACE);
    let mut removed = 0_usize;
    loop {
        let orphans = desk.store.orphans(before, AT_ONCE).await?;
        if orphans.is_empty() {
            break;
        }
        for sha256 in orphans {
            removed += usize::from(desk.store.remove_orphan(sha256).await?);
        }
    }
    if removed > 0 {
        info!(files = removed, "Files of expired uploads removed");
    }
    Ok(())
}

/// Staged files that no unfinished upload names: of a server that stopped while it removed one.
async fn orphans(desk: &Desk) -> Result<Vec<UploadId>, Problem> {
    let mut staged = desk.store.staging().all().await?;
    staged.retain(|id| !desk.uploads.is_busy(*id));
    let wanted = desk.store.staged_uploads(&staged).await?;
    staged.retain(|id| !wanted.contains(id));
    Ok(staged)
}
