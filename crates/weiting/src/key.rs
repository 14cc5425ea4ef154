//! The key of the court's log: made at the first start, readable by its owner alone; and those who sign beside it.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::Context;
use attestation::{CourtLog, Kept, Witness};
use connect::outbound::{Destination, Outbound, OutboundSettings};
use connect::witness::WitnessPort;
use desk::{Chance, HostChance};
use record::note::SigningKey;
use store::Store;

use crate::settings::{Settings, place};

/// The court's log as this node writes it, in the epoch that the database is in.
pub(crate) async fn log(settings: &Settings, store: &Store) -> anyhow::Result<CourtLog> {
    let epoch = store.tree_epoch().await?.map_or(1, |epoch| epoch.epoch);
    log_of(settings, epoch)
}

/// The court's log of this epoch.
pub(crate) fn log_of(settings: &Settings, epoch: u32) -> anyhow::Result<CourtLog> {
    let code = &settings.court.code;
    let seed = seed(&settings.log_key_file())?;
    let key = SigningKey::log(&CourtLog::origin(code, epoch), &seed).context("the court's code cannot name a log")?;
    Ok(CourtLog::new(code, key, Kept::at(&settings.log_kept_file())))
}

/// The 32 secret bytes in this file, which is made if it is not there.
pub(crate) fn seed(file: &Path) -> anyhow::Result<[u8; 32]> {
    let told = || format!("the key file {}", file.display());
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).with_context(told)?;
    }
    let new = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
    match new {
        Ok(mut open) => {
            let seed = <dyn Chance>::bytes::<32>(&HostChance);
            open.write_all(format!("{}\n", record::Hash(seed)).as_bytes()).with_context(told)?;
            open.sync_all().with_context(told)?;
            Ok(seed)
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            let text = std::fs::read_to_string(file).with_context(told)?;
            let seed: record::Hash = text.trim().parse().with_context(told)?;
            Ok(seed.0)
        }
        Err(error) => Err(error).with_context(told),
    }
}

/// The witnesses that the settings name.
pub(crate) fn witnesses(settings: &Settings) -> anyhow::Result<Vec<Witness>> {
    let mut witnesses = Vec::new();
    for named in &settings.attestation.witnesses {
        let (host, port) = place(&named.url)?;
        let destinations = vec![Destination { host, port, allow_private: named.private }];
        let outbound = Outbound::new(&OutboundSettings { destinations, ..Default::default() })?;
        let key = named.key.parse().with_context(|| format!("the key of the witness {}", named.url))?;
        witnesses.push(Witness { port: WitnessPort::new(&named.url, outbound), key });
    }
    Ok(witnesses)
}

/// `weiting key`: the public key by which others verify what this court signed. Nothing else goes to standard output.
pub(crate) async fn print(settings: &Settings) -> anyhow::Result<()> {
    let store = Store::open(settings.store_options(), |_| ()).await?;
    let log = log(settings, &store).await?;
    store.close().await;
    println!("{}", log.key().verifying());
    Ok(())
}
