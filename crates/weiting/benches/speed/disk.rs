//! What the disk itself can do: the measure of everything else.

use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::table::median;

/// Faster than this is no disk.
const MEMORY: f64 = 20e-6;

/// The times of single appends of 4 KiB to a file in this folder, each with its fsync, so many a second: an idle disk takes longer to
/// answer than one that is kept busy. In seconds.
pub(crate) async fn paced_appends(folder: &Path, per_second: u64, phase: Duration) -> anyhow::Result<Vec<f64>> {
    let path = folder.join("appended");
    let every = Duration::from_millis(1000 / per_second);
    let times = tokio::task::spawn_blocking(move || -> std::io::Result<Vec<f64>> {
        let mut file = std::fs::File::create(&path)?;
        let mut times = Vec::new();
        let end = Instant::now() + phase;
        while Instant::now() < end {
            std::thread::sleep(every);
            let begun = Instant::now();
            file.write_all(&[7; 4096])?;
            file.sync_all()?;
            times.push(begun.elapsed().as_secs_f64());
        }
        std::fs::remove_file(path)?;
        Ok(times)
    });
    Ok(times.await??)
}

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
