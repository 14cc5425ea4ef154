//! What this server can do.

use axum::http::{HeaderMap, HeaderValue, StatusCode};

use super::{LENGTH_LIMIT, tus};

/// Say what the upload protocol offers here (tus 1.0).
#[utoipa::path(
    options, path = "/api/uploads", operation_id = "upload_options", tag = "uploads",
    responses((
        status = 204, description = "Versions, extensions and the largest size",
        headers(
            ("Tus-Version" = String, description = "1.0.0"),
            ("Tus-Extension" = String, description = "creation,expiration,termination"),
            ("Tus-Max-Size" = u64, description = "Bytes"),
        )
    ))
)]
pub(super) async fn upload_options() -> (StatusCode, HeaderMap) {
    let mut headers = HeaderMap::new();
    headers.insert(tus::VERSION, tus::SPOKEN);
    headers.insert(tus::EXTENSION, HeaderValue::from_static("creation,expiration,termination"));
    headers.insert(tus::MAX_SIZE, HeaderValue::from(LENGTH_LIMIT));
    (StatusCode::NO_CONTENT, headers)
}
