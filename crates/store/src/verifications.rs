//! Real-name verification: the attempts of people to show who they are, and what reviewers look at.
//!
//! An attempt goes one way: begun, then waiting for a face service or for a reviewer, then passed or not. Every step names the state that it
//! leaves, so that of two at once only one is taken.

use court::PersonId;
use record::Hash;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::convert::{hash, signed, unsigned};
use crate::db::Tx;
use crate::error::StoreError;
use crate::people::{Document, Person};
use crate::schema::{person, sensitive_read, verification, verification_file};
use crate::seals::{DOCUMENT, Datum, FILE_KEY, Place, VERIFIED_DOCUMENT};
use crate::store::Store;

/// Where an attempt stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Name and document were given.
    Begun,
    /// A face service was asked; its result has not been fetched.
    Facing,
    /// A reviewer has to look.
    Review,
    Passed,
    /// The service or the reviewer said no.
    Rejected,
    /// Another attempt took its place.
    Superseded,
}

impl Stage {
    const ALL: [Stage; 6] =
        [Stage::Begun, Stage::Facing, Stage::Review, Stage::Passed, Stage::Rejected, Stage::Superseded];

    /// The name on the wire and in the database.
    pub fn code(self) -> &'static str {
        match self {
            Stage::Begun => "begun",
            Stage::Facing => "facing",
            Stage::Review => "review",
            Stage::Passed => "passed",
            Stage::Rejected => "rejected",
            Stage::Superseded => "superseded",
        }
    }
}

/// An attempt. All times are microseconds since 1970-01-01 UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerificationRow {
    pub id: Uuid,
    pub person: PersonId,
    pub stage: Stage,
    /// `face` or `review`, once chosen.
    pub way: Option<String>,
    pub name: String,
    pub document: Document,
    /// Which notice was accepted: id, version and hash.
    pub notice: String,
    pub begun_at: i64,
    /// When the code that came to the person's number was shown.
    pub phone_at: Option<i64>,
    pub face_token: Option<String>,
    /// 受诉法院.
    pub court: Option<String>,
    pub decided_at: Option<i64>,
    pub decided_by: Option<PersonId>,
    pub reason: Option<String>,
    pub expires_at: Option<i64>,
    pub accepted_at: Option<i64>,
    /// What was signed in the end: notice and signature, as JSON.
    pub accepted: Option<String>,
}

/// A file of an attempt, and the key under which it is encrypted.
#[derive(Clone, PartialEq, Eq)]
pub struct VerificationFile {
    pub id: Uuid,
    /// `front`, `back` or `video`.
    pub part: String,
    pub media_type: String,
    /// Of what is encrypted.
    pub sha256: Hash,
    pub size: u64,
    pub key: Vec<u8>,
    pub keep_until: i64,
}

/// Prints no key.
impl std::fmt::Debug for VerificationFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("VerificationFile").field("id", &self.id).field("part", &self.part).finish_non_exhaustive()
    }
}

/// What becomes of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    pub passed: bool,
    /// The reviewer; none: the service.
    pub by: Option<PersonId>,
    pub reason: Option<String>,
    /// Until when it holds, if it passed.
    pub expires_at: i64,
}

/// Somebody of the court looks at what is a person's own, outside of any room (SR-15).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SensitiveRead {
    pub id: Uuid,
    pub at: i64,
    pub reader: PersonId,
    pub role: String,
    /// What was looked at, e.g. `verification`.
    pub what: String,
    pub object: Uuid,
    /// Whose it is.
    pub person: PersonId,
    pub reason: String,
}

impl Store {
    /// Begins an attempt; earlier ones of the person that are not decided are over.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn begin_verification(&self, new: &VerificationRow) -> Result<(), StoreError> {
        let place = Place { column: VERIFIED_DOCUMENT, row: new.id };
        let row = verification::ActiveModel {
            id: Set(new.id),
            person: Set(new.person.0),
            state: Set(Stage::Begun.code().to_owned()),
            name: Set(new.name.clone()),
            document_kind: Set(new.document.kind.clone()),
            document_sealed: Set(self.seal(place, &new.document.number)?),
            notice: Set(new.notice.clone()),
            begun_at: Set(new.begun_at),
            changed_at: Set(new.begun_at),
            ..Default::default()
        };
        let tx = self.db().begin().await?;
        let open = [Stage::Begun, Stage::Facing, Stage::Review].map(Stage::code);
        let over = verification::ActiveModel {
            state: Set(Stage::Superseded.code().to_owned()),
            changed_at: Set(new.begun_at),
            ..Default::default()
        };
        verification::Entity::update_many()
            .set(over)
            .filter(verification::Column::Person.eq(new.person.0))
            .filter(verification::Column::State.is_in(open))
            .exec(&*tx)
            .await?;
        verification::Entity::insert(row).exec_without_returning(&*tx).await?;
        Ok(tx.commit().await?)
    }

    /// An attempt of this person.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn verification(&self, person: PersonId, id: Uuid) -> Result<Option<VerificationRow>, StoreError> {
        let row = verification::Entity::find_by_id(id)
            .filter(verification::Column::Person.eq(person.0))
            .one(&self.db().read)
            .await?;
        row.map(|row| self.verification_of(row)).transpose()
    }

    /// A person's latest attempt.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn latest_verification(&self, person: PersonId) -> Result<Option<VerificationRow>, StoreError> {
        self.latest(person, None).await
    }

    /// A person's latest attempt that passed.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn passed_verification(&self, person: PersonId) -> Result<Option<VerificationRow>, StoreError> {
        self.latest(person, Some(Stage::Passed)).await
    }

    async fn latest(&self, person: PersonId, stage: Option<Stage>) -> Result<Option<VerificationRow>, StoreError> {
        let mut rows = verification::Entity::find()
            .filter(verification::Column::Person.eq(person.0))
            .order_by_desc(verification::Column::BegunAt)
            .order_by_desc(verification::Column::Id);
        if let Some(stage) = stage {
            rows = rows.filter(verification::Column::State.eq(stage.code()));
        }
        let row = rows.one(&self.db().read).await?;
        row.map(|row| self.verification_of(row)).transpose()
    }

    /// Notes that the person has shown the code that came to their number. Returns whether the attempt is open.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn note_verified_phone(&self, id: Uuid, now: i64) -> Result<bool, StoreError> {
        let change = verification::ActiveModel { phone_at: Set(Some(now)), ..changed(now) };
        self.step(id, Stage::Begun, change).await
    }

    /// Notes the service's token. Returns whether the attempt was in this stage.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the token was used for another attempt.
    pub async fn note_face(&self, id: Uuid, from: Stage, token: &str, now: i64) -> Result<bool, StoreError> {
        let change = verification::ActiveModel {
            state: Set(Stage::Facing.code().to_owned()),
            way: Set(Some("face".to_owned())),
            face_token: Set(Some(token.to_owned())),
            ..changed(now)
        };
        self.step(id, from, change).await
    }

    /// Hands an attempt to the reviewers, with its files. Returns whether it was in this stage.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn submit_verification(
        &self,
        id: Uuid,
        from: Stage,
        court: &str,
        files: &[VerificationFile],
        now: i64,
    ) -> Result<bool, StoreError> {
        let change = verification::ActiveModel {
            state: Set(Stage::Review.code().to_owned()),
            way: Set(Some("review".to_owned())),
            court: Set(Some(court.to_owned())),
            ..changed(now)
        };
        let tx = self.db().begin().await?;
        if !step(&tx, id, from, change).await? {
            return Ok(false);
        }
        for file in files {
            let row = verification_file::ActiveModel {
                id: Set(file.id),
                verification: Set(id),
                part: Set(file.part.clone()),
                media_type: Set(file.media_type.clone()),
                sha256: Set(file.sha256.0.to_vec()),
                size: Set(signed(file.size)),
                key_sealed: Set(self.seal_bytes(Place { column: FILE_KEY, row: file.id }, &file.key)?),
                keep_until: Set(file.keep_until),
            };
            verification_file::Entity::insert(row).exec_without_returning(&*tx).await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    /// Decides an attempt that is in this stage; with a pass the person is verified from now on, under the name and the document that they gave.
    /// Returns whether this call did it.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn decide_verification(
        &self,
        row: &VerificationRow,
        decision: &Decision,
        now: i64,
    ) -> Result<bool, StoreError> {
        let stage = if decision.passed { Stage::Passed } else { Stage::Rejected };
        let change = verification::ActiveModel {
            state: Set(stage.code().to_owned()),
            decided_at: Set(Some(now)),
            decided_by: Set(decision.by.map(|by| by.0)),
            reason: Set(decision.reason.clone()),
            expires_at: Set(decision.passed.then_some(decision.expires_at)),
            ..changed(now)
        };
        let tx = self.db().begin().await?;
        if !step(&tx, row.id, row.stage, change).await? {
            return Ok(false);
        }
        if decision.passed {
            let place = Place { column: DOCUMENT, row: row.person.0 };
            let known = person::ActiveModel {
                name: Set(row.name.clone()),
                document_kind: Set(Some(row.document.kind.clone())),
                document_sealed: Set(Some(self.seal(place, &row.document.number)?)),
                document_index: Set(Some(self.blind(Datum::DocumentNumber, &row.document.number)?)),
                verified: Set(true),
                ..Default::default()
            };
            person::Entity::update_many().set(known).filter(person::Column::Id.eq(row.person.0)).exec(&*tx).await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    /// Keeps what a person signed after they passed. The first signing stands. Returns whether it is there now.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn accept_verification(&self, id: Uuid, accepted: &str, now: i64) -> Result<bool, StoreError> {
        let change = verification::ActiveModel {
            accepted_at: Set(Some(now)),
            accepted: Set(Some(accepted.to_owned())),
            ..Default::default()
        };
        let tx = self.db().begin().await?;
        let done = verification::Entity::update_many()
            .set(change)
            .filter(verification::Column::Id.eq(id))
            .filter(verification::Column::State.eq(Stage::Passed.code()))
            .filter(verification::Column::AcceptedAt.is_null())
            .exec(&*tx)
            .await?;
        tx.commit().await?;
        Ok(done.rows_affected > 0)
    }

    /// The attempts that wait for a reviewer, the oldest first, with their people; or those that reviewers decided, the latest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn verifications_for_review(
        &self,
        decided: bool,
        limit: u64,
    ) -> Result<Vec<(VerificationRow, Person)>, StoreError> {
        let rows = verification::Entity::find().find_also_related(person::Entity);
        let rows = if decided {
            rows.filter(verification::Column::State.is_in([Stage::Passed.code(), Stage::Rejected.code()]))
                .filter(verification::Column::DecidedBy.is_not_null())
                .order_by_desc(verification::Column::ChangedAt)
        } else {
            rows.filter(verification::Column::State.eq(Stage::Review.code()))
                .order_by_asc(verification::Column::ChangedAt)
        };
        let rows = rows.order_by_asc(verification::Column::Id).limit(limit).all(&self.db().read).await?;
        rows.into_iter()
            .filter_map(|(row, person)| Some((row, person?)))
            .map(|(row, person)| Ok((self.verification_of(row)?, self.person_of(person)?)))
            .collect()
    }

    /// An attempt that was handed to the reviewers, with its person.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn verification_for_review(&self, id: Uuid) -> Result<Option<(VerificationRow, Person)>, StoreError> {
        let row = verification::Entity::find_by_id(id)
            .find_also_related(person::Entity)
            .filter(verification::Column::Way.eq("review"))
            .filter(verification::Column::State.ne(Stage::Superseded.code()))
            .one(&self.db().read)
            .await?;
        let row = row.and_then(|(row, person)| Some((row, person?)));
        row.map(|(row, person)| Ok((self.verification_of(row)?, self.person_of(person)?))).transpose()
    }

    /// The files of an attempt.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn verification_files(&self, id: Uuid) -> Result<Vec<VerificationFile>, StoreError> {
        let rows = verification_file::Entity::find()
            .filter(verification_file::Column::Verification.eq(id))
            .order_by_asc(verification_file::Column::Part)
            .all(&self.db().read)
            .await?;
        rows.into_iter()
            .map(|row| {
                Ok(VerificationFile {
                    id: row.id,
                    key: self.unseal_bytes(Place { column: FILE_KEY, row: row.id }, &row.key_sealed)?,
                    part: row.part,
                    media_type: row.media_type,
                    sha256: hash(row.sha256)?,
                    size: unsigned(row.size)?,
                    keep_until: row.keep_until,
                })
            })
            .collect()
    }

    /// Forgets the keys of files whose time is over, so that nobody can open them any more, and removes what was encrypted (SR-55). Returns how many.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn forget_verification_files(&self, now: i64) -> Result<u64, StoreError> {
        let over = verification_file::Column::KeepUntil.lt(now);
        let tx = self.db().begin().await?;
        let rows = verification_file::Entity::find().filter(over.clone()).limit(500).all(&*tx).await?;
        let ids = rows.iter().map(|row| row.id);
        verification_file::Entity::delete_many().filter(verification_file::Column::Id.is_in(ids)).exec(&*tx).await?;
        tx.commit().await?;
        let forgotten = rows.len() as u64;
        for row in rows {
            self.blobs().remove(hash(row.sha256)?).await?;
        }
        Ok(forgotten)
    }

    /// Takes the badge from people whose verification is over and who have no later one. Returns how many.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn expire_verifications(&self, now: i64) -> Result<u64, StoreError> {
        let of = |holds: bool| {
            let column = (verification::Entity, verification::Column::ExpiresAt);
            let at = sea_orm::sea_query::Expr::col(column);
            let mut people = Query::select();
            people
                .column((verification::Entity, verification::Column::Person))
                .from(verification::Entity)
                .and_where(verification::Column::State.eq(Stage::Passed.code()))
                .and_where(if holds {
                    sea_orm::sea_query::ExprTrait::gt(at, now)
                } else {
                    sea_orm::sea_query::ExprTrait::lte(at, now)
                });
            people.take()
        };
        let tx = self.db().begin().await?;
        let done = person::Entity::update_many()
            .set(person::ActiveModel { verified: Set(false), ..Default::default() })
            .filter(person::Column::Verified.eq(true))
            .filter(person::Column::Id.in_subquery(of(false)))
            .filter(person::Column::Id.not_in_subquery(of(true)))
            .exec(&*tx)
            .await?;
        tx.commit().await?;
        Ok(done.rows_affected)
    }

    /// Leaves the trace of somebody who is about to look.
    ///
    /// # Errors
    /// When the database cannot be written; then nothing is shown.
    pub async fn put_sensitive_read(&self, read: &SensitiveRead) -> Result<(), StoreError> {
        let row = sensitive_read::ActiveModel {
            id: Set(read.id),
            at: Set(read.at),
            reader: Set(read.reader.0),
            role: Set(read.role.clone()),
            what: Set(read.what.clone()),
            object: Set(read.object),
            person: Set(read.person.0),
            reason: Set(read.reason.clone()),
        };
        let tx = self.db().begin().await?;
        sensitive_read::Entity::insert(row).exec_without_returning(&*tx).await?;
        Ok(tx.commit().await?)
    }

    /// Whether this reader has said why, for this object, since then.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn has_read(&self, reader: PersonId, what: &str, object: Uuid, since: i64) -> Result<bool, StoreError> {
        let row = sensitive_read::Entity::find()
            .filter(sensitive_read::Column::Object.eq(object))
            .filter(sensitive_read::Column::Reader.eq(reader.0))
            .filter(sensitive_read::Column::What.eq(what))
            .filter(sensitive_read::Column::At.gte(since))
            .one(&self.db().read)
            .await?;
        Ok(row.is_some())
    }

    /// Who looked at what of whom, the latest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn sensitive_reads(&self, limit: u64) -> Result<Vec<SensitiveRead>, StoreError> {
        let rows = sensitive_read::Entity::find()
            .order_by_desc(sensitive_read::Column::At)
            .order_by_asc(sensitive_read::Column::Id)
            .limit(limit)
            .all(&self.db().read)
            .await?;
        let read = |row: sensitive_read::Model| SensitiveRead {
            id: row.id,
            at: row.at,
            reader: PersonId(row.reader),
            role: row.role,
            what: row.what,
            object: row.object,
            person: PersonId(row.person),
            reason: row.reason,
        };
        Ok(rows.into_iter().map(read).collect())
    }

    async fn step(&self, id: Uuid, from: Stage, change: verification::ActiveModel) -> Result<bool, StoreError> {
        let tx = self.db().begin().await?;
        let done = step(&tx, id, from, change).await?;
        tx.commit().await?;
        Ok(done)
    }

    fn verification_of(&self, row: verification::Model) -> Result<VerificationRow, StoreError> {
        let stage = Stage::ALL.into_iter().find(|stage| stage.code() == row.state);
        let number = self.unseal(Place { column: VERIFIED_DOCUMENT, row: row.id }, &row.document_sealed)?;
        Ok(VerificationRow {
            id: row.id,
            person: PersonId(row.person),
            stage: stage.ok_or_else(|| StoreError::Corrupt(format!("a verification is {}", row.state)))?,
            way: row.way,
            name: row.name,
            document: Document { kind: row.document_kind, number },
            notice: row.notice,
            begun_at: row.begun_at,
            phone_at: row.phone_at,
            face_token: row.face_token,
            court: row.court,
            decided_at: row.decided_at,
            decided_by: row.decided_by.map(PersonId),
            reason: row.reason,
            expires_at: row.expires_at,
            accepted_at: row.accepted_at,
            accepted: row.accepted,
        })
    }
}

fn changed(now: i64) -> verification::ActiveModel {
    verification::ActiveModel { changed_at: Set(now), ..Default::default() }
}

async fn step(tx: &Tx, id: Uuid, from: Stage, change: verification::ActiveModel) -> Result<bool, StoreError> {
    let done = verification::Entity::update_many()
        .set(change)
        .filter(verification::Column::Id.eq(id))
        .filter(verification::Column::State.eq(from.code()))
        .exec(&**tx)
        .await?;
    Ok(done.rows_affected > 0)
}
