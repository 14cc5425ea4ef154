//! The web app, built into the program and served as static files.

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use desk::{Desk, Problem};
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
struct Dist;

/// Names with a content hash in them never change; everything else is asked for anew.
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const REVALIDATE: HeaderValue = HeaderValue::from_static("no-cache");

/// The app behind everything that is not the API: its files, and its one page for every address that people may open.
pub(crate) fn router() -> Router<Desk> {
    Router::new().fallback(serve)
}

async fn serve(request: Request) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    if path.starts_with("api/") || path.starts_with("files/") {
        return Problem::not_found().into_response();
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "不支持此操作。").into_response();
    }
    let name = if path.is_empty() { "index.html" } else { path };
    match file(name, request.headers()) {
        Some(response) => response,
        // A file that is missing is missing; an address without an ending is a page of the app.
        None if name.rsplit('/').next().is_some_and(|last| last.contains('.')) => Problem::not_found().into_response(),
        None => file("index.html", request.headers()).unwrap_or_else(not_built),
    }
}

/// A file with its headers, in the smallest encoding that the caller understands.
fn file(name: &str, headers: &HeaderMap) -> Option<Response> {
    let plain = Dist::get(name)?;
    let etag = format!("\"{}\"", &hex(&plain.metadata.sha256_hash())[..32]);
    let cache = if name.starts_with("assets/") { IMMUTABLE } else { REVALIDATE };
    let matches = headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == etag.as_bytes());
    if matches {
        return Some((StatusCode::NOT_MODIFIED, [(header::CACHE_CONTROL, cache)]).into_response());
    }
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or("");
    let encoded = |coding: &'static str, ending: &str| -> Option<(EmbeddedFile, &'static str)> {
        let understood = accepted.split(',').any(|one| one.trim().split(';').next() == Some(coding));
        Dist::get(&format!("{name}{ending}")).filter(|_| understood).map(|file| (file, coding))
    };
    let (body, coding) = match encoded("br", ".br").or_else(|| encoded("gzip", ".gz")) {
        Some((file, coding)) => (file.data, Some(coding)),
        None => (plain.data, None),
    };
    let mut response = body.into_owned().into_response();
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type(name)));
    out.insert(header::CACHE_CONTROL, cache);
    out.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        out.insert(header::ETAG, etag);
    }
    if let Some(coding) = coding {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    Some(response)
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "wasm" => "application/wasm",
        _ => "application/octet-stream",
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn not_built() -> Response {
    (
        StatusCode::NOT_FOUND,
        "The web app has not been built into this program: run `make run`, or `npm run build` in web/.\n",
    )
        .into_response()
}
