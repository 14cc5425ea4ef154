//! Browsers that may be woken. A subscription goes with the session that made it, and whoever knows its address can send there.

use court::{PersonId, SessionId};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::error::StoreError;
use crate::schema::push_subscription;
use crate::store::Store;

/// A person may be woken on so many browsers; a further one takes the place of the oldest.
const BROWSERS: usize = 10;

/// A browser that may be woken.
#[derive(Clone, PartialEq, Eq)]
pub struct PushSubscription {
    pub id: Uuid,
    pub person: PersonId,
    pub session: SessionId,
    pub endpoint: String,
    pub p256dh: Vec<u8>,
    pub auth: Vec<u8>,
    /// Microseconds since 1970-01-01 UTC.
    pub created_at: i64,
}

/// Addresses and keys stay out of logs.
impl std::fmt::Debug for PushSubscription {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PushSubscription").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Store {
    /// Keeps a browser's subscription. One address is one browser: whoever uses it now is woken there, and nobody else.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn put_push_subscription(&self, new: &PushSubscription) -> Result<(), StoreError> {
        let row = push_subscription::ActiveModel {
            id: Set(new.id),
            person: Set(new.person.0),
            session: Set(new.session.0),
            endpoint: Set(new.endpoint.clone()),
            p256dh: Set(new.p256dh.clone()),
            auth: Set(new.auth.clone()),
            created_at: Set(new.created_at),
        };
        let anew = OnConflict::column(push_subscription::Column::Endpoint)
            .update_columns([
                push_subscription::Column::Person,
                push_subscription::Column::Session,
                push_subscription::Column::P256dh,
                push_subscription::Column::Auth,
                push_subscription::Column::CreatedAt,
            ])
            .to_owned();
        let tx = self.db().begin().await?;
        push_subscription::Entity::insert_many([row]).on_conflict(anew).exec_without_returning(&*tx).await?;
        let own = push_subscription::Entity::find()
            .filter(push_subscription::Column::Person.eq(new.person.0))
            .order_by_desc(push_subscription::Column::CreatedAt)
            .order_by_desc(push_subscription::Column::Id)
            .all(&*tx)
            .await?;
        let over: Vec<_> = own.iter().skip(BROWSERS).map(|row| row.id).collect();
        if !over.is_empty() {
            push_subscription::Entity::delete_many()
                .filter(push_subscription::Column::Id.is_in(over))
                .exec(&*tx)
                .await?;
        }
        Ok(tx.commit().await?)
    }

    /// The browsers on which a person is woken.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn push_subscriptions(&self, person: PersonId) -> Result<Vec<PushSubscription>, StoreError> {
        let rows = push_subscription::Entity::find()
            .filter(push_subscription::Column::Person.eq(person.0))
            .order_by_asc(push_subscription::Column::Id)
            .all(&self.db().read)
            .await?;
        Ok(rows.into_iter().map(PushSubscription::from).collect())
    }

    /// Forgets a browser: it is gone.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn drop_push_subscription(&self, id: Uuid) -> Result<(), StoreError> {
        let tx = self.db().begin().await?;
        push_subscription::Entity::delete_by_id(id).exec(&*tx).await?;
        Ok(tx.commit().await?)
    }

    /// The browsers of a session are those of the one that takes its place.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn move_push(&self, from: SessionId, to: SessionId) -> Result<(), StoreError> {
        let moved = push_subscription::ActiveModel { session: Set(to.0), ..Default::default() };
        let tx = self.db().begin().await?;
        push_subscription::Entity::update_many()
            .set(moved)
            .filter(push_subscription::Column::Session.eq(from.0))
            .exec(&*tx)
            .await?;
        Ok(tx.commit().await?)
    }

    /// Forgets the browsers of a session: its person wants not to be woken there.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn drop_push_of(&self, session: SessionId) -> Result<(), StoreError> {
        let tx = self.db().begin().await?;
        push_subscription::Entity::delete_many()
            .filter(push_subscription::Column::Session.eq(session.0))
            .exec(&*tx)
            .await?;
        Ok(tx.commit().await?)
    }
}

impl From<push_subscription::Model> for PushSubscription {
    fn from(row: push_subscription::Model) -> Self {
        PushSubscription {
            id: row.id,
            person: PersonId(row.person),
            session: SessionId(row.session),
            endpoint: row.endpoint,
            p256dh: row.p256dh,
            auth: row.auth,
            created_at: row.created_at,
        }
    }
}
