//! Who sends: a token signed by the court's own key (VAPID, RFC 8292).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use serde::Serialize;
use time::{Duration, OffsetDateTime};

/// How long a token holds. The most that is allowed is a day; a stolen one is of use for that long.
const LIFE: Duration = Duration::hours(12);

/// The court's key for push services.
#[derive(Clone)]
pub struct Vapid {
    key: SigningKey,
    contact: String,
}

/// Why there is no such key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VapidFailure {
    /// Not 32 bytes in base64url, or none that can be a key.
    #[error("the key for push services is no P-256 secret in base64url")]
    Key,
    /// Services want to be able to write to somebody.
    #[error("the contact for push services must begin with mailto: or https:")]
    Contact,
}

#[derive(Serialize)]
struct Claims<'a> {
    aud: &'a str,
    exp: i64,
    sub: &'a str,
}

impl Vapid {
    /// The key as its file holds it, and whom services may write to.
    ///
    /// # Errors
    /// [`VapidFailure`]
    pub fn new(key: &str, contact: &str) -> Result<Vapid, VapidFailure> {
        let bytes = URL_SAFE_NO_PAD.decode(key.trim()).map_err(|_| VapidFailure::Key)?;
        let key = SigningKey::from_slice(&bytes).map_err(|_| VapidFailure::Key)?;
        if !(contact.starts_with("mailto:") || contact.starts_with("https://")) {
            return Err(VapidFailure::Contact);
        }
        Ok(Vapid { key, contact: contact.to_owned() })
    }

    /// A key's text, from 32 random bytes.
    pub fn write(random: &[u8; 32]) -> String {
        URL_SAFE_NO_PAD.encode(random)
    }

    /// The public key, an uncompressed point, in base64url.
    pub fn public_key(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.key.verifying_key().to_sec1_bytes())
    }

    /// The `Authorization` for one service, which is named by its origin: `https://push.example`.
    pub fn authorization(&self, audience: &str, now: OffsetDateTime) -> String {
        let claims = Claims { aud: audience, exp: (now + LIFE).unix_timestamp(), sub: &self.contact };
        let claims = serde_json::to_vec(&claims).expect("claims are plain data");
        let signed =
            format!("{}.{}", URL_SAFE_NO_PAD.encode(br#"{"typ":"JWT","alg":"ES256"}"#), URL_SAFE_NO_PAD.encode(claims));
        let signature: Signature = self.key.sign(signed.as_bytes());
        format!("vapid t={signed}.{}, k={}", URL_SAFE_NO_PAD.encode(signature.to_bytes()), self.public_key())
    }
}

impl std::fmt::Debug for Vapid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vapid").finish_non_exhaustive()
    }
}
