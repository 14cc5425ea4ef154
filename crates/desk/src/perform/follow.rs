//! What follows an act, in one stated list: the rows that lists are made from, and the jobs. Both ride in the act's own transaction.

use court::act::Body;
use court::{Act, ActId, FileKind, Member, Room, UploadId, beijing};
use serde_json::json;
use store::{Effect, NewJob};
use time::{Duration, OffsetDateTime};

/// How many hours before its deadline a matter is reminded of.
const REMINDERS: [u16; 2] = [24, 1];

/// How long after its beginning a call of which nothing was heard is looked at, in microseconds: the number has then been given back for
/// two minutes.
const CALL_EXPIRES: i64 = 12 * 60 * 1_000_000;

/// The rows that cross-room lists are made from.
///
/// `room` is the room after the act, `uploads` are those that the act shows.
pub(crate) fn effects(act: &Act, room: &Room, uploads: &[UploadId]) -> Vec<Effect> {
    let at = beijing::micros(act.at);
    let started = |member: &Member| {
        let role = member.capacity.role().code().to_owned();
        member.person.map(|person| Effect::MembershipStarted { member: member.id, person, role, seq: act.seq, at })
    };
    let phase = || Effect::RoomPhase {
        opens_at: beijing::micros(room.opens_at),
        closes_at: beijing::micros(room.closes_at),
        marker: room.proceeding.code().to_owned(),
    };
    let used = || uploads.iter().map(|upload| Effect::BlobUsed { upload: *upload });
    match &act.body {
        Body::SittingSchedule(scheduled) => scheduled.members.iter().filter_map(started).chain([phase()]).collect(),
        Body::SittingReschedule(_) | Body::SittingOpen(_) | Body::SittingClose(_) => vec![phase()],
        Body::MemberAdmit(admitted) => started(&admitted.member).into_iter().collect(),
        Body::MemberEnd(end) => vec![Effect::MembershipEnded { member: end.member, seq: act.seq, at }],
        Body::MatterAnswer(answered) => {
            let draft = Effect::DraftDone { member: act.actor, matter: answered.matter };
            used().chain([draft]).collect()
        }
        _ => used().collect(),
    }
}

/// The jobs that an act causes. They carry ids only.
pub(crate) fn jobs(act: &Act, at: i64) -> Vec<NewJob> {
    let files = act.body.files().iter();
    let views = files.filter_map(|file| {
        let kind = match file.kind {
            FileKind::Photo => "photo.thumbnail",
            FileKind::Video => "video.poster",
            // A conversion takes seconds of a whole core: it waits until somebody wants to look.
            FileKind::Document | FileKind::Voice => return None,
        };
        Some(NewJob { kind: kind.to_owned(), payload: json!({ "sha256": file.sha256 }).to_string(), run_at: at })
    });
    let own = match &act.body {
        Body::SittingSchedule(_) | Body::SittingReschedule(_) => vec![NewJob {
            kind: "sitting.notice".to_owned(),
            payload: json!({ "room": act.room, "seq": act.seq }).to_string(),
            run_at: at,
        }],
        Body::CallStart(_) => {
            let payload = json!({ "room": act.room, "call": act.id }).to_string();
            let job = |kind: &str, run_at| NewJob { kind: kind.to_owned(), payload: payload.clone(), run_at };
            vec![job("call.bind", at), job("call.expire", at + CALL_EXPIRES)]
        }
        Body::CallEnd(ended) => vec![NewJob {
            kind: "call.unbind".to_owned(),
            payload: json!({ "room": act.room, "call": ended.call }).to_string(),
            run_at: at,
        }],
        Body::MatterIssue(issued) => reminders(act, act.id, issued.deadline),
        Body::MatterExtend(extended) => reminders(act, extended.matter, extended.deadline),
        _ => Vec::new(),
    };
    views.chain(own).collect()
}

/// Reminders of a deadline that this act has set. Those whose time is over already are left out: the notice of the act itself is near
/// enough.
fn reminders(act: &Act, matter: ActId, deadline: OffsetDateTime) -> Vec<NewJob> {
    let due = |hours: &u16| (*hours, deadline - Duration::hours((*hours).into()));
    let later = REMINDERS.iter().map(due).filter(|(_, run_at)| *run_at > act.at);
    later
        .map(|(hours, run_at)| NewJob {
            kind: "matter.reminder".to_owned(),
            payload: json!({ "room": act.room, "matter": matter, "set_by": act.seq, "hours": hours }).to_string(),
            run_at: beijing::micros(run_at),
        })
        .collect()
}
