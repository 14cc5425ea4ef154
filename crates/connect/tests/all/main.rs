//! Adapter and simulator over real loopback sockets, and the outbound client against servers that mean it ill.

mod faces;
mod kit;
mod outbound;
mod pages;
mod phone;
mod push;
mod scanner;
mod sms;
mod timestamp;
