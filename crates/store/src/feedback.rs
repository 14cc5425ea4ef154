//! What people write about the program (问题反馈), with pictures, and what the court answers.

use court::{PersonId, UploadId};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::error::StoreError;
use crate::schema::{blob_use, feedback, feedback_answer, upload};
use crate::store::Store;

/// Something that somebody wrote. All times are microseconds since 1970-01-01 UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedbackRow {
    pub id: Uuid,
    pub person: PersonId,
    pub text: String,
    /// Its pictures, as the record describes files, in JSON.
    pub files: String,
    pub created_at: i64,
    /// When the court answered last.
    pub answered_at: Option<i64>,
}

/// What the court answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedbackAnswer {
    pub id: Uuid,
    pub feedback: Uuid,
    /// Who answered.
    pub person: PersonId,
    pub text: String,
    pub at: i64,
}

impl Store {
    /// Keeps what somebody wrote, and the pictures that they uploaded for it. Kept again under the same id it stays as it is.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when an upload is not theirs or not finished.
    pub async fn put_feedback(&self, new: &FeedbackRow, uploads: &[UploadId]) -> Result<(), StoreError> {
        let row = feedback::ActiveModel {
            id: Set(new.id),
            person: Set(new.person.0),
            text: Set(new.text.clone()),
            files: Set(new.files.clone()),
            created_at: Set(new.created_at),
            answered_at: Set(None),
        };
        let tx = self.db().begin().await?;
        feedback::Entity::insert_many([row]).on_conflict_do_nothing().exec_without_returning(&*tx).await?;
        for id in uploads {
            let own = upload::Entity::find_by_id(id.0).filter(upload::Column::Person.eq(new.person.0));
            // Locked, so that it is not removed as unused at the same moment.
            let own = own.lock_exclusive().one(&*tx).await?;
            let Some((sha256, size)) = own.and_then(|row| row.sha256.zip(row.size)) else {
                return Err(StoreError::NotFound);
            };
            let uses =
                blob_use::ActiveModel { record: Set(new.id), upload: Set(id.0), sha256: Set(sha256), size: Set(size) };
            blob_use::Entity::insert_many([uses]).on_conflict_do_nothing().exec_without_returning(&*tx).await?;
            let used = upload::ActiveModel { used: Set(true), ..Default::default() };
            upload::Entity::update_many().set(used).filter(upload::Column::Id.eq(id.0)).exec(&*tx).await?;
        }
        Ok(tx.commit().await?)
    }

    /// What was written under this id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn feedback(&self, id: Uuid) -> Result<Option<FeedbackRow>, StoreError> {
        Ok(feedback::Entity::find_by_id(id).one(&self.db().read).await?.map(FeedbackRow::from))
    }

    /// What a person wrote, the latest first, at most so many.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn feedback_of(&self, person: PersonId, limit: u64) -> Result<Vec<FeedbackRow>, StoreError> {
        let rows = feedback::Entity::find()
            .filter(feedback::Column::Person.eq(person.0))
            .order_by_desc(feedback::Column::CreatedAt)
            .order_by_asc(feedback::Column::Id)
            .limit(limit)
            .all(&self.db().read)
            .await?;
        Ok(rows.into_iter().map(FeedbackRow::from).collect())
    }

    /// How much a person has written at or after `since`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn feedback_since(&self, person: PersonId, since: i64) -> Result<u64, StoreError> {
        let own = feedback::Entity::find()
            .filter(feedback::Column::Person.eq(person.0))
            .filter(feedback::Column::CreatedAt.gte(since));
        Ok(own.count(&self.db().read).await?)
    }

    /// What waits for an answer, the oldest first, or what was answered, the latest first. At most so many.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn feedback_queue(&self, answered: bool, limit: u64) -> Result<Vec<FeedbackRow>, StoreError> {
        let all = feedback::Entity::find();
        let some = if answered {
            all.filter(feedback::Column::AnsweredAt.is_not_null()).order_by_desc(feedback::Column::AnsweredAt)
        } else {
            all.filter(feedback::Column::AnsweredAt.is_null()).order_by_asc(feedback::Column::CreatedAt)
        };
        let rows = some.order_by_asc(feedback::Column::Id).limit(limit).all(&self.db().read).await?;
        Ok(rows.into_iter().map(FeedbackRow::from).collect())
    }

    /// What the court answered to these, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn feedback_answers(&self, to: &[Uuid]) -> Result<Vec<FeedbackAnswer>, StoreError> {
        let rows = feedback_answer::Entity::find()
            .filter(feedback_answer::Column::Feedback.is_in(to.iter().copied()))
            .order_by_asc(feedback_answer::Column::At)
            .order_by_asc(feedback_answer::Column::Id)
            .all(&self.db().read)
            .await?;
        let answer = |row: feedback_answer::Model| FeedbackAnswer {
            id: row.id,
            feedback: row.feedback,
            person: PersonId(row.person),
            text: row.text,
            at: row.at,
        };
        Ok(rows.into_iter().map(answer).collect())
    }

    /// Keeps an answer; one that was kept under this id stays as it is.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn put_feedback_answer(&self, new: &FeedbackAnswer) -> Result<(), StoreError> {
        let row = feedback_answer::ActiveModel {
            id: Set(new.id),
            feedback: Set(new.feedback),
            person: Set(new.person.0),
            text: Set(new.text.clone()),
            at: Set(new.at),
        };
        let tx = self.db().begin().await?;
        feedback_answer::Entity::insert_many([row]).on_conflict_do_nothing().exec_without_returning(&*tx).await?;
        let answered = feedback::ActiveModel { answered_at: Set(Some(new.at)), ..Default::default() };
        feedback::Entity::update_many().set(answered).filter(feedback::Column::Id.eq(new.feedback)).exec(&*tx).await?;
        Ok(tx.commit().await?)
    }
}

impl From<feedback::Model> for FeedbackRow {
    fn from(row: feedback::Model) -> Self {
        FeedbackRow {
            id: row.id,
            person: PersonId(row.person),
            text: row.text,
            files: row.files,
            created_at: row.created_at,
            answered_at: row.answered_at,
        }
    }
}
