//! Reminds those who have not answered a matter, by SMS, before its deadline. Runs as a job of the act that set the deadline.

use std::collections::BTreeMap;

use connect::sms::{SmsFailure, SmsMessage, SmsTemplate};
use court::matter::{Matter, Status};
use court::{ActId, Room, RoomId, Topic, beijing};
use desk::jobs::Outcome;
use desk::{Desk, Problem};
use serde::Deserialize;
use store::Reminder;
use tracing::warn;

/// The payload of the job: which deadline, and how long before it.
#[derive(Deserialize)]
struct DeadlineToRemindOf {
    room: RoomId,
    matter: ActId,
    /// The act that set the deadline.
    set_by: u64,
    hours: u16,
}

/// The handler of the job `matter.reminder`.
///
/// Looks at what is so when it runs: who has answered, who has left, a matter that is over or has another deadline are not reminded.
/// Each reminder is noted before it is sent, so that a job that runs twice tells nobody twice; when the provider gives no answer the
/// note is taken back and the job tried again, since a second text is better than a missed deadline.
pub async fn matter_reminder(desk: Desk, payload: String) -> Outcome {
    let Ok(job) = serde_json::from_str::<DeadlineToRemindOf>(&payload) else {
        return Outcome::Fail("the payload names no deadline".to_owned());
    };
    let room = match desk.room(job.room).await {
        Ok(Some(room)) => room,
        Ok(None) => return Outcome::Fail("no such room".to_owned()),
        Err(_) => return Outcome::retry("the store cannot be read"),
    };
    let Some(matter) = room.matter(job.matter).filter(|matter| matter.deadline_set_by == job.set_by) else {
        return Outcome::Done;
    };
    if notify(&desk, &job, &room, matter).await.is_err() {
        return Outcome::retry("the store cannot be written");
    }
    let case = room.case.as_ref().map(|case| case.number.clone()).unwrap_or_default();
    let mut unreached = false;
    for target in &matter.targets {
        let now = desk.now();
        let person = room.member(*target).and_then(|member| member.person);
        let (Some(person), Status::Open) = (person, matter.status_of(*target, now)) else { continue };
        let person = match desk.store.person(person).await {
            Ok(Some(person)) => person,
            Ok(None) => continue,
            Err(_) => return Outcome::retry("the store cannot be read"),
        };
        let reminder = Reminder { matter: job.matter, member: *target, set_by: job.set_by, hours: job.hours };
        match desk.store.note_reminder(reminder, beijing::micros(now)).await {
            Ok(true) => {}
            Ok(false) => continue,
            Err(_) => return Outcome::retry("the store cannot be written"),
        }
        let params = BTreeMap::from([
            ("case".to_owned(), case.clone()),
            ("deadline".to_owned(), beijing::short(matter.deadline)),
            ("left".to_owned(), format!("{} 小时", job.hours)),
        ]);
        let message = SmsMessage { to: person.phone, template: SmsTemplate::MatterReminder, params };
        if let Err(failure) = desk.sms.send(message).await {
            warn!(room.id = %job.room, member.id = %target, %failure, "Reminder not sent");
            if matches!(failure, SmsFailure::Unavailable { .. }) {
                unreached = true;
                if desk.store.forget_reminder(reminder).await.is_err() {
                    warn!(room.id = %job.room, member.id = %target, "A reminder that was not sent stays noted as sent");
                }
            }
        }
    }
    if unreached { Outcome::retry("the provider gave no answer") } else { Outcome::Done }
}

/// Puts it into the inboxes of those who have not answered; once for each deadline, however often it is reminded of.
async fn notify(desk: &Desk, job: &DeadlineToRemindOf, room: &Room, matter: &Matter) -> Result<(), Problem> {
    let now = desk.now();
    let open = matter.targets.iter().filter(|target| matter.status_of(**target, now) == Status::Open);
    let members = open.filter_map(|target| room.member(*target));
    let people = members.filter_map(|member| Some((member.person?, member.capacity.role().code().to_owned())));
    desk.notify(Topic::MatterDue, (job.room.0, job.set_by), people.collect()).await
}
