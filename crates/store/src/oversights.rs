//! Who read a case from outside, when and why (SR-23). What lets them read is the act in each room; this is the list of it.

use court::{CaseId, PersonId};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::error::StoreError;
use crate::schema::oversight;
use crate::store::Store;

/// A reading. All times are microseconds since 1970-01-01 UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OversightRow {
    pub id: Uuid,
    pub case: CaseId,
    pub person: PersonId,
    /// The office for which somebody reads.
    pub role: String,
    pub reason: String,
    pub began_at: i64,
    pub until: i64,
}

impl Store {
    /// Notes a reading; one that was noted under this id stays as it is. Returns what is noted.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn put_oversight(&self, new: &OversightRow) -> Result<OversightRow, StoreError> {
        let row = oversight::ActiveModel {
            id: Set(new.id),
            case: Set(new.case.0),
            person: Set(new.person.0),
            role: Set(new.role.clone()),
            reason: Set(new.reason.clone()),
            began_at: Set(new.began_at),
            until: Set(new.until),
        };
        let tx = self.db().begin().await?;
        oversight::Entity::insert_many([row]).on_conflict_do_nothing().exec_without_returning(&*tx).await?;
        let noted = oversight::Entity::find_by_id(new.id).one(&*tx).await?;
        tx.commit().await?;
        noted.map(OversightRow::from).ok_or(StoreError::NotFound)
    }

    /// The readings, the latest first: of one person, or of everybody. At most so many.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn oversights(&self, of: Option<PersonId>, limit: u64) -> Result<Vec<OversightRow>, StoreError> {
        let mut query = oversight::Entity::find()
            .order_by_desc(oversight::Column::BeganAt)
            .order_by_asc(oversight::Column::Id)
            .limit(limit);
        if let Some(person) = of {
            query = query.filter(oversight::Column::Person.eq(person.0));
        }
        Ok(query.all(&self.db().read).await?.into_iter().map(OversightRow::from).collect())
    }
}

impl From<oversight::Model> for OversightRow {
    fn from(row: oversight::Model) -> Self {
        OversightRow {
            id: row.id,
            case: CaseId(row.case),
            person: PersonId(row.person),
            role: row.role,
            reason: row.reason,
            began_at: row.began_at,
            until: row.until,
        }
    }
}
