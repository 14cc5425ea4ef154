//! A server on a loopback port, and live sockets to it.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use court::RoomId;
use desk::rim::{self, Limits};
use desk::testkit::{Caller, Kit};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};
use tokio_util::sync::CancellationToken;

/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(20);

/// A server on a loopback port; stops with this.
pub(crate) struct Served {
    pub(crate) address: SocketAddr,
    stop: CancellationToken,
    task: JoinHandle<bool>,
}

impl Served {
    pub(crate) async fn start(app: Router) -> Served {
        Served::on(TcpListener::bind("127.0.0.1:0").await.expect("a loopback port"), app)
    }

    /// A server whose connections keep little on their way, so that it soon notices when nobody reads.
    pub(crate) async fn narrow(app: Router) -> Served {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.set_send_buffer_size(16 * 1024).expect("a small buffer");
        socket.bind("127.0.0.1:0".parse().expect("an address")).expect("a loopback port");
        Served::on(socket.listen(64).expect("a listener"), app)
    }

    fn on(listener: TcpListener, app: Router) -> Served {
        let address = listener.local_addr().expect("an address");
        let stop = CancellationToken::new();
        let limits = Limits { connections: 1_000, ..Limits::default() };
        let task = tokio::spawn(rim::serve(listener, app, limits, stop.clone().cancelled_owned()));
        Served { address, stop, task }
    }

    /// A plain connection.
    pub(crate) async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.expect("a connection")
    }

    /// A connection that takes in little at once.
    pub(crate) async fn connect_narrow(&self) -> TcpStream {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.set_recv_buffer_size(16 * 1024).expect("a small buffer");
        socket.connect(self.address).await.expect("a connection")
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.stop.cancel();
        self.task.abort();
    }
}

/// A live socket.
pub(crate) struct Socket {
    pub(crate) stream: WebSocketStream<TcpStream>,
}

/// The handshake of a live socket, as a browser of our own page sends it, but for what the test changes.
pub(crate) fn handshake(caller: &Caller, ticket: Option<&str>) -> Request {
    let mut request =
        format!("ws://{}/api/live", desk::Config::host_of(Kit::ORIGIN)).into_client_request().expect("a request");
    let headers = request.headers_mut();
    headers.insert("origin", HeaderValue::from_static(Kit::ORIGIN));
    if let Some(cookie) = caller.cookie() {
        headers.insert("cookie", HeaderValue::from_str(cookie).expect("a cookie"));
    }
    let protocols = ticket.map_or("weiting.v1".to_owned(), |ticket| format!("weiting.v1, ticket.{ticket}"));
    headers.insert("sec-websocket-protocol", HeaderValue::from_str(&protocols).expect("protocols"));
    request
}

/// A ticket for this caller.
pub(crate) async fn ticket(caller: &Caller) -> String {
    let answer = caller.clone().post("/api/live/ticket", json!({})).await;
    assert_eq!(answer.status, 200, "{}", super::said(&answer));
    answer.json()["ticket"].as_str().expect("a ticket").to_owned()
}

impl Socket {
    /// Opens a live socket for a browser.
    pub(crate) async fn open(served: &Served, caller: &Caller) -> Socket {
        Socket::over(served.connect().await, caller).await
    }

    /// Opens a live socket over this connection.
    pub(crate) async fn over(connection: TcpStream, caller: &Caller) -> Socket {
        let request = handshake(caller, Some(&ticket(caller).await));
        Socket::with(connection, request).await.expect("the feed opens")
    }

    /// Tries to open a live socket with this handshake; the refusal's status if there is one.
    pub(crate) async fn with(connection: TcpStream, request: Request) -> Result<Socket, u16> {
        match timeout(PATIENCE, client_async(request, connection)).await.expect("an answer to the handshake") {
            Ok((stream, _)) => Ok(Socket { stream }),
            Err(Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("no handshake: {error}"),
        }
    }

    /// Opens a socket that watches a room from its beginning.
    pub(crate) async fn watching(served: &Served, caller: &Caller, room: RoomId, after: u64) -> Socket {
        let mut socket = Socket::open(served, caller).await;
        socket.watch(room, after).await;
        socket
    }

    pub(crate) async fn watch(&mut self, room: RoomId, after: u64) {
        self.say(json!({"watch": [{"room": room, "after": after}]})).await;
    }

    pub(crate) async fn say(&mut self, frame: Value) {
        self.stream.send(Message::text(frame.to_string())).await.expect("the socket is open");
    }

    /// The next frame, or the close code with which it ended (1006: without one).
    pub(crate) async fn next(&mut self) -> Result<Value, u16> {
        timeout(PATIENCE, self.next_at_all()).await.expect("a frame within twenty seconds")
    }

    /// The next frame within so long; none if none comes.
    pub(crate) async fn next_within(&mut self, patience: Duration) -> Option<Result<Value, u16>> {
        timeout(patience, self.next_at_all()).await.ok()
    }

    async fn next_at_all(&mut self) -> Result<Value, u16> {
        loop {
            match self.stream.next().await {
                Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).expect("frames are JSON")),
                Some(Ok(Message::Close(frame))) => return Err(frame.map_or(1006, |frame| frame.code.into())),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(1006),
            }
        }
    }

    /// The next act, leaving out what else is said.
    pub(crate) async fn act(&mut self) -> Value {
        loop {
            let frame = self.next().await.unwrap_or_else(|code| panic!("closed with {code}"));
            assert!(frame["error"].is_null(), "{frame}");
            if !frame["act"].is_null() {
                return frame;
            }
        }
    }

    /// The acts up to the member's own number `last`, checked to come one after the other from `first` on.
    pub(crate) async fn acts(&mut self, first: u64, last: u64) -> Vec<Value> {
        let mut acts = Vec::new();
        for seq in first..=last {
            let frame = self.act().await;
            assert_eq!(frame["seq"], seq, "the feed has a gap or a repetition");
            acts.push(frame["act"].clone());
        }
        acts
    }

    /// Reads until the server closes; the close code.
    pub(crate) async fn closed(&mut self) -> u16 {
        loop {
            if let Err(code) = self.next().await {
                return code;
            }
        }
    }
}
