//! A judge's desk with 200 open cases: how soon the server has what the app asks when somebody opens it.

use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, ensure};
use court::speech::To;
use store::kit::TestDatabase;

use crate::client::Client;
use crate::court::House;
use crate::server::Server;
use crate::table::{Row, median, ms};

const CASES: usize = 200;
const MEMBERS: usize = 6;
/// Acts in each room beside those that opened it.
const WORDS: usize = 12;
const STARTS: usize = 5;
const WARM: usize = 20;
const TARGET: f64 = 0.100;

pub(crate) async fn measure(database: &TestDatabase) -> anyhow::Result<Vec<Row>> {
    let house = House::open(database).await?;
    let mut rooms = vec![Arc::new(house.room(MEMBERS).await?)];
    let judge = rooms[0].seats[0].acting.clone();
    for _ in 1..CASES {
        rooms.push(Arc::new(house.room_of(Some(&judge), MEMBERS).await?));
    }
    for room in &rooms {
        for number in 0..WORDS {
            room.seats[2 + number % 4].says(&house.desk, room.id, To::Everyone).await?;
        }
    }
    let token = house.token(&rooms[0].seats[0]).await?;
    house.close().await?;
    let (mut cold, mut warm) = (Vec::new(), Vec::new());
    for start in 0..STARTS {
        let server = Server::serve(database).await?;
        let client = Client::to(server.address)?;
        cold.push(open(&client, &token).await?);
        let mut again = Vec::new();
        for _ in 0..WARM {
            again.push(open(&client, &token).await?);
        }
        warm.push(median(&mut again));
        eprintln!("  start {start}: {}, then {}", ms(cold[start]), ms(warm[start]));
        server.stop().await?;
    }
    let (worst, middle) = (cold.iter().copied().fold(0.0, f64::max), median(&mut cold));
    Ok(vec![Row {
        what: "desk of 200 cases, opened after a restart",
        measured: format!("{} (slowest of {STARTS}: {})", ms(middle), ms(worst)),
        reference: format!("opened again {}", ms(median(&mut warm))),
        value: ms(middle),
        target: "≤ 100 ms",
        met: Some(middle <= TARGET),
    }])
}

/// What the app asks when the desk opens: who I am, my rooms and cases, and the first room with its last acts. In seconds.
async fn open(client: &Client, token: &str) -> anyhow::Result<f64> {
    let begun = Instant::now();
    client.get(token, "/api/me").await?;
    let (rooms, cases) = tokio::try_join!(client.get(token, "/api/rooms"), client.get(token, "/api/cases"))?;
    let first = rooms[0]["id"].as_str().context("a judge has rooms")?;
    let view = client.get(token, &format!("/api/rooms/{first}")).await?;
    let head = view["head"].as_u64().context("a room has a head")?;
    client.get(token, &format!("/api/rooms/{first}/acts?after={}&limit=50", head.saturating_sub(50))).await?;
    let seconds = begun.elapsed().as_secs_f64();
    for (what, list) in [("rooms", &rooms), ("cases", &cases)] {
        ensure!(list.as_array().map(Vec::len) == Some(CASES), "{CASES} {what} were wanted");
    }
    Ok(seconds)
}
