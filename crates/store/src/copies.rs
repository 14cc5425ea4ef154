//! Copies derived from files: thumbnails, pages, stills, PDFs of office documents; and why there is none.
//!
//! A copy never replaces its original. It may be thrown away and made again, so nothing here is a truth of its own.

use record::Hash;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::convert::{hash, signed, unsigned};
use crate::error::StoreError;
use crate::ledger::NewJob;
use crate::schema::{derived_copy, job};
use crate::store::Store;

/// Which copy: of which original, of which kind (`thumb`, `page-1240` …), which of them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CopyKey {
    pub original: Hash,
    pub kind: String,
    pub n: u32,
}

/// What is known of a copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CopyState {
    /// A job was written to make it.
    Preparing,
    /// It is there.
    Ready(CopyRow),
    /// An attempt failed; others may follow.
    Failing { tries: u32 },
    /// There will be none.
    Failed(CopyFailure),
}

/// A copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopyRow {
    /// The bytes, if the copy is a file.
    pub file: Option<CopyFile>,
    /// What was said of it, as JSON.
    pub answer: String,
}

/// The bytes of a copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopyFile {
    pub sha256: Hash,
    pub media_type: String,
    pub size: u64,
}

/// Why there is no copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopyFailure {
    /// `bad_input`, `resource` or `bug`.
    pub class: String,
    pub code: String,
    /// A sentence for people.
    pub detail: String,
}

impl Store {
    /// What is known of a copy; none if nobody has asked for it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn copy(&self, key: &CopyKey) -> Result<Option<CopyState>, StoreError> {
        let key = (key.original.0.to_vec(), key.kind.clone(), i64::from(key.n));
        derived_copy::Entity::find_by_id(key).one(&self.db().read).await?.map(state).transpose()
    }

    /// Notes a copy, in the place of whatever was noted.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn put_copy(&self, key: &CopyKey, copy: &CopyRow, now: i64) -> Result<(), StoreError> {
        let file = copy.file.as_ref();
        self.note(derived_copy::ActiveModel {
            copy: Set(file.map(|file| file.sha256.0.to_vec())),
            media_type: Set(file.map(|file| file.media_type.clone())),
            size: Set(file.map(|file| signed(file.size))),
            answer: Set(Some(copy.answer.clone())),
            ..row(key, now)
        })
        .await
    }

    /// Notes that there will be no copy.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn put_copy_failure(&self, key: &CopyKey, failure: &CopyFailure, now: i64) -> Result<(), StoreError> {
        self.note(derived_copy::ActiveModel {
            failed: Set(Some(failure.class.clone())),
            code: Set(Some(failure.code.clone())),
            detail: Set(Some(failure.detail.clone())),
            ..row(key, now)
        })
        .await
    }

    /// Counts a failed attempt; returns how many there were.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn count_copy_attempt(&self, key: &CopyKey, now: i64) -> Result<u32, StoreError> {
        let tx = self.db().begin().await?;
        let counted = OnConflict::columns(KEY)
            .value(derived_copy::Column::Tries, Expr::col((derived_copy::Entity, derived_copy::Column::Tries)).add(1))
            .to_owned();
        let first = derived_copy::ActiveModel { tries: Set(1), ..row(key, now) };
        derived_copy::Entity::insert(first).on_conflict(counted).exec_without_returning(&*tx).await?;
        let id = (key.original.0.to_vec(), key.kind.clone(), i64::from(key.n));
        let found = derived_copy::Entity::find_by_id(id).one(&*tx).await?;
        tx.commit().await?;
        Ok(found.and_then(|row| u32::try_from(row.tries).ok()).unwrap_or(1))
    }

    /// Writes a job that makes a copy, unless something is known of it already. Returns whether it was written.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn prepare_copy(&self, key: &CopyKey, job: &NewJob, now: i64) -> Result<bool, StoreError> {
        let tx = self.db().begin().await?;
        let preparing = OnConflict::columns(KEY).do_nothing().to_owned();
        let new =
            derived_copy::Entity::insert(row(key, now)).on_conflict(preparing).exec_without_returning(&*tx).await?;
        if new > 0 {
            let row = job::ActiveModel {
                kind: Set(job.kind.clone()),
                payload: Set(job.payload.clone()),
                run_at: Set(job.run_at),
                attempts: Set(0),
                ..Default::default()
            };
            job::Entity::insert_many([row]).exec_without_returning(&*tx).await?;
        }
        tx.commit().await?;
        Ok(new > 0)
    }

    /// Forgets what is known of the copies of these originals, so that they are made anew when somebody asks.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn forget_copies(&self, original: Hash) -> Result<u64, StoreError> {
        let tx = self.db().begin().await?;
        let gone = derived_copy::Entity::delete_many()
            .filter(derived_copy::Column::Original.eq(original.0.to_vec()))
            .exec(&*tx)
            .await?;
        tx.commit().await?;
        Ok(gone.rows_affected)
    }

    async fn note(&self, row: derived_copy::ActiveModel) -> Result<(), StoreError> {
        use derived_copy::Column::{Answer, At, Code, Copy, Detail, Failed, MediaType, Size};
        let anew = OnConflict::columns(KEY)
            .update_columns([Copy, MediaType, Size, Answer, Failed, Code, Detail, At])
            .to_owned();
        let tx = self.db().begin().await?;
        derived_copy::Entity::insert(row).on_conflict(anew).exec_without_returning(&*tx).await?;
        Ok(tx.commit().await?)
    }
}

const KEY: [derived_copy::Column; 3] =
    [derived_copy::Column::Original, derived_copy::Column::Kind, derived_copy::Column::N];

/// A row that says nothing yet.
fn row(key: &CopyKey, now: i64) -> derived_copy::ActiveModel {
    derived_copy::ActiveModel {
        original: Set(key.original.0.to_vec()),
        kind: Set(key.kind.clone()),
        n: Set(key.n.into()),
        copy: Set(None),
        media_type: Set(None),
        size: Set(None),
        answer: Set(None),
        failed: Set(None),
        code: Set(None),
        detail: Set(None),
        tries: Set(0),
        at: Set(now),
    }
}

fn state(row: derived_copy::Model) -> Result<CopyState, StoreError> {
    if let Some(class) = row.failed {
        let (code, detail) = (row.code.unwrap_or_default(), row.detail.unwrap_or_default());
        return Ok(CopyState::Failed(CopyFailure { class, code, detail }));
    }
    let Some(answer) = row.answer else {
        return Ok(match u32::try_from(row.tries) {
            Ok(tries) if tries > 0 => CopyState::Failing { tries },
            _ => CopyState::Preparing,
        });
    };
    let file = match (row.copy, row.media_type, row.size) {
        (Some(copy), Some(media_type), Some(size)) => {
            Some(CopyFile { sha256: hash(copy)?, media_type, size: unsigned(size)? })
        }
        _ => None,
    };
    Ok(CopyState::Ready(CopyRow { file, answer }))
}
