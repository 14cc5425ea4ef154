//! A push service on one's own machine (RFC 8030), with the browsers that subscribe at it: it checks who sends (RFC 8292) and opens what
//! arrives (RFC 8291) as a browser would, by code of its own.
//!
//! | path | what |
//! |---|---|
//! | `POST /push/browsers` | a browser subscribes with `{"applicationServerKey": …}`; the answer is its `PushSubscription` |
//! | `POST /push/to/{token}` | the service's own interface, where messages are sent |
//! | `GET /push.json` | what arrived, opened, newest first |
//! | `POST /push/__control` | `{"answer": 410, "times": 1, "retry_after": 30}`: the next messages are answered so |

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aes_gcm::aead::{Aead, KeyInit};
use aes_gcm::{Aes128Gcm, Nonce};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use hmac::{Hmac, Mac};
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey};
use p256::{PublicKey, SecretKey};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::{Chance, Clock};

const MAX_BROWSERS: usize = 1_000;
const MAX_MESSAGES: usize = 500;

/// A push service's memory. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct PushService {
    /// Under which address it is reached, e.g. `http://127.0.0.1:8081`.
    base: Arc<str>,
    clock: Clock,
    chance: Chance,
    inner: Arc<Mutex<Inner>>,
}

#[derive(Default)]
struct Inner {
    browsers: HashMap<String, Browser>,
    messages: VecDeque<PushArrival>,
    orders: VecDeque<PushOrder>,
    refused: u64,
}

struct Browser {
    secret: SecretKey,
    auth: [u8; 16],
    /// The only key whose messages it takes.
    server: Vec<u8>,
}

/// A message as it arrived at a browser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PushArrival {
    pub endpoint: String,
    /// As the browser's worker reads it.
    pub payload: String,
    pub topic: Option<String>,
    pub urgency: Option<String>,
    pub ttl: u32,
}

/// What the service answers to the next messages.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PushOrder {
    pub answer: u16,
    pub times: u32,
    #[serde(default)]
    pub retry_after: Option<u32>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Subscribe {
    application_server_key: String,
}

impl PushService {
    /// A service without browsers.
    pub fn new(base: impl Into<Arc<str>>, clock: Clock, chance: Chance) -> PushService {
        PushService { base: base.into(), clock, chance, inner: Arc::default() }
    }

    /// Its routes.
    pub fn router(&self) -> Router {
        Router::new()
            .route("/push/browsers", post(subscribe))
            .route("/push/to/{token}", post(take))
            .route("/push/__control", post(order))
            .route("/push.json", get(arrived))
            .with_state(self.clone())
    }

    /// A browser subscribes: its `PushSubscription`, as `toJSON()` gives it. With a key that is none it takes messages from nobody.
    pub fn browser(&self, application_server_key: &str) -> Value {
        let server = URL_SAFE_NO_PAD.decode(application_server_key).unwrap_or_default();
        let (mut own, auth) = ([1; 32], (self.chance)());
        own[..16].copy_from_slice(&(self.chance)());
        let secret = SecretKey::from_slice(&own).expect("a number below the order of the curve");
        let token = URL_SAFE_NO_PAD.encode((self.chance)());
        let public = URL_SAFE_NO_PAD.encode(secret.public_key().to_sec1_bytes());
        let mut inner = self.lock();
        if inner.browsers.len() < MAX_BROWSERS {
            inner.browsers.insert(token.clone(), Browser { secret, auth, server });
        }
        json!({
            "endpoint": format!("{}/push/to/{token}", self.base),
            "expirationTime": null,
            "keys": {"p256dh": public, "auth": URL_SAFE_NO_PAD.encode(auth)},
        })
    }

    /// What arrived, newest first.
    pub fn messages(&self) -> Vec<PushArrival> {
        self.lock().messages.iter().rev().cloned().collect()
    }

    /// How many messages were not in order and were refused for that.
    pub fn refused(&self) -> u64 {
        self.lock().refused
    }

    /// Answers the next messages so.
    pub fn order(&self, order: PushOrder) {
        self.lock().orders.push_back(order);
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was ordered for this message, if anything.
    fn ordered(&self) -> Option<PushOrder> {
        let mut inner = self.lock();
        while inner.orders.front().is_some_and(|order| order.times == 0) {
            inner.orders.pop_front();
        }
        let order = inner.orders.front_mut()?;
        order.times -= 1;
        Some(order.clone())
    }

    fn receive(&self, token: &str, headers: &HeaderMap, body: &[u8]) -> Result<(), StatusCode> {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let mut inner = self.lock();
        let browser = inner.browsers.get(token).ok_or(StatusCode::GONE)?;
        let authorization = text("authorization").ok_or(StatusCode::UNAUTHORIZED)?;
        vouched(&authorization, &browser.server, &self.base, (self.clock)().unix_timestamp())
            .ok_or(StatusCode::FORBIDDEN)?;
        if text("content-encoding").as_deref() != Some("aes128gcm") || body.len() > 4096 {
            return Err(StatusCode::BAD_REQUEST);
        }
        let ttl = text("ttl").and_then(|ttl| ttl.parse().ok()).ok_or(StatusCode::BAD_REQUEST)?;
        let topic = text("topic");
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if topic.as_ref().is_some_and(|topic| topic.len() > 32 || !topic.bytes().all(plain)) {
            return Err(StatusCode::BAD_REQUEST);
        }
        let payload = open(browser, body).ok_or(StatusCode::BAD_REQUEST)?;
        let endpoint = format!("{}/push/to/{token}", self.base);
        if inner.messages.len() >= MAX_MESSAGES {
            inner.messages.pop_front();
        }
        inner.messages.push_back(PushArrival { endpoint, payload, topic, urgency: text("urgency"), ttl });
        Ok(())
    }
}

async fn subscribe(State(service): State<PushService>, Json(asked): Json<Subscribe>) -> Json<Value> {
    Json(service.browser(&asked.application_server_key))
}

async fn take(
    State(service): State<PushService>,
    Path(token): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if let Some(order) = service.ordered() {
        let status = StatusCode::from_u16(order.answer).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut answer = status.into_response();
        if let Some(seconds) = order.retry_after {
            answer.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        return answer;
    }
    match service.receive(&token, &headers, &body) {
        Ok(()) => StatusCode::CREATED.into_response(),
        Err(status) => {
            service.lock().refused += 1;
            status.into_response()
        }
    }
}

async fn order(State(service): State<PushService>, Json(order): Json<PushOrder>) -> StatusCode {
    service.order(order);
    StatusCode::NO_CONTENT
}

async fn arrived(State(service): State<PushService>) -> Json<Vec<PushArrival>> {
    Json(service.messages())
}

/// Whether a token is signed by the key that the browser subscribed with, is for this service and holds now.
fn vouched(authorization: &str, server: &[u8], base: &str, now: i64) -> Option<()> {
    let rest = authorization.strip_prefix("vapid ")?;
    let part = |name: &str| rest.split(',').find_map(|part| part.trim().strip_prefix(name));
    let (token, key) = (part("t=")?, URL_SAFE_NO_PAD.decode(part("k=")?).ok()?);
    if key != server {
        return None;
    }
    let (signed, signature) = token.rsplit_once('.')?;
    let signature = Signature::from_slice(&URL_SAFE_NO_PAD.decode(signature).ok()?).ok()?;
    VerifyingKey::from_sec1_bytes(&key).ok()?.verify(signed.as_bytes(), &signature).ok()?;
    let (head, claims) = signed.split_once('.')?;
    let json = |part: &str| serde_json::from_slice::<Value>(&URL_SAFE_NO_PAD.decode(part).ok()?).ok();
    let (head, claims) = (json(head)?, json(claims)?);
    let expires = claims["exp"].as_i64()?;
    let contact = claims["sub"].as_str()?;
    let good = head["alg"] == "ES256"
        && claims["aud"] == base
        && expires > now
        && expires <= now + 24 * 3_600
        && (contact.starts_with("mailto:") || contact.starts_with("https:"));
    good.then_some(())
}

/// Opens a message as the browser does.
fn open(browser: &Browser, body: &[u8]) -> Option<String> {
    let (salt, rest) = body.split_at_checked(16)?;
    let (_record, rest) = rest.split_at_checked(4)?;
    let (length, rest) = rest.split_first()?;
    let (sender, sealed) = rest.split_at_checked(usize::from(*length))?;
    let theirs = PublicKey::from_sec1_bytes(sender).ok()?;
    let shared = p256::ecdh::diffie_hellman(browser.secret.to_nonzero_scalar(), theirs.as_affine());
    let own = browser.secret.public_key().to_sec1_bytes();
    let hash = |key: &[u8], data: &[u8]| -> Vec<u8> {
        let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length is a key");
        mac.update(data);
        mac.finalize().into_bytes().to_vec()
    };
    let mut info = b"WebPush: info\0".to_vec();
    info.extend_from_slice(&own);
    info.extend_from_slice(sender);
    info.push(1);
    let material = hash(&hash(&browser.auth, shared.raw_secret_bytes()), &info);
    let pseudorandom = hash(salt, &material);
    let key = hash(&pseudorandom, b"Content-Encoding: aes128gcm\0\x01");
    let nonce = hash(&pseudorandom, b"Content-Encoding: nonce\0\x01");
    let cipher = Aes128Gcm::new_from_slice(&key[..16]).ok()?;
    let mut plain = cipher.decrypt(&Nonce::try_from(&nonce[..12]).ok()?, sealed).ok()?;
    while plain.last() == Some(&0) {
        plain.pop();
    }
    (plain.pop()? == 2).then(|| String::from_utf8(plain).ok())?
}
