//! `weiting recover --new-epoch`: goes on after a backup was restored, openly.
//!
//! What was signed before and is lost cannot be brought back. A new log begins, under a new origin and over everything that is left; the
//! reason stands in the database, and whoever holds a receipt of the old log can still show it.

use std::process::ExitCode;

use anyhow::{Context, ensure};
use court::beijing;
use desk::{Clock, HostClock};
use store::{EpochRow, Store};

use crate::key;
use crate::settings::Settings;

/// Begins a new log, and puts everything that is there into it.
pub(crate) async fn recover(settings: &Settings, reason: &str) -> anyhow::Result<ExitCode> {
    ensure!(!reason.trim().is_empty(), "say why with --reason: it is kept with the record");
    let store = Store::open(settings.store_options(), |_| ()).await?;
    let now = beijing::micros(HostClock.now());
    let old = store.tree_epoch().await?.context("there is no log yet: nothing is to be recovered")?;
    let size = store.checkpoint(old.epoch).await?.map_or(0, |checkpoint| checkpoint.size);
    let kept = std::fs::read_to_string(settings.log_kept_file()).ok();
    let signed = kept.as_deref().and_then(|note| note.lines().nth(1)?.parse::<u64>().ok()).unwrap_or(size);
    let log = key::log_of(settings, old.epoch + 1)?;
    let epoch = EpochRow {
        epoch: old.epoch + 1,
        origin: log.key().verifying().name().to_owned(),
        key: log.key().verifying().to_string(),
        begun_at: now,
        reason: format!("{} ended at {size} of {signed} signed acts: {}", old.origin, reason.trim()),
    };
    store.begin_tree_epoch(&epoch).await?;
    let mut grown = 0;
    loop {
        let step = log.step(&store, now).await?;
        for (record, seq, what) in &step.damaged {
            println!("✘ record {record} act {seq}: {what}");
        }
        if step.grown == 0 {
            break;
        }
        grown += step.grown;
    }
    store.set_tree_trouble(None).await?;
    store.close().await;
    println!(
        "{}\n{grown} acts; the log before it was signed up to {signed} acts, of which the database had {size}",
        epoch.origin
    );
    println!("{}", epoch.key);
    Ok(ExitCode::SUCCESS)
}
