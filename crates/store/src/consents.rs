//! Consents as a list beside the records, and where papers are sent. What is sealed is opaque here: only the desk's vault opens it.

use court::{CaseId, MemberId, PersonId, RoomId};
use record::Hash;
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::convert::{hash, unsigned};
use crate::error::StoreError;
use crate::ledger::{ConsentRow, DomicileConfirmed};
use crate::schema::{consent, court_case, domicile, domicile_confirmed};
use crate::store::Store;

/// How many are listed.
const LISTED: u64 = 500;

/// A version of a person's list of addresses.
#[derive(Clone, PartialEq, Eq)]
pub struct DomicileRow {
    pub person: PersonId,
    /// From 1.
    pub version: u32,
    pub commitment: Hash,
    /// Under which key it is sealed.
    pub key: Uuid,
    pub sealed: Vec<u8>,
    pub created_at: i64,
}

/// Nothing of what is sealed is printed.
impl std::fmt::Debug for DomicileRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DomicileRow")
            .field("person", &self.person)
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

impl Store {
    /// What a person agreed to or refused in a role, the latest first, each with the number of its case.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn consents_of(&self, person: PersonId, role: &str) -> Result<Vec<(ConsentRow, String)>, StoreError> {
        let rows = consent::Entity::find()
            .filter(consent::Column::Person.eq(person.0))
            .filter(consent::Column::Role.eq(role))
            .order_by_desc(consent::Column::GivenAt)
            .limit(LISTED)
            .all(&self.db().read)
            .await?;
        let cases: Vec<_> = rows.iter().map(|row| row.case).collect();
        let cases = court_case::Entity::find().filter(court_case::Column::Id.is_in(cases)).all(&self.db().read).await?;
        let number = |id| cases.iter().find(|case| case.id == id).map(|case| case.number.clone()).unwrap_or_default();
        rows.into_iter().map(|row| Ok((stored(row.clone())?, number(row.case)))).collect()
    }

    /// What was agreed to or refused in a case.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn consents_in(&self, case: CaseId) -> Result<Vec<ConsentRow>, StoreError> {
        let rows = consent::Entity::find()
            .filter(consent::Column::Case.eq(case.0))
            .order_by_desc(consent::Column::ChangedAt)
            .limit(LISTED)
            .all(&self.db().read)
            .await?;
        rows.into_iter().map(stored).collect()
    }

    /// Keeps a list of addresses as a new version.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the person has this version already.
    pub async fn put_domicile(&self, new: &DomicileRow) -> Result<(), StoreError> {
        let row = domicile::ActiveModel {
            person: Set(new.person.0),
            version: Set(i32::try_from(new.version).unwrap_or(i32::MAX)),
            commitment: Set(new.commitment.0.to_vec()),
            vault_key: Set(new.key),
            sealed: Set(new.sealed.clone()),
            created_at: Set(new.created_at),
        };
        let tx = self.db().begin().await?;
        domicile::Entity::insert(row).exec_without_returning(&*tx).await?;
        Ok(tx.commit().await?)
    }

    /// A person's list of addresses: this version, or the latest.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn domicile(&self, person: PersonId, version: Option<u32>) -> Result<Option<DomicileRow>, StoreError> {
        let mut query = domicile::Entity::find().filter(domicile::Column::Person.eq(person.0));
        if let Some(version) = version {
            query = query.filter(domicile::Column::Version.eq(i32::try_from(version).unwrap_or(i32::MAX)));
        }
        let row = query.order_by_desc(domicile::Column::Version).one(&self.db().read).await?;
        row.map(|row| {
            Ok(DomicileRow {
                person: PersonId(row.person),
                version: u32::try_from(row.version).unwrap_or(0),
                commitment: hash(row.commitment)?,
                key: row.vault_key,
                sealed: row.sealed,
                created_at: row.created_at,
            })
        })
        .transpose()
    }

    /// Which lists were confirmed for a case.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn domiciles_in(&self, case: CaseId) -> Result<Vec<DomicileConfirmed>, StoreError> {
        let rows = domicile_confirmed::Entity::find()
            .filter(domicile_confirmed::Column::Case.eq(case.0))
            .order_by_asc(domicile_confirmed::Column::At)
            .limit(LISTED)
            .all(&self.db().read)
            .await?;
        let row = |row: domicile_confirmed::Model| DomicileConfirmed {
            case: CaseId(row.case),
            member: MemberId(row.member),
            person: PersonId(row.person),
            room: RoomId(row.record),
            version: u32::try_from(row.version).unwrap_or(0),
            at: row.at,
        };
        Ok(rows.into_iter().map(row).collect())
    }
}

fn stored(row: consent::Model) -> Result<ConsentRow, StoreError> {
    Ok(ConsentRow {
        room: RoomId(row.record),
        member: MemberId(row.member),
        what: row.what,
        person: PersonId(row.person),
        role: row.role,
        case: CaseId(row.case),
        title: row.title,
        version: row.version,
        sha256: hash(row.sha256)?,
        stage: row.stage,
        method: row.method,
        state: row.state,
        reason: row.reason,
        seq: unsigned(row.seq)?,
        given_at: row.given_at,
        changed_at: row.changed_at,
    })
}
