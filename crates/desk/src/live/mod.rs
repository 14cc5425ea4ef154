//! The live feed: every open socket of a member who may see an act gets it, in record order.
//!
//! A socket pulls: it is woken when something happened in a room it watches, looks how far it has got, and reads what is missing from
//! the room's memory or, when it has fallen behind, from the store. So nothing is queued for a slow reader and nothing is lost to it;
//! who does not read at all is closed and comes back with `after`.

mod frames;
mod socket;
mod tally;
mod ticket;

pub use frames::{ClientFrame, ServerFrame, Watch};
pub use tally::InboxCounts;
pub use ticket::{Tickets, live_ticket};

use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::asking::SessionKind;
use crate::{Account, Desk, Problem};

/// The name of the protocol that browsers and programs speak here.
pub(crate) const PROTOCOL: &str = "weiting.v1";

/// Largest frame that a client may send, in bytes.
const FRAME_LIMIT: usize = 64 * 1024;

/// The live feed's routes.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(live)).routes(routes!(ticket::live_ticket))
}

/// Open the live feed (WebSocket).
///
/// A browser first gets a ticket and names it as a subprotocol beside `weiting.v1`; a program sends its bearer token. The client says
/// which rooms it watches and from which act on ([`ClientFrame`]); the server answers with acts, presence and heads ([`ServerFrame`]).
#[utoipa::path(
    get, path = "/api/live", operation_id = "live", tag = "live",
    responses(
        (status = 101, description = "The feed is open; frames are `ClientFrame` and `ServerFrame`"),
        (status = 401, description = "Not logged in, or no valid ticket", body = crate::ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "Another site asked", body = crate::ProblemDocument, content_type = "application/problem+json"),
    )
)]
async fn live(
    State(desk): State<Desk>,
    account: Account,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Result<Response, Problem> {
    // A page of another site can open a WebSocket with our cookie, so a browser must prove that it is our own page: by its exact
    // origin and by a ticket that only our own page could fetch (SR-30).
    if account.kind == SessionKind::Browser {
        let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
        if origin != Some(desk.config.origin.as_str()) {
            return Err(Problem::new(StatusCode::FORBIDDEN, "wrong_origin", "请从微法庭页面访问。"));
        }
        if !desk.tickets.redeem(ticket::offered(&headers), account.session, desk.now()) {
            return Err(Problem::new(
                StatusCode::UNAUTHORIZED,
                "ticket_invalid",
                "连接凭证无效或已使用，正在重新连接。",
            ));
        }
    }
    // Small buffers: thousands of sockets are idle most of the time.
    let upgrade = upgrade
        .protocols([PROTOCOL])
        .read_buffer_size(4096)
        .write_buffer_size(0)
        .max_write_buffer_size(1024 * 1024)
        .max_message_size(FRAME_LIMIT)
        .max_frame_size(FRAME_LIMIT);
    Ok(upgrade.on_upgrade(move |socket| socket::run(desk, account, socket)))
}
