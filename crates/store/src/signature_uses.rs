//! Where a person has put their own signature outside of any room. What is signed in a room is an act and stands in its record.

use court::PersonId;
use record::Hash;
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::convert::hash;
use crate::error::StoreError;
use crate::ledger::{Answer, rows};
use crate::schema::{answer, signature_use, step_up, upload};
use crate::store::Store;
use crate::uploads::{UploadRow, finished};

/// One use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureUse {
    pub id: Uuid,
    pub person: PersonId,
    /// Microseconds since 1970-01-01 UTC.
    pub at: i64,
    /// The commitment to the signature.
    pub signature: Hash,
    /// The file's name.
    pub name: String,
    /// SHA-256 of the file that was signed.
    pub document: Hash,
    /// SHA-256 of what came of it.
    pub result: Hash,
    /// The places, as JSON.
    pub places: String,
    /// How the person showed again who they are.
    pub method: String,
}

impl Store {
    /// Notes a use, in one transaction with everything that belongs to it: the proof is used up, the file that came of it is there as a finished
    /// upload for a tool (its bytes have been staged before), and the answer stands under its key.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the proof was used by somebody else or the key has an answer.
    pub async fn note_signature_use(
        &self,
        new: &SignatureUse,
        proof: Uuid,
        result: &UploadRow,
        answer: &Answer,
    ) -> Result<(), StoreError> {
        let tx = self.db().begin().await?;
        let used = step_up::ActiveModel { used_at: Set(Some(new.at)), ..Default::default() };
        let used = step_up::Entity::update_many()
            .set(used)
            .filter(step_up::Column::Id.eq(proof))
            .filter(step_up::Column::UsedAt.is_null())
            .exec(&*tx)
            .await?;
        if used.rows_affected == 0 {
            return Err(StoreError::Conflict);
        }
        let row = signature_use::ActiveModel {
            id: Set(new.id),
            person: Set(new.person.0),
            at: Set(new.at),
            signature: Set(new.signature.0.to_vec()),
            name: Set(new.name.clone()),
            document: Set(new.document.0.to_vec()),
            result: Set(new.result.0.to_vec()),
            places: Set(new.places.clone()),
            method: Set(new.method.clone()),
        };
        signature_use::Entity::insert(row).exec_without_returning(&*tx).await?;
        upload::Entity::insert(finished(result, new.at)?).exec_without_returning(&*tx).await?;
        answer::Entity::insert(rows::answer_row(answer)).exec_without_returning(&*tx).await?;
        Ok(tx.commit().await?)
    }

    /// A person's uses, the latest first, after the one `before` (its time and id), at most `limit`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn signature_uses(
        &self,
        person: PersonId,
        before: Option<(i64, Uuid)>,
        limit: u64,
    ) -> Result<Vec<SignatureUse>, StoreError> {
        let mut query = signature_use::Entity::find().filter(signature_use::Column::Person.eq(person.0));
        if let Some((at, id)) = before {
            let same = Condition::all().add(signature_use::Column::At.eq(at)).add(signature_use::Column::Id.lt(id));
            query = query.filter(Condition::any().add(signature_use::Column::At.lt(at)).add(same));
        }
        let rows = query
            .order_by_desc(signature_use::Column::At)
            .order_by_desc(signature_use::Column::Id)
            .limit(limit)
            .all(&self.db().read)
            .await?;
        rows.into_iter().map(read).collect()
    }
}

fn read(row: signature_use::Model) -> Result<SignatureUse, StoreError> {
    Ok(SignatureUse {
        id: row.id,
        person: PersonId(row.person),
        at: row.at,
        signature: hash(row.signature)?,
        name: row.name,
        document: hash(row.document)?,
        result: hash(row.result)?,
        places: row.places,
        method: row.method,
    })
}
