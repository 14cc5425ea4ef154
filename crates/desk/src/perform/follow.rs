//! What follows an act, in one stated list: the rows that lists are made from, and the jobs. Both ride in the act's own transaction.

use super::standing;
use court::act::Body;
use court::inbox::{self, Verdict};
use court::signature::{Confirmed, Refused};
use court::transcript::{Finalise, Sealed};
use court::{Act, ActId, FileKind, Member, MemberId, Policy, Room, UploadId, beijing};
use serde_json::json;
use store::{Effect, NewDocument, NewJob, NewNotification, StrongReminder};
use time::{Duration, OffsetDateTime};

/// How many hours before its deadline a matter is reminded of.
const REMINDERS: [u16; 2] = [24, 1];

/// How long after its beginning a call of which nothing was heard is looked at, in microseconds: the number has then been given back for
/// two minutes.
const CALL_EXPIRES: i64 = 12 * 60 * 1_000_000;

/// The rows that cross-room lists are made from.
///
/// `room` is the room after the act, `uploads` are those that the act shows.
pub(crate) fn effects(act: &Act, room: &Room, policy: &Policy, uploads: &[UploadId]) -> Vec<Effect> {
    let own = rows(act, room, uploads);
    own.into_iter().chain(notifications(act, room, policy)).chain(reminders_granted(act, room)).collect()
}

fn rows(act: &Act, room: &Room, uploads: &[UploadId]) -> Vec<Effect> {
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
    let case = room.case.as_ref().map(|case| case.id);
    let own = match &act.body {
        Body::SittingSchedule(scheduled) => scheduled.members.iter().filter_map(started).chain([phase()]).collect(),
        Body::SittingReschedule(_) | Body::SittingOpen(_) | Body::SittingClose(_) | Body::SittingEnd(_) => {
            vec![phase()]
        }
        Body::TranscriptSeal(sealed) => transcript_filed(act, room, sealed).into_iter().collect(),
        Body::MemberAdmit(admitted) => started(&admitted.member).into_iter().collect(),
        Body::MemberEnd(end) => left(end.member, act.seq, room, at),
        Body::PanelChange(changed) => {
            let successor = changed.successor.iter().filter_map(started);
            left(changed.leaves, act.seq, room, at).into_iter().chain(successor).collect()
        }
        Body::AgencyApply(_)
        | Body::AgencyApprove(_)
        | Body::AgencyReject(_)
        | Body::AgencyEnd(_)
        | Body::ConsentGive(_)
        | Body::ConsentWithdraw(_)
        | Body::ConsentSettle(_)
        | Body::DomicileConfirm(_) => used().chain(standing::rows(act, room)).collect(),
        Body::MatterAnswer(answered) => {
            let draft = Effect::DraftDone { member: act.actor, matter: answered.matter };
            used().chain([draft]).collect()
        }
        Body::DossierRefile(refiled) => {
            let (entry, folder, title) = (refiled.entry, refiled.now.folder, refiled.now.title.clone());
            case.map(|case| Effect::DossierRefiled { case, entry, folder, title }).into_iter().collect()
        }
        Body::DossierWithdraw(withdrawn) => {
            case.map(|case| Effect::DossierWithdrawn { case, entry: withdrawn.entry, at }).into_iter().collect()
        }
        _ => used().collect(),
    };
    let filed = case.map_or_else(Vec::new, |case| act.entries(case));
    own.into_iter().chain(filed.into_iter().map(|entry| Effect::DossierFiled(Box::new(entry)))).collect()
}

/// Somebody is a member no longer; what they were told of the room goes with their right to read it (SR-18).
fn left(member: MemberId, seq: u64, room: &Room, at: i64) -> Vec<Effect> {
    let gone = room.ever().find(|other| other.id == member).and_then(|member| {
        let role = member.capacity.role().code().to_owned();
        Some(Effect::NotificationsGone { person: member.person?, role })
    });
    [Effect::MembershipEnded { member, seq, at }].into_iter().chain(gone).collect()
}

/// Who must notice the act: [`inbox::after`] says.
fn notifications(act: &Act, room: &Room, policy: &Policy) -> Vec<Effect> {
    let Some((topic, told)) = inbox::after(act, room, policy) else { return Vec::new() };
    let members = told.iter().filter_map(|id| room.ever().find(|member| member.id == *id));
    let notified = members.filter_map(|member| {
        Some(Effect::Notified(NewNotification {
            topic: topic.code().to_owned(),
            person: member.person?,
            role: member.capacity.role().code().to_owned(),
            record: room.id.0,
            seq: act.seq,
            at: beijing::micros(act.at),
        }))
    });
    notified.collect()
}

/// The strong reminders that the act asked for and was granted.
fn reminders_granted(act: &Act, room: &Room) -> Vec<Effect> {
    let person = |id| room.ever().find(|member| member.id == id).and_then(|member| member.person);
    let granted = act.body.reminders().iter().filter(|reminded| reminded.outcome == Verdict::Granted);
    let (Some(case), Some(sender)) = (&room.case, person(act.actor)) else { return Vec::new() };
    let reminders = granted.filter_map(|reminded| {
        Some(Effect::Reminded(StrongReminder {
            room: room.id,
            seq: act.seq,
            member: reminded.member,
            case: case.id,
            sender,
            recipient: person(reminded.member)?,
            at: beijing::micros(act.at),
            sent_at: None,
        }))
    });
    reminders.collect()
}

/// The jobs that an act causes. They carry ids only.
pub(crate) fn jobs(act: &Act, effects: &[Effect], at: i64) -> Vec<NewJob> {
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
        Body::SittingSchedule(_) | Body::SittingReschedule(_) => {
            let payload = json!({ "room": act.room, "seq": act.seq }).to_string();
            let notice = NewJob { kind: "sitting.notice".to_owned(), payload, run_at: at };
            let first = matches!(act.body, Body::SittingSchedule(_));
            [notice].into_iter().chain(first.then(|| standing::awaited(act, at))).collect()
        }
        Body::AgencyApprove(approved) => vec![standing::spread(act, approved.mandate, at)],
        Body::AgencyEnd(ended) => vec![standing::spread(act, ended.mandate, at)],
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
        Body::TranscriptConclude(concluded) => {
            let payload = json!({ "room": act.room, "version": concluded.version }).to_string();
            let job = |kind: &str, run_at| NewJob { kind: kind.to_owned(), payload: payload.clone(), run_at };
            vec![job("transcript.typeset", at), job("transcript.seal", beijing::micros(concluded.sign_until))]
        }
        // Whoever answers may be the last one; what was typeset late may have nobody to wait for.
        Body::TranscriptFinalise(Finalise { version, .. })
        | Body::SignatureConfirm(Confirmed { version, .. })
        | Body::SignatureRefuse(Refused { version, .. }) => vec![NewJob {
            kind: "transcript.seal".to_owned(),
            payload: json!({ "room": act.room, "version": version }).to_string(),
            run_at: at,
        }],
        Body::MatterIssue(issued) => reminders(act, act.id, issued.deadline),
        Body::MatterExtend(extended) => reminders(act, extended.matter, extended.deadline),
        _ => Vec::new(),
    };
    views.chain(own).chain(tellings(act, effects, at)).collect()
}

/// Telling people of the act by other ways than the app, and reminding them by SMS, by day.
fn tellings(act: &Act, effects: &[Effect], at: i64) -> impl Iterator<Item = NewJob> {
    let payload = json!({ "record": act.room, "seq": act.seq }).to_string();
    let job = |kind: &str, run_at| NewJob { kind: kind.to_owned(), payload: payload.clone(), run_at };
    let notified = effects.iter().any(|effect| matches!(effect, Effect::Notified(_)));
    let reminded = effects.iter().any(|effect| matches!(effect, Effect::Reminded(_)));
    let tell = notified.then(|| job("notification.tell", at));
    let remind = reminded.then(|| job("strong.reminder", beijing::micros(inbox::awake(act.at))));
    tell.into_iter().chain(remind)
}

/// A sealed transcript stands among the documents of every member.
fn transcript_filed(act: &Act, room: &Room, sealed: &Sealed) -> Option<Effect> {
    let case = room.case.as_ref()?;
    let version = if sealed.version > 1 { format!("（第 {} 版）", sealed.version) } else { String::new() };
    Some(Effect::DocumentFiled(Box::new(NewDocument {
        seq: act.seq,
        at: beijing::micros(act.at),
        title: format!("{}笔录{version}", room.kind.label()),
        number: case.number.clone(),
        parties: case.title.clone(),
        version: sealed.version,
        pages: sealed.pages,
        size: sealed.file.size,
        sha256: sealed.file.sha256,
    })))
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
