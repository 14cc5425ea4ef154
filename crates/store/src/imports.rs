//! Putting what a court's own system knows into the books: all of a file in one transaction, or nothing.
//!
//! A case is known by its number, a person by the phone number, a participant by case, person and capacity. What a file does not name
//! stays as it is.

mod plan;

use court::{CaseId, MemberId, PersonId, folded};
use record::Hash;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use self::plan::{Known, Plan};
use crate::cases::{CaseRow, Participant, case_changes, case_row, participant_changes, participant_row};
use crate::convert::{hash, signed, unsigned};
use crate::db::{Tx, retrying};
use crate::error::StoreError;
use crate::people::Person;
use crate::schema::{court_case, import_run, meta, participant, person};
use crate::seals::Datum;
use crate::store::Store;

/// Rows of one statement.
const ROWS: usize = 200;
/// Imports wait for each other here.
const GATE: &str = "import.gate";

/// What a file says.
#[derive(Clone, Debug, Default)]
pub struct Import {
    pub cases: Vec<ImportCase>,
    pub parts: Vec<ImportPart>,
}

/// What a file says of a case. What it does not say stays as it is; a new case needs title, cause and day of filing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportCase {
    pub number: String,
    pub title: Option<String>,
    pub cause: Option<String>,
    pub filed_on: Option<String>,
    pub stage: Option<String>,
    pub status: Option<String>,
    /// The place in the file, to be named when there is something wrong.
    pub row: usize,
}

/// What a file says of somebody who takes part in a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportPart {
    /// Which of [`Import::cases`].
    pub case: usize,
    /// By which the person is known.
    pub phone: String,
    /// The name of the natural person.
    pub person: String,
    /// As shown to others: a person's or an organisation's name.
    pub name: String,
    /// Who acts for an organisation, with the position.
    pub acting: Option<String>,
    pub capacity: String,
    pub role: String,
    /// Whether it has ended; none: as it was.
    pub ended: Option<bool>,
    pub row: usize,
}

/// The line that an import leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportRun {
    pub id: Uuid,
    /// Microseconds since 1970-01-01 UTC.
    pub at: i64,
    /// Who imported: an integration's name and id, or the command line.
    pub source: String,
    /// `json`, `csv` or `xlsx`.
    pub form: String,
    pub sha256: Hash,
    pub bytes: u64,
    pub rows: u64,
}

/// How many of a kind were new, were changed, were as the file says already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub new: u64,
    pub changed: u64,
    pub same: u64,
}

/// What an import did, or would do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    pub cases: Tally,
    pub people: Tally,
    /// Those who ended are among the changed.
    pub participants: Tally,
    pub ended: u64,
}

/// Why a row does not fit what is in the books.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clash {
    /// A new case without this.
    CaseLacks(&'static str),
    /// The phone number belongs to somebody whose name was checked, and it is another name.
    AnotherPerson,
}

/// What came of an import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportOutcome {
    Done(Imported),
    /// Nothing was changed; which rows do not fit, and why.
    Refused(Vec<(usize, Clash)>),
}

impl Store {
    /// Puts a file into the books. With `check` everything is tried and nothing kept. `id` gives a new id each time.
    ///
    /// # Errors
    /// When the database cannot be written; nothing is then changed.
    pub async fn import(
        &self,
        import: &Import,
        run: &ImportRun,
        court: &str,
        check: bool,
        id: &(dyn Fn() -> Uuid + Sync),
    ) -> Result<ImportOutcome, StoreError> {
        // A login or another server may bring the same person at the same moment.
        retrying(async || {
            let tx = self.db().begin().await?;
            meta::Entity::find_by_id(GATE).lock_exclusive().one(&*tx).await?;
            let known = self.known(&tx, import).await?;
            let plan = Plan::of(import, known, court, run.at, id);
            if !plan.clashes.is_empty() {
                return Ok(ImportOutcome::Refused(plan.clashes));
            }
            self.write(&tx, &plan).await?;
            if !check {
                import_run::Entity::insert(run_row(run, &plan.done)).exec_without_returning(&*tx).await?;
                tx.commit().await?;
            }
            Ok(ImportOutcome::Done(plan.done))
        })
        .await
    }

    /// The latest imports, with what they did in words, newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn import_runs(&self, limit: u64) -> Result<Vec<(ImportRun, String)>, StoreError> {
        let rows = import_run::Entity::find()
            .order_by_desc(import_run::Column::At)
            .order_by_asc(import_run::Column::Id)
            .limit(limit)
            .all(&self.db().read)
            .await?;
        rows.into_iter()
            .map(|row| {
                let run = ImportRun {
                    id: row.id,
                    at: row.at,
                    source: row.source,
                    form: row.form,
                    sha256: hash(row.sha256)?,
                    bytes: unsigned(row.bytes)?,
                    rows: unsigned(row.rows)?,
                };
                Ok((run, row.changes))
            })
            .collect()
    }
}

impl Store {
    /// What the books hold of what the file names.
    async fn known(&self, tx: &Tx, import: &Import) -> Result<Known, StoreError> {
        let mut known = Known::default();
        for cases in import.cases.chunks(ROWS) {
            let numbers = cases.iter().map(|case| folded(&case.number));
            let rows =
                court_case::Entity::find().filter(court_case::Column::NumberKey.is_in(numbers)).all(&**tx).await?;
            known.cases.extend(rows.into_iter().map(|row| (row.number_key.clone(), CaseRow::from(row))));
        }
        for parts in import.parts.chunks(ROWS) {
            let phones =
                parts.iter().map(|part| self.blind(Datum::Phone, &part.phone)).collect::<Result<Vec<_>, _>>()?;
            let rows = person::Entity::find().filter(person::Column::PhoneIndex.is_in(phones)).all(&**tx).await?;
            for row in rows {
                let person = self.person_of(row)?;
                known.people.insert(person.phone.clone(), person);
            }
        }
        let ids: Vec<Uuid> = known.cases.values().map(|case| case.id.0).collect();
        for ids in ids.chunks(ROWS) {
            let rows = participant::Entity::find()
                .filter(participant::Column::Case.is_in(ids.iter().copied()))
                .order_by_asc(participant::Column::Place)
                .all(&**tx)
                .await?;
            for row in rows {
                let last = known.places.entry(CaseId(row.case)).or_default();
                *last = std::cmp::max(*last, row.place);
                known.parts.push((row.place, Participant::from(row)));
            }
        }
        Ok(known)
    }

    async fn write(&self, tx: &Tx, plan: &Plan) -> Result<(), StoreError> {
        for cases in plan.cases.chunks(ROWS) {
            let rows = cases.iter().map(case_row);
            court_case::Entity::insert_many(rows).on_conflict(case_changes()).exec_without_returning(&**tx).await?;
        }
        for people in plan.people.chunks(ROWS) {
            let rows = people.iter().map(|new| self.person_row(new)).collect::<Result<Vec<_>, _>>()?;
            let renamed = OnConflict::column(person::Column::Id).update_column(person::Column::Name).to_owned();
            person::Entity::insert_many(rows).on_conflict(renamed).exec_without_returning(&**tx).await?;
        }
        for parts in plan.parts.chunks(ROWS) {
            let rows = parts.iter().map(|(place, part)| participant_row(part, *place));
            participant::Entity::insert_many(rows)
                .on_conflict(participant_changes())
                .exec_without_returning(&**tx)
                .await?;
        }
        Ok(())
    }
}

fn run_row(run: &ImportRun, done: &Imported) -> import_run::ActiveModel {
    import_run::ActiveModel {
        id: Set(run.id),
        at: Set(run.at),
        source: Set(run.source.clone()),
        form: Set(run.form.clone()),
        sha256: Set(run.sha256.0.to_vec()),
        bytes: Set(signed(run.bytes)),
        rows: Set(signed(run.rows)),
        changes: Set(done.to_string()),
    }
}

impl std::fmt::Display for Imported {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let tally = |tally: Tally| format!("新增 {}，更改 {}，未变 {}", tally.new, tally.changed, tally.same);
        write!(
            f,
            "案件：{}；人员：{}；诉讼参与人：{}（其中终止 {}）",
            tally(self.cases),
            tally(self.people),
            tally(self.participants),
            self.ended
        )
    }
}

/// A new person of whom only name and phone number are known.
fn stranger(id: Uuid, pseudonym: Uuid, name: &str, phone: &str, now: i64) -> Person {
    Person {
        id: PersonId(id),
        pseudonym: pseudonym.simple().to_string(),
        name: name.to_owned(),
        phone: phone.to_owned(),
        // Their name was given by the court's system; nobody has checked a document yet.
        verified: false,
        created_at: now,
    }
}

/// A participant as a file describes them.
fn described(id: MemberId, case: CaseId, person: PersonId, part: &ImportPart, ended_at: Option<i64>) -> Participant {
    Participant {
        id,
        case,
        person,
        name: part.name.clone(),
        acting: part.acting.clone(),
        capacity: part.capacity.clone(),
        role: part.role.clone(),
        ended_at,
    }
}
