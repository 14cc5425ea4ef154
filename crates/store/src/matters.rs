//! Beside matters: drafts of answers, which are their authors' alone, and the note of who was reminded of which deadline.

use std::collections::HashMap;

use court::{ActId, MemberId, RoomId};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, TryInsertResult};

use crate::convert::signed;
use crate::error::StoreError;
use crate::schema::{matter_draft, matter_reminder};
use crate::store::Store;

/// What somebody has begun to answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub matter: ActId,
    /// JSON, as it was given.
    pub content: String,
    /// Microseconds since 1970-01-01 UTC.
    pub saved_at: i64,
}

/// A reminder of a deadline: one of these is sent once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reminder {
    pub matter: ActId,
    pub member: MemberId,
    /// The act that set the deadline, by number in the record: another deadline is reminded of anew.
    pub set_by: u64,
    /// How long before the deadline.
    pub hours: u16,
}

impl Store {
    /// Keeps what a member has begun to answer, in place of what was kept before.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn save_draft(&self, room: RoomId, member: MemberId, draft: &Draft) -> Result<(), StoreError> {
        let row = matter_draft::ActiveModel {
            room: Set(room.0),
            member: Set(member.0),
            matter: Set(draft.matter.0),
            content: Set(draft.content.clone()),
            saved_at: Set(draft.saved_at),
        };
        let key = [matter_draft::Column::Room, matter_draft::Column::Member, matter_draft::Column::Matter];
        let anew = OnConflict::columns(key)
            .update_columns([matter_draft::Column::Content, matter_draft::Column::SavedAt])
            .to_owned();
        let tx = self.db().begin().await?;
        matter_draft::Entity::insert_many([row]).on_conflict(anew).exec_without_returning(&*tx).await?;
        Ok(tx.commit().await?)
    }

    /// Forgets what a member has begun to answer.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn drop_draft(&self, room: RoomId, member: MemberId, matter: ActId) -> Result<(), StoreError> {
        let tx = self.db().begin().await?;
        matter_draft::Entity::delete_by_id((room.0, member.0, matter.0)).exec(&*tx).await?;
        Ok(tx.commit().await?)
    }

    /// Everything that this member has begun to answer in a room, by matter.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn drafts_of(&self, room: RoomId, member: MemberId) -> Result<HashMap<ActId, Draft>, StoreError> {
        let rows = matter_draft::Entity::find()
            .filter(matter_draft::Column::Room.eq(room.0))
            .filter(matter_draft::Column::Member.eq(member.0))
            .all(&self.db().read)
            .await?;
        let drafts = rows.into_iter().map(|row| {
            let matter = ActId(row.matter);
            (matter, Draft { matter, content: row.content, saved_at: row.saved_at })
        });
        Ok(drafts.collect())
    }

    /// Notes that a reminder is being sent. Returns false if it was noted before: somebody else sends it, or has.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn note_reminder(&self, reminder: Reminder, now: i64) -> Result<bool, StoreError> {
        let row = matter_reminder::ActiveModel {
            matter: Set(reminder.matter.0),
            member: Set(reminder.member.0),
            set_by: Set(signed(reminder.set_by)),
            hours: Set(reminder.hours.into()),
            at: Set(now),
        };
        let tx = self.db().begin().await?;
        let noted =
            matter_reminder::Entity::insert_many([row]).on_conflict_do_nothing().exec_without_returning(&*tx).await?;
        tx.commit().await?;
        Ok(matches!(noted, TryInsertResult::Inserted(rows) if rows > 0))
    }

    /// Takes the note back: the reminder was not sent after all.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn forget_reminder(&self, reminder: Reminder) -> Result<(), StoreError> {
        let tx = self.db().begin().await?;
        let id = (reminder.matter.0, reminder.member.0, signed(reminder.set_by), reminder.hours.into());
        matter_reminder::Entity::delete_by_id(id).exec(&*tx).await?;
        Ok(tx.commit().await?)
    }
}
