//! The offices that the court's staff hold: given by invitation, accepted with a code that works once, ended at once.

use court::{PersonId, SessionId};
use record::Hash;
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::convert::hash;
use crate::error::StoreError;
use crate::schema::{office, push_subscription, session};
use crate::store::Store;

/// An office. All times are microseconds since 1970-01-01 UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfficeRow {
    pub id: Uuid,
    pub person: PersonId,
    pub role: String,
    pub invited_at: i64,
    /// None: by whoever runs the program.
    pub invited_by: Option<PersonId>,
    /// SHA-256 of the code that came with the invitation; none once it was used.
    pub code_hash: Option<Hash>,
    /// Until when the invitation can be accepted.
    pub expires_at: i64,
    pub accepted_at: Option<i64>,
    pub ended_at: Option<i64>,
    pub ended_by: Option<PersonId>,
}

impl OfficeRow {
    /// Whether it is held now.
    pub fn is_held(&self) -> bool {
        self.accepted_at.is_some() && self.ended_at.is_none()
    }
}

impl Store {
    /// Keeps a new office. One that was there before under this id stays as it is.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn put_office(&self, new: &OfficeRow) -> Result<(), StoreError> {
        let row = office::ActiveModel {
            id: Set(new.id),
            person: Set(new.person.0),
            role: Set(new.role.clone()),
            invited_at: Set(new.invited_at),
            invited_by: Set(new.invited_by.map(|person| person.0)),
            code_hash: Set(new.code_hash.map(|code| code.0.to_vec())),
            expires_at: Set(new.expires_at),
            accepted_at: Set(new.accepted_at),
            ended_at: Set(new.ended_at),
            ended_by: Set(new.ended_by.map(|person| person.0)),
        };
        let tx = self.db().begin().await?;
        office::Entity::insert_many([row]).on_conflict_do_nothing().exec_without_returning(&*tx).await?;
        Ok(tx.commit().await?)
    }

    /// The office with this id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn office(&self, id: Uuid) -> Result<Option<OfficeRow>, StoreError> {
        office::Entity::find_by_id(id).one(&self.db().read).await?.map(stored).transpose()
    }

    /// The offices that were given, the latest first, at most so many.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn offices(&self, limit: u64) -> Result<Vec<OfficeRow>, StoreError> {
        let rows = office::Entity::find()
            .order_by_desc(office::Column::InvitedAt)
            .order_by_asc(office::Column::Id)
            .limit(limit)
            .all(&self.db().read)
            .await?;
        rows.into_iter().map(stored).collect()
    }

    /// The offices of a person, past ones too, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn offices_of(&self, person: PersonId) -> Result<Vec<OfficeRow>, StoreError> {
        let rows = office::Entity::find()
            .filter(office::Column::Person.eq(person.0))
            .order_by_asc(office::Column::InvitedAt)
            .order_by_asc(office::Column::Id)
            .all(&self.db().read)
            .await?;
        rows.into_iter().map(stored).collect()
    }

    /// Who holds one of these offices now, each with the role.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn holders(&self, roles: &[&str]) -> Result<Vec<(PersonId, String)>, StoreError> {
        let rows = office::Entity::find()
            .filter(office::Column::Role.is_in(roles.iter().copied()))
            .filter(office::Column::AcceptedAt.is_not_null())
            .filter(office::Column::EndedAt.is_null())
            .order_by_asc(office::Column::AcceptedAt)
            .order_by_asc(office::Column::Id)
            .all(&self.db().read)
            .await?;
        let mut held: Vec<_> = rows.into_iter().map(|row| (PersonId(row.person), row.role)).collect();
        held.dedup();
        Ok(held)
    }

    /// Gives an invitation that was not accepted another code; the one before is none any more. Returns whether there is such an invitation.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn renew_office_code(&self, id: Uuid, code: Hash, expires_at: i64) -> Result<bool, StoreError> {
        let renewed = office::ActiveModel {
            code_hash: Set(Some(code.0.to_vec())),
            expires_at: Set(expires_at),
            ..Default::default()
        };
        let tx = self.db().begin().await?;
        let done = office::Entity::update_many()
            .set(renewed)
            .filter(office::Column::Id.eq(id))
            .filter(office::Column::AcceptedAt.is_null())
            .filter(office::Column::EndedAt.is_null())
            .exec(&*tx)
            .await?;
        tx.commit().await?;
        Ok(done.rows_affected > 0)
    }

    /// Accepts an invitation: by the person who was invited, with its code, once, while it holds. Returns the office if this call did.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn accept_office(&self, person: PersonId, code: Hash, now: i64) -> Result<Option<OfficeRow>, StoreError> {
        let which = || {
            office::Entity::find()
                .filter(office::Column::Person.eq(person.0))
                .filter(office::Column::CodeHash.eq(code.0.to_vec()))
                .filter(office::Column::AcceptedAt.is_null())
                .filter(office::Column::EndedAt.is_null())
                .filter(office::Column::ExpiresAt.gt(now))
        };
        let tx = self.db().begin().await?;
        let Some(row) = which().lock_exclusive().one(&*tx).await? else { return Ok(None) };
        let accepted = office::ActiveModel { accepted_at: Set(Some(now)), code_hash: Set(None), ..Default::default() };
        office::Entity::update_many().set(accepted).filter(office::Column::Id.eq(row.id)).exec(&*tx).await?;
        tx.commit().await?;
        stored(office::Model { accepted_at: Some(now), code_hash: None, ..row }).map(Some)
    }

    /// Ends an office or takes an invitation back, and with an office every session of its holder, in one step. Returns the sessions that it
    /// ended; none if the office had ended before.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn end_office(
        &self,
        id: Uuid,
        by: Option<PersonId>,
        now: i64,
    ) -> Result<Option<Vec<SessionId>>, StoreError> {
        let tx = self.db().begin().await?;
        let living = office::Entity::find_by_id(id).filter(office::Column::EndedAt.is_null());
        let Some(row) = living.lock_exclusive().one(&*tx).await? else { return Ok(None) };
        let ended = office::ActiveModel {
            ended_at: Set(Some(now)),
            ended_by: Set(by.map(|person| person.0)),
            code_hash: Set(None),
            ..Default::default()
        };
        office::Entity::update_many().set(ended).filter(office::Column::Id.eq(id)).exec(&*tx).await?;
        let alive = || {
            session::Entity::find()
                .filter(session::Column::Person.eq(row.person))
                .filter(session::Column::RevokedAt.is_null())
        };
        let mut sessions = Vec::new();
        if row.accepted_at.is_some() {
            sessions = alive().order_by_asc(session::Column::Id).lock_exclusive().all(&*tx).await?;
            let revoked = session::ActiveModel { revoked_at: Set(Some(now)), ..Default::default() };
            session::Entity::update_many()
                .set(revoked)
                .filter(session::Column::Person.eq(row.person))
                .filter(session::Column::RevokedAt.is_null())
                .exec(&*tx)
                .await?;
            push_subscription::Entity::delete_many()
                .filter(push_subscription::Column::Person.eq(row.person))
                .exec(&*tx)
                .await?;
        }
        tx.commit().await?;
        Ok(Some(sessions.into_iter().map(|session| SessionId(session.id)).collect()))
    }
}

fn stored(row: office::Model) -> Result<OfficeRow, StoreError> {
    Ok(OfficeRow {
        id: row.id,
        person: PersonId(row.person),
        role: row.role,
        invited_at: row.invited_at,
        invited_by: row.invited_by.map(PersonId),
        code_hash: row.code_hash.map(hash).transpose()?,
        expires_at: row.expires_at,
        accepted_at: row.accepted_at,
        ended_at: row.ended_at,
        ended_by: row.ended_by.map(PersonId),
    })
}
