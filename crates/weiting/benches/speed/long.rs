//! A room with 100,000 acts: how soon it is open after the program has started.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use anyhow::{Context, ensure};
use court::speech::To;
use store::kit::TestDatabase;
use tokio::task::JoinSet;

use crate::client::Client;
use crate::court::{House, Room};
use crate::server::Server;
use crate::table::{Row, median, ms};

const ACTS: u64 = 100_000;
const MEMBERS: usize = 6;
const WRITERS: usize = 64;
/// One act in so many is for the bench alone, so that members count differently.
const PRIVATE: u64 = 50;
const STARTS: usize = 5;
const WARM: usize = 20;
const TARGET: f64 = 0.050;

pub(crate) async fn measure(database: &TestDatabase) -> anyhow::Result<Vec<Row>> {
    let house = House::open(database).await?;
    let room = Arc::new(house.room(MEMBERS).await?);
    let token = house.token(&room.seats[2]).await?;
    let begun = Instant::now();
    fill(&house, &room).await?;
    let rate = ACTS as f64 / begun.elapsed().as_secs_f64();
    let snapshot = house.desk.store.snapshot(room.id.0).await?.map_or(0, |(_, text)| text.len());
    eprintln!("  {rate:.0} acts/s into one room; its snapshot has {} KiB", snapshot / 1024);
    house.close().await?;
    let (mut cold, mut warm) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        let server = Server::serve(database).await?;
        let client = Client::to(server.address)?;
        cold.push(open(&client, &token, &room).await?);
        let mut again = Vec::new();
        for _ in 0..WARM {
            again.push(open(&client, &token, &room).await?);
        }
        warm.push(median(&mut again));
        server.stop().await?;
    }
    let (worst, middle) = (cold.iter().copied().fold(0.0, f64::max), median(&mut cold));
    Ok(vec![
        Row {
            what: "room of 100,000 acts, opened after a restart",
            measured: format!("{} (slowest of {STARTS}: {})", ms(middle), ms(worst)),
            reference: format!("opened again {}", ms(median(&mut warm))),
            value: ms(middle),
            target: "≤ 50 ms",
            met: Some(middle <= TARGET),
        },
        Row {
            what: "64 writers in one room, durable acts",
            measured: format!("{rate:.0}/s"),
            reference: String::new(),
            value: String::new(),
            target: "",
            met: None,
        },
    ])
}

/// Says so much, as fast as it goes.
async fn fill(house: &House, room: &Arc<Room>) -> anyhow::Result<()> {
    let next = Arc::new(AtomicU64::new(0));
    let mut writers = JoinSet::new();
    for _ in 0..WRITERS {
        let (desk, room, next) = (house.desk.clone(), room.clone(), next.clone());
        writers.spawn(async move {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= ACTS {
                    return anyhow::Ok(());
                }
                // The judge to the bench, or somebody to everybody.
                let (seat, to) =
                    if number % PRIVATE == 0 { (0, To::Bench) } else { (number as usize % MEMBERS, To::Everyone) };
                room.seats[seat].says(&desk, room.id, to).await?;
            }
        });
    }
    while let Some(done) = writers.join_next().await {
        done??;
    }
    Ok(())
}

/// What the app asks when somebody opens a room: the room, and its last 50 acts. In seconds.
async fn open(client: &Client, token: &str, room: &Room) -> anyhow::Result<f64> {
    let begun = Instant::now();
    let view = client.get(token, &format!("/api/rooms/{}", room.id)).await?;
    let head = view["head"].as_u64().context("a room has a head")?;
    let acts = client.get(token, &format!("/api/rooms/{}/acts?after={}&limit=50", room.id, head - 50)).await?;
    let seconds = begun.elapsed().as_secs_f64();
    ensure!(acts.as_array().map(Vec::len) == Some(50), "fifty acts were wanted");
    Ok(seconds)
}
