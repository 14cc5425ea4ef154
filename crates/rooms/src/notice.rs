//! Tells the members of a sitting when it is, by SMS. Runs as a job, after the act is durable.

use std::collections::BTreeMap;

use connect::sms::{SmsMessage, SmsTemplate};
use court::{RoomId, beijing};
use desk::Desk;
use desk::jobs::Outcome;
use serde::Deserialize;
use tracing::warn;

/// The payload of the job: which sitting.
#[derive(Deserialize)]
struct SittingToAnnounce {
    room: RoomId,
}

/// The handler of the job `sitting.notice`.
///
/// Runs again when the store cannot be read; who got theirs may then get a second one, which is better than none.
pub async fn sitting_notice(desk: Desk, payload: String) -> Outcome {
    let Ok(job) = serde_json::from_str::<SittingToAnnounce>(&payload) else {
        return Outcome::Fail("the payload names no room".to_owned());
    };
    let room = match desk.room(job.room).await {
        Ok(Some(room)) => room,
        Ok(None) => return Outcome::Fail("no such room".to_owned()),
        Err(_) => return Outcome::retry("the store cannot be read"),
    };
    let case = room.case.as_ref().map(|case| case.number.clone()).unwrap_or_default();
    for (member, person) in room.present().filter_map(|member| Some((member, member.person?))) {
        let person = match desk.store.person(person).await {
            Ok(Some(person)) => person,
            Ok(None) => continue,
            Err(_) => return Outcome::retry("the store cannot be read"),
        };
        let params = BTreeMap::from([
            ("case".to_owned(), case.clone()),
            ("kind".to_owned(), room.kind.label().to_owned()),
            ("opens".to_owned(), beijing::short(room.opens_at)),
            ("closes".to_owned(), beijing::short(room.closes_at)),
        ]);
        let message = SmsMessage { to: person.phone, template: SmsTemplate::SittingNotice, params };
        if let Err(failure) = desk.sms.send(message).await {
            // One number that cannot be reached must not keep the others from hearing; who is not reached sees it in the app.
            warn!(room.id = %job.room, member.id = %member.id, %failure, "Sitting notice not sent");
        }
    }
    Outcome::Done
}
