//! Accepting connections, bounded in every direction (F-12).

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::StatusCode;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::timeout;
use tower::ServiceExt;
use tower_http::timeout::TimeoutBody;
use tracing::{debug, info, warn};

use super::wire::{AnswerBody, Patience, Progress, Wire};
use crate::Config;

/// What a connection may cost.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How many connections may be open at once, WebSockets included.
    pub connections: usize,
    /// How long a request's head may take, and a new connection to begin.
    pub head: Duration,
    /// How long a connection may wait for its next request. Longer than proxies keep theirs, so that they close first.
    pub idle: Duration,
    /// How long a request's body may pause.
    pub body: Duration,
    /// How long a client may read nothing of an answer.
    pub write: Duration,
    /// The largest head of a request, in bytes.
    pub head_bytes: usize,
    /// How long a connection waits for a place when there is none.
    pub place: Duration,
    /// How long requests may take to end when the server stops.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            connections: 10_000,
            head: Duration::from_secs(10),
            idle: Duration::from_secs(75),
            body: Duration::from_secs(30),
            write: Duration::from_secs(30),
            head_bytes: 32 * 1024,
            place: Duration::from_secs(1),
            drain: Duration::from_secs(20),
        }
    }
}

impl Limits {
    /// The limits for these settings.
    pub fn of(config: &Config) -> Limits {
        Limits { connections: config.connections, ..Limits::default() }
    }
}

/// How many connections may wait for a place; further ones are closed without a word.
const LOBBY: usize = 256;
/// How many headers a request may have.
const HEADERS: usize = 100;
/// What is said to a connection that has no place.
const FULL: &str = r#"{"type":"about:blank","title":"Service Unavailable","status":503,"code":"unavailable","detail":"系统繁忙，您的内容尚未提交，请稍候自动重试。"}"#;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Open,
    /// No new requests; those that are here are answered.
    Draining,
    /// Over.
    Closed,
}

/// What every connection of a server shares.
#[derive(Clone)]
struct Server {
    app: Router,
    limits: Limits,
    places: Arc<Semaphore>,
    stage: watch::Receiver<Stage>,
}

/// Serves the routes until `shutdown`, then lets what is under way end. Returns whether everything did within [`Limits::drain`].
pub async fn serve(listener: TcpListener, app: Router, limits: Limits, shutdown: impl Future<Output = ()>) -> bool {
    let places = Arc::new(Semaphore::new(limits.connections));
    let lobby = Arc::new(Semaphore::new(LOBBY));
    let (stage, watched) = watch::channel(Stage::Open);
    let server = Server { app, limits, places: places.clone(), stage: watched };
    tokio::pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            biased;
            () = &mut shutdown => break,
            accepted = listener.accept() => accepted,
        };
        let (stream, peer) = match accepted {
            Ok(connection) => connection,
            Err(error) => {
                pause_after(&error).await;
                continue;
            }
        };
        match places.clone().try_acquire_owned() {
            Ok(place) => drop(tokio::spawn(connection(server.clone(), stream, peer, place))),
            Err(_) => match lobby.clone().try_acquire_owned() {
                Ok(seat) => drop(tokio::spawn(wait_for_place(server.clone(), stream, peer, seat))),
                Err(_) => drop(stream),
            },
        }
    }
    drop(listener);
    stage.send_replace(Stage::Draining);
    let all = u32::try_from(limits.connections).unwrap_or(u32::MAX);
    let drained = timeout(limits.drain, places.acquire_many(all)).await.is_ok();
    if drained {
        info!("Every connection has ended");
    } else {
        warn!(connections = limits.connections - places.available_permits(), "Connections were cut off");
    }
    stage.send_replace(Stage::Closed);
    drained
}

/// Too many open files and the like do not pass by asking again at once; a client that has gone does.
async fn pause_after(error: &io::Error) {
    let gone = [io::ErrorKind::ConnectionAborted, io::ErrorKind::ConnectionReset, io::ErrorKind::ConnectionRefused];
    if !gone.contains(&error.kind()) {
        warn!(%error, "No connection could be accepted");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn wait_for_place(server: Server, mut stream: TcpStream, peer: SocketAddr, seat: OwnedSemaphorePermit) {
    if let Ok(Ok(place)) = timeout(server.limits.place, server.places.clone().acquire_owned()).await {
        drop(seat);
        return connection(server, stream, peer, place).await;
    }
    let answer = format!(
        "HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/problem+json\r\ncontent-length: {}\r\nretry-after: 1\r\n\
         cache-control: no-store\r\nx-content-type-options: nosniff\r\nconnection: close\r\n\r\n{FULL}",
        FULL.len(),
    );
    // A socket that is closed with something unread resets the connection, and the answer may be lost with it.
    let farewell = async {
        stream.write_all(answer.as_bytes()).await?;
        stream.shutdown().await?;
        let mut unread = [0; 1024];
        while stream.read(&mut unread).await? > 0 {}
        io::Result::Ok(())
    };
    timeout(server.limits.place, farewell).await.ok();
}

async fn connection(server: Server, stream: TcpStream, peer: SocketAddr, place: OwnedSemaphorePermit) {
    let Server { app, limits, mut stage, .. } = server;
    // An act is one small packet each way; waiting for more to send with it would only delay it.
    stream.set_nodelay(true).ok();
    let progress = Arc::new(Progress::default());
    let patience = Patience { head: limits.head, idle: limits.idle, write: limits.write };
    let wire = Wire::new(stream, progress.clone(), patience, place);
    let service = service_fn(move |request| answer(app.clone(), request, peer, limits.body, progress.clone()));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        // The wire keeps the time of heads: hyper's own limit would also end connections that only wait for their next request.
        .header_read_timeout(None)
        .max_headers(HEADERS)
        .max_buf_size(limits.head_bytes)
        .serve_connection(TokioIo::new(wire), service)
        .with_upgrades();
    tokio::pin!(connection);
    loop {
        tokio::select! {
            ended = &mut connection => {
                if let Err(error) = ended {
                    debug!(%error, "A connection broke");
                }
                return;
            }
            changed = stage.changed() => match *stage.borrow() {
                Stage::Draining if changed.is_ok() => connection.as_mut().graceful_shutdown(),
                Stage::Open if changed.is_ok() => {}
                _ => return,
            },
        }
    }
}

async fn answer(
    app: Router,
    request: hyper::Request<Incoming>,
    peer: SocketAddr,
    pause: Duration,
    progress: Arc<Progress>,
) -> Result<Response<AnswerBody>, Infallible> {
    progress.busy();
    let mut request = request.map(|body| Body::new(TimeoutBody::new(pause, body)));
    request.extensions_mut().insert(ConnectInfo(peer));
    let response = app.oneshot(request).await?;
    // What has become a WebSocket waits for no request any more, however its answer ends.
    let after = if response.status() == StatusCode::SWITCHING_PROTOCOLS { Arc::default() } else { progress };
    Ok(response.map(|body| AnswerBody::new(body, after)))
}
