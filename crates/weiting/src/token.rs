//! `weiting token`: a bearer token for a program that acts as a person (load generators, integrations).

use anyhow::{Context, bail};
use court::{PersonId, Role};
use desk::{HostChance, HostClock};
use store::Store;

use crate::settings::Settings;

/// Prints a token that is good for as long as a session may last. Nothing else goes to standard output.
pub(crate) async fn print(settings: Settings, person: &str, role: Option<&str>) -> anyhow::Result<()> {
    let store = Store::open(settings.store_options(), |_| ()).await?;
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
