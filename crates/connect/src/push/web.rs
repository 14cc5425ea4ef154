//! The wire: one POST to the browser's own service (RFC 8030).

use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode, Uri, header};

use super::{PushFailure, PushMessage, PushPort, PushTarget, Urgency, Vapid, seal};
use crate::outbound::{Outbound, OutboundError};
use crate::{Chance, Clock};

/// The longest pause that a service can ask for, in seconds.
const LONGEST_PAUSE: u32 = 3_600;

/// What [`WebPush`] is built from.
pub struct WebPushSettings {
    pub vapid: Vapid,
    /// Whose list of places is the list of services that messages may go to.
    pub outbound: Outbound,
    pub clock: Clock,
    pub chance: Chance,
}

/// Sends to whichever service a browser uses.
pub struct WebPush(WebPushSettings);

impl WebPush {
    /// With these settings.
    pub fn new(settings: WebPushSettings) -> WebPush {
        WebPush(settings)
    }
}

#[async_trait]
impl PushPort for WebPush {
    fn public_key(&self) -> String {
        self.0.vapid.public_key()
    }

    fn takes(&self, endpoint: &str) -> bool {
        self.0.outbound.allows(endpoint)
    }

    async fn send(&self, to: &PushTarget, message: &PushMessage) -> Result<(), PushFailure> {
        let chance = &self.0.chance;
        let mut own = [0; 32];
        own[..16].copy_from_slice(&chance());
        own[16..].copy_from_slice(&chance());
        let sealed = seal(to, message.payload.as_bytes(), &own, &chance()).map_err(rejected)?;
        let service = service(&to.endpoint).ok_or_else(|| PushFailure::Rejected("the address is none".to_owned()))?;
        let urgency = match message.urgency {
            Urgency::Normal => "normal",
            Urgency::High => "high",
        };
        let request = Request::post(&to.endpoint)
            .header(header::AUTHORIZATION, self.0.vapid.authorization(&service, (self.0.clock)()))
            .header(header::CONTENT_ENCODING, "aes128gcm")
            .header(header::CONTENT_TYPE, "application/octet-stream")
            .header("ttl", message.ttl)
            .header("urgency", urgency)
            .header("topic", &message.topic)
            .body(Bytes::from(sealed))
            .map_err(rejected)?;
        let answer = self.0.outbound.send(request).await.map_err(unsent)?;
        verdict(answer.status(), answer.headers())
    }
}

/// Scheme, host and port of an address: what a token is for.
fn service(endpoint: &str) -> Option<String> {
    let uri: Uri = endpoint.parse().ok()?;
    Some(format!("{}://{}", uri.scheme_str()?, uri.authority()?))
}

fn verdict(status: StatusCode, headers: &HeaderMap) -> Result<(), PushFailure> {
    match status.as_u16() {
        200..=299 => Ok(()),
        404 | 410 => Err(PushFailure::Gone),
        429 | 500..=599 => {
            let after = headers.get(header::RETRY_AFTER).and_then(|after| after.to_str().ok()?.parse().ok());
            let after = after.map(|seconds: u32| seconds.min(LONGEST_PAUSE));
            Err(PushFailure::Unavailable { after, reason: format!("status {status}") })
        }
        _ => Err(PushFailure::Rejected(format!("status {status}"))),
    }
}

fn unsent(error: OutboundError) -> PushFailure {
    match error {
        OutboundError::NotAllowed | OutboundError::PrivateAddress | OutboundError::Redirected(_) => rejected(error),
        error => PushFailure::Unavailable { after: None, reason: error.to_string() },
    }
}

fn rejected(why: impl std::fmt::Display) -> PushFailure {
    PushFailure::Rejected(why.to_string())
}
