//! 审判组织: who hears the case, and how one of them leaves it and another takes over (回避, 移交).
//!
//! It is decided for the case and told in every room of it in which the one who leaves is a member: from that act on they read nothing there
//! (SR-18), and who takes over is in.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::act::{Act, Actor, Body, Decided, Scene};
use crate::{Capacity, Member, MemberId, Policy, Refusal, Room, member, refusal};

/// Why somebody of the bench leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// 回避 (民事诉讼法 第四十七条).
    Recused,
    /// 移交: the case is given to somebody else of the court.
    Transferred,
}

/// Whose decision it is (民事诉讼法 第四十九条).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DecidedBy {
    /// 院长
    President,
    /// 审判委员会: when the president is the one who leaves.
    Committee,
    /// 审判长或者独任审判员: for others than those who judge.
    PresidingJudge,
}

/// Asks that somebody of the bench leaves the case.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Change {
    pub leaves: MemberId,
    pub ground: Ground,
    pub decided_by: DecidedBy,
    pub reason: String,
    /// Who takes over; a judge who conducts the sitting never leaves without somebody who does.
    #[serde(default)]
    pub successor: Option<MemberId>,
}

/// What the program brings into each room of the case.
#[derive(Clone, Debug)]
pub struct Changing {
    pub leaves: MemberId,
    pub ground: Ground,
    pub decided_by: DecidedBy,
    pub reason: String,
    pub successor: Option<Member>,
}

/// Somebody of the bench has left the case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Changed {
    pub leaves: MemberId,
    pub ground: Ground,
    pub decided_by: DecidedBy,
    pub reason: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub successor: Option<Member>,
}

impl Ground {
    /// The term that people read.
    pub fn label(self) -> &'static str {
        match self {
            Ground::Recused => "回避",
            Ground::Transferred => "移交",
        }
    }
}

impl DecidedBy {
    /// The term that people read.
    pub fn label(self) -> &'static str {
        match self {
            DecidedBy::President => "院长",
            DecidedBy::Committee => "审判委员会",
            DecidedBy::PresidingJudge => "审判长（独任审判员）",
        }
    }
}

/// Whether somebody in this capacity may leave the bench of a case like this.
///
/// # Errors
/// What is wrong with the change.
pub fn check(
    policy: &Policy,
    actor: &Actor,
    leaves: (MemberId, Capacity),
    asked: (DecidedBy, &str),
    successor: Option<Capacity>,
) -> Result<String, Refusal> {
    let (member, capacity) = leaves;
    let (decided_by, why) = asked;
    let reason = refusal::reason(why)?;
    if !policy.is_bench(capacity) {
        return Err(Refusal::NotOfTheBench);
    }
    if member == actor.member {
        return Err(Refusal::PanelSelf);
    }
    // 审判人员的回避，由院长决定；其他人员的回避，由审判长或者独任审判员决定。
    let by_presiding = decided_by == DecidedBy::PresidingJudge;
    if by_presiding != policy.is_clerk(capacity) {
        return Err(Refusal::DecisionNotTheirs { label: capacity.label() });
    }
    match successor {
        None if policy.is_judge(capacity) => Err(Refusal::SuccessorMissing),
        Some(other) if other != capacity => Err(Refusal::SuccessorOtherwise { label: capacity.label() }),
        _ => Ok(reason),
    }
}

/// Decides whether it is told in this room.
pub(crate) fn change(scene: &Scene<'_>, told: Changing) -> Result<Decided, Refusal> {
    let leaver = scene.room.member(told.leaves).ok_or(Refusal::MemberUnknown)?;
    let successor = told.successor.as_ref().map(|member| member.capacity);
    let asked = (told.decided_by, told.reason.as_str());
    let reason = check(scene.policy, scene.actor, (leaver.id, leaver.capacity), asked, successor)?;
    let after = told.successor.as_ref().map(|member| format!("，由{}接替", member.name)).unwrap_or_default();
    let sentence = format!(
        "经{}决定，{}{}{}退出本案审判组织{after}，理由：{reason}",
        told.decided_by.label(),
        leaver.capacity.label(),
        leaver.name,
        if told.ground == Ground::Recused { "回避，" } else { "移交案件，" },
    );
    let Changing { leaves, ground, decided_by, successor, .. } = told;
    Ok(Decided::open(Body::PanelChange(Changed { leaves, ground, decided_by, reason, successor }), sentence))
}

impl Room {
    pub(crate) fn panel_changed(&mut self, act: &Act, changed: &Changed) {
        let leaves = member::End { member: changed.leaves, reason: changed.reason.clone() };
        self.member_ended(&leaves, act.seq);
        if let Some(successor) = &changed.successor
            && self.member(successor.id).is_none()
        {
            self.member_admitted(&member::Admitted { member: successor.clone() });
        }
    }
}
