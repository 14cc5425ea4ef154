//! PostgreSQL, for several nodes on one database.

use std::str::FromStr;

use sqlx::Executor;
use sqlx::pool::PoolOptions;
use sqlx::postgres::{PgConnectOptions, PgPool, Postgres};

use super::{Db, PATIENCE, STATEMENTS};
use crate::error::StoreError;

/// Writers of the ledger in one process; each record always goes to the same one.
const LANES: u32 = 2;

pub(super) async fn open(url: &str, max_readers: u32) -> Result<Db, StoreError> {
    let options = PgConnectOptions::from_str(url)
        .map_err(settings)?
        .application_name("weiting")
        .statement_cache_capacity(STATEMENTS);
    // No question goes before a batch: when the connection was lost, the batch is tried again anyway.
    let ledger = pool(PoolOptions::new().max_connections(LANES).test_before_acquire(false), options.clone()).await?;
    require_durability(&ledger).await?;
    let others = pool(PoolOptions::new().max_connections(max_readers.max(2)), options).await?;
    Ok(Db {
        read: others.clone().into(),
        write: others.into(),
        ledger: ledger.into(),
        lanes: LANES as usize,
        checkpoint: None,
    })
}

async fn pool(pool: PoolOptions<Postgres>, options: PgConnectOptions) -> Result<PgPool, StoreError> {
    pool.acquire_timeout(PATIENCE)
        .after_connect(|connection, _| {
            Box::pin(async move {
                // Row locks and unique keys are what the queries rely on, whatever the server's default is. Nobody waits for ever, and
                // a process that was stopped in the middle of a transaction does not keep its locks for ever.
                connection
                    .execute(
                        "SET default_transaction_isolation = 'read committed'; SET statement_timeout = '20s'; \
                         SET lock_timeout = '10s'; SET idle_in_transaction_session_timeout = '30s'",
                    )
                    .await?;
                Ok(())
            })
        })
        .connect_with(options)
        .await
        .map_err(settings)
}

/// A server that answers before the disk has it would make every acknowledgement a guess.
async fn require_durability(pool: &PgPool) -> Result<(), StoreError> {
    let (fsync, commit, encoding): (String, String, String) = sqlx::query_as(
        "SELECT current_setting('fsync'), current_setting('synchronous_commit'), current_setting('server_encoding')",
    )
    .fetch_one(pool)
    .await
    .map_err(settings)?;
    let wrong = if fsync != "on" {
        "fsync is off"
    } else if commit == "off" {
        "synchronous_commit is off"
    } else if encoding != "UTF8" {
        "its encoding is not UTF8"
    } else {
        return Ok(());
    };
    Err(StoreError::Settings(format!("this PostgreSQL database cannot keep a record: {wrong}")))
}

fn settings(error: sqlx::Error) -> StoreError {
    StoreError::Settings(format!("the PostgreSQL database cannot be opened: {error}"))
}
