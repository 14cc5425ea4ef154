//! `weiting demo` in a fresh folder: how soon a browser sees something.

use std::net::SocketAddr;
use std::time::Instant;

use store::kit::TestDatabase;

use crate::server::{Server, free_port, program};
use crate::table::{Row, ms};

const TARGET: f64 = 2.0;

pub(crate) async fn measure(database: &TestDatabase) -> anyhow::Result<Vec<Row>> {
    let port = free_port()?;
    let mut command = program(database.folder())?;
    command.arg("demo").arg("--dir").arg(database.folder().join("demo")).arg("--port").arg(port.to_string());
    if !database.options().database.starts_with("sqlite:") {
        command.arg("--database").arg(database.options().database);
    }
    let begun = Instant::now();
    // A program into which the web app was not built has only this to say.
    let path = if std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../web/dist/index.html")).exists() {
        "/"
    } else {
        "/healthz"
    };
    let server = Server::start(command, SocketAddr::from(([127, 0, 0, 1], port)), path).await?;
    let seconds = begun.elapsed().as_secs_f64();
    server.stop().await?;
    Ok(vec![Row {
        what: "`weiting demo` in a fresh folder, first 200",
        measured: ms(seconds),
        reference: String::new(),
        value: format!("{seconds:.2} s"),
        target: "≤ 2 s",
        met: Some(seconds <= TARGET),
    }])
}
