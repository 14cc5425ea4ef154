//! Virtual calls: the number that was lent to one, and what the telephone service told of it. No real number is here (SR-49).

use court::{ActId, RoomId};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::error::StoreError;
use crate::schema::phone_call;
use crate::store::Store;

/// A call as far as it is known. All times are microseconds since 1970-01-01 UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneCall {
    /// The act that began it.
    pub id: ActId,
    pub room: RoomId,
    pub begun_at: i64,
    /// The service's name for the binding.
    pub binding: Option<String>,
    /// The number that was lent.
    pub number: Option<String>,
    pub rang_at: Option<i64>,
    pub answered_at: Option<i64>,
    /// What became of it, as JSON.
    pub result: Option<String>,
}

/// Something that the service told of a call. What was told first stays, so that telling it twice, or late, changes nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallNote {
    Rang(i64),
    Answered(i64),
    Over(String),
}

impl Store {
    /// Makes a place for what will be told of a call, unless there is one.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn open_call(&self, id: ActId, room: RoomId, begun_at: i64) -> Result<(), StoreError> {
        let row = phone_call::ActiveModel {
            id: Set(id.0),
            room: Set(room.0),
            begun_at: Set(begun_at),
            binding: Set(None),
            number: Set(None),
            rang_at: Set(None),
            answered_at: Set(None),
            result: Set(None),
        };
        let tx = self.db().begin().await?;
        phone_call::Entity::insert_many([row]).on_conflict_do_nothing().exec_without_returning(&*tx).await?;
        Ok(tx.commit().await?)
    }

    /// Keeps the number that was lent to a call.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn bind_call(&self, id: ActId, binding: &str, number: &str) -> Result<(), StoreError> {
        let bound = phone_call::ActiveModel {
            binding: Set(Some(binding.to_owned())),
            number: Set(Some(number.to_owned())),
            ..Default::default()
        };
        let tx = self.db().begin().await?;
        phone_call::Entity::update_many().set(bound).filter(phone_call::Column::Id.eq(id.0)).exec(&*tx).await?;
        Ok(tx.commit().await?)
    }

    /// Keeps what the service told, unless it was told before.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn note_call(&self, id: ActId, note: &CallNote) -> Result<(), StoreError> {
        let (column, change) = match note {
            CallNote::Rang(at) => {
                (phone_call::Column::RangAt, phone_call::ActiveModel { rang_at: Set(Some(*at)), ..Default::default() })
            }
            CallNote::Answered(at) => (
                phone_call::Column::AnsweredAt,
                phone_call::ActiveModel { answered_at: Set(Some(*at)), ..Default::default() },
            ),
            CallNote::Over(result) => (
                phone_call::Column::Result,
                phone_call::ActiveModel { result: Set(Some(result.clone())), ..Default::default() },
            ),
        };
        let tx = self.db().begin().await?;
        phone_call::Entity::update_many()
            .set(change)
            .filter(phone_call::Column::Id.eq(id.0))
            .filter(column.is_null())
            .exec(&*tx)
            .await?;
        Ok(tx.commit().await?)
    }

    /// The call that this act began.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn call(&self, id: ActId) -> Result<Option<PhoneCall>, StoreError> {
        let row = phone_call::Entity::find_by_id(id.0).one(&self.db().read).await?;
        Ok(row.map(|row| PhoneCall {
            id: ActId(row.id),
            room: RoomId(row.room),
            begun_at: row.begun_at,
            binding: row.binding,
            number: row.number,
            rang_at: row.rang_at,
            answered_at: row.answered_at,
            result: row.result,
        }))
    }
}
