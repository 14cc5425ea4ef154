//! The rim of the server: what every request passes, whatever it asks for.
//!
//! [`serve`] accepts connections and bounds them; [`rim()`] wraps the routes. Handlers take their input through [`Json`], [`Path`],
//! [`Query`] and [`IdempotencyKey`], so that every refusal is a [`Problem`](crate::Problem) with a stable code.

mod accept;
mod bounds;
mod door;
mod extract;
mod headers;
mod json;
mod report;
#[cfg(test)]
mod tests;
mod trace;
mod wire;

use std::any::Any;
use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use tokio::sync::Semaphore;
use tower_http::catch_panic::CatchPanicLayer;

pub use accept::{Limits, serve};
pub use bounds::{BODY_LIMIT, TABLE_LIMIT};
pub use extract::{IdempotencyKey, Path, Query};
pub use json::{Json, NoBody, Table};

use crate::{Desk, Problem};

/// Wraps the routes of a server in what every request passes, from the outside in:
///
/// 1. `trace`: a request id, one log line; a problem's `instance`; whatever error a library made becomes a problem.
/// 2. `headers`: the security headers, on every answer.
/// 3. a panic becomes `internal`, and the process lives (SR-57).
/// 4. `door`: the host is ours, the page that asks is ours, what is written is JSON (SR-27).
/// 5. `bounds`: how many requests at once, how long, how large (SR-63).
pub fn rim(desk: &Desk, routes: Router) -> Router {
    let places = Arc::new(Semaphore::new(desk.config.concurrency));
    routes
        .route(report::PATH, post(report::csp_report))
        // The layer that is added last is met first.
        .layer(from_fn(bounds::size))
        .layer(from_fn_with_state(desk.config.request_timeout, bounds::time))
        .layer(from_fn_with_state(places, bounds::places))
        .layer(from_fn_with_state(desk.clone(), door::check))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(Arc::new(headers::Headers::new(&desk.config)), headers::add))
        .layer(from_fn_with_state(desk.clone(), trace::trace))
}

/// What a caller is told of a panic: nothing. The panic hook has logged it.
fn panicked(_: Box<dyn Any + Send>) -> Response {
    Problem::internal().into_response()
}

/// Whether this request carries the bytes of an upload: it may be long, large and slow.
fn carries_upload(request: &axum::extract::Request) -> bool {
    request.method() == axum::http::Method::PATCH && request.uri().path().starts_with("/api/uploads/")
}

/// Whether this request carries a table of cases: it may be larger than a message, and is no JSON perhaps. Only programs with a token of
/// their own come in there, which no page of another site can send.
fn carries_table(request: &axum::extract::Request) -> bool {
    request.method() == axum::http::Method::POST && request.uri().path() == "/api/import"
}

/// Whether the path belongs to the API rather than to the app's own files.
fn is_api(path: &str) -> bool {
    path.starts_with("/api/")
}
