//! Finding acts again: by what was said, by whom, on which day, and photos and videos.
//!
//! What is here is derived from the record, behind it by as much as the indexer has not done yet: [`SearchPlace::mark`] says how far it
//! is. Whoever searches looks through the acts after the mark as well. Who may see what is not asked here: hits are numbers of acts.

mod dialect;
mod texts;
mod words;

use std::collections::HashMap;

use court::MemberId;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

pub(crate) use texts::{drop_texts, find_texts, put_texts};
pub use words::SearchWords;

use crate::convert::{padded, signed, unsigned};
use crate::db::retrying;
use crate::error::StoreError;
use crate::schema::{search_day, search_entry, search_room};
use crate::store::Store;

/// Ids of one query.
const ROWS: usize = 500;
/// An entry's id is the short key of its room and, in so many bits below, the number of the act: entries of a room stand together, in
/// the order of its record.
const SEQ_BITS: u32 = 32;

/// An act as search knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchEntry {
    pub seq: u64,
    /// Microseconds since 1970-01-01 UTC.
    pub at: i64,
    /// Who did it.
    pub member: MemberId,
    /// The day in Beijing, as a Julian day number.
    pub day: i32,
    /// Whether it is a photo or a video.
    pub media: bool,
    /// The words by which it is found, as they were written.
    pub text: String,
}

/// What is looked for: whatever is given must be so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sought {
    pub words: SearchWords,
    pub member: Option<MemberId>,
    /// A day in Beijing, as a Julian day number.
    pub day: Option<i32>,
    /// Photos and videos only.
    pub media: bool,
}

impl Sought {
    /// Whether an act that is not in the index yet is looked for.
    pub fn takes(&self, entry: &SearchEntry) -> bool {
        self.member.is_none_or(|member| member == entry.member)
            && self.day.is_none_or(|day| day == entry.day)
            && (entry.media || !self.media)
            && self.words.found_in(&entry.text)
    }
}

/// Where a record stands in the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SearchPlace {
    key: i64,
    /// The last act that is in the index; 0 if none is.
    pub mark: u64,
}

/// An act that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SearchHit {
    pub seq: u64,
    /// Microseconds since 1970-01-01 UTC.
    pub at: i64,
}

/// How many acts a member did on a day, as far as they are in the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SearchDay {
    /// The day in Beijing, as a Julian day number.
    pub day: i32,
    pub member: MemberId,
    /// The number of the first of them.
    pub first: u64,
    pub acts: u64,
}

impl Store {
    /// Puts the acts that follow the mark `after` into the index and moves the mark. Returns false, and does nothing, if the mark is not
    /// there (any more): another node was quicker.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn index_acts(&self, record: Uuid, after: u64, entries: &[SearchEntry]) -> Result<bool, StoreError> {
        let Some(last) = entries.last().map(|entry| entry.seq) else { return Ok(true) };
        retrying(async || {
            let tx = self.db().begin().await?;
            if after == 0 {
                let new = search_room::ActiveModel { record: Set(record), mark: Set(0), ..Default::default() };
                let known = OnConflict::column(search_room::Column::Record).do_nothing().to_owned();
                search_room::Entity::insert_many([new]).on_conflict(known).exec_without_returning(&*tx).await?;
            }
            let room = search_room::Entity::find()
                .filter(search_room::Column::Record.eq(record))
                .filter(search_room::Column::Mark.eq(signed(after)))
                .lock_exclusive()
                .one(&*tx)
                .await?;
            let Some(room) = room else { return Ok(false) };
            let rows: Vec<dialect::Row> = entries.iter().map(|entry| row(room.key, entry)).collect();
            dialect::insert(&tx, &rows).await?;
            search_day::Entity::insert_many(days(room.key, entries))
                .on_conflict(one_more_day())
                .exec_without_returning(&*tx)
                .await?;
            search_room::Entity::update_many()
                .set(search_room::ActiveModel { mark: Set(signed(last)), ..Default::default() })
                .filter(search_room::Column::Key.eq(room.key))
                .exec(&*tx)
                .await?;
            tx.commit().await?;
            Ok(true)
        })
        .await
    }

    /// Records with acts that are not in the index, at most `limit`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn unindexed(&self, limit: u64) -> Result<Vec<Uuid>, StoreError> {
        let same = Expr::col(("record", "id")).equals(("search_room", "record"));
        let behind = Expr::col(("search_room", "mark")).lt(Expr::col(("record", "head_seq")));
        let query = Query::select()
            .column(("record", "id"))
            .from("record")
            .left_join("search_room", same)
            .cond_where(Expr::col(("search_room", "mark")).is_null().or(behind))
            .limit(limit)
            .take();
        let rows = self.db().read.query_all(&query).await?;
        rows.iter().map(|row| Ok(row.try_get("", "id")?)).collect()
    }

    /// Where these records stand in the index; those of which nothing is in it are left out.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn search_places(&self, records: &[Uuid]) -> Result<HashMap<Uuid, SearchPlace>, StoreError> {
        let mut places = HashMap::with_capacity(records.len());
        for ids in records.chunks(ROWS) {
            let rows = search_room::Entity::find()
                .filter(search_room::Column::Record.is_in(padded(ids.to_vec())))
                .all(&self.db().read)
                .await?;
            for row in rows {
                places.insert(row.record, SearchPlace { key: row.key, mark: unsigned(row.mark)? });
            }
        }
        Ok(places)
    }

    /// The acts of one record that are looked for, numbered below `before`, the newest `limit` of them, newest first. Only what is in
    /// the index is found. What takes every act is not for the index.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn search(
        &self,
        place: SearchPlace,
        sought: &Sought,
        before: u64,
        limit: u64,
    ) -> Result<Vec<SearchHit>, StoreError> {
        let Sought { words, member, day, media } = sought;
        let tokens = words::tokens_for(place.key, words, *member, *day, *media);
        let mut found = Vec::new();
        if tokens.is_empty() {
            return Ok(found);
        }
        let first = id(place.key, 0);
        let mut before = id(place.key, Ord::min(before, place.mark + 1));
        while (found.len() as u64) < limit {
            let candidates = dialect::newest(&self.db().read, &tokens, first, before, limit).await?;
            let more = candidates.len() as u64 == limit;
            before = candidates.last().map_or(before, |last| last.id);
            // Having all the pairs of a word is not yet having the word.
            found.extend(candidates.iter().filter(|candidate| words.all_in(&candidate.text)).map(hit));
            if !more {
                break;
            }
        }
        found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(found)
    }

    /// On which days who did how much, in order, and up to which act that is told.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn search_days(&self, record: Uuid) -> Result<(u64, Vec<SearchDay>), StoreError> {
        loop {
            let Some(place) = self.search_places(&[record]).await?.remove(&record) else { return Ok((0, Vec::new())) };
            let days = self.days_of(place.key).await?;
            // Days and mark belong together: if the indexer came in between, both are read again.
            if self.search_places(&[record]).await?.get(&record) == Some(&place) {
                return Ok((place.mark, days));
            }
        }
    }

    async fn days_of(&self, key: i64) -> Result<Vec<SearchDay>, StoreError> {
        let rows = search_day::Entity::find().filter(search_day::Column::Key.eq(key)).all(&self.db().read).await?;
        let mut days = rows
            .into_iter()
            .map(|row| {
                let (first, acts) = (unsigned(row.first)?, unsigned(row.acts)?);
                Ok(SearchDay { day: row.day, member: MemberId(row.member), first, acts })
            })
            .collect::<Result<Vec<_>, StoreError>>()?;
        days.sort_unstable_by_key(|day| day.first);
        Ok(days)
    }
}

fn id(key: i64, seq: u64) -> i64 {
    (key << SEQ_BITS) | signed(seq)
}

fn row(key: i64, entry: &SearchEntry) -> dialect::Row {
    let text = words::folded(&entry.text);
    let tokens = words::tokens_of(key, &text, entry.member, entry.day, entry.media);
    dialect::Row { id: id(key, entry.seq), at: entry.at, text, tokens }
}

fn hit(row: &search_entry::Model) -> SearchHit {
    SearchHit { seq: (row.id & ((1 << SEQ_BITS) - 1)).unsigned_abs(), at: row.at }
}

/// What these acts add to the days.
fn days(key: i64, entries: &[SearchEntry]) -> Vec<search_day::ActiveModel> {
    let mut days: HashMap<(i32, MemberId), (u64, i64)> = HashMap::new();
    for entry in entries {
        days.entry((entry.day, entry.member)).or_insert((entry.seq, 0)).1 += 1;
    }
    let rows = days.into_iter().map(|((day, member), (first, acts))| search_day::ActiveModel {
        key: Set(key),
        day: Set(day),
        member: Set(member.0),
        first: Set(signed(first)),
        acts: Set(acts),
    });
    rows.collect()
}

/// The first act of a day stays the first; the count grows.
fn one_more_day() -> OnConflict {
    let sum = Expr::col(("search_day", "acts")).add(Expr::col(("excluded", "acts")));
    OnConflict::columns([search_day::Column::Key, search_day::Column::Day, search_day::Column::Member])
        .value(search_day::Column::Acts, sum)
        .to_owned()
}
