//! 64 writers over 32 rooms against the bare insertion of the same rows, and one writer against one synced append.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use court::speech::To;
use desk::Desk;
use store::kit::TestDatabase;

use crate::court::{House, Room, Seat};
use crate::disk;
use crate::rows::{Bare, Template};
use crate::table::{Row, median, ms};

const WRITERS: usize = 64;
const ROOMS: usize = 32;
/// The first round only warms caches and statements.
const ROUNDS: usize = 6;
const PHASE: Duration = Duration::from_millis(1500);

pub(crate) async fn measure(database: &TestDatabase) -> anyhow::Result<Vec<Row>> {
    let house = House::open(database).await?;
    let mut rooms = Vec::new();
    for _ in 0..ROOMS {
        rooms.push(Arc::new(house.room(6).await?));
    }
    let templates = templates(&house, &rooms[0]).await?;
    let mut bare = Bare::connect(&database.options().database).await?;
    let (mut syncs, mut acks, mut latency) = (Vec::new(), Vec::new(), Vec::new());
    let (mut bares, mut rates, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let sync = disk::synced_append(database.folder(), PHASE).await?;
        let ack = one_writer(&house.desk, &rooms[round]).await?;
        let most = bare.insert(&templates, WRITERS, PHASE).await?;
        let rate = many_writers(&house.desk, &rooms).await?;
        eprintln!(
            "  round {round}: sync {}, ack {}, bare {most:.0}/s, {WRITERS} writers {rate:.0}/s",
            ms(sync),
            ms(ack)
        );
        if round > 0 {
            syncs.push(sync);
            acks.push(ack);
            latency.push(ack / sync);
            bares.push(most);
            rates.push(rate);
            ratios.push(rate / most);
        }
    }
    house.close().await?;
    let (ratio, latency) = (median(&mut ratios), median(&mut latency));
    Ok(vec![
        Row {
            what: "64 writers over 32 rooms, durable acts",
            measured: format!("{:.0}/s", median(&mut rates)),
            reference: format!("bare insertion {:.0}/s", median(&mut bares)),
            value: format!("{:.0} %", 100.0 * ratio),
            target: "≥ 60 %",
            met: Some(ratio >= 0.6),
        },
        Row {
            what: "one writer, acknowledgement p50",
            measured: ms(median(&mut acks)),
            reference: format!("synced append p50 {}", ms(median(&mut syncs))),
            value: format!("{latency:.2} ×"),
            target: "≤ 2 ×",
            met: Some(latency <= 2.0),
        },
    ])
}

/// What real acts leave in the database.
async fn templates(house: &House, room: &Room) -> anyhow::Result<Vec<Template>> {
    let mut templates = Vec::new();
    for seat in room.seats.iter().cycle().take(24) {
        let receipt = seat.says(&house.desk, room.id, To::Everyone).await?;
        let stored = house.desk.store.acts(room.id.0, receipt.seq - 1, receipt.seq, 1).await?.pop();
        let act = stored.context("an act that was acknowledged")?;
        templates.push(Template { act, response: serde_json::to_string(&receipt)? });
    }
    Ok(templates)
}

/// The median time from asking to acknowledgement with nobody else about, in seconds.
async fn one_writer(desk: &Desk, room: &Room) -> anyhow::Result<f64> {
    let mut times = Vec::new();
    let end = Instant::now() + PHASE;
    while Instant::now() < end {
        let begun = Instant::now();
        room.seats[2].says(desk, room.id, To::Everyone).await?;
        times.push(begun.elapsed().as_secs_f64());
    }
    Ok(median(&mut times))
}

/// Acts acknowledged per second to writers who each wait for their own.
async fn many_writers(desk: &Desk, rooms: &[Arc<Room>]) -> anyhow::Result<f64> {
    let begun = Instant::now();
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let room = &rooms[writer % ROOMS];
            let seat: Seat = room.seats[2 + writer / ROOMS].clone();
            let (desk, room) = (desk.clone(), room.id);
            tokio::spawn(async move {
                let mut acknowledged = 0u64;
                while begun.elapsed() < PHASE {
                    seat.says(&desk, room, To::Everyone).await?;
                    acknowledged += 1;
                }
                anyhow::Ok(acknowledged)
            })
        })
        .collect();
    let mut acknowledged = 0;
    for writer in writers {
        acknowledged += writer.await??;
    }
    Ok(acknowledged as f64 / begun.elapsed().as_secs_f64())
}
