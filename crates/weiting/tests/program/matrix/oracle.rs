//! What must come of a call, computed from the policy and from what the world's builder did. Nothing here asks the program.

use court::{Capacity, Effect, Kind, Phase, Policy, Relation, Role};
use desk::testkit::Answer;

use super::calls::{Ask, Call, Object};
use super::subjects::{Standing, Subject};
use super::world::{Place, World};

/// The class of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Allowed,
    /// 401 `not_logged_in`.
    NotLoggedIn,
    /// 403 `no_role`.
    NoRole,
    /// 404 `not_found`: as if it were not there.
    NotFound,
    /// 403 with one of the court's reasons.
    Refused(Reason),
    /// Anything else: never expected.
    Other(u16, String),
}

/// Why a member of a room is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// The window has not begun.
    Early,
    /// The notice is not accepted.
    Notice,
    /// Not in this capacity, not in this phase, not to this recipient.
    Table,
}

/// Everything about subject and object that the policy's answer depends on, as it was when the call was made.
#[derive(Clone, Debug)]
pub(super) struct Facts {
    live: bool,
    has_role: bool,
    participant: Option<Capacity>,
    standing: Option<Standing>,
    owner: bool,
    handler: bool,
    reviewer: bool,
    integration: bool,
    role: Option<Role>,
    phase: Phase,
    has_photo: bool,
    has_shares: bool,
    /// Whether the application in the room concerns the subject.
    concerned: bool,
    /// Whether the room's matters ask the subject.
    asked: bool,
}

impl World {
    pub(super) fn facts(&self, subject: &Subject, call: &Call) -> Facts {
        let place = match call.object {
            Object::Room(place) => Some(&self.places[place]),
            _ => None,
        };
        let case = match call.object {
            Object::Case(case) => Some(case),
            _ => place.map(|place| place.case),
        };
        Facts {
            live: subject.live,
            has_role: subject.live && subject.role.is_some(),
            participant: case.and_then(|case| self.participant(subject, case)),
            standing: place.and_then(|place| self.standing(subject, place)),
            handler: self.is_clerk_of(subject, self.ours.case),
            reviewer: subject.live && subject.role.is_some_and(|role| self.policy.reviews_identity(role)),
            integration: subject.integration,
            // An office that was not accepted is none, whatever the session says.
            role: subject.role.filter(|_| subject.person != Some(self.invited)),
            owner: subject.live && subject.person == Some(self.upload.1),
            phase: place.map_or(Phase::Unscheduled, |place| place.phase),
            has_photo: place.is_some_and(|place| place.photo.is_some()),
            has_shares: place.is_some_and(|place| place.shares.is_some()),
            concerned: place.is_some_and(|place| {
                self.standing(subject, place).is_some_and(|standing| place.concerned.contains(&standing.member))
            }),
            asked: place.is_some_and(|place| self.is_asked(subject, place)),
        }
    }
}

impl World {
    fn is_asked(&self, subject: &Subject, place: &Place) -> bool {
        let standing = self.standing(subject, place);
        standing.zip(place.matters.as_ref()).is_some_and(|(standing, matters)| matters.asked.contains(&standing.member))
    }
}

impl Facts {
    /// Whether the subject is a member of the room that the call is about: it then knows that the room exists.
    pub(super) fn is_member(&self) -> bool {
        self.standing.is_some()
    }
}

/// What the policy says of a call.
pub(super) fn expected(policy: &Policy, call: &Call, facts: &Facts) -> Verdict {
    let Some(row) = policy.operations().get(&call.operation.id) else { return Verdict::Other(0, "no row".into()) };
    if row.relation == Relation::Anyone {
        return Verdict::Allowed;
    }
    if row.relation == Relation::Service {
        return Verdict::NotFound;
    }
    if row.relation == Relation::Integration {
        return if facts.integration { Verdict::Allowed } else { Verdict::NotLoggedIn };
    }
    if !facts.live {
        return Verdict::NotLoggedIn;
    }
    let stands = match row.relation {
        Relation::Anyone | Relation::Account | Relation::Service | Relation::Integration => true,
        Relation::Owner => facts.owner,
        Relation::Acting
        | Relation::Participant
        | Relation::Bench
        | Relation::Member
        | Relation::Handler
        | Relation::Reviewer
        | Relation::Supervisor
        | Relation::Administrator
        | Relation::Helper
            if !facts.has_role =>
        {
            return Verdict::NoRole;
        }
        Relation::Acting => true,
        Relation::Participant => facts.participant.is_some(),
        Relation::Bench => facts.participant.is_some_and(|capacity| policy.is_bench(capacity)),
        Relation::Member => facts.standing.is_some(),
        Relation::Handler => facts.handler,
        Relation::Reviewer => facts.reviewer,
        Relation::Supervisor => facts.role.is_some_and(|role| policy.oversees(role)),
        Relation::Administrator => facts.role.is_some_and(|role| policy.administers(role)),
        Relation::Helper => facts.role.is_some_and(|role| policy.answers_feedback(role)),
    };
    if !stands {
        return Verdict::NotFound;
    }
    match (row.effect, call.ask, facts.standing, facts.participant) {
        (Effect::Act, Ask::Plain, ..) => Verdict::Other(0, "an act without a kind".into()),
        (Effect::Act, ask, Some(standing), _) => act(policy, ask, standing, facts.phase),
        (Effect::Act, Ask::Act(kind), None, Some(capacity)) => {
            refused_unless(policy.allows(kind, facts.phase, capacity))
        }
        (Effect::Read | Effect::Own, _, Some(standing), _) => read(policy, &call.operation.id, standing, facts),
        _ => Verdict::Allowed,
    }
}

/// An act in a room: first the way in, then the table, then to whom it is said.
fn act(policy: &Policy, ask: Ask, standing: Standing, phase: Phase) -> Verdict {
    let kind = match ask {
        Ask::Act(kind) => kind,
        Ask::Call(_) => Kind::CallStart,
        _ => Kind::SpeechText,
    };
    let capacity = standing.capacity;
    // A sitting is scheduled from outside of any room; everything else is done inside.
    // The dossier is read from outside too, by the bench (architecture 5, no. 90).
    // A mandate ends whenever one of the two wants it to.
    if !matches!(kind, Kind::SittingSchedule | Kind::DossierInspect | Kind::AgencyEnd)
        && let Some(reason) = kept_out(policy, standing, phase, kind == Kind::NoticeAcknowledge)
    {
        return Verdict::Refused(reason);
    }
    if !policy.allows(kind, phase, capacity) {
        return Verdict::Refused(Reason::Table);
    }
    match ask {
        Ask::ToBench => refused_unless(policy.may_address_bench(capacity)),
        Ask::Call(to) => refused_unless(policy.may_be_called(to)),
        Ask::ToMember(to) => refused_unless(policy.may_write_privately(capacity) && policy.may_be_written_to(to)),
        _ => Verdict::Allowed,
    }
}

/// Reading a record needs the same way in; what a room is, and how far one has read, does not.
fn read(policy: &Policy, operation: &str, standing: Standing, facts: &Facts) -> Verdict {
    let is_draft = matches!(operation, "save_draft" | "drop_draft");
    let is_share = matches!(operation, "share_pages" | "share_page");
    let is_record = matches!(
        operation,
        "acts"
            | "search"
            | "days"
            | "act_file"
            | "act_thumb"
            | "act_receipt"
            | "matters"
            | "call"
            | "shares"
            | "agency"
            | "agency_pages"
            | "agency_page"
            | "consents"
            | "transcript"
    ) || is_draft
        || is_share;
    if is_record && let Some(reason) = kept_out(policy, standing, facts.phase, false) {
        return Verdict::Refused(reason);
    }
    let is_file = matches!(operation, "act_file" | "act_thumb");
    // A draft is begun by who is asked; for everybody else there is no such matter.
    // The paper of an application is for the bench and for those whom it concerns.
    let is_paper = matches!(operation, "agency_pages" | "agency_page");
    let missing = (is_paper && !facts.concerned)
        || (is_file && !facts.has_photo)
        || (is_draft && !facts.asked)
        || (is_share && !facts.has_shares);
    if missing { Verdict::NotFound } else { Verdict::Allowed }
}

/// What keeps a member from coming in: first the clock, then the notice, unless it is the notice that is being accepted.
fn kept_out(policy: &Policy, standing: Standing, phase: Phase, accepting: bool) -> Option<Reason> {
    if phase == Phase::Scheduled && policy.waits_for_start(standing.capacity) {
        return Some(Reason::Early);
    }
    let unread = policy.reads_notice(standing.capacity) && !standing.accepted && !accepting;
    unread.then_some(Reason::Notice)
}

fn refused_unless(allowed: bool) -> Verdict {
    if allowed { Verdict::Allowed } else { Verdict::Refused(Reason::Table) }
}

/// The class of an answer to this call.
pub(super) fn observed(call: &Call, facts: &Facts, answer: &Answer) -> Verdict {
    let (status, code) = (answer.status.as_u16(), answer.code());
    if is_success(call, facts, status, &code) {
        return Verdict::Allowed;
    }
    match (status, code.as_str()) {
        (401, "not_logged_in" | "integration_required") => Verdict::NotLoggedIn,
        (403, "no_role") => Verdict::NoRole,
        (404, "not_found") => Verdict::NotFound,
        // A head has no body that could say more.
        (401, "") if call.operation.id == "upload_offset" => Verdict::NotLoggedIn,
        (404, "") if call.operation.id == "upload_offset" => Verdict::NotFound,
        (403, "not_started") => Verdict::Refused(Reason::Early),
        (403, "notice_required") => Verdict::Refused(Reason::Notice),
        (
            403,
            "not_open"
            | "ended"
            | "not_for_capacity"
            | "not_in_this_phase"
            | "recipient_forbidden"
            | "callee_forbidden",
        ) => Verdict::Refused(Reason::Table),
        _ => Verdict::Other(status, code),
    }
}

/// Kinds that need a transcript or a signature in the right state.
const STAGED: [Kind; 19] = [
    Kind::AgencyApprove,
    Kind::AgencyReject,
    Kind::AgencyEnd,
    Kind::ConsentGive,
    Kind::ConsentWithdraw,
    Kind::ConsentSettle,
    Kind::DomicileConfirm,
    Kind::PointsRecord,
    Kind::TranscriptDraft,
    Kind::TranscriptAnnotate,
    Kind::TranscriptCirculate,
    Kind::TranscriptRequestCorrection,
    Kind::TranscriptSettleCorrection,
    Kind::TranscriptConclude,
    Kind::SignatureReserve,
    Kind::SignatureCheck,
    Kind::SignatureConfirm,
    Kind::SignatureRefuse,
    Kind::SittingEnd,
];
/// How the court says that it is another.
const STAGES: [&str; 22] = [
    "mandate_unknown",
    "consent_answered",
    "consent_stands",
    "consent_not_given",
    "consent_withdrawing",
    "consent_not_withdrawing",
    "domicile_missing",
    "domicile_changed",
    "domicile_confirmed",
    "transcript_missing",
    "transcript_full",
    "transcript_concluded",
    "transcript_not_circulated",
    "circulation_running",
    "deadline_not_later",
    "correction_unknown",
    "corrections_open",
    "correction_late",
    "nothing_to_sign",
    "nothing_to_check",
    "signature_missing",
    "signature_reserved",
];

/// How each operation answers somebody who may call it.
fn is_success(call: &Call, facts: &Facts, status: u16, code: &str) -> bool {
    match (call.operation.id.as_str(), call.ask) {
        ("login_code", _) => status == 202,
        // A wrong code: the question was taken, and answered.
        ("login", _) => (status, code) == (401, "code_wrong"),
        // After the deadline there is nothing to begin.
        ("save_draft", _) => status == 204 || (status, code) == (409, "draft_over"),
        // Who has not said that they are an agent is told to; who has no file (left) is told that.
        ("apply_agency", _) => {
            status == 201 || matches!(code, "agent_not_registered" | "file_missing" | "agency_too_many")
        }
        ("check_agent", _) => status == 200 || matches!(code, "not_a_party" | "checks_too_many"),
        // It is none of theirs: the question was taken, and answered.
        ("end_session", _) => (status, code) == (404, "not_found"),
        ("agency_page", _) => status == 307,
        ("register_agent" | "end_other_sessions", _) => status == 204,
        ("step_up_code", _) => status == 202 || (status, code) == (429, "sms_too_often"),
        ("step_up", _) => (status, code) == (401, "code_wrong"),
        // Whatever stage the transcript is in: that it is not the right one is said after the table was asked.
        ("act", Ask::Act(kind)) if STAGED.contains(&kind) => status == 201 || STAGES.contains(&code),
        ("act", Ask::Act(Kind::MatterAnswer)) => status == 201 || (status, code) == (409, "matter_answered"),
        ("logout" | "logout_all" | "mark_read" | "drop_draft" | "upload_options" | "upload_append", _) => status == 204,
        ("read_inbox" | "subscribe" | "put_push" | "drop_push", _) => status == 204,
        // There was no such clearing: the question was taken, and answered.
        ("undo_clear", _) => (status, code) == (409, "undo_over"),
        ("choose_capacity", _) => status == 200 || (status, code) == (403, "role_not_yours"),
        ("upload_create" | "schedule" | "report_missing" | "view_contact", _) => status == 201,
        // There is nothing to read, nobody of that name to leave, no such office and no such invitation: the question was taken, and answered.
        ("oversee", _) => (status, code) == (409, "case_without_rooms"),
        ("change_panel", _) => (status, code) == (422, "member_unknown"),
        ("answer_feedback", _) => (status, code) == (409, "feedback_unknown"),
        ("feedback_picture", _) => (status, code) == (404, "not_found"),
        ("give_feedback", _) => status == 201,
        ("end_staff", _) => (status, code) == (409, "office_ended"),
        ("accept_office", _) => (status, code) == (409, "invitation_invalid"),
        ("invite_staff", _) => status == 201,
        // The first answer stands.
        ("answer_missing", _) => status == 204 || (status, code) == (409, "report_handled"),
        // What was begun anew is over; what was not begun by the number cannot go on.
        ("begin_verification", _) => status == 201,
        ("verification_code", _) => {
            status == 202 || matches!((status, code), (429, "sms_too_often") | (409, "verification_over"))
        }
        ("verify_phone", _) => matches!((status, code), (401, "code_wrong") | (409, "verification_over")),
        ("begin_face" | "face_result" | "submit_review" | "accept_identity_notice", _) => {
            status == 409 && matches!(code, "phone_unverified" | "verification_over")
        }
        // The first decision stands.
        ("decide_review", _) => status == 204 || (status, code) == (409, "verification_over"),
        // Nothing is answered yet, which is said to everybody.
        ("risk_report" | "risk_report_pdf", _) => (status, code) == (422, "answer.missing"),
        // What is for a record is not for a tool.
        ("read_text" | "sign_pages" | "sign_page" | "sign_file" | "signed_file", _) => {
            (status, code) == (409, "upload_not_for_tool")
        }
        // What an act uses stays.
        ("upload_cancel", _) => (status, code) == (409, "upload_used"),
        ("act_file" | "act_thumb", _) => status == 307,
        // Nobody has opened it: who might is told to, everybody else that there is nothing.
        ("dossier_pages" | "dossier_page" | "dossier_file" | "share_pages" | "share_page", _) => {
            // Or a judge has taken it back.
            status == 409 && matches!(code, "dossier_not_opened" | "dossier_share_over")
        }
        ("act", Ask::Act(Kind::DossierOpen | Kind::DossierInspect)) => {
            status == 201 || (status == 409 && matches!(code, "dossier_opened" | "dossier_share_over"))
        }
        // There is no connection under the test's handshake; without a ticket a browser comes no further either.
        ("live", _) => matches!((status, code), (426, "upgrade_required") | (401, "ticket_invalid")),
        ("act", Ask::Act(Kind::NoticeAcknowledge)) if facts.standing.is_some_and(|standing| standing.accepted) => {
            (status, code) == (409, "notice_already_acknowledged")
        }
        ("act", Ask::ToMember(to)) if facts.standing.is_some_and(|standing| standing.capacity == to) => {
            status == 201 || (status, code) == (422, "recipient_unknown")
        }
        // One call at a time.
        ("act", Ask::Act(Kind::CallStart) | Ask::Call(_)) => {
            status == 201 || (status, code) == (409, "call_in_progress")
        }
        ("act", _) => status == 201,
        _ => status == 200,
    }
}

/// Whether a call that was taken leaves something behind. Being ready is proved by writing, in one row of the server's own.
pub(super) fn writes(policy: &Policy, call: &Call) -> bool {
    let row = policy.operations().get(&call.operation.id);
    row.is_some_and(|row| row.effect != Effect::Read) || call.operation.id == "readyz"
}
