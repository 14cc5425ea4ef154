//! SQLite: one writer, many readers, and a log that is written back off the way of the acts.

use std::str::FromStr;

use sqlx::Connection;
use sqlx::pool::PoolOptions;
use sqlx::sqlite::{Sqlite, SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};

use super::checkpoint::Checkpoint;
use super::{Db, PATIENCE, STATEMENTS};
use crate::error::StoreError;

/// Older ones can lose a commit while the log is reset (<https://sqlite.org/wal.html#walresetbug>).
const OLDEST: (u32, u32, u32) = (3, 51, 3);

pub(super) async fn open(url: &str, max_readers: u32) -> Result<Db, StoreError> {
    let settings = |error: sqlx::Error| StoreError::Settings(format!("the SQLite database cannot be opened: {error}"));
    let options = SqliteConnectOptions::from_str(url)
        .map_err(settings)?
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(PATIENCE)
        // A dedicated task does it (see `checkpoint`).
        .pragma("wal_autocheckpoint", "0")
        .pragma("temp_store", "MEMORY")
        // What is deleted is written over: a code, a draft, a number that was changed (SR-50).
        .pragma("secure_delete", "ON")
        // A mapped file that cannot be read ends the process by a signal.
        .pragma("mmap_size", "0");
    if let Some(folder) = options.get_filename().parent()
        && !folder.as_os_str().is_empty()
    {
        std::fs::create_dir_all(folder)
            .map_err(|error| StoreError::Settings(format!("{} cannot be made: {error}", folder.display())))?;
    }
    let writer = options
        .clone()
        .create_if_missing(true)
        .statement_cache_capacity(STATEMENTS)
        .pragma("cache_size", "-65536")
        .thread_name(|_| "sqlite-writer".to_owned());
    let write = PoolOptions::<Sqlite>::new()
        .max_connections(1)
        .min_connections(1)
        .acquire_timeout(PATIENCE)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .before_acquire(|connection, _| {
            // When the disk is full SQLite rolls back by itself, and the driver would take the next transaction for one inside the
            // failed one. A connection that is not back at the outside is thrown away. Work that was queued on it, such as the
            // rollback of a transaction that somebody dropped, was done when the pool took it back, which asks with a ping.
            Box::pin(async move { Ok(!connection.is_in_transaction()) })
        })
        .connect_with(writer)
        .await
        .map_err(settings)?;
    require_version(&write).await?;
    let reader = options.clone().read_only(true).pragma("query_only", "ON").pragma("cache_size", "-16384");
    let read = PoolOptions::<Sqlite>::new()
        .max_connections(max_readers.max(1))
        .acquire_timeout(PATIENCE)
        .test_before_acquire(false)
        .connect_with(reader)
        .await
        .map_err(settings)?;
    let checkpoint = Checkpoint::open(options, write.clone()).await.map_err(settings)?;
    Ok(Db {
        read: read.into(),
        write: write.clone().into(),
        ledger: write.into(),
        lanes: 1,
        checkpoint: Some(checkpoint),
    })
}

async fn require_version(pool: &sqlx::SqlitePool) -> Result<(), StoreError> {
    let (version,): (String,) = sqlx::query_as("SELECT sqlite_version()")
        .fetch_one(pool)
        .await
        .map_err(|error| StoreError::Settings(error.to_string()))?;
    if new_enough(&version) {
        return Ok(());
    }
    let (major, minor, patch) = OLDEST;
    Err(StoreError::Settings(format!(
        "SQLite {version} can lose acknowledged acts; {major}.{minor}.{patch} or newer is needed"
    )))
}

fn new_enough(version: &str) -> bool {
    let mut parts = version.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let mut next = || parts.next().unwrap_or(0);
    (next(), next(), next()) >= OLDEST
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_sqlite_that_can_lose_commits_is_refused() {
        for (version, taken) in
            [("3.51.3", true), ("3.51.2", false), ("3.52.0", true), ("3.9.9", false), ("4.0.0", true), ("", false)]
        {
            assert_eq!(new_enough(version), taken, "{version}");
        }
    }
}
