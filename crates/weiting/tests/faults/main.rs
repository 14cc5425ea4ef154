//! What must survive when the program is killed: run against the real program on real disks.

mod f01_kill;
mod ledger;
mod program;
