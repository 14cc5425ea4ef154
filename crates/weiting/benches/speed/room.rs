//! One room of 16 members, each with a live socket, one act after the other: from POST to the last member, against the acknowledgement.

use std::time::Instant;

use anyhow::Context;
use store::kit::TestDatabase;
use tokio::sync::mpsc;

use crate::client::{Client, Socket};
use crate::court::{House, words};
use crate::server::Server;
use crate::table::{Row, ms, share};

const MEMBERS: usize = 16;
const WARM: usize = 100;
const ACTS: usize = 2_000;

pub(crate) async fn measure(database: &TestDatabase) -> anyhow::Result<Vec<Row>> {
    let house = House::open(database).await?;
    let room = house.room(MEMBERS).await?;
    let mut tokens = Vec::new();
    for seat in &room.seats {
        tokens.push(house.token(seat).await?);
    }
    house.close().await?;
    let server = Server::serve(database).await?;
    let client = Client::to(server.address)?;
    let (heard, mut hearing) = mpsc::unbounded_channel();
    let head = client.get(&tokens[0], &format!("/api/rooms/{}", room.id)).await?["head"].as_u64().context("a head")?;
    for (place, token) in tokens.iter().enumerate() {
        let socket = Socket::watching(server.address, token, room.id, head).await?;
        tokio::spawn(socket.listen(place, heard.clone()));
    }
    let (mut acks, mut lasts, mut beyond) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..WARM + ACTS {
        let text = words();
        // The judge, the parties and their agents in turn.
        let token = &tokens[[0, 2, 3, 4, 5][round % 5]];
        let begun = Instant::now();
        let acknowledged = async {
            client.says(token, room.id, &text).await?;
            anyhow::Ok(begun.elapsed().as_secs_f64())
        };
        let delivered = async {
            let mut last = 0.0;
            for _ in 0..MEMBERS {
                let (_, _, at) = hearing.recv().await.context("every socket stays open")?;
                last = f64::max(last, (at - begun).as_secs_f64());
            }
            anyhow::Ok(last)
        };
        let (ack, last) = tokio::try_join!(acknowledged, delivered)?;
        if round >= WARM {
            acks.push(ack);
            lasts.push(last);
            beyond.push(last - ack);
        }
    }
    server.stop().await?;
    let (ack, last) = (share(&mut acks, 0.99), share(&mut lasts, 0.99));
    eprintln!(
        "  p50: ack {}, last member {}, between them {}",
        ms(share(&mut acks, 0.5)),
        ms(share(&mut lasts, 0.5)),
        ms(share(&mut beyond, 0.5))
    );
    let ratio = last / ack;
    Ok(vec![Row {
        what: "room of 16, POST to the last member's socket, p99",
        measured: ms(last),
        reference: format!("acknowledgement p99 {}", ms(ack)),
        value: format!("{ratio:.2} ×"),
        target: "≤ 3 ×",
        met: Some(ratio <= 3.0),
    }])
}
