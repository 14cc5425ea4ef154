//! The engine that every wing stands on: who is asking, performing acts, the live feed, uploads and files, jobs, problems.
//!
//! A wing's handler is one sentence around [`Desk::perform`] or a query. Nothing here knows what an act is about.

mod asking;
mod clock;
mod config;
mod desk;
pub mod domicile;
pub mod files;
pub mod health;
pub mod jobs;
pub mod keys;
pub mod live;
pub mod login;
pub mod logs;
pub mod metrics;
pub mod openapi;
mod perform;
pub mod policy_page;
mod problem;
pub mod rim;
mod search;
mod signatures;
#[cfg(any(test, feature = "testkit"))]
pub mod testkit;
pub mod uploads;
mod vault;
pub mod views;
pub mod worker;

pub use asking::{
    Account, Acting, INTEGRATION_DAYS, Integration, SessionKind, Visitor, integration_token, program_token,
};
pub use clock::{Chance, Clock, HostChance, HostClock};
pub use config::{Config, Court, IdentityRules, Link};
pub use desk::{Desk, Parts};
pub use perform::{AsStored, Hub, Inside, Receipt, Turn, stored_act};
pub use problem::{Problem, ProblemDocument};
pub use search::{DayCount, Found};
pub use signatures::{KeptSignature, Signature};
pub use vault::{KeyFile, Sealing, Vault, VaultError};
pub use views::{PageWidth, Pages};
