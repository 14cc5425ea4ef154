//! Looking at what the court knows of a member in full (SR-15): everywhere else numbers are masked. Who looks says why; that they looked stays in
//! the record, and what they saw does not.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::act::{Body, Decided, Scene};
use crate::{Audience, MemberId, Refusal, refusal};

/// Asks to see a member's telephone number and document in full.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ContactView)]
pub struct View {
    pub member: MemberId,
    /// Why it is needed.
    pub reason: String,
}

/// Somebody of the court looked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ContactViewed)]
pub struct Viewed {
    pub member: MemberId,
    pub reason: String,
}

pub(crate) fn view(scene: &Scene<'_>, asked: &View) -> Result<Decided, Refusal> {
    let reason = refusal::reason(&asked.reason)?;
    let member = scene.room.member(asked.member).ok_or(Refusal::MemberUnknown)?;
    let actor = scene.actor.said_name();
    let whose = format!("{}{}", member.capacity.label(), member.name);
    Ok(Decided {
        body: Body::ContactView(Viewed { member: asked.member, reason: reason.clone() }),
        audience: Audience::Bench,
        sentence: format!("{actor}查看了{whose}登记的手机号码和证件号码，理由：{reason}"),
        hint: format!("{actor}查看了一位成员登记的信息"),
    })
}
