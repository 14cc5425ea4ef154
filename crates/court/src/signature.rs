//! Signatures: one's own, reserved once (预留签名), and what is signed or refused with it (确认复用签名).
//!
//! A stored picture signs nothing by itself (电子签名法 (2019) 第十三条). Signing is an act of its person's own that names one document by hash
//! and pages, directly after the person has shown again who they are (SR-09, SR-40). The picture never stands in a record: an act holds a
//! **commitment** to it, SHA-256 over a secret salt and its bytes, from which nobody can guess it and by which it can be proved which was used.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::act::{Act, Body, Decided, Scene};
use crate::transcript::{Document, Stage, Transcript};
use crate::{MemberId, Refusal, Room, refusal};

/// How a signature was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SignatureMethod)]
pub enum Method {
    /// Written by hand on a screen.
    Drawn,
    /// The name typed, by who cannot write; it signs after a clerk has checked it.
    Typed,
}

impl Method {
    /// The name in code, on the wire and in the database.
    pub fn code(self) -> &'static str {
        match self {
            Method::Drawn => "drawn",
            Method::Typed => "typed",
        }
    }

    /// The method with this name.
    pub fn from_code(code: &str) -> Option<Method> {
        [Method::Drawn, Method::Typed].into_iter().find(|method| method.code() == code)
    }
}

/// How a person has shown again who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = StepUpMethod)]
pub enum StepUp {
    /// A code by SMS to their own number.
    Sms,
}

/// What a signature is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SignaturePurpose)]
pub enum Purpose {
    /// This transcript and nothing else.
    Transcript,
}

/// A person's stored signature as a decision needs it: which one, never what it looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Specimen {
    pub version: u32,
    pub method: Method,
    pub commitment: record::Hash,
    /// The name that was typed.
    pub typed: Option<String>,
}

/// Says in a room that the actor has a signature reserved. The picture itself goes to the actor's own store beforehand.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SignatureReserve)]
pub struct Reserve {}

/// A signature was reserved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = SignatureReserved)]
pub struct Reserved {
    pub version: u32,
    pub method: Method,
    #[schema(value_type = String)]
    pub commitment: record::Hash,
    /// The name that was typed, for the clerk to check.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub typed: Option<String>,
}

/// Says that a clerk has made sure that the typed name is the member's own will.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SignatureCheck)]
pub struct Check {
    pub member: MemberId,
    /// The signature that was checked, as the member reserved it: a later one must be checked anew.
    #[schema(value_type = String)]
    pub commitment: record::Hash,
}

/// A typed signature was checked.
pub type Checked = Check;

/// Signs a document with the reserved signature.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SignatureConfirm)]
pub struct Confirm {
    /// SHA-256 of the document that the actor has read.
    #[schema(value_type = String)]
    pub document: record::Hash,
    pub pages: u32,
}

/// A document was signed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = SignatureConfirmed)]
pub struct Confirmed {
    pub purpose: Purpose,
    /// Which version of the transcript.
    pub version: u32,
    #[schema(value_type = String)]
    pub document: record::Hash,
    pub pages: u32,
    /// Which signature was used.
    #[schema(value_type = String)]
    pub commitment: record::Hash,
    pub method: Method,
    pub step_up: StepUp,
}

/// Refuses to sign a document.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SignatureRefuse)]
pub struct Refuse {
    #[schema(value_type = String)]
    pub document: record::Hash,
    #[schema(min_length = 1, max_length = 500)]
    pub reason: String,
}

/// A signature was refused. The document stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = SignatureRefused)]
pub struct Refused {
    pub version: u32,
    #[schema(value_type = String)]
    pub document: record::Hash,
    pub reason: String,
}

/// The signature that a member has reserved in a room.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReservedState {
    pub method: Method,
    pub commitment: record::Hash,
    pub typed: Option<String>,
    /// Whether a clerk has checked it.
    pub checked: bool,
}

/// Where the viewer's signature stands in a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SignatureNote {
    /// Whether the policy asks the viewer to reserve one on coming in.
    pub asked: bool,
    /// What the viewer has reserved here.
    pub reserved: Option<Method>,
    /// Whether it may sign: one that was typed must have been checked.
    pub usable: bool,
    /// Whose typed names wait for the viewer's check; empty for who does not check.
    pub to_check: Vec<ToCheck>,
}

/// A typed name that waits for a clerk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SignatureToCheck)]
pub struct ToCheck {
    pub member: MemberId,
    pub typed: String,
    #[schema(value_type = String)]
    pub commitment: record::Hash,
}

pub(crate) fn reserve(scene: &Scene<'_>) -> Result<Decided, Refusal> {
    let specimen = scene.facts.specimen.clone().ok_or(Refusal::SignatureMissing)?;
    if scene.room.reserved(scene.actor.member).is_some_and(|reserved| reserved.commitment == specimen.commitment) {
        return Err(Refusal::SignatureReserved);
    }
    let name = scene.actor.said_name();
    let sentence = match specimen.method {
        Method::Drawn => format!("{name}预留了签名，仅用于微法庭笔录签名"),
        Method::Typed => format!("{name}以键入姓名的方式预留了签名，待书记员核对"),
    };
    let Specimen { version, method, commitment, typed } = specimen;
    Ok(Decided::open(Body::SignatureReserve(Reserved { version, method, commitment, typed }), sentence))
}

pub(crate) fn check(scene: &Scene<'_>, asked: Check) -> Result<Decided, Refusal> {
    let member = scene.room.member(asked.member).ok_or(Refusal::MemberUnknown)?;
    let reserved = scene.room.reserved(member.id).filter(|reserved| reserved.method == Method::Typed);
    match reserved {
        Some(reserved) if reserved.commitment == asked.commitment && !reserved.checked => {
            let of = format!("{}{}", member.capacity.label(), member.name);
            let sentence = format!("{}已核对{of}键入的签名", scene.actor.said_name());
            Ok(Decided::open(Body::SignatureCheck(asked), sentence))
        }
        _ => Err(Refusal::NothingToCheck),
    }
}

pub(crate) fn confirm(scene: &Scene<'_>, asked: &Confirm) -> Result<Decided, Refusal> {
    let (transcript, document) = asked_of(scene)?;
    if asked.document != document.sha256 || asked.pages != document.pages {
        return Err(Refusal::DocumentOther);
    }
    let step_up = scene.facts.step_up.ok_or(Refusal::StepUpRequired)?;
    let specimen = scene.facts.specimen.as_ref().ok_or(Refusal::SignatureMissing)?;
    let checked = |state: &ReservedState| state.checked && state.commitment == specimen.commitment;
    if specimen.method == Method::Typed && !scene.room.reserved(scene.actor.member).is_some_and(checked) {
        return Err(Refusal::SignatureUnchecked);
    }
    let sentence = format!("{}确认签名，共 {} 页", scene.actor.said_name(), document.pages);
    let body = Confirmed {
        purpose: Purpose::Transcript,
        version: transcript.version,
        document: document.sha256,
        pages: document.pages,
        commitment: specimen.commitment,
        method: specimen.method,
        step_up,
    };
    Ok(Decided::open(Body::SignatureConfirm(body), sentence))
}

pub(crate) fn refuse(scene: &Scene<'_>, asked: &Refuse) -> Result<Decided, Refusal> {
    let (transcript, document) = asked_of(scene)?;
    if asked.document != document.sha256 {
        return Err(Refusal::DocumentOther);
    }
    let reason = refusal::reason(&asked.reason)?;
    let sentence = format!("{}拒绝签名，理由：{reason}", scene.actor.said_name());
    let body = Refused { version: transcript.version, document: document.sha256, reason };
    Ok(Decided::open(Body::SignatureRefuse(body), sentence))
}

/// The document that the actor is asked to sign now.
fn asked_of<'a>(scene: &Scene<'a>) -> Result<(&'a Transcript, &'a Document), Refusal> {
    let transcript = scene.room.transcript().filter(|transcript| transcript.stage >= Stage::Signing);
    let transcript = transcript.ok_or(Refusal::NothingToSign)?;
    let document = transcript.document.as_ref().ok_or(Refusal::NothingToSign)?;
    let me = scene.actor.member;
    if transcript.answers.contains_key(&me) {
        Err(Refusal::SigningAnswered)
    } else if transcript.stage == Stage::Sealed || transcript.sign_until.is_none_or(|until| scene.now >= until) {
        Err(Refusal::SigningOver)
    } else if !transcript.signatories.contains(&me) {
        Err(Refusal::NothingToSign)
    } else {
        Ok((transcript, document))
    }
}

impl Room {
    /// The signature that this member has reserved here.
    pub fn reserved(&self, member: MemberId) -> Option<&ReservedState> {
        self.reserved.get(&member)
    }

    /// Where signatures stand, as the actor is told.
    pub(crate) fn signature_note(&self, scene: &Scene<'_>) -> SignatureNote {
        let reserved = self.reserved(scene.actor.member);
        let checks = scene.policy.ever_allows(crate::Kind::SignatureCheck, scene.actor.capacity);
        let unchecked = self.reserved.iter().filter(|(id, state)| !state.checked && self.member(**id).is_some());
        let to_check = unchecked.filter_map(|(member, state)| {
            let typed = state.typed.clone()?;
            Some(ToCheck { member: *member, typed, commitment: state.commitment })
        });
        SignatureNote {
            asked: scene.policy.asks_for_signature(scene.actor.capacity),
            reserved: reserved.map(|reserved| reserved.method),
            usable: reserved.is_some_and(|reserved| reserved.method == Method::Drawn || reserved.checked),
            to_check: if checks { to_check.collect() } else { Vec::new() },
        }
    }

    pub(crate) fn signature_reserved(&mut self, act: &Act, reserved: &Reserved) {
        let Reserved { method, commitment, typed, .. } = reserved.clone();
        self.reserved.insert(act.actor, ReservedState { method, commitment, typed, checked: false });
    }

    pub(crate) fn signature_checked(&mut self, checked: &Checked) {
        if let Some(reserved) = self.reserved.get_mut(&checked.member) {
            reserved.checked = reserved.commitment == checked.commitment;
        }
    }
}
