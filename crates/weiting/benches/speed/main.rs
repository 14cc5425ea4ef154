//! The speeds that the project promises, each as a ratio taken in one run on one machine, for SQLite and PostgreSQL.
//!
//! `make bench`, or `scripts/with-postgres cargo bench -p weiting --bench speed [-- PART… DATABASE…]`. Parts: `writers`, `room`, `day`,
//! `sockets`, `long`, `judge`, `search`, `people`, `proof`, `start`; databases: `sqlite`, `postgres`. Without any, everything is measured; without a
//! server, SQLite alone.
//!
//! Nothing is asserted: a machine may be busy. What is missed is marked, and the program always ends with 0.

mod client;
mod court;
mod day;
mod disk;
mod judge;
mod long;
mod people;
mod proof;
mod room;
mod rows;
mod search;
mod server;
mod sockets;
mod start;
mod table;
mod writers;

use std::os::unix::process::CommandExt;
use std::process::Command;

use store::kit::{TestDatabase, Which};

use table::{Row, Table};

/// What can be measured, in this order.
const PARTS: [&str; 10] = ["writers", "room", "day", "sockets", "long", "judge", "search", "people", "proof", "start"];
/// Open files that 5,000 sockets need on either side.
const FILES: u64 = 8_000;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let asked = |name: &str, all: &[&str]| {
        arguments.iter().any(|argument| argument == name)
            || !arguments.iter().any(|argument| all.contains(&argument.as_str()))
    };
    raise_files();
    // One provider for TLS in the whole program, as the program itself has it.
    rustls::crypto::ring::default_provider().install_default().ok();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let mut table = Table::default();
    runtime.block_on(async {
        for (which, name) in [(Which::Sqlite, "sqlite"), (Which::Postgres, "postgres")] {
            if !asked(name, &["sqlite", "postgres"]) {
                continue;
            }
            if which == Which::Postgres && std::env::var_os("WEITING_TEST_POSTGRES").is_none() {
                println!("PostgreSQL is not measured: run under scripts/with-postgres.");
                continue;
            }
            for part in PARTS.into_iter().filter(|part| asked(part, &PARTS)) {
                eprintln!("measuring {part} on {which:?} …");
                table.add(which, part, measure(part, which).await);
            }
        }
    });
    println!("{table}");
}

/// Measures one part on a fresh database.
async fn measure(part: &str, which: Which) -> anyhow::Result<Vec<Row>> {
    let database = TestDatabase::fresh(which).await;
    match part {
        "writers" => writers::measure(&database).await,
        "room" => room::measure(&database).await,
        "day" => day::measure(&database).await,
        "sockets" => sockets::measure(&database).await,
        "long" => long::measure(&database).await,
        "judge" => judge::measure(&database).await,
        "search" => search::measure(&database).await,
        "people" => people::measure(&database).await,
        "proof" => proof::measure(&database).await,
        _ => start::measure(&database).await,
    }
}

/// Starts this program again with as many open files as the system lets it have, if it has too few; children inherit them.
fn raise_files() {
    const RAISED: &str = "WEITING_BENCH_RAISED";
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let soft =
        limits.lines().find(|line| line.starts_with("Max open files")).and_then(|line| line.split_whitespace().nth(3));
    let enough = soft.is_none_or(|soft| soft == "unlimited" || soft.parse().is_ok_and(|files: u64| files >= FILES));
    if enough || std::env::var_os(RAISED).is_some() {
        return;
    }
    let script = r#"ulimit -S -n "$(ulimit -H -n)"; exec "$0" "$@""#;
    let program = std::env::current_exe().expect("this program has a path");
    let arguments = std::env::args_os().skip(1);
    let error = Command::new("sh").arg("-c").arg(script).arg(program).args(arguments).env(RAISED, "1").exec();
    eprintln!("The limit of open files could not be raised: {error}");
}
