//! People at the other end of the wire.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use court::RoomId;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{WebSocketStream, client_async};

/// How long is waited for a frame that must come.
const PATIENCE: Duration = Duration::from_secs(20);

static NEXT: AtomicU64 = AtomicU64::new(1);

/// Speaks HTTP to one server.
#[derive(Clone)]
pub(crate) struct Client {
    http: reqwest::Client,
    base: String,
}

impl Client {
    pub(crate) fn to(address: SocketAddr) -> anyhow::Result<Client> {
        let http = reqwest::Client::builder().no_proxy().tcp_nodelay(true).timeout(PATIENCE).build()?;
        Ok(Client { http, base: format!("http://{address}") })
    }

    /// The status of an answer; none when nobody answers.
    pub(crate) async fn status(&self, path: &str) -> Option<u16> {
        let answer = self.http.get(format!("{}{path}", self.base)).send().await.ok()?;
        Some(answer.status().as_u16())
    }

    pub(crate) async fn get(&self, token: &str, path: &str) -> anyhow::Result<Value> {
        let answer = self.http.get(format!("{}{path}", self.base)).bearer_auth(token).send().await?;
        Ok(serde_json::from_slice(&answer.error_for_status()?.bytes().await?)?)
    }

    /// Says something to everybody and waits for the acknowledgement: the act's number.
    pub(crate) async fn says(&self, token: &str, room: RoomId, text: &str) -> anyhow::Result<u64> {
        let key = NEXT.fetch_add(1, Ordering::Relaxed);
        let answer = self
            .http
            .post(format!("{}/api/rooms/{room}/acts", self.base))
            .bearer_auth(token)
            .header("idempotency-key", format!("wire-{key}"))
            .header("content-type", "application/json")
            .body(json!({"kind": "speech.text", "text": text}).to_string())
            .send()
            .await?;
        let status = answer.status();
        let body = answer.bytes().await?;
        ensure!(status.as_u16() == 201, "{status}: {}", String::from_utf8_lossy(&body));
        let receipt: Value = serde_json::from_slice(&body)?;
        receipt["seq"].as_u64().context("a receipt has a number")
    }
}

/// A live socket that watches one room.
pub(crate) struct Socket(WebSocketStream<TcpStream>);

impl Socket {
    /// Opens a socket and waits until it has everything up to now.
    pub(crate) async fn watching(address: SocketAddr, token: &str, room: RoomId, after: u64) -> anyhow::Result<Socket> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let mut request = format!("ws://{address}/api/live").into_client_request()?;
        request.headers_mut().insert("authorization", format!("Bearer {token}").parse()?);
        request.headers_mut().insert("sec-websocket-protocol", "weiting.v1".parse()?);
        let (stream, _) = client_async(request, stream).await?;
        let mut socket = Socket(stream);
        socket.0.send(Message::text(json!({"watch": [{"room": room, "after": after}]}).to_string())).await?;
        tokio::time::timeout(PATIENCE, socket.caught_up()).await??;
        Ok(socket)
    }

    async fn caught_up(&mut self) -> anyhow::Result<()> {
        while let Some(message) = self.0.next().await {
            match message? {
                Message::Text(text) if text.contains("\"head\":") => return Ok(()),
                Message::Text(text) if text.contains("\"error\":") => bail!("{text}"),
                Message::Close(frame) => bail!("closed: {frame:?}"),
                _ => {}
            }
        }
        bail!("closed")
    }

    /// Tells of every act that arrives, under this number, until the server closes.
    pub(crate) async fn listen(mut self, place: usize, heard: mpsc::UnboundedSender<(usize, u64, Instant)>) {
        while let Some(Ok(message)) = self.0.next().await {
            let at = Instant::now();
            if let Message::Text(text) = message
                && let Some(seq) = seq_of(&text)
                && heard.send((place, seq, at)).is_err()
            {
                return;
            }
        }
    }
}

/// The number of the act that a frame carries, found without reading the rest of it.
fn seq_of(frame: &str) -> Option<u64> {
    let (_, rest) = frame.split_once(",\"seq\":")?;
    rest.split_once(',')?.0.parse().ok()
}
