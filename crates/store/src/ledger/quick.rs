//! The everyday batch in few steps: acts of records that this writer knows, with nothing beside them but their answers.
//!
//! Each step of a transaction is a journey to the database and back, and for one message those cost more than the disk does. A writer
//! knows where the records stand that it last wrote, so it need not ask; that nobody else has written since, the primary key of the
//! acts guards: a record never gets two acts with one number. On PostgreSQL the rows go in one statement that is its own transaction,
//! on SQLite in one script.

use std::collections::HashMap;

use record::Head;
use sea_orm::sea_query::{CommonTableExpression, WithClause};
use sea_orm::{DbBackend, EntityTrait, QueryTrait, Statement, Value, Values};
use uuid::Uuid;

use super::append::{Append, AppendError};
use super::commit::{Doubt, Failure, Outcome, Settled, moved, slot_of, spans};
use super::decide::{Held, decide, head_after};
use super::rows;
use crate::db::Db;
use crate::schema::{act, answer, record as heads};

/// Acts of a batch that goes this way: larger ones gain nothing, and the number of values in a statement is limited.
const ACTS: usize = 256;
/// Records that a writer remembers.
const RECORDS: usize = 10_000;

/// Where the records stand that a writer has written, as far as it remembers. The database may be further, never behind.
#[derive(Debug, Default)]
pub(super) struct Known(HashMap<Uuid, Head>);

impl Known {
    /// Takes in what a batch came to.
    pub(super) fn learn(&mut self, appends: &[&Append], verdicts: &[Result<(), AppendError>]) {
        if self.0.len() > RECORDS {
            self.0.clear();
        }
        for (append, verdict) in appends.iter().zip(verdicts) {
            if verdict.is_ok() {
                self.0.insert(append.record, head_after(append));
            }
        }
        for (append, verdict) in appends.iter().zip(verdicts) {
            if verdict.is_err() {
                self.0.remove(&append.record);
            }
        }
    }

    /// Nobody knows what became of a batch.
    pub(super) fn forget(&mut self, appends: &[&Append]) {
        for append in appends {
            self.0.remove(&append.record);
        }
    }

    /// The heads of all these records; none unless all are known.
    fn heads(&self, appends: &[&Append]) -> Option<HashMap<Uuid, Head>> {
        appends.iter().map(|append| Some((append.record, *self.0.get(&append.record)?))).collect()
    }
}

/// Stores a batch the short way. None when it has to go the long way, and nothing was done.
pub(super) async fn quick(db: &Db, appends: &[&Append], known: &Known) -> Option<Result<Outcome, Failure>> {
    if appends.iter().map(|append| append.acts.len()).sum::<usize>() > ACTS || !appends.iter().all(|one| plain(one)) {
        return None;
    }
    let held = Held { heads: known.heads(appends)?, ..Held::default() };
    let verdicts = decide(appends, held);
    if verdicts.iter().any(Result::is_err) {
        return None;
    }
    let witness = appends.first()?.acts.first()?.id;
    let settled = Settled { committed: spans(appends), verdicts };
    Some(match insert(db, appends).await {
        Ok(()) => Ok(Outcome::Settled(settled)),
        Err(error) => Err(Failure::AtCommit(error, Doubt { witness, settled })),
    })
}

/// Nothing but acts and an answer.
fn plain(append: &Append) -> bool {
    append.founding.is_none() && append.effects.is_empty() && append.jobs.is_empty()
}

async fn insert(db: &Db, appends: &[&Append]) -> Result<(), sea_orm::DbErr> {
    // In the order of their keys, as all writers do, so that none waits for another that waits for it.
    let mut in_order = appends.to_vec();
    in_order.sort_by_key(|append| (append.record, append.expected.seq));
    let mut answers: Vec<_> = appends.iter().filter_map(|append| append.answer.as_ref()).collect();
    answers.sort_by_cached_key(|answer| slot_of(answer));
    let acts = in_order.iter().flat_map(|append| append.acts.iter().map(|act| rows::act_row(append.record, act)));

    let heads = heads::Entity::insert_many(moved(appends)).on_conflict(rows::head_moves()).into_query();
    let acts = act::Entity::insert_many(acts).into_query();
    let answers = (!answers.is_empty())
        .then(|| answer::Entity::insert_many(answers.into_iter().map(rows::answer_row)).into_query());
    let backend = db.backend();
    let whole = match backend {
        DbBackend::Sqlite => script([Some(heads), Some(acts), answers].iter().flatten().map(|one| backend.build(one))),
        _ => {
            let part =
                |name: &'static str, query| CommonTableExpression::new().table_name(name).query(query).to_owned();
            let mut with = WithClause::new().cte(part("acts", acts)).to_owned();
            if let Some(answers) = answers {
                with.cte(part("answers", answers));
            }
            backend.build(&heads.with(with))
        }
    };
    db.run_whole(whole).await
}

/// Several statements as one transaction in one text; SQLite binds the values one after the other.
fn script(statements: impl Iterator<Item = Statement>) -> Statement {
    let (mut text, mut all): (String, Vec<Value>) = ("BEGIN IMMEDIATE;".to_owned(), Vec::new());
    for Statement { sql, values, .. } in statements {
        text.push_str(&sql);
        text.push(';');
        all.extend(values.map(|Values(values)| values).unwrap_or_default());
    }
    text.push_str("COMMIT");
    Statement { sql: text, values: Some(Values(all)), db_backend: DbBackend::Sqlite }
}
