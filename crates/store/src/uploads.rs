//! Files on their way in, and what was found in them.

use std::collections::HashSet;
use std::pin::pin;

use bytes::Bytes;
use court::{PersonId, UploadId};
use futures_util::{Stream, StreamExt};
use record::Hash;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::convert::{hash, signed, unsigned};
use crate::error::StoreError;
use crate::files::{BlobRow, blob_row, whole_sum};
use crate::orphans::note_orphan;
use crate::schema::{blob, upload};
use crate::staging::{Received, Staged};
use crate::store::Store;

/// What has arrived is synced and recorded whenever this many bytes have, so that a power cut costs no more of a long upload.
const NOTED_EVERY: u64 = 8 << 20;

/// Ids of one query.
const ROWS: usize = 500;

/// What a file was brought for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Purpose {
    /// To be shown in a record. What was taken is kept among the files.
    #[default]
    Record,
    /// To be worked on with a tool. It stays where it was staged, no act can use it, and it goes when its time is over.
    Tool,
    /// To show who one is (pictures of a document, a video). It stays where it was staged until it is handed in, encrypted, and goes when its time is over.
    Identity,
}

impl Purpose {
    const ALL: [Purpose; 3] = [Purpose::Record, Purpose::Tool, Purpose::Identity];
    /// What stays where it was staged.
    const STAGED: [Purpose; 2] = [Purpose::Tool, Purpose::Identity];

    /// Whether it stays where it was staged, apart from the court's files.
    pub fn is_staged(self) -> bool {
        Purpose::STAGED.contains(&self)
    }

    fn code(self) -> &'static str {
        match self {
            Purpose::Record => "record",
            Purpose::Tool => "tool",
            Purpose::Identity => "identity",
        }
    }

    fn from_code(code: &str) -> Result<Purpose, StoreError> {
        Purpose::ALL
            .into_iter()
            .find(|purpose| purpose.code() == code)
            .ok_or_else(|| StoreError::Corrupt(format!("an upload is for {code}")))
    }
}

/// A file on its way in. All times are microseconds since 1970-01-01 UTC.
#[derive(Clone, Debug, PartialEq)]
pub struct UploadRow {
    pub id: UploadId,
    pub person: PersonId,
    /// The file's name as its sender called it.
    pub name: String,
    /// How many bytes were announced.
    pub length: u64,
    /// How many are here, durable.
    pub offset: u64,
    pub created_at: i64,
    /// An upload that no act uses is removed then.
    pub expires_at: i64,
    /// What was found when the last byte was here.
    pub finished: Option<FinishedUpload>,
    /// Whether an act uses it; it then never expires.
    pub used: bool,
    pub purpose: Purpose,
}

/// What was found in a finished upload.
#[derive(Clone, Debug, PartialEq)]
pub struct FinishedUpload {
    pub sha256: Hash,
    pub size: u64,
    pub media_type: String,
    /// `photo`, `video`, `voice` or `document`.
    pub kind: String,
    pub width: Option<u32>,
    pub height: Option<u32>,
    pub seconds: Option<f64>,
    /// A JSON list of warning codes.
    pub warnings: String,
}

/// How much a person has under way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UploadLoad {
    /// Bytes that were announced in the span asked for, whether they have come or not.
    pub bytes: u64,
    /// Uploads that are neither finished nor expired.
    pub unfinished: u64,
}

impl Store {
    /// Begins an upload; only `finished` and `used` of the row are not looked at.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] if there is one with this id.
    pub async fn create_upload(&self, upload: &UploadRow) -> Result<(), StoreError> {
        let row = upload::ActiveModel {
            id: Set(upload.id.0),
            person: Set(upload.person.0),
            name: Set(upload.name.clone()),
            length: Set(signed(upload.length)),
            received: Set(0),
            created_at: Set(upload.created_at),
            expires_at: Set(upload.expires_at),
            used: Set(false),
            purpose: Set(upload.purpose.code().to_owned()),
            ..Default::default()
        };
        let tx = self.db().begin().await?;
        upload::Entity::insert(row).exec_without_returning(&*tx).await?;
        // A file without a row is swept away later; a row without a file could never be written to.
        self.staging().create(upload.id).await?;
        Ok(tx.commit().await?)
    }

    /// An upload of this person; somebody else's is as if it were not there.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn upload(&self, person: PersonId, id: UploadId) -> Result<Option<UploadRow>, StoreError> {
        let row =
            upload::Entity::find_by_id(id.0).filter(upload::Column::Person.eq(person.0)).one(&self.db().read).await?;
        row.map(stored).transpose()
    }

    /// Takes bytes of an upload: checks `at` against what is here, appends to the staged file, and records the new offset when the
    /// bytes are durable. Nobody else can write to this upload meanwhile. Where the stream breaks off, what came before stays.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`StoreError::Conflict`] if `at` is not the offset or somebody else is writing (409);
    /// [`StoreError::TooLarge`] if more bytes come than were announced, none of which then stays.
    pub async fn receive<E>(
        &self,
        person: PersonId,
        id: UploadId,
        at: u64,
        bytes: impl Stream<Item = Result<Bytes, E>> + Send,
    ) -> Result<Received, StoreError>
    where
        E: Into<Box<dyn std::error::Error + Send + Sync>> + Send,
    {
        // The lock comes first and is held until the offset is recorded: whoever has it sees the offset that belongs to the file.
        let mut file = match self.upload(person, id).await? {
            Some(_) => self.staging().lock(id).await?,
            None => return Err(StoreError::NotFound),
        };
        let row = self.upload(person, id).await?.ok_or(StoreError::NotFound)?;
        if row.finished.is_some() || row.offset != at {
            return Err(StoreError::Conflict);
        }
        file.begin_at(at).await?;
        let mut recorded = at;
        let mut bytes = pin!(bytes);
        let broken_off = loop {
            let chunk = match bytes.next().await {
                Some(Ok(chunk)) => chunk,
                Some(Err(error)) => break Some(error.into()),
                None => break None,
            };
            if chunk.len() as u64 > row.length - file.length() {
                file.begin_at(recorded).await?;
                return Err(StoreError::TooLarge);
            }
            file.write(&chunk).await?;
            if file.length() - recorded >= NOTED_EVERY {
                recorded = self.record_offset(id, &mut file, recorded).await?;
            }
        };
        let offset = self.record_offset(id, &mut file, recorded).await?;
        Ok(Received { offset, broken_off })
    }

    /// Moves the recorded offset from `old` to `new`. Returns false if it was not `old`.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn set_offset(&self, id: UploadId, old: u64, new: u64) -> Result<bool, StoreError> {
        let moved = upload::ActiveModel { received: Set(signed(new)), ..Default::default() };
        let tx = self.db().begin().await?;
        let done = upload::Entity::update_many()
            .set(moved)
            .filter(upload::Column::Id.eq(id.0))
            .filter(upload::Column::Received.eq(signed(old)))
            .filter(upload::Column::Length.gte(signed(new)))
            .filter(upload::Column::FinishedAt.is_null())
            .exec(&*tx)
            .await?;
        tx.commit().await?;
        Ok(done.rows_affected > 0)
    }

    /// Records what was found in a complete upload, and, unless it is for a tool, the blob that it became. The caller has put the blob
    /// before, and afterwards looks whether it is still there ([`Store::remove_orphan`]).
    ///
    /// # Errors
    /// [`StoreError::Conflict`] if it is not complete or was finished before.
    pub async fn finish_upload(&self, id: UploadId, found: &FinishedUpload, now: i64) -> Result<(), StoreError> {
        let row = verdict(found, now);
        let tx = self.db().begin().await?;
        let upload = upload::Entity::find_by_id(id.0).one(&*tx).await?;
        let kept = upload.is_some_and(|upload| upload.purpose == Purpose::Record.code());
        let done = upload::Entity::update_many()
            .set(row)
            .filter(upload::Column::Id.eq(id.0))
            .filter(Expr::col(upload::Column::Received).eq(Expr::col(upload::Column::Length)))
            .filter(upload::Column::FinishedAt.is_null())
            .exec(&*tx)
            .await?;
        if done.rows_affected == 0 {
            return Err(StoreError::Conflict);
        }
        if !kept {
            return Ok(tx.commit().await?);
        }
        let blob = BlobRow { sha256: found.sha256, size: found.size, media_type: found.media_type.clone() };
        // Writes the row even if it is there: whoever removes this file just now holds its lock, and has done so before this goes on.
        let locked = OnConflict::column(blob::Column::Sha256).update_column(blob::Column::MediaType).to_owned();
        blob::Entity::insert(blob_row(&blob, now)).on_conflict(locked).exec_without_returning(&*tx).await?;
        Ok(tx.commit().await?)
    }

    /// Removes an upload and its staged bytes, unless an act uses it. Returns whether there was one to remove.
    ///
    /// # Errors
    /// When database or disk cannot be written.
    pub async fn remove_upload(&self, person: PersonId, id: UploadId, now: i64) -> Result<bool, StoreError> {
        let tx = self.db().begin().await?;
        let mine = upload::Entity::find_by_id(id.0).filter(upload::Column::Person.eq(person.0)).one(&*tx).await?;
        let done = upload::Entity::delete_many()
            .filter(upload::Column::Id.eq(id.0))
            .filter(upload::Column::Person.eq(person.0))
            .filter(upload::Column::Used.eq(false))
            .exec(&*tx)
            .await?;
        let kept = mine.filter(|row| done.rows_affected > 0 && row.purpose == Purpose::Record.code());
        let sha256 = kept.and_then(|row| row.sha256);
        if let Some(sha256) = sha256 {
            note_orphan(&tx, sha256, now).await?;
        }
        tx.commit().await?;
        if done.rows_affected == 0 {
            return Ok(false);
        }
        self.staging().remove(id).await?;
        Ok(true)
    }

    /// Uploads that have expired and that no act uses, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn expired_uploads(&self, now: i64, limit: u64) -> Result<Vec<UploadRow>, StoreError> {
        let rows = upload::Entity::find()
            .filter(upload::Column::Used.eq(false))
            .filter(upload::Column::ExpiresAt.lte(now))
            .order_by_asc(upload::Column::ExpiresAt)
            .limit(limit)
            .all(&self.db().read)
            .await?;
        rows.into_iter().map(stored).collect()
    }

    /// What this person has announced since `since`, and has under way at `now`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn upload_load(&self, person: PersonId, since: i64, now: i64) -> Result<UploadLoad, StoreError> {
        let lengths: Vec<i64> = upload::Entity::find()
            .select_only()
            .column(upload::Column::Length)
            .filter(upload::Column::Person.eq(person.0))
            .filter(upload::Column::CreatedAt.gt(since))
            .into_tuple()
            .all(&self.db().read)
            .await?;
        let unfinished = upload::Entity::find()
            .filter(upload::Column::Person.eq(person.0))
            .filter(upload::Column::Sha256.is_null())
            .filter(upload::Column::ExpiresAt.gt(now))
            .count(&self.db().read)
            .await?;
        let bytes = lengths.into_iter().map(unsigned).sum::<Result<u64, _>>()?;
        Ok(UploadLoad { bytes, unfinished })
    }

    /// Those of these uploads whose bytes are where they were staged: what is not finished, and what is for a tool.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn staged_uploads(&self, ids: &[UploadId]) -> Result<HashSet<UploadId>, StoreError> {
        let mut found = HashSet::new();
        for part in ids.chunks(ROWS) {
            let known: Vec<Uuid> = upload::Entity::find()
                .select_only()
                .column(upload::Column::Id)
                .filter(upload::Column::Id.is_in(part.iter().map(|id| id.0)))
                .filter(
                    upload::Column::Sha256
                        .is_null()
                        .or(upload::Column::Purpose.is_in(Purpose::STAGED.map(Purpose::code))),
                )
                .into_tuple()
                .all(&self.db().read)
                .await?;
            found.extend(known.into_iter().map(UploadId));
        }
        Ok(found)
    }

    /// How many bytes a person has announced in uploads that no act uses (yet).
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn used_bytes(&self, person: PersonId) -> Result<u64, StoreError> {
        let total: Option<i64> = upload::Entity::find()
            .select_only()
            .column_as(whole_sum(upload::Column::Length), "total")
            .filter(upload::Column::Person.eq(person.0))
            .filter(upload::Column::Used.eq(false))
            .into_tuple()
            .one(&self.db().read)
            .await?
            .flatten();
        unsigned(total.unwrap_or(0))
    }

    async fn record_offset(&self, id: UploadId, file: &mut Staged, recorded: u64) -> Result<u64, StoreError> {
        let length = file.length();
        if length > recorded {
            file.sync().await?;
            if !self.set_offset(id, recorded, length).await? {
                return Err(StoreError::Conflict);
            }
        }
        Ok(length)
    }
}

/// What was found, as it stands in the row.
fn verdict(found: &FinishedUpload, now: i64) -> upload::ActiveModel {
    upload::ActiveModel {
        finished_at: Set(Some(now)),
        sha256: Set(Some(found.sha256.0.to_vec())),
        size: Set(Some(signed(found.size))),
        media_type: Set(Some(found.media_type.clone())),
        kind: Set(Some(found.kind.clone())),
        width: Set(found.width.map(i64::from)),
        height: Set(found.height.map(i64::from)),
        seconds: Set(found.seconds),
        warnings: Set(Some(found.warnings.clone())),
        ..Default::default()
    }
}

/// The row of an upload that the court itself made for somebody's tool: all of it is here.
pub(crate) fn finished(new: &UploadRow, now: i64) -> Result<upload::ActiveModel, StoreError> {
    let found = new.finished.as_ref().filter(|_| new.purpose == Purpose::Tool).ok_or(StoreError::Conflict)?;
    Ok(upload::ActiveModel {
        id: Set(new.id.0),
        person: Set(new.person.0),
        name: Set(new.name.clone()),
        length: Set(signed(new.length)),
        received: Set(signed(new.length)),
        created_at: Set(new.created_at),
        expires_at: Set(new.expires_at),
        used: Set(false),
        purpose: Set(new.purpose.code().to_owned()),
        ..verdict(found, now)
    })
}

fn stored(row: upload::Model) -> Result<UploadRow, StoreError> {
    let finished = match (row.finished_at, row.sha256, row.size, row.media_type, row.kind, row.warnings) {
        (Some(_), Some(sha256), Some(size), Some(media_type), Some(kind), Some(warnings)) => Some(FinishedUpload {
            sha256: hash(sha256)?,
            size: unsigned(size)?,
            media_type,
            kind,
            width: row.width.and_then(|width| u32::try_from(width).ok()),
            height: row.height.and_then(|height| u32::try_from(height).ok()),
            seconds: row.seconds,
            warnings,
        }),
        _ => None,
    };
    Ok(UploadRow {
        id: UploadId(row.id),
        person: PersonId(row.person),
        name: row.name,
        length: unsigned(row.length)?,
        offset: unsigned(row.received)?,
        created_at: row.created_at,
        expires_at: row.expires_at,
        finished,
        used: row.used,
        purpose: Purpose::from_code(&row.purpose)?,
    })
}
