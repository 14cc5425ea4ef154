//! Reading records, and what is kept about them: snapshots of folded states, answers by idempotency key.

use std::collections::HashMap;

use court::PersonId;
use record::Head;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::convert::{padded, signed, unsigned};
use crate::error::StoreError;
use crate::ledger::{Answer, StoredAct, rows};
use crate::schema::{act, answer, record as heads, snapshot};
use crate::store::Store;

/// Ids of one query.
const ROWS: usize = 500;

impl Store {
    /// The acts of a record after `after` up to and including `up_to`, in order, at most `limit`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn acts(&self, record: Uuid, after: u64, up_to: u64, limit: u64) -> Result<Vec<StoredAct>, StoreError> {
        let rows = act::Entity::find()
            .filter(act::Column::Record.eq(record))
            .filter(act::Column::Seq.gt(signed(after)))
            .filter(act::Column::Seq.lte(signed(up_to)))
            .order_by_asc(act::Column::Seq)
            .limit(limit)
            .all(&self.db().read)
            .await?;
        rows.into_iter().map(rows::stored_act).collect()
    }

    /// The acts of a record with these numbers, in order; those that do not exist are left out.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn acts_numbered(&self, record: Uuid, seqs: &[u64]) -> Result<Vec<StoredAct>, StoreError> {
        let mut acts = Vec::with_capacity(seqs.len());
        for seqs in seqs.chunks(ROWS) {
            let rows = act::Entity::find()
                .filter(act::Column::Record.eq(record))
                .filter(act::Column::Seq.is_in(padded(seqs.iter().copied().map(signed).collect())))
                .all(&self.db().read)
                .await?;
            acts.extend(rows);
        }
        acts.sort_unstable_by_key(|row| row.seq);
        acts.into_iter().map(rows::stored_act).collect()
    }

    /// Where a record stands; none if there is no such record.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn head(&self, record: Uuid) -> Result<Option<Head>, StoreError> {
        let row = heads::Entity::find_by_id(record).one(&self.db().read).await?;
        row.map(|row| rows::stored_head(row).map(|(_, head)| head)).transpose()
    }

    /// Where records stand; those that do not exist are left out.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn heads(&self, records: &[Uuid]) -> Result<HashMap<Uuid, Head>, StoreError> {
        let mut found = HashMap::with_capacity(records.len());
        for ids in records.chunks(ROWS) {
            let rows =
                heads::Entity::find().filter(heads::Column::Id.is_in(ids.iter().copied())).all(&self.db().read).await?;
            for row in rows {
                let (id, head) = rows::stored_head(row)?;
                found.insert(id, head);
            }
        }
        Ok(found)
    }

    /// Every record with its head, by id: the first `limit` after `after`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn all_records(&self, after: Option<Uuid>, limit: u64) -> Result<Vec<(Uuid, Head)>, StoreError> {
        let mut query = heads::Entity::find().order_by_asc(heads::Column::Id).limit(limit);
        if let Some(after) = after {
            query = query.filter(heads::Column::Id.gt(after));
        }
        query.all(&self.db().read).await?.into_iter().map(rows::stored_head).collect()
    }

    /// The newest kept state of a record, and the number of the last act folded into it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn snapshot(&self, record: Uuid) -> Result<Option<(u64, String)>, StoreError> {
        let row = snapshot::Entity::find_by_id(record).one(&self.db().read).await?;
        row.map(|row| Ok((unsigned(row.seq)?, row.state))).transpose()
    }

    /// Keeps a folded state, unless a newer one is kept already. Losing one costs time, never data.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn put_snapshot(&self, record: Uuid, seq: u64, state: String) -> Result<(), StoreError> {
        let row = snapshot::ActiveModel { record: Set(record), seq: Set(signed(seq)), state: Set(state) };
        // Snapshots are written by tasks that may overtake each other.
        let newest = OnConflict::column(snapshot::Column::Record)
            .update_columns([snapshot::Column::Seq, snapshot::Column::State])
            .action_and_where(
                Expr::col((snapshot::Entity, snapshot::Column::Seq)).lt(Expr::col(("excluded", snapshot::Column::Seq))),
            )
            .to_owned();
        let tx = self.db().begin().await?;
        snapshot::Entity::insert_many([row]).on_conflict(newest).exec_without_returning(&*tx).await?;
        Ok(tx.commit().await?)
    }

    /// What this person was answered under this key.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn answer(&self, person: PersonId, key: &str) -> Result<Option<Answer>, StoreError> {
        let row = answer::Entity::find_by_id(rows::slot(person, key)).one(&self.db().read).await?;
        row.map(rows::stored_answer).transpose()
    }

    /// Keeps the answer of a creating request that is not an act. Returns the answer that is stored now: this one, or the one that
    /// was there before.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn put_answer(&self, answer: Answer) -> Result<Answer, StoreError> {
        let slot = rows::slot(answer.person, &answer.key);
        let tx = self.db().begin().await?;
        answer::Entity::insert_many([rows::answer_row(&answer)])
            .on_conflict_do_nothing()
            .exec_without_returning(&*tx)
            .await?;
        let stored = answer::Entity::find_by_id(slot).one(&*tx).await?;
        tx.commit().await?;
        stored.map_or(Ok(answer), rows::stored_answer)
    }
}
