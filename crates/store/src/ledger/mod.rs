//! The one way into a record: appends are queued, committed together and only then acknowledged.

mod append;
mod commit;
pub(crate) mod decide;
mod dossier;
mod quick;
pub(crate) mod rows;
mod writer;

pub use append::{Answer, Append, AppendError, Committed, Effect, NewAct, NewJob, NewRoom, Pending, StoredAct};
pub(crate) use writer::Ledger;
