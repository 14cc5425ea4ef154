//! 5,000 live sockets on which nothing happens: what each keeps resident.

use std::time::Duration;

use store::kit::TestDatabase;
use tokio::sync::mpsc;

use crate::client::{Client, Socket};
use crate::day;
use crate::server::Server;
use crate::table::Row;

const SOCKETS: usize = 5_000;
/// Past the first heartbeat of every socket: then it is as it stays for hours.
const SETTLE: Duration = Duration::from_secs(28);
const TARGET: f64 = 20.0 * 1024.0;

pub(crate) async fn measure(database: &TestDatabase) -> anyhow::Result<Vec<Row>> {
    let rooms = day::rooms(database).await?;
    let server = Server::serve(database).await?;
    let client = Client::to(server.address)?;
    // What the program needs once, however many come.
    for watched in &rooms {
        client.get(&watched.tokens[0], &format!("/api/rooms/{}", watched.room)).await?;
    }
    let before = server.resident()?;
    let (heard, _hearing) = mpsc::unbounded_channel();
    for number in 0..SOCKETS {
        let watched = &rooms[number % rooms.len()];
        let token = &watched.tokens[number / rooms.len() % day::MEMBERS];
        let socket = Socket::watching(server.address, token, watched.room, 0).await?;
        tokio::spawn(socket.listen(number, heard.clone()));
    }
    let opened = server.resident()?;
    tokio::time::sleep(SETTLE).await;
    let after = server.resident()?;
    eprintln!(
        "  before {} KiB, when all were open {} KiB, after {SETTLE:?} {} KiB",
        before / 1024,
        opened / 1024,
        after / 1024
    );
    server.stop().await?;
    let each = after.saturating_sub(before) as f64 / SOCKETS as f64;
    Ok(vec![Row {
        what: "5,000 idle live sockets, resident memory each",
        measured: format!("{:.1} KiB", each / 1024.0),
        reference: String::new(),
        value: format!("{:.1} KiB", each / 1024.0),
        target: "≤ 20 KiB",
        met: Some(each <= TARGET),
    }])
}
