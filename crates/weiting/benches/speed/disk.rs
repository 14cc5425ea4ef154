//! What the disk itself can do: the measure of everything else.

use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::table::median;

/// Faster than this is no disk.
const MEMORY: f64 = 20e-6;

/// The median time of one append of 4 KiB to a file in this folder with its fsync, in seconds.
pub(crate) async fn synced_append(folder: &Path, phase: Duration) -> anyhow::Result<f64> {
    let path = folder.join("appended");
    let seconds = tokio::task::spawn_blocking(move || -> std::io::Result<f64> {
        let mut file = std::fs::File::create(&path)?;
        let mut times = Vec::new();
        let end = Instant::now() + phase;
        while Instant::now() < end {
            let begun = Instant::now();
            file.write_all(&[7; 4096])?;
            file.sync_all()?;
            times.push(begun.elapsed().as_secs_f64());
        }
        std::fs::remove_file(path)?;
        Ok(median(&mut times))
    })
    .await??;
    if seconds < MEMORY {
        eprintln!("{} is not on a disk: set TMPDIR to a folder that is, or the ratios mean nothing.", folder.display());
    }
    Ok(seconds)
}
