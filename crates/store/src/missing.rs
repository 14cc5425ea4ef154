//! Reports that a case is missing (案件缺失反馈).
//!
//! A report keeps what was typed and nothing else: whether there is such a case is asked anew whenever a clerk looks, so that taking a
//! report does the same work, and says the same, whatever the court has.

use court::{PersonId, ReportId};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::error::StoreError;
use crate::ledger::NewJob;
use crate::outbox::enqueue;
use crate::people::Person;
use crate::schema::{court_case, missing_case, participant, person};
use crate::store::Store;

/// A report. All times are microseconds since 1970-01-01 UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingReport {
    pub id: ReportId,
    /// Who misses the case.
    pub person: PersonId,
    /// 案号, as it was typed.
    pub number: String,
    /// The number, as [`court::folded`] makes it.
    pub number_key: String,
    pub court: String,
    pub remark: String,
    pub created_at: i64,
    pub handled_at: Option<i64>,
    pub handled_by: Option<PersonId>,
    pub reply: Option<String>,
}

/// A clerk who looks after reports.
#[derive(Clone, Copy, Debug)]
pub struct Clerk<'a> {
    pub person: PersonId,
    /// Names of the capacities that count as a clerk's.
    pub capacities: &'a [&'a str],
}

impl Store {
    /// Keeps a new report, with the job that follows it.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn put_missing_report(&self, new: &MissingReport, then: &NewJob) -> Result<(), StoreError> {
        let row = missing_case::ActiveModel {
            id: Set(new.id.0),
            person: Set(new.person.0),
            number: Set(new.number.clone()),
            number_key: Set(new.number_key.clone()),
            court: Set(new.court.clone()),
            remark: Set(new.remark.clone()),
            created_at: Set(new.created_at),
            handled_at: Set(new.handled_at),
            handled_by: Set(new.handled_by.map(|person| person.0)),
            reply: Set(new.reply.clone()),
        };
        let tx = self.db().begin().await?;
        missing_case::Entity::insert(row).exec_without_returning(&*tx).await?;
        enqueue(&tx, then).await?;
        Ok(tx.commit().await?)
    }

    /// A person's own reports, the newest first, at most so many.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn missing_reports_of(&self, person: PersonId, limit: u64) -> Result<Vec<MissingReport>, StoreError> {
        let rows = missing_case::Entity::find()
            .filter(missing_case::Column::Person.eq(person.0))
            .order_by_desc(missing_case::Column::CreatedAt)
            .order_by_asc(missing_case::Column::Id)
            .limit(limit)
            .all(&self.db().read)
            .await?;
        Ok(rows.into_iter().map(MissingReport::from).collect())
    }

    /// The reports that come to a clerk, with those who made them: of cases in which the clerk takes part, and of numbers under which
    /// no case with a clerk is kept. Those not handled come first, the oldest of them first; then the latest handled.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn missing_reports_for(
        &self,
        clerk: Clerk<'_>,
        handled: bool,
        limit: u64,
    ) -> Result<Vec<(MissingReport, Person)>, StoreError> {
        let reports = missing_case::Entity::find().find_also_related(person::Entity).filter(comes_to(clerk));
        let reports = if handled {
            reports.filter(missing_case::Column::HandledAt.is_not_null()).order_by_desc(missing_case::Column::HandledAt)
        } else {
            reports.filter(missing_case::Column::HandledAt.is_null()).order_by_asc(missing_case::Column::CreatedAt)
        };
        let rows = reports.order_by_asc(missing_case::Column::Id).limit(limit).all(&self.db().read).await?;
        let rows = rows.into_iter().filter_map(|(report, person)| Some((report, person?)));
        rows.map(|(report, person)| Ok((report.into(), self.person_of(person)?))).collect()
    }

    /// A report, if it comes to this clerk.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn missing_report_for(
        &self,
        clerk: Clerk<'_>,
        id: ReportId,
    ) -> Result<Option<(MissingReport, Person)>, StoreError> {
        let row = missing_case::Entity::find_by_id(id.0)
            .find_also_related(person::Entity)
            .filter(comes_to(clerk))
            .one(&self.db().read)
            .await?;
        let row = row.and_then(|(report, person)| Some((report, person?)));
        row.map(|(report, person)| Ok((report.into(), self.person_of(person)?))).transpose()
    }

    /// Marks a report as handled, with what its maker is told and the job that follows. Returns whether this call did it: the first answer stands.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn handle_missing_report(
        &self,
        id: ReportId,
        by: PersonId,
        reply: &str,
        now: i64,
        then: &NewJob,
    ) -> Result<bool, StoreError> {
        let handled = missing_case::ActiveModel {
            handled_at: Set(Some(now)),
            handled_by: Set(Some(by.0)),
            reply: Set(Some(reply.to_owned())),
            ..Default::default()
        };
        let tx = self.db().begin().await?;
        let done = missing_case::Entity::update_many()
            .set(handled)
            .filter(missing_case::Column::Id.eq(id.0))
            .filter(missing_case::Column::HandledAt.is_null())
            .exec(&*tx)
            .await?;
        if done.rows_affected > 0 {
            enqueue(&tx, then).await?;
        }
        tx.commit().await?;
        Ok(done.rows_affected > 0)
    }

    /// A report.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn missing_report(&self, id: ReportId) -> Result<Option<MissingReport>, StoreError> {
        let row = missing_case::Entity::find_by_id(id.0).one(&self.db().read).await?;
        Ok(row.map(MissingReport::from))
    }

    /// The clerks to whom a report with this number comes: those of its case, or of any where no case with a clerk has it. At most so
    /// many.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn clerks_of_number(
        &self,
        number_key: &str,
        capacities: &[&str],
        limit: u64,
    ) -> Result<Vec<(PersonId, String)>, StoreError> {
        let at_work = || {
            participant::Entity::find()
                .select_only()
                .column(participant::Column::Person)
                .column(participant::Column::Role)
                .distinct()
                .filter(participant::Column::Capacity.is_in(capacities.iter().copied()))
                .filter(participant::Column::EndedAt.is_null())
                .limit(limit)
        };
        let case = Query::select()
            .column((court_case::Entity, court_case::Column::Id))
            .from(court_case::Entity)
            .and_where(Expr::col((court_case::Entity, court_case::Column::NumberKey)).eq(number_key))
            .take();
        let mine = at_work().filter(participant::Column::Case.in_subquery(case));
        let mut found: Vec<(Uuid, String)> = mine.into_tuple().all(&self.db().read).await?;
        if found.is_empty() {
            found = at_work().into_tuple().all(&self.db().read).await?;
        }
        Ok(found.into_iter().map(|(person, role)| (PersonId(person), role)).collect())
    }

    /// How many reports a person has made since then.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn missing_reports_since(&self, person: PersonId, since: i64) -> Result<u64, StoreError> {
        let made = missing_case::Entity::find()
            .filter(missing_case::Column::Person.eq(person.0))
            .filter(missing_case::Column::CreatedAt.gte(since));
        Ok(made.count(&self.db().read).await?)
    }
}

/// Whether a report comes to a clerk.
fn comes_to(clerk: Clerk<'_>) -> Expr {
    let mine = of_this_number(clerk)
        .and_where(Expr::col((participant::Entity, participant::Column::Person)).eq(clerk.person.0))
        .take();
    let anybodys = of_this_number(clerk);
    let still = Query::select()
        .expr(Expr::val(1))
        .from(participant::Entity)
        .and_where(Expr::col((participant::Entity, participant::Column::Person)).eq(clerk.person.0))
        .cond_where(at_work(clerk))
        .take();
    Expr::exists(mine).or(Expr::exists(anybodys).not().and(Expr::exists(still)))
}

/// Clerks of the case that has the report's number.
fn of_this_number(clerk: Clerk<'_>) -> SelectStatement {
    Query::select()
        .expr(Expr::val(1))
        .from(court_case::Entity)
        .inner_join(
            participant::Entity,
            Expr::col((participant::Entity, participant::Column::Case))
                .equals((court_case::Entity, court_case::Column::Id)),
        )
        .and_where(
            Expr::col((court_case::Entity, court_case::Column::NumberKey))
                .equals((missing_case::Entity, missing_case::Column::NumberKey)),
        )
        .cond_where(at_work(clerk))
        .take()
}

fn at_work(clerk: Clerk<'_>) -> Expr {
    Expr::col((participant::Entity, participant::Column::Capacity))
        .is_in(clerk.capacities.iter().copied())
        .and(Expr::col((participant::Entity, participant::Column::EndedAt)).is_null())
}

impl From<missing_case::Model> for MissingReport {
    fn from(row: missing_case::Model) -> Self {
        MissingReport {
            id: ReportId(row.id),
            person: PersonId(row.person),
            number: row.number,
            number_key: row.number_key,
            court: row.court,
            remark: row.remark,
            created_at: row.created_at,
            handled_at: row.handled_at,
            handled_by: row.handled_by.map(PersonId),
            reply: row.reply,
        }
    }
}
