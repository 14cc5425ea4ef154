//! Writing SQLite's log back into the database file, off the way of the acts.
//!
//! Left to itself SQLite does it inside whichever commit makes the log too long, and that one act waits for it. Here a connection of
//! its own does it while acts go on. Under steady writing the log would then never be quite empty and never start again from its
//! beginning; so when it has grown far, the writer is held for the few pages that are left.

use std::sync::Arc;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqlitePool};
use sqlx::{ConnectOptions, Connection};
use tokio::sync::Mutex;

/// How often the log is looked at.
const EVERY: Duration = Duration::from_secs(1);
/// Pages of 4 KiB that may wait: 16 MiB. Whoever speaks while they are written back waits longer for the disk, so it is done seldom: on an
/// ordinary day three times a minute.
const WAITING: i64 = 4096;
/// Pages in the log at which it must start again from its beginning: 64 MiB.
const LONG: i64 = 16 * 1024;

#[derive(Clone, Debug)]
pub(crate) struct Checkpoint {
    connection: Arc<Mutex<Option<SqliteConnection>>>,
    writer: SqlitePool,
}

/// What a checkpoint found: pages in the log, and how many of them are in the database file by now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Log {
    pub(crate) pages: i64,
    pub(crate) written_back: i64,
}

impl Checkpoint {
    pub(super) async fn open(options: SqliteConnectOptions, writer: SqlitePool) -> Result<Self, sqlx::Error> {
        // It may hold the writer while it waits for readers, so it does not wait long; the next look tries again.
        let connection = options
            .busy_timeout(Duration::from_millis(200))
            .thread_name(|_| "sqlite-checkpoint".to_owned())
            .connect()
            .await?;
        Ok(Self { connection: Arc::new(Mutex::new(Some(connection))), writer })
    }

    /// Looks at the log every second, until the connection is closed.
    pub(crate) async fn run(self) {
        loop {
            tokio::time::sleep(EVERY).await;
            match self.once().await {
                Ok(Some(_)) => {}
                Ok(None) => return,
                Err(error) => tracing::warn!(%error, "The log was not written back; it grows until it is"),
            }
        }
    }

    /// One look. None when the connection is closed.
    pub(crate) async fn once(&self) -> Result<Option<Log>, sqlx::Error> {
        let mut guard = self.connection.lock().await;
        let Some(connection) = guard.as_mut() else { return Ok(None) };
        let mut log = look(connection).await?;
        if log.pages - log.written_back < WAITING && log.pages < LONG {
            return Ok(Some(log));
        }
        if log.pages > log.written_back {
            log = write_back(connection).await?;
        }
        if log.pages >= LONG {
            // Nearly everything is written back by now: what remains came while that was done, so the writer waits only for that. With
            // nothing left in it the log starts again with the next commit.
            let _turn = self.writer.acquire().await?;
            log = start_again(connection).await?;
        }
        Ok(Some(log))
    }

    pub(super) async fn close(&self) {
        if let Some(connection) = self.connection.lock().await.take()
            && let Err(error) = connection.close().await
        {
            tracing::warn!(%error, "The checkpoint's connection was not closed in order");
        }
    }
}

async fn look(connection: &mut SqliteConnection) -> Result<Log, sqlx::Error> {
    log_of(sqlx::query_as("PRAGMA wal_checkpoint(NOOP)").fetch_one(connection).await?)
}

async fn write_back(connection: &mut SqliteConnection) -> Result<Log, sqlx::Error> {
    log_of(sqlx::query_as("PRAGMA wal_checkpoint(PASSIVE)").fetch_one(connection).await?)
}

async fn start_again(connection: &mut SqliteConnection) -> Result<Log, sqlx::Error> {
    log_of(sqlx::query_as("PRAGMA wal_checkpoint(RESTART)").fetch_one(connection).await?)
}

fn log_of((_busy, pages, written_back): (i64, i64, i64)) -> Result<Log, sqlx::Error> {
    // -1 is what SQLite says of a database without a log.
    Ok(Log { pages: pages.max(0), written_back: written_back.max(0) })
}
