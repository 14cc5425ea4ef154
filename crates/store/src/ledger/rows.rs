//! Acts and answers as rows.

use court::{ActId, MemberId, PersonId};
use record::{Hash, Head};
use sea_orm::ActiveValue::Set;
use sea_orm::Iterable;
use sea_orm::sea_query::OnConflict;
use uuid::Uuid;

use super::append::{Answer, NewAct, StoredAct};
use crate::convert::{hash, salt, signed, unsigned};
use crate::error::StoreError;
use crate::schema::{act, answer, record as heads};

pub(crate) fn act_row(record: Uuid, new: &NewAct) -> act::ActiveModel {
    act::ActiveModel {
        record: Set(record),
        seq: Set(signed(new.seq)),
        id: Set(new.id.0),
        at: Set(new.at),
        person: Set(new.person.map(|id| id.0)),
        pseudonym: Set(new.pseudonym.clone()),
        member: Set(new.member.map(|id| id.0)),
        capacity: Set(new.capacity.clone()),
        kind: Set(new.kind.clone()),
        body: Set(new.body.clone()),
        body_salt: Set(new.body_salt.to_vec()),
        audience: Set(new.audience.clone()),
        audience_salt: Set(new.audience_salt.to_vec()),
        leaf: Set(new.leaf.0.to_vec()),
        prev: Set(new.prev.0.to_vec()),
    }
}

pub(crate) fn stored_act(row: act::Model) -> Result<StoredAct, StoreError> {
    Ok(StoredAct {
        record: row.record,
        id: ActId(row.id),
        seq: unsigned(row.seq)?,
        at: row.at,
        person: row.person.map(PersonId),
        pseudonym: row.pseudonym,
        member: row.member.map(MemberId),
        capacity: row.capacity,
        kind: row.kind,
        body: row.body,
        body_salt: salt(row.body_salt)?,
        audience: row.audience,
        audience_salt: salt(row.audience_salt)?,
        leaf: hash(row.leaf)?,
        prev: hash(row.prev)?,
    })
}

pub(crate) fn head_row(record: Uuid, head: Head, last_at: i64) -> heads::ActiveModel {
    heads::ActiveModel {
        id: Set(record),
        head_seq: Set(signed(head.seq)),
        head_leaf: Set(head.leaf.0.to_vec()),
        last_at: Set(last_at),
    }
}

pub(crate) fn stored_head(row: heads::Model) -> Result<(Uuid, Head), StoreError> {
    Ok((row.id, Head { seq: unsigned(row.head_seq)?, leaf: hash(row.head_leaf)? }))
}

/// Heads of new records are inserted, those of known ones moved.
pub(crate) fn head_moves() -> OnConflict {
    OnConflict::column(heads::Column::Id)
        .update_columns(heads::Column::iter().filter(|column| !matches!(column, heads::Column::Id)))
        .to_owned()
}

/// Where the answer under a person's key is kept: one short value to look for, however long the key is.
pub(crate) fn slot(person: PersonId, key: &str) -> Vec<u8> {
    Hash::of(&[person.0.as_bytes(), key.as_bytes()].concat()).0.to_vec()
}

pub(crate) fn answer_row(new: &Answer) -> answer::ActiveModel {
    answer::ActiveModel {
        slot: Set(slot(new.person, &new.key)),
        person: Set(new.person.0),
        key: Set(new.key.clone()),
        request: Set(new.request.0.to_vec()),
        response: Set(new.response.clone()),
        at: Set(new.at),
    }
}

pub(crate) fn stored_answer(row: answer::Model) -> Result<Answer, StoreError> {
    Ok(Answer {
        person: PersonId(row.person),
        key: row.key,
        request: hash(row.request)?,
        response: row.response,
        at: row.at,
    })
}
