//! Real-name verification by face: what a court asks of whoever compares a face with the register of residents.
//!
//! The service gives a token and an address; the person goes there with a telephone, and comes back. What the browser says then is not
//! believed: the court asks the service itself what came of the token (SR-11). Picture and video stay with the service; none is asked for.

use async_trait::async_trait;

/// Asks to compare somebody's face.
#[derive(Clone, PartialEq, Eq)]
pub struct FaceWish {
    /// As it stands in the identity card.
    pub name: String,
    /// The number of the resident identity card.
    pub number: String,
    /// Where the person's browser is sent afterwards.
    pub back: String,
    /// Comes back with the result: for whom and for what it was asked.
    pub nonce: String,
}

/// Name and number stay out of logs.
impl std::fmt::Debug for FaceWish {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FaceWish").field("nonce", &self.nonce).finish_non_exhaustive()
    }
}

/// Where the person goes.
#[derive(Clone, PartialEq, Eq)]
pub struct FaceCheck {
    /// By which the result is asked for. Nobody but the court needs it; it is no secret, for it gives nothing without the court's key.
    pub token: String,
    pub url: String,
}

impl std::fmt::Debug for FaceCheck {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FaceCheck")
    }
}

/// What came of a check.
#[derive(Clone, PartialEq, Eq)]
pub struct FaceResult {
    pub outcome: FaceOutcome,
    /// [`FaceWish::nonce`], as the service kept it.
    pub nonce: String,
    /// Whom the service compared with.
    pub name: String,
    pub number: String,
}

impl std::fmt::Debug for FaceResult {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FaceResult").field("outcome", &self.outcome).finish_non_exhaustive()
    }
}

/// How a check ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaceOutcome {
    /// A living person, and the one in the register.
    Same,
    /// Nobody has finished it yet.
    Pending,
    /// Not a living person in front of the camera: a picture, a screen, a mask.
    NotAlive { code: String },
    /// Another person, or not comparable.
    Different { code: String },
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdentityFailure {
    /// The service will not do this, today or tomorrow: name and number do not fit, the token is unknown, the keys are wrong.
    #[error("the vendor refused: {code}")]
    Rejected { code: String },
    /// No answer that can be relied on; later there may be one.
    #[error("the vendor cannot be reached: {reason}")]
    Unavailable { reason: String },
}

/// A service that compares faces.
#[async_trait]
pub trait IdentityPort: Send + Sync {
    /// A check for this person.
    async fn begin(&self, wish: &FaceWish) -> Result<FaceCheck, IdentityFailure>;

    /// What came of it.
    async fn result(&self, token: &str) -> Result<FaceResult, IdentityFailure>;
}
