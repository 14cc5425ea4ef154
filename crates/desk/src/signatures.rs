//! People's signatures: kept in the vault, opened for their person and for the one document that they have confirmed (SR-42).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use court::PersonId;
use court::signature::{Method, Specimen};
use record::Hash;
use serde::{Deserialize, Serialize};
use store::SignatureRow;
use tracing::{error, info};
use uuid::Uuid;

use crate::{Desk, Problem, VaultError};

/// What the vault is told that it keeps.
const PURPOSE: &str = "signature";
/// How often a version is tried that somebody else has just taken.
const ATTEMPTS: usize = 4;

/// A signature as its person gave it.
#[derive(Clone)]
pub struct Signature {
    pub method: Method,
    /// The picture, a PNG.
    pub png: Vec<u8>,
    /// How it was written: points with time and pressure, as the app gave them.
    pub strokes: Option<serde_json::Value>,
    /// The name that was typed.
    pub typed: Option<String>,
}

/// A signature as it is kept.
#[derive(Clone)]
pub struct KeptSignature {
    pub version: u32,
    pub created_at: i64,
    pub commitment: Hash,
    pub signature: Signature,
}

/// What is locked away.
#[derive(Serialize, Deserialize)]
struct Secret {
    /// Of the commitment.
    salt: String,
    png: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    strokes: Option<serde_json::Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    typed: Option<String>,
}

impl Desk {
    /// Keeps a person's signature, as a new version. The same picture again is no new version.
    ///
    /// # Errors
    /// 503 when it cannot be stored.
    pub async fn keep_signature(&self, person: PersonId, signature: &Signature) -> Result<KeptSignature, Problem> {
        for _ in 0..ATTEMPTS {
            let before = self.signature(person).await?;
            if let Some(same) = before.as_ref().filter(|before| before.signature.png == signature.png) {
                return Ok(same.clone());
            }
            let salt = self.chance.bytes();
            let secret = Secret {
                salt: hex::encode(salt),
                png: STANDARD.encode(&signature.png),
                strokes: signature.strokes.clone(),
                typed: signature.typed.clone(),
            };
            let secret = serde_json::to_vec(&secret).map_err(|_| Problem::internal())?;
            let sealed = self.vault.lock(&*self.chance, person, PURPOSE, &secret);
            let row = SignatureRow {
                person,
                version: before.map_or(1, |before| before.version + 1),
                method: signature.method.code().to_owned(),
                commitment: record::commit(&salt, &signature.png),
                key: sealed.key,
                sealed: sealed.bytes,
                created_at: court::beijing::micros(self.now()),
            };
            match self.store.put_signature(&row).await {
                Ok(()) => {
                    info!(person.id = %person, version = row.version, "Signature kept");
                    return self.opened(&row);
                }
                // Two devices at once: the other one's stands, and this one comes after it.
                Err(store::StoreError::Conflict) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(Problem::unavailable())
    }

    /// A person's own signature. Whoever asks for it has made sure that it is theirs.
    ///
    /// # Errors
    /// 503 when it cannot be read.
    pub async fn signature(&self, person: PersonId) -> Result<Option<KeptSignature>, Problem> {
        self.store.signature(person).await?.map(|row| self.opened(&row)).transpose()
    }

    /// The version of a person's signature that their own act has named: for the document which that act confirms, and nothing else.
    ///
    /// # Errors
    /// 503 when it cannot be read.
    pub async fn signature_named(&self, person: PersonId, commitment: Hash) -> Result<Option<KeptSignature>, Problem> {
        self.store.signature_named(person, commitment).await?.map(|row| self.opened(&row)).transpose()
    }

    /// What a decision may know of the actor's signature.
    pub(crate) async fn specimen(&self, person: PersonId) -> Result<Option<Specimen>, Problem> {
        let kept = self.signature(person).await?;
        Ok(kept.map(|kept| Specimen {
            version: kept.version,
            method: kept.signature.method,
            commitment: kept.commitment,
            typed: kept.signature.typed,
        }))
    }

    fn opened(&self, row: &SignatureRow) -> Result<KeptSignature, Problem> {
        let read = || {
            let secret =
                self.vault.unlock(row.person, PURPOSE, row.key, &row.sealed).map_err(|error| error.to_string())?;
            let secret: Secret = serde_json::from_slice(&secret).map_err(|_| "it is not what was locked".to_owned())?;
            let png = STANDARD.decode(&secret.png).map_err(|_| "it is not what was locked".to_owned())?;
            let method = Method::from_code(&row.method).ok_or("its method is unknown")?;
            let mut salt = [0; 32];
            hex::decode_to_slice(&secret.salt, &mut salt).map_err(|_| "it is not what was locked".to_owned())?;
            if record::commit(&salt, &png) != row.commitment {
                return Err("it is not the one that was committed to".to_owned());
            }
            Ok(Signature { method, png, strokes: secret.strokes, typed: secret.typed })
        };
        let signature = read().map_err(|why: String| {
            error!(person.id = %row.person, version = row.version, why, "A signature cannot be opened");
            Problem::internal()
        })?;
        Ok(KeptSignature { version: row.version, created_at: row.created_at, commitment: row.commitment, signature })
    }
}

/// What is locked in a row, locked anew under the key that is used now.
pub(crate) fn relocked(desk: &Desk, row: &SignatureRow) -> Result<(Uuid, Vec<u8>), VaultError> {
    let secret = desk.vault.unlock(row.person, PURPOSE, row.key, &row.sealed)?;
    let anew = desk.vault.lock(&*desk.chance, row.person, PURPOSE, &secret);
    Ok((anew.key, anew.bytes))
}
