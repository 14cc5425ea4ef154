//! Sessions: one login of one person on one device, or one token of a program (SR-07, SR-08).

use court::{PersonId, SessionId};
use record::Hash;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::convert::hash;
use crate::error::StoreError;
use crate::people::Person;
use crate::schema::{person, push_subscription, session};
use crate::store::Store;

/// How many are listed.
const LISTED: u64 = 100;
/// Uses within this many microseconds of the last one noted are not noted.
const NOTED_EVERY: i64 = 60_000_000;

/// A session. All times are microseconds since 1970-01-01 UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    pub id: SessionId,
    /// SHA-256 of the token; the token itself is nowhere but with its holder.
    pub token_hash: Hash,
    pub person: PersonId,
    /// The role that the person has chosen.
    pub role: Option<String>,
    /// `browser` or `program`.
    pub kind: String,
    pub created_at: i64,
    pub last_seen_at: i64,
    /// The session ends then, whatever happens.
    pub expires_at: i64,
    /// The session ends then, unless it is used before.
    pub idle_expires_at: i64,
    pub revoked_at: Option<i64>,
    pub agent: String,
    pub ip: String,
}

impl Store {
    /// Keeps a new session.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] if there is one with this id or token.
    pub async fn put_session(&self, session: &SessionRow) -> Result<(), StoreError> {
        let row = session::ActiveModel {
            id: Set(session.id.0),
            token_hash: Set(session.token_hash.0.to_vec()),
            person: Set(session.person.0),
            role: Set(session.role.clone()),
            kind: Set(session.kind.clone()),
            created_at: Set(session.created_at),
            last_seen_at: Set(session.last_seen_at),
            expires_at: Set(session.expires_at),
            idle_expires_at: Set(session.idle_expires_at),
            revoked_at: Set(session.revoked_at),
            agent: Set(session.agent.clone()),
            ip: Set(session.ip.clone()),
        };
        let tx = self.db().begin().await?;
        session::Entity::insert(row).exec_without_returning(&*tx).await?;
        Ok(tx.commit().await?)
    }

    /// The session with this token, and whose it is; none if it was revoked or has expired.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn session_by_token(&self, token: Hash, now: i64) -> Result<Option<(SessionRow, Person)>, StoreError> {
        self.living(session::Column::TokenHash.eq(token.0.to_vec()), now).await
    }

    /// The session with this id, and whose it is; none if it was revoked or has expired.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn session(&self, id: SessionId, now: i64) -> Result<Option<(SessionRow, Person)>, StoreError> {
        self.living(session::Column::Id.eq(id.0), now).await
    }

    async fn living(&self, which: Expr, now: i64) -> Result<Option<(SessionRow, Person)>, StoreError> {
        // Every request comes by here: both rows in one query.
        let row = session::Entity::find()
            .find_also_related(person::Entity)
            .filter(which)
            .filter(session::Column::RevokedAt.is_null())
            .filter(session::Column::ExpiresAt.gt(now))
            .filter(session::Column::IdleExpiresAt.gt(now))
            .one(&self.db().read)
            .await?;
        let Some((row, Some(person))) = row else { return Ok(None) };
        Ok(Some((stored(row)?, self.person_of(person)?)))
    }

    /// Chooses the role in which a session acts. Returns whether there is such a session, not revoked.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn set_role(&self, id: SessionId, role: &str) -> Result<bool, StoreError> {
        let chosen = session::ActiveModel { role: Set(Some(role.to_owned())), ..Default::default() };
        let tx = self.db().begin().await?;
        let done = session::Entity::update_many()
            .set(chosen)
            .filter(session::Column::Id.eq(id.0))
            .filter(session::Column::RevokedAt.is_null())
            .exec(&*tx)
            .await?;
        tx.commit().await?;
        Ok(done.rows_affected > 0)
    }

    /// Notes that a session was used, and how long it now stays without use. Within a minute of the last note nothing is written.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn touch(&self, id: SessionId, now: i64, idle_expires_at: i64) -> Result<(), StoreError> {
        let stale = || {
            session::Entity::find_by_id(id.0)
                .filter(session::Column::LastSeenAt.lte(now - NOTED_EVERY))
                .filter(session::Column::RevokedAt.is_null())
        };
        // Every request comes by here; only one a minute is worth the disk's time.
        if stale().one(&self.db().read).await?.is_none() {
            return Ok(());
        }
        let seen = session::ActiveModel {
            last_seen_at: Set(now),
            idle_expires_at: Set(idle_expires_at),
            ..Default::default()
        };
        let tx = self.db().begin().await?;
        session::Entity::update_many()
            .set(seen)
            .filter(session::Column::Id.eq(id.0))
            .filter(session::Column::LastSeenAt.lte(now - NOTED_EVERY))
            .exec(&*tx)
            .await?;
        Ok(tx.commit().await?)
    }

    /// Ends a session. Returns whether this call ended it.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn revoke(&self, id: SessionId, now: i64) -> Result<bool, StoreError> {
        let tx = self.db().begin().await?;
        let done = session::Entity::update_many()
            .set(revoked(now))
            .filter(session::Column::Id.eq(id.0))
            .filter(session::Column::RevokedAt.is_null())
            .exec(&*tx)
            .await?;
        // Whoever uses the device next is not told what came for this person.
        push_subscription::Entity::delete_many().filter(push_subscription::Column::Session.eq(id.0)).exec(&*tx).await?;
        tx.commit().await?;
        Ok(done.rows_affected > 0)
    }

    /// Ends every session of a person; returns those that it ended.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn revoke_all(&self, person: PersonId, now: i64) -> Result<Vec<SessionId>, StoreError> {
        let tx = self.db().begin().await?;
        let alive = session::Entity::find()
            .filter(session::Column::Person.eq(person.0))
            .filter(session::Column::RevokedAt.is_null())
            .order_by_asc(session::Column::Id)
            .lock_exclusive()
            .all(&*tx)
            .await?;
        session::Entity::update_many()
            .set(revoked(now))
            .filter(session::Column::Person.eq(person.0))
            .filter(session::Column::RevokedAt.is_null())
            .exec(&*tx)
            .await?;
        push_subscription::Entity::delete_many()
            .filter(push_subscription::Column::Person.eq(person.0))
            .exec(&*tx)
            .await?;
        tx.commit().await?;
        Ok(alive.into_iter().map(|row| SessionId(row.id)).collect())
    }

    /// The sessions of a person that live, the latest used first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn sessions_of(&self, person: PersonId, now: i64) -> Result<Vec<SessionRow>, StoreError> {
        let rows = session::Entity::find()
            .filter(session::Column::Person.eq(person.0))
            .filter(session::Column::RevokedAt.is_null())
            .filter(session::Column::ExpiresAt.gt(now))
            .filter(session::Column::IdleExpiresAt.gt(now))
            .order_by_desc(session::Column::LastSeenAt)
            .order_by_asc(session::Column::Id)
            .limit(LISTED)
            .all(&self.db().read)
            .await?;
        rows.into_iter().map(stored).collect()
    }

    /// Whether a person has logged in before, and whether ever with a browser that called itself this.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn has_used(&self, person: PersonId, agent: &str) -> Result<(bool, bool), StoreError> {
        let own = || session::Entity::find().filter(session::Column::Person.eq(person.0));
        let same = own().filter(session::Column::Agent.eq(agent)).one(&self.db().read).await?;
        let any = if same.is_some() { true } else { own().one(&self.db().read).await?.is_some() };
        Ok((any, same.is_some()))
    }

    /// The sessions revoked at or after `since`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn revoked_since(&self, since: i64) -> Result<Vec<SessionId>, StoreError> {
        let rows = session::Entity::find()
            .filter(session::Column::RevokedAt.is_not_null())
            .filter(session::Column::RevokedAt.gte(since))
            .order_by_asc(session::Column::RevokedAt)
            .all(&self.db().read)
            .await?;
        Ok(rows.into_iter().map(|row| SessionId(row.id)).collect())
    }
}

fn revoked(now: i64) -> session::ActiveModel {
    session::ActiveModel { revoked_at: Set(Some(now)), ..Default::default() }
}

fn stored(row: session::Model) -> Result<SessionRow, StoreError> {
    Ok(SessionRow {
        id: SessionId(row.id),
        token_hash: hash(row.token_hash)?,
        person: PersonId(row.person),
        role: row.role,
        kind: row.kind,
        created_at: row.created_at,
        last_seen_at: row.last_seen_at,
        expires_at: row.expires_at,
        idle_expires_at: row.idle_expires_at,
        revoked_at: row.revoked_at,
        agent: row.agent,
        ip: row.ip,
    })
}
