//! The one way into a record: appends are queued, committed together and only then acknowledged.

mod append;
mod commit;
pub(crate) mod decide;
mod dossier;
mod quick;
pub(crate) mod rows;
mod standing;
mod told;
mod writer;

pub use append::{
    Answer, Append, AppendError, Committed, Effect, NewAct, NewDocument, NewJob, NewRoom, Pending, StoredAct,
};
pub use standing::{Carried, ConsentChange, ConsentRow, DomicileConfirmed, MandateChange, NewParticipant};
pub(crate) use told::notified;
pub use told::{NewNotification, StrongReminder};
pub(crate) use writer::Ledger;
