//! What is on its way between a worker and the store: a folder for each task, gone with it.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// A folder of its own, removed when it is dropped.
#[derive(Debug)]
pub struct Folder(PathBuf);

/// A file that a worker made.
#[derive(Clone, Debug)]
pub struct Made {
    path: PathBuf,
    size: u64,
}

impl Folder {
    /// A new empty folder in `parent`, for nobody else.
    pub(super) async fn new(parent: &Path) -> std::io::Result<Folder> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let name = format!("{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = parent.join(name);
        tokio::fs::create_dir_all(&path).await?;
        let folder = Folder(path);
        tokio::fs::set_permissions(&folder.0, std::fs::Permissions::from_mode(0o700)).await?;
        Ok(folder)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed now is removed at the next start.
        std::fs::remove_dir_all(&self.0).ok();
    }
}

impl Made {
    pub(super) fn new(path: PathBuf, size: u64) -> Made {
        Made { path, size }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How many bytes it has.
    pub fn size(&self) -> u64 {
        self.size
    }
}

/// Removes what programs that are no more have left.
pub(super) fn clear(parent: &Path) {
    let Ok(entries) = std::fs::read_dir(parent) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let Some((process, _)) = name.to_str().and_then(|name| name.split_once('-')) else { continue };
        let lives = process.parse::<u32>().is_err() || Path::new("/proc").join(process).exists();
        if !lives {
            std::fs::remove_dir_all(entry.path()).ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_folder_goes_with_its_task_and_what_a_dead_program_left_goes_at_the_start() {
        let parent = tempfile::tempdir().unwrap();
        let mine = Folder::new(parent.path()).await.unwrap();
        std::fs::write(mine.path().join("page"), "x").unwrap();
        // No process has this number: it is above the highest that Linux gives.
        let dead = parent.path().join("4194305-0");
        std::fs::create_dir(&dead).unwrap();
        let other = parent.path().join("notes");
        std::fs::create_dir(&other).unwrap();
        clear(parent.path());
        assert!(mine.path().exists() && other.exists() && !dead.exists());
        let path = mine.path().to_owned();
        drop(mine);
        assert!(!path.exists());
    }
}
