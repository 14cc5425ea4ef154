//! Fees (诉讼费用): what a case or an application costs, who pays it first and who bears it, step by step, from `data/fees.toml`.
//!
//! Where the law gives a range and nobody has said which value holds in the province, the result is the range.

mod adjust;
mod compute;
mod item;
mod local;
mod query;
mod scale;

pub use adjust::{Adjust, Event, Settlement, When, adjust};
pub use compute::{FeeResult, Paid, Share, fee};
pub use item::{FeeItem, items, listed};
pub use local::{Local, LocalValue};
pub use query::{Claim, Currency, FeeQuery, Halving, Instance, Relief};
