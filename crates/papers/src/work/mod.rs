//! What the worker does: one task in one process that may be killed at any moment, and never in the process that serves people (SR-34).
//!
//! The server writes an [`Order`] to the process's input and reads a [`Head`] and the bytes of the files that were made from its output:
//! nothing else goes in or out. Which tasks there are, and what each may cost, is one table ([`Task`]).

mod bench;
mod failure;
mod foreign;
mod perform;
mod task;
mod wire;

pub use bench::{Bench, Product};
pub use failure::Failure;
pub use perform::perform;
pub use task::{Bounds, Lane, Need, OfficeForm, Task};
pub use wire::{HEAD_BYTES, Head, Order, Outcome, Picture, send};

pub use crate::pages::{PageSize, Sizes};

use std::io::{self, Read, Write};

/// The whole life of a worker: reads one order, performs its task, writes what came of it. Blocking.
///
/// # Errors
/// When the order cannot be read or the answer cannot be written; whoever gave the order then sees that this process has died.
pub fn serve(input: &mut impl Read, output: &mut impl Write) -> io::Result<()> {
    // When memory runs short on this machine, the worker shall go before the server does.
    std::fs::write("/proc/self/oom_score_adj", "900").ok();
    let mut text = Vec::new();
    input.take(HEAD_BYTES).read_to_end(&mut text)?;
    let order: Order = serde_json::from_slice(&text)?;
    let bench = Bench::new(order.inputs, order.scratch);
    send(perform(&order.task, &bench), output)
}
