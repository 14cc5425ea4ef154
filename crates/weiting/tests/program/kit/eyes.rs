//! Looks at the database from outside, to say whether anything in it has changed.

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, Row, SqliteConnection};
use store::kit::{TestDatabase, Which};

/// Every table of a court.
const TABLES: [&str; 49] = [
    "act",
    "answer",
    "blob",
    "blob_use",
    "court_case",
    "derived",
    "derived_copy",
    "document",
    "dossier_entry",
    "import_run",
    "inbox_change",
    "inbox_choice",
    "integration",
    "integrity_incident",
    "job",
    "login_code",
    "matter_draft",
    "matter_reminder",
    "membership",
    "meta",
    "missing_case",
    "notification",
    "notification_delivery",
    "orphan_blob",
    "participant",
    "person",
    "phone_call",
    "push_subscription",
    "read_mark",
    "record",
    "room",
    "search_day",
    "search_entry",
    "search_room",
    "session",
    "signature",
    "signature_use",
    "sms_send",
    "snapshot",
    "strong_reminder",
    "step_up",
    "tree_checkpoint",
    "tree_epoch",
    "tree_leaf",
    "tree_mark",
    "tree_tile",
    "upload",
    "vault_key",
    "seaql_migrations",
];

/// A connection of the test's own that only reads.
pub(crate) enum Eyes {
    Sqlite(Box<SqliteConnection>),
    Postgres(Box<PgConnection>),
}

/// How much there is of everything: two that are equal mean that nothing was added or removed and no record went on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sight {
    /// Counts the commits of others.
    commits: i64,
    rows: Vec<(&'static str, i64)>,
    /// The sum of all heads.
    heads: i64,
}

impl Eyes {
    pub(crate) async fn on(database: &TestDatabase) -> Eyes {
        let url = database.options().database;
        match database.which {
            Which::Sqlite => {
                let options: SqliteConnectOptions = url.parse().expect("an address");
                Eyes::Sqlite(Box::new(options.read_only(true).connect().await.expect("a reader")))
            }
            Which::Postgres => Eyes::Postgres(Box::new(PgConnection::connect(&url).await.expect("a reader"))),
        }
    }

    /// Whether nothing was written since `sight`. PostgreSQL counts the writes of all its databases, so when others write too the rows
    /// are counted.
    pub(crate) async fn untouched(&mut self, sight: &mut Sight) -> bool {
        if self.commits().await == sight.commits {
            return true;
        }
        let before = sight.clone();
        *sight = self.sight().await;
        matches!(self, Eyes::Postgres(_)) && (&sight.rows, sight.heads) == (&before.rows, before.heads)
    }

    /// What there is now.
    pub(crate) async fn sight(&mut self) -> Sight {
        let commits = self.commits().await;
        let counted = TABLES.map(|table| format!("(SELECT COUNT(*) FROM {table})")).join(", ");
        let heads = "(SELECT CAST(COALESCE(SUM(head_seq), 0) AS BIGINT) FROM record)";
        let query = AssertSqlSafe(format!("SELECT {heads}, {counted}"));
        let numbers: Vec<i64> = match self {
            Eyes::Sqlite(eyes) => {
                let row = sqlx::query(query).fetch_one(&mut **eyes).await.expect("counts");
                (0..=TABLES.len()).map(|place| row.get(place)).collect()
            }
            Eyes::Postgres(eyes) => {
                let row = sqlx::query(query).fetch_one(&mut **eyes).await.expect("counts");
                (0..=TABLES.len()).map(|place| row.get(place)).collect()
            }
        };
        Sight { commits, heads: numbers[0], rows: TABLES.into_iter().zip(numbers[1..].iter().copied()).collect() }
    }

    async fn commits(&mut self) -> i64 {
        match self {
            Eyes::Sqlite(eyes) => {
                sqlx::query_scalar("PRAGMA data_version").fetch_one(&mut **eyes).await.expect("a number")
            }
            Eyes::Postgres(eyes) => {
                let next = "SELECT CAST(CAST(pg_snapshot_xmax(pg_current_snapshot()) AS TEXT) AS BIGINT)";
                sqlx::query_scalar(next).fetch_one(&mut **eyes).await.expect("a number")
            }
        }
    }
}

impl Sight {
    /// Whether nothing but snapshots can have been written between two looks.
    pub(crate) fn same_but_snapshots(&self, other: &Sight) -> bool {
        let rows =
            |sight: &Sight| sight.rows.iter().copied().filter(|(table, _)| *table != "snapshot").collect::<Vec<_>>();
        self.heads == other.heads && rows(self) == rows(other)
    }

    /// How many acts there are in all records together.
    pub(crate) fn heads(&self) -> i64 {
        self.heads
    }
}
