//! Over real sockets.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::Router;
use axum::routing::{get, post};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::rim::{Json, Limits, serve};

/// Long enough for a busy machine, short enough for a test.
const SOON: Duration = Duration::from_secs(5);

struct Server {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<bool>,
}

fn limits() -> Limits {
    Limits {
        head: Duration::from_millis(300),
        idle: Duration::from_millis(900),
        body: Duration::from_millis(300),
        write: Duration::from_millis(300),
        place: Duration::from_millis(200),
        drain: Duration::from_secs(2),
        ..Limits::default()
    }
}

async fn start(limits: Limits) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = Router::new()
        .route("/hello", get(|| async { "hello" }))
        .route("/slow", get(|| async { tokio::time::sleep(Duration::from_millis(600)).await }))
        .route("/never", get(std::future::pending::<()>))
        .route("/say", post(|Json(said): Json<serde_json::Value>| async move { said.to_string() }))
        .route("/large", get(|| async { vec![0_u8; 64 << 20] }))
        .route("/echo", get(|ws: axum::extract::ws::WebSocketUpgrade| async { ws.on_upgrade(echo) }));
    let (stop, stopped) = oneshot::channel();
    let task = tokio::spawn(serve(listener, app, limits, async { drop(stopped.await) }));
    Server { address, stop: Some(stop), task }
}

async fn echo(mut socket: axum::extract::ws::WebSocket) {
    while let Some(Ok(message)) = socket.recv().await {
        if socket.send(message).await.is_err() {
            return;
        }
    }
}

impl Server {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    fn stop(&mut self) {
        self.stop.take().unwrap().send(()).unwrap();
    }
}

async fn ask(stream: &mut TcpStream, path: &str) {
    stream.write_all(format!("GET {path} HTTP/1.1\r\nhost: a\r\n\r\n").as_bytes()).await.unwrap();
}

/// Reads one answer without a body longer than its head announces.
async fn answer(stream: &mut TcpStream) -> String {
    let mut text = String::new();
    let mut bytes = [0; 4096];
    loop {
        let read = timeout(SOON, stream.read(&mut bytes)).await.expect("an answer in time").unwrap();
        text.push_str(&String::from_utf8_lossy(&bytes[..read]));
        let complete = text.split_once("\r\n\r\n").is_some_and(|(head, body)| {
            let head = head.to_ascii_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            length.is_none_or(|length| body.len() >= length.parse().unwrap())
        });
        if complete || read == 0 {
            return text;
        }
    }
}

/// Waits until the server closes, and returns what it said before.
async fn closed(stream: &mut TcpStream) -> Vec<u8> {
    let mut said = Vec::new();
    timeout(SOON, stream.read_to_end(&mut said)).await.expect("closed in time").ok();
    said
}

#[tokio::test]
async fn f12_slow_headers_are_closed_however_they_drip() {
    let server = start(limits()).await;
    let mut stream = server.connect().await;
    let begun = Instant::now();
    let dripping = async {
        for byte in b"GET /hello HTTP/1.1\r\nhost: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" {
            if stream.write_all(&[*byte]).await.is_err() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    dripping.await;
    assert!(begun.elapsed() < Duration::from_secs(3), "it was let drip for {:?}", begun.elapsed());
    assert!(closed(&mut stream).await.is_empty());
}

#[tokio::test]
async fn f12_a_connection_that_never_says_anything_is_closed() {
    let server = start(limits()).await;
    let mut stream = server.connect().await;
    assert!(closed(&mut stream).await.is_empty());
    // One that has closed its own half takes nothing either.
    let mut half = server.connect().await;
    half.shutdown().await.unwrap();
    assert!(closed(&mut half).await.is_empty());
}

#[tokio::test]
async fn f12_an_idle_connection_is_kept_longer_than_a_head_may_take_and_then_closed() {
    let server = start(limits()).await;
    let mut stream = server.connect().await;
    ask(&mut stream, "/hello").await;
    assert!(answer(&mut stream).await.starts_with("HTTP/1.1 200"));
    tokio::time::sleep(Duration::from_millis(500)).await;
    ask(&mut stream, "/hello").await;
    assert!(answer(&mut stream).await.starts_with("HTTP/1.1 200"), "still there after more than a head's time");
    assert!(closed(&mut stream).await.is_empty());
    // The second head on a connection has the same deadline as the first.
    let mut stream = server.connect().await;
    ask(&mut stream, "/hello").await;
    answer(&mut stream).await;
    stream.write_all(b"GET /hel").await.unwrap();
    let begun = Instant::now();
    closed(&mut stream).await;
    assert!(begun.elapsed() < Duration::from_millis(800), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn f12_a_body_that_pauses_too_long_is_given_up_and_the_handler_with_it() {
    let server = start(limits()).await;
    let mut stream = server.connect().await;
    let head = "POST /say HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 20\r\n\r\n{\"a\":";
    stream.write_all(head.as_bytes()).await.unwrap();
    let said = String::from_utf8(closed(&mut stream).await).unwrap();
    assert!(said.starts_with("HTTP/1.1 400") && said.contains("body_incomplete"), "{said}");
}

#[tokio::test]
async fn f12_a_client_that_reads_nothing_is_closed() {
    let server = start(Limits { connections: 1, ..limits() }).await;
    let mut stream = server.connect().await;
    ask(&mut stream, "/large").await;
    tokio::time::sleep(Duration::from_millis(1500)).await;
    // Its place is free again, so the next one is served.
    let mut next = server.connect().await;
    ask(&mut next, "/hello").await;
    assert!(answer(&mut next).await.starts_with("HTTP/1.1 200"));
    drop(stream);
}

#[tokio::test]
async fn f12_connections_are_bounded_and_a_place_that_is_given_up_is_taken() {
    let server = start(Limits { connections: 2, head: Duration::from_secs(30), ..limits() }).await;
    let first = server.connect().await;
    let _second = server.connect().await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    let mut third = server.connect().await;
    ask(&mut third, "/hello").await;
    let said = String::from_utf8(closed(&mut third).await).unwrap();
    assert!(
        said.starts_with("HTTP/1.1 503") && said.contains("retry-after: 1") && said.contains("unavailable"),
        "{said}"
    );
    let (head, body) = said.split_once("\r\n\r\n").unwrap();
    assert!(head.contains(&format!("content-length: {}", body.len())));
    let mut waiting = server.connect().await;
    ask(&mut waiting, "/hello").await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    drop(first);
    assert!(answer(&mut waiting).await.starts_with("HTTP/1.1 200"), "who waits gets the place");
}

#[tokio::test]
async fn f12_a_head_that_is_too_large_is_refused() {
    let server = start(limits()).await;
    let mut stream = server.connect().await;
    let head = format!("GET /hello HTTP/1.1\r\nhost: a\r\nx: {}\r\n\r\n", "a".repeat(64 * 1024));
    stream.write_all(head.as_bytes()).await.ok();
    let said = String::from_utf8_lossy(&closed(&mut stream).await).into_owned();
    assert!(said.is_empty() || said.starts_with("HTTP/1.1 431"), "{said}");
    let mut stream = server.connect().await;
    let head = format!("GET /hello HTTP/1.1\r\nhost: a\r\n{}\r\n", "x: a\r\n".repeat(200));
    stream.write_all(head.as_bytes()).await.ok();
    let said = String::from_utf8_lossy(&closed(&mut stream).await).into_owned();
    assert!(said.is_empty() || said.starts_with("HTTP/1.1 431"), "{said}");
}

#[tokio::test]
async fn f12_a_socket_outlives_the_deadlines_of_requests_and_keeps_its_place() {
    let server = start(Limits { connections: 1, ..limits() }).await;
    let url = format!("ws://{}/echo", server.address);
    let (mut socket, _) = tokio_tungstenite::connect_async(url).await.unwrap();
    tokio::time::sleep(Duration::from_millis(1500)).await;
    use futures_util::{SinkExt, StreamExt};
    socket.send("still here".into()).await.unwrap();
    assert_eq!(
        timeout(SOON, socket.next()).await.unwrap().unwrap().unwrap().into_text().unwrap().as_str(),
        "still here"
    );
    let mut other = server.connect().await;
    ask(&mut other, "/hello").await;
    let said = String::from_utf8(closed(&mut other).await).unwrap();
    assert!(said.starts_with("HTTP/1.1 503"), "a WebSocket counts as a connection: {said}");
}

#[tokio::test]
async fn shutdown_lets_what_is_under_way_end_and_takes_nothing_new() {
    let mut server = start(limits()).await;
    let mut idle = server.connect().await;
    ask(&mut idle, "/hello").await;
    answer(&mut idle).await;
    let mut busy = server.connect().await;
    ask(&mut busy, "/slow").await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    server.stop();
    assert!(answer(&mut busy).await.starts_with("HTTP/1.1 200"), "the request was under way");
    assert!(closed(&mut idle).await.is_empty());
    assert!(timeout(SOON, &mut server.task).await.unwrap().unwrap(), "everything ended by itself");
    assert!(TcpStream::connect(server.address).await.is_err());
}

#[tokio::test]
async fn shutdown_waits_no_longer_than_it_may() {
    let mut server = start(Limits { drain: Duration::from_millis(300), ..limits() }).await;
    let mut stuck = server.connect().await;
    ask(&mut stuck, "/never").await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    server.stop();
    let begun = Instant::now();
    assert!(!timeout(SOON, &mut server.task).await.unwrap().unwrap(), "something was cut off, and it says so");
    assert!(begun.elapsed() < Duration::from_secs(2));
    assert!(closed(&mut stuck).await.is_empty());
}
