//! The law as data, and pure functions over it: periods, fees, interest, case numbers and other identifiers.
//!
//! - `data/` holds what lawyers can read and correct: one row for each rule, with its citation (instrument, version, article) and the days on which it holds. The
//!   build fails on an unknown key, a missing or unknown citation, and on two rows for the same thing on the same day ([`book`]).
//! - A rule is chosen by the day that matters for it (the day of service, of filing, of the contract), which is an argument.
//! - Everything returns its [`Reason`]: the steps that led to it, each with its articles. Mistakes are a [`Wrong`], with a code and a sentence.
//! - Money is whole [`Fen`] with exact rates and one rounding ([`money`]); dates are civil dates in court ([`civil`]).
//!
//! Nothing here does I/O, reads a clock or draws lots.

mod law;
mod listed;
mod typed;

pub mod book;
pub mod calendar;
pub mod citation;
pub mod civil;
pub mod fees;
pub mod identifiers;
pub mod interest;
pub mod listing;
pub mod money;
pub mod periods;
pub mod reason;
pub mod risk;
mod wrong;

pub use citation::Citation;
pub use money::{Exact, Fen, Rate};
pub use reason::{Reason, Step, StepKind};
pub use wrong::Wrong;
