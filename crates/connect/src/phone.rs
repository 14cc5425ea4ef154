//! Virtual calls: what a court asks of whoever lends it a number between two telephones.
//!
//! The caller A and the callee B are bound to a number X for a while. A dials X, B's telephone rings and shows X; neither learns the other's
//! number. The service starts no call by itself: A picks up a telephone and dials. What becomes of it, the service tells afterwards, as often and in
//! whatever order it likes.

use async_trait::async_trait;
use time::{Duration, OffsetDateTime};

/// Asks for a number between two telephones.
#[derive(Clone, PartialEq, Eq)]
pub struct Bind {
    /// Names this wish: asked for twice, it is one binding. Comes back with every report. At most 100 characters, nothing private.
    pub request: String,
    /// Who will dial: a mainland mobile number, or a landline with its area code.
    pub a: String,
    /// Whose telephone will ring.
    pub b: String,
    /// How long the number leads from one to the other, in whole seconds. A call that is on outlives it.
    pub lasts: Duration,
}

/// Numbers stay out of logs (SR-49).
impl std::fmt::Debug for Bind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bind").field("request", &self.request).field("lasts", &self.lasts).finish_non_exhaustive()
    }
}

/// A number that leads from A to B.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// The service's name for the binding.
    pub id: String,
    /// The number X as A dials it and B sees it: `021` and eight digits, no separators.
    pub number: String,
}

/// Why there is no number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhoneFailure {
    /// All numbers are taken by others, or by another binding of A or B: there may be one in a moment.
    #[error("no number is free: {code}")]
    Busy {
        /// The vendor's code, for instance `isv.NO_AVAILABLE_NUMBER`.
        code: String,
    },
    /// The vendor will not do this, today or tomorrow; a person must look at the numbers, the pool or the keys.
    #[error("the vendor refused: {code}")]
    Rejected {
        /// The vendor's code.
        code: String,
    },
    /// No answer that can be relied on. There may or may not be a binding; ask again with the same request.
    #[error("the vendor cannot be reached: {reason}")]
    Unavailable {
        /// For the log; carries no number.
        reason: String,
    },
}

/// What a service tells of a call. Every report stands for itself: it may come twice, late, and before the ones that it follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallReport {
    /// [`Bind::request`].
    pub request: String,
    /// [`Binding::id`].
    pub binding: String,
    /// What happened.
    pub event: CallEvent,
}

/// What happened to a call from A to B.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallEvent {
    /// A has dialled.
    Dialled,
    /// B's telephone rings.
    Ringing {
        /// Since when.
        at: OffsetDateTime,
    },
    /// B has answered.
    Answered {
        /// When.
        at: OffsetDateTime,
    },
    /// It is over. This report needs none of the others.
    Ended {
        /// When B answered, if at all.
        answered: Option<OffsetDateTime>,
        /// When it ended.
        at: OffsetDateTime,
        /// Why, for a call that was not answered.
        why: Release,
    },
}

/// Why a call came to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Release {
    /// One side hung up.
    HungUp,
    /// B did not take it.
    NoAnswer,
    /// B was speaking to somebody else.
    Busy,
    /// B refused it.
    Refused,
    /// The network did not reach B: switched off, out of service, no such number.
    Unreachable,
    /// The service did not put it through: blocked, no binding, call limits.
    NotConnected,
}

/// Why a report is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReportRefused {
    /// It does not come from the service.
    #[error("the report does not come from the service")]
    Forged,
    /// It cannot be read.
    #[error("the report cannot be read")]
    Malformed,
}

/// Whoever lends numbers.
#[async_trait]
pub trait PhonePort: Send + Sync {
    /// Binds A and B to a number. The same request asked for again gives the same binding.
    async fn bind(&self, wish: &Bind) -> Result<Binding, PhoneFailure>;

    /// Gives the number back before its time. A binding that is gone already is given back.
    async fn unbind(&self, binding: &str) -> Result<(), PhoneFailure>;

    /// What a request to the court's own callback address tells. `key` is what proves that the service sent it. Calls in the other direction and
    /// text messages are left out.
    fn reports(&self, key: &str, body: &[u8]) -> Result<Vec<CallReport>, ReportRefused>;
}
