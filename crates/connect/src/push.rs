//! Web push: what a court asks of the services that wake a browser (RFC 8030).
//!
//! Whoever runs such a service learns that something was sent and when, never what: the words are encrypted for the browser alone
//! (RFC 8291), and there is nothing of a case in them anyway (SR-17).

mod crypt;
mod vapid;
mod web;

use async_trait::async_trait;

pub use crypt::{SealFailure, seal};
pub use vapid::{Vapid, VapidFailure};
pub use web::{WebPush, WebPushSettings};

/// A browser that wants to be woken, as it described itself.
#[derive(Clone, PartialEq, Eq)]
pub struct PushTarget {
    /// Where its service takes messages for it. Whoever knows this address can send there, so it is kept like a secret.
    pub endpoint: String,
    /// The browser's public key: an uncompressed point on P-256.
    pub p256dh: Vec<u8>,
    /// Sixteen bytes that the browser shares with us alone.
    pub auth: Vec<u8>,
}

impl PushTarget {
    /// Whether its keys are keys, so that something can be sealed for it.
    pub fn has_keys(&self) -> bool {
        self.auth.len() == 16 && self.p256dh.len() == 65 && p256::PublicKey::from_sec1_bytes(&self.p256dh).is_ok()
    }
}

/// Endpoints and keys stay out of logs.
impl std::fmt::Debug for PushTarget {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PushTarget").finish_non_exhaustive()
    }
}

/// How soon a phone is to be woken for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    Normal,
    High,
}

/// One message to one browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushMessage {
    /// What the browser's own worker reads.
    pub payload: String,
    /// Up to 32 characters of base64url: of two messages with one topic that wait at the service, the later replaces the earlier, so that
    /// what is sent twice arrives once.
    pub topic: String,
    pub urgency: Urgency,
    /// How many seconds the service keeps it for a browser that is away.
    pub ttl: u32,
}

/// Why a message was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PushFailure {
    /// The browser has taken its subscription back, or it ran out (404, 410): forget it.
    #[error("the subscription is gone")]
    Gone,
    /// The service will not take this, today or tomorrow.
    #[error("the service refused: {0}")]
    Rejected(String),
    /// Later it may work; not before so many seconds where the service says so.
    #[error("the service cannot be reached: {reason}")]
    Unavailable {
        /// From `Retry-After`.
        after: Option<u32>,
        /// For the log; carries no address.
        reason: String,
    },
}

/// Whoever takes messages for browsers.
#[async_trait]
pub trait PushPort: Send + Sync {
    /// The court's public key, base64url: browsers subscribe with it, and their services take messages signed by it alone.
    fn public_key(&self) -> String;

    /// Whether messages may go to this address at all (SR-38).
    fn takes(&self, endpoint: &str) -> bool;

    /// Hands one message to the browser's service.
    async fn send(&self, to: &PushTarget, message: &PushMessage) -> Result<(), PushFailure>;
}
