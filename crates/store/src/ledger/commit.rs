//! One batch in one transaction.
//!
//! On PostgreSQL several writers and nodes work at once. All of them take their locks in one order (heads by id, uploads by id, then new
//! heads by id, then answers by slot), so none waits for another that waits for it.

use std::collections::{BTreeMap, HashMap};

use court::{ActId, PersonId, UploadId};
use record::Head;
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::append::{Answer, Append, AppendError, Committed, Effect, NewDocument};
use super::decide::{Held, decide, head_after};
use super::{dossier, rows, standing, told};
use crate::convert::{padded, signed};
use crate::db::{Db, Tx};
use crate::error::StoreError;
use crate::schema::{
    act, answer, blob_use, document, job, matter_draft, membership, record as heads, room, step_up, upload,
};

/// Rows of one statement. SQLite takes 32,766 values, PostgreSQL 65,535; an act has 15.
const ROWS: usize = 500;

/// What a batch came to.
pub(super) struct Settled {
    pub(super) verdicts: Vec<Result<(), AppendError>>,
    /// In the order of their first append.
    pub(super) committed: Vec<Committed>,
}

/// A batch whose commit was not answered. It is stored if and only if this act is.
pub(super) struct Doubt {
    pub(super) witness: ActId,
    pub(super) settled: Settled,
}

pub(super) enum Outcome {
    Settled(Settled),
    /// The commit that was in doubt had happened.
    HadSettled,
}

/// Why a transaction came to nothing, or may have.
pub(super) enum Failure {
    /// Before the commit: nothing of this transaction is stored.
    Before(DbErr),
    AtCommit(DbErr, Doubt),
    /// What was read makes no sense.
    Corrupt(String),
}

impl From<DbErr> for Failure {
    fn from(error: DbErr) -> Self {
        Failure::Before(error)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Failure::Corrupt(error.to_string())
    }
}

/// What is known of the keys of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keys {
    /// They are taken for new. Should one have been answered before, its row refuses to be there twice.
    Fresh,
    /// One of them was there already.
    Met,
}

/// Decides and stores a batch. `doubtful` is the witness of an earlier try whose commit was not answered.
pub(super) async fn commit(
    db: &Db,
    appends: &[&Append],
    doubtful: Option<ActId>,
    keys: Keys,
) -> Result<Outcome, Failure> {
    let tx = db.begin_ledger().await?;
    let mut held = held(&tx, appends).await?;
    // The locks have been waited for, so that a commit that was still under way is over.
    if let Some(id) = doubtful
        && act::Entity::find().filter(act::Column::Id.eq(id.0)).count(&*tx).await? > 0
    {
        return Ok(Outcome::HadSettled);
    }
    let mut verdicts = decide(appends, held.clone());
    // An earlier answer explains a refusal better than what else is wrong.
    if keys == Keys::Met || verdicts.iter().any(Result::is_err) {
        held.answers = answers(&tx, appends).await?;
        verdicts = decide(appends, held);
    }
    let taken: Vec<&Append> =
        appends.iter().zip(&verdicts).filter(|(_, verdict)| verdict.is_ok()).map(|(append, _)| *append).collect();
    let settled = Settled { committed: spans(&taken), verdicts };
    let Some(witness) = taken.first().and_then(|append| append.acts.first()).map(|act| act.id) else {
        return Ok(Outcome::Settled(settled));
    };
    write_record(&tx, &taken).await?;
    write_beside(&tx, &taken).await?;
    match tx.commit().await {
        Ok(()) => Ok(Outcome::Settled(settled)),
        Err(error) => Err(Failure::AtCommit(error, Doubt { witness, settled })),
    }
}

/// Reads what the batch rests on, and keeps others from changing it until the end of the transaction.
async fn held(tx: &Tx, appends: &[&Append]) -> Result<Held, Failure> {
    let mut held = Held::default();
    let records: Vec<Uuid> = sorted(appends.iter().map(|append| append.record));
    for ids in records.chunks(ROWS) {
        let rows = heads::Entity::find()
            .filter(heads::Column::Id.is_in(padded(ids.to_vec())))
            .order_by_asc(heads::Column::Id)
            .lock_exclusive()
            .all(&**tx)
            .await?;
        for row in rows {
            let (id, head) = rows::stored_head(row)?;
            held.heads.insert(id, head);
        }
    }
    let uploads = sorted(appends.iter().flat_map(|append| &append.effects).filter_map(|effect| match effect {
        Effect::BlobUsed { upload } => Some(upload.0),
        _ => None,
    }));
    for ids in uploads.chunks(ROWS) {
        let rows = upload::Entity::find()
            .filter(upload::Column::Id.is_in(ids.iter().copied()))
            .filter(upload::Column::FinishedAt.is_not_null())
            .order_by_asc(upload::Column::Id)
            .lock_exclusive()
            .all(&**tx)
            .await?;
        held.uploads.extend(rows.into_iter().map(|row| (UploadId(row.id), PersonId(row.person))));
    }
    Ok(held)
}

/// What was answered before under the keys of the batch.
async fn answers(tx: &Tx, appends: &[&Append]) -> Result<HashMap<(PersonId, String), Answer>, Failure> {
    let mut found = HashMap::new();
    let slots = sorted(appends.iter().filter_map(|append| append.answer.as_ref()).map(slot_of));
    for slots in slots.chunks(ROWS) {
        let rows = answer::Entity::find().filter(answer::Column::Slot.is_in(padded(slots.to_vec()))).all(&**tx).await?;
        for row in rows {
            let answer = rows::stored_answer(row)?;
            found.insert((answer.person, answer.key.clone()), answer);
        }
    }
    Ok(found)
}

/// Where the records of these appends stand after them, by id.
pub(super) fn moved(taken: &[&Append]) -> Vec<heads::ActiveModel> {
    let mut moved: BTreeMap<Uuid, (Head, i64)> = BTreeMap::new();
    for append in taken {
        moved.insert(append.record, (head_after(append), append.acts.last().map_or(0, |act| act.at)));
    }
    moved.into_iter().map(|(id, (head, at))| rows::head_row(id, head, at)).collect()
}

/// The acts, and where their records stand now.
async fn write_record(tx: &Tx, taken: &[&Append]) -> Result<(), Failure> {
    for rows in chunks(moved(taken)) {
        heads::Entity::insert_many(rows).on_conflict(rows::head_moves()).exec_without_returning(&**tx).await?;
    }
    let acts: Vec<_> =
        taken.iter().flat_map(|append| append.acts.iter().map(|act| rows::act_row(append.record, act))).collect();
    for rows in chunks(acts) {
        act::Entity::insert_many(rows).exec_without_returning(&**tx).await?;
    }
    Ok(())
}

/// Everything that becomes durable with the acts.
async fn write_beside(tx: &Tx, taken: &[&Append]) -> Result<(), Failure> {
    let mut answers: Vec<&Answer> = taken.iter().filter_map(|append| append.answer.as_ref()).collect();
    answers.sort_by_cached_key(|answer| slot_of(answer));
    for rows in chunks(answers.into_iter().map(rows::answer_row).collect()) {
        answer::Entity::insert_many(rows).exec_without_returning(&**tx).await?;
    }
    for append in taken {
        if let Some(new) = &append.founding {
            let row = room::ActiveModel {
                id: Set(append.record),
                case: Set(new.case.0),
                kind: Set(new.kind.clone()),
                opens_at: Set(new.opens_at),
                closes_at: Set(new.closes_at),
                marker: Set(String::new()),
            };
            room::Entity::insert(row).exec_without_returning(&**tx).await?;
        }
        effects(tx, append).await?;
    }
    let jobs: Vec<_> = taken
        .iter()
        .flat_map(|append| &append.jobs)
        .map(|new| job::ActiveModel {
            kind: Set(new.kind.clone()),
            payload: Set(new.payload.clone()),
            run_at: Set(new.run_at),
            attempts: Set(0),
            ..Default::default()
        })
        .collect();
    for rows in chunks(jobs) {
        job::Entity::insert_many(rows).exec_without_returning(&**tx).await?;
    }
    Ok(())
}

/// The rows that an append changes beside its record, in its own order.
async fn effects(tx: &Tx, append: &Append) -> Result<(), Failure> {
    let record = append.record;
    for effect in &append.effects {
        match effect {
            Effect::MembershipStarted { member, person, role, seq, at } => {
                let row = membership::ActiveModel {
                    record: Set(record),
                    member: Set(member.0),
                    since_seq: Set(signed(*seq)),
                    person: Set(person.0),
                    role: Set(role.clone()),
                    started_at: Set(*at),
                    until_seq: Set(None),
                    ended_at: Set(None),
                };
                membership::Entity::insert(row).exec_without_returning(&**tx).await?;
            }
            Effect::MembershipEnded { member, seq, at } => {
                let end = membership::ActiveModel {
                    until_seq: Set(Some(signed(*seq))),
                    ended_at: Set(Some(*at)),
                    ..Default::default()
                };
                membership::Entity::update_many()
                    .set(end)
                    .filter(membership::Column::Record.eq(record))
                    .filter(membership::Column::Member.eq(member.0))
                    .filter(membership::Column::UntilSeq.is_null())
                    .exec(&**tx)
                    .await?;
            }
            Effect::RoomPhase { opens_at, closes_at, marker } => {
                let phase = room::ActiveModel {
                    opens_at: Set(*opens_at),
                    closes_at: Set(*closes_at),
                    marker: Set(marker.clone()),
                    ..Default::default()
                };
                room::Entity::update_many().set(phase).filter(room::Column::Id.eq(record)).exec(&**tx).await?;
            }
            Effect::BlobUsed { upload } => blob_used(tx, record, *upload).await?,
            Effect::DossierFiled(entry) => dossier::file(tx, entry).await?,
            Effect::DossierRefiled { case, entry, folder, title } => {
                dossier::refile(tx, *case, *entry, *folder, title).await?;
            }
            Effect::DossierWithdrawn { case, entry, at } => dossier::withdraw(tx, *case, *entry, *at).await?,
            Effect::DraftDone { member, matter } => {
                matter_draft::Entity::delete_by_id((record, member.0, matter.0)).exec(&**tx).await?;
            }
            Effect::NotificationsGone { person, role } => told::gone(tx, record, *person, role).await?,
            Effect::Reminded(reminder) => told::granted(tx, reminder).await?,
            // All of them at once, below.
            Effect::Notified(_) => {}
            Effect::StepUpUsed { id, at } => {
                let used = step_up::ActiveModel { used_at: Set(Some(*at)), ..Default::default() };
                step_up::Entity::update_many().set(used).filter(step_up::Column::Id.eq(*id)).exec(&**tx).await?;
            }
            Effect::DocumentFiled(new) => document_filed(tx, record, new).await?,
            Effect::MandateChanged(change) => standing::change(tx, change).await?,
            Effect::Participates(new) => standing::participates(tx, new).await?,
            Effect::ParticipatesNoLonger { member, at } => {
                standing::participates_no_longer(tx, *member, *at).await?;
            }
            Effect::ConsentGiven(row) => standing::given(tx, row).await?,
            Effect::ConsentChanged(change) => standing::changed(tx, record, change).await?,
            Effect::DomicileConfirmed(new) => standing::confirmed(tx, new).await?,
        }
    }
    let notified = append.effects.iter().filter_map(|effect| match effect {
        Effect::Notified(new) => Some(new),
        _ => None,
    });
    Ok(told::notified(tx, notified).await?)
}

async fn document_filed(tx: &Tx, record: Uuid, new: &NewDocument) -> Result<(), Failure> {
    let row = document::ActiveModel {
        record: Set(record),
        seq: Set(signed(new.seq)),
        at: Set(new.at),
        title: Set(new.title.clone()),
        number: Set(new.number.clone()),
        parties: Set(new.parties.clone()),
        search: Set(court::folded(&format!("{}\n{}\n{}", new.title, new.number, new.parties))),
        version: Set(i32::try_from(new.version).unwrap_or(i32::MAX)),
        pages: Set(i32::try_from(new.pages).unwrap_or(i32::MAX)),
        size: Set(signed(new.size)),
        sha256: Set(new.sha256.0.to_vec()),
    };
    document::Entity::insert(row).exec_without_returning(&**tx).await?;
    Ok(())
}

async fn blob_used(tx: &Tx, record: Uuid, id: UploadId) -> Result<(), Failure> {
    let row = upload::Entity::find_by_id(id.0).one(&**tx).await?;
    let Some((sha256, size)) = row.and_then(|row| row.sha256.zip(row.size)) else {
        return Err(Failure::Corrupt(format!("upload {id} was locked and is gone")));
    };
    let uses = blob_use::ActiveModel { record: Set(record), upload: Set(id.0), sha256: Set(sha256), size: Set(size) };
    blob_use::Entity::insert_many([uses]).on_conflict_do_nothing().exec_without_returning(&**tx).await?;
    let used = upload::ActiveModel { used: Set(true), ..Default::default() };
    upload::Entity::update_many().set(used).filter(upload::Column::Id.eq(id.0)).exec(&**tx).await?;
    Ok(())
}

/// Which acts of which records a batch stores.
pub(super) fn spans(taken: &[&Append]) -> Vec<Committed> {
    let mut places: HashMap<Uuid, usize> = HashMap::new();
    let mut spans: Vec<Committed> = Vec::new();
    for append in taken {
        let place = *places.entry(append.record).or_insert_with(|| {
            spans.push(Committed {
                record: append.record,
                first: append.expected.seq + 1,
                last: 0,
                jobs: false,
                effects: false,
            });
            spans.len() - 1
        });
        spans[place].last = head_after(append).seq;
        spans[place].jobs |= !append.jobs.is_empty();
        spans[place].effects |= !append.effects.is_empty();
    }
    spans
}

pub(super) fn slot_of(answer: &Answer) -> Vec<u8> {
    rows::slot(answer.person, &answer.key)
}

fn sorted<T: Ord>(values: impl Iterator<Item = T>) -> Vec<T> {
    let mut values: Vec<T> = values.collect();
    values.sort_unstable();
    values.dedup();
    values
}

fn chunks<T>(rows: Vec<T>) -> impl Iterator<Item = Vec<T>> {
    let mut rows = rows.into_iter().peekable();
    std::iter::from_fn(move || {
        rows.peek()?;
        Some(rows.by_ref().take(ROWS).collect())
    })
}
