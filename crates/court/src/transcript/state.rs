//! What a transcript amounts to so far: the part of the room's state that later decisions rest on, and how acts change it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::{Annotated, Circulated, Concluded, CorrectionRequested, CorrectionSettled, Drafted, Finalised, Sealed};
use crate::act::Act;
use crate::{ActId, MemberId, Room};

/// How far a transcript has come. The order is that of its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = TranscriptStage)]
pub enum Stage {
    /// The clerk works on it.
    Drafted,
    /// The members read it and may ask for corrections.
    Circulated,
    /// Its words are settled; the program typesets it.
    Concluded,
    /// The members confirm or refuse.
    Signing,
    /// Frozen.
    Sealed,
}

impl Stage {
    /// The term that people read.
    pub fn label(self) -> &'static str {
        match self {
            Stage::Drafted => "制作中",
            Stage::Circulated => "送请核对",
            Stage::Concluded => "定稿生成中",
            Stage::Signing => "等待确认签名",
            Stage::Sealed => "已归档",
        }
    }
}

/// A transcript as the room's state holds it. Its words are in the acts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Transcript {
    pub version: u32,
    pub stage: Stage,
    /// The act that began it, by number in the record.
    pub drafted: u64,
    /// The last act of the record that it covers.
    pub up_to: u64,
    pub annotations: u32,
    /// Until when corrections may be asked for.
    #[serde(with = "time::serde::rfc3339::option")]
    pub until: Option<OffsetDateTime>,
    /// By the act that asked for it.
    pub corrections: BTreeMap<ActId, CorrectionState>,
    /// The act that settled its words, by number in the record.
    pub concluded: Option<u64>,
    /// Who settled its words: what the program reports stands in their name.
    pub concluded_by: Option<MemberId>,
    #[serde(with = "time::serde::rfc3339::option")]
    pub sign_until: Option<OffsetDateTime>,
    pub signatories: Vec<MemberId>,
    pub document: Option<Document>,
    pub answers: BTreeMap<MemberId, AnswerState>,
    /// The act that reported the sealed file, by number in the record.
    pub sealed: Option<u64>,
}

/// A correction that was asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CorrectionState {
    pub by: MemberId,
    pub accepted: Option<bool>,
}

/// What is signed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// The act that reported it, by number in the record.
    pub seq: u64,
    pub sha256: record::Hash,
    pub pages: u32,
    /// SHA-256 of the record that it carries.
    pub content: record::Hash,
}

/// What a member answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AnswerState {
    /// The act, by number in the record.
    pub seq: u64,
    pub confirmed: bool,
}

/// Where a transcript stands, for the head of a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TranscriptNote {
    pub version: u32,
    pub stage: Stage,
    pub stage_label: String,
    /// Until when corrections may be asked for.
    #[serde(with = "time::serde::rfc3339::option")]
    pub until: Option<OffsetDateTime>,
    /// Until when it may be signed or refused.
    #[serde(with = "time::serde::rfc3339::option")]
    pub sign_until: Option<OffsetDateTime>,
    /// Whether the viewer is asked to confirm it and has not answered.
    pub asks_me: bool,
}

impl Transcript {
    /// Whether nobody is waited for any more: all signatories who are still members have answered, or the term is over.
    pub fn is_complete(&self, room: &Room, now: OffsetDateTime) -> bool {
        let mut open = self.signatories.iter().filter(|id| !self.answers.contains_key(id));
        self.sign_until.is_some_and(|until| now >= until) || open.all(|id| room.member(*id).is_none())
    }

    /// Whether this member is asked to sign and has not answered.
    pub fn asks(&self, member: MemberId, now: OffsetDateTime) -> bool {
        self.stage == Stage::Signing
            && self.signatories.contains(&member)
            && !self.answers.contains_key(&member)
            && self.sign_until.is_some_and(|until| now < until)
    }

    /// Where it stands, as this member is told.
    pub fn note(&self, member: MemberId, now: OffsetDateTime) -> TranscriptNote {
        TranscriptNote {
            version: self.version,
            stage: self.stage,
            stage_label: self.stage.label().to_owned(),
            until: self.until,
            sign_until: self.sign_until,
            asks_me: self.asks(member, now),
        }
    }
}

impl Room {
    /// The latest version of the transcript.
    pub fn transcript(&self) -> Option<&Transcript> {
        self.transcripts.last()
    }

    /// Every version, oldest first.
    pub fn transcripts(&self) -> &[Transcript] {
        &self.transcripts
    }

    pub(crate) fn transcript_drafted(&mut self, act: &Act, drafted: &Drafted) {
        self.transcripts.push(Transcript {
            version: drafted.version,
            stage: Stage::Drafted,
            drafted: act.seq,
            up_to: drafted.up_to,
            annotations: 0,
            until: None,
            corrections: BTreeMap::new(),
            concluded: None,
            concluded_by: None,
            sign_until: None,
            signatories: Vec::new(),
            document: None,
            answers: BTreeMap::new(),
            sealed: None,
        });
    }

    pub(crate) fn transcript_annotated(&mut self, annotated: &Annotated) {
        if let Some(transcript) = self.version(annotated.version) {
            transcript.annotations += 1;
        }
    }

    pub(crate) fn transcript_circulated(&mut self, circulated: &Circulated) {
        if let Some(transcript) = self.version(circulated.version) {
            transcript.stage = Stage::Circulated;
            transcript.until = Some(circulated.until);
        }
    }

    pub(crate) fn correction_requested(&mut self, act: &Act, requested: &CorrectionRequested) {
        if let Some(transcript) = self.version(requested.version) {
            transcript.corrections.insert(act.id, CorrectionState { by: act.actor, accepted: None });
        }
    }

    pub(crate) fn correction_settled(&mut self, settled: &CorrectionSettled) {
        let transcript = self.version(settled.version);
        if let Some(correction) = transcript.and_then(|transcript| transcript.corrections.get_mut(&settled.request)) {
            correction.accepted = Some(settled.accepted);
        }
    }

    pub(crate) fn transcript_concluded(&mut self, act: &Act, concluded: &Concluded) {
        if let Some(transcript) = self.version(concluded.version) {
            transcript.stage = Stage::Concluded;
            transcript.concluded = Some(act.seq);
            transcript.concluded_by = Some(act.actor);
            transcript.sign_until = Some(concluded.sign_until);
            transcript.signatories.clone_from(&concluded.signatories);
        }
    }

    pub(crate) fn transcript_finalised(&mut self, act: &Act, finalised: &Finalised) {
        if let Some(transcript) = self.version(finalised.version) {
            transcript.stage = Stage::Signing;
            let (sha256, pages, content) = (finalised.file.sha256, finalised.pages, finalised.content);
            transcript.document = Some(Document { seq: act.seq, sha256, pages, content });
        }
    }

    pub(crate) fn transcript_answered(&mut self, act: &Act, version: u32, confirmed: bool) {
        if let Some(transcript) = self.version(version) {
            transcript.answers.insert(act.actor, AnswerState { seq: act.seq, confirmed });
        }
    }

    pub(crate) fn transcript_sealed(&mut self, act: &Act, sealed: &Sealed) {
        if let Some(transcript) = self.version(sealed.version) {
            transcript.stage = Stage::Sealed;
            transcript.sealed = Some(act.seq);
        }
    }

    fn version(&mut self, version: u32) -> Option<&mut Transcript> {
        self.transcripts.iter_mut().find(|transcript| transcript.version == version)
    }
}
