//! The proofs of the record, against naive versions, against other people's programs, and against those who tamper.

mod golden;
mod notes;
mod tree;
