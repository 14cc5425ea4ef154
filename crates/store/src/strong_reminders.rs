//! Strong reminders (强提醒) that were granted: counted for the limits, and noted when they were sent (SR-48).

use court::inbox::Asked;
use court::{CaseId, MemberId, PersonId, RoomId};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::convert::{signed, unsigned};
use crate::error::StoreError;
use crate::ledger::StrongReminder;
use crate::schema::strong_reminder;
use crate::store::Store;

/// More than any limit.
const COUNTED: u64 = 2_000;

impl Store {
    /// What was granted since then in this case, by this sender, or to any of these.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn strong_reminders_since(
        &self,
        since: i64,
        case: CaseId,
        sender: PersonId,
        recipients: &[PersonId],
    ) -> Result<Vec<Asked>, StoreError> {
        let counts = Condition::any()
            .add(strong_reminder::Column::Case.eq(case.0))
            .add(strong_reminder::Column::Sender.eq(sender.0))
            .add(strong_reminder::Column::Recipient.is_in(recipients.iter().map(|person| person.0)));
        let rows = strong_reminder::Entity::find()
            .filter(strong_reminder::Column::At.gt(since))
            .filter(counts)
            .order_by_desc(strong_reminder::Column::At)
            .limit(COUNTED)
            .all(&self.db().read)
            .await?;
        let asked = rows.into_iter().map(|row| Asked {
            case: CaseId(row.case),
            from: PersonId(row.sender),
            to: PersonId(row.recipient),
        });
        Ok(asked.collect())
    }

    /// The strong reminders of an act.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn strong_reminders_of(&self, room: RoomId, seq: u64) -> Result<Vec<StrongReminder>, StoreError> {
        let rows = strong_reminder::Entity::find()
            .filter(strong_reminder::Column::Record.eq(room.0))
            .filter(strong_reminder::Column::Seq.eq(signed(seq)))
            .order_by_asc(strong_reminder::Column::Member)
            .all(&self.db().read)
            .await?;
        rows.into_iter()
            .map(|row| {
                Ok(StrongReminder {
                    room: RoomId(row.record),
                    seq: unsigned(row.seq)?,
                    member: MemberId(row.member),
                    case: CaseId(row.case),
                    sender: PersonId(row.sender),
                    recipient: PersonId(row.recipient),
                    at: row.at,
                    sent_at: row.sent_at,
                })
            })
            .collect()
    }

    /// Notes that a strong reminder was sent.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn strong_reminder_sent(&self, reminder: &StrongReminder, now: i64) -> Result<(), StoreError> {
        let sent = strong_reminder::ActiveModel { sent_at: Set(Some(now)), ..Default::default() };
        let tx = self.db().begin().await?;
        strong_reminder::Entity::update_many()
            .set(sent)
            .filter(strong_reminder::Column::Record.eq(reminder.room.0))
            .filter(strong_reminder::Column::Seq.eq(signed(reminder.seq)))
            .filter(strong_reminder::Column::Member.eq(reminder.member.0))
            .exec(&*tx)
            .await?;
        Ok(tx.commit().await?)
    }
}
