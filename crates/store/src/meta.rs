//! A few values of which a court has one: the secret of its file tickets, its code.

use sea_orm::ActiveValue::Set;
use sea_orm::EntityTrait;
use sea_orm::sea_query::OnConflict;

use crate::error::StoreError;
use crate::schema::meta;
use crate::store::Store;

impl Store {
    /// The value under this name.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn get_meta(&self, key: &str) -> Result<Option<String>, StoreError> {
        let row = meta::Entity::find_by_id(key).one(&self.db().read).await?;
        Ok(row.map(|row| row.value))
    }

    /// Keeps a value in place of the one that is there.
    pub(crate) async fn put_meta(&self, key: &str, value: &str) -> Result<(), StoreError> {
        let row = meta::ActiveModel { key: Set(key.to_owned()), value: Set(value.to_owned()) };
        let replace = OnConflict::column(meta::Column::Key).update_column(meta::Column::Value).to_owned();
        let tx = self.db().begin().await?;
        meta::Entity::insert(row).on_conflict(replace).exec_without_returning(&*tx).await?;
        Ok(tx.commit().await?)
    }

    /// Keeps a value unless there is one; returns the one that is there now.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn put_meta_if_absent(&self, key: &str, value: &str) -> Result<String, StoreError> {
        let row = meta::ActiveModel { key: Set(key.to_owned()), value: Set(value.to_owned()) };
        let tx = self.db().begin().await?;
        meta::Entity::insert_many([row]).on_conflict_do_nothing().exec_without_returning(&*tx).await?;
        let stored = meta::Entity::find_by_id(key).one(&*tx).await?;
        tx.commit().await?;
        Ok(stored.map_or_else(|| value.to_owned(), |row| row.value))
    }
}
