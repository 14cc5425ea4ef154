//! What is known of files that are kept: their type, and who uses them.

use court::CaseId;
use record::Hash;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use crate::convert::{hash, signed, unsigned};
use crate::error::StoreError;
use crate::schema::{blob, blob_use, room};
use crate::store::Store;

/// A file as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlobRow {
    pub sha256: Hash,
    pub size: u64,
    pub media_type: String,
}

impl Store {
    /// How many bytes of files the records of a case use.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn used_bytes_case(&self, case: CaseId) -> Result<u64, StoreError> {
        let rooms =
            Query::select().column(room::Column::Id).from(room::Entity).and_where(room::Column::Case.eq(case.0)).take();
        let total: Option<i64> = blob_use::Entity::find()
            .select_only()
            .column_as(whole_sum(blob_use::Column::Size), "total")
            .filter(blob_use::Column::Record.in_subquery(rooms))
            .into_tuple()
            .one(&self.db().read)
            .await?
            .flatten();
        unsigned(total.unwrap_or(0))
    }

    /// What is known of a file.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn blob(&self, sha256: Hash) -> Result<Option<BlobRow>, StoreError> {
        let row = blob::Entity::find_by_id(sha256.0.to_vec()).one(&self.db().read).await?;
        row.map(|row| Ok(BlobRow { sha256: hash(row.sha256)?, size: unsigned(row.size)?, media_type: row.media_type }))
            .transpose()
    }

    /// Keeps a file for ever that came by no upload: whatever becomes of uploads with the same content, it stays.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn put_blob(&self, blob: &BlobRow, now: i64) -> Result<(), StoreError> {
        let tx = self.db().begin().await?;
        let row = blob::ActiveModel { kept: Set(true), ..blob_row(blob, now) };
        let kept = OnConflict::column(blob::Column::Sha256).update_column(blob::Column::Kept).to_owned();
        blob::Entity::insert(row).on_conflict(kept).exec_without_returning(&*tx).await?;
        Ok(tx.commit().await?)
    }
}

/// PostgreSQL gives the sum of whole numbers as a decimal one.
pub(crate) fn whole_sum(column: impl ColumnTrait) -> Expr {
    column.into_expr().sum().cast_as("bigint")
}

pub(crate) fn blob_row(blob: &BlobRow, now: i64) -> blob::ActiveModel {
    blob::ActiveModel {
        sha256: Set(blob.sha256.0.to_vec()),
        size: Set(signed(blob.size)),
        media_type: Set(blob.media_type.clone()),
        created_at: Set(now),
        kept: Set(false),
    }
}
