//! The table of contents of everything that can happen in a court: one line per kind, grouped by subject.
//!
//! A kind has a **proposal** (what a person asks for), a **body** (what is recorded of it), a row in `policy.toml`, an arm in
//! [`decide`] and in [`crate::Room::fold`] that lead to its subject's file, and a card in the web app.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::{
    ActId, Audience, Capacity, EntryId, File, Member, MemberId, Participant, PersonId, Policy, Refusal, Room, RoomId,
    UploadId,
};
use crate::{
    agency, call, case::CaseFile, consent, contact, domicile, dossier, inbox, location, matter, member, notice,
    oversight, panel, signature, sitting, speech, transcript,
};

macro_rules! acts {
    ($($name:ident $code:tt: $proposal:ty => $body:ty;)+) => {
        /// What kind of act it is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
        pub enum Kind { $(#[serde(rename = $code)] $name),+ }

        impl Kind {
            /// Every kind, in the order of the table.
            pub const ALL: &[Kind] = &[$(Kind::$name),+];

            /// The name on the wire and in the leaf, `subject.verb`.
            pub fn code(self) -> &'static str {
                match self { $(Kind::$name => $code),+ }
            }
        }

        /// What somebody asks to do.
        #[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
        #[serde(tag = "kind")]
        pub enum Proposal { $(#[serde(rename = $code)] $name($proposal)),+ }

        impl Proposal {
            /// The kind of act that it asks for.
            pub fn kind(&self) -> Kind {
                match self { $(Proposal::$name(_) => Kind::$name),+ }
            }
        }

        /// What was done.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
        #[serde(tag = "kind")]
        pub enum Body { $(#[serde(rename = $code)] $name($body)),+ }

        impl Body {
            /// The kind of act that it is.
            pub fn kind(&self) -> Kind {
                match self { $(Body::$name(_) => Kind::$name),+ }
            }
        }
    };
}

acts! {
    SittingSchedule   "sitting.schedule":   sitting::Schedule   => sitting::Scheduled;
    SittingReschedule "sitting.reschedule": sitting::Reschedule => sitting::Rescheduled;
    SittingOpen       "sitting.open":       sitting::Open       => sitting::Open;
    SittingClose      "sitting.close":      sitting::Close      => sitting::Close;
    SittingEnd        "sitting.end":        sitting::End        => sitting::End;

    MemberAdmit       "member.admit":       member::Admit       => member::Admitted;
    MemberEnd         "member.end":         member::End         => member::End;

    PanelChange       "panel.change":       panel::Change       => panel::Changed;

    OversightRead     "oversight.read":     oversight::Read     => oversight::Reading;

    NoticeAcknowledge "notice.acknowledge": notice::Acknowledge => notice::Acknowledged;

    AgencyApply       "agency.apply":       agency::Apply       => agency::Applied;
    AgencyApprove     "agency.approve":     agency::Approve     => agency::Approved;
    AgencyReject      "agency.reject":      agency::Reject      => agency::Rejected;
    AgencyEnd         "agency.end":         agency::End         => agency::Ended;

    ConsentGive       "consent.give":       consent::Give       => consent::Given;
    ConsentWithdraw   "consent.withdraw":   consent::Withdraw   => consent::Withdrawn;
    ConsentSettle     "consent.settle":     consent::Settle     => consent::Settled;

    DomicileConfirm   "domicile.confirm":   domicile::Confirm   => domicile::Confirmed;

    SpeechText        "speech.text":        speech::Text        => speech::Said;
    SpeechPhoto       "speech.photo":       speech::Show        => speech::Shown;
    SpeechVideo       "speech.video":       speech::Show        => speech::Shown;
    SpeechVoice       "speech.voice":       speech::Show        => speech::Shown;
    SpeechDocument    "speech.document":    speech::Show        => speech::Shown;

    LocationSend      "location.send":      location::Send      => location::Sent;

    MatterIssue       "matter.issue":       matter::Issue       => matter::Issued;
    MatterAnswer      "matter.answer":      matter::Answer      => matter::Answered;
    MatterExtend      "matter.extend":      matter::Extend      => matter::Extended;
    MatterWithdraw    "matter.withdraw":    matter::Withdraw    => matter::Withdrawn;
    MatterClose       "matter.close":       matter::Close       => matter::Closed;

    CallStart         "call.start":         call::Start         => call::Started;
    CallEnd           "call.end":           call::End           => call::Ended;

    DossierFile       "dossier.file":       dossier::FileIn     => dossier::Filed;
    DossierRefile     "dossier.refile":     dossier::Refile     => dossier::Refiled;
    DossierWithdraw   "dossier.withdraw":   dossier::Withdraw   => dossier::Withdrawn;
    DossierShare      "dossier.share":      dossier::ShareIn    => dossier::Shared;
    DossierUnshare    "dossier.unshare":    dossier::Unshare    => dossier::Unshared;
    DossierOpen       "dossier.open":       dossier::Open       => dossier::Opened;
    DossierInspect    "dossier.inspect":    dossier::Inspect    => dossier::Inspected;

    ContactView       "contact.view":       contact::View       => contact::Viewed;

    PointsRecord      "points.record":      transcript::RecordPoints => transcript::Points;

    TranscriptDraft             "transcript.draft":              transcript::Draft             => transcript::Drafted;
    TranscriptAnnotate          "transcript.annotate":           transcript::Annotate          => transcript::Annotated;
    TranscriptCirculate         "transcript.circulate":          transcript::Circulate         => transcript::Circulated;
    TranscriptRequestCorrection "transcript.request_correction": transcript::RequestCorrection => transcript::CorrectionRequested;
    TranscriptSettleCorrection  "transcript.settle_correction":  transcript::SettleCorrection  => transcript::CorrectionSettled;
    TranscriptConclude          "transcript.conclude":           transcript::Conclude          => transcript::Concluded;
    TranscriptFinalise          "transcript.finalise":           transcript::Finalise          => transcript::Finalised;
    TranscriptSeal              "transcript.seal":               transcript::Seal              => transcript::Sealed;

    SignatureReserve  "signature.reserve":  signature::Reserve  => signature::Reserved;
    SignatureCheck    "signature.check":    signature::Check    => signature::Checked;
    SignatureConfirm  "signature.confirm":  signature::Confirm  => signature::Confirmed;
    SignatureRefuse   "signature.refuse":   signature::Refuse   => signature::Refused;
}

impl Proposal {
    /// The uploads that it names: those whose facts the decision needs, and which belong to the record afterwards.
    pub fn uploads(&self) -> &[UploadId] {
        match self {
            Proposal::SpeechPhoto(show)
            | Proposal::SpeechVideo(show)
            | Proposal::SpeechVoice(show)
            | Proposal::SpeechDocument(show) => std::slice::from_ref(&show.blob),
            Proposal::MatterIssue(asked) => &asked.attachments,
            Proposal::MatterAnswer(asked) => &asked.attachments,
            Proposal::DossierFile(asked) => std::slice::from_ref(&asked.blob),
            _ => &[],
        }
    }

    /// The entry of the dossier that it is about, which the decision needs to know.
    pub fn entry(&self, room: &Room) -> Option<EntryId> {
        match self {
            Proposal::DossierRefile(asked) => Some(asked.entry),
            Proposal::DossierWithdraw(asked) => Some(asked.entry),
            Proposal::DossierShare(asked) => Some(asked.entry),
            Proposal::DossierInspect(asked) => Some(asked.entry),
            Proposal::DossierOpen(asked) => room.share(asked.share).map(|share| share.entry),
            _ => None,
        }
    }
}

impl Proposal {
    /// Whether it asks for strong reminders (强提醒).
    pub fn reminds(&self) -> bool {
        match self {
            Proposal::SpeechText(asked) => asked.remind,
            Proposal::SpeechPhoto(asked)
            | Proposal::SpeechVideo(asked)
            | Proposal::SpeechVoice(asked)
            | Proposal::SpeechDocument(asked) => asked.remind,
            Proposal::MatterIssue(asked) => asked.remind,
            _ => false,
        }
    }
}

/// What a service of the court reports. It becomes an act as what people do, but no person can ask for it: [`decide`] refuses the kind, whatever
/// the policy says, and only the program itself calls [`report`].
#[derive(Clone, Debug)]
pub enum Report {
    CallEnd(call::End),
    TranscriptFinalise(transcript::Finalise),
    TranscriptSeal(transcript::Seal),
    /// What was done outside of the room about a mandate, in the name of who did it.
    Agency(Box<(agency::By, agency::Told)>),
    /// What was done for the case as a whole is told in each of its rooms, in the name of who did it.
    PanelChange(panel::Changing),
    OversightRead(oversight::Opening),
}

impl Report {
    /// Who did elsewhere what is told here; none when it is about somebody of the room.
    pub fn by(&self) -> Option<&agency::By> {
        match self {
            Report::Agency(told) => Some(&told.0),
            _ => None,
        }
    }

    /// In whose name it stands in the record, if it is about something that is going on.
    pub fn actor(&self, room: &Room) -> Option<MemberId> {
        match self {
            Report::CallEnd(end) => room.on_call().filter(|on| on.call == end.call).map(|on| on.caller),
            Report::TranscriptFinalise(_) | Report::TranscriptSeal(_) => room.transcript()?.concluded_by,
            Report::Agency(told) => Some(told.0.member),
            Report::PanelChange(_) | Report::OversightRead(_) => None,
        }
    }
}

impl Kind {
    /// Whether it is reported by a service and done by nobody.
    pub fn is_report(self) -> bool {
        matches!(
            self,
            Kind::CallEnd
                | Kind::TranscriptFinalise
                | Kind::TranscriptSeal
                | Kind::AgencyApply
                | Kind::PanelChange
                | Kind::OversightRead
        )
    }
}

impl Body {
    /// The files that the act shows, in their order.
    pub fn files(&self) -> &[File] {
        match self {
            Body::SpeechPhoto(shown)
            | Body::SpeechVideo(shown)
            | Body::SpeechVoice(shown)
            | Body::SpeechDocument(shown) => std::slice::from_ref(&shown.file),
            Body::MatterIssue(issued) => &issued.attachments,
            Body::MatterAnswer(answered) => &answered.attachments,
            Body::TranscriptFinalise(finalised) => std::slice::from_ref(&finalised.file),
            Body::TranscriptSeal(sealed) => std::slice::from_ref(&sealed.file),
            Body::AgencyApply(applied) => std::slice::from_ref(&applied.file),
            _ => &[],
        }
    }

    /// Those whom a strong reminder was asked for, and what became of it.
    pub fn reminders(&self) -> &[inbox::Reminded] {
        match self {
            Body::SpeechText(said) => &said.reminders,
            Body::SpeechPhoto(shown)
            | Body::SpeechVideo(shown)
            | Body::SpeechVoice(shown)
            | Body::SpeechDocument(shown) => &shown.reminders,
            Body::MatterIssue(issued) => &issued.reminders,
            _ => &[],
        }
    }

    /// The body without what others need not know: which accounts the members are (SR-15).
    pub(crate) fn without_accounts(mut self) -> Body {
        let members: &mut [Member] = match &mut self {
            Body::SittingSchedule(scheduled) => &mut scheduled.members,
            Body::MemberAdmit(admitted) => std::slice::from_mut(&mut admitted.member),
            Body::AgencyApply(applied) => std::slice::from_mut(&mut applied.agent),
            Body::AgencyApprove(approved) => std::slice::from_mut(&mut approved.agent),
            Body::PanelChange(changed) => changed.successor.as_mut_slice(),
            Body::OversightRead(reading) => {
                reading.person = None;
                &mut []
            }
            _ => &mut [],
        };
        members.iter_mut().for_each(|member| member.person = None);
        self
    }
}

/// Who acts.
#[derive(Clone, Debug)]
pub struct Actor {
    pub member: MemberId,
    pub person: PersonId,
    /// Stands for the person in the leaf.
    pub pseudonym: String,
    /// As shown to others: a person's or an organisation's name.
    pub name: String,
    pub capacity: Capacity,
}

impl Actor {
    /// 原告宝山禾木家具有限公司: capacity and name as sentences use them.
    pub(crate) fn said_name(&self) -> String {
        format!("{}{}", self.capacity.label(), self.name)
    }
}

/// What a decision may need to know from outside the room, looked up beforehand.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The case, for acts that choose among its participants.
    pub case: Option<CaseFile>,
    /// The uploaded files that the proposal names, those of them that the actor uploaded.
    pub files: BTreeMap<UploadId, File>,
    /// The entry of the dossier that the proposal is about, if it is there and has not been taken back.
    pub entry: Option<dossier::Entry>,
    /// Four digits drawn for a call; none where the court has no telephone service.
    pub proof: Option<String>,
    /// What strong reminders there were, for acts that ask for some.
    pub reminding: inbox::Reminding,
    /// The actor's own stored signature, for acts that use it.
    pub specimen: Option<signature::Specimen>,
    /// How the actor has just shown again who they are, for this act on this document alone.
    pub step_up: Option<signature::StepUp>,
    /// The actor's own list of addresses, for the act that confirms it.
    pub domicile: Option<domicile::Listed>,
    /// Whether the actor agreed to electronic service in another room of the case.
    pub electronic_service: bool,
}

/// Everything that a decision rests on.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    pub room: &'a Room,
    pub actor: &'a Actor,
    pub facts: &'a Facts,
    pub policy: &'a Policy,
    pub now: OffsetDateTime,
}

impl Scene<'_> {
    /// What becomes of reminding these members strongly.
    pub(crate) fn remind(&self, members: &[MemberId]) -> Vec<inbox::Reminded> {
        let Some(case) = &self.room.case else { return Vec::new() };
        let person = |id: &MemberId| (*id, self.room.member(*id).and_then(|member| member.person));
        self.facts.reminding.verdicts(case.id, self.actor.person, members.iter().map(person))
    }
}

/// An act as decided, before it has a place in the record.
#[derive(Clone, Debug, PartialEq)]
pub struct Decided {
    pub body: Body,
    pub audience: Audience,
    /// What happened, for those who may see the act.
    pub sentence: String,
    /// That something happened, for those who may know no more.
    pub hint: String,
}

impl Decided {
    /// An act that everybody in the room sees.
    pub(crate) fn open(body: Body, sentence: String) -> Decided {
        Decided { body, audience: Audience::Everyone, hint: sentence.clone(), sentence }
    }
}

/// An act in its place in a record.
#[derive(Clone, Debug, PartialEq)]
pub struct Act {
    pub room: RoomId,
    pub seq: u64,
    pub id: ActId,
    pub at: OffsetDateTime,
    pub actor: MemberId,
    pub capacity: Capacity,
    pub name: String,
    pub audience: Audience,
    pub sentence: String,
    pub hint: String,
    pub body: Body,
    pub leaf: record::Hash,
}

/// The document that the leaf's `body` line commits to: stored as exactly these bytes and never written again.
#[derive(Debug, Serialize, Deserialize)]
pub struct BodyDocument {
    pub capacity: Capacity,
    pub name: String,
    pub sentence: String,
    pub act: Body,
}

/// The document that the leaf's `audience` line commits to. It outlives a redacted body, so it holds the hint.
#[derive(Debug, Serialize, Deserialize)]
pub struct AudienceDocument {
    pub audience: Audience,
    pub hint: String,
}

/// Decides whether a proposal becomes an act: policy first, then what its subject asks.
///
/// # Errors
/// The [`Refusal`] that the person is told; nothing has changed.
pub fn decide(scene: &Scene<'_>, proposal: Proposal) -> Result<Decided, Refusal> {
    let kind = proposal.kind();
    scene.policy.permit(kind, scene)?;
    match proposal {
        Proposal::SittingSchedule(asked) => sitting::schedule(scene, asked),
        Proposal::SittingReschedule(asked) => sitting::reschedule(scene, asked),
        Proposal::SittingOpen(_) => Ok(sitting::open(scene)),
        Proposal::SittingClose(_) => Ok(sitting::close(scene)),
        Proposal::SittingEnd(_) => Ok(sitting::end(scene)),
        Proposal::MemberAdmit(asked) => member::admit(scene, asked),
        Proposal::MemberEnd(asked) => member::end(scene, asked),
        Proposal::NoticeAcknowledge(asked) => notice::acknowledge(scene, asked),
        Proposal::SpeechText(asked) => speech::say(scene, asked),
        Proposal::SpeechPhoto(asked) => speech::show(scene, asked, Kind::SpeechPhoto),
        Proposal::SpeechVideo(asked) => speech::show(scene, asked, Kind::SpeechVideo),
        Proposal::SpeechVoice(asked) => speech::show(scene, asked, Kind::SpeechVoice),
        Proposal::SpeechDocument(asked) => speech::show(scene, asked, Kind::SpeechDocument),
        Proposal::LocationSend(asked) => location::send(scene, asked),
        Proposal::MatterIssue(asked) => matter::issue(scene, asked),
        Proposal::MatterAnswer(asked) => matter::answer(scene, asked),
        Proposal::MatterExtend(asked) => matter::extend(scene, asked),
        Proposal::MatterWithdraw(asked) => matter::withdraw(scene, asked),
        Proposal::MatterClose(asked) => matter::close(scene, &asked),
        Proposal::CallStart(asked) => call::start(scene, asked),
        Proposal::DossierFile(asked) => dossier::file(scene, asked),
        Proposal::DossierRefile(asked) => dossier::refile(scene, &asked),
        Proposal::DossierWithdraw(asked) => dossier::withdraw(scene, &asked),
        Proposal::DossierShare(asked) => dossier::share(scene, asked),
        Proposal::DossierUnshare(asked) => dossier::unshare(scene, &asked),
        Proposal::DossierOpen(asked) => dossier::open(scene, &asked),
        Proposal::DossierInspect(asked) => dossier::inspect(scene, &asked),
        Proposal::ContactView(asked) => contact::view(scene, &asked),
        Proposal::PointsRecord(asked) => transcript::record_points(scene, asked),
        Proposal::TranscriptDraft(asked) => transcript::draft(scene, asked),
        Proposal::TranscriptAnnotate(asked) => transcript::annotate(scene, &asked),
        Proposal::TranscriptCirculate(asked) => transcript::circulate(scene, &asked),
        Proposal::TranscriptRequestCorrection(asked) => transcript::request_correction(scene, &asked),
        Proposal::TranscriptSettleCorrection(asked) => transcript::settle_correction(scene, asked),
        Proposal::TranscriptConclude(asked) => transcript::conclude(scene, &asked),
        Proposal::SignatureReserve(_) => signature::reserve(scene),
        Proposal::SignatureCheck(asked) => signature::check(scene, asked),
        Proposal::SignatureConfirm(asked) => signature::confirm(scene, &asked),
        Proposal::SignatureRefuse(asked) => signature::refuse(scene, &asked),
        Proposal::AgencyApprove(asked) => agency::approve(scene, &asked),
        Proposal::AgencyReject(asked) => agency::reject(scene, &asked),
        Proposal::AgencyEnd(asked) => agency::end(scene, &asked),
        Proposal::ConsentGive(asked) => consent::give(scene, &asked),
        Proposal::ConsentWithdraw(asked) => consent::withdraw(scene, &asked),
        Proposal::ConsentSettle(asked) => consent::settle(scene, asked),
        Proposal::DomicileConfirm(asked) => domicile::confirm(scene, &asked),
        Proposal::CallEnd(_)
        | Proposal::TranscriptFinalise(_)
        | Proposal::TranscriptSeal(_)
        | Proposal::AgencyApply(_)
        | Proposal::PanelChange(_)
        | Proposal::OversightRead(_) => Err(Refusal::NotForCapacity { label: scene.actor.capacity.label() }),
    }
}

/// Decides whether what a service reports becomes an act: whenever it fits what has happened, in any phase.
///
/// # Errors
/// The [`Refusal`] when it is over, or never was; nothing has changed.
pub fn report(scene: &Scene<'_>, report: Report) -> Result<Decided, Refusal> {
    match report {
        Report::CallEnd(told) => call::end(scene, told),
        Report::TranscriptFinalise(told) => transcript::finalise(scene, told),
        Report::TranscriptSeal(told) => transcript::seal(scene, told),
        Report::Agency(told) => agency::told(scene, told.1),
        Report::PanelChange(told) => panel::change(scene, told),
        Report::OversightRead(told) => oversight::read(scene, told),
    }
}

impl From<&Participant> for Actor {
    fn from(participant: &Participant) -> Self {
        Actor {
            member: participant.id,
            person: participant.person,
            pseudonym: participant.pseudonym.clone(),
            name: participant.name.clone(),
            capacity: participant.capacity,
        }
    }
}
