//! Looks at the database from outside, to say whether anything in it has changed.

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, Row, SqliteConnection};
use store::kit::{TestDatabase, Which};

/// A connection of the test's own that only reads, and the names of all tables: who adds a table need not remember to count it.
pub(crate) struct Eyes {
    connection: Connected,
    tables: Vec<String>,
}

enum Connected {
    Sqlite(Box<SqliteConnection>),
    Postgres(Box<PgConnection>),
}

/// How much there is of everything: two that are equal mean that nothing was added or removed and no record went on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sight {
    /// Counts the commits of others.
    commits: i64,
    rows: Vec<(String, i64)>,
    /// The sum of all heads.
    heads: i64,
}

impl Eyes {
    pub(crate) async fn on(database: &TestDatabase) -> Eyes {
        let url = database.options().database;
        let mut connection = match database.which {
            Which::Sqlite => {
                let options: SqliteConnectOptions = url.parse().expect("an address");
                Connected::Sqlite(Box::new(options.read_only(true).connect().await.expect("a reader")))
            }
            Which::Postgres => Connected::Postgres(Box::new(PgConnection::connect(&url).await.expect("a reader"))),
        };
        let tables = connection.tables().await;
        assert!(tables.iter().any(|table| table == "act"), "these are not the tables of a court: {tables:?}");
        Eyes { connection, tables }
    }

    /// Whether nothing was written since `sight`. PostgreSQL counts the writes of all its databases, so when others write too the rows
    /// are counted.
    pub(crate) async fn untouched(&mut self, sight: &mut Sight) -> bool {
        if self.connection.commits().await == sight.commits {
            return true;
        }
        let before = sight.clone();
        *sight = self.sight().await;
        matches!(self.connection, Connected::Postgres(_)) && (&sight.rows, sight.heads) == (&before.rows, before.heads)
    }

    /// What there is now.
    pub(crate) async fn sight(&mut self) -> Sight {
        let commits = self.connection.commits().await;
        let heads = "(SELECT CAST(COALESCE(SUM(head_seq), 0) AS BIGINT) FROM record)".to_owned();
        let counted = self.tables.iter().map(|table| format!("(SELECT COUNT(*) FROM {table})"));
        let columns: Vec<String> = std::iter::once(heads).chain(counted).collect();
        let numbers = self.connection.numbers(&columns).await;
        Sight {
            commits,
            heads: numbers[0],
            rows: self.tables.iter().cloned().zip(numbers[1..].iter().copied()).collect(),
        }
    }
}

impl Connected {
    /// The tables that the schema made, without what the database keeps for itself (the parts of its full-text index).
    async fn tables(&mut self) -> Vec<String> {
        match self {
            Connected::Sqlite(eyes) => {
                let made = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' \
                            AND name NOT LIKE 'sqlite_%' ORDER BY name";
                sqlx::query_scalar(made).fetch_all(&mut **eyes).await.expect("names")
            }
            Connected::Postgres(eyes) => {
                let made = "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename";
                sqlx::query_scalar(made).fetch_all(&mut **eyes).await.expect("names")
            }
        }
    }

    /// One row of numbers.
    async fn numbers(&mut self, columns: &[String]) -> Vec<i64> {
        let query = AssertSqlSafe(format!("SELECT {}", columns.join(", ")));
        let count = columns.len();
        match self {
            Connected::Sqlite(eyes) => {
                let row = sqlx::query(query).fetch_one(&mut **eyes).await.expect("counts");
                (0..count).map(|place| row.get(place)).collect()
            }
            Connected::Postgres(eyes) => {
                let row = sqlx::query(query).fetch_one(&mut **eyes).await.expect("counts");
                (0..count).map(|place| row.get(place)).collect()
            }
        }
    }

    async fn commits(&mut self) -> i64 {
        match self {
            Connected::Sqlite(eyes) => {
                sqlx::query_scalar("PRAGMA data_version").fetch_one(&mut **eyes).await.expect("a number")
            }
            Connected::Postgres(eyes) => {
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
            |sight: &Sight| sight.rows.iter().filter(|(table, _)| table != "snapshot").cloned().collect::<Vec<_>>();
        self.heads == other.heads && rows(self) == rows(other)
    }

    /// How many acts there are in all records together.
    pub(crate) fn heads(&self) -> i64 {
        self.heads
    }
}
