//! The bare insertion of rows, by a connection that does nothing else: the most that this database could do on this disk.

use std::time::{Duration, Instant};

use record::Hash;
use sqlx::{Connection, PgConnection, Postgres, QueryBuilder, Sqlite, SqliteConnection};
use store::StoredAct;
use uuid::Uuid;

/// How many records the rows belong to, as those of the writers do.
const RECORDS: usize = 32;

/// A connection that only inserts.
pub(crate) enum Bare {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// What an act leaves behind: its own row, and the answer under its key.
pub(crate) struct Template {
    pub(crate) act: StoredAct,
    pub(crate) response: String,
}

struct Fresh<'a> {
    template: &'a Template,
    record: Uuid,
    seq: i64,
    id: Uuid,
}

/// The same statements for both kinds of database.
macro_rules! insert_rows {
    ($kind:ty, $connection:expr, $batch:expr) => {{
        let mut transaction = $connection.begin().await?;
        let mut acts = QueryBuilder::<$kind>::new(
            "INSERT INTO act (record, seq, id, at, person, pseudonym, member, capacity, kind, body, body_salt, audience, \
             audience_salt, leaf, prev) ",
        );
        acts.push_values($batch, |mut row, fresh: &Fresh<'_>| {
            let act = &fresh.template.act;
            row.push_bind(fresh.record)
                .push_bind(fresh.seq)
                .push_bind(fresh.id)
                .push_bind(act.at)
                .push_bind(act.person.map(|id| id.0))
                .push_bind(&act.pseudonym)
                .push_bind(act.member.map(|id| id.0))
                .push_bind(&act.capacity)
                .push_bind(&act.kind)
                .push_bind(&act.body)
                .push_bind(&act.body_salt[..])
                .push_bind(&act.audience)
                .push_bind(&act.audience_salt[..])
                .push_bind(&act.leaf.0[..])
                .push_bind(&act.prev.0[..]);
        });
        acts.build().execute(&mut *transaction).await?;
        let mut answers = QueryBuilder::<$kind>::new("INSERT INTO answer (slot, person, key, request, response, at) ");
        answers.push_values($batch, |mut row, fresh: &Fresh<'_>| {
            let act = &fresh.template.act;
            row.push_bind(Hash::of(fresh.id.as_bytes()).0.to_vec())
                .push_bind(act.person.map(|id| id.0))
                .push_bind(format!("bare-{}", fresh.id.as_u128() >> 64))
                .push_bind(&act.leaf.0[..])
                .push_bind(&fresh.template.response)
                .push_bind(act.at);
        });
        answers.build().execute(&mut *transaction).await?;
        transaction.commit().await?;
    }};
}

impl Bare {
    pub(crate) async fn connect(database: &str) -> anyhow::Result<Bare> {
        if database.starts_with("sqlite:") {
            let options: sqlx::sqlite::SqliteConnectOptions = database.parse()?;
            let options = options
                .synchronous(sqlx::sqlite::SqliteSynchronous::Full)
                .busy_timeout(Duration::from_secs(5))
                .pragma("wal_autocheckpoint", "0")
                .pragma("cache_size", "-65536");
            Ok(Bare::Sqlite(SqliteConnection::connect_with(&options).await?))
        } else {
            Ok(Bare::Postgres(PgConnection::connect(database).await?))
        }
    }

    /// Rows per second, in transactions of so many acts with their answers.
    pub(crate) async fn insert(&mut self, templates: &[Template], rows: usize, phase: Duration) -> anyhow::Result<f64> {
        let records: Vec<Uuid> = (0..RECORDS).map(|_| Uuid::from_u128(u128::from(next()) << 64)).collect();
        let begun = Instant::now();
        let mut inserted = 0;
        while begun.elapsed() < phase {
            let batch: Vec<Fresh<'_>> = (inserted..inserted + rows)
                .map(|row| Fresh {
                    template: &templates[row % templates.len()],
                    record: records[row % RECORDS],
                    seq: (row / RECORDS) as i64 + 1,
                    id: Uuid::from_u128((u128::from(next()) << 64) | 0x7000_8000_0000_0000),
                })
                .collect();
            match self {
                Bare::Sqlite(connection) => insert_rows!(Sqlite, connection, &batch),
                Bare::Postgres(connection) => insert_rows!(Postgres, connection, &batch),
            }
            inserted += rows;
        }
        Ok(inserted as f64 / begun.elapsed().as_secs_f64())
    }
}

/// In order, as the identifiers of acts are, which begin with the time.
fn next() -> u64 {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}
