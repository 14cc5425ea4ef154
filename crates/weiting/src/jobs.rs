//! `weiting jobs`: what was given up, and trying it again.

use anyhow::ensure;
use court::beijing;
use desk::{Clock, HostClock};
use store::Store;

use crate::settings::Settings;

/// How many are printed.
const LISTED: u64 = 200;

/// Prints the jobs that were given up: number, when, kind, attempts, what was said, ids. The latest first.
pub(crate) async fn list(settings: Settings) -> anyhow::Result<()> {
    let store = Store::open(settings.store_options(), |_| ()).await?;
    for (job, at) in store.given_up_jobs(LISTED).await? {
        let at = beijing::short(beijing::from_micros(at));
        let why = job.last_error.unwrap_or_default();
        println!("{}  {at}  {}  {} attempts  {why}  {}", job.id, job.kind, job.attempts, job.payload);
    }
    store.close().await;
    Ok(())
}

/// Lets a job be tried again from the beginning.
pub(crate) async fn retry(settings: Settings, id: i64) -> anyhow::Result<()> {
    let store = Store::open(settings.store_options(), |_| ()).await?;
    let revived = store.revive_job(id, beijing::micros(HostClock.now())).await?;
    store.close().await;
    ensure!(revived, "no job with the number {id} was given up");
    println!("{id} is tried again");
    Ok(())
}
