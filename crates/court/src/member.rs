//! Members of a room: who is let in, and whose membership ends.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::act::{Body, Decided, Scene};
use crate::{Capacity, MemberId, Participant, PersonId, Refusal, Room, refusal};

/// A member of a room, as the record keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Member {
    pub id: MemberId,
    /// The person's account. The record keeps it; others are shown the member without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    pub name: String,
    /// Who acts for an organisation, with the position.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acting: Option<String>,
    pub capacity: Capacity,
    /// The act that ended the membership; from then on the person sees nothing of the room (SR-18).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<u64>,
}

/// Asks to let a participant of the case into the room.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Admit {
    pub participant: MemberId,
}

/// A participant was let in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Admitted {
    pub member: Member,
}

/// A membership ends: mandate withdrawn, recused, admitted by mistake.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct End {
    pub member: MemberId,
    pub reason: String,
}

pub(crate) fn admit(scene: &Scene<'_>, asked: Admit) -> Result<Decided, Refusal> {
    let case = scene.facts.case.as_ref().ok_or(Refusal::ParticipantUnknown)?;
    let participant = case.participant(asked.participant).ok_or(Refusal::ParticipantUnknown)?;
    if scene.room.member(participant.id).is_some() {
        return Err(Refusal::AlreadyMember);
    }
    let sentence =
        format!("{}将{}{}加入微法庭", scene.actor.said_name(), participant.capacity.label(), participant.name);
    Ok(Decided::open(Body::MemberAdmit(Admitted { member: participant.into() }), sentence))
}

pub(crate) fn end(scene: &Scene<'_>, asked: End) -> Result<Decided, Refusal> {
    let reason = refusal::reason(&asked.reason)?;
    let member = scene.room.member(asked.member).ok_or(Refusal::MemberUnknown)?;
    if scene.policy.is_judge(member.capacity) {
        return Err(Refusal::JudgeCannotLeave);
    }
    let sentence = format!("{}{}退出微法庭，理由：{reason}", member.capacity.label(), member.name);
    Ok(Decided::open(Body::MemberEnd(End { member: asked.member, reason }), sentence))
}

impl Room {
    pub(crate) fn member_admitted(&mut self, admitted: &Admitted) {
        // Who comes back takes the old place: one member, one entry.
        self.members.retain(|member| member.id != admitted.member.id);
        self.members.push(admitted.member.clone());
    }

    pub(crate) fn member_ended(&mut self, end: &End, seq: u64) {
        if let Some(member) = self.members.iter_mut().find(|member| member.id == end.member && member.ended.is_none()) {
            member.ended = Some(seq);
        }
    }
}

impl From<&Participant> for Member {
    fn from(participant: &Participant) -> Self {
        Member {
            id: participant.id,
            person: Some(participant.person),
            name: participant.name.clone(),
            acting: participant.acting.clone(),
            capacity: participant.capacity,
            ended: None,
        }
    }
}
