use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, Request};
use serde_json::json;

use super::kit;
use crate::rim::BODY_LIMIT;

#[tokio::test]
async fn sr57_a_panic_becomes_a_problem_without_internals_and_the_process_lives() {
    let (kit, app) = kit(|_| {}).await;
    let mut who = kit.stranger(&app);
    let answer = who.get("/api/panic").await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (500, "internal"));
    assert_eq!(answer.header("content-type"), "application/problem+json");
    let body = String::from_utf8(answer.body.to_vec()).unwrap();
    assert!(!body.contains("somebody's words") && !body.contains(".rs"), "{body}");
    assert_eq!(who.get("/api/hello").await.status, 200);
}

#[tokio::test]
async fn sr57_every_error_is_a_problem_that_names_its_request() {
    let (kit, app) = kit(|_| {}).await;
    let mut who = kit.stranger(&app);
    let errors = [
        (who.get("/api/nothing").await, 404, "not_found"),
        (who.write(Method::PUT, "/api/say", &[], json!({})).await, 405, "method_not_allowed"),
        (who.get("/api/panic").await, 500, "internal"),
        (who.post("/api/say", json!({})).await, 422, "malformed"),
    ];
    for (answer, status, code) in errors {
        let problem = answer.json();
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (status, code));
        assert_eq!(answer.header("content-type"), "application/problem+json", "{code}");
        assert_eq!(problem["type"], "about:blank", "{code}");
        assert_eq!(problem["status"], status, "{code}");
        assert_eq!(problem["instance"], answer.header("x-request-id"), "{code}");
        assert!(problem["detail"].as_str().unwrap().chars().any(|char| ('一'..='龥').contains(&char)), "{code}");
        let length = answer.header("content-length");
        assert!(length.is_empty() || length == answer.body.len().to_string(), "{code}");
    }
    assert_eq!(who.get("/page").await.body, "not built", "a page has its own words");
    assert_eq!(
        who.write(Method::PUT, "/api/say", &[], json!({})).await.header("allow"),
        "POST",
        "what the library knows is kept"
    );
}

#[tokio::test]
async fn sr52_the_callers_request_id_is_not_taken() {
    let (kit, app) = kit(|_| {}).await;
    let answer =
        kit.stranger(&app).send(Request::get("/api/hello").header("x-request-id", "mine"), Body::empty()).await;
    assert_ne!(answer.header("x-request-id"), "mine");
}

#[tokio::test]
async fn sr63_a_request_that_takes_too_long_is_ended() {
    let (kit, app) = kit(|config| config.request_timeout = Duration::from_millis(50)).await;
    let answer = kit.stranger(&app).get("/api/slow").await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (503, "unavailable"));
    assert!(!answer.header("retry-after").is_empty());
}

#[tokio::test]
async fn sr63_too_many_requests_at_once_are_told_to_come_back() {
    let (kit, app) = kit(|config| config.concurrency = 3).await;
    let slow: Vec<_> = (0..3)
        .map(|_| {
            let mut who = kit.stranger(&app);
            tokio::spawn(async move { who.get("/api/slow").await })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(50)).await;
    let answer = kit.stranger(&app).get("/api/hello").await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (503, "unavailable"));
    assert_eq!(answer.header("retry-after"), "1");
    slow.iter().for_each(tokio::task::JoinHandle::abort);
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(kit.stranger(&app).get("/api/hello").await.status, 200, "a place that is given up is free");
}

#[tokio::test]
async fn sr63_a_body_that_is_too_large_is_not_read() {
    let (kit, app) = kit(|_| {}).await;
    let mut who = kit.stranger(&app);
    let announced = Request::post("/api/say")
        .header("content-type", "application/json")
        .header("content-length", (BODY_LIMIT + 1).to_string());
    let answer = who.send(announced, Body::empty()).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (413, "too_large"));
    let endless =
        futures_util::stream::repeat_with(|| Ok::<_, std::io::Error>(bytes::Bytes::from_static(&[b' '; 8192])));
    let unannounced =
        Request::post("/api/say").header("content-type", "application/json").header("transfer-encoding", "chunked");
    let answer = who.send(unannounced, Body::from_stream(endless)).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (413, "too_large"));
    let fits = json!({"text": "a".repeat(BODY_LIMIT - 20)});
    assert_eq!(who.post("/api/say", fits).await.status, 200);
}
