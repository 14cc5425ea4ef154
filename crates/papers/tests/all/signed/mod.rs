//! Stamps and signatures, looked at with other people's programs.

mod kit;
mod signatures;
mod stamps;
