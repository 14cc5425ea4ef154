//! Whether the server lives, and whether it can take acts.

use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use store::StoreError;
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

/// Less than this share of a disk left, and somebody should look.
const ROOM: f64 = 0.10;
/// A clock that is this far behind what was signed has been set back.
const BEHIND: i64 = 60 * 1_000_000;

/// All is well.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    attention: Option<Attention>,
}

/// What somebody should look at. What exactly is wrong stands in the log of the program: anybody may ask here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Attention {
    /// The database takes no write.
    Database,
    /// Files cannot be kept or do not come back.
    Files,
    /// An act is not what was acknowledged; `weiting verify --all` names it.
    Log,
    /// What was acknowledged is missing or altered somewhere; the cases concerned are told.
    Records,
    /// The clock is behind the time of what was signed.
    Clock,
    /// A disk is nearly full.
    Disk,
}

/// Whether acts can be taken, and what is wrong.
#[derive(Clone, Copy, Debug, Default)]
struct Look {
    ready: bool,
    attention: Option<Attention>,
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

/// Can the server take acts? Not while its database or its files cannot be written, nor on a record that is not the one that was acknowledged, nor
/// while it stops.
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
        Some(attention) => Problem::unavailable().with("attention", serde_json::json!(attention)).into_response(),
        None => Problem::unavailable().into_response(),
    }
}

impl Seen {
    /// Whether database and files can be written, and the record is the one that was acknowledged. Those who ask at the same time share one look.
    async fn look(&self, desk: &Desk) -> Look {
        let mut seen = self.0.lock().await;
        if let Some((at, look)) = &*seen
            && at.elapsed() < FRESH
        {
            return *look;
        }
        let (ready, attention) = match wrong(desk).await {
            Ok(attention) => (true, attention),
            Err(attention) => (false, Some(attention)),
        };
        *seen = Some((Instant::now(), Look { ready, attention }));
        Look { ready, attention }
    }
}

/// What somebody should look at; as an error, what keeps the server from its work. The most serious comes first.
async fn wrong(desk: &Desk) -> Result<Option<Attention>, Attention> {
    in_time(Attention::Database, desk.store.ping()).await?;
    in_time(Attention::Files, desk.store.ping_blobs()).await?;
    match timeout(PATIENCE, desk.store.tree_trouble()).await.ok().and_then(Result::ok).flatten() {
        Some(trouble) if trouble.starts_with("fatal") => return Err(Attention::Log),
        Some(_) => return Ok(Some(Attention::Log)),
        None => {}
    }
    let incidents = timeout(PATIENCE, desk.store.count_open_incidents()).await.ok().and_then(Result::ok).unwrap_or(0);
    if incidents > 0 {
        return Ok(Some(Attention::Records));
    }
    let now = court::beijing::micros(desk.now());
    let signed = timeout(PATIENCE, desk.store.last_signed_at()).await.ok().and_then(Result::ok).flatten();
    if let Some(signed) = signed
        && signed > now + BEHIND
    {
        warn!(seconds = (signed - now) / 1_000_000, "The clock is behind the time of the last checkpoint");
        return Ok(Some(Attention::Clock));
    }
    let full = match desk.store.disk_left() {
        Ok(left) if left.share < ROOM => {
            warn!(share = left.share, bytes = left.bytes, "A disk is nearly full");
            true
        }
        Ok(_) => false,
        Err(error) => {
            warn!(%error, "A disk does not say how much is left");
            true
        }
    };
    Ok(full.then_some(Attention::Disk))
}

/// What is asked must answer, and soon.
async fn in_time(what: Attention, asked: impl Future<Output = Result<(), StoreError>>) -> Result<(), Attention> {
    match timeout(PATIENCE, asked).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => {
            warn!(%error, ?what, "Not ready");
            Err(what)
        }
        Err(_) => {
            warn!(?what, "Not ready: there is no answer");
            Err(what)
        }
    }
}

#[cfg(test)]
mod tests {
    use record::Hash;
    use store::{CheckpointRow, EpochRow, Growth};

    use crate::testkit::Kit;

    async fn ready(kit: &Kit) -> (u16, Option<String>) {
        let app = kit.app(super::routes());
        let answer = kit.stranger(&app).get("/readyz").await;
        (answer.status.as_u16(), answer.json()["attention"].as_str().map(str::to_owned))
    }

    #[tokio::test]
    async fn a_court_whose_files_cannot_be_kept_is_not_ready() {
        let kit = Kit::new().await;
        assert_eq!(ready(&kit).await.0, 200);
        // Where the probe is kept there is a folder with something in it: no file can take its place.
        let blobs = kit.folder().join("blobs");
        std::fs::remove_file(blobs.join("readiness")).expect("the probe of before");
        std::fs::create_dir_all(blobs.join("readiness/full")).expect("a folder");
        assert_eq!(ready(&kit).await, (503, Some("files".to_owned())));
        std::fs::remove_dir_all(blobs.join("readiness")).expect("the folder of before");
        assert_eq!(ready(&kit).await.0, 200, "and is again when they can");
    }

    #[tokio::test]
    async fn f15_a_clock_that_was_set_back_is_noticed() {
        let kit = Kit::new().await;
        let key = "court+1+AQ".to_owned();
        let epoch =
            EpochRow { epoch: 1, origin: "court".to_owned(), key, begun_at: kit.micros(), reason: String::new() };
        kit.desk.store.begin_tree_epoch(&epoch).await.expect("a log");
        let checkpoint =
            CheckpointRow { epoch: 1, size: 0, root: Hash([0; 32]), at: kit.micros(), note: String::new() };
        let growth = Growth { leaves: Vec::new(), tiles: Vec::new(), checkpoint };
        kit.desk.store.grow_tree(&growth).await.expect("a checkpoint");
        assert_ne!(ready(&kit).await.1.as_deref(), Some("clock"));
        kit.clock.advance(-time::Duration::hours(1));
        assert_eq!(
            ready(&kit).await,
            (200, Some("clock".to_owned())),
            "acts are numbered, and go on; somebody should look"
        );
    }
}
