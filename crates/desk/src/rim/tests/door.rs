use axum::body::Body;
use axum::http::{Method, Request};
use serde_json::json;

use super::kit;
use crate::testkit::Kit;

#[tokio::test]
async fn sr27_only_our_own_page_may_write() {
    let (kit, app) = kit(|_| {}).await;
    let mut who = kit.stranger(&app);
    let origins = [
        (Some(Kit::ORIGIN), 200),
        (None, 200),
        (Some("null"), 403),
        (Some("https://evil.example"), 403),
        (Some("http://court.example"), 403),
        (Some("https://court.example:444"), 403),
        (Some("https://court.example.evil.example"), 403),
        (Some("https://files.court.example"), 403),
        (Some(""), 403),
    ];
    for (origin, status) in origins {
        let mut request = Request::post("/api/say").header("content-type", "application/json");
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        let answer = who.send(request, Body::from(r#"{"text":"a"}"#)).await;
        assert_eq!(answer.status, status, "{origin:?}");
        assert!(status == 200 || answer.code() == "wrong_origin", "{origin:?}");
    }
    for (site, status) in [("same-origin", 200), ("none", 200), ("same-site", 403), ("cross-site", 403)] {
        let request =
            Request::post("/api/say").header("content-type", "application/json").header("sec-fetch-site", site);
        assert_eq!(who.send(request, Body::from(r#"{"text":"a"}"#)).await.status, status, "{site}");
    }
    let twice = Request::post("/api/say")
        .header("content-type", "application/json")
        .header("origin", Kit::ORIGIN)
        .header("origin", "https://evil.example");
    assert_eq!(who.send(twice, Body::from(r#"{"text":"a"}"#)).await.status, 403);
}

#[tokio::test]
async fn sr27_a_socket_of_another_page_is_not_opened() {
    let (kit, app) = kit(|_| {}).await;
    let request = Request::get("/api/hello").header("upgrade", "websocket").header("origin", "https://evil.example");
    let answer = kit.stranger(&app).send(request, Body::empty()).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (403, "wrong_origin"));
    let request = Request::get("/api/hello").header("origin", "https://evil.example");
    assert_eq!(
        kit.stranger(&app).send(request, Body::empty()).await.status,
        200,
        "reading has no effect and no CORS header"
    );
}

#[tokio::test]
async fn sr27_what_is_written_is_json() {
    let (kit, app) = kit(|_| {}).await;
    let mut who = kit.stranger(&app);
    let kinds = [
        (Some("application/json"), 200),
        (Some("application/json; charset=utf-8"), 200),
        (Some("Application/JSON"), 200),
        (None, 415),
        (Some("text/plain"), 415),
        (Some("application/x-www-form-urlencoded"), 415),
        (Some("multipart/form-data; boundary=a"), 415),
        (Some("application/json-patch+json"), 415),
        (Some("text/plain; application/json"), 415),
    ];
    for (kind, status) in kinds {
        let mut request = Request::post("/api/say").header("content-length", "12");
        if let Some(kind) = kind {
            request = request.header("content-type", kind);
        }
        let answer = who.send(request, Body::from(r#"{"text":"a"}"#)).await;
        assert_eq!(answer.status, status, "{kind:?}");
        assert!(status == 200 || answer.code() == "json_only", "{kind:?}: {}", answer.code());
    }
    // Even to a handler that reads no body, a form cannot send one.
    let form =
        Request::delete("/api/hello").header("transfer-encoding", "chunked").header("content-type", "text/plain");
    assert_eq!(who.send(form, Body::from("a")).await.code(), "json_only");
}

#[tokio::test]
async fn sr27_only_our_own_hosts_are_answered() {
    let (kit, app) = kit(|_| {}).await;
    let mut who = kit.stranger(&app);
    let hosts = [
        ("court.example", 200),
        ("COURT.example:443", 200),
        ("court.example:8443", 421),
        ("evil.example", 421),
        ("court.example.evil.example", 421),
        ("127.0.0.1", 421),
        ("files.court.example", 404),
    ];
    for (host, status) in hosts {
        let answer = who.send(Request::get("/api/hello").header("host", host), Body::empty()).await;
        assert_eq!(answer.status, status, "{host}");
        assert!(status != 421 || answer.code() == "wrong_host");
    }
    let twice = Request::get("/api/hello").header("host", "court.example").header("host", "evil.example");
    assert_eq!(who.send(twice, Body::empty()).await.status, 421);
    let absolute = Request::get("http://evil.example/api/hello").header("host", "court.example");
    assert_eq!(who.send(absolute, Body::empty()).await.status, 421, "the target stands before the header");
    for path in ["/healthz", "/readyz"] {
        let answer = who.send(Request::get(path).header("host", "10.0.0.7:8080"), Body::empty()).await;
        assert_eq!(answer.status, 200, "{path}: a load balancer knows the machine by its address");
    }
}

#[tokio::test]
async fn sr24_files_have_a_host_of_their_own() {
    let (kit, app) = kit(|_| {}).await;
    let mut who = kit.stranger(&app);
    let on = |host: &str, path: &str| Request::get(path).header("host", host).header("accept", "text/html");
    assert_eq!(who.send(on("files.court.example", "/files/abc"), Body::empty()).await.status, 200);
    assert_eq!(who.send(on("court.example", "/files/abc"), Body::empty()).await.status, 404, "never beside the cookie");
    assert_eq!(who.send(on("files.court.example", "/api/hello"), Body::empty()).await.status, 404);
    let page = who.send(on("files.court.example", "/rooms/1?a=b"), Body::empty()).await;
    assert_eq!((page.status.as_u16(), page.header("location")), (307, "https://court.example/rooms/1?a=b"));
}

#[tokio::test]
async fn another_name_of_this_machine_leads_to_the_one_that_the_cookie_knows() {
    let (kit, app) = kit(|config| {
        config.origin = "http://127.0.0.1:8080".to_owned();
        config.files_origin = "http://127.0.0.1:8081".to_owned();
    })
    .await;
    let mut who = kit.stranger(&app);
    let page = |method: Method, path: &str| {
        Request::builder().method(method).uri(path).header("host", "localhost:8080").header("accept", "text/html")
    };
    let answer = who.send(page(Method::GET, "/login?back=%2F"), Body::empty()).await;
    assert_eq!((answer.status.as_u16(), answer.header("location")), (307, "http://127.0.0.1:8080/login?back=%2F"));
    assert_eq!(who.send(page(Method::GET, "/api/hello"), Body::empty()).await.code(), "wrong_host", "no page");
    assert_eq!(who.send(page(Method::POST, "/login"), Body::empty()).await.code(), "wrong_host");
    let slashes = who.send(page(Method::GET, "//evil.example/"), Body::empty()).await;
    assert_eq!(slashes.header("location"), "http://127.0.0.1:8080//evil.example/", "still our own origin");
}

#[tokio::test]
async fn sr21_a_field_that_nobody_asked_for_is_refused_by_name() {
    let (kit, app) = kit(|_| {}).await;
    let answer = kit.stranger(&app).post("/api/say", json!({"text": "a", "admin": true})).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (422, "unknown_field"));
    assert_eq!(answer.json()["field"], "admin");
    let answer = kit.stranger(&app).post("/api/say", json!({"text": 1})).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (422, "malformed"));
}
