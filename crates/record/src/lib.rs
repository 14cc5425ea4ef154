//! The tamper-evident record: what an act leaves behind, and how anyone can check it.
//!
//! Every act has a **leaf**: a short text of fixed lines that names the act and commits to what was said and to who may see it.
//! The SHA-256 of that text is the act's leaf hash; the next act of the same record names it as `prev`. So a record is a chain, and
//! whoever holds the last hash can tell whether anything before it was changed, removed, added or moved.
//!
//! A commitment is SHA-256(salt ‖ exact stored bytes). The salt is stored beside the bytes: where the bytes are later destroyed
//! (redaction, retention), the leaf still verifies and reveals nothing about them.
//!
//! All leaves of a court are the entries of one [`tree`]; a signed [`Checkpoint`] says what its root was at some moment, so that a court
//! cannot change its past without contradicting what it signed. A [`receipt`] proves one act, a [`bundle`] a whole case.
//!
//! The format is described for readers without this program in `docs/record-format.md`. Nothing here does I/O.

mod block;
pub mod bundle;
mod chain;
mod checkpoint;
mod finding;
mod hash;
mod leaf;
pub mod note;
pub mod receipt;
pub mod tiles;
pub mod tree;
pub mod zip;

pub use block::{Inclusion, Salted, Written};
pub use chain::{Break, ChainVerifier, Head, StoredLeaf};
pub use checkpoint::Checkpoint;
pub use finding::{Fault, Finding};
pub use hash::{Hash, HashError, Salt, commit};
pub use leaf::Leaf;
