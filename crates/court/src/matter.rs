//! Matters (诉讼事项): the judge asks chosen members to do something by a deadline, each answers once (manual S0 五.4).
//!
//! A matter has the id of the act that issued it. **Who sees it**: whoever is on the bench when it is issued, the clerks among them,
//! and its targets; everything that later happens to it is for the same members. An answer is for the bench and the one who answers:
//! what one side writes to the court must not help the other side to write theirs. For everybody else there is no matter, and their
//! numbering of the acts has no gap. Both are the ordinary [`Audience::Members`], fixed when the act is made.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;

mod form;
mod state;

pub use form::{Field, FieldKind, Filled};
pub use state::{Matter, Status};

use state::End;

use crate::act::{Body, Decided, Kind, Scene};
use crate::inbox::Reminded;
use crate::refusal::TEXT_LIMIT;
use crate::{ActId, Audience, File, MemberId, Refusal, UploadId, beijing, refusal};

/// The longest title, in characters.
pub const TITLE_LIMIT: usize = 100;
/// How many files a matter or an answer may carry.
pub const FILES_LIMIT: usize = 9;
/// How many matters a room may have: its state holds them all.
const MATTERS_LIMIT: usize = 200;

/// Asks chosen members to do something.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MatterIssue)]
pub struct Issue {
    #[schema(min_length = 1, max_length = 100)]
    pub title: String,
    /// What is to be done: 1 to 10,000 characters.
    #[schema(min_length = 1, max_length = 10000)]
    pub text: String,
    /// Who is asked: members whom policy lets answer.
    #[schema(min_items = 1, max_items = 200)]
    pub targets: Vec<MemberId>,
    /// Answers are taken before this moment. Not later than the end of the sitting.
    #[serde(with = "time::serde::rfc3339")]
    pub deadline: OffsetDateTime,
    /// Files that the actor has uploaded.
    #[serde(default)]
    #[schema(max_items = 9)]
    pub attachments: Vec<UploadId>,
    /// What the answer has to fill in, beside its text.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub fields: Vec<Field>,
    /// Whether those who are asked are to be reminded by SMS at once (强提醒), within the limits.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub remind: bool,
}

/// A matter was issued.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = MatterIssued)]
pub struct Issued {
    pub title: String,
    pub text: String,
    pub targets: Vec<MemberId>,
    #[serde(with = "time::serde::rfc3339")]
    pub deadline: OffsetDateTime,
    pub attachments: Vec<File>,
    pub fields: Vec<Field>,
    /// Whom an SMS was to remind of it, and what became of that.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reminders: Vec<Reminded>,
}

/// Answers a matter: once, before the deadline.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MatterAnswer)]
pub struct Answer {
    /// The act that issued it.
    pub matter: ActId,
    /// At most 10,000 characters; needed where neither fields nor files say anything.
    #[serde(default)]
    #[schema(max_length = 10000)]
    pub text: String,
    /// By the label of the field. Dates are written `2026-11-23`.
    #[serde(default)]
    pub values: BTreeMap<String, String>,
    /// Files that the actor has uploaded.
    #[serde(default)]
    #[schema(max_items = 9)]
    pub attachments: Vec<UploadId>,
}

/// A matter was answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = MatterAnswered)]
pub struct Answered {
    pub matter: ActId,
    pub title: String,
    pub text: String,
    /// In the order of the matter's fields; those left empty are left out.
    pub values: Vec<Filled>,
    pub attachments: Vec<File>,
}

/// Gives more time.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MatterExtend)]
pub struct Extend {
    pub matter: ActId,
    /// Later than the present deadline.
    #[serde(with = "time::serde::rfc3339")]
    pub deadline: OffsetDateTime,
    pub reason: String,
}

/// More time was given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = MatterExtended)]
pub struct Extended {
    pub matter: ActId,
    pub title: String,
    /// The deadline before.
    #[serde(with = "time::serde::rfc3339")]
    pub before: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    pub deadline: OffsetDateTime,
    pub reason: String,
}

/// Takes a matter back: it need not be answered.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MatterWithdraw)]
pub struct Withdraw {
    pub matter: ActId,
    pub reason: String,
}

/// A matter was taken back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = MatterWithdrawn)]
pub struct Withdrawn {
    pub matter: ActId,
    pub title: String,
    pub reason: String,
}

/// Ends a matter: no answers are taken any more, those that are there stand.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MatterClose)]
pub struct Close {
    pub matter: ActId,
}

/// A matter was ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = MatterClosed)]
pub struct Closed {
    pub matter: ActId,
    pub title: String,
}

pub(crate) fn issue(scene: &Scene<'_>, asked: Issue) -> Result<Decided, Refusal> {
    let title = title(&asked.title)?;
    if asked.text.trim().is_empty() {
        return Err(Refusal::TextEmpty);
    }
    text(&asked.text)?;
    if scene.room.matters.len() >= MATTERS_LIMIT {
        return Err(Refusal::MattersTooMany { limit: MATTERS_LIMIT });
    }
    let mut targets = Vec::new();
    for id in &asked.targets {
        let member = scene.room.member(*id).ok_or(Refusal::MemberUnknown)?;
        if !scene.policy.ever_allows(Kind::MatterAnswer, member.capacity) {
            return Err(Refusal::TargetForbidden { label: member.capacity.label() });
        }
        if !targets.contains(id) {
            targets.push(*id);
        }
    }
    if targets.is_empty() {
        return Err(Refusal::TargetsMissing);
    }
    let deadline = deadline(scene, asked.deadline)?;
    form::check_fields(&asked.fields)?;
    let attachments = files(scene, &asked.attachments)?;
    let bench = scene.room.present().filter(|member| scene.policy.is_bench(member.capacity)).map(|member| member.id);
    let audience = Audience::Members(bench.chain(targets.iter().copied()).chain([scene.actor.member]).collect());
    let name = scene.actor.said_name();
    let sentence = format!("{name}发布诉讼事项《{title}》，请于 {} 前办理", beijing::short(deadline));
    let reminders = if asked.remind { scene.remind(&targets) } else { Vec::new() };
    let body = Issued { title, text: asked.text, targets, deadline, attachments, fields: asked.fields, reminders };
    Ok(Decided {
        body: Body::MatterIssue(body), audience, sentence, hint: format!("{name}发布了一项诉讼事项")
    })
}

pub(crate) fn answer(scene: &Scene<'_>, asked: Answer) -> Result<Decided, Refusal> {
    let me = scene.actor.member;
    let matter = find(scene, asked.matter)?;
    if !matter.asks(me) {
        return Err(Refusal::MatterUnknown);
    }
    match matter.status_of(me, scene.now) {
        Status::Open => {}
        Status::Answered => return Err(Refusal::MatterAnswered),
        Status::Overdue => return Err(Refusal::MatterLate { deadline: matter.deadline }),
        ended @ (Status::Withdrawn | Status::Closed) => return Err(Refusal::MatterEnded { label: ended.label() }),
    }
    text(&asked.text)?;
    let values = form::values(&matter.fields, asked.values)?;
    let attachments = files(scene, &asked.attachments)?;
    if asked.text.trim().is_empty() && values.is_empty() && attachments.is_empty() {
        return Err(Refusal::AnswerEmpty);
    }
    let name = scene.actor.said_name();
    let title = matter.title.clone();
    Ok(Decided {
        audience: matter.bench_and(me),
        sentence: format!("{name}办理了诉讼事项《{title}》"),
        hint: format!("{name}办理了一项诉讼事项"),
        body: Body::MatterAnswer(Answered { matter: asked.matter, title, text: asked.text, values, attachments }),
    })
}

pub(crate) fn extend(scene: &Scene<'_>, asked: Extend) -> Result<Decided, Refusal> {
    let matter = unended(scene, asked.matter)?;
    let reason = refusal::reason(&asked.reason)?;
    let deadline = deadline(scene, asked.deadline)?;
    if deadline <= matter.deadline {
        return Err(Refusal::DeadlineNotLater { deadline: matter.deadline });
    }
    let name = scene.actor.said_name();
    let title = matter.title.clone();
    let until = beijing::short(deadline);
    Ok(Decided {
        audience: matter.everybody(),
        sentence: format!("{name}将诉讼事项《{title}》的办理期限延长至 {until}，理由：{reason}"),
        hint: format!("{name}延长了一项诉讼事项的办理期限"),
        body: Body::MatterExtend(Extended { matter: asked.matter, title, before: matter.deadline, deadline, reason }),
    })
}

pub(crate) fn withdraw(scene: &Scene<'_>, asked: Withdraw) -> Result<Decided, Refusal> {
    let matter = unended(scene, asked.matter)?;
    let reason = refusal::reason(&asked.reason)?;
    let name = scene.actor.said_name();
    let title = matter.title.clone();
    Ok(Decided {
        audience: matter.everybody(),
        sentence: format!("{name}撤回诉讼事项《{title}》，理由：{reason}"),
        hint: format!("{name}撤回了一项诉讼事项"),
        body: Body::MatterWithdraw(Withdrawn { matter: asked.matter, title, reason }),
    })
}

pub(crate) fn close(scene: &Scene<'_>, asked: &Close) -> Result<Decided, Refusal> {
    let matter = unended(scene, asked.matter)?;
    let name = scene.actor.said_name();
    let title = matter.title.clone();
    Ok(Decided {
        audience: matter.everybody(),
        sentence: format!("{name}关闭诉讼事项《{title}》"),
        hint: format!("{name}关闭了一项诉讼事项"),
        body: Body::MatterClose(Closed { matter: asked.matter, title }),
    })
}

/// The matter, if there is one that the actor sees: what is not theirs to see does not exist for them.
fn find<'a>(scene: &Scene<'a>, id: ActId) -> Result<&'a Matter, Refusal> {
    scene.room.matter(id).filter(|matter| matter.is_for(scene.actor.member)).ok_or(Refusal::MatterUnknown)
}

/// The matter, if the judge can still do something with it.
fn unended<'a>(scene: &Scene<'a>, id: ActId) -> Result<&'a Matter, Refusal> {
    let matter = find(scene, id)?;
    match matter.ended {
        None => Ok(matter),
        Some(End::Withdrawn) => Err(Refusal::MatterEnded { label: Status::Withdrawn.label() }),
        Some(End::Closed) => Err(Refusal::MatterEnded { label: Status::Closed.label() }),
    }
}

fn title(asked: &str) -> Result<String, Refusal> {
    let title = asked.split_whitespace().collect::<Vec<_>>().join(" ");
    match title.chars().count() {
        0 => Err(Refusal::TitleMissing),
        n if n > TITLE_LIMIT => Err(Refusal::TitleTooLong),
        _ => Ok(title),
    }
}

fn text(text: &str) -> Result<(), Refusal> {
    let chars = text.chars().count();
    if chars > TEXT_LIMIT { Err(Refusal::TextTooLong { chars }) } else { Ok(()) }
}

/// A deadline that can be kept: not passed, and within the window, after which nothing can be answered.
fn deadline(scene: &Scene<'_>, asked: OffsetDateTime) -> Result<OffsetDateTime, Refusal> {
    // The record and the database keep microseconds.
    let deadline = beijing::from_micros(beijing::micros(asked));
    if deadline <= scene.now {
        return Err(Refusal::DeadlinePassed);
    }
    if deadline > scene.room.closes_at {
        return Err(Refusal::DeadlineAfterEnd { closes_at: scene.room.closes_at });
    }
    Ok(deadline)
}

/// The files that are named, each once.
fn files(scene: &Scene<'_>, asked: &[UploadId]) -> Result<Vec<File>, Refusal> {
    let unique: BTreeSet<_> = asked.iter().collect();
    if asked.len() > FILES_LIMIT {
        return Err(Refusal::FilesTooMany { limit: FILES_LIMIT });
    }
    if unique.len() < asked.len() {
        return Err(Refusal::FileTwice);
    }
    asked.iter().map(|id| scene.facts.files.get(id).cloned().ok_or(Refusal::FileMissing)).collect()
}
