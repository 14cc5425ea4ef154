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
    /// What somebody should look at, though the server can work.
    #[serde(skip_serializing_if = "Option::is_none")]
    attention: Option<String>,
}

/// Whether acts can be taken, and what is wrong.
#[derive(Clone, Debug, Default)]
struct Look {
    ready: bool,
    attention: Option<String>,
}

/// What the last look at the database found, and when.
#[derive(Default)]
struct Seen(Mutex<Option<(Instant, Look)>>);

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
    Json(Health { status: "ok", attention: None })
}

/// Can the server take acts? Not while its database cannot be written, nor on a record that is not the one that was acknowledged, nor while it stops.
#[utoipa::path(
    get, path = "/readyz", operation_id = "readyz", tag = "server",
    responses(
        (status = 200, description = "It can", body = Health),
        (status = 503, description = "It cannot now", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
async fn readyz(State(desk): State<Desk>, Extension(seen): Extension<Arc<Seen>>) -> Response {
    let look = seen.look(&desk).await;
    match look.attention {
        attention if look.ready && !desk.shutdown.is_cancelled() => {
            Json(Health { status: "ready", attention }).into_response()
        }
        Some(attention) => Problem::unavailable().with("attention", attention).into_response(),
        None => Problem::unavailable().into_response(),
    }
}

impl Seen {
    /// Whether the database can be written and holds what was acknowledged. Those who ask at the same time share one look.
    async fn look(&self, desk: &Desk) -> Look {
        let mut seen = self.0.lock().await;
        if let Some((at, look)) = &*seen
            && at.elapsed() < FRESH
        {
            return look.clone();
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
        let attention = match ready {
            true => timeout(PATIENCE, desk.store.tree_trouble()).await.ok().and_then(Result::ok).flatten(),
            false => None,
        };
        // Anybody may ask: what exactly is wrong stands in the log and in `weiting verify --all`.
        let fatal = attention.as_ref().is_some_and(|what| what.starts_with("fatal"));
        let incidents = match ready && attention.is_none() {
            true => timeout(PATIENCE, desk.store.count_open_incidents()).await.ok().and_then(Result::ok).unwrap_or(0),
            false => 0,
        };
        let attention = attention.map(|_| "log").or((incidents > 0).then_some("records"));
        let look = Look { ready: ready && !fatal, attention: attention.map(str::to_owned) };
        *seen = Some((Instant::now(), look.clone()));
        look
    }
}
