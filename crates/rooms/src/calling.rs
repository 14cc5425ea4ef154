//! What follows a virtual call: a number is asked for, given back, and a call of which nothing is heard comes to its end. Jobs, run after the act
//! is durable, at least once each. Telephone numbers go from the store to the port and nowhere else (SR-49).

use connect::phone::{Bind, Binding, PhoneFailure};
use court::call::{End, Outcome as Became};
use court::{ActId, MemberId, Report, Room, RoomId, beijing};
use desk::Desk;
use desk::jobs::Outcome;
use serde::Deserialize;
use store::PhoneCall;
use time::Duration;
use tracing::warn;

/// How long a number leads from the judge to the callee.
const LASTS: Duration = Duration::minutes(10);
/// How long a number is asked for: a judge who waits for one waits no longer.
const PATIENCE: Duration = Duration::seconds(60);
/// How long a call that was answered may go on before its end is given up for lost.
const LONGEST: Duration = Duration::hours(2);

/// The payload of all three jobs: which call.
#[derive(Deserialize)]
struct Call {
    room: RoomId,
    call: ActId,
}

/// The handler of the job `call.bind`: asks for the number. The call's id names the wish, so that asking twice gives one number.
pub async fn call_bind(desk: Desk, payload: String) -> Outcome {
    with(payload, async |job| bind(&desk, &job).await).await
}

/// The handler of the job `call.unbind`: gives the number back.
pub async fn call_unbind(desk: Desk, payload: String) -> Outcome {
    with(payload, async |job| {
        let Ok(call) = desk.store.call(job.call).await else { return Outcome::retry("the store cannot be read") };
        match call.and_then(|call| call.binding) {
            Some(binding) => unbind(&desk, &binding).await,
            None => Outcome::Done,
        }
    })
    .await
}

/// The handler of the job `call.expire`: ends a call of which nothing was heard until its number was gone.
pub async fn call_expire(desk: Desk, payload: String) -> Outcome {
    with(payload, async |job| {
        match on_call(&desk, &job).await {
            Ok(Some(_)) => {}
            Ok(None) => return Outcome::Done,
            Err(()) => return Outcome::retry("the store cannot be read"),
        }
        let Ok(call) = desk.store.call(job.call).await else { return Outcome::retry("the store cannot be read") };
        let answered = call.as_ref().and_then(|call| call.answered_at);
        let end = match call.as_ref().and_then(result) {
            Some(end) => end,
            // The number is gone, and those who speak go on speaking.
            None if answered.is_some_and(|at| beijing::from_micros(at) + LONGEST > desk.now()) => {
                return Outcome::Retry(Duration::minutes(10), "the call is still on".to_owned());
            }
            None => {
                let outcome = if answered.is_some() { Became::Answered } else { Became::Unknown };
                End { call: job.call, outcome, seconds: None, reason: None }
            }
        };
        report(&desk, job.room, end).await
    })
    .await
}

async fn with(payload: String, work: impl AsyncFnOnce(Call) -> Outcome) -> Outcome {
    match serde_json::from_str::<Call>(&payload) {
        Ok(job) => work(job).await,
        Err(_) => Outcome::Fail("the payload names no call".to_owned()),
    }
}

async fn bind(desk: &Desk, job: &Call) -> Outcome {
    let again = || Outcome::retry("the store cannot be read");
    let room = match on_call(desk, job).await {
        Ok(Some(room)) => room,
        // Over before it began.
        Ok(None) => return Outcome::Done,
        Err(()) => return again(),
    };
    if desk.store.open_call(job.call, job.room, beijing::micros(desk.now())).await.is_err() {
        return again();
    }
    let Ok(Some(call)) = desk.store.call(job.call).await else { return again() };
    if call.binding.is_some() {
        return Outcome::Done;
    }
    let wish = match wish(desk, &room, job.call).await {
        Ok(Some(wish)) => wish,
        Ok(None) => return failed(desk, job, "没有登记电话号码").await,
        Err(()) => return again(),
    };
    let Some(port) = &desk.phone else { return failed(desk, job, "本院尚未开通虚拟电话").await };
    match port.bind(&wish).await {
        Ok(binding) => bound(desk, job, &binding).await,
        Err(PhoneFailure::Rejected { code }) => {
            warn!(room.id = %job.room, code, "No number for a call");
            failed(desk, job, "电话服务不能呼叫该号码").await
        }
        Err(failure) if waited(desk, &call) => {
            warn!(room.id = %job.room, %failure, "No number for a call");
            failed(desk, job, "电话服务暂时没有可用号码，请稍后再拨").await
        }
        Err(failure) => Outcome::retry(failure.to_string()),
    }
}

async fn bound(desk: &Desk, job: &Call, binding: &Binding) -> Outcome {
    if desk.store.bind_call(job.call, &binding.id, &binding.number).await.is_err() {
        return Outcome::retry("the store cannot be written");
    }
    match on_call(desk, job).await {
        // It ended while the number was asked for: the job that gives numbers back has found none.
        Ok(None) => unbind(desk, &binding.id).await,
        _ => Outcome::Done,
    }
}

async fn unbind(desk: &Desk, binding: &str) -> Outcome {
    let Some(port) = &desk.phone else { return Outcome::Done };
    match port.unbind(binding).await {
        Ok(()) => Outcome::Done,
        // The service gives it back by itself when its time is over.
        Err(PhoneFailure::Rejected { code }) => Outcome::Fail(format!("a number was not given back: {code}")),
        Err(failure) => Outcome::retry(failure.to_string()),
    }
}

/// The room, if this call is on in it.
async fn on_call(desk: &Desk, job: &Call) -> Result<Option<std::sync::Arc<Room>>, ()> {
    let room = desk.room(job.room).await.map_err(drop)?;
    Ok(room.filter(|room| room.on_call().is_some_and(|on| on.call == job.call)))
}

/// Whose telephones are to be bound; none when one of them is not known.
async fn wish(desk: &Desk, room: &Room, call: ActId) -> Result<Option<Bind>, ()> {
    let Some(on) = room.on_call() else { return Ok(None) };
    let (a, b) = (phone(desk, room, on.caller).await?, phone(desk, room, on.callee).await?);
    Ok(a.zip(b).map(|(a, b)| Bind { request: call.to_string(), a, b, lasts: LASTS }))
}

async fn phone(desk: &Desk, room: &Room, member: MemberId) -> Result<Option<String>, ()> {
    let Some(person) = room.ever().find(|one| one.id == member).and_then(|one| one.person) else { return Ok(None) };
    Ok(desk.store.person(person).await.map_err(drop)?.map(|person| person.phone))
}

fn waited(desk: &Desk, call: &PhoneCall) -> bool {
    desk.now() - beijing::from_micros(call.begun_at) >= PATIENCE
}

async fn failed(desk: &Desk, job: &Call, reason: &str) -> Outcome {
    let end = End { call: job.call, outcome: Became::Failed, seconds: None, reason: Some(reason.to_owned()) };
    report(desk, job.room, end).await
}

/// What became of a call, if the service has told it.
pub(crate) fn result(call: &PhoneCall) -> Option<End> {
    call.result.as_deref().and_then(|result| serde_json::from_str(result).ok())
}

async fn report(desk: &Desk, room: RoomId, end: End) -> Outcome {
    match desk.report(room, Report::CallEnd(end)).await {
        Ok(()) => Outcome::Done,
        Err(problem) if problem.code() == "call_over" => Outcome::Done,
        Err(problem) => Outcome::retry(problem.code()),
    }
}
