//! The vendor's services on one's own machine: same wire format, same limits, same errors; an inbox to read the texts in, and telephones that ring.
//!
//! For demos and tests only. It verifies signatures with code of its own, written apart from the adapter's, so that both cannot share a mistake.
//! Everything is in memory and bounded; whoever reaches its address can read every text, so it listens on the loopback address alone.
//!
//! | path | what |
//! |---|---|
//! | `/` | the vendor's interface: `SendSms`, `QuerySendDetails`, `BindAxbFixedLine`, `DeleteAxbBindFixedLine` |
//! | `/inbox` | the texts, for people |
//! | `/inbox.json?phone=` | the texts, for tests, newest first |
//! | `/handset?phone=` | a telephone: it rings, shows the number that calls, dials |
//! | `/handset.json?phone=` | the same for tests; `POST` presses a key |
//! | `/__control` | misbehaviour on order: see [`Misbehaviour`] |
//!
//! [`PushService`], [`SimulatedFaces`] and [`SimulatedStamps`] are services of their own, with routes of their own.

mod control;
mod faces;
mod handset;
mod html;
mod inbox;
mod limits;
mod lines;
mod misbehaviour;
mod numbers;
mod params;
mod push;
mod scanner;
mod state;
mod timestamps;
mod vendor;
mod verify;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{any, get};

pub use faces::{FaceMisbehaviour, Seen, SimulatedFaces, faces};
pub use lines::SimulatedPool;
pub use misbehaviour::{Misbehaviour, Order};
pub use push::{PushArrival, PushOrder, PushService};
pub use scanner::{ScannerMood, SimulatedScanner};
pub use state::{Counts, Delivery, InboxMessage, SimulatorState};
pub use timestamps::{SimulatedStamps, StampMisbehaviour, timestamps};

/// What the simulated account has.
#[derive(Clone, Debug)]
pub struct SimulatorSettings {
    /// The key's public part.
    pub access_key_id: String,
    /// The key's secret part.
    pub access_key_secret: String,
    /// The approved signatures.
    pub sign_names: Vec<String>,
    /// The approved templates.
    pub templates: Vec<SimulatedTemplate>,
    /// The numbers for virtual calls, if the account has any.
    pub pool: Option<SimulatedPool>,
}

/// A template that the vendor has approved.
#[derive(Clone, Debug)]
pub struct SimulatedTemplate {
    /// `SMS_…`
    pub code: String,
    /// Which limits hold for it.
    pub kind: TemplateKind,
    /// The text, with places such as `${code}`.
    pub text: String,
}

/// The vendor limits codes and notices differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TemplateKind {
    /// A verification code: 1 a minute, 5 an hour, 10 a day for one signature and number; 40 a day for a number.
    Code,
    /// A notice: 50 a day for one signature, template and number.
    Notice,
}

/// The simulator's routes, for the root of a listener of its own or nested under a path.
pub fn simulator(state: SimulatorState) -> Router {
    Router::new()
        .route("/", any(vendor::call))
        .route("/inbox", get(inbox::page))
        .route("/inbox.json", get(inbox::json))
        .route("/inbox.css", get(inbox::css))
        .route("/inbox.js", get(inbox::js))
        .route("/handset", get(handset::page))
        .route("/handset.json", get(handset::json).post(handset::press))
        .route("/handset.css", get(handset::css))
        .route("/handset.js", get(handset::js))
        .route("/__control", get(control::show).post(control::order).delete(control::reset))
        .layer(DefaultBodyLimit::max(64 * 1024))
        .with_state(state)
}
