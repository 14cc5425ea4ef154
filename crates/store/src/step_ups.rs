//! That somebody has just shown again who they are, for one thing (SR-09). Used up by the act that it was for, in the act's own transaction.

use court::SessionId;
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::error::StoreError;
use crate::schema::step_up;
use crate::store::Store;

/// A proof, for one session, one purpose and one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepUpRow {
    pub id: Uuid,
    pub session: SessionId,
    /// What it allows, e.g. `signature.confirm`.
    pub purpose: String,
    /// On what, e.g. the hash of a document.
    pub object: String,
    /// How it was shown, e.g. `sms`.
    pub method: String,
    /// Microseconds since 1970-01-01 UTC.
    pub granted_at: i64,
    pub expires_at: i64,
}

impl Store {
    /// Keeps a proof.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn put_step_up(&self, new: &StepUpRow) -> Result<(), StoreError> {
        let row = step_up::ActiveModel {
            id: Set(new.id),
            session: Set(new.session.0),
            purpose: Set(new.purpose.clone()),
            object: Set(new.object.clone()),
            method: Set(new.method.clone()),
            granted_at: Set(new.granted_at),
            expires_at: Set(new.expires_at),
            used_at: Set(None),
        };
        let tx = self.db().begin().await?;
        step_up::Entity::insert(row).exec_without_returning(&*tx).await?;
        Ok(tx.commit().await?)
    }

    /// The proof of this session for this purpose and object that is fresh and was not used.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn step_up(
        &self,
        session: SessionId,
        purpose: &str,
        object: &str,
        now: i64,
    ) -> Result<Option<StepUpRow>, StoreError> {
        let row = step_up::Entity::find()
            .filter(step_up::Column::Session.eq(session.0))
            .filter(step_up::Column::Purpose.eq(purpose))
            .filter(step_up::Column::Object.eq(object))
            .filter(step_up::Column::UsedAt.is_null())
            .filter(step_up::Column::ExpiresAt.gt(now))
            .order_by_desc(step_up::Column::GrantedAt)
            .one(&self.db().read)
            .await?;
        Ok(row.map(|row| StepUpRow {
            id: row.id,
            session: SessionId(row.session),
            purpose: row.purpose,
            object: row.object,
            method: row.method,
            granted_at: row.granted_at,
            expires_at: row.expires_at,
        }))
    }

    /// Forgets proofs from before `before`.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn forget_step_ups(&self, before: i64) -> Result<u64, StoreError> {
        let tx = self.db().begin().await?;
        let gone = step_up::Entity::delete_many().filter(step_up::Column::ExpiresAt.lt(before)).exec(&*tx).await?;
        tx.commit().await?;
        Ok(gone.rows_affected)
    }
}
