//! How somebody stands in a case, written with the act that says so: mandates, consents, and where papers are sent.

use court::agency::Status;
use court::consent::State;
use court::{CaseId, MandateId, MemberId, PersonId, RoomId, folded};
use record::Hash;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, DbErr, EntityTrait, Iterable, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::convert::signed;
use crate::db::Tx;
use crate::schema::{consent, domicile_confirmed, mandate, participant};

/// What an act does to the row of a mandate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MandateChange {
    pub id: MandateId,
    pub status: Status,
    pub reason: Option<String>,
    /// Where it stands now, when it was just brought into a record.
    pub carried: Option<Carried>,
    /// Microseconds since 1970-01-01 UTC.
    pub at: i64,
}

/// An application was brought into a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Carried {
    pub case: CaseId,
    pub room: RoomId,
    pub party: MemberId,
    pub member: MemberId,
}

/// Somebody becomes a participant of a case by an act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewParticipant {
    pub id: MemberId,
    pub case: CaseId,
    pub person: PersonId,
    pub name: String,
    pub capacity: String,
    pub role: String,
}

/// What somebody agreed to, or refused, in a room. All times are microseconds since 1970-01-01 UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentRow {
    pub room: RoomId,
    pub member: MemberId,
    /// What [`court::consent::To::code`] says.
    pub what: String,
    pub person: PersonId,
    pub role: String,
    pub case: CaseId,
    pub title: String,
    pub version: String,
    pub sha256: Hash,
    pub stage: String,
    pub method: String,
    /// What [`State::code`] says.
    pub state: String,
    pub reason: Option<String>,
    /// The act that gave it.
    pub seq: u64,
    pub given_at: i64,
    pub changed_at: i64,
}

/// What a later act does to a consent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentChange {
    pub member: MemberId,
    pub what: String,
    pub state: State,
    pub reason: String,
    pub at: i64,
}

/// Which list somebody confirmed for a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DomicileConfirmed {
    pub case: CaseId,
    pub member: MemberId,
    pub person: PersonId,
    pub room: RoomId,
    pub version: u32,
    pub at: i64,
}

/// What an act does to the row of its mandate, in the act's own transaction.
pub(super) async fn change(tx: &Tx, change: &MandateChange) -> Result<(), DbErr> {
    let mut row = mandate::ActiveModel {
        status: Set(change.status.code().to_owned()),
        changed_at: Set(change.at),
        ..Default::default()
    };
    if let Some(reason) = &change.reason {
        row.reason = Set(Some(reason.clone()));
    }
    if let Some(Carried { case, room, party, member }) = change.carried {
        row.case = Set(Some(case.0));
        row.record = Set(Some(room.0));
        row.party = Set(Some(party.0));
        row.member = Set(Some(member.0));
    }
    mandate::Entity::update_many().set(row).filter(mandate::Column::Id.eq(change.id.0)).exec(&**tx).await?;
    Ok(())
}

/// Somebody takes part in a case from now on; who took part before does so again.
pub(super) async fn participates(tx: &Tx, new: &NewParticipant) -> Result<(), DbErr> {
    let last = participant::Entity::find()
        .filter(participant::Column::Case.eq(new.case.0))
        .order_by_desc(participant::Column::Place)
        .one(&**tx)
        .await?;
    let row = participant::ActiveModel {
        id: Set(new.id.0),
        case: Set(new.case.0),
        person: Set(new.person.0),
        place: Set(last.map_or(1, |last| last.place + 1)),
        name: Set(new.name.clone()),
        acting: Set(None),
        capacity: Set(new.capacity.clone()),
        role: Set(new.role.clone()),
        ended_at: Set(None),
        search: Set(format!("{}\n", folded(&new.name))),
    };
    let again = OnConflict::column(participant::Column::Id).update_column(participant::Column::EndedAt).to_owned();
    participant::Entity::insert_many([row]).on_conflict(again).exec_without_returning(&**tx).await?;
    Ok(())
}

/// Somebody takes part in a case no longer.
pub(super) async fn participates_no_longer(tx: &Tx, id: MemberId, at: i64) -> Result<(), DbErr> {
    let ended = participant::ActiveModel { ended_at: Set(Some(at)), ..Default::default() };
    participant::Entity::update_many()
        .set(ended)
        .filter(participant::Column::Id.eq(id.0))
        .filter(participant::Column::EndedAt.is_null())
        .exec(&**tx)
        .await?;
    Ok(())
}

/// A consent was given or refused: in place of an earlier answer, within the act's own transaction.
pub(super) async fn given(tx: &Tx, new: &ConsentRow) -> Result<(), DbErr> {
    let row = consent::ActiveModel {
        record: Set(new.room.0),
        member: Set(new.member.0),
        what: Set(new.what.clone()),
        person: Set(new.person.0),
        role: Set(new.role.clone()),
        case: Set(new.case.0),
        title: Set(new.title.clone()),
        version: Set(new.version.clone()),
        sha256: Set(new.sha256.0.to_vec()),
        stage: Set(new.stage.clone()),
        method: Set(new.method.clone()),
        state: Set(new.state.clone()),
        reason: Set(new.reason.clone()),
        seq: Set(signed(new.seq)),
        given_at: Set(new.given_at),
        changed_at: Set(new.changed_at),
    };
    let key = [consent::Column::Record, consent::Column::Member, consent::Column::What];
    let anew = OnConflict::columns(key).update_columns(consent::Column::iter()).to_owned();
    consent::Entity::insert_many([row]).on_conflict(anew).exec_without_returning(&**tx).await?;
    Ok(())
}

/// A consent was taken back, or it was decided on.
pub(super) async fn changed(tx: &Tx, record: Uuid, change: &ConsentChange) -> Result<(), DbErr> {
    let row = consent::ActiveModel {
        state: Set(change.state.code().to_owned()),
        reason: Set(Some(change.reason.clone())),
        changed_at: Set(change.at),
        ..Default::default()
    };
    consent::Entity::update_many()
        .set(row)
        .filter(consent::Column::Record.eq(record))
        .filter(consent::Column::Member.eq(change.member.0))
        .filter(consent::Column::What.eq(&*change.what))
        .exec(&**tx)
        .await?;
    Ok(())
}

/// A list of addresses was confirmed for a case, in place of an earlier one.
pub(super) async fn confirmed(tx: &Tx, new: &DomicileConfirmed) -> Result<(), DbErr> {
    let row = domicile_confirmed::ActiveModel {
        case: Set(new.case.0),
        member: Set(new.member.0),
        person: Set(new.person.0),
        record: Set(new.room.0),
        version: Set(i32::try_from(new.version).unwrap_or(i32::MAX)),
        at: Set(new.at),
    };
    let key = [domicile_confirmed::Column::Case, domicile_confirmed::Column::Member];
    let anew = OnConflict::columns(key).update_columns(domicile_confirmed::Column::iter()).to_owned();
    domicile_confirmed::Entity::insert_many([row]).on_conflict(anew).exec_without_returning(&**tx).await?;
    Ok(())
}
