//! Signed messages, chains and time stamps, with keys of our own and of OpenSSL.

mod kit;
mod messages;
mod stamps;
mod trusted;
