//! 院庭长监督阅卷: somebody of the court who takes part in no capacity reads the rooms of a case, for a written reason and for an hour (SR-23).
//!
//! It is no membership: an overseer is nobody whom others write to, ask or wait for. The act that begins the reading stands in each room,
//! for everybody in it; without the act in a room there is no reading there, and what it says is when the reading ends.

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use utoipa::ToSchema;

use crate::act::{Act, Body, Decided, Scene};
use crate::audience::Viewer;
use crate::{Capacity, MemberId, PersonId, Refusal, Role, Room, beijing, refusal};

/// How long somebody may read for one reason.
pub const LASTS: Duration = Duration::minutes(60);

/// Asks to read the rooms of a case.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Read {
    pub reason: String,
}

/// What the program brings into each room of the case.
#[derive(Clone, Debug)]
pub struct Opening {
    /// The office for which somebody reads.
    pub office: Role,
    pub reason: String,
    pub until: OffsetDateTime,
}

/// Somebody from outside the case reads it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Reading {
    pub office: Role,
    pub reason: String,
    /// When the reading ends by itself.
    #[serde(with = "time::serde::rfc3339")]
    pub until: OffsetDateTime,
    /// The person's account. The record keeps it; others are shown the act without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) person: Option<PersonId>,
}

/// Somebody who reads a room until some time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overseer {
    /// In the place of a member's id: one reading, one id.
    pub id: MemberId,
    pub person: PersonId,
    pub name: String,
    pub office: Role,
    #[serde(with = "time::serde::rfc3339")]
    pub until: OffsetDateTime,
}

/// Checks the reason for a reading, before anything is begun.
///
/// # Errors
/// What is wrong with it.
pub fn reason(text: &str) -> Result<String, Refusal> {
    refusal::reason(text)
}

/// Decides whether the reading begins in this room. Who may read is decided before, for the case as a whole.
pub(crate) fn read(scene: &Scene<'_>, told: Opening) -> Result<Decided, Refusal> {
    let actor = scene.actor;
    let reason = refusal::reason(&told.reason)?;
    if scene.room.overseers.iter().any(|overseer| overseer.id == actor.member) {
        return Err(Refusal::OversightBegun);
    }
    // Who takes part reads as who they are there, and never past the limits of that.
    if scene.room.present().any(|member| member.person == Some(actor.person)) {
        return Err(Refusal::OversightOfOwnCase);
    }
    let (office, until) = (told.office, told.until.min(scene.now + LASTS));
    let sentence =
        format!("{}{}监督查阅本案，至 {} 止，理由：{reason}", office.label(), actor.name, beijing::short(until));
    let reading = Reading { office, reason, until, person: Some(actor.person) };
    Ok(Decided::open(Body::OversightRead(reading), sentence))
}

impl Room {
    /// As whom this person may read the room now without being a member of it, if at all.
    pub fn overseer_of(&self, person: PersonId, role: Role, now: OffsetDateTime) -> Option<&Overseer> {
        let mut own = self.overseers.iter().filter(|overseer| overseer.person == person && overseer.office == role);
        own.rfind(|overseer| overseer.until > now)
    }

    /// Whether this reading has begun here.
    pub fn is_overseen_as(&self, reading: MemberId) -> bool {
        self.overseers.iter().any(|overseer| overseer.id == reading)
    }

    pub(crate) fn overseer_reads(&mut self, act: &Act, reading: &Reading) {
        let Some(person) = reading.person else { return };
        // Those whose hour is over need no numbering any more.
        for over in self.overseers.extract_if(.., |overseer| overseer.until <= act.at) {
            self.hidden.remove(&over.id);
        }
        let (name, office, until) = (act.name.clone(), reading.office, reading.until);
        self.overseers.push(Overseer { id: act.actor, person, name, office, until });
    }
}

impl Overseer {
    /// This overseer as somebody who looks: sees what everybody in the room sees.
    pub fn viewer(&self) -> Viewer {
        Viewer { member: self.id, capacity: Capacity::Overseer }
    }
}
