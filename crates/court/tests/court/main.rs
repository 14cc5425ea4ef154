//! What must hold of every micro-court, whatever happens in it.

mod kit;
mod matters;
mod phases;
mod policy;
mod sittings;
mod speaking;
mod visibility;
