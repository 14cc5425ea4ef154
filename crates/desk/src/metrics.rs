//! What is measured, and the page on which it can be read.
//!
//! The page is served by a listener of its own that only the operator reaches. Labels are codes, never ids or people.

use std::time::Instant;

use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use metrics::{Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::{Desk, uploads, worker};

/// Seconds from a request to its durable act.
const ACK: &str = "act_ack_seconds";
/// Durable acts, by kind.
const ACTS: &str = "acts_total";
/// Open live sockets.
const SOCKETS: &str = "ws_sockets";
/// Live sockets that were closed, by reason.
const DROPPED: &str = "ws_dropped_total";
/// Refused requests, by code.
const DENIED: &str = "authz_denied_total";
/// Age of the oldest job that is due.
const OUTBOX: &str = "outbox_oldest_seconds";
/// Jobs that were given up.
const GIVEN_UP: &str = "jobs_given_up";

/// Bounds of the histogram of acknowledgements, in seconds: from a fast disk to the request timeout.
const ACK_BUCKETS: [f64; 13] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// Measures from now on and serves the operator's page on this listener, which only the operator reaches, until `shutdown`.
pub async fn serve_admin(listener: TcpListener, desk: Desk, shutdown: CancellationToken) {
    let handle = match start() {
        Ok(handle) => handle,
        Err(error) => return warn!(%error, "Nothing is measured"),
    };
    let served = axum::serve(listener, admin(handle, desk)).with_graceful_shutdown(shutdown.cancelled_owned()).await;
    if let Err(error) = served {
        warn!(%error, "The operator's page is gone");
    }
}

/// Starts to measure. Until then, what is measured goes nowhere.
///
/// # Errors
/// When it has been called before.
pub fn start() -> Result<PrometheusHandle, BuildError> {
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Full(ACK.to_owned()), &ACK_BUCKETS)?
        .install_recorder()?;
    describe();
    Ok(handle)
}

/// The operator's page: `/metrics`. For a listener that only the operator reaches.
pub fn admin(handle: PrometheusHandle, desk: Desk) -> Router {
    Router::new().route("/metrics", get(page)).with_state((handle, desk))
}

async fn page(State((handle, desk)): State<(PrometheusHandle, Desk)>) -> impl IntoResponse {
    let now = court::beijing::micros(desk.now());
    // Asked for when somebody looks: an age that was noted earlier would stand still when the jobs do.
    if let Ok(oldest) = desk.store.oldest_due_job(now).await {
        outbox_oldest(oldest.map_or(0.0, |due| (now - due) as f64 / 1e6));
    }
    if let Ok(given_up) = desk.store.count_given_up_jobs().await {
        jobs_given_up(given_up);
    }
    handle.run_upkeep();
    (
        [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8"), (header::CACHE_CONTROL, "no-store")],
        handle.render(),
    )
}

fn describe() {
    describe_histogram!(ACK, Unit::Seconds, "From a request to its durable act");
    describe_counter!(ACTS, "Durable acts, by kind");
    describe_gauge!(SOCKETS, "Open live sockets");
    describe_counter!(DROPPED, "Live sockets that were closed, by reason");
    describe_counter!(DENIED, "Refused requests, by code");
    describe_gauge!(OUTBOX, Unit::Seconds, "Age of the oldest job that is due");
    describe_gauge!(GIVEN_UP, "Jobs that were given up; `weiting jobs` lists them");
    describe_counter!(uploads::SCANNED, "Files that were looked through for viruses, by outcome");
    describe_histogram!(worker::WORKED, Unit::Seconds, "What a worker took, by task and outcome");
}

/// Measures from now until it is dropped.
#[must_use]
pub(crate) struct AckTimer(Instant);

/// Measures how long an act takes from here until it is durable or refused.
pub(crate) fn ack_timer() -> AckTimer {
    AckTimer(Instant::now())
}

impl Drop for AckTimer {
    fn drop(&mut self) {
        histogram!(ACK).record(self.0.elapsed());
    }
}

/// Counts a durable act.
pub(crate) fn act(kind: &'static str) {
    counter!(ACTS, "kind" => kind).increment(1);
}

/// Counts an open socket until it is dropped.
#[must_use]
pub(crate) struct OpenSocket(());

/// Counts a live socket as open.
pub(crate) fn socket() -> OpenSocket {
    gauge!(SOCKETS).increment(1.0);
    OpenSocket(())
}

impl Drop for OpenSocket {
    fn drop(&mut self) {
        gauge!(SOCKETS).decrement(1.0);
    }
}

/// Counts a closed live socket.
pub(crate) fn socket_closed(reason: &'static str) {
    counter!(DROPPED, "reason" => reason).increment(1);
}

/// Counts a refusal.
pub(crate) fn denied(code: &'static str) {
    counter!(DENIED, "code" => code).increment(1);
}

/// Notes how many jobs were given up.
fn jobs_given_up(jobs: u64) {
    gauge!(GIVEN_UP).set(jobs as f64);
}

/// Notes how long the oldest due job has been waiting.
fn outbox_oldest(seconds: f64) {
    gauge!(OUTBOX).set(seconds);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_measured_can_be_read() {
        let recorder = PrometheusBuilder::new().build_recorder();
        let handle = recorder.handle();
        metrics::with_local_recorder(&recorder, || {
            describe();
            act("speech.text");
            denied("no_role");
            let open = socket();
            let other = socket();
            drop(open);
            socket_closed("slow");
            outbox_oldest(2.5);
            jobs_given_up(3);
            drop(ack_timer());
            std::mem::forget(other);
        });
        let page = handle.render();
        for line in [
            "acts_total{kind=\"speech.text\"} 1",
            "authz_denied_total{code=\"no_role\"} 1",
            "ws_sockets 1",
            "ws_dropped_total{reason=\"slow\"} 1",
            "outbox_oldest_seconds 2.5",
            "jobs_given_up 3",
        ] {
            assert!(page.contains(line), "{line} is missing in\n{page}");
        }
        assert!(page.contains("act_ack_seconds_count 1"), "{page}");
    }
}
