//! Text messages: what a court asks of whoever delivers them.

use std::collections::BTreeMap;

use async_trait::async_trait;

/// The texts that a court sends. A vendor knows each as a template that it has approved beforehand; there is no free text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SmsTemplate {
    /// A login code. Params: `code`.
    LoginCode,
    /// A code for one thing that somebody is about to do, such as signing. Params: `code`.
    StepUpCode,
    /// A code while somebody shows who they are. Params: `code`.
    IdentityCode,
    /// A sitting was set. Params: as the template asks, for instance `case`, `time`. No link, no token (SR-29).
    SittingNotice,
    /// A deadline comes near. Params: as the template asks, for instance `case`, `deadline`, `left`. What is asked for stays in the room.
    MatterReminder,
    /// There is something to look at. Params: `what`, one of few fixed words. Who reads it over a shoulder learns nothing (SR-17).
    Message,
}

/// One message to one person.
#[derive(Clone, PartialEq, Eq)]
pub struct SmsMessage {
    /// A mainland mobile number, eleven digits.
    pub to: String,
    /// Which text.
    pub template: SmsTemplate,
    /// What goes into the text's places.
    pub params: BTreeMap<String, String>,
}

/// Numbers and codes stay out of logs.
impl std::fmt::Debug for SmsMessage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SmsMessage").field("template", &self.template).finish_non_exhaustive()
    }
}

/// The vendor took the message. Whether it arrived, [`SmsPort::delivery`] tells later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SmsReceipt {
    /// The vendor's name for this sending; asked for with the number and the day.
    pub id: String,
    /// The vendor's name for the request, for questions to its support.
    pub request: String,
}

/// Where a message is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SmsDelivery {
    /// The carrier has not answered yet, or the vendor does not know the sending (yet).
    Waiting,
    /// On the phone.
    Delivered,
    /// It will not arrive; the carrier's code.
    Failed {
        /// As the carrier gives it, for instance `UNDELIV`.
        code: String,
    },
}

/// The span over which a limit was passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitWindow {
    /// One message a minute.
    Minute,
    /// Five an hour.
    Hour,
    /// Ten, forty or fifty a day.
    Day,
    /// The vendor does not say.
    Unknown,
}

/// Why a message was not sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SmsFailure {
    /// This number has had enough for now.
    #[error("the vendor's limit per {window:?} is reached")]
    Limit {
        /// Over which span.
        window: LimitWindow,
    },
    /// The vendor will not send this, today or tomorrow; a person must look at the number, the template or the keys.
    #[error("the vendor refused: {code}")]
    Rejected {
        /// The vendor's code, for instance `isv.MOBILE_NUMBER_ILLEGAL`.
        code: String,
    },
    /// No answer that can be relied on. The message may or may not have been sent.
    #[error("the vendor cannot be reached: {reason}")]
    Unavailable {
        /// For the log; carries no number.
        reason: String,
    },
}

/// Whoever delivers text messages.
#[async_trait]
pub trait SmsPort: Send + Sync {
    /// Hands one message to the vendor. Not idempotent: after [`SmsFailure::Unavailable`] a second call may send a second message.
    async fn send(&self, message: SmsMessage) -> Result<SmsReceipt, SmsFailure>;

    /// Asks where the message of `receipt` is, which was sent to `to` on the day (Beijing time) of `sent`.
    async fn delivery(
        &self,
        receipt: &SmsReceipt,
        to: &str,
        sent: time::OffsetDateTime,
    ) -> Result<SmsDelivery, SmsFailure>;
}
