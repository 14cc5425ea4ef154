//! What a transcript says, in the shape in which it is printed.

use std::collections::BTreeMap;

use court::signature::Refused;
use court::transcript::{Content, Correction, Speaker, Words};
use court::{FileKind, MemberId, Room, SittingKind};
use record::Hash;
use time::OffsetDateTime;
use typeset::transcript as printed;

/// What became of those who were asked to sign, as it stands at their places.
pub(crate) type Refusals = BTreeMap<MemberId, (OffsetDateTime, Refused)>;

/// The record that the file carries: everything that it says, for programs. Its hash is what a signature rests on in the end.
pub(crate) fn record_of(content: &Content) -> Option<(String, Hash)> {
    let text = serde_json::to_string_pretty(content).ok()?;
    let hash = Hash::of(text.as_bytes());
    Some((text, hash))
}

/// A transcript to be printed.
pub(crate) fn lay_out(
    court: &str,
    room: &Room,
    content: &Content,
    record: String,
    refusals: &Refusals,
    (made_at, remark): (OffsetDateTime, String),
) -> printed::Transcript {
    let (came, absent): (Vec<_>, Vec<_>) = content.attendance.iter().partition(|attendee| attendee.came);
    let attendance = |attendee: &court::transcript::Attendee| {
        let left = attendee.left.then(|| "中途退出".to_owned());
        let notes: Vec<String> = attendee.acting.clone().into_iter().chain(left).collect();
        let note = (!notes.is_empty()).then(|| notes.join("，"));
        printed::Attendance { name: attendee.name.clone(), capacity: attendee.label.clone(), note }
    };
    printed::Transcript {
        court: court.to_owned(),
        kind: match content.kind {
            SittingKind::EvidenceExchange => printed::SittingKind::EvidenceExchange,
            SittingKind::Inquiry => printed::SittingKind::Talk,
            SittingKind::Mediation => printed::SittingKind::Mediation,
            SittingKind::Hearing => printed::SittingKind::Hearing,
        },
        case_number: content.case.number.clone(),
        cause: content.case.cause.clone(),
        place: "微法庭（异步审理）".to_owned(),
        scheduled: Some(printed::Span { from: content.times.opens_at, to: content.times.closes_at }),
        opened: content.times.opened,
        closed: content.times.closed,
        attendance: came.into_iter().map(attendance).collect(),
        absent: absent.into_iter().map(attendance).collect(),
        notices: notices(content),
        entries: entries(content),
        matters: matters(content),
        undisputed: content.undisputed.iter().map(point).collect(),
        disputed: content.disputed.iter().map(point).collect(),
        corrections: content.corrections.iter().map(correction).collect(),
        annexes: annexes(content),
        signers: signers(room, content.version, refusals),
        record: printed::Attached {
            name: "record.json".to_owned(),
            description: "笔录所依据的审理记录（机器可读）".to_owned(),
            text: record,
        },
        made_at,
        remark: Some(remark),
    }
}

fn notices(content: &Content) -> Vec<printed::NoticeAccepted> {
    // The sentence names the notice between 《 and 》.
    let title = |sentence: &str| {
        let inner = sentence.split_once('《').and_then(|(_, rest)| rest.rsplit_once('》'));
        inner.map_or_else(|| sentence.to_owned(), |(title, _)| title.to_owned())
    };
    let notice = |part: &court::transcript::NoticePart| printed::NoticeAccepted {
        title: title(&part.sentence),
        name: part.by.name.clone(),
        capacity: part.by.label.clone(),
        at: part.at,
    };
    content.notices.iter().map(notice).collect()
}

fn entries(content: &Content) -> Vec<printed::Entry> {
    let mut entries: Vec<printed::Entry> = content
        .entries
        .iter()
        .map(|entry| {
            let speaker = printed::Speaker { name: entry.by.name.clone(), capacity: entry.by.label.clone() };
            // A sentence says itself who acted.
            let (speaker, words) = match &entry.words {
                Words::Said { text } => (Some(speaker), printed::Content::Said { text: text.clone() }),
                Words::Done { sentence } => (None, printed::Content::Done { sentence: sentence.clone() }),
                Words::Private => (Some(speaker), printed::Content::Private {}),
            };
            let picture = |file: &court::File| printed::Picture {
                id: file.sha256.to_string(),
                sha256: file.sha256.to_string(),
                name: Some(file.name.clone()),
            };
            printed::Entry {
                seq: entry.no.into(),
                at: entry.at,
                speaker,
                content: words,
                pictures: entry.photos.iter().map(picture).collect(),
                annexes: entry.annexes.clone(),
                mark: None,
            }
        })
        .collect();
    for remark in &content.remarks {
        let about = remark.entry.map(|no| format!("（第 {no} 条）")).unwrap_or_default();
        let sentence = format!("{}注{about}：{}", said(&remark.by), remark.text);
        entries.push(printed::Entry {
            seq: entries.len() as u64 + 1,
            at: remark.at,
            speaker: None,
            content: printed::Content::Done { sentence },
            pictures: Vec::new(),
            annexes: Vec::new(),
            mark: Some("加注".to_owned()),
        });
    }
    entries
}

fn matters(content: &Content) -> Vec<printed::Matter> {
    let answer = |answer: &court::transcript::MatterAnswer| printed::Answer {
        name: answer.by.name.clone(),
        capacity: answer.by.label.clone(),
        at: answer.at,
        text: answer.text.clone(),
        annexes: answer.annexes.clone(),
    };
    let matter = |matter: &court::transcript::MatterPart| printed::Matter {
        no: matter.no,
        title: matter.title.clone(),
        text: matter.text.clone(),
        issued_by: said(&matter.by),
        issued_at: matter.at,
        deadline: Some(matter.deadline),
        answers: matter.answers.iter().map(answer).collect(),
        unanswered: matter.unanswered.iter().map(said).collect(),
    };
    content.matters.iter().map(matter).collect()
}

fn point(point: &court::transcript::Point) -> printed::Point {
    printed::Point { text: point.text.clone(), reason: point.reason.clone() }
}

fn correction(asked: &Correction) -> printed::Correction {
    let about = asked.entry.map(|no| format!("（第 {no} 条）")).unwrap_or_default();
    let outcome = match (asked.accepted, &asked.reason) {
        (Some(true), None) => Some("准许补正".to_owned()),
        (Some(true), Some(reason)) => Some(format!("准许补正：{reason}")),
        (Some(false), reason) => Some(format!("未准许，理由：{}", reason.as_deref().unwrap_or("未说明"))),
        (None, _) => None,
    };
    printed::Correction {
        name: asked.by.name.clone(),
        capacity: asked.by.label.clone(),
        at: asked.at,
        text: format!("{about}{}", asked.text),
        outcome,
    }
}

fn annexes(content: &Content) -> Vec<printed::Annex> {
    let kind = |file: &court::File| match file.kind {
        FileKind::Document if file.media_type == "application/pdf" => "PDF 文档".to_owned(),
        kind => kind.label().to_owned(),
    };
    let annex = |annex: &court::transcript::Annex| printed::Annex {
        no: annex.no,
        name: annex.file.name.clone(),
        kind: kind(&annex.file),
        size: annex.file.size,
        sha256: annex.file.sha256.to_string(),
        from: said(&annex.by),
        at: annex.at,
    };
    content.annexes.iter().map(annex).collect()
}

fn signers(room: &Room, version: u32, refusals: &Refusals) -> Vec<printed::Signer> {
    let transcript = room.transcripts().iter().find(|transcript| transcript.version == version);
    let signatories = transcript.map_or(&[][..], |transcript| &transcript.signatories);
    let members = signatories.iter().filter_map(|id| room.ever().find(|member| member.id == *id));
    members
        .map(|member| printed::Signer {
            id: member.id.to_string(),
            name: match &member.acting {
                Some(acting) => format!("{}（{acting}）", member.name),
                None => member.name.clone(),
            },
            capacity: member.capacity.label().to_owned(),
            refused: refusals
                .get(&member.id)
                .map(|(at, refused)| printed::SigningRefused { at: *at, reason: refused.reason.clone() }),
        })
        .collect()
}

fn said(speaker: &Speaker) -> String {
    format!("{}{}", speaker.label, speaker.name)
}
