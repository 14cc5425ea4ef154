use axum::body::Body;
use axum::http::{Method, Request};
use serde_json::json;

use super::kit;
use crate::testkit::{Answer, Kit};

/// Answers of every sort: data, a page, a file, no such route, no such method, a panic, a refusal at the door, bad JSON, health.
async fn answers() -> Vec<(&'static str, Answer)> {
    let (kit, app) = kit(|_| {}).await;
    let mut who = kit.stranger(&app);
    let files = Request::get("/files/abc").header("host", "files.court.example");
    let foreign = Request::get("/").header("host", "evil.example");
    vec![
        ("data", who.get("/api/hello").await),
        ("page", who.get("/").await),
        ("file", who.send(files, Body::empty()).await),
        ("no route", who.get("/api/nothing").await),
        ("no method", who.write(Method::DELETE, "/api/hello", &[], json!({})).await),
        ("panic", who.get("/api/panic").await),
        ("host", who.send(foreign, Body::empty()).await),
        ("origin", who.write(Method::POST, "/api/say", &[("sec-fetch-site", "cross-site")], json!({})).await),
        ("json", who.post("/api/say", json!([])).await),
        ("health", who.get("/healthz").await),
        (
            "preflight",
            who.send(Request::options("/api/say").header("origin", "https://evil.example"), Body::empty()).await,
        ),
    ]
}

#[tokio::test]
async fn sr25_every_answer_has_the_security_headers() {
    for (name, answer) in answers().await {
        let csp = answer.header("content-security-policy");
        assert!(csp.contains("default-src 'none'") && csp.contains("frame-ancestors 'none'"), "{name}: {csp}");
        assert!(csp.contains("base-uri 'none'"), "{name}: {csp}");
        assert!(!csp.contains("unsafe-inline") && !csp.contains("unsafe-eval"), "{name}: {csp}");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{name}");
        assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin", "{name}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{name}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{name}");
        assert!(answer.header("permissions-policy").contains("geolocation=(self)"), "{name}");
        let hsts = answer.header("strict-transport-security");
        let age: u64 = hsts.strip_prefix("max-age=").unwrap().split(';').next().unwrap().parse().unwrap();
        assert!(age >= 365 * 24 * 3600, "{name}: {hsts}");
        assert_eq!(answer.header("access-control-allow-origin"), "", "{name}");
        assert!(!answer.header("x-request-id").is_empty(), "{name}");
    }
}

#[tokio::test]
async fn sr25_the_app_may_load_its_own_things_and_the_files_origin() {
    let (kit, app) = kit(|_| {}).await;
    let answer = kit.stranger(&app).get("/").await;
    let csp: Vec<_> = answer.header("content-security-policy").split("; ").map(str::to_owned).collect();
    for directive in [
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob: data: https://files.court.example",
        "media-src 'self' blob: https://files.court.example",
        "connect-src 'self' wss://court.example",
        "worker-src 'self'",
        "manifest-src 'self'",
        "font-src 'self'",
        "form-action 'self'",
        "object-src 'none'",
        "report-uri /api/csp-report",
    ] {
        assert!(csp.iter().any(|one| one == directive), "{directive} is missing in {csp:?}");
    }
}

#[tokio::test]
async fn sr25_without_tls_there_is_no_promise_of_tls() {
    let (kit, app) = kit(|config| {
        config.origin = "http://127.0.0.1:8080".to_owned();
        config.files_origin = "http://localhost:8080".to_owned();
    })
    .await;
    let request = Request::get("/api/hello").header("host", "127.0.0.1:8080");
    let answer = kit.stranger(&app).send(request, Body::empty()).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("strict-transport-security"), "");
    assert!(answer.header("content-security-policy").contains("connect-src 'self' ws://127.0.0.1:8080"));
}

#[tokio::test]
async fn sr28_no_cache_keeps_an_answer_of_the_api() {
    for (name, answer) in answers().await {
        assert!(answer.header("cache-control").contains("no-store"), "{name}");
    }
}

#[tokio::test]
async fn sr25_a_report_is_taken_in_either_form_and_too_long_ones_are_dropped() {
    let (kit, app) = kit(|_| {}).await;
    let mut who = kit.stranger(&app);
    for body in [r#"{"csp-report":{"violated-directive":"script-src","blocked-uri":"inline"}}"#, "nonsense"] {
        let request = Request::post("/api/csp-report")
            .header("content-type", "application/csp-report")
            .header("origin", Kit::ORIGIN);
        assert_eq!(who.send(request, Body::from(body)).await.status, 204);
    }
}
