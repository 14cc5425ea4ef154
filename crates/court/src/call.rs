//! A virtual call (虚拟电话): the judge rings a party or an agent from a number of the court's, and neither learns the other's.
//!
//! What the judge does is an act, and so is what became of it. The second one nobody does: the telephone service reports it (see
//! [`crate::act::report`]). No number stands in either of them (SR-49).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::act::{Body, Decided, Scene};
use crate::{ActId, Audience, Member, MemberId, Policy, Refusal, Room, Viewer};

/// Asks to ring a member.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CallStart)]
pub struct Start {
    /// A party or an agent who is in the room.
    pub callee: MemberId,
}

/// A call was begun.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = CallStarted)]
pub struct Started {
    pub callee: MemberId,
    /// Four digits that whoever calls must say first (architecture 5, no. 91): who cannot is not the court.
    pub proof: String,
}

/// What became of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CallOutcome)]
pub enum Outcome {
    Answered,
    Missed,
    Refused,
    /// There was no call: no number was to be had, or the service did not put it through.
    Failed,
    /// The service said nothing in time.
    Unknown,
}

/// What the telephone service reports at the end of a call. No person can ask for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CallEnd)]
pub struct End {
    /// The act that began it.
    pub call: ActId,
    pub outcome: Outcome,
    /// How long both spoke, in whole seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<u32>,
    /// Why there was no call, for people to read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A call is over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = CallEnded)]
pub struct Ended {
    /// The act that began it.
    pub call: ActId,
    pub callee: MemberId,
    pub outcome: Outcome,
    /// How long both spoke, in whole seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<u32>,
    /// Why there was no call, for people to read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// The call that is on in a room.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OnCall {
    /// The act that began it.
    pub call: ActId,
    pub caller: MemberId,
    pub callee: MemberId,
    /// What the caller must say first.
    pub proof: String,
    /// Who saw it begin, and so sees it end.
    audience: Audience,
}

pub(crate) fn start(scene: &Scene<'_>, asked: Start) -> Result<Decided, Refusal> {
    let callee = scene.room.member(asked.callee).ok_or(Refusal::MemberUnknown)?;
    if !scene.policy.may_be_called(callee.capacity) {
        return Err(Refusal::CalleeForbidden);
    }
    if scene.room.on_call.is_some() {
        return Err(Refusal::CallInProgress);
    }
    let proof = scene.facts.proof.clone().ok_or(Refusal::PhoneUnavailable)?;
    let bench = scene.room.present().filter(|member| scene.policy.is_bench(member.capacity));
    let audience = Audience::Members(bench.map(|member| member.id).chain([callee.id, scene.actor.member]).collect());
    let caller = scene.actor.said_name();
    Ok(Decided {
        sentence: format!("{caller}以虚拟电话联系{}，来电人须先报验证码 {proof}", said_name(callee)),
        hint: format!("{caller}拨打了一次虚拟电话"),
        body: Body::CallStart(Started { callee: callee.id, proof }),
        audience,
    })
}

/// What the service reports becomes an act, in the name of the member who called.
pub(crate) fn end(scene: &Scene<'_>, told: End) -> Result<Decided, Refusal> {
    let on = scene.room.on_call.as_ref().filter(|on| on.call == told.call).ok_or(Refusal::CallOver)?;
    let callee = scene.room.ever().find(|member| member.id == on.callee).ok_or(Refusal::MemberUnknown)?;
    let became = match (told.outcome, told.seconds) {
        (Outcome::Answered, Some(seconds)) => format!("已接听，通话 {}", length(seconds)),
        (Outcome::Answered, None) => "已接听".to_owned(),
        (Outcome::Missed, _) => "未接听".to_owned(),
        (Outcome::Refused, _) => "已拒接".to_owned(),
        (Outcome::Failed, _) => "没有接通".to_owned(),
        (Outcome::Unknown, _) => "没有收到通话结果".to_owned(),
    };
    let reason = told.reason.as_ref().map(|reason| format!("（{reason}）")).unwrap_or_default();
    Ok(Decided {
        sentence: format!("{}致{}的虚拟电话：{became}{reason}", scene.actor.said_name(), said_name(callee)),
        hint: "一次虚拟电话已经结束".to_owned(),
        audience: on.audience.clone(),
        body: Body::CallEnd(Ended {
            call: told.call,
            callee: on.callee,
            outcome: told.outcome,
            seconds: told.seconds,
            reason: told.reason,
        }),
    })
}

impl OnCall {
    /// Whether this viewer saw it begin.
    pub fn is_seen_by(&self, viewer: Viewer, policy: &Policy) -> bool {
        self.audience.includes(viewer, self.caller, policy)
    }
}

fn said_name(member: &Member) -> String {
    format!("{}{}", member.capacity.label(), member.name)
}

/// 3 分 20 秒.
fn length(seconds: u32) -> String {
    match (seconds / 60, seconds % 60) {
        (0, seconds) => format!("{seconds} 秒"),
        (minutes, 0) => format!("{minutes} 分"),
        (minutes, seconds) => format!("{minutes} 分 {seconds} 秒"),
    }
}

impl Room {
    /// The call that is on, if one is. One at a time.
    pub fn on_call(&self) -> Option<&OnCall> {
        self.on_call.as_ref()
    }

    pub(crate) fn call_started(&mut self, started: &Started, act: &crate::Act) {
        self.on_call = Some(OnCall {
            call: act.id,
            caller: act.actor,
            callee: started.callee,
            proof: started.proof.clone(),
            audience: act.audience.clone(),
        });
    }

    pub(crate) fn call_ended(&mut self, ended: &Ended) {
        self.on_call = self.on_call.take().filter(|on| on.call != ended.call);
    }
}
