//! People: natural persons with an account.

use court::PersonId;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use crate::error::StoreError;
use crate::schema::person;
use crate::seals::{DOCUMENT, Datum, PHONE, Place};
use crate::store::Store;

/// A natural person with an account. Prints no number.
#[derive(Clone, PartialEq, Eq)]
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

/// An identity document. Prints no number.
#[derive(Clone, PartialEq, Eq)]
pub struct Document {
    /// Which kind, e.g. `resident_id`.
    pub kind: String,
    pub number: String,
}

impl std::fmt::Debug for Person {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Person").field("id", &self.id).field("verified", &self.verified).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Document {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Document").field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// How many people a document's number is looked up for at most: one number, written twice by mistake, is still looked at by somebody.
const NAMESAKES: u64 = 20;

impl Store {
    /// Keeps a person, or changes name, phone number and verification of the one with this id.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] if somebody else has the phone number or the pseudonym.
    pub async fn put_person(&self, person: &Person) -> Result<(), StoreError> {
        let row = self.person_row(person)?;
        let tx = self.db().begin().await?;
        // What identifies a person in the record does not change any more.
        let change = OnConflict::column(person::Column::Id)
            .update_columns([
                person::Column::Name,
                person::Column::PhoneSealed,
                person::Column::PhoneIndex,
                person::Column::Verified,
            ])
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
        row.map(|row| self.person_of(row)).transpose()
    }

    /// The person with this phone number.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn person_by_phone(&self, phone: &str) -> Result<Option<Person>, StoreError> {
        let index = self.blind(Datum::Phone, phone)?;
        let row = person::Entity::find().filter(person::Column::PhoneIndex.eq(index)).one(&self.db().read).await?;
        row.map(|row| self.person_of(row)).transpose()
    }

    /// Keeps a person's identity document in place of an earlier one.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] if there is no such person.
    pub async fn put_document(&self, person: PersonId, document: &Document) -> Result<(), StoreError> {
        let place = Place { column: DOCUMENT, row: person.0 };
        let kept = person::ActiveModel {
            document_kind: Set(Some(document.kind.clone())),
            document_sealed: Set(Some(self.seal(place, &document.number)?)),
            document_index: Set(Some(self.blind(Datum::DocumentNumber, &document.number)?)),
            ..Default::default()
        };
        let tx = self.db().begin().await?;
        let done = person::Entity::update_many().set(kept).filter(person::Column::Id.eq(person.0)).exec(&*tx).await?;
        tx.commit().await?;
        if done.rows_affected == 0 { Err(StoreError::NotFound) } else { Ok(()) }
    }

    /// A person's identity document, opened: for those who have shown why (SR-15), and for comparing.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn document_of(&self, person: PersonId) -> Result<Option<Document>, StoreError> {
        let Some(row) = person::Entity::find_by_id(person.0).one(&self.db().read).await? else { return Ok(None) };
        let (Some(kind), Some(sealed)) = (row.document_kind, row.document_sealed) else { return Ok(None) };
        let number = self.unseal(Place { column: DOCUMENT, row: row.id }, &sealed)?;
        Ok(Some(Document { kind, number }))
    }

    /// The people who have a document with this number, of whatever kind, with the kind.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn people_by_document(&self, number: &str) -> Result<Vec<(Person, String)>, StoreError> {
        let index = self.blind(Datum::DocumentNumber, number)?;
        let rows = person::Entity::find()
            .filter(person::Column::DocumentIndex.eq(index))
            .limit(NAMESAKES)
            .all(&self.db().read)
            .await?;
        rows.into_iter()
            .map(|row| {
                let kind = row.document_kind.clone().unwrap_or_default();
                Ok((self.person_of(row)?, kind))
            })
            .collect()
    }

    /// A person as the database has them, opened.
    pub(crate) fn person_of(&self, row: person::Model) -> Result<Person, StoreError> {
        let phone = match &row.phone_sealed {
            Some(sealed) => self.unseal(Place { column: PHONE, row: row.id }, sealed)?,
            None => String::new(),
        };
        Ok(Person {
            id: PersonId(row.id),
            pseudonym: row.pseudonym,
            name: row.name,
            phone,
            verified: row.verified,
            created_at: row.created_at,
        })
    }

    /// A new person's row.
    pub(crate) fn person_row(&self, person: &Person) -> Result<person::ActiveModel, StoreError> {
        let sealed = self.seal(Place { column: PHONE, row: person.id.0 }, &person.phone)?;
        Ok(person::ActiveModel {
            id: Set(person.id.0),
            pseudonym: Set(person.pseudonym.clone()),
            name: Set(person.name.clone()),
            phone: Set(String::new()),
            phone_sealed: Set(Some(sealed)),
            phone_index: Set(Some(self.blind(Datum::Phone, &person.phone)?)),
            document_kind: Set(None),
            document_sealed: Set(None),
            document_index: Set(None),
            verified: Set(person.verified),
            created_at: Set(person.created_at),
        })
    }
}
