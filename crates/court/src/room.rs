//! What a room's record amounts to so far.
//!
//! [`Room::fold`] is the only thing that changes a room. A room folded from its stored record equals the live one (property P-02).

use std::collections::{BTreeMap, BTreeSet};

use record::Head;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::act::{Act, Body};
use crate::agency::Mandates;
use crate::audience::Viewer;
use crate::call::OnCall;
use crate::consent::Consents;
use crate::dossier::Dossier;
use crate::matter::Matter;
use crate::member::Member;
use crate::oversight::Overseer;
use crate::signature::ReservedState;
use crate::sitting::{Proceeding, SittingKind};
use crate::transcript::Transcript;
use crate::{ActId, Audience, CaseTitle, MemberId, PersonId, Policy, Role, RoomId};

/// The folded state of a room.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Room {
    pub id: RoomId,
    /// Which case it belongs to; none before the first act.
    pub case: Option<CaseTitle>,
    pub kind: SittingKind,
    #[serde(with = "time::serde::rfc3339")]
    pub opens_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    pub closes_at: OffsetDateTime,
    pub proceeding: Proceeding,
    /// In the order in which they were admitted; those whose membership ended stay, marked.
    pub(crate) members: Vec<Member>,
    pub(crate) acknowledged: BTreeSet<MemberId>,
    /// The virtual call that is on.
    #[serde(default)]
    pub(crate) on_call: Option<OnCall>,
    /// By the act that issued them.
    pub(crate) matters: BTreeMap<ActId, Matter>,
    /// What of the case's dossier is open here.
    #[serde(default)]
    pub(crate) dossier: Dossier,
    /// The signatures that members have reserved here: which, not what they look like.
    #[serde(default)]
    pub(crate) reserved: BTreeMap<MemberId, ReservedState>,
    /// Every version, oldest first.
    #[serde(default)]
    pub(crate) transcripts: Vec<Transcript>,
    /// Who may act for whom, and who has applied to.
    #[serde(default)]
    pub(crate) agency: Mandates,
    /// What members have agreed to here.
    #[serde(default)]
    pub(crate) consents: Consents,
    /// The lists of addresses that members have confirmed here: which, not what stands in them.
    #[serde(default)]
    pub(crate) domiciles: BTreeMap<MemberId, (u32, record::Hash)>,
    /// Those who read from outside the case, until some time.
    #[serde(default)]
    pub(crate) overseers: Vec<Overseer>,
    /// The acts that not everybody may see, by record number.
    restricted: BTreeMap<u64, Restricted>,
    /// The record numbers that a member may not see, in order: what the member's own numbering leaves out.
    pub(crate) hidden: BTreeMap<MemberId, Vec<u64>>,
    /// Number of acts and leaf of the last one.
    pub seq: u64,
    pub leaf: record::Hash,
    /// When the last act was accepted; the record's time never runs back.
    #[serde(with = "time::serde::rfc3339")]
    pub last_at: OffsetDateTime,
    /// The last act that everybody may see.
    last_open: Option<Line>,
    /// The last act that not everybody may see, for each of those who may.
    last_restricted: BTreeMap<MemberId, Line>,
}

/// What the numbering and the unread counts need of an act that not everybody may see.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Restricted {
    actor: MemberId,
    audience: Audience,
    /// Whether it was said to somebody, and not merely done where few see it.
    said: bool,
}

/// An act as one line of a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    pub seq: u64,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    pub sentence: String,
}

impl Room {
    /// A room without acts.
    pub fn empty(id: RoomId) -> Room {
        Room {
            id,
            case: None,
            kind: SittingKind::default(),
            opens_at: OffsetDateTime::UNIX_EPOCH,
            closes_at: OffsetDateTime::UNIX_EPOCH,
            proceeding: Proceeding::default(),
            members: Vec::new(),
            acknowledged: BTreeSet::new(),
            on_call: None,
            matters: BTreeMap::new(),
            dossier: Dossier::default(),
            reserved: BTreeMap::new(),
            transcripts: Vec::new(),
            agency: Mandates::default(),
            consents: Consents::default(),
            domiciles: BTreeMap::new(),
            overseers: Vec::new(),
            restricted: BTreeMap::new(),
            hidden: BTreeMap::new(),
            seq: 0,
            leaf: record::Hash::ZERO,
            last_at: OffsetDateTime::UNIX_EPOCH,
            last_open: None,
            last_restricted: BTreeMap::new(),
        }
    }

    /// Takes the next act of the record.
    ///
    /// # Panics
    /// When the act is not the next one: whoever folds has the record in order, or has a bug that must not go on.
    pub fn fold(&mut self, act: &Act, policy: &Policy) {
        assert_eq!(act.seq, self.seq + 1, "acts are folded in record order");
        match &act.body {
            Body::SittingSchedule(scheduled) => self.sitting_scheduled(scheduled),
            Body::SittingReschedule(rescheduled) => self.sitting_rescheduled(rescheduled),
            Body::SittingOpen(_) => self.proceeding = Proceeding::Opened,
            Body::SittingClose(_) => self.proceeding = Proceeding::Closed,
            Body::SittingEnd(_) => self.sitting_ended(act),
            Body::MemberAdmit(admitted) => self.member_admitted(admitted),
            Body::MemberEnd(end) => self.member_ended(end, act.seq),
            Body::PanelChange(changed) => self.panel_changed(act, changed),
            Body::OversightRead(reading) => self.overseer_reads(act, reading),
            Body::NoticeAcknowledge(_) => {
                self.acknowledged.insert(act.actor);
            }
            Body::AgencyApply(applied) => self.agency_applied(act, applied),
            Body::AgencyApprove(approved) => self.agency_approved(act, approved),
            Body::AgencyReject(rejected) => self.agency_rejected(rejected),
            Body::AgencyEnd(ended) => self.agency_ended(ended, act.seq),
            Body::ConsentGive(given) => self.consent_given(act, given),
            Body::ConsentWithdraw(withdrawn) => self.consent_withdrawn(act, withdrawn),
            Body::ConsentSettle(settled) => self.consent_settled(settled),
            Body::DomicileConfirm(confirmed) => self.domicile_confirmed(act, confirmed),
            Body::CallStart(started) => self.call_started(started, act),
            Body::CallEnd(ended) => self.call_ended(ended),
            Body::MatterIssue(issued) => self.matter_issued(act, issued),
            Body::MatterAnswer(answered) => self.matter_answered(act, answered),
            Body::MatterExtend(extended) => self.matter_extended(act, extended),
            Body::MatterWithdraw(withdrawn) => self.matter_withdrawn(withdrawn),
            Body::MatterClose(closed) => self.matter_closed(closed),
            Body::DossierShare(shared) => self.dossier_shared(act, shared),
            Body::DossierUnshare(unshared) => self.dossier_unshared(unshared),
            Body::DossierOpen(opened) => self.dossier_opened(act, opened),
            Body::DossierInspect(inspected) => self.dossier_inspected(act, inspected),
            Body::TranscriptDraft(drafted) => self.transcript_drafted(act, drafted),
            Body::TranscriptAnnotate(annotated) => self.transcript_annotated(annotated),
            Body::TranscriptCirculate(circulated) => self.transcript_circulated(circulated),
            Body::TranscriptRequestCorrection(requested) => self.correction_requested(act, requested),
            Body::TranscriptSettleCorrection(settled) => self.correction_settled(settled),
            Body::TranscriptConclude(concluded) => self.transcript_concluded(act, concluded),
            Body::TranscriptFinalise(finalised) => self.transcript_finalised(act, finalised),
            Body::TranscriptSeal(sealed) => self.transcript_sealed(act, sealed),
            Body::SignatureReserve(reserved) => self.signature_reserved(act, reserved),
            Body::SignatureCheck(checked) => self.signature_checked(checked),
            Body::SignatureConfirm(confirmed) => self.transcript_answered(act, confirmed.version, true),
            Body::SignatureRefuse(refused) => self.transcript_answered(act, refused.version, false),
            // The dossier is the case's: what is filed there is in a list of the case, not in the state of a room.
            Body::ContactView(_)
            | Body::DossierFile(_)
            | Body::DossierRefile(_)
            | Body::DossierWithdraw(_)
            | Body::SpeechText(_)
            | Body::SpeechPhoto(_)
            | Body::SpeechVideo(_)
            | Body::SpeechVoice(_)
            | Body::SpeechDocument(_)
            | Body::LocationSend(_)
            | Body::PointsRecord(_) => {}
        }
        self.seq = act.seq;
        self.leaf = act.leaf;
        self.last_at = act.at;
        let line = Line { seq: act.seq, at: act.at, sentence: act.sentence.clone() };
        if act.audience == Audience::Everyone {
            self.last_open = Some(line);
        } else {
            let said = act.body.kind().is_speech();
            self.restricted.insert(act.seq, Restricted { actor: act.actor, audience: act.audience.clone(), said });
            let overseers = self.overseers.iter().filter(|overseer| overseer.until > act.at).map(Overseer::viewer);
            for viewer in self.members.iter().map(Member::viewer).chain(overseers) {
                if act.audience.includes(viewer, act.actor, policy) {
                    self.last_restricted.insert(viewer.member, line.clone());
                } else {
                    self.hidden.entry(viewer.member).or_default().push(act.seq);
                }
            }
        }
        match &act.body {
            Body::MemberAdmit(admitted) => self.hide_earlier_from(admitted.member.viewer(), policy),
            Body::AgencyApprove(approved) => self.hide_earlier_from(approved.agent.viewer(), policy),
            Body::PanelChange(changed) => {
                if let Some(successor) = &changed.successor {
                    self.hide_earlier_from(successor.viewer(), policy);
                }
            }
            Body::OversightRead(_) => {
                let overseer = Viewer { member: act.actor, capacity: act.capacity };
                self.hide_earlier_from(overseer, policy);
            }
            _ => {}
        }
    }

    /// What was said to others before somebody came in stays hidden from them.
    fn hide_earlier_from(&mut self, viewer: Viewer, policy: &Policy) {
        let earlier = self.restricted.iter().filter(|(_, act)| !act.audience.includes(viewer, act.actor, policy));
        let hidden = earlier.map(|(seq, _)| *seq).collect::<Vec<_>>();
        self.hidden.insert(viewer.member, hidden);
    }

    /// The private messages (私信) to this member after the member's own number `read`, in order: number and sender. At most the
    /// last 500.
    pub fn letters(&self, member: MemberId, read: u64) -> Vec<(u64, MemberId)> {
        const MOST: usize = 500;
        // Who came back to fewer acts than they had once read has nothing unread.
        let Some(after) = (if read == 0 { Some(0) } else { self.record_seq(member, read) }) else { return Vec::new() };
        let to_me = |act: &Restricted| {
            act.said && act.actor != member && matches!(&act.audience, Audience::Members(all) if all.contains(&member))
        };
        let mut letters: Vec<_> = self
            .restricted
            .range(after + 1..)
            .rev()
            .filter(|(_, act)| to_me(act))
            .filter_map(|(seq, act)| Some((self.dense(member, *seq)?, act.actor)))
            .take(MOST)
            .collect();
        letters.reverse();
        letters
    }

    /// Number of acts and last leaf.
    pub fn head(&self) -> Head {
        Head { seq: self.seq, leaf: self.leaf }
    }

    /// The member with this id, if the membership has not ended.
    pub fn member(&self, id: MemberId) -> Option<&Member> {
        self.present().find(|member| member.id == id)
    }

    /// The members whose membership has not ended.
    pub fn present(&self) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(|member| member.ended.is_none())
    }

    /// Everybody who is or was a member.
    pub fn ever(&self) -> impl Iterator<Item = &Member> {
        self.members.iter()
    }

    /// The member as whom this person is here in this role, if any.
    pub fn member_of(&self, person: PersonId, role: Role) -> Option<&Member> {
        self.present().find(|member| member.person == Some(person) && member.capacity.role() == role)
    }

    /// The members as they are listed: 审判组织 → 当事人 → 代理人 → others.
    pub fn listed(&self) -> Vec<&Member> {
        let mut members: Vec<_> = self.present().collect();
        members
            .sort_by(|a, b| (a.capacity.group(), a.capacity, &a.name).cmp(&(b.capacity.group(), b.capacity, &b.name)));
        members
    }

    /// The record numbers that this member may not see, in order.
    fn hidden(&self, member: MemberId) -> &[u64] {
        self.hidden.get(&member).map_or(&[], Vec::as_slice)
    }

    /// The acts that this member may not see, in order: record number and who did it.
    pub fn hidden_from(&self, member: MemberId) -> impl Iterator<Item = (u64, MemberId)> {
        let actor = |seq: u64| self.restricted.get(&seq).map(|act| (seq, act.actor));
        self.hidden(member).iter().filter_map(move |seq| actor(*seq))
    }

    /// The member's own number of the act with this record number; none when it is hidden from them or does not exist.
    pub fn dense(&self, member: MemberId, seq: u64) -> Option<u64> {
        if seq == 0 || seq > self.seq {
            return None;
        }
        match self.hidden(member).binary_search(&seq) {
            Ok(_) => None,
            Err(hidden_before) => Some(seq - hidden_before as u64),
        }
    }

    /// How many acts this member sees.
    pub fn dense_head(&self, member: MemberId) -> u64 {
        self.seq - self.hidden(member).len() as u64
    }

    /// The record number of the member's act number `dense`; none when there are not so many.
    pub fn record_seq(&self, member: MemberId, dense: u64) -> Option<u64> {
        if dense == 0 || dense > self.dense_head(member) {
            return None;
        }
        // The n-th hidden act (from 0) has `hidden[n] - n - 1` visible ones before it.
        let hidden = self.hidden(member);
        let (mut low, mut high) = (0, hidden.len());
        while low < high {
            let middle = (low + high) / 2;
            if hidden[middle] - (middle as u64) - 1 < dense {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        Some(dense + low as u64)
    }

    /// The last act that this member sees, as a line.
    pub fn last_line(&self, member: MemberId) -> Option<&Line> {
        let own = self.last_restricted.get(&member);
        own.into_iter().chain(&self.last_open).max_by_key(|line| line.seq)
    }
}

impl Member {
    /// This member as somebody who looks.
    pub fn viewer(&self) -> Viewer {
        Viewer { member: self.id, capacity: self.capacity }
    }
}
