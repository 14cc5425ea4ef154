//! Whom an act concerns, written with it: notifications and strong reminders.

use court::{CaseId, MemberId, PersonId, RoomId};
use record::Hash;
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::convert::signed;
use crate::db::Tx;
use crate::schema::{notification, strong_reminder};

/// Rows of one statement.
const ROWS: usize = 500;

/// Something to be noticed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewNotification {
    pub topic: String,
    pub person: PersonId,
    /// Empty: in whatever role.
    pub role: String,
    /// The room of the act, or what else it is about.
    pub record: Uuid,
    /// The act, by number in the record; 0 if it is about no act.
    pub seq: u64,
    /// Microseconds since 1970-01-01 UTC.
    pub at: i64,
}

/// A strong reminder that was granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StrongReminder {
    pub room: RoomId,
    /// The act that asked for it, by number in the record.
    pub seq: u64,
    /// Who is reminded.
    pub member: MemberId,
    pub case: CaseId,
    pub sender: PersonId,
    pub recipient: PersonId,
    /// When it was granted, microseconds since 1970-01-01 UTC.
    pub at: i64,
    pub sent_at: Option<i64>,
}

impl NewNotification {
    /// The id of the notification: the same for the same wish.
    pub fn id(&self) -> Uuid {
        let text = format!("{}\n{}\n{}\n{}\n{}", self.topic, self.person, self.role, self.record, self.seq);
        let Hash(hash) = Hash::of(text.as_bytes());
        uuid::Builder::from_random_bytes(hash[..16].try_into().expect("a hash has 32 bytes")).into_uuid()
    }
}

/// Keeps notifications within a transaction.
pub(crate) async fn notified<'a>(tx: &Tx, new: impl Iterator<Item = &'a NewNotification>) -> Result<(), DbErr> {
    let rows: Vec<_> = new
        .map(|new| notification::ActiveModel {
            id: Set(new.id()),
            person: Set(new.person.0),
            role: Set(new.role.clone()),
            topic: Set(new.topic.clone()),
            record: Set(new.record),
            seq: Set(signed(new.seq)),
            at: Set(new.at),
            read_at: Set(None),
            cleared_at: Set(None),
        })
        .collect();
    for rows in rows.chunks(ROWS) {
        notification::Entity::insert_many(rows.to_vec()).on_conflict_do_nothing().exec_without_returning(&**tx).await?;
    }
    Ok(())
}

/// Forgets what somebody was told of a record.
pub(super) async fn gone(tx: &Tx, record: Uuid, person: PersonId, role: &str) -> Result<(), DbErr> {
    notification::Entity::delete_many()
        .filter(notification::Column::Record.eq(record))
        .filter(notification::Column::Person.eq(person.0))
        .filter(notification::Column::Role.eq(role))
        .exec(&**tx)
        .await?;
    Ok(())
}

/// Keeps a strong reminder within a transaction.
pub(super) async fn granted(tx: &Tx, new: &StrongReminder) -> Result<(), DbErr> {
    let row = strong_reminder::ActiveModel {
        record: Set(new.room.0),
        seq: Set(signed(new.seq)),
        member: Set(new.member.0),
        case: Set(new.case.0),
        sender: Set(new.sender.0),
        recipient: Set(new.recipient.0),
        at: Set(new.at),
        sent_at: Set(new.sent_at),
    };
    strong_reminder::Entity::insert(row).exec_without_returning(&**tx).await?;
    Ok(())
}
