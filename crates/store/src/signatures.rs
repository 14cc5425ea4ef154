//! People's signatures and the keys of the vault that holds them. What is sealed is opaque here: only the desk's vault opens it.

use court::PersonId;
use record::Hash;
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::convert::hash;
use crate::error::StoreError;
use crate::schema::{signature, vault_key};
use crate::store::Store;

/// A data key as it is kept: wrapped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VaultKeyRow {
    pub id: Uuid,
    pub wrapped: Vec<u8>,
    /// Microseconds since 1970-01-01 UTC.
    pub created_at: i64,
}

/// A version of a person's signature.
#[derive(Clone, PartialEq, Eq)]
pub struct SignatureRow {
    pub person: PersonId,
    /// From 1.
    pub version: u32,
    /// `drawn` or `typed`.
    pub method: String,
    pub commitment: Hash,
    /// Under which key it is sealed.
    pub key: Uuid,
    /// Picture and strokes, encrypted.
    pub sealed: Vec<u8>,
    /// Microseconds since 1970-01-01 UTC.
    pub created_at: i64,
}

/// Nothing of what is sealed is printed.
impl std::fmt::Debug for SignatureRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignatureRow")
            .field("person", &self.person)
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

impl Store {
    /// The keys of the vault, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn vault_keys(&self) -> Result<Vec<VaultKeyRow>, StoreError> {
        let rows = vault_key::Entity::find()
            .order_by_asc(vault_key::Column::CreatedAt)
            .order_by_asc(vault_key::Column::Id)
            .all(&self.db().read)
            .await?;
        let row = |row: vault_key::Model| VaultKeyRow { id: row.id, wrapped: row.wrapped, created_at: row.created_at };
        Ok(rows.into_iter().map(row).collect())
    }

    /// Keeps a key of the vault.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when there is one with this id; when the database cannot be written.
    pub async fn put_vault_key(&self, key: &VaultKeyRow) -> Result<(), StoreError> {
        let tx = self.db().begin().await?;
        vault_key::Entity::insert(key_row(key)).exec_without_returning(&*tx).await?;
        Ok(tx.commit().await?)
    }

    /// Some versions of signatures that are not sealed under this key.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn signatures_not_under(&self, key: Uuid, limit: u64) -> Result<Vec<SignatureRow>, StoreError> {
        let rows = signature::Entity::find()
            .filter(signature::Column::VaultKey.ne(key))
            .limit(limit)
            .all(&self.db().read)
            .await?;
        rows.into_iter().map(read).collect()
    }

    /// Puts a version of a signature, sealed anew, in the place of the same one under another key.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn reseal_signature(&self, anew: &SignatureRow) -> Result<(), StoreError> {
        let change =
            signature::ActiveModel { vault_key: Set(anew.key), sealed: Set(anew.sealed.clone()), ..Default::default() };
        let tx = self.db().begin().await?;
        signature::Entity::update_many()
            .set(change)
            .filter(signature::Column::Person.eq(anew.person.0))
            .filter(signature::Column::Version.eq(i32::try_from(anew.version).unwrap_or(i32::MAX)))
            .exec(&*tx)
            .await?;
        Ok(tx.commit().await?)
    }

    /// Keeps a signature as a new version.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the person has this version already.
    pub async fn put_signature(&self, new: &SignatureRow) -> Result<(), StoreError> {
        let row = signature::ActiveModel {
            person: Set(new.person.0),
            version: Set(i32::try_from(new.version).unwrap_or(i32::MAX)),
            method: Set(new.method.clone()),
            commitment: Set(new.commitment.0.to_vec()),
            vault_key: Set(new.key),
            sealed: Set(new.sealed.clone()),
            created_at: Set(new.created_at),
        };
        let tx = self.db().begin().await?;
        signature::Entity::insert(row).exec_without_returning(&*tx).await?;
        Ok(tx.commit().await?)
    }

    /// A person's signature: the latest version.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn signature(&self, person: PersonId) -> Result<Option<SignatureRow>, StoreError> {
        let row = signature::Entity::find()
            .filter(signature::Column::Person.eq(person.0))
            .order_by_desc(signature::Column::Version)
            .one(&self.db().read)
            .await?;
        row.map(read).transpose()
    }

    /// The version of a person's signature that an act has named.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn signature_named(
        &self,
        person: PersonId,
        commitment: Hash,
    ) -> Result<Option<SignatureRow>, StoreError> {
        let row = signature::Entity::find()
            .filter(signature::Column::Person.eq(person.0))
            .filter(signature::Column::Commitment.eq(commitment.0.to_vec()))
            .one(&self.db().read)
            .await?;
        row.map(read).transpose()
    }
}

pub(crate) fn key_row(key: &VaultKeyRow) -> vault_key::ActiveModel {
    vault_key::ActiveModel { id: Set(key.id), wrapped: Set(key.wrapped.clone()), created_at: Set(key.created_at) }
}

fn read(row: signature::Model) -> Result<SignatureRow, StoreError> {
    Ok(SignatureRow {
        person: PersonId(row.person),
        version: u32::try_from(row.version).unwrap_or(0),
        method: row.method,
        commitment: hash(row.commitment)?,
        key: row.vault_key,
        sealed: row.sealed,
        created_at: row.created_at,
    })
}
