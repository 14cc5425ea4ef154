//! Tells people of a notification by the ways that they chose, outside of the app. Runs as a job, after the notification is durable.
//!
//! What leaves has no words of the case: a neutral sentence and a heading (SR-17). Whether the notification is still theirs is asked at
//! that moment (SR-08, SR-18). A way is noted after it was used, so that a job that dies in between uses it again; the browser's service
//! then replaces the first message by the second (F-22).

use std::collections::BTreeMap;

use connect::push::{PushFailure, PushMessage, PushPort, PushTarget, Urgency};
use connect::sms::{SmsFailure, SmsMessage, SmsTemplate};
use court::inbox::{Catalogue, Way, awake};
use court::{Capacity, ReportId, Role, RoomId, Topic, beijing};
use desk::jobs::Outcome;
use desk::{Desk, Problem};
use serde::Deserialize;
use serde_json::json;
use store::{Clerk, Notification, PushSubscription, Sent};
use time::Duration;
use tracing::warn;
use uuid::Uuid;

use crate::subscriptions::{WayCode, wanted};

/// For so long a browser that is away is waited for, in seconds.
const KEPT: u32 = 24 * 3_600;
/// What a locked screen shows, whatever it is about.
const NEUTRAL: &str = "您有新的消息，请登录查看";

/// The payload of the job: of which act, or of what else, people are told.
#[derive(Deserialize)]
struct ToTell {
    record: Uuid,
    seq: u64,
}

/// What is left to be done after an attempt.
#[derive(Default)]
struct Left {
    unreached: Option<Duration>,
}

/// The handler of the job `notification.tell`.
pub async fn tell(desk: Desk, payload: String) -> Outcome {
    let Ok(job) = serde_json::from_str::<ToTell>(&payload) else {
        return Outcome::Fail("the payload names nothing to tell".to_owned());
    };
    match tell_all(&desk, &job).await {
        Ok(Left { unreached: Some(after) }) => Outcome::Retry(after, "not everybody was told".to_owned()),
        Ok(_) => Outcome::Done,
        Err(_) => Outcome::retry("the store cannot be read or written"),
    }
}

async fn tell_all(desk: &Desk, job: &ToTell) -> Result<Left, Problem> {
    let mut left = Left::default();
    let reminders = desk.store.strong_reminders_of(RoomId(job.record), job.seq).await?;
    let reminded: Vec<_> = reminders.iter().map(|reminder| reminder.recipient).collect();
    for notification in desk.store.notifications_about(job.record, job.seq).await? {
        let Some(topic) = Topic::from_code(&notification.topic) else { continue };
        let seen = notification.read_at.is_some() || notification.cleared_at.is_some();
        // On other nodes and devices it is told by the number alone.
        desk.inbox_changed(notification.person);
        if seen || !is_theirs(desk, topic, &notification).await? {
            continue;
        }
        let function = Catalogue::builtin().function_of(topic);
        let choices = desk.store.inbox_choices(notification.person).await?;
        if wanted(&choices, function, WayCode::Push) {
            wake_browsers(desk, topic, &notification, &mut left).await?;
        }
        // What is always sent has a job and a text of its own, and so has what somebody is strongly reminded of.
        if reminded.contains(&notification.person) {
            continue;
        }
        if function.sms != Way::Always && wanted(&choices, function, WayCode::Sms) {
            text(desk, topic, &notification, &mut left).await?;
        }
    }
    Ok(left)
}

/// Whether a notification is still for whom it was made.
async fn is_theirs(desk: &Desk, topic: Topic, notification: &Notification) -> Result<bool, Problem> {
    let role = Role::from_code(&notification.role);
    if topic.is_of_a_room() {
        let (Some(room), Some(role)) = (desk.room(RoomId(notification.record)).await?, role) else { return Ok(false) };
        let member = room.member_of(notification.person, role);
        return Ok(match member {
            Some(member) => room.dense(member.id, notification.seq).is_some(),
            None => topic == Topic::MemberEnded,
        });
    }
    if topic == Topic::ReportAnswered {
        return Ok(true);
    }
    let clerk = |capacity: &Capacity| Some(capacity.role()) == role && desk.policy.is_clerk(*capacity);
    let capacities: Vec<_> = Capacity::ALL.into_iter().filter(clerk).map(Capacity::code).collect();
    let clerk = Clerk { person: notification.person, capacities: &capacities };
    Ok(desk.store.missing_report_for(clerk, ReportId(notification.record)).await?.is_some())
}

async fn wake_browsers(desk: &Desk, topic: Topic, notification: &Notification, left: &mut Left) -> Result<(), Problem> {
    let Some(push) = &desk.push else { return Ok(()) };
    for browser in desk.store.push_subscriptions(notification.person).await? {
        let sent = sent(notification, WayCode::Push, browser.id);
        if desk.store.was_sent(sent).await? || is_over(desk, sent, Catalogue::builtin().limits.push).await? {
            continue;
        }
        match wake(push.as_ref(), topic, notification, &browser).await {
            Ok(()) => note(desk, sent).await?,
            Err(PushFailure::Gone) => desk.store.drop_push_subscription(browser.id).await?,
            Err(PushFailure::Rejected(why)) => {
                warn!(person.id = %notification.person, why, "A browser's service refused a message");
                note(desk, sent).await?;
            }
            Err(PushFailure::Unavailable { after, reason }) => {
                warn!(person.id = %notification.person, reason, "A browser's service cannot be reached");
                let after = Duration::seconds(after.unwrap_or(0).into());
                left.unreached = left.unreached.max(Some(after));
            }
        }
    }
    Ok(())
}

async fn wake(
    push: &dyn PushPort,
    topic: Topic,
    notification: &Notification,
    browser: &PushSubscription,
) -> Result<(), PushFailure> {
    let target =
        PushTarget { endpoint: browser.endpoint.clone(), p256dh: browser.p256dh.clone(), auth: browser.auth.clone() };
    let row = Catalogue::builtin().row(topic);
    let pressing = row.strong || topic == Topic::SittingScheduled || topic == Topic::SittingRescheduled;
    let message = PushMessage {
        payload: json!({ "id": notification.id, "category": row.category, "text": NEUTRAL }).to_string(),
        topic: notification.id.simple().to_string(),
        urgency: if pressing { Urgency::High } else { Urgency::Normal },
        ttl: KEPT,
    };
    push.send(&target, &message).await
}

async fn text(desk: &Desk, topic: Topic, notification: &Notification, left: &mut Left) -> Result<(), Problem> {
    let sent = sent(notification, WayCode::Sms, Uuid::nil());
    if desk.store.was_sent(sent).await? || is_over(desk, sent, Catalogue::builtin().limits.sms).await? {
        return Ok(());
    }
    let now = desk.now();
    let later = awake(now) - now;
    if later > Duration::ZERO {
        left.unreached = left.unreached.max(Some(later));
        return Ok(());
    }
    let Some(person) = desk.store.person(notification.person).await? else { return Ok(()) };
    match desk.sms.send(message(person.phone, topic)).await {
        Ok(_) => note(desk, sent).await,
        Err(SmsFailure::Unavailable { reason }) => {
            warn!(person.id = %notification.person, reason, "A text was not sent");
            left.unreached = left.unreached.max(Some(Duration::ZERO));
            Ok(())
        }
        Err(failure) => {
            // It stands in the app; a number that takes nothing is no reason to go on trying.
            warn!(person.id = %notification.person, %failure, "A text was refused");
            note(desk, sent).await
        }
    }
}

/// The text that says that there is something of this topic, and nothing else.
pub(crate) fn message(to: String, topic: Topic) -> SmsMessage {
    let what = Catalogue::builtin().row(topic).what.clone();
    SmsMessage { to, template: SmsTemplate::Message, params: BTreeMap::from([("what".to_owned(), what)]) }
}

fn sent(notification: &Notification, way: WayCode, target: Uuid) -> Sent<'static> {
    Sent { notification: notification.id, way: way.code(), target, person: notification.person }
}

async fn note(desk: &Desk, sent: Sent<'_>) -> Result<(), Problem> {
    Ok(desk.store.note_sent(sent, beijing::micros(desk.now())).await?)
}

/// Whether the person was told enough by this way for a day.
async fn is_over(desk: &Desk, sent: Sent<'_>, limit: u64) -> Result<bool, Problem> {
    let since = beijing::micros(desk.now() - Duration::days(1));
    Ok(desk.store.sent_since(sent.person, sent.way, since).await? >= limit)
}
