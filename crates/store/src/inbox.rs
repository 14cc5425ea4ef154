//! The inbox (消息): notifications, what was read and cleared of them, and by which ways they were told.
//!
//! A notification names its act and holds none of its words. Its id is made of what it is about and whom it is for, so that one told
//! twice is one.

use std::collections::BTreeMap;

use court::{MemberId, PersonId, RoomId};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ColumnTrait, Condition, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::convert::{signed, unsigned};
use crate::db::Tx;
use crate::error::StoreError;
use crate::ledger::{NewJob, NewNotification, notified};
use crate::outbox::enqueue;
use crate::schema::{inbox_change, inbox_choice, notification, notification_delivery, read_mark};
use crate::store::Store;

/// Whose inbox: a person acting in a role.
#[derive(Clone, Copy, Debug)]
pub struct Owner<'a> {
    pub person: PersonId,
    pub role: &'a str,
}

/// Something to be noticed, as it is kept. All times are microseconds since 1970-01-01 UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    pub id: Uuid,
    pub topic: String,
    pub person: PersonId,
    pub role: String,
    pub record: Uuid,
    pub seq: u64,
    pub at: i64,
    pub read_at: Option<i64>,
    pub cleared_at: Option<i64>,
}

/// A page of an inbox, the newest first.
#[derive(Clone, Copy, Debug)]
pub struct NotificationPage<'a> {
    /// Of these topics only.
    pub topics: Option<&'a [&'a str]>,
    /// What is older than this one.
    pub before: Option<Uuid>,
    pub limit: u64,
}

/// What is cleared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cleared {
    /// What was read.
    Read,
    /// Everything; what was not read counts as read.
    All,
}

/// How far a member has read a room.
#[derive(Clone, Copy, Debug)]
pub struct ReadMark {
    pub room: RoomId,
    pub member: MemberId,
    /// By the member's own number.
    pub seq: u64,
    /// The same act by number in the record.
    pub record_seq: u64,
}

/// That a notification was told by a way other than the app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sent<'a> {
    pub notification: Uuid,
    pub way: &'a str,
    /// Which browser; nil for an SMS.
    pub target: Uuid,
    pub person: PersonId,
}

/// Inboxes, by person and role.
pub type Inboxes = Vec<(PersonId, String)>;

impl Store {
    /// Keeps notifications that follow no act, or not at once, with the jobs that tell of them.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn put_notifications(&self, new: &[NewNotification], then: &[NewJob]) -> Result<(), StoreError> {
        let tx = self.db().begin().await?;
        notified(&tx, new.iter()).await?;
        for job in then {
            enqueue(&tx, job).await?;
        }
        Ok(tx.commit().await?)
    }

    /// A page of somebody's inbox.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn notifications(
        &self,
        owner: Owner<'_>,
        page: NotificationPage<'_>,
    ) -> Result<Vec<Notification>, StoreError> {
        let mut query = notification::Entity::find()
            .filter(shown(owner))
            .order_by_desc(notification::Column::At)
            .order_by_desc(notification::Column::Seq)
            .order_by_desc(notification::Column::Id)
            .limit(page.limit);
        if let Some(topics) = page.topics {
            query = query.filter(notification::Column::Topic.is_in(topics.iter().copied()));
        }
        if let Some(before) = page.before {
            // One that is no longer there is where nothing comes after.
            let Some(edge) = notification::Entity::find_by_id(before).filter(of(owner)).one(&self.db().read).await?
            else {
                return Ok(Vec::new());
            };
            // The same order as above, from there on.
            let same_time = Condition::all().add(notification::Column::At.eq(edge.at));
            let same_act = same_time.clone().add(notification::Column::Seq.eq(edge.seq));
            let older = Condition::any()
                .add(notification::Column::At.lt(edge.at))
                .add(same_time.add(notification::Column::Seq.lt(edge.seq)))
                .add(same_act.add(notification::Column::Id.lt(edge.id)));
            query = query.filter(older);
        }
        query.all(&self.db().read).await?.into_iter().map(stored).collect()
    }

    /// How many notifications somebody has not read, by topic.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn unread_notifications(&self, owner: Owner<'_>) -> Result<BTreeMap<String, u64>, StoreError> {
        let rows: Vec<(String, i64)> = notification::Entity::find()
            .select_only()
            .column(notification::Column::Topic)
            .column_as(notification::Column::Id.count(), "count")
            .filter(shown(owner))
            .filter(notification::Column::ReadAt.is_null())
            .group_by(notification::Column::Topic)
            .into_tuple()
            .all(&self.db().read)
            .await?;
        rows.into_iter().map(|(topic, count)| Ok((topic, unsigned(count)?))).collect()
    }

    /// Notes that somebody has read these of their notifications.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn read_notifications(&self, owner: Owner<'_>, ids: &[Uuid], now: i64) -> Result<(), StoreError> {
        let these = notification::Column::Id.is_in(ids.iter().copied());
        self.change(owner, Condition::all().add(these).add(notification::Column::ReadAt.is_null()), read(now), now)
            .await?;
        Ok(())
    }

    /// Clears what somebody has read, or everything. Returns how many were cleared; `now` is the name by which that is taken back.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn clear_notifications(&self, owner: Owner<'_>, what: Cleared, now: i64) -> Result<u64, StoreError> {
        let there = Condition::all().add(notification::Column::ClearedAt.is_null());
        let unread = there.clone().add(notification::Column::ReadAt.is_null());
        let read_ones = there.add(notification::Column::ReadAt.is_not_null());
        let cleared = notification::ActiveModel { cleared_at: Set(Some(now)), ..Default::default() };
        let mut count = self.change(owner, read_ones, cleared.clone(), now).await?;
        if what == Cleared::All {
            let both = notification::ActiveModel { read_at: Set(Some(now)), ..cleared };
            count += self.change(owner, unread, both, now).await?;
        }
        Ok(count)
    }

    /// Takes a clearing back: what was cleared then is there again, and what counted as read by it alone is unread.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn unclear_notifications(&self, owner: Owner<'_>, cleared: i64, now: i64) -> Result<u64, StoreError> {
        let then = || Condition::all().add(notification::Column::ClearedAt.eq(cleared));
        let unread = notification::ActiveModel { read_at: Set(None), ..Default::default() };
        self.change(owner, then().add(notification::Column::ReadAt.eq(cleared)), unread, now).await?;
        let back = notification::ActiveModel { cleared_at: Set(None), ..Default::default() };
        self.change(owner, then(), back, now).await
    }

    /// Notes how far a member has read, and that what they were told of the acts up to there is read too. Returns whether anything
    /// changed. A mark never goes back.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn mark_read(&self, owner: Owner<'_>, mark: ReadMark, now: i64) -> Result<bool, StoreError> {
        if self.read_mark(mark.room, mark.member).await? >= mark.seq {
            return Ok(false);
        }
        let row =
            read_mark::ActiveModel { room: Set(mark.room.0), member: Set(mark.member.0), seq: Set(signed(mark.seq)) };
        let forward = OnConflict::columns([read_mark::Column::Room, read_mark::Column::Member])
            .update_column(read_mark::Column::Seq)
            .action_and_where(
                Expr::col((read_mark::Entity, read_mark::Column::Seq))
                    .lt(Expr::col(("excluded", read_mark::Column::Seq))),
            )
            .to_owned();
        let tx = self.db().begin().await?;
        read_mark::Entity::insert_many([row]).on_conflict(forward).exec_without_returning(&*tx).await?;
        notification::Entity::update_many()
            .set(read(now))
            .filter(of(owner))
            .filter(notification::Column::Record.eq(mark.room.0))
            .filter(notification::Column::Seq.lte(signed(mark.record_seq)))
            .filter(notification::Column::ReadAt.is_null())
            .exec(&*tx)
            .await?;
        changed(&tx, owner, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// The inboxes in which something was read, cleared or put since then.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn inboxes_changed_since(&self, since: i64) -> Result<Inboxes, StoreError> {
        let changed = inbox_change::Entity::find().filter(inbox_change::Column::At.gte(since)).all(&self.db().read);
        let mut found: Inboxes = changed.await?.into_iter().map(|row| (PersonId(row.person), row.role)).collect();
        let new: Vec<(Uuid, String)> = notification::Entity::find()
            .select_only()
            .column(notification::Column::Person)
            .column(notification::Column::Role)
            .distinct()
            .filter(notification::Column::At.gte(since))
            .into_tuple()
            .all(&self.db().read)
            .await?;
        found.extend(new.into_iter().map(|(person, role)| (PersonId(person), role)));
        Ok(found)
    }

    /// What was told of one act, or of something else with this id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn notifications_about(&self, record: Uuid, seq: u64) -> Result<Vec<Notification>, StoreError> {
        let rows = notification::Entity::find()
            .filter(notification::Column::Record.eq(record))
            .filter(notification::Column::Seq.eq(signed(seq)))
            .order_by_asc(notification::Column::Id)
            .all(&self.db().read)
            .await?;
        rows.into_iter().map(stored).collect()
    }

    /// Whether a notification was told by this way already.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn was_sent(&self, sent: Sent<'_>) -> Result<bool, StoreError> {
        let id = (sent.notification, sent.way.to_owned(), sent.target);
        Ok(notification_delivery::Entity::find_by_id(id).one(&self.db().read).await?.is_some())
    }

    /// Notes that a notification was told.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn note_sent(&self, sent: Sent<'_>, now: i64) -> Result<(), StoreError> {
        let row = notification_delivery::ActiveModel {
            notification: Set(sent.notification),
            way: Set(sent.way.to_owned()),
            target: Set(sent.target),
            person: Set(sent.person.0),
            at: Set(now),
        };
        let tx = self.db().begin().await?;
        notification_delivery::Entity::insert_many([row]).on_conflict_do_nothing().exec_without_returning(&*tx).await?;
        Ok(tx.commit().await?)
    }

    /// How many notifications a person was told by this way since then.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn sent_since(&self, person: PersonId, way: &str, since: i64) -> Result<u64, StoreError> {
        let sent = notification_delivery::Entity::find()
            .filter(notification_delivery::Column::Person.eq(person.0))
            .filter(notification_delivery::Column::Way.eq(way))
            .filter(notification_delivery::Column::At.gte(since));
        Ok(sent.count(&self.db().read).await?)
    }

    /// What a person has chosen: whether they want something, by function and way.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn inbox_choices(&self, person: PersonId) -> Result<BTreeMap<(String, String), bool>, StoreError> {
        let rows =
            inbox_choice::Entity::find().filter(inbox_choice::Column::Person.eq(person.0)).all(&self.db().read).await?;
        Ok(rows.into_iter().map(|row| ((row.function, row.way), row.wanted)).collect())
    }

    /// Keeps what a person has chosen.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn choose_inbox(
        &self,
        person: PersonId,
        function: &str,
        way: &str,
        wanted: bool,
    ) -> Result<(), StoreError> {
        let row = inbox_choice::ActiveModel {
            person: Set(person.0),
            function: Set(function.to_owned()),
            way: Set(way.to_owned()),
            wanted: Set(wanted),
        };
        let key = [inbox_choice::Column::Person, inbox_choice::Column::Function, inbox_choice::Column::Way];
        let anew = OnConflict::columns(key).update_column(inbox_choice::Column::Wanted).to_owned();
        let tx = self.db().begin().await?;
        inbox_choice::Entity::insert_many([row]).on_conflict(anew).exec_without_returning(&*tx).await?;
        Ok(tx.commit().await?)
    }

    /// Forgets what was told before `before`, and the notes of how: what has legal effect is in the records.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn forget_notifications(&self, before: i64) -> Result<u64, StoreError> {
        let tx = self.db().begin().await?;
        let gone = notification::Entity::delete_many().filter(notification::Column::At.lt(before)).exec(&*tx).await?;
        notification_delivery::Entity::delete_many()
            .filter(notification_delivery::Column::At.lt(before))
            .exec(&*tx)
            .await?;
        inbox_change::Entity::delete_many().filter(inbox_change::Column::At.lt(before)).exec(&*tx).await?;
        tx.commit().await?;
        Ok(gone.rows_affected)
    }

    /// Changes some of somebody's notifications; nobody else's can be among them.
    async fn change(
        &self,
        owner: Owner<'_>,
        which: Condition,
        change: notification::ActiveModel,
        now: i64,
    ) -> Result<u64, StoreError> {
        let tx = self.db().begin().await?;
        let done = notification::Entity::update_many().set(change).filter(of(owner)).filter(which).exec(&*tx).await?;
        if done.rows_affected > 0 {
            changed(&tx, owner, now).await?;
        }
        tx.commit().await?;
        Ok(done.rows_affected)
    }
}

/// Notes for the other nodes that an inbox changed.
async fn changed(tx: &Tx, owner: Owner<'_>, now: i64) -> Result<(), DbErr> {
    let row = inbox_change::ActiveModel { person: Set(owner.person.0), role: Set(owner.role.to_owned()), at: Set(now) };
    let anew = OnConflict::columns([inbox_change::Column::Person, inbox_change::Column::Role])
        .update_column(inbox_change::Column::At)
        .to_owned();
    inbox_change::Entity::insert_many([row]).on_conflict(anew).exec_without_returning(&**tx).await?;
    Ok(())
}

fn read(now: i64) -> notification::ActiveModel {
    notification::ActiveModel { read_at: Set(Some(now)), ..Default::default() }
}

fn of(owner: Owner<'_>) -> Condition {
    Condition::all()
        .add(notification::Column::Person.eq(owner.person.0))
        .add(notification::Column::Role.is_in([owner.role, ""]))
}

fn shown(owner: Owner<'_>) -> Condition {
    of(owner).add(notification::Column::ClearedAt.is_null())
}

fn stored(row: notification::Model) -> Result<Notification, StoreError> {
    Ok(Notification {
        id: row.id,
        topic: row.topic,
        person: PersonId(row.person),
        role: row.role,
        record: row.record,
        seq: unsigned(row.seq)?,
        at: row.at,
        read_at: row.read_at,
        cleared_at: row.cleared_at,
    })
}
