//! What can be checked without a server: receipts, checkpoints, bundles; how a bundle is written; and who signs beside the court.

mod export;
mod files;
mod pdf;
mod readme;
mod witness;

pub(crate) use export::export;
pub(crate) use files::verify_files;
pub(crate) use witness::serve as serve_witness;
pub use witness::{WitnessState, witness_router};
