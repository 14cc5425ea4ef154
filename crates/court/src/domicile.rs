//! Where papers are sent (送达地址确认书): confirmed in a room by its person, kept in the person's own store.
//!
//! No act holds an address: it names a version of the person's list by a commitment, SHA-256 over a secret salt and the list. Who serves papers
//! opens that version; who has the record alone learns that there is one.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::act::{Act, Body, Decided, Scene};
use crate::consent::To;
use crate::{Audience, MemberId, Refusal, Room};

/// A person's list as a decision needs it: which one, and what kinds of ways stand in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub version: u32,
    pub commitment: record::Hash,
    pub count: u32,
    /// Whether some of it is an electronic way.
    pub electronic: bool,
}

/// Confirms one's list, as it stands now, for this case.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DomicileConfirm)]
pub struct Confirm {
    /// The version that was looked at.
    pub version: u32,
}

/// A list was confirmed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = DomicileConfirmed)]
pub struct Confirmed {
    pub version: u32,
    #[schema(value_type = String)]
    pub commitment: record::Hash,
    pub count: u32,
    /// Whether some of it is an electronic way.
    pub electronic: bool,
}

pub(crate) fn confirm(scene: &Scene<'_>, asked: &Confirm) -> Result<Decided, Refusal> {
    let me = scene.actor.member;
    let listed = scene.facts.domicile.clone().ok_or(Refusal::DomicileMissing)?;
    if listed.version != asked.version {
        return Err(Refusal::DomicileChanged);
    }
    if scene.room.domicile(me).is_some_and(|(_, commitment)| commitment == listed.commitment) {
        return Err(Refusal::DomicileConfirmed);
    }
    let agreed = scene.facts.electronic_service
        || scene.room.consent(me, To::ElectronicService).is_some_and(|answer| answer.state.holds());
    if listed.electronic && !agreed {
        return Err(Refusal::ElectronicServiceNotAgreed);
    }
    let name = scene.actor.said_name();
    let Listed { version, commitment, count, electronic } = listed;
    Ok(Decided {
        audience: Audience::Bench,
        sentence: format!("{name}确认了送达地址（共 {count} 项）"),
        hint: format!("{name}确认了送达地址"),
        body: Body::DomicileConfirm(Confirmed { version, commitment, count, electronic }),
    })
}

impl Room {
    /// The list that a member has confirmed here: version and commitment.
    pub fn domicile(&self, member: MemberId) -> Option<(u32, record::Hash)> {
        self.domiciles.get(&member).copied()
    }

    pub(crate) fn domicile_confirmed(&mut self, act: &Act, confirmed: &Confirmed) {
        self.domiciles.insert(act.actor, (confirmed.version, confirmed.commitment));
    }
}
