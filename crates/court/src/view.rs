//! What a member is shown of a room and of its acts.

use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::act::{Act, Actor, Body, Facts, Kind, Scene};
use crate::notice::Notice;
use crate::signature::SignatureNote;
use crate::sitting::{Phase, SittingKind};
use crate::transcript::TranscriptNote;
use crate::{ActId, Audience, Capacity, CaseTitle, Extent, Group, MemberId, Policy, Refusal, Room, RoomId, speech};

/// An act as a member sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ActView {
    /// The viewer's own number: from 1 without gaps over the acts that the viewer may see.
    pub seq: u64,
    pub id: ActId,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    pub actor: MemberId,
    pub name: String,
    pub capacity: Capacity,
    pub label: String,
    pub audience: Audience,
    pub sentence: String,
    #[schema(value_type = String)]
    pub leaf: record::Hash,
    #[serde(flatten)]
    pub body: Body,
}

impl Act {
    /// The act under the viewer's own number. Whether the viewer may see it is [`Audience::includes`], how much of it
    /// [`crate::location::extent`].
    pub fn view(&self, dense: u64, extent: Extent) -> ActView {
        ActView {
            seq: dense,
            id: self.id,
            at: self.at,
            actor: self.actor,
            name: self.name.clone(),
            capacity: self.capacity,
            label: self.capacity.label().to_owned(),
            audience: self.audience.clone(),
            sentence: self.sentence.clone(),
            leaf: self.leaf,
            body: self.body.clone().without_accounts().cut_to(extent),
        }
    }
}

/// A member as others see them: no phone, no address, no id of the person (SR-15).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MemberView {
    pub id: MemberId,
    pub name: String,
    pub acting: Option<String>,
    pub capacity: Capacity,
    pub label: String,
    pub group: Group,
    pub online: bool,
    /// Whether it is the viewer.
    pub me: bool,
    /// That the viewer may write to this member alone now (私信); none when they may not.
    pub private: Option<PrivateView>,
}

/// How a private message to a member goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PrivateView {
    /// The members who see it besides the viewer and the recipient.
    pub also: Vec<MemberId>,
}

/// A private message to the viewer that they have not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Letter {
    /// The act (own number).
    pub seq: u64,
    /// Who sent it.
    pub from: MemberId,
}

/// The viewer's own place in the room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MeView {
    pub member: MemberId,
    pub capacity: Capacity,
    pub label: String,
    /// Whether the viewer belongs to the bench, which goes on seeing what others are shown for a while only.
    pub bench: bool,
    /// The kinds of acts that policy allows the viewer now.
    pub may: Vec<Kind>,
    /// When the viewer's reading ends, who oversees from outside the case; null for members.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(required)]
    pub until: Option<OffsetDateTime>,
}

/// Why something is not possible now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RefusalView {
    pub code: String,
    pub detail: String,
}

/// What stands between the viewer and the room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Gate {
    /// The window has not begun.
    NotStarted { detail: String },
    /// The entry notice has not been accepted.
    Notice { notice: Notice },
}

/// A room as a member sees it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RoomView {
    pub id: RoomId,
    pub case: CaseTitle,
    pub kind: SittingKind,
    pub kind_label: String,
    #[serde(with = "time::serde::rfc3339")]
    pub opens_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    pub closes_at: OffsetDateTime,
    pub phase: Phase,
    pub phase_label: String,
    /// The server's time when it answered: deadlines are counted from it, never from the device's clock.
    #[serde(with = "time::serde::rfc3339")]
    pub now: OffsetDateTime,
    /// How many acts the viewer sees.
    pub head: u64,
    /// Up to which of them the viewer has read.
    pub read: u64,
    /// The private messages to the viewer among those that are not read.
    pub letters: Vec<Letter>,
    pub me: MeView,
    /// Why the viewer cannot speak now; none when they can.
    pub speak: Option<RefusalView>,
    pub gate: Option<Gate>,
    /// Where the viewer's signature stands; none before the door.
    pub signature: Option<SignatureNote>,
    /// Where the latest version of the transcript stands, if there is one.
    pub transcript: Option<TranscriptNote>,
    pub members: Vec<MemberView>,
}

impl From<&Refusal> for RefusalView {
    fn from(refusal: &Refusal) -> Self {
        RefusalView { code: refusal.code().to_owned(), detail: refusal.detail() }
    }
}

/// What stands between this actor and the room at this moment.
pub fn gate(room: &Room, actor: &Actor, policy: &Policy, now: OffsetDateTime) -> Option<Gate> {
    let facts = Facts::default();
    let scene = Scene { room, actor, facts: &facts, policy, now };
    match policy.enter(&scene) {
        Err(refusal) => Some(Gate::NotStarted { detail: refusal.detail() }),
        Ok(()) if policy.must_read_notice(&scene) => Some(Gate::Notice { notice: policy.entry_notice().clone() }),
        Ok(()) => None,
    }
}

/// The refusal that reading the record meets, if any: the same gates as for the room.
pub fn may_read(room: &Room, actor: &Actor, policy: &Policy, now: OffsetDateTime) -> Result<(), Refusal> {
    let facts = Facts::default();
    let scene = Scene { room, actor, facts: &facts, policy, now };
    policy.enter(&scene)?;
    if policy.must_read_notice(&scene) { Err(Refusal::NoticeRequired) } else { Ok(()) }
}

impl Room {
    /// The room as this actor sees it at this moment; none before it has a case.
    pub fn view(
        &self,
        actor: &Actor,
        policy: &Policy,
        now: OffsetDateTime,
        read: u64,
        online: &dyn Fn(MemberId) -> bool,
    ) -> Option<RoomView> {
        let facts = Facts::default();
        let scene = Scene { room: self, actor, facts: &facts, policy, now };
        let gate = gate(self, actor, policy, now);
        let phase = self.phase(now);
        let inside = gate.is_none();
        Some(RoomView {
            id: self.id,
            case: self.case.clone()?,
            kind: self.kind,
            kind_label: self.kind.label().to_owned(),
            opens_at: self.opens_at,
            closes_at: self.closes_at,
            phase,
            phase_label: phase.label().to_owned(),
            now,
            head: if inside { self.dense_head(actor.member) } else { 0 },
            read,
            letters: if inside { self.unread_letters(actor.member, read) } else { Vec::new() },
            me: MeView {
                member: actor.member,
                capacity: actor.capacity,
                label: actor.capacity.label().to_owned(),
                bench: policy.is_bench(actor.capacity),
                may: Kind::ALL.iter().copied().filter(|kind| self.may(*kind, &scene)).collect(),
                until: self.overseers.iter().find(|one| one.id == actor.member).map(|one| one.until),
            },
            speak: policy.permit(Kind::SpeechText, &scene).err().as_ref().map(RefusalView::from),
            gate,
            signature: inside.then(|| self.signature_note(&scene)),
            transcript: self.transcript().filter(|_| inside).map(|it| it.note(actor.member, now)),
            members: if inside { self.member_views(&scene, online) } else { Vec::new() },
        })
    }

    /// Whether a button for this kind of act would lead anywhere.
    fn may(&self, kind: Kind, scene: &Scene<'_>) -> bool {
        let done = kind == Kind::NoticeAcknowledge && !scene.policy.must_read_notice(scene);
        !done && scene.policy.permit(kind, scene).is_ok()
    }

    fn unread_letters(&self, member: MemberId, read: u64) -> Vec<Letter> {
        self.letters(member, read).into_iter().map(|(seq, from)| Letter { seq, from }).collect()
    }

    /// How the actor's private message to this member would go, if it may be written.
    fn private_to(&self, member: MemberId, capacity: Capacity, scene: &Scene<'_>) -> Option<PrivateView> {
        let policy = scene.policy;
        let may = member != scene.actor.member
            && policy.may_write_privately(scene.actor.capacity)
            && policy.may_be_written_to(capacity)
            && !policy.hears_in_public_only(capacity)
            && policy.permit(Kind::SpeechText, scene).is_ok();
        may.then(|| {
            let mut also = speech::also_seen_by(self, policy, &[member].into());
            also.retain(|other| *other != scene.actor.member);
            PrivateView { also }
        })
    }

    fn member_views(&self, scene: &Scene<'_>, online: &dyn Fn(MemberId) -> bool) -> Vec<MemberView> {
        self.listed()
            .into_iter()
            .map(|member| MemberView {
                id: member.id,
                name: member.name.clone(),
                acting: member.acting.clone(),
                capacity: member.capacity,
                label: member.capacity.label().to_owned(),
                group: member.capacity.group(),
                online: online(member.id),
                me: member.id == scene.actor.member,
                private: self.private_to(member.id, member.capacity, scene),
            })
            .collect()
    }
}
