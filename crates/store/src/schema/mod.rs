//! The tables as queries see them. What creates them is in [`crate::migrations`].

mod calls;
mod cases;
mod docket;
mod dossier;
mod files;
mod inbox;
mod laws;
mod ledger;
mod matters;
mod offices;
mod opinions;
mod people;
mod search;
mod signatures;
mod standing;
mod tree;
mod verifications;
mod work;

pub(crate) use calls::phone_call;
pub(crate) use cases::{court_case, membership, participant, read_mark, room};
pub(crate) use docket::{import_run, integration, missing_case};
pub(crate) use dossier::dossier_entry;
pub(crate) use files::{blob, blob_use, derived_copy, orphan_blob, upload};
pub(crate) use inbox::{
    inbox_change, inbox_choice, notification, notification_delivery, push_subscription, strong_reminder,
};
pub(crate) use laws::{court_place, law, law_article};
pub(crate) use ledger::{act, answer, record, snapshot};
pub(crate) use matters::{matter_draft, matter_reminder};
pub(crate) use offices::{office, oversight};
pub(crate) use opinions::{feedback, feedback_answer};
pub(crate) use people::{login_code, person, session, sms_send};
pub(crate) use search::{search_day, search_entry, search_room};
pub(crate) use signatures::{document, signature, signature_use, step_up, vault_key};
pub(crate) use standing::{agent_check, agent_profile, consent, domicile, domicile_confirmed, mandate};
pub(crate) use tree::{integrity_incident, tree_checkpoint, tree_epoch, tree_leaf, tree_mark, tree_tile};
pub(crate) use verifications::{sensitive_read, verification, verification_file};
pub(crate) use work::{job, meta};
