//! Time stamps from somebody else: RFC 3161 over HTTP.
//!
//! A court that signs says when by its own clock. A time stamp is an authority's word for it, which holds against the court too. What comes
//! back is believed only if it answers this very question, is of this hash, and its signer's chain leads to an authority that the court trusts
//! for time stamps at the time that it says, which must be about now.

use async_trait::async_trait;
use bytes::Bytes;
use certs::Anchors;
use certs::timestamp::{Request, Response, Stamp};
use http::header::{ACCEPT, CONTENT_TYPE};
use time::Duration;

use crate::outbound::Outbound;
use crate::{Chance, Clock};

/// Whoever says that a hash was there at a time.
#[async_trait]
pub trait Timestamps: Send + Sync {
    /// A token for a SHA-256, as it goes into a signature. Asking again is harmless.
    async fn stamp(&self, sha256: [u8; 32]) -> Result<Vec<u8>, TimestampFailure>;
}

/// Why there is no time stamp.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimestampFailure {
    /// No answer that can be used; later there may be one.
    #[error("the time-stamping authority cannot be reached: {reason}")]
    Unavailable { reason: String },
    /// The authority will not, for a reason of its own.
    #[error("the time-stamping authority refused ({status}): {words}")]
    Refused { status: u8, words: String },
    /// The answer is to another question, of another hash, or of another time.
    #[error("the time stamp does not answer the request: {reason}")]
    Wrong { reason: String },
    /// The token is sound, and signed by somebody whom the court does not trust for it.
    #[error("the time stamp is not trusted: {reason}")]
    Untrusted { reason: String },
}

/// How far the authority's clock may be from the court's.
const CLOCKS_APART: Duration = Duration::minutes(5);

const QUERY: &str = "application/timestamp-query";
const REPLY: &str = "application/timestamp-reply";

/// An authority that speaks RFC 3161 over HTTP.
pub struct Rfc3161 {
    url: String,
    anchors: Anchors,
    outbound: Outbound,
    clock: Clock,
    chance: Chance,
}

impl Rfc3161 {
    /// The authority at `url`, to which `outbound` must lead, believed through `anchors`.
    #[must_use]
    pub fn new(url: String, anchors: Anchors, outbound: Outbound, clock: Clock, chance: Chance) -> Self {
        Self { url, anchors, outbound, clock, chance }
    }

    async fn ask(&self, request: &Request) -> Result<Bytes, TimestampFailure> {
        let unavailable = |reason: String| TimestampFailure::Unavailable { reason };
        let body = request.to_der().map_err(|fault| unavailable(fault.to_string()))?;
        let query = http::Request::post(&self.url)
            .header(CONTENT_TYPE, QUERY)
            .header(ACCEPT, REPLY)
            .body(body.into())
            .map_err(|error| unavailable(error.to_string()))?;
        let answer = self.outbound.send(query).await.map_err(|error| unavailable(error.to_string()))?;
        if answer.status() != http::StatusCode::OK {
            return Err(unavailable(format!("status {}", answer.status().as_u16())));
        }
        Ok(answer.into_body())
    }

    fn check(&self, request: &Request, token: &[u8]) -> Result<(), TimestampFailure> {
        let wrong = |reason: String| TimestampFailure::Wrong { reason };
        let stamp = Stamp::from_token(token).map_err(|fault| wrong(fault.to_string()))?;
        request.is_answered_by(&stamp).map_err(|fault| wrong(fault.to_string()))?;
        if (stamp.at - (self.clock)()).abs() > CLOCKS_APART {
            return Err(wrong("its time is not now".into()));
        }
        stamp.check(&self.anchors).map_err(|distrust| TimestampFailure::Untrusted { reason: distrust.to_string() })
    }
}

#[async_trait]
impl Timestamps for Rfc3161 {
    async fn stamp(&self, sha256: [u8; 32]) -> Result<Vec<u8>, TimestampFailure> {
        let request = Request { sha256, nonce: Some((self.chance)().to_vec()), wants_certificate: true };
        let answer = self.ask(&request).await?;
        let unreadable = |fault: certs::Fault| TimestampFailure::Unavailable { reason: fault.to_string() };
        match Response::from_der(&answer).map_err(unreadable)? {
            Response::Granted { token } => {
                self.check(&request, &token)?;
                Ok(token)
            }
            Response::Refused { status, words } => Err(TimestampFailure::Refused { status, words }),
        }
    }
}
