//! Programs of the court that may do one thing (import), by a token of their own that ends.

use court::IntegrationId;
use record::Hash;
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::convert::hash;
use crate::error::StoreError;
use crate::schema::integration;
use crate::store::Store;

/// A program of the court. All times are microseconds since 1970-01-01 UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IntegrationRow {
    pub id: IntegrationId,
    /// Which system, as the operator calls it.
    pub name: String,
    /// The one thing that it may do: `import`.
    pub scope: String,
    /// SHA-256 of the token; the token itself is nowhere but with its holder.
    pub token_hash: Hash,
    pub created_at: i64,
    pub expires_at: i64,
    pub last_used_at: Option<i64>,
    pub revoked_at: Option<i64>,
}

impl Store {
    /// Keeps a new program.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] if there is one with this id or token.
    pub async fn put_integration(&self, new: &IntegrationRow) -> Result<(), StoreError> {
        let row = integration::ActiveModel {
            id: Set(new.id.0),
            name: Set(new.name.clone()),
            scope: Set(new.scope.clone()),
            token_hash: Set(new.token_hash.0.to_vec()),
            created_at: Set(new.created_at),
            expires_at: Set(new.expires_at),
            last_used_at: Set(new.last_used_at),
            revoked_at: Set(new.revoked_at),
        };
        let tx = self.db().begin().await?;
        integration::Entity::insert(row).exec_without_returning(&*tx).await?;
        Ok(tx.commit().await?)
    }

    /// The program with this token; none if it was revoked or has expired.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn integration_by_token(&self, token: Hash, now: i64) -> Result<Option<IntegrationRow>, StoreError> {
        let row = integration::Entity::find()
            .filter(integration::Column::TokenHash.eq(token.0.to_vec()))
            .filter(integration::Column::RevokedAt.is_null())
            .filter(integration::Column::ExpiresAt.gt(now))
            .one(&self.db().read)
            .await?;
        row.map(stored).transpose()
    }

    /// Every program that there is or was, the newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn integrations(&self) -> Result<Vec<IntegrationRow>, StoreError> {
        let rows = integration::Entity::find()
            .order_by_desc(integration::Column::CreatedAt)
            .order_by_asc(integration::Column::Id)
            .all(&self.db().read)
            .await?;
        rows.into_iter().map(stored).collect()
    }

    /// Ends a program's token. Returns whether this call ended it.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn revoke_integration(&self, id: IntegrationId, now: i64) -> Result<bool, StoreError> {
        let ended = integration::ActiveModel { revoked_at: Set(Some(now)), ..Default::default() };
        let tx = self.db().begin().await?;
        let done = integration::Entity::update_many()
            .set(ended)
            .filter(integration::Column::Id.eq(id.0))
            .filter(integration::Column::RevokedAt.is_null())
            .exec(&*tx)
            .await?;
        tx.commit().await?;
        Ok(done.rows_affected > 0)
    }

    /// Notes that a program's token was used.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn integration_used(&self, id: IntegrationId, now: i64) -> Result<(), StoreError> {
        let used = integration::ActiveModel { last_used_at: Set(Some(now)), ..Default::default() };
        let tx = self.db().begin().await?;
        integration::Entity::update_many().set(used).filter(integration::Column::Id.eq(id.0)).exec(&*tx).await?;
        Ok(tx.commit().await?)
    }
}

fn stored(row: integration::Model) -> Result<IntegrationRow, StoreError> {
    Ok(IntegrationRow {
        id: IntegrationId(row.id),
        name: row.name,
        scope: row.scope,
        token_hash: hash(row.token_hash)?,
        created_at: row.created_at,
        expires_at: row.expires_at,
        last_used_at: row.last_used_at,
        revoked_at: row.revoked_at,
    })
}
