//! Where a court keeps its data: records, what is beside them, and files. All SQL of the project is here.

mod blobs;
mod calls;
mod case_lists;
mod cases;
mod consents;
mod convert;
mod copies;
mod db;
mod documents;
mod dossier;
mod dossier_rows;
mod error;
mod files;
mod imports;
mod inbox;
mod integrations;
#[cfg(any(test, feature = "kit"))]
pub mod kit;
mod ledger;
mod login_codes;
mod mandates;
mod matters;
mod meta;
mod migrations;
mod missing;
mod orphans;
mod outbox;
mod people;
mod push_subscriptions;
mod records;
mod rooms;
mod schema;
mod search;
mod sessions;
mod signatures;
mod staging;
mod step_ups;
mod store;
mod strong_reminders;
#[cfg(test)]
mod tests;
mod tree;
mod uploads;

pub use blobs::Blobs;
pub use calls::{CallNote, PhoneCall};
pub use case_lists::{CaseFilter, ListedCase};
pub use cases::{CaseRow, Participant};
pub use consents::DomicileRow;
pub use copies::{CopyFailure, CopyFile, CopyKey, CopyRow, CopyState};
pub use documents::DocumentRow;
pub use dossier::DossierFilter;
pub use error::StoreError;
pub use files::BlobRow;
pub use imports::{Clash, Import, ImportCase, ImportOutcome, ImportPart, ImportRun, Imported, Tally};
pub use inbox::{Cleared, Inboxes, Notification, NotificationPage, Owner, ReadMark, Sent};
pub use integrations::IntegrationRow;
pub use ledger::{
    Answer, Append, AppendError, Carried, Committed, ConsentChange, ConsentRow, DomicileConfirmed, Effect,
    MandateChange, NewAct, NewDocument, NewJob, NewNotification, NewParticipant, NewRoom, Pending, StoredAct,
    StrongReminder,
};
pub use login_codes::{NewCode, RetryAfter, SendLimit, SendScope, Verdict};
pub use mandates::{MandateRow, WAITING};
pub use matters::{Draft, Reminder};
pub use missing::{Clerk, MissingReport};
pub use outbox::Job;
pub use people::Person;
pub use push_subscriptions::PushSubscription;
pub use rooms::{Membership, RoomRow};
pub use search::{SearchDay, SearchEntry, SearchHit, SearchPlace, SearchWords, Sought};
pub use sessions::SessionRow;
pub use signatures::{SignatureRow, VaultKeyRow};
pub use staging::{Received, Staging};
pub use step_ups::StepUpRow;
pub use store::{Store, StoreOptions};
pub use tree::{Behind, CheckpointRow, EpochRow, Growth, OwnActs, TreeLeaf};
pub use uploads::{FinishedUpload, Purpose, UploadLoad, UploadRow};
