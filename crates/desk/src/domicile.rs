//! Where papers are sent to a person: kept in the vault, opened for its person, and, in the version that they confirmed, for the bench of the case.

use court::PersonId;
use court::domicile::Listed;
use record::Hash;
use serde::{Deserialize, Serialize};
use store::DomicileRow;
use tracing::{error, info};
use utoipa::ToSchema;

use crate::{Desk, Problem};

/// What the vault is told that it keeps.
const PURPOSE: &str = "domicile";
/// How often a version is tried that somebody else has just taken.
const ATTEMPTS: usize = 4;

/// By which ways papers may come, beside the post to the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DomicileWay)]
pub enum Way {
    /// 短信
    Sms,
    /// 电子邮件
    Email,
    /// 本平台
    Platform,
}

/// One place to which papers are sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DomicileEntry)]
pub struct Entry {
    /// 受送达人或者代收人.
    #[schema(min_length = 1, max_length = 50)]
    pub recipient: String,
    #[schema(min_length = 1, max_length = 20)]
    pub phone: String,
    /// Six digits, or empty.
    #[serde(default)]
    #[schema(max_length = 6)]
    pub postcode: String,
    #[schema(min_length = 1, max_length = 200)]
    pub address: String,
    /// Electronic ways; each needs the consent to electronic service.
    #[serde(default)]
    #[schema(max_items = 3)]
    pub ways: Vec<Way>,
    /// For the way `email`.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub email: String,
    /// The one that papers go to first.
    #[serde(default)]
    pub default: bool,
}

/// A list as it is kept.
#[derive(Clone)]
pub struct KeptDomicile {
    pub version: u32,
    pub created_at: i64,
    pub commitment: Hash,
    pub entries: Vec<Entry>,
}

/// What is locked away.
#[derive(Serialize, Deserialize)]
struct Secret {
    /// Of the commitment.
    salt: String,
    /// The list, as exactly this text.
    list: String,
}

impl Desk {
    /// Keeps a person's list, as a new version. The same list again is no new version.
    ///
    /// # Errors
    /// 503 when it cannot be stored.
    pub async fn keep_domicile(&self, person: PersonId, entries: &[Entry]) -> Result<KeptDomicile, Problem> {
        for _ in 0..ATTEMPTS {
            let before = self.domicile(person, None).await?;
            if let Some(same) = before.as_ref().filter(|before| before.entries == entries) {
                return Ok(same.clone());
            }
            let salt = self.chance.bytes();
            let list = serde_json::to_string(entries).map_err(|_| Problem::internal())?;
            let commitment = record::commit(&salt, list.as_bytes());
            let secret =
                serde_json::to_vec(&Secret { salt: hex::encode(salt), list }).map_err(|_| Problem::internal())?;
            let sealed = self.vault.lock(&*self.chance, person, PURPOSE, &secret);
            let row = DomicileRow {
                person,
                version: before.map_or(1, |before| before.version + 1),
                commitment,
                key: sealed.key,
                sealed: sealed.bytes,
                created_at: court::beijing::micros(self.now()),
            };
            match self.store.put_domicile(&row).await {
                Ok(()) => {
                    info!(person.id = %person, version = row.version, "Addresses kept");
                    return self.domicile_opened(&row);
                }
                // Two devices at once: the other one's stands, and this one comes after it.
                Err(store::StoreError::Conflict) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(Problem::unavailable())
    }

    /// A person's list: this version, or the latest. Whoever asks has made sure that they may see it.
    ///
    /// # Errors
    /// 503 when it cannot be read.
    pub async fn domicile(&self, person: PersonId, version: Option<u32>) -> Result<Option<KeptDomicile>, Problem> {
        self.store.domicile(person, version).await?.map(|row| self.domicile_opened(&row)).transpose()
    }

    /// What a decision may know of the actor's list.
    pub(crate) async fn domicile_listed(&self, person: PersonId) -> Result<Option<Listed>, Problem> {
        let kept = self.domicile(person, None).await?;
        Ok(kept.filter(|kept| !kept.entries.is_empty()).map(|kept| Listed {
            version: kept.version,
            commitment: kept.commitment,
            count: kept.entries.len() as u32,
            electronic: kept.entries.iter().any(|entry| !entry.ways.is_empty()),
        }))
    }

    fn domicile_opened(&self, row: &DomicileRow) -> Result<KeptDomicile, Problem> {
        let read = || {
            let secret =
                self.vault.unlock(row.person, PURPOSE, row.key, &row.sealed).map_err(|error| error.to_string())?;
            let foreign = || "it is not what was locked".to_owned();
            let secret: Secret = serde_json::from_slice(&secret).map_err(|_| foreign())?;
            let mut salt = [0; 32];
            hex::decode_to_slice(&secret.salt, &mut salt).map_err(|_| foreign())?;
            if record::commit(&salt, secret.list.as_bytes()) != row.commitment {
                return Err("it is not the one that was committed to".to_owned());
            }
            serde_json::from_str(&secret.list).map_err(|_| foreign())
        };
        let entries = read().map_err(|why: String| {
            error!(person.id = %row.person, version = row.version, why, "Addresses cannot be opened");
            Problem::internal()
        })?;
        Ok(KeptDomicile { version: row.version, created_at: row.created_at, commitment: row.commitment, entries })
    }
}
