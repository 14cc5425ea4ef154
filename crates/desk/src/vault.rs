//! The vault: personal secrets at rest (SR-50).
//!
//! What is put into it is encrypted (AES-256-GCM) under a **data key** of the court, bound to its person and purpose: a row that is moved to another
//! person or used for something else does not open. Data keys stand in the database, wrapped by the **key file**, which stands outside of it; whoever
//! has the database or a backup alone has nothing. The id of the data key stands beside each secret, so that a new key can be taken without touching
//! what is there. Without the right key file nothing is opened and nothing is begun.

use std::collections::HashMap;
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, RwLock};

use court::PersonId;
use hmac::{Hmac, KeyInit, Mac};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use sha2::Sha256;
use store::{Datum, Place, Seals, Store, StoreError, VaultKeyRow};
use time::{Duration, OffsetDateTime};
use tracing::info;
use uuid::Uuid;

use crate::Chance;

/// The bytes of a key.
const KEY: usize = 32;

/// A new key is used when it is this old: by then every node has it.
const COMES_INTO_USE: Duration = Duration::seconds(60);
/// The name under which the wrapped index key is kept.
const INDEX: &str = "vault.index_key";
/// What files under keys of their own are bound to.
const FILE: &str = "weiting file v1";
/// The bytes of a key's id.
const ID: usize = 16;

/// The keys of a court, opened. Cheap to clone; prints nothing.
#[derive(Clone)]
pub struct Vault(Arc<Inner>);

struct Inner {
    court: String,
    wrapping: LessSafeKey,
    index: [u8; KEY],
    data: RwLock<DataKeys>,
}

struct DataKeys {
    by_id: HashMap<Uuid, LessSafeKey>,
    /// Under which new secrets are put.
    current: Uuid,
}

/// The vault as the store uses it for its sealed columns.
pub struct Sealing {
    vault: Vault,
    chance: Arc<dyn Chance>,
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
         A court that has data puts its own back from where it keeps it: without it, nothing personal can be opened"
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
    /// Opens the data keys with the key file, makes the first ones where there are none, and hands the store what seals its columns: what stands
    /// there in clear is sealed before this returns.
    ///
    /// # Errors
    /// [`VaultError::WrongKey`] when the key file does not open all of them.
    pub async fn open(
        store: &Store,
        court: &str,
        file: &KeyFile,
        chance: Arc<dyn Chance>,
        now: OffsetDateTime,
    ) -> Result<Vault, VaultError> {
        let wrapping = key_of(&file.0);
        if store.vault_keys().await?.is_empty() {
            // Nodes that begin at the same moment make the same first key: the database takes one of them.
            let hash = record::Hash::of(format!("weiting first key\n{court}").as_bytes());
            let id = uuid::Builder::from_random_bytes(hash.0[..ID].try_into().unwrap_or_default()).into_uuid();
            match store.put_vault_key(&new_key(&wrapping, court, id, &*chance, now)).await {
                Ok(()) => info!(key.id = %id, "The vault has its first key"),
                Err(StoreError::Conflict) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let data = RwLock::new(DataKeys::open(&store.vault_keys().await?, &wrapping, court, now)?);
        let index = seal(&wrapping, chance.bytes(), &index_for(court), &chance.bytes::<KEY>());
        let index = store.put_meta_if_absent(INDEX, &hex::encode(index)).await?;
        let index = hex::decode(index).ok().and_then(|wrapped| open(&wrapping, &index_for(court), &wrapped));
        let index = index.and_then(|key| key.try_into().ok()).ok_or(VaultError::WrongKey)?;
        let vault = Vault(Arc::new(Inner { court: court.to_owned(), wrapping, index, data }));
        store.unlock(Arc::new(Sealing { vault: vault.clone(), chance })).await?;
        Ok(vault)
    }

    /// Hands another store of the same court what seals its columns.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn unlock_store(&self, store: &Store, chance: Arc<dyn Chance>) -> Result<(), StoreError> {
        store.unlock(Arc::new(Sealing { vault: self.clone(), chance })).await
    }

    /// Looks for keys that were made meanwhile, and uses the newest that has come into use.
    ///
    /// # Errors
    /// When the database cannot be read, or a key does not open.
    pub async fn refresh(&self, store: &Store, now: OffsetDateTime) -> Result<(), VaultError> {
        let found = DataKeys::open(&store.vault_keys().await?, &self.0.wrapping, &self.0.court, now)?;
        *self.0.data.write().unwrap_or_else(std::sync::PoisonError::into_inner) = found;
        Ok(())
    }

    /// A new data key, to be kept; it comes into use a minute from now.
    pub(crate) fn next_key(&self, chance: &dyn Chance, now: OffsetDateTime) -> VaultKeyRow {
        new_key(&self.0.wrapping, &self.0.court, chance.id(), chance, now)
    }

    /// The key under which new secrets are put.
    pub fn current(&self) -> Uuid {
        self.data(|keys| keys.current)
    }

    /// Locks a secret of a person, for one purpose.
    pub fn lock(&self, chance: &dyn Chance, person: PersonId, purpose: &str, secret: &[u8]) -> Sealed {
        self.data(|keys| {
            let key = keys.current;
            let bytes = seal(&keys.by_id[&key], chance.bytes(), &self.about(key, person, purpose), secret);
            Sealed { key, bytes }
        })
    }

    /// Opens a secret of this person for this purpose.
    ///
    /// # Errors
    /// [`VaultError::UnknownKey`], [`VaultError::Broken`].
    pub fn unlock(&self, person: PersonId, purpose: &str, key: Uuid, bytes: &[u8]) -> Result<Vec<u8>, VaultError> {
        self.data(|keys| {
            let with = keys.by_id.get(&key).ok_or(VaultError::UnknownKey)?;
            open(with, &self.about(key, person, purpose), bytes).ok_or(VaultError::Broken)
        })
    }

    /// A keyed hash of what somebody said, for comparing: of a short number the plain hash would be as good as the number.
    pub fn fingerprint(&self, text: &str) -> record::Hash {
        record::Hash(self.keyed(&format!("weiting fingerprint v1\n{text}")))
    }

    fn keyed(&self, text: &str) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0.index).expect("HMAC takes keys of every length");
        mac.update(text.as_bytes());
        mac.finalize().into_bytes().into()
    }

    /// Encrypts a file under a key of its own, which is returned with it: who forgets the key has destroyed the file.
    pub fn lock_file(chance: &dyn Chance, plain: &[u8]) -> (Vec<u8>, Vec<u8>) {
        let key = chance.bytes::<KEY>();
        (key.to_vec(), seal(&key_of(&key), chance.bytes(), FILE, plain))
    }

    /// Opens a file with its key.
    ///
    /// # Errors
    /// [`VaultError::Broken`].
    pub fn unlock_file(key: &[u8], bytes: &[u8]) -> Result<Vec<u8>, VaultError> {
        let key = <[u8; KEY]>::try_from(key).map_err(|_| VaultError::Broken)?;
        open(&key_of(&key), FILE, bytes).ok_or(VaultError::Broken)
    }

    /// What a secret is bound to.
    fn about(&self, key: Uuid, person: PersonId, purpose: &str) -> String {
        format!("weiting vault v1\n{}\n{key}\n{purpose}\n{person}", self.0.court)
    }

    /// What a sealed column is bound to.
    fn at(&self, key: Uuid, place: Place) -> String {
        format!("weiting column v1\n{}\n{key}\n{}\n{}", self.0.court, place.column, place.row)
    }

    /// Opens nothing with this key any more.
    #[cfg(test)]
    pub(crate) fn forget(&self, key: Uuid) {
        self.0.data.write().unwrap().by_id.remove(&key);
    }

    fn data<T>(&self, with: impl FnOnce(&DataKeys) -> T) -> T {
        with(&self.0.data.read().unwrap_or_else(std::sync::PoisonError::into_inner))
    }
}

impl DataKeys {
    fn open(
        rows: &[VaultKeyRow],
        wrapping: &LessSafeKey,
        court: &str,
        now: OffsetDateTime,
    ) -> Result<Self, VaultError> {
        let mut by_id = HashMap::new();
        for row in rows {
            let opened = open(wrapping, &wrapping_for(court, row.id), &row.wrapped).ok_or(VaultError::WrongKey)?;
            let key = <[u8; KEY]>::try_from(opened.as_slice()).map_err(|_| VaultError::WrongKey)?;
            by_id.insert(row.id, key_of(&key));
        }
        let in_use = court::beijing::micros(now - COMES_INTO_USE);
        let current = rows.iter().rev().find(|row| row.created_at <= in_use).or(rows.first());
        Ok(DataKeys { by_id, current: current.ok_or(VaultError::UnknownKey)?.id })
    }
}

impl Seals for Sealing {
    fn seal(&self, place: Place, plain: &[u8]) -> Vec<u8> {
        self.vault.data(|keys| {
            let key = keys.current;
            let sealed = seal(&keys.by_id[&key], self.chance.bytes(), &self.vault.at(key, place), plain);
            [&key.as_bytes()[..], &sealed].concat()
        })
    }

    fn open(&self, place: Place, sealed: &[u8]) -> Result<Vec<u8>, StoreError> {
        let broken = || StoreError::Corrupt(format!("{} of {} does not open", place.column, place.row));
        let (key, bytes) = sealed.split_at_checked(ID).ok_or_else(broken)?;
        let key = Uuid::from_slice(key).map_err(|_| broken())?;
        self.vault.data(|keys| {
            let with = keys.by_id.get(&key).ok_or_else(broken)?;
            open(with, &self.vault.at(key, place), bytes).ok_or_else(broken)
        })
    }

    fn is_current(&self, sealed: &[u8]) -> bool {
        self.vault.data(|keys| sealed.starts_with(keys.current.as_bytes()))
    }

    fn blind(&self, datum: Datum, value: &str) -> [u8; 32] {
        self.vault.keyed(&format!("weiting index v1\n{datum:?}\n{value}"))
    }
}

fn new_key(wrapping: &LessSafeKey, court: &str, id: Uuid, chance: &dyn Chance, now: OffsetDateTime) -> VaultKeyRow {
    let wrapped = seal(wrapping, chance.bytes(), &wrapping_for(court, id), &chance.bytes::<KEY>());
    VaultKeyRow { id, wrapped, created_at: court::beijing::micros(now) }
}

fn index_for(court: &str) -> String {
    format!("weiting index key v1\n{court}")
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
        let wrong = Vault::open(store, "沪0113", &KeyFile::of([9; KEY]), Arc::new(HostChance), now).await;
        assert!(matches!(wrong, Err(VaultError::WrongKey)));
        assert!(matches!(
            Vault::open(store, "沪0101", &Kit::key_file(), Arc::new(HostChance), now).await,
            Err(VaultError::WrongKey)
        ));
        let again = Vault::open(store, "沪0113", &Kit::key_file(), Arc::new(HostChance), now).await.unwrap();
        assert_eq!(again.unlock(person, "signature", sealed.key, &sealed.bytes).unwrap(), b"x");
        assert_eq!(store.vault_keys().await.unwrap().len(), 1, "one key is enough");
    }

    #[tokio::test]
    async fn sr50_a_sealed_column_opens_in_its_own_place_alone() {
        let kit = Kit::new().await;
        let seals = Sealing { vault: kit.desk.vault.clone(), chance: Arc::new(HostChance) };
        let place = Place { column: "person.phone", row: Uuid::from_u128(7) };
        let sealed = seals.seal(place, b"19900000001");
        assert!(!sealed.windows(11).any(|bytes| bytes == b"19900000001"));
        assert_eq!(seals.open(place, &sealed).unwrap(), b"19900000001");
        assert!(seals.open(Place { row: Uuid::from_u128(8), ..place }, &sealed).is_err(), "another row");
        assert!(seals.open(Place { column: "person.document", ..place }, &sealed).is_err(), "another column");
        for at in 0..sealed.len() {
            let mut bytes = sealed.clone();
            bytes[at] ^= 1;
            assert!(seals.open(place, &bytes).is_err(), "byte {at}");
        }
        assert_ne!(sealed, seals.seal(place, b"19900000001"), "the same value never looks the same");
        assert_eq!(seals.blind(Datum::Phone, "1"), seals.blind(Datum::Phone, "1"));
        assert_ne!(seals.blind(Datum::Phone, "1"), seals.blind(Datum::DocumentNumber, "1"));
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
