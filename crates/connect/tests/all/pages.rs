//! The inbox page, its JSON and the control interface, as a browser or a test meets them.

use bytes::Bytes;
use connect::simulator::Misbehaviour;
use connect::sms::SmsPort;
use serde_json::{Value, json};

use crate::kit::*;

async fn call(trial: &Trial, method: &str, path: &str, body: Option<Value>) -> http::Response<Bytes> {
    let mut request = http::Request::builder().method(method).uri(format!("http://{}{path}", trial.address));
    if body.is_some() {
        request = request.header("content-type", "application/json");
    }
    let body = body.map_or_else(Bytes::new, |value| Bytes::from(value.to_string()));
    let outbound = outbound_to("127.0.0.1", trial.address.port(), true);
    outbound.send(request.body(body).expect("a request")).await.expect("an answer")
}

#[tokio::test]
async fn the_page_shows_the_newest_code_large_and_whose_it_is() {
    let trial = Trial::new().await;
    trial.state.label(WANG, "王某（原告）");
    trial.send().await.expect("a receipt");
    let page = call(&trial, "GET", "/inbox", None).await;
    let policy = page.headers()["content-security-policy"].to_str().expect("a header");
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"));
    let html = String::from_utf8_lossy(page.body());
    assert!(
        html.contains("lang=\"zh-CN\"") && html.contains("<output>123456</output>") && html.contains("王某（原告）"),
        "{html}"
    );
    for asset in ["/inbox.css", "/inbox.js"] {
        assert_eq!(call(&trial, "GET", asset, None).await.status(), 200, "{asset}");
    }
}

#[tokio::test]
async fn the_json_can_be_asked_for_one_number() {
    let trial = Trial::new().await;
    trial.send().await.expect("a receipt");
    trial.sms.send(login_code("13900000002", "654321")).await.expect("a receipt");
    let answer = call(&trial, "GET", "/inbox.json?phone=13900000002", None).await;
    let messages: Value = serde_json::from_slice(answer.body()).expect("JSON");
    assert_eq!(messages.as_array().map(Vec::len), Some(1));
    assert_eq!(messages[0]["code"], "654321");
    assert_eq!(messages[0]["at"], "2026-11-23T06:00:00Z");
    assert_eq!(messages[0]["delivery"], "delivered");
}

#[tokio::test]
async fn misbehaviour_can_be_ordered_over_http() {
    let trial = Trial::new().await;
    let orders = json!({
        "misbehave": [{"kind": "status", "status": 503, "times": 2}, {"kind": "clock_skew", "seconds": 3600}],
        "people": [{"phone": WANG, "name": "王某"}],
    });
    let shown = call(&trial, "POST", "/__control", Some(orders)).await;
    let shown: Value = serde_json::from_slice(shown.body()).expect("JSON");
    assert_eq!(shown["pending"][0], json!({"times": 2, "kind": "status", "status": 503}));
    assert_eq!(shown["pending"][1]["times"], 1);
    for _ in 0..3 {
        assert!(trial.send().await.is_err());
    }
    assert!(trial.send().await.is_ok());
    let shown: Value = serde_json::from_slice(call(&trial, "GET", "/__control", None).await.body()).expect("JSON");
    assert_eq!(shown["counts"], json!({"requests": 4, "sent": 1, "limited": 0, "refused": 3}));
    assert_eq!(trial.state.messages(None)[0].person.as_deref(), Some("王某"));
}

#[tokio::test]
async fn a_reset_forgets_texts_and_orders() {
    let trial = Trial::new().await;
    trial.send().await.expect("a receipt");
    trial.misbehave(Misbehaviour::Garbage);
    assert_eq!(call(&trial, "DELETE", "/__control", None).await.status(), 204);
    assert!(trial.state.messages(None).is_empty());
    assert!(trial.send().await.is_ok());
}

#[tokio::test]
async fn an_unknown_order_is_refused() {
    let trial = Trial::new().await;
    for wrong in [json!({"misbehave": [{"kind": "explode"}]}), json!({"unknown": 1})] {
        assert_eq!(call(&trial, "POST", "/__control", Some(wrong)).await.status(), 422);
    }
}
