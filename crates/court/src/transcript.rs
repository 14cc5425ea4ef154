//! The transcript (笔录): what a sitting's record amounts to on paper, how it is made, read, corrected, signed and frozen.
//!
//! A transcript has a version. **Draft** fixes which acts it covers; **circulate** gives it to the members for a term, in which they ask for
//! corrections (民事诉讼法 (2023) 第一百五十条), each of which is accepted or refused with a reason and stays visible either way; **conclude**
//! ends the work on its words, after which the program typesets it and reports the document with its hash and pages. Then the members answer
//! ([`crate::signature`]); when all have, or the term is over, the program seals it and reports that. A new draft is a new version: whatever was
//! signed of the one before is signed of that one alone (SR-41).
//!
//! Every act of it is for everybody: there is one transcript, and nothing that happens to it is hidden from one side.

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use utoipa::ToSchema;

mod content;
mod state;

pub use content::{
    Annex, Attendee, Content, Correction, Entry, MatterAnswer, MatterPart, NoticePart, Remark, Speaker, Times, Words,
    content,
};
pub use state::{AnswerState, CorrectionState, Document, Stage, Transcript, TranscriptNote};

use crate::act::{Body, Decided, Kind, Scene};
use crate::{ActId, File, MemberId, Refusal, beijing, refusal};

/// The longest annotation or correction, in characters.
pub const WORDS_LIMIT: usize = 2_000;
/// How many points of one sort a judge may record.
pub const POINTS_LIMIT: usize = 100;
/// How many versions, annotations and corrections a room may have.
const VERSIONS_LIMIT: usize = 20;
const NOTES_LIMIT: usize = 200;
/// The longest term for reading or signing.
const LONGEST_TERM: Duration = Duration::days(60);

/// Records what the parties agree on and what not (证据规定 (2019) 第五十七条); it replaces what was recorded before.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PointsRecord)]
pub struct RecordPoints {
    #[serde(default)]
    #[schema(max_items = 100)]
    pub undisputed: Vec<Point>,
    #[serde(default)]
    #[schema(max_items = 100)]
    pub disputed: Vec<Point>,
}

/// A fact or a piece of evidence that the parties agree or do not agree on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TranscriptPoint)]
pub struct Point {
    #[schema(min_length = 1, max_length = 2000)]
    pub text: String,
    /// Why it is disputed; needed there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 500)]
    pub reason: Option<String>,
}

/// Points were recorded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = PointsRecorded)]
pub struct Points {
    pub undisputed: Vec<Point>,
    pub disputed: Vec<Point>,
}

/// Begins a transcript of everything up to now.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TranscriptDraft)]
pub struct Draft {
    /// The matters whose words and answers the court discloses in it. Of the others it says only that they were issued and answered: an answer
    /// is for the bench until the court decides otherwise, and this is where it does.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub matters: Vec<ActId>,
    /// Why the version before does not stand; needed when there is one.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub reason: Option<String>,
}

/// A transcript was begun.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = TranscriptDrafted)]
pub struct Drafted {
    /// From 1.
    pub version: u32,
    /// The last act of the record that it covers.
    pub up_to: u64,
    pub matters: Vec<ActId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Adds a remark of the clerk's.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TranscriptAnnotate)]
pub struct Annotate {
    #[schema(min_length = 1, max_length = 2000)]
    pub text: String,
    /// The act that it is about.
    #[serde(default)]
    pub place: Option<ActId>,
}

/// A remark was added.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = TranscriptAnnotated)]
pub struct Annotated {
    pub version: u32,
    pub text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<ActId>,
}

/// Gives the draft to the members to be read.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TranscriptCirculate)]
pub struct Circulate {
    /// Until when corrections may be asked for. A draft that is being read may be given more time, not less.
    #[serde(with = "time::serde::rfc3339")]
    pub until: OffsetDateTime,
}

/// The draft was given to the members.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = TranscriptCirculated)]
pub struct Circulated {
    pub version: u32,
    #[serde(with = "time::serde::rfc3339")]
    pub until: OffsetDateTime,
}

/// Asks for a correction (申请补正).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TranscriptRequestCorrection)]
pub struct RequestCorrection {
    /// What is missing or wrong, and how it should read.
    #[schema(min_length = 1, max_length = 2000)]
    pub text: String,
    /// The act that it is about.
    #[serde(default)]
    pub place: Option<ActId>,
}

/// A correction was asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = TranscriptCorrectionRequested)]
pub struct CorrectionRequested {
    pub version: u32,
    pub text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<ActId>,
}

/// Accepts or refuses a correction.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TranscriptSettleCorrection)]
pub struct SettleCorrection {
    /// The act that asked for it.
    pub request: ActId,
    pub accepted: bool,
    /// Why not; needed when it is refused.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub reason: Option<String>,
}

/// A correction was accepted or refused. What was asked for stands in the transcript either way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = TranscriptCorrectionSettled)]
pub struct CorrectionSettled {
    pub version: u32,
    pub request: ActId,
    pub accepted: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Ends the work on the transcript's words; it is then typeset and signed.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TranscriptConclude)]
pub struct Conclude {
    /// Until when the members may confirm or refuse.
    #[serde(with = "time::serde::rfc3339")]
    pub sign_until: OffsetDateTime,
}

/// The words of the transcript are settled.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = TranscriptConcluded)]
pub struct Concluded {
    pub version: u32,
    #[serde(with = "time::serde::rfc3339")]
    pub sign_until: OffsetDateTime,
    /// Who is asked to sign: everybody who is in the room now and may.
    pub signatories: Vec<MemberId>,
}

/// The program has typeset the transcript. No person can ask for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TranscriptFinalise)]
pub struct Finalise {
    pub version: u32,
    pub file: File,
    pub pages: u32,
    /// SHA-256 of the record that the document carries inside it: what the words were made from.
    #[schema(value_type = String)]
    pub content: record::Hash,
}

/// The transcript is there to be signed: this file, so many pages.
pub type Finalised = Finalise;

/// The program has sealed the transcript. No person can ask for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TranscriptSeal)]
pub struct Seal {
    pub version: u32,
    pub file: File,
    pub pages: u32,
    /// What the seal's time rests on: the time-stamping service's name; none if it gave none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stamped_by: Option<String>,
}

/// The transcript is sealed and will not change any more.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = TranscriptSealed)]
pub struct Sealed {
    pub version: u32,
    pub file: File,
    pub pages: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stamped_by: Option<String>,
    /// What was read and signed.
    #[schema(value_type = String)]
    pub document: record::Hash,
    pub confirmed: Vec<MemberId>,
    pub refused: Vec<MemberId>,
    /// Those who gave no answer before the term ended.
    pub silent: Vec<MemberId>,
}

pub(crate) fn record_points(scene: &Scene<'_>, asked: RecordPoints) -> Result<Decided, Refusal> {
    if scene.room.transcript().is_some_and(|transcript| transcript.stage >= Stage::Concluded) {
        return Err(Refusal::TranscriptConcluded);
    }
    if asked.undisputed.len() > POINTS_LIMIT || asked.disputed.len() > POINTS_LIMIT {
        return Err(Refusal::TranscriptFull { limit: POINTS_LIMIT });
    }
    let point = |point: Point| -> Result<Point, Refusal> {
        let reason = point.reason.filter(|reason| !reason.trim().is_empty());
        Ok(Point { text: words(&point.text)?, reason: reason.map(|reason| refusal::reason(&reason)).transpose()? })
    };
    let undisputed = asked.undisputed.into_iter().map(point).collect::<Result<Vec<_>, _>>()?;
    let disputed = asked.disputed.into_iter().map(point).collect::<Result<Vec<_>, _>>()?;
    if disputed.iter().any(|point| point.reason.is_none()) {
        return Err(Refusal::ReasonMissing);
    }
    let name = scene.actor.said_name();
    let sentence = format!("{name}归纳无争议事项 {} 项、争议事项 {} 项", undisputed.len(), disputed.len());
    Ok(Decided::open(Body::PointsRecord(Points { undisputed, disputed }), sentence))
}

pub(crate) fn draft(scene: &Scene<'_>, asked: Draft) -> Result<Decided, Refusal> {
    let before = scene.room.transcript();
    let version = before.map_or(1, |before| before.version + 1);
    if version as usize > VERSIONS_LIMIT {
        return Err(Refusal::TranscriptFull { limit: VERSIONS_LIMIT });
    }
    let reason = asked.reason.filter(|reason| !reason.trim().is_empty());
    let reason = reason.map(|reason| refusal::reason(&reason)).transpose()?;
    if before.is_some() && reason.is_none() {
        return Err(Refusal::ReasonMissing);
    }
    let mut matters = Vec::new();
    for id in asked.matters {
        // Who may not read a matter cannot disclose it, and for them there is none.
        let matter = scene.room.matter(id).filter(|matter| matter.is_for(scene.actor.member));
        matter.ok_or(Refusal::MatterUnknown)?;
        if !matters.contains(&id) {
            matters.push(id);
        }
    }
    let name = scene.actor.said_name();
    let sentence = match &reason {
        None => format!("{name}开始制作笔录"),
        Some(reason) => format!("{name}重新制作笔录（第 {version} 版），此前版本的签名不再适用，理由：{reason}"),
    };
    let body = Drafted { version, up_to: scene.room.seq, matters, reason };
    Ok(Decided::open(Body::TranscriptDraft(body), sentence))
}

pub(crate) fn annotate(scene: &Scene<'_>, asked: &Annotate) -> Result<Decided, Refusal> {
    let transcript = in_work(scene)?;
    if transcript.annotations as usize >= NOTES_LIMIT {
        return Err(Refusal::TranscriptFull { limit: NOTES_LIMIT });
    }
    let body = Annotated { version: transcript.version, text: words(&asked.text)?, place: asked.place };
    Ok(Decided::open(Body::TranscriptAnnotate(body), format!("{}在笔录中加注", scene.actor.said_name())))
}

pub(crate) fn circulate(scene: &Scene<'_>, asked: &Circulate) -> Result<Decided, Refusal> {
    let transcript = in_work(scene)?;
    let until = term(scene, asked.until)?;
    if let Some(before) = transcript.until.filter(|before| until <= *before) {
        return Err(Refusal::DeadlineNotLater { deadline: before });
    }
    let sentence = format!(
        "{}将笔录草稿送请核对，如有遗漏或差错，请于 {} 前申请补正",
        scene.actor.said_name(),
        beijing::short(until)
    );
    Ok(Decided::open(Body::TranscriptCirculate(Circulated { version: transcript.version, until }), sentence))
}

pub(crate) fn request_correction(scene: &Scene<'_>, asked: &RequestCorrection) -> Result<Decided, Refusal> {
    let transcript = circulating(scene)?;
    if transcript.until.is_none_or(|until| scene.now >= until) {
        return Err(Refusal::CorrectionLate);
    }
    if transcript.corrections.len() >= NOTES_LIMIT {
        return Err(Refusal::TranscriptFull { limit: NOTES_LIMIT });
    }
    let body = CorrectionRequested { version: transcript.version, text: words(&asked.text)?, place: asked.place };
    let sentence = format!("{}申请补正笔录", scene.actor.said_name());
    Ok(Decided::open(Body::TranscriptRequestCorrection(body), sentence))
}

pub(crate) fn settle_correction(scene: &Scene<'_>, asked: SettleCorrection) -> Result<Decided, Refusal> {
    let transcript = circulating(scene)?;
    let request = transcript.corrections.get(&asked.request).ok_or(Refusal::CorrectionUnknown)?;
    if request.accepted.is_some() {
        return Err(Refusal::CorrectionSettled);
    }
    let reason = asked.reason.filter(|reason| !reason.trim().is_empty());
    let reason = reason.map(|reason| refusal::reason(&reason)).transpose()?;
    let by = scene.room.ever().find(|member| member.id == request.by).ok_or(Refusal::CorrectionUnknown)?;
    let (name, of) = (scene.actor.said_name(), format!("{}{}", by.capacity.label(), by.name));
    let sentence = match (asked.accepted, &reason) {
        (true, None) => format!("{name}准许{of}补正笔录的申请"),
        (true, Some(reason)) => format!("{name}准许{of}补正笔录的申请：{reason}"),
        (false, Some(reason)) => format!("{name}未准许{of}补正笔录的申请，理由：{reason}"),
        (false, None) => return Err(Refusal::ReasonMissing),
    };
    let (version, request) = (transcript.version, asked.request);
    let body = CorrectionSettled { version, request, accepted: asked.accepted, reason };
    Ok(Decided::open(Body::TranscriptSettleCorrection(body), sentence))
}

pub(crate) fn conclude(scene: &Scene<'_>, asked: &Conclude) -> Result<Decided, Refusal> {
    let transcript = circulating(scene)?;
    if let Some(until) = transcript.until.filter(|until| scene.now < *until) {
        return Err(Refusal::CirculationRunning { until });
    }
    if transcript.corrections.values().any(|correction| correction.accepted.is_none()) {
        return Err(Refusal::CorrectionsOpen);
    }
    let sign_until = term(scene, asked.sign_until)?;
    let signs = |capacity| scene.policy.ever_allows(Kind::SignatureConfirm, capacity);
    let signatories = scene.room.listed().into_iter().filter(|member| signs(member.capacity));
    let signatories = signatories.map(|member| member.id).collect();
    let sentence =
        format!("{}将笔录定稿，请各成员于 {} 前确认签名", scene.actor.said_name(), beijing::short(sign_until));
    let body = Concluded { version: transcript.version, sign_until, signatories };
    Ok(Decided::open(Body::TranscriptConclude(body), sentence))
}

pub(crate) fn finalise(scene: &Scene<'_>, told: Finalise) -> Result<Decided, Refusal> {
    let transcript = scene.room.transcript().ok_or(Refusal::TranscriptMissing)?;
    if transcript.version != told.version || transcript.stage != Stage::Concluded {
        return Err(Refusal::TranscriptOutdated);
    }
    let sentence = format!("笔录已生成，共 {} 页，等待各成员确认签名", told.pages);
    Ok(Decided::open(Body::TranscriptFinalise(told), sentence))
}

pub(crate) fn seal(scene: &Scene<'_>, told: Seal) -> Result<Decided, Refusal> {
    let transcript = scene.room.transcript().ok_or(Refusal::TranscriptMissing)?;
    let document = transcript.document.as_ref().ok_or(Refusal::TranscriptOutdated)?;
    if transcript.version != told.version || transcript.stage != Stage::Signing {
        return Err(Refusal::TranscriptOutdated);
    }
    if !transcript.is_complete(scene.room, scene.now) {
        return Err(Refusal::SigningRunning);
    }
    let answered = |confirmed: bool| {
        let answers = transcript.answers.iter().filter(move |(_, answer)| answer.confirmed == confirmed);
        answers.map(|(member, _)| *member).collect::<Vec<_>>()
    };
    let (confirmed, refused) = (answered(true), answered(false));
    let silent: Vec<_> =
        transcript.signatories.iter().copied().filter(|id| !transcript.answers.contains_key(id)).collect();
    let sentence = format!(
        "笔录已加盖电子印章并归档：{} 人确认签名，{} 人拒绝签名，{} 人逾期未答复",
        confirmed.len(),
        refused.len(),
        silent.len()
    );
    let body = Sealed {
        version: told.version,
        file: told.file,
        pages: told.pages,
        stamped_by: told.stamped_by,
        document: document.sha256,
        confirmed,
        refused,
        silent,
    };
    Ok(Decided::open(Body::TranscriptSeal(body), sentence))
}

/// The transcript, while its words may still be changed.
fn in_work<'a>(scene: &Scene<'a>) -> Result<&'a Transcript, Refusal> {
    let transcript = scene.room.transcript().ok_or(Refusal::TranscriptMissing)?;
    if transcript.stage >= Stage::Concluded { Err(Refusal::TranscriptConcluded) } else { Ok(transcript) }
}

/// The transcript, while the members are reading it.
fn circulating<'a>(scene: &Scene<'a>) -> Result<&'a Transcript, Refusal> {
    let transcript = in_work(scene)?;
    if transcript.stage == Stage::Circulated { Ok(transcript) } else { Err(Refusal::TranscriptNotCirculated) }
}

fn words(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    match text.chars().count() {
        0 => Err(Refusal::TextEmpty),
        chars if chars > WORDS_LIMIT => Err(Refusal::WordsTooMany { limit: WORDS_LIMIT }),
        _ => Ok(text.to_owned()),
    }
}

/// A term that can be kept.
fn term(scene: &Scene<'_>, asked: OffsetDateTime) -> Result<OffsetDateTime, Refusal> {
    // The record and the database keep microseconds.
    let until = beijing::from_micros(beijing::micros(asked));
    if until <= scene.now {
        Err(Refusal::DeadlinePassed)
    } else if until - scene.now > LONGEST_TERM {
        Err(Refusal::TermTooLong { days: LONGEST_TERM.whole_days() })
    } else {
        Ok(until)
    }
}
