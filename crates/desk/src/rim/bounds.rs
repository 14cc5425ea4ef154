//! How many requests are worked on at once, for how long, and how large they may be (SR-63).

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body_util::Limited;
use tokio::sync::Semaphore;
use tracing::warn;

use super::{carries_table, carries_upload};
use crate::Problem;

/// The largest body of a request, uploads apart, in bytes. The longest message (10,000 characters, escaped) needs 120 KB.
pub const BODY_LIMIT: usize = 256 * 1024;

/// The largest table that a program of the court may send, in bytes.
pub const TABLE_LIMIT: usize = papers::TABLE_BYTES;

/// The path of the live feed: a request that is answered at once and then stays open.
const LIVE: &str = "/api/live";

/// Takes a place for each request, or says at once that there is none. A queue would only make everybody wait.
pub(super) async fn places(State(places): State<Arc<Semaphore>>, request: Request, next: Next) -> Response {
    match places.try_acquire() {
        Ok(_place) => next.run(request).await,
        Err(_) => busy(),
    }
}

/// Ends a request that takes too long; its place is free again. An act on its way to the disk may still become durable, which is
/// why the client tries again with the same key.
pub(super) async fn time(State(limit): State<Duration>, request: Request, next: Next) -> Response {
    if carries_upload(&request) || request.uri().path() == LIVE {
        return next.run(request).await;
    }
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            warn!("A request took too long and was ended");
            busy()
        }
    }
}

/// Refuses a body that is announced to be too large, and stops reading one that turns out to be.
pub(super) async fn size(request: Request, next: Next) -> Response {
    if carries_upload(&request) {
        return next.run(request).await;
    }
    let limit = if carries_table(&request) { TABLE_LIMIT } else { BODY_LIMIT };
    let announced = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    if announced.and_then(|length| length.parse::<u64>().ok()).is_some_and(|length| length > limit as u64) {
        return too_large().into_response();
    }
    next.run(request.map(|body| Body::new(Limited::new(body, limit)))).await
}

/// The body is larger than [`BODY_LIMIT`].
pub(super) fn too_large() -> Problem {
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "提交的内容过大，请缩短后重试。")
}

fn busy() -> Response {
    Problem::unavailable().into_response()
}
