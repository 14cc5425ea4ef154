//! `weiting keys`: the keys under which personal data are sealed.

use court::beijing;
use desk::{Clock, HostChance, HostClock};
use store::Store;

use crate::serve;
use crate::settings::Settings;

/// Takes a new key. Servers that run use it a minute later, and one of them gives it to everything that is sealed.
pub(crate) async fn rotate(settings: &Settings) -> anyhow::Result<()> {
    let store = Store::open(settings.store_options(), |_| ()).await?;
    let vault = serve::unlock(settings, &store).await?;
    let id = desk::keys::rotate(&store, &vault, &HostChance, HostClock.now()).await?;
    store.close().await;
    println!("{id}  in use in one minute; a server that runs then gives it to everything that is sealed");
    Ok(())
}

/// Prints the keys: id, when it was made, whether new data are sealed under it.
pub(crate) async fn list(settings: &Settings) -> anyhow::Result<()> {
    let store = Store::open(settings.store_options(), |_| ()).await?;
    let vault = serve::unlock(settings, &store).await?;
    for row in store.vault_keys().await? {
        let state = if row.id == vault.current() { "in use" } else { "opens what is older" };
        println!("{}  {}  {state}", row.id, beijing::short(beijing::from_micros(row.created_at)));
    }
    store.close().await;
    Ok(())
}
