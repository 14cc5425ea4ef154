//! Whether the server lives, and whether it can take acts.

use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};
use tracing::warn;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::rim::Json;
use crate::{Desk, Problem, ProblemDocument};

/// How long one look at the database is good for: anybody may ask, and each look costs a write.
const FRESH: Duration = Duration::from_secs(1);
/// A database that takes longer than this to answer is not ready.
const PATIENCE: Duration = Duration::from_secs(2);

/// All is well.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    status: &'static str,
}

/// What the last look at the database found, and when.
#[derive(Default)]
struct Seen(Mutex<Option<(Instant, bool)>>);

/// The routes that say how the server is.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(healthz)).routes(routes!(readyz)).layer(Extension(Arc::new(Seen::default())))
}

/// Does the server live?
#[utoipa::path(
    get, path = "/healthz", operation_id = "healthz", tag = "server",
    responses((status = 200, description = "It lives", body = Health))
)]
async fn healthz() -> Json<Health> {
    Json(Health { status: "ok" })
}

/// Can the server take acts? Not while its database cannot be written, nor while it stops.
#[utoipa::path(
    get, path = "/readyz", operation_id = "readyz", tag = "server",
    responses(
        (status = 200, description = "It can", body = Health),
        (status = 503, description = "It cannot now", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
async fn readyz(State(desk): State<Desk>, Extension(seen): Extension<Arc<Seen>>) -> Response {
    if !desk.shutdown.is_cancelled() && seen.look(&desk).await {
        Json(Health { status: "ready" }).into_response()
    } else {
        Problem::unavailable().into_response()
    }
}

impl Seen {
    /// Whether the database can be written. Those who ask at the same time share one look.
    async fn look(&self, desk: &Desk) -> bool {
        let mut seen = self.0.lock().await;
        if let Some((at, ready)) = *seen
            && at.elapsed() < FRESH
        {
            return ready;
        }
        let ready = match timeout(PATIENCE, desk.store.ping()).await {
            Ok(Ok(())) => true,
            Ok(Err(error)) => {
                warn!(%error, "Not ready");
                false
            }
            Err(_) => {
                warn!("Not ready: the database does not answer");
                false
            }
        };
        *seen = Some((Instant::now(), ready));
        ready
    }
}
