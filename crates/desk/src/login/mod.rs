//! Logging in: a code by SMS, then a session in one role.

mod attempts;
mod capacity;
mod code;
mod enter;
mod human_check;
mod logout;
mod logout_all;
mod me;
mod own_code;
mod phone;
mod sessions;
mod step_up;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::Extension;
use time::Duration;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use code::{AskCode, CodeSent};
pub use enter::Enter;
pub use human_check::Proof;
pub use me::{CourtName, Me, RoleChoice};
pub use own_code::{check_own_code, send_own_code};
pub use phone::mobile_number;
pub use sessions::{SessionView, SessionsView};
pub use step_up::{AskStepUp, Purpose, ShowStepUp, SteppedUp};

use crate::{Desk, Problem};

/// What logging in remembers between requests, in memory and bounded. Each node keeps its own; the limits that matter most (how
/// often an SMS is sent, how often a code is tried) are in the database.
#[derive(Default)]
struct Memory {
    attempts: attempts::Attempts,
    proofs: human_check::Proofs,
}

/// How long it is remembered that a message was sent: longer than the longest span over which they are counted, and no longer, for
/// with it a phone number and an address are remembered.
const REMEMBERED: Duration = Duration::hours(25);

/// Forgets codes and counts of messages that are of no use any more. To be run now and then.
///
/// # Errors
/// 503 when the database cannot be written.
pub async fn forget_codes(desk: Desk) -> Result<(), Problem> {
    let before = court::beijing::micros(desk.now() - REMEMBERED);
    desk.store.forget_codes(before).await?;
    desk.store.forget_step_ups(before).await?;
    Ok(())
}

/// The routes of logging in.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(code::login_code))
        .routes(routes!(enter::login))
        .routes(routes!(step_up::step_up_code))
        .routes(routes!(step_up::step_up))
        .routes(routes!(logout::logout))
        .routes(routes!(logout_all::logout_all))
        .routes(routes!(sessions::my_sessions))
        .routes(routes!(sessions::end_session))
        .routes(routes!(sessions::end_other_sessions))
        .routes(routes!(me::me))
        .routes(routes!(capacity::choose_capacity))
        .layer(Extension(Arc::new(Memory::default())))
}
