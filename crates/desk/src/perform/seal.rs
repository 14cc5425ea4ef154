//! Gives a decided act its place in the record: documents, commitments, leaf.

use court::act::{AudienceDocument, BodyDocument};
use court::{Act, ActId, Actor, Decided, Room, beijing};
use record::{Head, Leaf, Salt, commit};
use serde::Serialize;
use store::{NewAct, StoredAct};
use time::OffsetDateTime;

use crate::Problem;

/// An act in its place, with the row that will be stored.
#[derive(Clone, Debug)]
pub(crate) struct Sealed {
    pub(crate) act: Act,
    pub(crate) row: NewAct,
    /// The head that it was decided on.
    pub(crate) expected: Head,
}

/// Seals an act onto the end of a room.
pub(crate) fn seal(
    court: &str,
    room: &Room,
    actor: &Actor,
    decided: Decided,
    id: ActId,
    now: OffsetDateTime,
    (body_salt, audience_salt): (Salt, Salt),
) -> Result<Sealed, Problem> {
    let seq = room.seq + 1;
    // Clocks may step back; the record's time does not.
    let at = beijing::micros(now.max(room.last_at));
    let kind = decided.body.kind();
    let body = json(&BodyDocument {
        capacity: actor.capacity,
        name: actor.name.clone(),
        sentence: decided.sentence.clone(),
        act: decided.body.clone(),
    })?;
    let audience = json(&AudienceDocument { audience: decided.audience.clone(), hint: decided.hint.clone() })?;
    let leaf = Leaf {
        court,
        record: room.id.0,
        seq,
        kind: kind.code(),
        at,
        actor: &actor.pseudonym,
        prev: room.leaf,
        body: commit(&body_salt, body.as_bytes()),
        audience: commit(&audience_salt, audience.as_bytes()),
    }
    .hash();
    let act = Act {
        room: room.id,
        seq,
        id,
        at: beijing::from_micros(at),
        actor: actor.member,
        capacity: actor.capacity,
        name: actor.name.clone(),
        audience: decided.audience,
        sentence: decided.sentence,
        hint: decided.hint,
        body: decided.body,
        leaf,
    };
    let row = NewAct {
        id,
        seq,
        at,
        person: Some(actor.person),
        pseudonym: actor.pseudonym.clone(),
        member: Some(actor.member),
        capacity: actor.capacity.code().to_owned(),
        kind: kind.code().to_owned(),
        body,
        body_salt,
        audience,
        audience_salt,
        leaf,
        prev: room.leaf,
    };
    Ok(Sealed { act, row, expected: room.head() })
}

/// Reads a stored act.
///
/// # Errors
/// When what is stored is no act of this program: the record was tampered with or belongs to a newer version.
pub(crate) fn open(room: court::RoomId, row: &StoredAct) -> Result<Act, Problem> {
    let broken = |what: &str| {
        tracing::error!(room.id = %room, act.seq = row.seq, what, "A stored act cannot be read");
        Problem::internal()
    };
    let body: BodyDocument = serde_json::from_str(&row.body).map_err(|_| broken("body"))?;
    let audience: AudienceDocument = serde_json::from_str(&row.audience).map_err(|_| broken("audience"))?;
    Ok(Act {
        room,
        seq: row.seq,
        id: row.id,
        at: beijing::from_micros(row.at),
        actor: row.member.ok_or_else(|| broken("member"))?,
        capacity: body.capacity,
        name: body.name,
        audience: audience.audience,
        sentence: body.sentence,
        hint: audience.hint,
        body: body.act,
        leaf: row.leaf,
    })
}

/// The one JSON text that is stored, hashed and never written again.
pub(crate) fn json(value: &impl Serialize) -> Result<String, Problem> {
    serde_json::to_string(value).map_err(|_| Problem::internal())
}
