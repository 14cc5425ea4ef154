//! The tables as queries see them. What creates them is in [`crate::migrations`].

mod calls;
mod cases;
mod docket;
mod files;
mod ledger;
mod matters;
mod people;
mod search;
mod work;

pub(crate) use calls::phone_call;
pub(crate) use cases::{court_case, membership, participant, read_mark, room};
pub(crate) use docket::{import_run, integration, missing_case};
pub(crate) use files::{blob, blob_use, derived_copy, orphan_blob, upload};
pub(crate) use ledger::{act, answer, record, snapshot};
pub(crate) use matters::{matter_draft, matter_reminder};
pub(crate) use people::{login_code, person, session, sms_send};
pub(crate) use search::{search_day, search_entry, search_room};
pub(crate) use work::{job, meta};
