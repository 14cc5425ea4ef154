//! The law against vectors that were worked by hand, and against itself.

mod fees;
mod interest;
