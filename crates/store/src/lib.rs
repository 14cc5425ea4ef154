//! Where a court keeps its data: records, what is beside them, and files. All SQL of the project is here.

mod blobs;
mod cases;
mod convert;
mod db;
mod error;
mod files;
#[cfg(any(test, feature = "kit"))]
pub mod kit;
mod ledger;
mod login_codes;
mod lookups;
mod meta;
mod migrations;
mod outbox;
mod people;
mod records;
mod rooms;
mod schema;
mod search;
mod sessions;
mod staging;
mod store;
#[cfg(test)]
mod tests;
mod uploads;

pub use blobs::Blobs;
pub use cases::{CaseRow, Participant};
pub use error::StoreError;
pub use files::BlobRow;
pub use ledger::{Answer, Append, AppendError, Committed, Effect, NewAct, NewJob, NewRoom, Pending, StoredAct};
pub use login_codes::{NewCode, RetryAfter, SendLimit, SendScope, Verdict};
pub use outbox::Job;
pub use people::Person;
pub use rooms::{Membership, RoomRow};
pub use search::{SearchDay, SearchEntry, SearchHit, SearchPlace, SearchWords, Sought};
pub use sessions::SessionRow;
pub use staging::{Received, Staging};
pub use store::{Store, StoreOptions};
pub use uploads::{FinishedUpload, UploadLoad, UploadRow};
