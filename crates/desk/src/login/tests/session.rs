//! SR-07: sessions.

use axum::body::Body;
use axum::http::Request;
use court::Role;
use serde_json::json;
use time::Duration;

use super::{PHONE, ask, court, enter};
use crate::testkit::{Caller, Kit};

/// Logs in by SMS.
async fn log_in(kit: &Kit, who: &mut Caller, nth: usize) -> crate::testkit::Answer {
    ask(who, PHONE).await;
    let code = kit.sms.nth_code_for(PHONE, nth).await;
    let answer = enter(who, PHONE, &code).await;
    assert_eq!(answer.status, 200);
    answer
}

#[tokio::test]
async fn sr07_the_cookie_is_as_strict_as_cookies_can_be() {
    let (kit, app, _) = court().await;
    let answer = log_in(&kit, &mut kit.stranger(&app), 1).await;
    let cookie = answer.header("set-cookie");
    let (pair, attributes) = cookie.split_once("; ").unwrap();
    assert_eq!(attributes, "Path=/; Max-Age=604800; HttpOnly; SameSite=Lax; Secure");
    let token = pair.strip_prefix("__Host-weiting=").expect("the prefix that only our own host can set");
    assert_eq!(token.len(), 43, "256 bits in base64url");
    assert!(!String::from_utf8_lossy(&answer.body).contains(token));
}

#[tokio::test]
async fn sr07_on_plain_http_of_this_machine_the_cookie_has_its_plain_name() {
    let kit = Kit::with(|config| {
        config.origin = "http://127.0.0.1:8080".to_owned();
        config.files_origin = "http://localhost:8080".to_owned();
    })
    .await;
    kit.person("王明", PHONE).await;
    let app = kit.app(super::super::routes());
    let mut who = kit.stranger(&app);
    let request = |path: &str| {
        Request::post(path)
            .header("host", "127.0.0.1:8080")
            .header("content-type", "application/json")
            .header("origin", "http://127.0.0.1:8080")
    };
    who.send(request("/api/login/code"), Body::from(json!({"phone": PHONE}).to_string())).await;
    let body = json!({"phone": PHONE, "code": kit.sms.code_for(PHONE).await});
    let answer = who.send(request("/api/login"), Body::from(body.to_string())).await;
    assert!(answer.header("set-cookie").starts_with("weiting="), "{}", answer.header("set-cookie"));
    assert!(!answer.header("set-cookie").contains("Secure"));
}

#[tokio::test]
async fn sr07_the_token_is_stored_as_its_hash_alone() {
    let (kit, app, _) = court().await;
    let mut who = kit.stranger(&app);
    log_in(&kit, &mut who, 1).await;
    let token = who.cookie().unwrap().split_once('=').unwrap().1.to_owned();
    let mut found = 0;
    for file in std::fs::read_dir(kit.folder()).unwrap() {
        let Ok(bytes) = std::fs::read(file.unwrap().path()) else { continue };
        assert!(!bytes.windows(token.len()).any(|window| window == token.as_bytes()), "the token is in the database");
        let hash = record::Hash::of(token.as_bytes()).0;
        found += usize::from(bytes.windows(32).any(|window| window == hash));
    }
    assert!(found > 0, "its hash is");
}

#[tokio::test]
async fn sr07_logging_in_again_ends_the_session_before() {
    let (kit, app, _) = court().await;
    let mut who = kit.stranger(&app);
    log_in(&kit, &mut who, 1).await;
    let mut old = who.clone();
    kit.clock.advance(Duration::minutes(1));
    log_in(&kit, &mut who, 2).await;
    assert_ne!(old.cookie(), who.cookie());
    assert_eq!(old.get("/api/me").await.code(), "not_logged_in");
    assert_eq!(who.get("/api/me").await.status, 200);
}

/// Waits until it is noted that the session was used now: that is written after the answer.
async fn use_noted(kit: &Kit, who: &Caller) {
    let token = who.cookie().unwrap().split_once('=').unwrap().1;
    let hash = record::Hash::of(token.as_bytes());
    for _ in 0..500 {
        let (session, _) = kit.desk.store.session_by_token(hash, kit.micros()).await.unwrap().expect("a session");
        if session.last_seen_at == kit.micros() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("the use of the session was not noted");
}

#[tokio::test]
async fn sr07_a_session_that_is_not_used_ends_after_twelve_hours() {
    let (kit, app, person) = court().await;
    let mut who = kit.caller(&app, person, Some(Role::Party)).await;
    kit.clock.advance(Duration::hours(12) - Duration::seconds(1));
    assert_eq!(who.get("/api/me").await.status, 200);
    use_noted(&kit, &who).await;
    kit.clock.advance(Duration::hours(12) - Duration::seconds(1));
    assert_eq!(who.get("/api/me").await.status, 200, "twelve hours count from the last use");
    use_noted(&kit, &who).await;
    kit.clock.advance(Duration::hours(12));
    assert_eq!(who.get("/api/me").await.code(), "not_logged_in");
}

#[tokio::test]
async fn sr07_a_session_ends_after_seven_days_however_much_it_is_used() {
    let (kit, app, person) = court().await;
    let mut who = kit.caller(&app, person, Some(Role::Party)).await;
    for hours in (6..7 * 24).step_by(6) {
        kit.clock.advance(Duration::hours(6));
        assert_eq!(who.get("/api/me").await.status, 200, "{hours} h");
        use_noted(&kit, &who).await;
    }
    kit.clock.advance(Duration::hours(6));
    assert_eq!(who.get("/api/me").await.code(), "not_logged_in");
}

#[tokio::test]
async fn sr07_a_session_that_was_logged_out_is_over_with_the_next_request() {
    let (kit, app, person) = court().await;
    let mut who = kit.caller(&app, person, None).await;
    let mut thief = who.clone();
    let mut elsewhere = kit.caller(&app, person, None).await;
    let answer = who.post("/api/logout", json!({})).await;
    assert_eq!(answer.status, 204);
    assert_eq!(answer.header("set-cookie"), "__Host-weiting=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure");
    assert_eq!(thief.get("/api/me").await.code(), "not_logged_in");
    assert_eq!(elsewhere.get("/api/me").await.status, 200, "another device is not logged out");
    let mut program = kit.program(&app, person, None).await;
    assert_eq!(program.get("/api/me").await.status, 200);
    assert_eq!(elsewhere.clone().post("/api/logout/all", json!({})).await.status, 204);
    assert_eq!(elsewhere.get("/api/me").await.code(), "not_logged_in");
    assert_eq!(program.get("/api/me").await.code(), "not_logged_in");
}

#[tokio::test]
async fn sr07_a_token_is_shown_as_what_it_is() {
    let (kit, app, person) = court().await;
    let browser = kit.caller(&app, person, None).await;
    let token = browser.cookie().unwrap().split_once('=').unwrap().1.to_owned();
    let mut as_bearer = kit.stranger(&app).with_bearer(token.clone());
    assert_eq!(as_bearer.get("/api/me").await.code(), "not_logged_in", "a cookie's token in a header");
    let token_of_program =
        crate::program_token(&kit.desk.store, &*kit.desk.clock, &*kit.desk.chance, person, None).await.unwrap();
    let mut as_cookie = kit.stranger(&app).with_cookie(format!("__Host-weiting={token_of_program}"));
    assert_eq!(as_cookie.get("/api/me").await.code(), "not_logged_in", "a program's token in a cookie");
    assert_eq!(kit.stranger(&app).with_bearer(token_of_program).get("/api/me").await.status, 200);
    for cookie in [
        format!("__Host-weiting={token}; __Host-weiting={token}"),
        format!("weiting={token}"),
        "__Host-weiting=".to_owned(),
    ] {
        let mut who = kit.stranger(&app).with_cookie(cookie.clone());
        assert_eq!(who.get("/api/me").await.code(), "not_logged_in", "{cookie}");
    }
    for credentials in ["Basic YTpi", "Bearer", "Bearer ", "Bearer x y"] {
        let request = Request::get("/api/me").header("authorization", credentials);
        assert_eq!(browser.clone().send(request, Body::empty()).await.code(), "not_logged_in", "{credentials}");
    }
}

#[tokio::test]
async fn sr21_logging_out_says_nothing_and_takes_nothing() {
    let (kit, app, person) = court().await;
    let mut who = kit.caller(&app, person, None).await;
    assert_eq!(who.post("/api/logout", json!({"everywhere": true})).await.code(), "unknown_field");
    let bare = Request::post("/api/logout").header("origin", Kit::ORIGIN);
    assert_eq!(who.send(bare, Body::empty()).await.status, 204);
}
