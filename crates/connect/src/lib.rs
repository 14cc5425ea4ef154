//! The services around a court: plain values in, plain values out.
//!
//! Nothing here knows cases or acts. [`outbound`] is the only door through which the program speaks to the outside; [`sms`], [`phone`] and
//! [`push`] say what a court wants of a text-message service, of virtual numbers and of the services that wake browsers, [`aliyun`] speaks
//! one vendor's wire format, [`identity`] says what it wants of a service that compares faces and [`tencent`] speaks that one's, [`scanner`]
//! asks what looks for viruses, [`timestamp`] asks a time-stamping authority, [`witness`] asks those outside the court who sign its checkpoints
//! too, and [`simulator`] answers in the same formats on a developer's or a demo's own machine, with limits and errors as published.
//!
//! Time and chance come in as functions, so that a day of limits is tested in a moment.

pub mod aliyun;
pub mod identity;
pub mod outbound;
pub mod phone;
pub mod push;
pub mod scanner;
pub mod simulator;
pub mod sms;
pub mod tencent;
pub mod timestamp;
pub mod witness;

use std::sync::Arc;

use time::OffsetDateTime;

/// What time it is.
pub type Clock = Arc<dyn Fn() -> OffsetDateTime + Send + Sync>;

/// Random bytes that nobody can guess, fresh at every call.
pub type Chance = Arc<dyn Fn() -> [u8; 16] + Send + Sync>;
