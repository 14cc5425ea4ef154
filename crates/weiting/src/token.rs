//! `weiting token`: a bearer token for a program that acts as a person (load generators), or for a program of the court that imports.

use anyhow::{Context, bail, ensure};
use court::{IntegrationId, PersonId, Role, beijing};
use desk::{Clock, HostChance, HostClock};
use store::Store;

use crate::serve;
use crate::settings::Settings;

/// Prints a token that is good for as long as a session may last. Nothing else goes to standard output.
pub(crate) async fn print(settings: Settings, person: &str, role: Option<&str>) -> anyhow::Result<()> {
    let store = Store::open(settings.store_options(), |_| ()).await?;
    serve::unlock(&settings, &store).await?;
    let found = match person.parse::<PersonId>() {
        Ok(id) => store.person(id).await?,
        Err(_) => store.person_by_phone(person).await?,
    };
    let person = found.with_context(|| format!("nobody here has the id or phone number {person}"))?;
    let roles = store.roles_of(person.id).await?;
    let role = match (role, roles.as_slice()) {
        (Some(code), _) => Some(Role::from_code(code).with_context(|| format!("there is no role {code:?}"))?),
        (None, [(only, _)]) => Role::from_code(only),
        (None, []) => None,
        (None, several) => {
            let names = several.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ");
            bail!("this person has several roles ({names}); choose one with --role")
        }
    };
    println!("{}", desk::program_token(&store, &HostClock, &HostChance, person.id, role).await?);
    store.close().await;
    Ok(())
}

/// Prints a token for a program of the court, which may import and nothing else. Nothing else goes to standard output.
pub(crate) async fn integration(settings: Settings, name: &str, days: u16) -> anyhow::Result<()> {
    let name = name.trim();
    let fits = (1..=60).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    ensure!(fits, "the name of an integration has 1 to 60 characters");
    let store = Store::open(settings.store_options(), |_| ()).await?;
    println!("{}", desk::integration_token(&store, &HostClock, &HostChance, name, days).await?);
    store.close().await;
    Ok(())
}

/// Prints the tokens of programs of the court: id, whether it holds, until when, when last used, name. Never the token.
pub(crate) async fn list(settings: Settings) -> anyhow::Result<()> {
    let store = Store::open(settings.store_options(), |_| ()).await?;
    let now = beijing::micros(HostClock.now());
    let day = |micros| beijing::short(beijing::from_micros(micros));
    for row in store.integrations().await? {
        let state = match row.revoked_at {
            Some(_) => "revoked",
            None if row.expires_at <= now => "expired",
            None => "valid",
        };
        let used = row.last_used_at.map_or("never".to_owned(), day);
        println!("{}  {}  {state}  until {}  last used {used}  {}", row.id, row.scope, day(row.expires_at), row.name);
    }
    store.close().await;
    Ok(())
}

/// Ends the token of a program of the court, at once.
pub(crate) async fn revoke(settings: Settings, id: IntegrationId) -> anyhow::Result<()> {
    let store = Store::open(settings.store_options(), |_| ()).await?;
    let ended = store.revoke_integration(id, beijing::micros(HostClock.now())).await?;
    store.close().await;
    ensure!(ended, "no integration has the id {id}, or its token was revoked before");
    println!("{id} revoked");
    Ok(())
}
