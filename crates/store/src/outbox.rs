//! Jobs: what follows an act, done at least once.

use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType};
use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::error::StoreError;
use crate::ledger::NewJob;
use crate::schema::job;
use crate::store::Store;

/// A job that this process holds until its lease ends. All times are microseconds since 1970-01-01 UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    pub id: i64,
    pub kind: String,
    /// Ids only, as JSON.
    pub payload: String,
    pub run_at: i64,
    /// How often it was claimed, this time included.
    pub attempts: u32,
    /// The lease; also the token by which the holder is known to [`Store::finish_job`] and [`Store::retry_job`].
    pub locked_until: i64,
    pub last_error: Option<String>,
}

impl Store {
    /// Writes a job that follows no act.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn enqueue_job(&self, job: &NewJob) -> Result<(), StoreError> {
        let row = job::ActiveModel {
            kind: Set(job.kind.clone()),
            payload: Set(job.payload.clone()),
            run_at: Set(job.run_at),
            attempts: Set(0),
            ..Default::default()
        };
        let tx = self.db().begin().await?;
        job::Entity::insert_many([row]).exec_without_returning(&*tx).await?;
        Ok(tx.commit().await?)
    }

    /// Takes up to `limit` jobs that are due and that nobody holds, oldest first, for `lease` microseconds. A job whose holder has not
    /// finished by then is given out again.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn claim_jobs(&self, now: i64, lease: i64, limit: u64) -> Result<Vec<Job>, StoreError> {
        // The writer's turn is not taken to find out that there is nothing to do.
        if job::Entity::find().filter(free(now)).limit(1).one(&self.db().read).await?.is_none() {
            return Ok(Vec::new());
        }
        let tx = self.db().begin().await?;
        let rows = job::Entity::find()
            .filter(free(now))
            .order_by_asc(job::Column::RunAt)
            .order_by_asc(job::Column::Id)
            .limit(limit)
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
            .all(&*tx)
            .await?;
        let locked_until = now + Ord::max(lease, 1);
        job::Entity::update_many()
            .set(job::ActiveModel { locked_until: Set(Some(locked_until)), ..Default::default() })
            .col_expr(job::Column::Attempts, Expr::col(job::Column::Attempts).add(1))
            .filter(job::Column::Id.is_in(rows.iter().map(|row| row.id)))
            .exec(&*tx)
            .await?;
        tx.commit().await?;
        let claimed = rows.into_iter().map(|row| Job {
            id: row.id,
            kind: row.kind,
            payload: row.payload,
            run_at: row.run_at,
            attempts: u32::try_from(row.attempts).unwrap_or(0) + 1,
            locked_until,
            last_error: row.last_error,
        });
        Ok(claimed.collect())
    }

    /// Marks a held job as done. Returns false if the lease has since been given to somebody else.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn finish_job(&self, job: &Job, now: i64) -> Result<bool, StoreError> {
        let done = job::ActiveModel { done_at: Set(Some(now)), locked_until: Set(None), ..Default::default() };
        self.let_go(job, done).await
    }

    /// Gives a held job back, to be tried again at `run_at`. Returns false if the lease has since been given to somebody else.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn retry_job(&self, job: &Job, run_at: i64, error: &str) -> Result<bool, StoreError> {
        let again = job::ActiveModel {
            run_at: Set(run_at),
            locked_until: Set(None),
            last_error: Set(Some(error.to_owned())),
            ..Default::default()
        };
        self.let_go(job, again).await
    }

    /// Gives a held job up: it is not tried again, and stands in the list of those that were given up until somebody wants it tried
    /// again. Returns false if the lease has since been given to somebody else.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn give_up_job(&self, job: &Job, now: i64, error: &str) -> Result<bool, StoreError> {
        let given_up = job::ActiveModel {
            done_at: Set(Some(now)),
            given_up_at: Set(Some(now)),
            locked_until: Set(None),
            last_error: Set(Some(error.to_owned())),
            ..Default::default()
        };
        self.let_go(job, given_up).await
    }

    /// The jobs that were given up, the latest first, each with when it was.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn given_up_jobs(&self, limit: u64) -> Result<Vec<(Job, i64)>, StoreError> {
        let rows = job::Entity::find()
            .filter(job::Column::GivenUpAt.is_not_null())
            .order_by_desc(job::Column::GivenUpAt)
            .order_by_desc(job::Column::Id)
            .limit(limit)
            .all(&self.db().read)
            .await?;
        let given_up = rows.into_iter().filter_map(|row| {
            let at = row.given_up_at?;
            let attempts = u32::try_from(row.attempts).unwrap_or(0);
            let (id, kind, payload, run_at, last_error) = (row.id, row.kind, row.payload, row.run_at, row.last_error);
            Some((Job { id, kind, payload, run_at, attempts, locked_until: 0, last_error }, at))
        });
        Ok(given_up.collect())
    }

    /// How many jobs were given up and stand in the list.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn count_given_up_jobs(&self) -> Result<u64, StoreError> {
        Ok(job::Entity::find().filter(job::Column::GivenUpAt.is_not_null()).count(&self.db().read).await?)
    }

    /// Lets a job that was given up be tried again from the beginning. Returns false if there is none with this id.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn revive_job(&self, id: i64, now: i64) -> Result<bool, StoreError> {
        let again = job::ActiveModel {
            run_at: Set(now),
            attempts: Set(0),
            done_at: Set(None),
            given_up_at: Set(None),
            ..Default::default()
        };
        let tx = self.db().begin().await?;
        let done = job::Entity::update_many()
            .set(again)
            .filter(job::Column::Id.eq(id))
            .filter(job::Column::GivenUpAt.is_not_null())
            .exec(&*tx)
            .await?;
        tx.commit().await?;
        Ok(done.rows_affected > 0)
    }

    /// Since when the oldest unfinished due job has been due.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn oldest_due_job(&self, now: i64) -> Result<Option<i64>, StoreError> {
        Ok(self.next_job_at().await?.filter(|due| *due <= now))
    }

    /// When the next unfinished job is due, whether or not somebody holds it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn next_job_at(&self) -> Result<Option<i64>, StoreError> {
        let next = job::Entity::find()
            .filter(job::Column::DoneAt.is_null())
            .order_by_asc(job::Column::RunAt)
            .order_by_asc(job::Column::Id)
            .limit(1)
            .one(&self.db().read)
            .await?;
        Ok(next.map(|row| row.run_at))
    }

    /// Forgets jobs that were done before `before`, but none that was given up. Returns how many.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn forget_jobs(&self, before: i64) -> Result<u64, StoreError> {
        let tx = self.db().begin().await?;
        let gone = job::Entity::delete_many()
            .filter(job::Column::DoneAt.is_not_null())
            .filter(job::Column::DoneAt.lt(before))
            .filter(job::Column::GivenUpAt.is_null())
            .exec(&*tx)
            .await?;
        tx.commit().await?;
        Ok(gone.rows_affected)
    }

    /// A lease is known by the moment it ends: whoever was given the job later has another one.
    async fn let_go(&self, job: &Job, change: job::ActiveModel) -> Result<bool, StoreError> {
        let tx = self.db().begin().await?;
        let done = job::Entity::update_many()
            .set(change)
            .filter(job::Column::Id.eq(job.id))
            .filter(job::Column::LockedUntil.eq(job.locked_until))
            .filter(job::Column::DoneAt.is_null())
            .exec(&*tx)
            .await?;
        tx.commit().await?;
        Ok(done.rows_affected > 0)
    }
}

fn free(now: i64) -> Condition {
    Condition::all()
        .add(job::Column::DoneAt.is_null())
        .add(job::Column::RunAt.lte(now))
        .add(Condition::any().add(job::Column::LockedUntil.is_null()).add(job::Column::LockedUntil.lte(now)))
}
