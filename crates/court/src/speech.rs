//! Speaking in a room: text, photo, video, voice, document (manual S0 五.2, 五.3).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::act::{Body, Decided, Kind, Scene};
use crate::inbox::Reminded;
use crate::refusal::TEXT_LIMIT;
use crate::{Audience, MemberId, Policy, Refusal, Room, UploadId};

/// Whom a message is for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum To {
    /// Everybody in the room.
    #[default]
    Everyone,
    /// The bench only.
    Bench,
    /// These members only (私信).
    Members(Vec<MemberId>),
}

/// Asks to say something in words.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// 1 to 10,000 characters.
    #[schema(min_length = 1, max_length = 10000)]
    pub text: String,
    #[serde(default)]
    pub to: To,
    /// Whether those whom a private message is for are to be reminded by SMS too (强提醒), within the limits.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub remind: bool,
}

/// Asks to show a file that the actor has uploaded.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Show {
    pub blob: UploadId,
    #[serde(default)]
    pub to: To,
    /// As for words.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub remind: bool,
}

/// Words that were said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Said {
    pub text: String,
    /// Whom an SMS was to remind of it, and what became of that.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reminders: Vec<Reminded>,
}

/// A file that was shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Shown {
    pub file: File,
    /// Whom an SMS was to remind of it, and what became of that.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reminders: Vec<Reminded>,
}

/// What kind of thing a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    Photo,
    Video,
    Voice,
    Document,
}

impl FileKind {
    /// The term that people read.
    pub fn label(self) -> &'static str {
        match self {
            FileKind::Photo => "图片",
            FileKind::Video => "视频",
            FileKind::Voice => "语音",
            FileKind::Document => "文档",
        }
    }
}

/// A file as the record knows it: named, measured and bound by its hash.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct File {
    pub kind: FileKind,
    pub name: String,
    /// Bytes.
    pub size: u64,
    pub media_type: String,
    /// SHA-256 of the original bytes.
    #[schema(value_type = String)]
    pub sha256: record::Hash,
    /// Pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// Length of a recording, where the file tells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<f64>,
    /// What makes a photo hard to read, by stable names such as `blurred_photo`: found when it was taken, friendly, nothing more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub warnings: Vec<String>,
}

pub(crate) fn say(scene: &Scene<'_>, asked: Text) -> Result<Decided, Refusal> {
    // The words are kept as they were typed; only a message of nothing but white space is no message.
    if asked.text.trim().is_empty() {
        return Err(Refusal::TextEmpty);
    }
    let chars = asked.text.chars().count();
    if chars > TEXT_LIMIT {
        return Err(Refusal::TextTooLong { chars });
    }
    let reminders = reminders(scene, &asked.to, asked.remind)?;
    let audience = audience(scene, asked.to)?;
    let sentence = format!("{}：{}", scene.actor.said_name(), shortened(&asked.text));
    Ok(Decided {
        hint: hint(scene, &audience, "发言"),
        body: Body::SpeechText(Said { text: asked.text, reminders }),
        audience,
        sentence,
    })
}

pub(crate) fn show(scene: &Scene<'_>, asked: Show, kind: Kind) -> Result<Decided, Refusal> {
    let file = scene.facts.files.get(&asked.blob).cloned().ok_or(Refusal::FileMissing)?;
    let (wanted, body): (FileKind, fn(Shown) -> Body) = match kind {
        Kind::SpeechPhoto => (FileKind::Photo, Body::SpeechPhoto),
        Kind::SpeechVideo => (FileKind::Video, Body::SpeechVideo),
        Kind::SpeechVoice => (FileKind::Voice, Body::SpeechVoice),
        _ => (FileKind::Document, Body::SpeechDocument),
    };
    if file.kind != wanted {
        return Err(Refusal::FileOfOtherKind { is: file.kind.label() });
    }
    let reminders = reminders(scene, &asked.to, asked.remind)?;
    let audience = audience(scene, asked.to)?;
    let what = wanted.label();
    let sentence = format!("{}发送{what}《{}》", scene.actor.said_name(), file.name);
    Ok(Decided {
        hint: hint(scene, &audience, &format!("发送{what}")),
        body: body(Shown { file, reminders }),
        audience,
        sentence,
    })
}

/// What becomes of the wish to remind those whom a private message is for. What everybody reads reminds nobody.
fn reminders(scene: &Scene<'_>, to: &To, wanted: bool) -> Result<Vec<Reminded>, Refusal> {
    match to {
        _ if !wanted => Ok(Vec::new()),
        To::Members(recipients) => {
            let mut unique = Vec::new();
            for recipient in recipients {
                if !unique.contains(recipient) {
                    unique.push(*recipient);
                }
            }
            Ok(scene.remind(&unique))
        }
        To::Everyone | To::Bench => Err(Refusal::ReminderNotPrivate),
    }
}

/// Turns whom a message is for into who will see it.
fn audience(scene: &Scene<'_>, to: To) -> Result<Audience, Refusal> {
    let policy = scene.policy;
    match to {
        To::Everyone => Ok(Audience::Everyone),
        To::Bench if policy.may_address_bench(scene.actor.capacity) => Ok(Audience::Bench),
        To::Members(recipients) if policy.may_write_privately(scene.actor.capacity) => {
            let mut members: BTreeSet<MemberId> = BTreeSet::new();
            for recipient in &recipients {
                let member = scene.room.member(*recipient).ok_or(Refusal::RecipientUnknown)?;
                if !policy.may_be_written_to(member.capacity) {
                    return Err(Refusal::RecipientForbidden);
                }
                if policy.hears_in_public_only(member.capacity) {
                    return Err(Refusal::RecipientHearsInPublic);
                }
                members.insert(member.id);
            }
            if members.iter().all(|member| *member == scene.actor.member) {
                return Err(Refusal::RecipientUnknown);
            }
            members.extend(also_seen_by(scene.room, policy, &members));
            members.insert(scene.actor.member);
            Ok(Audience::Members(members))
        }
        To::Bench | To::Members(_) => Err(Refusal::RecipientForbidden),
    }
}

/// Who besides the recipients sees a private message to them when it is to somebody who judges: the clerks, and in some courts both sides
/// (architecture 5, no. 86).
/// The app says so before anything is sent, and the audience is made by the same function.
pub(crate) fn also_seen_by(room: &Room, policy: &Policy, recipients: &BTreeSet<MemberId>) -> Vec<MemberId> {
    let heard = |id: &MemberId| room.member(*id).is_some_and(|member| policy.is_heard_by_clerk(member.capacity));
    if !recipients.iter().any(heard) {
        return Vec::new();
    }
    let hearing = room.present().filter(|member| policy.hears_with_judges(member.capacity)).map(|member| member.id);
    hearing.filter(|member| !recipients.contains(member)).collect()
}

fn hint(scene: &Scene<'_>, audience: &Audience, what: &str) -> String {
    let name = scene.actor.said_name();
    match audience {
        Audience::Everyone => format!("{name}{what}"),
        Audience::Bench => format!("{name}向审判组织{what}"),
        Audience::Members(_) => format!("{name}发送了一条私信"),
    }
}

/// The first hundred characters on one line.
fn shortened(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(100) {
        Some((end, _)) => format!("{}……", &line[..end]),
        None => line,
    }
}
