//! A time-stamping authority on one's own machine: real tokens, signed with a key that nobody should believe.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use certs::Signer;
use certs::timestamp::{Request, Response as Answer, issue};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};

use crate::Clock;

/// What goes wrong with one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StampMisbehaviour {
    /// The answer comes so much later.
    Slow(Duration),
    /// The gateway answers with this status.
    Status(u16),
    /// A page of HTML instead of an answer.
    Garbage,
    /// The authority refuses, in its own form.
    Refuse,
    /// The token answers another request.
    WrongNonce,
    /// The token has no nonce at all.
    NoNonce,
    /// The token is of another hash.
    OtherImprint,
    /// The authority's clock is wrong by so many seconds.
    ClockSkew(i64),
    /// Somebody else's key signs.
    OtherKey,
    /// A byte of the token is changed on the way.
    Altered,
}

/// The simulated authority. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct SimulatedStamps {
    signer: Arc<dyn Signer>,
    other: Option<Arc<dyn Signer>>,
    clock: Clock,
    inner: Arc<Mutex<Inner>>,
}

#[derive(Default)]
struct Inner {
    serial: u64,
    orders: VecDeque<StampMisbehaviour>,
}

impl SimulatedStamps {
    /// An authority that signs with `signer`; `other` is who signs when it is told to let somebody else do so.
    #[must_use]
    pub fn new(signer: Arc<dyn Signer>, other: Option<Arc<dyn Signer>>, clock: Clock) -> Self {
        Self { signer, other, clock, inner: Arc::default() }
    }

    /// Something goes wrong with the next request.
    pub fn misbehave(&self, what: StampMisbehaviour) {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).orders.push_back(what);
    }

    /// How many tokens it has signed.
    #[must_use]
    pub fn issued(&self) -> u64 {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).serial
    }

    fn next(&self) -> (u64, Option<StampMisbehaviour>) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.serial += 1;
        (inner.serial, inner.orders.pop_front())
    }
}

/// The authority's one route, for the root of a listener or nested under a path.
pub fn timestamps(state: SimulatedStamps) -> Router {
    Router::new().route("/", post(stamp)).layer(DefaultBodyLimit::max(16 * 1024)).with_state(state)
}

async fn stamp(State(state): State<SimulatedStamps>, headers: HeaderMap, body: Bytes) -> Response {
    if headers.get(CONTENT_TYPE).is_none_or(|kind| kind != "application/timestamp-query") {
        return StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response();
    }
    let (serial, wrong) = state.next();
    match &wrong {
        Some(StampMisbehaviour::Slow(by)) => tokio::time::sleep(*by).await,
        Some(StampMisbehaviour::Status(status)) => {
            return StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR).into_response();
        }
        Some(StampMisbehaviour::Garbage) => return "<html><body>Bad Gateway</body></html>".into_response(),
        _ => {}
    }
    let answer = answer(&state, serial, wrong.as_ref(), &body);
    match answer.to_der() {
        Ok(der) => ([(CONTENT_TYPE, "application/timestamp-reply")], der).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn answer(state: &SimulatedStamps, serial: u64, wrong: Option<&StampMisbehaviour>, body: &[u8]) -> Answer {
    const REJECTION: u8 = 2;
    let refused = |words: &str| Answer::Refused { status: REJECTION, words: words.to_owned() };
    let Ok(mut request) = Request::from_der(body) else { return refused("bad data format") };
    let mut at = (state.clock)();
    let mut signer = &state.signer;
    match wrong {
        Some(StampMisbehaviour::Refuse) => return refused("the policy is not supported"),
        Some(StampMisbehaviour::WrongNonce) => request.nonce = Some(vec![0x5A; 16]),
        Some(StampMisbehaviour::NoNonce) => request.nonce = None,
        Some(StampMisbehaviour::OtherImprint) => request.sha256[0] ^= 1,
        Some(StampMisbehaviour::ClockSkew(seconds)) => at += time::Duration::seconds(*seconds),
        Some(StampMisbehaviour::OtherKey) => signer = state.other.as_ref().unwrap_or(signer),
        _ => {}
    }
    let Ok(mut token) = issue(&request, signer.as_ref(), at, serial) else { return refused("system failure") };
    if wrong == Some(&StampMisbehaviour::Altered)
        && let Some(last) = token.last_mut()
    {
        *last ^= 1;
    }
    Answer::Granted { token }
}
