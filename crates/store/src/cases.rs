//! Cases, and who takes part in them in which capacity.

use std::collections::{BTreeMap, HashMap, HashSet};

use court::{CaseId, MemberId, PersonId, folded};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, Iterable, QueryFilter, QueryOrder};

use crate::error::StoreError;
use crate::schema::{court_case, office, participant};
use crate::store::Store;

/// Ids of one query.
const ROWS: usize = 500;

/// A case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseRow {
    pub id: CaseId,
    /// 案号; no two cases share one.
    pub number: String,
    pub title: String,
    /// 案由.
    pub cause: String,
    pub court: String,
    pub stage: String,
    /// 立案日期, `2026-11-20`.
    pub filed_on: String,
    /// `open` (未结) or `closed` (已结).
    pub status: String,
}

/// A person in one capacity in one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Participant {
    pub id: MemberId,
    pub case: CaseId,
    pub person: PersonId,
    /// As shown to others: a person's or an organisation's name.
    pub name: String,
    /// Who acts for an organisation, with the position.
    pub acting: Option<String>,
    pub capacity: String,
    pub role: String,
    /// Microseconds since 1970-01-01 UTC; none while the capacity lasts.
    pub ended_at: Option<i64>,
}

impl Store {
    /// Keeps a case, or changes the one with this id.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] if another case has the number.
    pub async fn put_case(&self, case: &CaseRow) -> Result<(), StoreError> {
        let row = case_row(case);
        let tx = self.db().begin().await?;
        court_case::Entity::insert_many([row]).on_conflict(case_changes()).exec_without_returning(&*tx).await?;
        Ok(tx.commit().await?)
    }

    /// Keeps a participant, or changes the one with this id.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn put_participant(&self, participant: &Participant) -> Result<(), StoreError> {
        let tx = self.db().begin().await?;
        let place = participant::Entity::find()
            .filter(participant::Column::Case.eq(participant.case.0))
            .order_by_desc(participant::Column::Place)
            .one(&*tx)
            .await?
            .map_or(1, |last| last.place + 1);
        let row = participant_row(participant, place);
        participant::Entity::insert_many([row]).on_conflict(participant_changes()).exec_without_returning(&*tx).await?;
        Ok(tx.commit().await?)
    }

    /// The case with this id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn case(&self, id: CaseId) -> Result<Option<CaseRow>, StoreError> {
        let row = court_case::Entity::find_by_id(id.0).one(&self.db().read).await?;
        Ok(row.map(CaseRow::from))
    }

    /// The case with this number, however its brackets and spaces are written.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn case_by_number(&self, number: &str) -> Result<Option<CaseRow>, StoreError> {
        let key = court::folded(number);
        let row = court_case::Entity::find().filter(court_case::Column::NumberKey.eq(key)).one(&self.db().read).await?;
        Ok(row.map(CaseRow::from))
    }

    /// Everybody who takes or took part in a case, in the order in which they were entered.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn participants(&self, case: CaseId) -> Result<Vec<Participant>, StoreError> {
        let rows = participant::Entity::find()
            .filter(participant::Column::Case.eq(case.0))
            .order_by_asc(participant::Column::Place)
            .order_by_asc(participant::Column::Id)
            .all(&self.db().read)
            .await?;
        Ok(rows.into_iter().map(Participant::from).collect())
    }

    /// The cases in which a person takes part in a role (not ended), latest filed first, each with the person's row.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn cases_of(&self, person: PersonId, role: &str) -> Result<Vec<(CaseRow, Participant)>, StoreError> {
        let mine = participant::Entity::find()
            .filter(participant::Column::Person.eq(person.0))
            .filter(participant::Column::Role.eq(role))
            .filter(participant::Column::EndedAt.is_null())
            .all(&self.db().read)
            .await?;
        let mut cases = HashMap::new();
        for mine in mine.chunks(ROWS) {
            let rows = court_case::Entity::find()
                .filter(court_case::Column::Id.is_in(mine.iter().map(|row| row.case)))
                .all(&self.db().read)
                .await?;
            cases.extend(rows.into_iter().map(|row| (row.id, row)));
        }
        let mut pairs: Vec<(CaseRow, Participant)> = mine
            .into_iter()
            .filter_map(|row| Some((CaseRow::from(cases.get(&row.case)?.clone()), Participant::from(row))))
            .collect();
        pairs.sort_by(|(a, _), (b, _)| b.filed_on.cmp(&a.filed_on).then_with(|| b.number.cmp(&a.number)));
        Ok(pairs)
    }

    /// The person's row in a case in a role, if it has not ended.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn participant_of(
        &self,
        case: CaseId,
        person: PersonId,
        role: &str,
    ) -> Result<Option<Participant>, StoreError> {
        let row = participant::Entity::find()
            .filter(participant::Column::Case.eq(case.0))
            .filter(participant::Column::Person.eq(person.0))
            .filter(participant::Column::Role.eq(role))
            .filter(participant::Column::EndedAt.is_null())
            .order_by_asc(participant::Column::Place)
            .one(&self.db().read)
            .await?;
        Ok(row.map(Participant::from))
    }

    /// The roles that a person has, each with the number of cases, by name: in cases, and those of the offices that they hold. Whose office
    /// has ended has its role no longer, whatever cases still name them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn roles_of(&self, person: PersonId) -> Result<Vec<(String, u64)>, StoreError> {
        let rows = participant::Entity::find()
            .filter(participant::Column::Person.eq(person.0))
            .filter(participant::Column::EndedAt.is_null())
            .all(&self.db().read)
            .await?;
        let mut roles: BTreeMap<String, HashSet<uuid::Uuid>> = BTreeMap::new();
        // Who says that they are an agent has the role before the first mandate.
        if self.agent(person).await?.is_some() {
            roles.entry(court::Role::Agent.code().to_owned()).or_default();
        }
        let seats = rows.clone();
        for row in rows {
            roles.entry(row.role).or_default().insert(row.case);
        }
        let offices = office::Entity::find().filter(office::Column::Person.eq(person.0)).all(&self.db().read).await?;
        for over in offices.iter().filter(|office| office.ended_at.is_some() && office.accepted_at.is_some()) {
            roles.remove(&over.role);
        }
        for held in offices.iter().filter(|office| office.ended_at.is_none() && office.accepted_at.is_some()) {
            roles.entry(held.role.clone()).or_insert_with(|| {
                let seats = seats.iter().filter(|seat| seat.role == held.role);
                seats.map(|seat| seat.case).collect()
            });
        }
        Ok(roles.into_iter().map(|(role, cases)| (role, cases.len() as u64)).collect())
    }

    /// Ends a capacity in a case. Returns whether this call ended it.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn end_participant(&self, id: MemberId, now: i64) -> Result<bool, StoreError> {
        let ended = participant::ActiveModel { ended_at: Set(Some(now)), ..Default::default() };
        let tx = self.db().begin().await?;
        let done = participant::Entity::update_many()
            .set(ended)
            .filter(participant::Column::Id.eq(id.0))
            .filter(participant::Column::EndedAt.is_null())
            .exec(&*tx)
            .await?;
        tx.commit().await?;
        Ok(done.rows_affected > 0)
    }
}

/// A case as a row, with what it is found by.
pub(crate) fn case_row(case: &CaseRow) -> court_case::ActiveModel {
    let number = folded(&case.number);
    court_case::ActiveModel {
        id: Set(case.id.0),
        number: Set(case.number.clone()),
        title: Set(case.title.clone()),
        cause: Set(case.cause.clone()),
        court: Set(case.court.clone()),
        stage: Set(case.stage.clone()),
        filed_on: Set(case.filed_on.clone()),
        status: Set(case.status.clone()),
        search: Set(format!("{number}\n{}\n{}", folded(&case.title), folded(&case.cause))),
        number_key: Set(number),
    }
}

/// A case that is there already is changed.
pub(crate) fn case_changes() -> OnConflict {
    OnConflict::column(court_case::Column::Id)
        .update_columns(court_case::Column::iter().filter(|column| !matches!(column, court_case::Column::Id)))
        .to_owned()
}

/// A participant as a row, with what they are found by.
pub(crate) fn participant_row(participant: &Participant, place: i64) -> participant::ActiveModel {
    let acting = participant.acting.as_deref().unwrap_or_default();
    participant::ActiveModel {
        id: Set(participant.id.0),
        case: Set(participant.case.0),
        person: Set(participant.person.0),
        place: Set(place),
        name: Set(participant.name.clone()),
        acting: Set(participant.acting.clone()),
        capacity: Set(participant.capacity.clone()),
        role: Set(participant.role.clone()),
        ended_at: Set(participant.ended_at),
        search: Set(format!("{}\n{}", folded(&participant.name), folded(acting))),
    }
}

/// A participant who is there already is changed, but stays who and where they are.
pub(crate) fn participant_changes() -> OnConflict {
    OnConflict::column(participant::Column::Id)
        .update_columns([
            participant::Column::Name,
            participant::Column::Acting,
            participant::Column::Capacity,
            participant::Column::Role,
            participant::Column::EndedAt,
            participant::Column::Search,
        ])
        .to_owned()
}

impl From<court_case::Model> for CaseRow {
    fn from(row: court_case::Model) -> Self {
        CaseRow {
            id: CaseId(row.id),
            number: row.number,
            title: row.title,
            cause: row.cause,
            court: row.court,
            stage: row.stage,
            filed_on: row.filed_on,
            status: row.status,
        }
    }
}

impl From<participant::Model> for Participant {
    fn from(row: participant::Model) -> Self {
        Participant {
            id: MemberId(row.id),
            case: CaseId(row.case),
            person: PersonId(row.person),
            name: row.name,
            acting: row.acting,
            capacity: row.capacity,
            role: row.role,
            ended_at: row.ended_at,
        }
    }
}
