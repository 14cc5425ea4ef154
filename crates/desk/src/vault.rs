//! The vault: personal secrets at rest (SR-50).
//!
//! What is put into it is encrypted (AES-256-GCM) under a **data key** of the court, bound to its person and purpose: a row that is moved to another
//! person or used for something else does not open. Data keys stand in the database, wrapped by the **key file**, which stands outside of it; whoever
//! has the database or a backup alone has nothing. The id of the data key stands beside each secret, so that a new key can be taken without touching
//! what is there. Without the right key file nothing is opened and nothing is begun.

use std::collections::HashMap;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use court::PersonId;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use store::{Store, StoreError, VaultKeyRow};
use time::OffsetDateTime;
use tracing::info;
use uuid::Uuid;

use crate::Chance;

/// The bytes of a key.
const KEY: usize = 32;

/// The keys of a court, opened. Cheap to clone; prints nothing.
#[derive(Clone)]
pub struct Vault(Arc<Keys>);

struct Keys {
    court: String,
    by_id: HashMap<Uuid, LessSafeKey>,
    /// Under which new secrets are put.
    newest: Uuid,
}

/// A secret as it may be kept anywhere.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed {
    /// Under which data key.
    pub key: Uuid,
    pub bytes: Vec<u8>,
}

/// The key that wraps the others.
pub struct KeyFile([u8; KEY]);

/// Why the vault stays shut.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    #[error(
        "the key file {0} is missing. A court that begins makes one with: (umask 077; head -c 32 /dev/urandom | od -An -vtx1 | tr -d ' \\n' > {0}). \
         A court that has data puts its own back from where it keeps it: without it, signatures cannot be opened"
    )]
    Missing(String),
    #[error("the key file {path} cannot be read: {error}")]
    Unreadable { path: String, error: std::io::Error },
    #[error("the key file {0} can be read by others than its owner; give it mode 0600")]
    Exposed(String),
    #[error("the key file {0} does not hold 64 hexadecimal digits")]
    Malformed(String),
    #[error(
        "the key file is another one than that with which this court's secrets were locked; put the right one back"
    )]
    WrongKey,
    #[error("a secret is locked with a key that this court does not have")]
    UnknownKey,
    #[error("a secret is damaged, or belongs to somebody or something else")]
    Broken,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl KeyFile {
    /// Reads the key file.
    ///
    /// # Errors
    /// When it is missing, readable by others, or no key.
    pub fn read(path: &Path) -> Result<KeyFile, VaultError> {
        let name = path.display().to_string();
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(VaultError::Missing(name)),
            Err(error) => return Err(VaultError::Unreadable { path: name, error }),
        };
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(path).map(|meta| meta.permissions().mode());
            if mode.map_err(|error| VaultError::Unreadable { path: name.clone(), error })? & 0o077 != 0 {
                return Err(VaultError::Exposed(name));
            }
        }
        let mut key = [0; KEY];
        hex::decode_to_slice(text.trim(), &mut key).map_err(|_| VaultError::Malformed(name))?;
        Ok(KeyFile(key))
    }

    /// Makes a key file where there is none (the demonstration's first start).
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn make(path: &Path, chance: &dyn Chance) -> Result<(), VaultError> {
        let unreadable = |error| VaultError::Unreadable { path: path.display().to_string(), error };
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        match options.open(path) {
            Ok(mut file) => {
                file.write_all(hex::encode(chance.bytes::<KEY>()).as_bytes()).map_err(unreadable)?;
                file.sync_all().map_err(unreadable)
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
            Err(error) => Err(unreadable(error)),
        }
    }

    /// A key that is given.
    pub fn of(key: [u8; KEY]) -> KeyFile {
        KeyFile(key)
    }
}

impl Vault {
    /// Opens the data keys with the key file; makes the first one where there is none.
    ///
    /// # Errors
    /// [`VaultError::WrongKey`] when the key file does not open all of them.
    pub async fn open(
        store: &Store,
        court: &str,
        file: &KeyFile,
        chance: &dyn Chance,
        now: OffsetDateTime,
    ) -> Result<Vault, VaultError> {
        let wrapping = key_of(&file.0);
        let mut rows = store.vault_keys().await?;
        if rows.is_empty() {
            let (id, key) = (chance.id(), chance.bytes::<KEY>());
            let wrapped = seal(&wrapping, chance.bytes(), &wrapping_for(court, id), &key);
            let row = VaultKeyRow { id, wrapped, created_at: court::beijing::micros(now) };
            store.put_vault_key(&row).await?;
            info!(key.id = %id, "The vault has its first key");
            // Another node may have had the same thought: both keys are good.
            rows = store.vault_keys().await?;
        }
        let mut by_id = HashMap::new();
        for row in &rows {
            let opened = open(&wrapping, &wrapping_for(court, row.id), &row.wrapped).ok_or(VaultError::WrongKey)?;
            let key = <[u8; KEY]>::try_from(opened.as_slice()).map_err(|_| VaultError::WrongKey)?;
            by_id.insert(row.id, key_of(&key));
        }
        let newest = rows.last().ok_or(VaultError::UnknownKey)?.id;
        Ok(Vault(Arc::new(Keys { court: court.to_owned(), by_id, newest })))
    }

    /// Locks a secret of a person, for one purpose.
    pub fn lock(&self, chance: &dyn Chance, person: PersonId, purpose: &str, secret: &[u8]) -> Sealed {
        let key = self.0.newest;
        let bytes = seal(&self.0.by_id[&key], chance.bytes(), &self.about(key, person, purpose), secret);
        Sealed { key, bytes }
    }

    /// Opens a secret of this person for this purpose.
    ///
    /// # Errors
    /// [`VaultError::UnknownKey`], [`VaultError::Broken`].
    pub fn unlock(&self, person: PersonId, purpose: &str, key: Uuid, bytes: &[u8]) -> Result<Vec<u8>, VaultError> {
        let with = self.0.by_id.get(&key).ok_or(VaultError::UnknownKey)?;
        open(with, &self.about(key, person, purpose), bytes).ok_or(VaultError::Broken)
    }

    /// What a secret is bound to.
    fn about(&self, key: Uuid, person: PersonId, purpose: &str) -> String {
        format!("weiting vault v1\n{}\n{key}\n{purpose}\n{person}", self.0.court)
    }
}

fn wrapping_for(court: &str, id: Uuid) -> String {
    format!("weiting vault key v1\n{court}\n{id}")
}

fn key_of(bytes: &[u8; KEY]) -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, bytes).expect("a key of 32 bytes is a key"))
}

/// The nonce, then what is encrypted and its tag.
fn seal(key: &LessSafeKey, nonce: [u8; NONCE_LEN], about: &str, plain: &[u8]) -> Vec<u8> {
    let mut bytes = plain.to_vec();
    key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(about.as_bytes()), &mut bytes)
        .expect("what fits in memory can be encrypted");
    [&nonce[..], &bytes].concat()
}

fn open(key: &LessSafeKey, about: &str, bytes: &[u8]) -> Option<Vec<u8>> {
    let (nonce, sealed) = bytes.split_at_checked(NONCE_LEN)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
    let mut plain = sealed.to_vec();
    let length = key.open_in_place(nonce, Aad::from(about.as_bytes()), &mut plain).ok()?.len();
    plain.truncate(length);
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::HostChance;
    use crate::testkit::Kit;

    #[tokio::test]
    async fn sr50_a_secret_opens_for_its_person_and_purpose_alone() {
        let kit = Kit::new().await;
        let vault = &kit.desk.vault;
        let (one, other) = (PersonId(Uuid::from_u128(1)), PersonId(Uuid::from_u128(2)));
        let sealed = vault.lock(&HostChance, one, "signature", "笔画".as_bytes());
        assert!(!sealed.bytes.windows(6).any(|bytes| bytes == "笔画".as_bytes()));
        assert_eq!(vault.unlock(one, "signature", sealed.key, &sealed.bytes).unwrap(), "笔画".as_bytes());
        assert!(matches!(vault.unlock(other, "signature", sealed.key, &sealed.bytes), Err(VaultError::Broken)));
        assert!(matches!(vault.unlock(one, "identity", sealed.key, &sealed.bytes), Err(VaultError::Broken)));
        assert!(matches!(vault.unlock(one, "signature", Uuid::nil(), &sealed.bytes), Err(VaultError::UnknownKey)));
        for at in 0..sealed.bytes.len() {
            let mut bytes = sealed.bytes.clone();
            bytes[at] ^= 1;
            assert!(vault.unlock(one, "signature", sealed.key, &bytes).is_err(), "byte {at}");
        }
    }

    #[tokio::test]
    async fn f29_another_key_file_opens_nothing_and_the_right_one_everything() {
        let kit = Kit::new().await;
        let (store, now) = (&kit.desk.store, kit.desk.now());
        let person = PersonId(Uuid::from_u128(1));
        let sealed = kit.desk.vault.lock(&HostChance, person, "signature", b"x");
        let wrong = Vault::open(store, "沪0113", &KeyFile::of([9; KEY]), &HostChance, now).await;
        assert!(matches!(wrong, Err(VaultError::WrongKey)));
        assert!(matches!(
            Vault::open(store, "沪0101", &Kit::key_file(), &HostChance, now).await,
            Err(VaultError::WrongKey)
        ));
        let again = Vault::open(store, "沪0113", &Kit::key_file(), &HostChance, now).await.unwrap();
        assert_eq!(again.unlock(person, "signature", sealed.key, &sealed.bytes).unwrap(), b"x");
        assert_eq!(store.vault_keys().await.unwrap().len(), 1, "one key is enough");
    }

    #[test]
    fn f29_a_key_file_is_there_for_its_owner_alone_and_holds_a_key() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vault.key");
        let missing = KeyFile::read(&path).err().unwrap();
        assert!(missing.to_string().contains("umask 077"), "{missing}");
        KeyFile::make(&path, &HostChance).unwrap();
        let made = KeyFile::read(&path).unwrap();
        KeyFile::make(&path, &HostChance).unwrap();
        assert_eq!(KeyFile::read(&path).unwrap().0, made.0, "a key file is never written over");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(KeyFile::read(&path), Err(VaultError::Exposed(_))));
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        std::fs::write(&path, "beef").unwrap();
        assert!(matches!(KeyFile::read(&path), Err(VaultError::Malformed(_))));
    }
}
