//! What must hold of every micro-court, whatever happens in it.

mod kit;
mod locations;
mod phases;
mod policy;
mod sittings;
mod speaking;
mod visibility;
