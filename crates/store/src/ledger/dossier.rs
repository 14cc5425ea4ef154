//! What acts do to the list of a case's dossier, in their own transaction.

use court::dossier::{Entry, Folder};
use court::{CaseId, EntryId, folded};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::db::Tx;
use crate::dossier_rows::row;
use crate::error::StoreError;
use crate::schema::dossier_entry::{self, Column};

/// Puts an entry onto the list.
pub(super) async fn file(tx: &Tx, entry: &Entry) -> Result<(), StoreError> {
    let row = row(entry).ok_or_else(|| StoreError::Corrupt("a dossier entry cannot be written".to_owned()))?;
    dossier_entry::Entity::insert_many([row]).on_conflict_do_nothing().exec_without_returning(&**tx).await?;
    Ok(())
}

/// Moves an entry, and calls it by another title.
pub(super) async fn refile(tx: &Tx, case: CaseId, id: EntryId, folder: Folder, title: &str) -> Result<(), StoreError> {
    let now = dossier_entry::ActiveModel {
        folder: Set(folder.code().to_owned()),
        title: Set(title.to_owned()),
        title_key: Set(folded(title)),
        ..Default::default()
    };
    change(tx, case, id, now).await
}

/// Takes an entry off the list.
pub(super) async fn withdraw(tx: &Tx, case: CaseId, id: EntryId, at: i64) -> Result<(), StoreError> {
    change(tx, case, id, dossier_entry::ActiveModel { withdrawn_at: Set(Some(at)), ..Default::default() }).await
}

async fn change(tx: &Tx, case: CaseId, id: EntryId, now: dossier_entry::ActiveModel) -> Result<(), StoreError> {
    dossier_entry::Entity::update_many()
        .set(now)
        .filter(Column::Id.eq(id.0))
        .filter(Column::Case.eq(case.0))
        .exec(&**tx)
        .await?;
    Ok(())
}
