//! Clients that send too much, too large or nonsense are closed with 4408; the others do not notice (F-14).

use std::time::{Duration, Instant};

use court::{Phase, RoomId};
use futures_util::SinkExt;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_tungstenite::tungstenite::Message;

use crate::kit::{House, Seat, Served, Socket, Trial};

/// What the acts of others may take at worst while somebody floods.
const NOTICED: Duration = Duration::from_millis(500);

/// Sends until the server closes; the close code.
async fn flood(mut socket: Socket, frame: impl Fn(usize) -> Message) -> u16 {
    for turn in 0..2_000 {
        if socket.stream.feed(frame(turn)).await.is_err() {
            break;
        }
        if turn % 20 == 0 && socket.stream.flush().await.is_err() {
            break;
        }
    }
    socket.closed().await
}

/// Speaks and listens as others do; the slowest way from the mouth to the ear.
async fn others_go_on(speaker: &Seat, listener: &mut Socket, room: RoomId, turns: usize) -> Duration {
    let mut slowest = Duration::ZERO;
    for turn in 0..turns {
        let begun = Instant::now();
        speaker.says(room, &format!("照常{turn}")).await;
        listener.act().await;
        slowest = slowest.max(begun.elapsed());
    }
    slowest
}

/// Makes the n-th frame of a flood.
type Frame = fn(usize) -> Message;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f14_floods_are_closed_with_4408_and_the_others_do_not_notice() {
    let house = House::sqlite().await;
    let trial = Trial::begin(&house, 1).await;
    let room = trial.room(&house, Phase::Open).await;
    let served = Served::start(house.app.clone()).await;
    let (judge, listening) = (trial.judge(), trial.seats[1].clone());
    let have = listening.acts(room).await.len() as u64;
    let mut listener = Socket::watching(&served, &listening.caller, room, have).await;
    let floods: [(&str, Frame); 6] = [
        ("frames that are right", |_| Message::text(r#"{"watch":[]}"#)),
        ("pings", |_| Message::Ping(vec![0; 100].into())),
        ("a frame that is too large", |_| Message::text(format!(r#"{{"watch":[],"x":"{}"}}"#, "x".repeat(70_000)))),
        ("a frame of 16 MiB", |_| Message::text("x".repeat(16 << 20))),
        ("bytes", |_| Message::binary(vec![0; 10])),
        ("nonsense", |turn| Message::text(["{", "null", r#"{"watch":1}"#, r#"{"shout":[]}"#][turn % 4].to_owned())),
    ];
    for (what, frame) in floods {
        let socket = Socket::watching(&served, &trial.seats[2].caller, room, 0).await;
        let flooding = tokio::spawn(flood(socket, frame));
        let slowest = others_go_on(&judge, &mut listener, room, 15).await;
        let code = flooding.await.expect("the flood ends");
        // Of a frame that is too large the rest is not read; who is still sending it may find the connection reset before it reads why.
        assert!(code == 4408 || (code == 1006 && what.starts_with("a frame")), "{what}: closed with {code}");
        assert!(slowest < NOTICED, "{what}: the others waited {slowest:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f14_asking_for_rooms_that_are_not_there_is_a_flood_too() {
    let house = House::sqlite().await;
    let trial = Trial::begin(&house, 1).await;
    let room = trial.room(&house, Phase::Open).await;
    let served = Served::start(house.app.clone()).await;
    let mut socket = Socket::watching(&served, &trial.judge().caller, room, 0).await;
    socket.act().await;
    let rooms: Vec<_> = (0..700).map(|place| json!({"room": uuid::Uuid::from_u128(place)})).collect();
    socket.say(json!({"watch": rooms})).await;
    assert_eq!(socket.closed().await, 4408);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f14_connections_that_say_half_a_thing_cost_the_others_nothing() {
    let house = House::sqlite().await;
    let trial = Trial::begin(&house, 1).await;
    let room = trial.room(&house, Phase::Open).await;
    let served = Served::start(house.app.clone()).await;
    let (judge, listening) = (trial.judge(), trial.seats[1].clone());
    let have = listening.acts(room).await.len() as u64;
    let mut listener = Socket::watching(&served, &listening.caller, room, have).await;
    let mut half_open = Vec::new();
    for place in 0..300 {
        let mut connection = served.connect().await;
        let said: &[u8] = [&b"GET /api/live HTTP/1.1\r\nHost: court.ex"[..], b"", b"GET / HTTP/1.1\r\n"][place % 3];
        connection.write_all(said).await.expect("the connection is open");
        half_open.push(connection);
    }
    let slowest = others_go_on(&judge, &mut listener, room, 30).await;
    assert!(slowest < NOTICED, "the others waited {slowest:?}");
    // A handshake without session is answered and closed; ten thousand of them hold nothing.
    for _ in 0..200 {
        let mut connection = served.connect().await;
        let asked = "GET /api/live HTTP/1.1\r\nHost: court.example\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\
                     Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: https://court.example\r\n\r\n";
        connection.write_all(asked.as_bytes()).await.expect("the connection is open");
        let mut answer = [0; 12];
        connection.read_exact(&mut answer).await.expect("an answer");
        assert_eq!(&answer, b"HTTP/1.1 401");
    }
    assert!(others_go_on(&judge, &mut listener, room, 10).await < NOTICED);
    drop(half_open);
}
