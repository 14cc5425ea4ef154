//! People: natural persons with an account.

use court::PersonId;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::error::StoreError;
use crate::schema::person;
use crate::store::Store;

/// A natural person with an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub id: PersonId,
    /// Stands for the person in the record's leaves; known to the court alone.
    pub pseudonym: String,
    pub name: String,
    pub phone: String,
    /// Whether the name was checked against an identity document.
    pub verified: bool,
    /// Microseconds since 1970-01-01 UTC.
    pub created_at: i64,
}

impl Store {
    /// Keeps a person, or changes name, phone number and verification of the one with this id.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] if somebody else has the phone number or the pseudonym.
    pub async fn put_person(&self, person: &Person) -> Result<(), StoreError> {
        let row = person::ActiveModel {
            id: Set(person.id.0),
            pseudonym: Set(person.pseudonym.clone()),
            name: Set(person.name.clone()),
            phone: Set(person.phone.clone()),
            verified: Set(person.verified),
            created_at: Set(person.created_at),
        };
        let tx = self.db().begin().await?;
        // What identifies a person in the record does not change any more.
        let change = OnConflict::column(person::Column::Id)
            .update_columns([person::Column::Name, person::Column::Phone, person::Column::Verified])
            .to_owned();
        person::Entity::insert_many([row]).on_conflict(change).exec_without_returning(&*tx).await?;
        Ok(tx.commit().await?)
    }

    /// The person with this id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn person(&self, id: PersonId) -> Result<Option<Person>, StoreError> {
        let row = person::Entity::find_by_id(id.0).one(&self.db().read).await?;
        Ok(row.map(Person::from))
    }

    /// The person with this phone number.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn person_by_phone(&self, phone: &str) -> Result<Option<Person>, StoreError> {
        let row = person::Entity::find().filter(person::Column::Phone.eq(phone)).one(&self.db().read).await?;
        Ok(row.map(Person::from))
    }
}

impl From<person::Model> for Person {
    fn from(row: person::Model) -> Self {
        Person {
            id: PersonId(row.id),
            pseudonym: row.pseudonym,
            name: row.name,
            phone: row.phone,
            verified: row.verified,
            created_at: row.created_at,
        }
    }
}
