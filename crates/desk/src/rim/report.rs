//! Where browsers report what the content security policy stopped (SR-25).

use axum::body::Body;
use axum::http::StatusCode;
use http_body_util::{BodyExt, Limited};
use serde::Deserialize;
use tracing::warn;

/// The path that the policy names. It is no operation of the API: it reads nothing and keeps nothing.
pub(super) const PATH: &str = "/api/csp-report";
/// The largest report that is read, in bytes.
const LIMIT: usize = 16 * 1024;
/// How much of a value is logged, in characters.
const VALUE: usize = 120;

/// What browsers send (CSP level 2, 4.4).
#[derive(Deserialize)]
struct Envelope {
    #[serde(rename = "csp-report")]
    report: Report,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Report {
    #[serde(default)]
    effective_directive: String,
    #[serde(default)]
    violated_directive: String,
    #[serde(default)]
    blocked_uri: String,
}

/// Logs which directive stopped what, without paths and queries. Anybody can send anything here, so it is a hint and no more.
pub(super) async fn csp_report(body: Body) -> StatusCode {
    let Ok(body) = Limited::new(body, LIMIT).collect().await else { return StatusCode::NO_CONTENT };
    if let Ok(Envelope { report }) = serde_json::from_slice(&body.to_bytes()) {
        let directive =
            if report.effective_directive.is_empty() { report.violated_directive } else { report.effective_directive };
        warn!(
            csp.directive = short(&directive),
            csp.blocked = short(origin(&report.blocked_uri)),
            "Stopped by the content policy"
        );
    }
    StatusCode::NO_CONTENT
}

/// Scheme and host of a URI; other values are words such as `inline`.
fn origin(uri: &str) -> &str {
    match uri.find("://") {
        Some(scheme) => uri[scheme + 3..].find(['/', '?', '#']).map_or(uri, |end| &uri[..scheme + 3 + end]),
        None => uri.split([':', '?', '#']).next().unwrap_or_default(),
    }
}

fn short(text: &str) -> String {
    text.chars().take(VALUE).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sr29_a_report_is_logged_without_path_and_query() {
        assert_eq!(origin("https://evil.example/a?b=c"), "https://evil.example");
        assert_eq!(origin("https://evil.example"), "https://evil.example");
        assert_eq!(origin("https://evil.example?token=c"), "https://evil.example");
        assert_eq!(origin("data:text/html,secret"), "data");
        assert_eq!(origin("inline"), "inline");
    }
}
