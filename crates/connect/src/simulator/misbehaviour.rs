//! What can go wrong with a vendor, on order.

use serde::{Deserialize, Serialize};

/// One thing that goes wrong with one request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Misbehaviour {
    /// The answer, otherwise right, comes late.
    Delay {
        /// By so many milliseconds.
        millis: u64,
    },
    /// The gateway answers with this status and does nothing.
    Status {
        /// 500, 502, 503 …
        status: u16,
    },
    /// The message is sent, and the answer is lost on the way: a gateway's error page comes back.
    LostAnswer,
    /// A limit is reached, whatever was sent before.
    Limit,
    /// A page of HTML instead of an answer.
    Garbage,
    /// The signature is called wrong.
    SignatureError,
    /// The vendor's clock differs by this much; past 15 minutes no signature is valid.
    ClockSkew {
        /// Positive: the vendor is ahead.
        seconds: i64,
    },
    /// The number is out of service.
    NumberOff,
    /// The message is taken and the carrier never says a word.
    ReceiptLost,
    /// The message is taken and does not arrive.
    Undelivered,
    /// The pool has no number left, whatever is bound.
    PoolEmpty,
    /// The carrier refuses the binding.
    BindConflict,
    /// The binding is made, and ends at the moment at which the call is answered.
    BindingExpires,
    /// The binding is made, and the reports of its calls come last first, all at the end.
    ReportsReversed,
    /// The binding is made, and each report of its calls comes twice.
    ReportsTwice,
    /// The binding is made, and no report of its calls ever comes.
    ReportsLost,
}

/// A misbehaviour for the next requests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// For how many requests; one if not said.
    #[serde(default = "once")]
    pub times: u32,
    /// What.
    #[serde(flatten)]
    pub what: Misbehaviour,
}

fn once() -> u32 {
    1
}
