//! What somebody must notice (消息): which acts become notifications, for whom, under which heading, told by which ways.
//!
//! Speech in a room is counted, not notified: the list of rooms shows it. The few things that somebody must notice are the [`Topic`]s;
//! [`after`] is the one list of which act leads to which. A notification names its act and holds none of its words: what it shows is
//! looked up when it is read, through the same audience as everything else.

mod catalogue;
mod strong;

pub use catalogue::{Catalogue, Category, Function, Limits, Row, StrongLimits, Way};
pub use strong::{Asked, Reminded, Reminding, Verdict, awake};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::act::Body;
use crate::{Act, Audience, MemberId, Policy, Room, call};

macro_rules! topics {
    ($($name:ident $code:tt;)+) => {
        /// What a notification is about.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
        pub enum Topic { $(#[serde(rename = $code)] $name),+ }

        impl Topic {
            /// Every topic, in the order of the table.
            pub const ALL: &[Topic] = &[$(Topic::$name),+];

            /// The name on the wire and in `catalog/inbox.toml`.
            pub fn code(self) -> &'static str {
                match self { $(Topic::$name => $code),+ }
            }
        }
    };
}

// One line per topic; its row is in `catalog/inbox.toml`.
topics! {
    SittingScheduled   "sitting.scheduled";
    SittingRescheduled "sitting.rescheduled";
    SittingOpened      "sitting.opened";
    SittingClosed      "sitting.closed";

    MemberAdmitted     "member.admitted";
    MemberEnded        "member.ended";
    PanelChanged       "panel.changed";
    OversightRead      "oversight.read";

    LetterReceived     "letter.received";
    CallMissed         "call.missed";

    MatterIssued       "matter.issued";
    MatterExtended     "matter.extended";
    MatterWithdrawn    "matter.withdrawn";
    MatterClosed       "matter.closed";
    MatterAnswered     "matter.answered";
    MatterDue          "matter.due";

    DossierShared      "dossier.shared";

    TranscriptCirculated "transcript.circulated";
    TranscriptToSign     "transcript.to_sign";
    TranscriptSealed     "transcript.sealed";
    SignatureToCheck     "signature.to_check";

    AgencyApplied      "agency.applied";
    AgencyApproved     "agency.approved";
    AgencyRejected     "agency.rejected";
    AgencyEnded        "agency.ended";

    ConsentWithdrawn   "consent.withdrawn";
    ConsentSettled     "consent.settled";

    DeviceNew          "device.new";

    ReportReceived     "report.received";
    ReportAnswered     "report.answered";

    IdentityAnswered   "identity.answered";

    OversightOpened    "oversight.opened";

    FeedbackReceived   "feedback.received";
    FeedbackAnswered   "feedback.answered";
}

impl Topic {
    /// The topic with this name.
    pub fn from_code(code: &str) -> Option<Topic> {
        Topic::ALL.iter().copied().find(|topic| topic.code() == code)
    }

    /// Whether it is about an act in a room; else it is about something beside the records.
    pub fn is_of_a_room(self) -> bool {
        !matches!(
            self,
            Topic::ReportReceived
                | Topic::ReportAnswered
                | Topic::IdentityAnswered
                | Topic::DeviceNew
                | Topic::OversightOpened
                | Topic::FeedbackReceived
                | Topic::FeedbackAnswered
        )
    }
}

/// What an act leads to: the topic, and the members who are told. `room` is the room after the act.
///
/// Nobody is told of what they did, nor, by the audience, of what they may not see. Who has just left is told that, and nothing else.
pub fn after(act: &Act, room: &Room, policy: &Policy) -> Option<(Topic, Vec<MemberId>)> {
    let all = || room.present().map(|member| member.id).collect::<Vec<_>>();
    let targets = |matter| room.matter(matter).map(|matter| matter.targets.clone()).unwrap_or_default();
    let (topic, told) = match &act.body {
        Body::SittingSchedule(_) => (Topic::SittingScheduled, all()),
        Body::SittingReschedule(_) => (Topic::SittingRescheduled, all()),
        Body::SittingOpen(_) => (Topic::SittingOpened, all()),
        Body::SittingClose(_) => (Topic::SittingClosed, all()),
        Body::MemberAdmit(admitted) => (Topic::MemberAdmitted, vec![admitted.member.id]),
        Body::MemberEnd(end) => return (end.member != act.actor).then(|| (Topic::MemberEnded, vec![end.member])),
        Body::AgencyApply(applied) => {
            // Those who decide, and the party for whom somebody wants to speak.
            let decide = |member: &&crate::Member| policy.ever_allows(crate::Kind::AgencyApprove, member.capacity);
            let court = room.present().filter(decide).map(|member| member.id);
            (Topic::AgencyApplied, court.chain([applied.party]).collect())
        }
        Body::AgencyApprove(approved) => (Topic::AgencyApproved, vec![approved.party, approved.agent.id]),
        Body::AgencyReject(rejected) => {
            let mandate = room.mandate(rejected.mandate);
            (Topic::AgencyRejected, mandate.map(|it| vec![it.party, it.agent.id]).unwrap_or_default())
        }
        // Who has just left is told that, and nothing else.
        Body::AgencyEnd(ended) => {
            let told = [ended.party, ended.agent].into_iter().filter(|id| *id != act.actor);
            return Some((Topic::AgencyEnded, told.collect::<Vec<_>>())).filter(|(_, told)| !told.is_empty());
        }
        Body::ConsentWithdraw(_) => {
            let judges = room.present().filter(|member| policy.is_judge(member.capacity));
            (Topic::ConsentWithdrawn, judges.map(|member| member.id).collect())
        }
        Body::ConsentSettle(settled) => (Topic::ConsentSettled, vec![settled.member]),
        Body::PanelChange(_) => (Topic::PanelChanged, all()),
        Body::OversightRead(_) => {
            let bench = room.present().filter(|member| policy.is_bench(member.capacity));
            (Topic::OversightRead, bench.map(|member| member.id).collect())
        }
        Body::MatterIssue(issued) => (Topic::MatterIssued, issued.targets.clone()),
        Body::MatterExtend(extended) => (Topic::MatterExtended, targets(extended.matter)),
        Body::MatterWithdraw(withdrawn) => (Topic::MatterWithdrawn, targets(withdrawn.matter)),
        Body::MatterClose(closed) => (Topic::MatterClosed, targets(closed.matter)),
        Body::MatterAnswer(_) => (Topic::MatterAnswered, all()),
        Body::DossierShare(shared) => (Topic::DossierShared, shared.with.clone().unwrap_or_else(all)),
        Body::TranscriptCirculate(_) => (Topic::TranscriptCirculated, all()),
        Body::TranscriptFinalise(_) => {
            let signatories = room.transcript().map(|transcript| transcript.signatories.clone());
            (Topic::TranscriptToSign, signatories.unwrap_or_default())
        }
        Body::TranscriptSeal(_) => (Topic::TranscriptSealed, all()),
        // A name that was typed waits for the clerk; one that was drawn for nobody.
        Body::SignatureReserve(reserved) if reserved.typed.is_some() => {
            let clerks = room.present().filter(|member| policy.is_clerk(member.capacity));
            (Topic::SignatureToCheck, clerks.map(|member| member.id).collect())
        }
        Body::CallEnd(ended) if ended.outcome == call::Outcome::Missed => (Topic::CallMissed, vec![ended.callee]),
        Body::SpeechText(_)
        | Body::SpeechPhoto(_)
        | Body::SpeechVideo(_)
        | Body::SpeechVoice(_)
        | Body::SpeechDocument(_)
            if is_letter(&act.audience) =>
        {
            (Topic::LetterReceived, all())
        }
        _ => return None,
    };
    let sees = |id: &MemberId| {
        let member = room.member(*id);
        *id != act.actor && member.is_some_and(|member| act.audience.includes(member.viewer(), act.actor, policy))
    };
    let told: Vec<_> = told.into_iter().filter(sees).collect();
    (!told.is_empty()).then_some((topic, told))
}

/// Whether something that was said is a private message (私信).
fn is_letter(audience: &Audience) -> bool {
    matches!(audience, Audience::Members(_))
}
