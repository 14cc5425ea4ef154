//! Sends the strong reminders (强提醒) that an act asked for. Runs as a job, by day.

use connect::sms::SmsFailure;
use court::inbox::awake;
use court::{Room, RoomId, Topic, beijing};
use desk::jobs::Outcome;
use desk::{Desk, Problem};
use serde::Deserialize;
use store::StrongReminder;
use time::Duration;
use tracing::warn;

use crate::tell::message;

/// The payload of the job: which act asked.
#[derive(Deserialize)]
struct ToRemind {
    record: RoomId,
    seq: u64,
}

/// The handler of the job `strong.reminder`.
///
/// Looks at what is so when it runs: who has left the room, or has read what it is about, is not reminded (SR-08). It is noted after it
/// was sent, so that a job that dies in between sends it once more rather than never.
pub async fn strong_reminder(desk: Desk, payload: String) -> Outcome {
    let Ok(job) = serde_json::from_str::<ToRemind>(&payload) else {
        return Outcome::Fail("the payload names no act".to_owned());
    };
    let now = desk.now();
    let later = awake(now) - now;
    if later > Duration::ZERO {
        return Outcome::Retry(later, "nobody is woken at night".to_owned());
    }
    match remind(&desk, &job).await {
        Ok(true) => Outcome::Done,
        Ok(false) => Outcome::retry("the provider gave no answer"),
        Err(_) => Outcome::retry("the store cannot be read or written"),
    }
}

/// Whether everybody was reminded who is to be.
async fn remind(desk: &Desk, job: &ToRemind) -> Result<bool, Problem> {
    let Some(room) = desk.room(job.record).await? else { return Ok(true) };
    let told = desk.store.notifications_about(job.record.0, job.seq).await?;
    let mut all = true;
    for reminder in desk.store.strong_reminders_of(job.record, job.seq).await? {
        let own = told.iter().find(|told| told.person == reminder.recipient);
        let Some(topic) = own.filter(|own| own.read_at.is_none()).and_then(|own| Topic::from_code(&own.topic)) else {
            continue;
        };
        if reminder.sent_at.is_some() || !is_theirs(&room, &reminder) {
            continue;
        }
        let Some(person) = desk.store.person(reminder.recipient).await? else { continue };
        match desk.sms.send(message(person.phone, topic)).await {
            Ok(_) => {}
            Err(failure @ SmsFailure::Unavailable { .. }) => {
                warn!(room.id = %job.record, member.id = %reminder.member, %failure, "Strong reminder not sent");
                all = false;
                continue;
            }
            Err(failure) => {
                warn!(room.id = %job.record, member.id = %reminder.member, %failure, "Strong reminder refused");
            }
        }
        desk.store.strong_reminder_sent(&reminder, beijing::micros(desk.now())).await?;
    }
    Ok(all)
}

/// Whether what they are reminded of is theirs to read still.
fn is_theirs(room: &Room, reminder: &StrongReminder) -> bool {
    let member = room.member(reminder.member).filter(|member| member.person == Some(reminder.recipient));
    member.is_some_and(|member| room.dense(member.id, reminder.seq).is_some())
}
