//! Tickets: one use, thirty seconds, bound to the session that asked.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use court::SessionId;
use record::Hash;
use serde::Serialize;
use time::{Duration, OffsetDateTime};
use utoipa::ToSchema;

use crate::rim::NoBody;
use crate::{Account, Desk, Problem};

/// How long a ticket may lie unused.
const LIFE: Duration = Duration::seconds(30);
/// How many unused tickets are remembered; beyond it the server says that it is busy.
const LIMIT: usize = 20_000;

/// A ticket for one connection to the live feed.
#[derive(Debug, Serialize, ToSchema)]
pub struct Ticket {
    /// Goes into the subprotocol `ticket.…`.
    pub ticket: String,
}

/// The tickets that have not been used yet. Only their hashes are kept.
#[derive(Debug, Default)]
pub struct Tickets(Mutex<HashMap<Hash, (SessionId, OffsetDateTime)>>);

impl Tickets {
    /// Remembers a new ticket. Returns false when there are too many.
    fn issue(&self, ticket: &str, session: SessionId, now: OffsetDateTime) -> bool {
        let mut tickets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if tickets.len() >= LIMIT {
            tickets.retain(|_, (_, expires)| *expires > now);
        }
        if tickets.len() >= LIMIT {
            return false;
        }
        tickets.insert(Hash::of(ticket.as_bytes()), (session, now + LIFE));
        true
    }

    /// Uses a ticket up. Returns whether it was good for this session.
    pub(crate) fn redeem(&self, ticket: Option<&str>, session: SessionId, now: OffsetDateTime) -> bool {
        let Some(ticket) = ticket else { return false };
        let mut tickets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = tickets.remove(&Hash::of(ticket.as_bytes()));
        found.is_some_and(|(owner, expires)| owner == session && expires > now)
    }
}

/// The ticket that a handshake offers among its subprotocols.
pub(crate) fn offered(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(header::SEC_WEBSOCKET_PROTOCOL)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .find_map(|protocol| protocol.trim().strip_prefix("ticket."))
}

/// Get a ticket for the live feed.
#[utoipa::path(
    post, path = "/api/live/ticket", operation_id = "live_ticket", tag = "live",
    responses(
        (status = 200, description = "Good for one connection within 30 seconds", body = Ticket),
        (status = 401, description = "Not logged in", body = crate::ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "`unknown_field`: there is nothing to say", body = crate::ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub async fn live_ticket(State(desk): State<Desk>, account: Account, _: NoBody) -> Result<Json<Ticket>, Problem> {
    let ticket = hex::encode(desk.chance.bytes::<32>());
    if desk.tickets.issue(&ticket, account.session, desk.now()) {
        Ok(Json(Ticket { ticket }))
    } else {
        Err(Problem::unavailable())
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn sr30_a_ticket_is_good_once_for_its_own_session_and_for_thirty_seconds() {
        let (mine, other) = (SessionId(Uuid::from_u128(1)), SessionId(Uuid::from_u128(2)));
        let now = datetime!(2026-11-20 00:00 UTC);
        let tickets = Tickets::default();
        assert!(tickets.issue("a", mine, now));
        assert!(tickets.redeem(Some("a"), mine, now));
        assert!(!tickets.redeem(Some("a"), mine, now), "used twice");
        tickets.issue("b", mine, now);
        assert!(!tickets.redeem(Some("b"), other, now), "stolen");
        tickets.issue("c", mine, now);
        assert!(!tickets.redeem(Some("c"), mine, now + LIFE), "late");
        assert!(!tickets.redeem(None, mine, now));
    }
}
