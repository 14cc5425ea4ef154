//! Which appends of a batch are taken. Pure: everything that the database knows has been read before.

use std::collections::{HashMap, HashSet};

use court::{PersonId, UploadId};
use record::Head;
use uuid::Uuid;

use super::append::{Answer, Append, AppendError, Effect};

/// What the database holds of everything that a batch touches, read and locked in the batch's own transaction.
#[derive(Clone, Debug, Default)]
pub(crate) struct Held {
    /// A record that is not here does not exist.
    pub(crate) heads: HashMap<Uuid, Head>,
    pub(crate) answers: HashMap<(PersonId, String), Answer>,
    /// Finished uploads, and whose they are.
    pub(crate) uploads: HashMap<UploadId, PersonId>,
}

/// Says of each append whether it is taken, as if they came one after the other. An append that is refused takes all later ones of its
/// record with it, since they were decided on a state that will never be; those of other records are none of its business.
pub(crate) fn decide(appends: &[&Append], mut held: Held) -> Vec<Result<(), AppendError>> {
    let mut refused = HashSet::new();
    appends
        .iter()
        .map(|append| {
            let verdict = one(append, &held, refused.contains(&append.record));
            match &verdict {
                Ok(()) => {
                    held.heads.insert(append.record, head_after(append));
                    if let Some(answer) = &append.answer {
                        held.answers.insert((answer.person, answer.key.clone()), answer.clone());
                    }
                }
                Err(_) => {
                    refused.insert(append.record);
                }
            }
            verdict
        })
        .collect()
}

/// Where a record stands after an append.
pub(crate) fn head_after(append: &Append) -> Head {
    append.acts.last().map_or(append.expected, |act| Head { seq: act.seq, leaf: act.leaf })
}

fn one(append: &Append, held: &Held, after_refused: bool) -> Result<(), AppendError> {
    // The earlier answer comes first: whoever repeats a request wants to hear that, and not that the record has gone on since.
    if let Some(answer) = &append.answer
        && let Some(earlier) = held.answers.get(&(answer.person, answer.key.clone()))
    {
        return Err(AppendError::Duplicate(earlier.clone()));
    }
    well_formed(append).map_err(|what| AppendError::Invalid(what.to_owned()))?;
    let head = held.heads.get(&append.record).copied().unwrap_or(Head::EMPTY);
    if after_refused || head != append.expected {
        return Err(AppendError::Conflict);
    }
    for effect in &append.effects {
        if let Effect::BlobUsed { upload } = effect {
            let owner = held.uploads.get(upload);
            if !owner.is_some_and(|owner| append.acts.iter().any(|act| act.person == Some(*owner))) {
                return Err(AppendError::Conflict);
            }
        }
    }
    Ok(())
}

fn well_formed(append: &Append) -> Result<(), &'static str> {
    if append.acts.is_empty() {
        return Err("there is no act");
    }
    if append.founding.is_some() && append.expected != Head::EMPTY {
        return Err("a room is founded by its first act");
    }
    if append.expected.seq >= i64::MAX as u64 - append.acts.len() as u64 {
        return Err("the record is full");
    }
    let mut head = append.expected;
    let mut at = i64::MIN;
    for act in &append.acts {
        if act.seq != head.seq + 1 {
            return Err("the acts are not numbered one after the other");
        }
        if act.prev != head.leaf {
            return Err("an act does not name the leaf before it");
        }
        if act.at < at {
            return Err("an act is dated before the one that it follows");
        }
        head = Head { seq: act.seq, leaf: act.leaf };
        at = act.at;
    }
    Ok(())
}
