//! New data keys while the court works (SR-51).
//!
//! A new key is written down first and comes into use a minute later, when every node has looked for it ([`follow`](Desk::follow_keys)). Then a job
//! gives it to what is sealed under older ones, some rows at a time; both open meanwhile. Older keys stay, wrapped: backups are opened with them.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use store::{NewJob, Reached, SignatureRow, Store, StoreError};
use time::OffsetDateTime;
use tracing::{info, warn};
use uuid::Uuid;

use crate::jobs::Outcome;
use crate::{Chance, Desk, Vault};

/// The kind of the job.
pub const RESEAL: &str = "keys.reseal";
/// How often nodes look for new keys.
const LOOK: Duration = Duration::from_secs(10);
/// When everything that is written is under the new key: it is in use after a minute, and every node knows it.
const SETTLED: time::Duration = time::Duration::seconds(90);
/// How many portions of rows one job does before it leaves the rest to the next, so that others have their turn.
const PORTIONS: usize = 20;
/// Signatures of one portion.
const SIGNATURES: u64 = 50;

/// The payload: how far it came.
#[derive(Default, Serialize, Deserialize)]
struct From {
    column: usize,
    row: Uuid,
}

/// Makes a new data key, and the job that gives it to what is there. Returns its id.
///
/// # Errors
/// When the database cannot be written.
pub async fn rotate(
    store: &Store,
    vault: &Vault,
    chance: &dyn Chance,
    now: OffsetDateTime,
) -> Result<Uuid, StoreError> {
    let key = vault.next_key(chance, now);
    store.put_next_vault_key(&key, &job(&From::default(), now + SETTLED)).await?;
    info!(key.id = %key.id, "A new data key comes into use in a minute");
    Ok(key.id)
}

fn job(from: &From, at: OffsetDateTime) -> NewJob {
    NewJob { kind: RESEAL.to_owned(), payload: serde_json::json!(from).to_string(), run_at: court::beijing::micros(at) }
}

/// The handler of the job `keys.reseal`.
pub async fn reseal(desk: Desk, payload: String) -> Outcome {
    let Ok(from) = serde_json::from_str::<From>(&payload) else {
        return Outcome::Fail("the payload does not say how far it came".to_owned());
    };
    if let Err(error) = desk.vault.refresh(&desk.store, desk.now()).await {
        return Outcome::retry(error.to_string());
    }
    let mut at = Reached { column: from.column, row: from.row };
    for _ in 0..PORTIONS {
        match desk.store.reseal(at).await {
            Ok(Some(reached)) => at = reached,
            Ok(None) => return signatures(&desk).await,
            Err(StoreError::Corrupt(what)) => return Outcome::Fail(what),
            Err(error) => return Outcome::retry(error.to_string()),
        }
    }
    let rest = job(&From { column: at.column, row: at.row }, desk.now());
    match desk.store.enqueue_job(&rest).await {
        Ok(()) => Outcome::Done,
        Err(error) => Outcome::retry(error.to_string()),
    }
}

/// The signatures, which are locked for their persons.
async fn signatures(desk: &Desk) -> Outcome {
    let current = desk.vault.current();
    loop {
        let rows = match desk.store.signatures_not_under(current, SIGNATURES).await {
            Ok(rows) if rows.is_empty() => {
                info!(key.id = %current, "Everything is sealed under the newest key");
                return Outcome::Done;
            }
            Ok(rows) => rows,
            Err(error) => return Outcome::retry(error.to_string()),
        };
        for row in rows {
            let anew = crate::signatures::relocked(desk, &row);
            let done = match anew {
                Ok((key, sealed)) => desk.store.reseal_signature(&SignatureRow { key, sealed, ..row }).await,
                Err(error) => return Outcome::Fail(error.to_string()),
            };
            if let Err(error) = done {
                return Outcome::retry(error.to_string());
            }
        }
    }
}

impl Desk {
    /// Looks for new keys until `stop`.
    pub async fn follow_keys(&self, stop: impl Future<Output = ()>) {
        let follow = async {
            loop {
                tokio::time::sleep(LOOK).await;
                if let Err(error) = self.vault.refresh(&self.store, self.now()).await {
                    warn!(%error, "It was not looked for new keys");
                }
            }
        };
        tokio::select! {
            () = stop => {}
            () = follow => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testkit::Kit;

    #[tokio::test]
    async fn sr51_a_new_key_is_given_to_everything_while_people_come_and_go() {
        let kit = Kit::new().await;
        let (desk, first) = (&kit.desk, kit.desk.vault.current());
        for n in 0..450 {
            kit.person("王一方", &format!("1990001{n:04}")).await;
        }
        let id = rotate(&desk.store, &desk.vault, &*desk.chance, desk.now()).await.unwrap();
        desk.vault.refresh(&desk.store, desk.now()).await.unwrap();
        assert_eq!(desk.vault.current(), first, "other nodes do not have it yet");
        kit.clock.advance(time::Duration::seconds(91));
        desk.vault.refresh(&desk.store, desk.now()).await.unwrap();
        assert_eq!(desk.vault.current(), id);
        let newcomer = kit.person("赵二川", "19900029999").await;
        let others = {
            let desk = desk.clone();
            tokio::spawn(async move {
                for n in 0..200 {
                    let found = desk.store.person_by_phone(&format!("1990001{n:04}")).await.unwrap();
                    assert!(found.is_some(), "both keys open");
                }
            })
        };
        assert_eq!(
            reseal(desk.clone(), "{\"column\":0,\"row\":\"00000000-0000-0000-0000-000000000000\"}".to_owned()).await,
            Outcome::Done
        );
        others.await.unwrap();
        // Nobody has the first key any more; everything opens.
        desk.vault.forget(first);
        for n in 0..450 {
            assert!(desk.store.person_by_phone(&format!("1990001{n:04}")).await.unwrap().is_some());
        }
        assert!(desk.store.person(newcomer).await.unwrap().is_some());
    }
}
