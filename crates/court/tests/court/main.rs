//! What must hold of every micro-court, whatever happens in it.

mod calls;
mod dossiers;
mod kit;
mod locations;
mod matters;
mod notifications;
mod office;
mod phases;
mod policy;
mod sittings;
mod speaking;
mod standing;
mod transcripts;
mod visibility;
