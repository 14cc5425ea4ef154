//! Texts that are no acts, found by the same tokens: the articles of laws stand under a key that no record has.

use std::collections::BTreeSet;

use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, DatabaseConnection, DbErr, EntityTrait, QueryFilter};

use super::dialect::{self, Row};
use super::words::{self, SearchWords};
use crate::db::Tx;
use crate::schema::search_entry;

/// Keys of records begin at 1.
const KEY: i64 = 0;
/// Ids of texts are below this: from here on they are those of acts.
const END: i64 = 1 << super::SEQ_BITS;
/// Texts of one look into the index.
const BATCH: u64 = 500;

/// Puts texts under ids that nothing has yet.
pub(crate) async fn put_texts(tx: &Tx, texts: impl IntoIterator<Item = (i64, String)>) -> Result<(), DbErr> {
    let rows: Vec<Row> = texts.into_iter().map(|(id, text)| row(id, words::folded(&text))).collect();
    dialect::insert(tx, &rows).await
}

/// Takes the texts with ids from `first` up to but not including `end` out again.
pub(crate) async fn drop_texts(tx: &Tx, first: i64, end: i64) -> Result<(), DbErr> {
    let there = search_entry::Column::Id.gte(first).and(search_entry::Column::Id.lt(end));
    let entries = search_entry::Entity::find().filter(there).all(&**tx).await?;
    let rows: Vec<Row> = entries.into_iter().map(|entry| row(entry.id, entry.text)).collect();
    dialect::remove(tx, &rows).await
}

/// The ids of the texts that contain each of the words, at most `limit`, the latest first.
pub(crate) async fn find_texts(
    read: &DatabaseConnection,
    sought: &SearchWords,
    limit: usize,
) -> Result<Vec<i64>, DbErr> {
    let tokens: BTreeSet<String> = words::tokens_for(KEY, sought, None, None, false);
    let (mut found, mut before) = (Vec::new(), END);
    if tokens.is_empty() {
        return Ok(found);
    }
    while found.len() < limit {
        let candidates = dialect::newest(read, &tokens, 0, before, BATCH).await?;
        let more = candidates.len() as u64 == BATCH;
        before = candidates.last().map_or(before, |last| last.id);
        found.extend(candidates.iter().filter(|text| sought.all_in(&text.text)).map(|text| text.id));
        if !more {
            break;
        }
    }
    found.truncate(limit);
    Ok(found)
}

fn row(id: i64, folded: String) -> Row {
    let tokens = words::text_tokens(KEY, &folded);
    Row { id, at: 0, text: folded, tokens }
}
