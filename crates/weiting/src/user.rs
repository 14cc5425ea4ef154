//! `weiting user`: the court's staff from the command line, for the first administrator and for when nobody can log in.

use anyhow::{Context, anyhow, ensure};
use court::{Role, beijing};
use desk::{Chance, Clock, HostChance, HostClock};
use office::{OfficeState, StaffWish};
use store::Store;
use uuid::Uuid;

use crate::settings::Settings;

/// How many offices are printed.
const LISTED: u64 = 10_000;

/// Invites somebody to an office; prints the address at which they accept it after logging in. Nothing else goes to standard output.
pub(crate) async fn invite(settings: Settings, name: &str, phone: &str, role: &str) -> anyhow::Result<()> {
    let known = Role::OFFICES.map(Role::code).join(", ");
    let role = Role::from_code(role).filter(|role| Role::OFFICES.contains(role));
    let role = role.with_context(|| format!("an office is one of {known}"))?;
    let origin = settings.server.origin.clone();
    let store = Store::open(settings.store_options(), |_| ()).await?;
    let asked = StaffWish { name: name.to_owned(), phone: phone.to_owned(), role };
    let invited =
        office::invite(&store, &HostChance, HostClock.now(), <dyn Chance>::id(&HostChance), None, &asked).await;
    store.close().await;
    let invited = invited.map_err(|problem| anyhow!("{}: {}", problem.code(), problem.detail()))?;
    println!("{origin}/office#{}", invited.code);
    eprintln!("good until {}, once, for whoever logs in with {phone}", beijing::short(invited.expires_at));
    Ok(())
}

/// Prints the offices, the latest invited first: id, state, role, since when, name. Never a code.
pub(crate) async fn list(settings: Settings) -> anyhow::Result<()> {
    let store = Store::open(settings.store_options(), |_| ()).await?;
    let now = beijing::micros(HostClock.now());
    for row in store.offices(LISTED).await? {
        let name = store.person(row.person).await?.map(|person| person.name).unwrap_or_default();
        let state = match OfficeState::of(&row, now) {
            OfficeState::Invited => "invited",
            OfficeState::Expired => "expired",
            OfficeState::Active => "active",
            OfficeState::Ended => "ended",
        };
        let since = beijing::short(beijing::from_micros(row.invited_at));
        println!("{}  {state}  {}  invited {since}  {name}", row.id, row.role);
    }
    store.close().await;
    Ok(())
}

/// Ends an office, and every session of its holder: a running program closes their connections within half a second.
pub(crate) async fn end(settings: Settings, id: Uuid) -> anyhow::Result<()> {
    let store = Store::open(settings.store_options(), |_| ()).await?;
    let ended = store.end_office(id, None, beijing::micros(HostClock.now())).await?;
    store.close().await;
    ensure!(ended.is_some(), "there is no office {id}, or it has ended before");
    println!("{id} ended");
    Ok(())
}
