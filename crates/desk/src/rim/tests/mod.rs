//! The rim, tried through a real router.

mod accept;
mod door;
mod faults;
mod headers;
mod logs;

use axum::routing::{get, post};
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;

use super::Json;
use crate::testkit::Kit;
use crate::{Config, Desk};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    text: String,
}

/// A few routes such as wings have.
fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .route("/", get(|| async { axum::response::Html("<p>") }))
        .route("/page", get(|| async { (axum::http::StatusCode::NOT_FOUND, "not built") }))
        .route("/api/hello", get(|| async { "hello" }))
        .route("/api/say", post(|Json(said): Json<Said>| async move { said.text }))
        .route("/api/panic", get(|| async { panic!("{}", "somebody's words") as &'static str }))
        .route("/api/slow", get(|| async { tokio::time::sleep(std::time::Duration::from_secs(60)).await }))
        .route("/api/things/{ticket}", get(|| async { "thing" }))
        .route("/files/{ticket}", get(|| async { "file" }))
        .merge(crate::health::routes())
}

async fn kit(set: impl FnOnce(&mut Config)) -> (Kit, axum::Router) {
    let kit = Kit::with(set).await;
    let app = kit.app(routes());
    (kit, app)
}
