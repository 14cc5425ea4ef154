use std::io;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use tracing::instrument::WithSubscriber;

use super::kit;
use crate::testkit::Kit;

/// Keeps what is logged.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl io::Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Kept {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

/// Everything that is logged, down to the finest level, while this runs.
async fn logged(work: impl Future<Output = ()>) -> String {
    let kept = Kept::default();
    let writer = kept.clone();
    work.with_subscriber(crate::logs::subscriber("trace", move || writer.clone())).await;
    kept.text()
}

#[tokio::test]
async fn sr29_the_log_has_no_ticket_query_cookie_token_or_words_of_a_caller() {
    let (kit, app) = kit(|_| {}).await;
    let text = logged(async {
        let mut who = kit.stranger(&app).with_cookie("__Host-weiting=CANARY1".to_owned());
        who.get("/api/things/CANARY2?phone=CANARY3").await;
        who.get("/api/CANARY4").await;
        who.post("/api/say?CANARY5", json!({"text": "CANARY6", "CANARY7": 1})).await;
        let file =
            Request::get("/files/CANARY8").header("host", "files.court.example").header("referer", "https://a/CANARY9");
        who.send(file, Body::empty()).await;
        kit.stranger(&app).with_bearer("CANARY10".to_owned()).get("/api/hello").await;
        let named = Request::get("/api/hello").header("x-request-id", "CANARY11");
        who.send(named, Body::empty()).await;
    })
    .await;
    assert!(text.contains("/api/things/{ticket}"), "the template is there: {text}");
    assert!(!text.contains("CANARY"), "{text}");
}

#[tokio::test]
async fn sr52_every_line_is_json_with_status_and_request() {
    let (kit, app) = kit(|_| {}).await;
    let text = logged(async {
        let request = Request::get("/api/hello").header("user-agent", "a\tb").header("host", "evil.example");
        kit.stranger(&app).send(request, Body::empty()).await;
    })
    .await;
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let answered = lines.iter().find(|line| line["message"] == "Request answered").expect("one line for the request");
    assert_eq!(answered["http.status"], 421);
    assert_eq!(answered["problem.code"], "wrong_host");
    assert_eq!(answered["span"]["http.route"], "/api/hello");
    assert_eq!(answered["span"]["request.id"].as_str().unwrap().len(), 32);
}

#[test]
fn sr52_control_characters_reach_the_log_encoded() {
    let kept = Kept::default();
    let writer = kept.clone();
    tracing::subscriber::with_default(crate::logs::subscriber("info", move || writer.clone()), || {
        tracing::info!(name = "a\nb\u{1b}[2J\u{202e}c", "A line\r\nforged");
    });
    let text = kept.text();
    assert_eq!(text.lines().count(), 1, "{text}");
    assert!(!text.chars().any(|char| char.is_control() && char != '\n') && !text.contains('\u{202e}'), "{text:?}");
    let line: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(line["name"], "a\nb\u{1b}[2J\u{202e}c");
}

#[test]
fn sr52_a_panic_is_logged_with_its_place_and_without_words_put_together() {
    let kept = Kept::default();
    let writer = kept.clone();
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(crate::logs::log_panic));
    tracing::subscriber::with_default(crate::logs::subscriber("info", move || writer.clone()), || {
        let word = Kit::ORIGIN;
        std::panic::catch_unwind(|| panic!("CANARY {word}")).unwrap_err();
        std::panic::catch_unwind(|| panic!("a literal")).unwrap_err();
    });
    std::panic::set_hook(before);
    let text = kept.text();
    assert!(!text.contains("CANARY"), "{text}");
    assert!(text.contains("a literal") && text.contains("tests/logs.rs"), "{text}");
}
