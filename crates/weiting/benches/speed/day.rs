//! An ordinary day: 20 acts a second over 100 rooms of 6, everybody with a live socket, while the log is written back.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use court::RoomId;
use sqlx::{Connection, PgConnection, SqliteConnection};
use store::kit::TestDatabase;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

use crate::client::{Client, Socket};
use crate::court::{House, words};
use crate::disk;
use crate::server::Server;
use crate::table::{Row, ms, share};

pub(crate) const ROOMS: usize = 100;
pub(crate) const MEMBERS: usize = 6;
const PER_SECOND: u64 = 20;
const LENGTH: Duration = Duration::from_secs(30);

/// A room with a token for each member.
pub(crate) struct Watched {
    pub(crate) room: RoomId,
    pub(crate) tokens: Vec<String>,
}

/// A hundred rooms of six, all in session.
pub(crate) async fn rooms(database: &TestDatabase) -> anyhow::Result<Vec<Watched>> {
    let house = House::open(database).await?;
    let mut rooms = Vec::new();
    for _ in 0..ROOMS {
        let room = house.room(MEMBERS).await?;
        let mut tokens = Vec::new();
        for seat in &room.seats {
            tokens.push(house.token(seat).await?);
        }
        rooms.push(Watched { room: room.id, tokens });
    }
    house.close().await?;
    Ok(rooms)
}

pub(crate) async fn measure(database: &TestDatabase) -> anyhow::Result<Vec<Row>> {
    let rooms = rooms(database).await?;
    let mut syncs = disk::paced_appends(database.folder(), PER_SECOND, Duration::from_secs(5)).await?;
    let server = Server::serve(database).await?;
    let client = Client::to(server.address)?;
    let (heard, mut hearing) = mpsc::unbounded_channel();
    for (place, watched) in rooms.iter().enumerate() {
        for token in &watched.tokens {
            let socket = Socket::watching(server.address, token, watched.room, 0).await?;
            tokio::spawn(socket.listen(place, heard.clone()));
        }
    }
    drop(heard);
    let checkpoints = tokio::spawn(checkpoints(database.options().database, LENGTH));
    let mut every = interval(Duration::from_millis(1000 / PER_SECOND));
    every.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut said = JoinSet::new();
    for number in 0..(LENGTH.as_secs() * PER_SECOND) as usize {
        every.tick().await;
        let place = number * 37 % ROOMS;
        let (client, room) = (client.clone(), rooms[place].room);
        let token = rooms[place].tokens[number % MEMBERS].clone();
        said.spawn(async move {
            let begun = Instant::now();
            let seq = client.says(&token, room, &words()).await?;
            anyhow::Ok((place, seq, begun, begun.elapsed().as_secs_f64()))
        });
    }
    let (mut sent, mut acks) = (HashMap::new(), Vec::new());
    while let Some(done) = said.join_next().await {
        let (place, seq, begun, ack) = done??;
        sent.insert((place, seq), begun);
        acks.push(ack);
    }
    let checkpoints = checkpoints.await??;
    syncs.extend(disk::paced_appends(database.folder(), PER_SECOND, Duration::from_secs(5)).await?);
    server.stop().await?;
    let mut times = Vec::new();
    while let Some((place, seq, at)) = hearing.recv().await {
        // What was said before the day began was sent at once when the sockets opened.
        if let Some(begun) = sent.get(&(place, seq)) {
            times.push((at - *begun).as_secs_f64());
        }
    }
    let missing = sent.len() * MEMBERS - times.len();
    let (p50, p99, sync) = (share(&mut times, 0.5), share(&mut times, 0.99), share(&mut syncs, 0.5));
    eprintln!(
        "  {} deliveries ({missing} missing), p50 {}, largest {}; ack p50 {}, p99 {}",
        times.len(),
        ms(p50),
        ms(share(&mut times, 1.0)),
        ms(share(&mut acks, 0.5)),
        ms(share(&mut acks, 0.99)),
    );
    let ratio = p99 / sync;
    Ok(vec![
        Row {
            what: "ordinary day, delivery p99",
            measured: format!("{} (p50 {})", ms(p99), ms(p50)),
            reference: format!("synced append p50 {}, p99 {}", ms(sync), ms(share(&mut syncs, 0.99))),
            value: format!("{ratio:.1} ×"),
            target: "≤ 10 ×",
            met: Some(ratio <= 10.0 && missing == 0),
        },
        Row {
            what: "ordinary day, log written back meanwhile",
            measured: format!("{checkpoints} times"),
            reference: String::new(),
            value: String::new(),
            target: "",
            met: None,
        },
    ])
}

/// How often the log was written back. SQLite's program does it by itself; of PostgreSQL it is asked, because its own five minutes are
/// longer than this day.
async fn checkpoints(database: String, length: Duration) -> anyhow::Result<u32> {
    let end = Instant::now() + length;
    let mut count = 0;
    if database.starts_with("sqlite:") {
        let mut eyes = SqliteConnection::connect(&database).await?;
        let mut before = 0;
        while Instant::now() < end {
            let (_, _, written): (i64, i64, i64) =
                sqlx::query_as("PRAGMA wal_checkpoint(NOOP)").fetch_one(&mut eyes).await?;
            count += u32::from(written > before);
            before = written;
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
    } else {
        let mut eyes = PgConnection::connect(&database).await?;
        while Instant::now() + Duration::from_secs(5) < end {
            tokio::time::sleep(Duration::from_secs(8)).await;
            sqlx::query("CHECKPOINT").execute(&mut eyes).await?;
            count += 1;
        }
    }
    Ok(count)
}
