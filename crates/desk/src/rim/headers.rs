//! The security headers that every answer carries (SR-25, SR-28).

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use super::{is_api, report};
use crate::Config;

const COOP: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const CORP: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");

/// Two years: what the browsers' preload list asks for, and above the year of SR-25.
const HSTS: &str = "max-age=63072000; includeSubDomains";
/// What an answer from the files' host may do unless its handler says otherwise: nothing.
const FILES_CSP: &str = "default-src 'none'; sandbox; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The headers of one court.
pub(super) struct Headers {
    csp: HeaderValue,
    hsts: Option<HeaderValue>,
}

impl Headers {
    /// The headers for these settings.
    pub(super) fn new(config: &Config) -> Headers {
        Headers {
            csp: HeaderValue::from_str(&csp(config)).expect("origins are checked when the settings are read"),
            hsts: config.secure().then(|| HeaderValue::from_static(HSTS)),
        }
    }
}

/// The app's content security policy: what its own origin serves and nothing else; photos and videos also from the files' origin, and
/// from memory (`blob:`) while they are being chosen. No inline script or style and no `eval`.
fn csp(config: &Config) -> String {
    let files = &config.files_origin;
    let live = config.origin.replacen("http", "ws", 1);
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "font-src 'self'",
        &format!("img-src 'self' blob: data: {files}"),
        &format!("media-src 'self' blob: {files}"),
        &format!("connect-src 'self' {live}"),
        "worker-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "object-src 'none'",
        &format!("report-uri {}", report::PATH),
    ]
    .join("; ")
}

/// Adds the headers. A handler of files may have set a stricter policy, or one that lets our own app embed them; those stay.
pub(super) async fn add(State(ours): State<Arc<Headers>>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let (api, file) = (is_api(path), path.starts_with("/files/"));
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let csp = if file { HeaderValue::from_static(FILES_CSP) } else { ours.csp.clone() };
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(csp);
    headers.entry(COOP).or_insert(HeaderValue::from_static("same-origin"));
    headers.entry(CORP).or_insert(HeaderValue::from_static("same-origin"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(
        PERMISSIONS,
        HeaderValue::from_static(
            "camera=(self), microphone=(self), geolocation=(self), payment=(), usb=(), browsing-topics=()",
        ),
    );
    if let Some(hsts) = &ours.hsts {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, hsts.clone());
    }
    let kept = headers.get(header::CACHE_CONTROL).and_then(|value| value.to_str().ok());
    // What belongs to a person is kept by no cache on the way; the app's own files say themselves how long they last.
    if kept.is_none_or(|kept| (api || file) && !kept.contains("no-store")) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}
