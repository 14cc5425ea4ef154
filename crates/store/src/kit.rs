//! A fresh database for each test: SQLite in a temporary folder, PostgreSQL on the server that `WEITING_TEST_POSTGRES` names.

use std::path::Path;
use std::sync::Arc;

use record::Hash;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tempfile::TempDir;

use crate::error::StoreError;
use crate::ledger::Committed;
use crate::seals::{Datum, Place, Seals};
use crate::store::{Store, StoreOptions};

/// Which kind of database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    Sqlite,
    Postgres,
}

/// A database of one's own with folders for files; gone when this is dropped.
#[derive(Debug)]
pub struct TestDatabase {
    pub which: Which,
    folder: TempDir,
    url: String,
    /// The server's address and the database's name, for PostgreSQL.
    made: Option<(String, String)>,
}

impl TestDatabase {
    /// Makes an empty database.
    ///
    /// # Panics
    /// When it cannot be made, with what to do about it.
    pub async fn fresh(which: Which) -> TestDatabase {
        let folder = TempDir::with_prefix("weiting-test-").expect("a temporary folder can be made");
        match which {
            Which::Sqlite => {
                let url = format!("sqlite://{}/weiting.db", folder.path().display());
                TestDatabase { which, folder, url, made: None }
            }
            Which::Postgres => {
                let server = std::env::var("WEITING_TEST_POSTGRES").unwrap_or_else(|_| {
                    panic!(
                        "WEITING_TEST_POSTGRES names no PostgreSQL server: run `make test`, or \
                         `scripts/with-postgres cargo nextest run …` for some tests"
                    )
                });
                let name = database_name(folder.path());
                make(&server, &name).await.expect("WEITING_TEST_POSTGRES names a server that lets us make databases");
                let (base, _) = server.rsplit_once('/').expect("the server's address ends with a database's name");
                TestDatabase { which, folder, url: format!("{base}/{name}"), made: Some((server, name)) }
            }
        }
    }

    /// Where the data is: open as many stores on it as nodes are wanted.
    pub fn options(&self) -> StoreOptions {
        StoreOptions {
            database: self.url.clone(),
            blobs: format!("file://{}/blobs", self.folder.path().display()),
            staging: self.folder.path().join("staging"),
            max_readers: 8,
        }
    }

    /// A temporary folder that lives as long as the database.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Opens a store on it, with a seal of the tests' own ([`TestSeals`]).
    ///
    /// # Panics
    /// When it cannot be opened.
    pub async fn open(&self) -> Store {
        let store = self.open_with(|_| {}).await.expect("a fresh database can be opened");
        store.unlock(Arc::new(TestSeals::default())).await.expect("what is there can be sealed");
        store
    }

    /// Opens a store on it that tells somebody of every commit.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub async fn open_with(
        &self,
        on_commit: impl Fn(&[Committed]) + Send + Sync + 'static,
    ) -> Result<Store, StoreError> {
        Store::open(self.options(), on_commit).await
    }
}

/// Seals as the vault does, for tests that have none: bound to its place, unreadable to the eye, and of no worth against anybody.
#[derive(Clone, Copy, Debug, Default)]
pub struct TestSeals {
    /// Which key is used now.
    pub key: u8,
}

impl TestSeals {
    /// A pad and a tag that hang on key, place and content.
    fn pad(key: u8, place: Place, salt: &[u8]) -> Hash {
        Hash::of(format!("{key} {} {} {salt:?}", place.column, place.row).as_bytes())
    }

    fn mask(key: u8, place: Place, bytes: &[u8]) -> Vec<u8> {
        bytes
            .chunks(32)
            .enumerate()
            .flat_map(|(block, part)| {
                let pad = TestSeals::pad(key, place, &[block as u8]);
                part.iter().zip(pad.0).map(|(byte, pad)| byte ^ pad).collect::<Vec<u8>>()
            })
            .collect()
    }
}

impl Seals for TestSeals {
    fn seal(&self, place: Place, plain: &[u8]) -> Vec<u8> {
        [&[self.key][..], &TestSeals::pad(self.key, place, plain).0, &TestSeals::mask(self.key, place, plain)].concat()
    }

    fn open(&self, place: Place, sealed: &[u8]) -> Result<Vec<u8>, StoreError> {
        let broken = || StoreError::Corrupt(format!("{} does not open", place.column));
        let (key, rest) = sealed.split_first().ok_or_else(broken)?;
        let (tag, masked) = rest.split_at_checked(32).ok_or_else(broken)?;
        let plain = TestSeals::mask(*key, place, masked);
        if TestSeals::pad(*key, place, &plain).0 == tag { Ok(plain) } else { Err(broken()) }
    }

    fn is_current(&self, sealed: &[u8]) -> bool {
        sealed.first() == Some(&self.key)
    }

    fn blind(&self, datum: Datum, value: &str) -> [u8; 32] {
        Hash::of(format!("{datum:?} {value}").as_bytes()).0
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Some((server, name)) = self.made.take() else { return };
        // A destructor cannot wait for the runtime that it may be running on.
        let gone = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(drop_database(&server, &name)).map_err(std::io::Error::other)
        })
        .join();
        if !matches!(gone, Ok(Ok(()))) {
            eprintln!("a test database was left behind: {gone:?}");
        }
    }
}

/// Random letters of the temporary folder's name, lower case: a name that needs no quoting.
fn database_name(folder: &Path) -> String {
    let random: String = folder
        .to_string_lossy()
        .rsplit('-')
        .next()
        .unwrap_or_default()
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    format!("weiting_{}_{}", std::process::id(), random.to_lowercase())
}

/// PostgreSQL takes no parameter for the name of a database; this one is made of letters and digits above.
async fn make(server: &str, name: &str) -> Result<(), sqlx::Error> {
    let mut admin = PgConnection::connect(server).await?;
    sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name} TEMPLATE template0"))).execute(&mut admin).await?;
    admin.close().await
}

async fn drop_database(server: &str, name: &str) -> Result<(), sqlx::Error> {
    let mut admin = PgConnection::connect(server).await?;
    sqlx::query(AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))).execute(&mut admin).await?;
    admin.close().await
}

/// Writes each test once and runs it on both databases, as `name::sqlite` and `name::postgres`.
///
/// ```ignore
/// store::on_both_databases! {
///     async fn what_must_hold(db) {
///         let store = db.open().await;
///     }
/// }
/// ```
#[macro_export]
macro_rules! on_both_databases {
    ($($(#[$meta:meta])* async fn $name:ident($db:ident) $body:block)+) => {$(
        $(#[$meta])*
        async fn $name($db: $crate::kit::TestDatabase) $body

        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                super::$name($crate::kit::TestDatabase::fresh($crate::kit::Which::Sqlite).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                super::$name($crate::kit::TestDatabase::fresh($crate::kit::Which::Postgres).await).await;
            }
        }
    )+};
}
