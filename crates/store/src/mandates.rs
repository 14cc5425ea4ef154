//! Mandates beside the records: what was applied for, from the moment it was until it is over, in every room of the case or none yet.
//!
//! An application keeps what was typed: whether there is such a case and such a party is asked by the job that brings it into a record, so that
//! applying does the same work, and says the same, whatever the court has.

use court::agency::{Authority, Powers, Scope};
use court::{CaseId, MandateId, MemberId, PersonId, RoomId, UploadId};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::error::StoreError;
use crate::ledger::NewJob;
use crate::outbox::enqueue;
use crate::schema::{agent_check, agent_profile, blob_use, mandate, participant, upload};
use crate::store::Store;

/// Waits to be brought into a record: there is no room yet, or no such case.
pub const WAITING: &str = "waiting";
/// How many are listed.
const LISTED: u64 = 200;

/// A mandate, or an application for one. All times are microseconds since 1970-01-01 UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MandateRow {
    pub id: MandateId,
    /// Who applied: the party, or the agent.
    pub applicant: PersonId,
    pub agent: PersonId,
    pub agent_name: String,
    /// 案号, as it was typed.
    pub number: String,
    /// The number, as [`court::folded`] makes it.
    pub number_key: String,
    /// For whom, as it was typed.
    pub party_name: String,
    /// For whom, once it is known.
    pub party: Option<MemberId>,
    pub case: Option<CaseId>,
    /// In whose record the application stands.
    pub room: Option<RoomId>,
    /// The agent as a participant of the case.
    pub member: Option<MemberId>,
    pub authority: Authority,
    pub upload: UploadId,
    /// `waiting`, or what [`Status::code`] says.
    pub status: String,
    pub reason: Option<String>,
    pub created_at: i64,
    pub changed_at: i64,
}

impl Store {
    /// Keeps a new application, with the job that follows it. Its paper stays from now on.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] if the paper is gone or not finished.
    pub async fn put_mandate(&self, new: &MandateRow, then: &NewJob) -> Result<(), StoreError> {
        let row = mandate::ActiveModel {
            id: Set(new.id.0),
            applicant: Set(new.applicant.0),
            agent: Set(new.agent.0),
            agent_name: Set(new.agent_name.clone()),
            number: Set(new.number.clone()),
            number_key: Set(new.number_key.clone()),
            party_name: Set(new.party_name.clone()),
            party: Set(new.party.map(|id| id.0)),
            case: Set(new.case.map(|id| id.0)),
            record: Set(new.room.map(|id| id.0)),
            member: Set(new.member.map(|id| id.0)),
            scope: Set(scope_code(new.authority.scope).to_owned()),
            powers: Set(new.authority.powers.bits().into()),
            upload: Set(new.upload.0),
            status: Set(new.status.clone()),
            reason: Set(new.reason.clone()),
            created_at: Set(new.created_at),
            changed_at: Set(new.changed_at),
        };
        let tx = self.db().begin().await?;
        let found = upload::Entity::find_by_id(new.upload.0).one(&*tx).await?;
        let Some((sha256, size)) = found.and_then(|row| row.sha256.zip(row.size)) else {
            return Err(StoreError::Conflict);
        };
        let uses = blob_use::ActiveModel {
            record: Set(new.id.0),
            upload: Set(new.upload.0),
            sha256: Set(sha256),
            size: Set(size),
        };
        blob_use::Entity::insert_many([uses]).on_conflict_do_nothing().exec_without_returning(&*tx).await?;
        let used = upload::ActiveModel { used: Set(true), ..Default::default() };
        upload::Entity::update_many().set(used).filter(upload::Column::Id.eq(new.upload.0)).exec(&*tx).await?;
        mandate::Entity::insert(row).exec_without_returning(&*tx).await?;
        enqueue(&tx, then).await?;
        Ok(tx.commit().await?)
    }

    /// The mandate with this id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn mandate(&self, id: MandateId) -> Result<Option<MandateRow>, StoreError> {
        let row = mandate::Entity::find_by_id(id.0).one(&self.db().read).await?;
        row.map(stored).transpose()
    }

    /// What a person applied for, and what gives or gave them or another a mandate of theirs; the newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn mandates_of(&self, person: PersonId) -> Result<Vec<MandateRow>, StoreError> {
        let mine = participant::Entity::find().filter(participant::Column::Person.eq(person.0)).all(&self.db().read);
        let mine = mine.await?.into_iter().map(|row| row.id);
        let theirs = Condition::any()
            .add(mandate::Column::Applicant.eq(person.0))
            .add(mandate::Column::Agent.eq(person.0))
            .add(mandate::Column::Party.is_in(mine.take(500)));
        let rows = mandate::Entity::find()
            .filter(theirs)
            .order_by_desc(mandate::Column::CreatedAt)
            .order_by_asc(mandate::Column::Id)
            .limit(LISTED)
            .all(&self.db().read)
            .await?;
        rows.into_iter().map(stored).collect()
    }

    /// The mandates of a case in one status, the oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn mandates_in(&self, cases: &[CaseId], status: &str) -> Result<Vec<MandateRow>, StoreError> {
        let mut found = Vec::new();
        for cases in cases.chunks(500) {
            let rows = mandate::Entity::find()
                .filter(mandate::Column::Case.is_in(cases.iter().map(|case| case.0)))
                .filter(mandate::Column::Status.eq(status))
                .order_by_asc(mandate::Column::CreatedAt)
                .limit(LISTED)
                .all(&self.db().read)
                .await?;
            found.extend(rows);
        }
        found.sort_by_key(|row| (row.created_at, row.id));
        found.into_iter().take(LISTED as usize).map(stored).collect()
    }

    /// The applications that wait for a case with this number, the oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn waiting_mandates(&self, number_key: &str) -> Result<Vec<MandateRow>, StoreError> {
        let rows = mandate::Entity::find()
            .filter(mandate::Column::NumberKey.eq(number_key))
            .filter(mandate::Column::Status.eq(WAITING))
            .order_by_asc(mandate::Column::CreatedAt)
            .limit(LISTED)
            .all(&self.db().read)
            .await?;
        rows.into_iter().map(stored).collect()
    }

    /// How many applications a person has made since then.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn mandates_since(&self, applicant: PersonId, since: i64) -> Result<u64, StoreError> {
        let made = mandate::Entity::find()
            .filter(mandate::Column::Applicant.eq(applicant.0))
            .filter(mandate::Column::CreatedAt.gt(since))
            .count(&self.db().read)
            .await?;
        Ok(made)
    }

    /// Notes that somebody says that they act for others, and as what. A former note changes its kind.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn put_agent(&self, person: PersonId, kind: &str, now: i64) -> Result<(), StoreError> {
        let row = agent_profile::ActiveModel { person: Set(person.0), kind: Set(kind.to_owned()), since: Set(now) };
        let change =
            OnConflict::column(agent_profile::Column::Person).update_column(agent_profile::Column::Kind).to_owned();
        let tx = self.db().begin().await?;
        agent_profile::Entity::insert_many([row]).on_conflict(change).exec_without_returning(&*tx).await?;
        Ok(tx.commit().await?)
    }

    /// As what somebody says that they act for others, if they do.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn agent(&self, person: PersonId) -> Result<Option<String>, StoreError> {
        let row = agent_profile::Entity::find_by_id(person.0).one(&self.db().read).await?;
        Ok(row.map(|row| row.kind))
    }

    /// Notes that somebody looks for an agent; how often they had since then.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn note_agent_check(&self, id: Uuid, person: PersonId, now: i64, since: i64) -> Result<u64, StoreError> {
        let tx = self.db().begin().await?;
        let made = agent_check::Entity::find()
            .filter(agent_check::Column::Person.eq(person.0))
            .filter(agent_check::Column::At.gt(since))
            .count(&*tx)
            .await?;
        // What is older is of no use any more.
        let old = agent_check::Entity::delete_many().filter(agent_check::Column::Person.eq(person.0));
        old.filter(agent_check::Column::At.lte(since)).exec(&*tx).await?;
        let row = agent_check::ActiveModel { id: Set(id), person: Set(person.0), at: Set(now) };
        agent_check::Entity::insert(row).exec_without_returning(&*tx).await?;
        tx.commit().await?;
        Ok(made)
    }
}

fn scope_code(scope: Scope) -> &'static str {
    match scope {
        Scope::General => "general",
        Scope::Special => "special",
    }
}

fn stored(row: mandate::Model) -> Result<MandateRow, StoreError> {
    let bits = u16::try_from(row.powers).map_err(|_| StoreError::Corrupt("powers".to_owned()))?;
    let scope = if row.scope == "special" { Scope::Special } else { Scope::General };
    Ok(MandateRow {
        id: MandateId(row.id),
        applicant: PersonId(row.applicant),
        agent: PersonId(row.agent),
        agent_name: row.agent_name,
        number: row.number,
        number_key: row.number_key,
        party_name: row.party_name,
        party: row.party.map(MemberId),
        case: row.case.map(CaseId),
        room: row.record.map(RoomId),
        member: row.member.map(MemberId),
        authority: Authority { scope, powers: Powers::from_bits(bits) },
        upload: UploadId(row.upload),
        status: row.status,
        reason: row.reason,
        created_at: row.created_at,
        changed_at: row.changed_at,
    })
}
