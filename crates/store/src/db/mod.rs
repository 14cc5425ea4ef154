//! The connections to the database, and what its errors mean.
//!
//! SQLite has one connection that writes and a pool that only reads; PostgreSQL has a small pool for the ledger, so that an act never
//! waits for a login, and one for everything else.

mod checkpoint;
mod errors;
mod postgres;
mod sqlite;

use std::ops::Deref;
use std::time::Duration;

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait,
};
use sea_orm_migration::MigratorTrait;

pub(crate) use errors::Trouble;

use crate::error::StoreError;
use crate::migrations::Migrator;

/// How long a request waits for a connection before it is told to come back (SR-63).
const PATIENCE: Duration = Duration::from_secs(5);

/// A prepared statement is kept for each number of rows that a batch had.
const STATEMENTS: usize = 600;

/// The connections.
#[derive(Clone, Debug)]
pub(crate) struct Db {
    pub(crate) read: DatabaseConnection,
    write: DatabaseConnection,
    ledger: DatabaseConnection,
    /// How many writers the ledger has.
    pub(crate) lanes: usize,
    checkpoint: Option<checkpoint::Checkpoint>,
}

/// A transaction that writes. On SQLite it has the writer's turn from its first moment.
pub(crate) struct Tx(DatabaseTransaction);

impl Deref for Tx {
    type Target = DatabaseTransaction;

    fn deref(&self) -> &DatabaseTransaction {
        &self.0
    }
}

impl Tx {
    /// Makes everything durable.
    ///
    /// # Errors
    /// What the database says. That the disk did not take it ends the process: after a failed fsync nobody knows what is on the disk,
    /// and asking again would be answered with a lie (<https://wiki.postgresql.org/wiki/Fsync_Errors>).
    pub(crate) async fn commit(self) -> Result<(), sea_orm::DbErr> {
        self.0.commit().await.inspect_err(end_if_the_disk_failed)
    }
}

fn end_if_the_disk_failed(error: &sea_orm::DbErr) {
    if errors::disk_failed(error) {
        tracing::error!(%error, "The disk failed while acts were made durable; the process ends");
        std::process::abort();
    }
}

impl Db {
    /// Connects, checks that this database can keep a record, and brings its schema up to date.
    pub(crate) async fn open(url: &str, max_readers: u32) -> Result<Db, StoreError> {
        let db = if url.starts_with("sqlite:") {
            sqlite::open(url, max_readers).await?
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            postgres::open(url, max_readers).await?
        } else {
            return Err(StoreError::Settings(
                "the database's address must begin with sqlite:// or postgres://".to_owned(),
            ));
        };
        // Two nodes may start at once; then one of them finds that the other has made the tables meanwhile.
        retrying(async || {
            let tx = db.begin().await?;
            Migrator::up(&*tx, None).await.map_err(|error| match StoreError::from(error) {
                StoreError::Conflict | StoreError::Corrupt(_) => StoreError::Conflict,
                other => other,
            })?;
            Ok(tx.commit().await?)
        })
        .await?;
        Ok(db)
    }

    /// Begins a transaction that writes.
    pub(crate) async fn begin(&self) -> Result<Tx, StoreError> {
        Ok(begin(&self.write).await?)
    }

    /// Which of the two databases it is.
    pub(crate) fn backend(&self) -> DbBackend {
        self.ledger.get_database_backend()
    }

    /// Runs what is a transaction by itself: one statement on PostgreSQL, on SQLite a script from BEGIN to COMMIT.
    ///
    /// # Errors
    /// What the database says; then nothing of it is stored, unless the answer was lost. As for [`Tx::commit`], a disk that failed ends
    /// the process.
    pub(crate) async fn run_whole(&self, transaction: Statement) -> Result<(), sea_orm::DbErr> {
        let done = self.ledger.execute_raw(transaction).await;
        if let Err(error) = &done {
            end_if_the_disk_failed(error);
            if self.backend() == DbBackend::Sqlite {
                // The script stopped inside its transaction, of which the driver knows nothing: only closing the connection is sure to
                // roll it back.
                let connection = self.ledger.get_sqlite_connection_pool().acquire().await;
                if let Err(error) = async { connection?.close().await }.await {
                    tracing::warn!(%error, "A connection with a failed transaction was not closed in order");
                }
            }
        }
        done.map(drop)
    }

    /// Begins a transaction of the ledger.
    pub(crate) async fn begin_ledger(&self) -> Result<Tx, sea_orm::DbErr> {
        begin(&self.ledger).await
    }

    /// Writes pages of the write-ahead log back into the database file from time to time, off the way of the acts. Ends with the last
    /// handle of the store.
    pub(crate) fn checkpoint(&self) -> Option<&checkpoint::Checkpoint> {
        self.checkpoint.as_ref()
    }

    /// Leaves nothing of what was deleted or written over in the files of the tables that once held numbers in clear.
    pub(crate) async fn wipe(&self) -> Result<(), StoreError> {
        match self.backend() {
            // The whole file is written anew, and the log that still has the old pages is cut off.
            DbBackend::Sqlite => {
                self.write.execute_unprepared("VACUUM").await?;
                self.write.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await?;
            }
            _ => {
                self.write.execute_unprepared("VACUUM (FULL) person").await?;
                self.write.execute_unprepared("VACUUM (FULL) login_code").await?;
                self.write.execute_unprepared("VACUUM (FULL) sms_send").await?;
            }
        }
        Ok(())
    }

    pub(crate) async fn close(&self) {
        if let Some(checkpoint) = &self.checkpoint {
            checkpoint.close().await;
        }
        for connection in [&self.read, &self.ledger, &self.write] {
            if let Err(error) = connection.close_by_ref().await {
                tracing::warn!(%error, "A connection was not closed in order");
            }
        }
    }
}

async fn begin(connection: &DatabaseConnection) -> Result<Tx, sea_orm::DbErr> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    connection.begin_with_options(options).await.map(Tx)
}

/// Does a transaction again where another one came in between: a serialisation failure, a deadlock, or a row that appeared at the
/// same moment.
pub(crate) async fn retrying<T, Work>(work: impl Fn() -> Work) -> Result<T, StoreError>
where
    Work: Future<Output = Result<T, StoreError>>,
{
    let mut pause = Duration::from_millis(5);
    for _ in 0..4 {
        match work().await {
            Err(StoreError::Conflict) => {
                tokio::time::sleep(pause).await;
                pause *= 3;
            }
            done => return done,
        }
    }
    work().await
}
