//! Files whose uploads nobody used in their time. A file goes when, and only when, nothing names it any more.

use record::Hash;
use sea_orm::sea_query::{LockType, OnConflict};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::convert::hash;
use crate::db::Tx;
use crate::error::StoreError;
use crate::schema::{blob, blob_use, derived_copy, orphan_blob, upload};
use crate::store::Store;

impl Store {
    /// Files of uploads that were removed unused before `before`, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn orphans(&self, before: i64, limit: u64) -> Result<Vec<Hash>, StoreError> {
        let rows = orphan_blob::Entity::find()
            .filter(orphan_blob::Column::Since.lt(before))
            .order_by_asc(orphan_blob::Column::Since)
            .limit(limit)
            .all(&self.db().read)
            .await?;
        rows.into_iter().map(|row| hash(row.sha256)).collect()
    }

    /// Removes a file of an upload that was removed, unless anything names it: another upload, an act, a copy, or somebody who keeps it
    /// for ever. Returns whether the file was removed.
    ///
    /// The file goes while its row is locked. An upload of the same content that is finished at the same moment waits for that lock, and
    /// looks for its file after it ([`Store::finish_upload`]): so it sees that it has to be put again.
    ///
    /// # Errors
    /// When database, folder or bucket cannot be reached.
    pub async fn remove_orphan(&self, sha256: Hash) -> Result<bool, StoreError> {
        let tx = self.db().begin().await?;
        let row = blob::Entity::find_by_id(sha256.0.to_vec()).lock(LockType::Update).one(&*tx).await?;
        let unused = match row {
            Some(row) if row.kept => false,
            _ => !is_named(&tx, sha256).await?,
        };
        orphan_blob::Entity::delete_by_id(sha256.0.to_vec()).exec(&*tx).await?;
        if unused {
            blob::Entity::delete_by_id(sha256.0.to_vec()).exec(&*tx).await?;
            self.blobs().remove(sha256).await?;
        }
        tx.commit().await?;
        Ok(unused)
    }
}

/// Notes the file of an upload that is being removed.
pub(crate) async fn note_orphan(tx: &Tx, sha256: Vec<u8>, now: i64) -> Result<(), StoreError> {
    use sea_orm::ActiveValue::Set;
    let row = orphan_blob::ActiveModel { sha256: Set(sha256), since: Set(now) };
    let again = OnConflict::column(orphan_blob::Column::Sha256).update_column(orphan_blob::Column::Since).to_owned();
    orphan_blob::Entity::insert(row).on_conflict(again).exec_without_returning(&**tx).await?;
    Ok(())
}

async fn is_named(tx: &Tx, sha256: Hash) -> Result<bool, StoreError> {
    async fn any<E: EntityTrait>(tx: &impl ConnectionTrait, column: E::Column, sha256: Hash) -> Result<bool, StoreError>
    where
        E::Model: Send + Sync,
    {
        Ok(E::find().filter(column.eq(sha256.0.to_vec())).limit(1).count(tx).await? > 0)
    }
    // What is for a tool is a file of its own.
    let uploads = upload::Entity::find()
        .filter(upload::Column::Sha256.eq(sha256.0.to_vec()))
        .filter(upload::Column::Purpose.eq("record"))
        .limit(1)
        .count(&**tx)
        .await?;
    Ok(uploads > 0
        || any::<blob_use::Entity>(&**tx, blob_use::Column::Sha256, sha256).await?
        || any::<derived_copy::Entity>(&**tx, derived_copy::Column::Copy, sha256).await?)
}
