//! Where the two databases differ: FTS5 in SQLite, `tsvector` under a GIN index in PostgreSQL. Both are given the same tokens.

use std::collections::BTreeSet;

use sea_orm::sea_query::{Expr, ExprTrait, Query, SimpleExpr};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, FromQueryResult, Statement};

use crate::db::Tx;
use crate::schema::search_entry;

/// Rows of one statement.
const ROWS: usize = 250;
/// PostgreSQL looks through so many of a long room's newest acts before it asks the index, which gives all that it has, unordered.
const NEAR: i64 = 1_000;
/// A room with fewer acts is asked by the index alone.
const LONG: i64 = 8_000;

/// An act as it goes into the index.
pub(super) struct Row {
    pub(super) id: i64,
    pub(super) at: i64,
    pub(super) text: String,
    pub(super) tokens: BTreeSet<String>,
}

/// Writes rows that are not there yet.
pub(super) async fn insert(tx: &Tx, rows: &[Row]) -> Result<(), DbErr> {
    let postgres = tx.get_database_backend() == DbBackend::Postgres;
    for rows in rows.chunks(ROWS) {
        let mut entries = Query::insert();
        entries.into_table("search_entry").columns(["id", "at", "text"]);
        if postgres {
            entries.columns(["id", "at", "text", "words"]);
        }
        let mut words = Query::insert();
        words.into_table("search_words").columns(["rowid", "words"]);
        for row in rows {
            let mut entry: Vec<SimpleExpr> = vec![row.id.into(), row.at.into(), row.text.as_str().into()];
            if postgres {
                entry.push(Expr::val(quoted(&row.tokens, '\'', " ")).cast_as("tsvector"));
            } else {
                let tokens = row.tokens.iter().map(String::as_str).collect::<Vec<_>>().join(" ");
                words.values_panic([row.id.into(), tokens.into()]);
            }
            entries.values_panic(entry);
        }
        tx.execute(&entries).await?;
        if !postgres {
            tx.execute(&words).await?;
        }
    }
    Ok(())
}

/// Takes rows out again. What they were found by must be what they were written with.
pub(super) async fn remove(tx: &Tx, rows: &[Row]) -> Result<(), DbErr> {
    for rows in rows.chunks(ROWS) {
        let ids = rows.iter().map(|row| row.id);
        tx.execute(Query::delete().from_table("search_entry").and_where(Expr::col("id").is_in(ids))).await?;
        if tx.get_database_backend() == DbBackend::Postgres {
            continue;
        }
        // The index keeps no text, so it is told what to forget.
        let mut words = Query::insert();
        words.into_table("search_words").columns(["search_words", "rowid", "words"]);
        for row in rows {
            let tokens = row.tokens.iter().map(String::as_str).collect::<Vec<_>>().join(" ");
            words.values_panic(["delete".into(), row.id.into(), tokens.into()]);
        }
        tx.execute(&words).await?;
    }
    Ok(())
}

/// The newest acts with all these tokens and an id from `first` up to but not including `before`, newest first. `first` is the room's
/// own first id: its tokens are in no other room.
pub(super) async fn newest(
    read: &DatabaseConnection,
    tokens: &BTreeSet<String>,
    first: i64,
    before: i64,
    limit: u64,
) -> Result<Vec<search_entry::Model>, DbErr> {
    if read.get_database_backend() == DbBackend::Sqlite {
        let sql = "SELECT entry.id, entry.at, entry.text FROM search_words \
                   CROSS JOIN search_entry AS entry ON entry.id = search_words.rowid \
                   WHERE search_words MATCH ? AND search_words.rowid < ? ORDER BY search_words.rowid DESC LIMIT ?";
        let all = quoted(tokens, '"', " AND ");
        return rows(read, sql, [all.into(), before.into(), limit.into()]).await;
    }
    let all = quoted(tokens, '\'', " & ");
    let mut found = Vec::new();
    let mut rest = before;
    if before - first > LONG {
        let sql = "WITH near AS MATERIALIZED (SELECT id, at, text, words FROM search_entry WHERE id >= $1 AND id < $2) \
                   SELECT id, at, text FROM near WHERE words @@ CAST($3 AS tsquery) ORDER BY id DESC LIMIT $4";
        rest = before - NEAR;
        found = rows(read, sql, [rest.into(), before.into(), all.as_str().into(), limit.into()]).await?;
    }
    if (found.len() as u64) < limit {
        let sql = "WITH found AS MATERIALIZED (SELECT id FROM search_entry WHERE words @@ CAST($1 AS tsquery)), \
                   newest AS (SELECT id FROM found WHERE id < $2 ORDER BY id DESC LIMIT $3) \
                   SELECT entry.id, entry.at, entry.text FROM newest JOIN search_entry AS entry ON entry.id = newest.id \
                   ORDER BY entry.id DESC";
        let left = limit - found.len() as u64;
        found.extend(rows(read, sql, [all.into(), rest.into(), left.into()]).await?);
    }
    Ok(found)
}

async fn rows<const N: usize>(
    read: &DatabaseConnection,
    sql: &str,
    values: [sea_orm::Value; N],
) -> Result<Vec<search_entry::Model>, DbErr> {
    let statement = Statement::from_sql_and_values(read.get_database_backend(), sql, values);
    let rows = read.query_all_raw(statement).await?;
    rows.iter().map(|row| search_entry::Model::from_query_result(row, "")).collect()
}

/// Tokens as the database's own language for searches has them. They are free of quotes and of everything else that it reads.
fn quoted(tokens: &BTreeSet<String>, quote: char, between: &str) -> String {
    let quoted: Vec<String> = tokens.iter().map(|token| format!("{quote}{token}{quote}")).collect();
    quoted.join(between)
}
