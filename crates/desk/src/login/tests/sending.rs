//! SR-04: how often an SMS is sent, and the human check before it.

use std::net::IpAddr;

use serde_json::json;
use store::SendScope;
use time::Duration;

use super::{NOBODY, PHONE, ask, court, proof};
use crate::testkit::Kit;

fn address(last: u8) -> IpAddr {
    IpAddr::from([198, 51, 100, last])
}

/// Counts messages as sent, without the way over HTTP.
async fn seed(kit: &Kit, phone: &str, network: &str) {
    kit.desk.store.reserve_send(phone, network, kit.micros(), &[]).await.unwrap().unwrap();
}

#[tokio::test]
async fn sr04_a_thousand_tries_from_everywhere_send_ten_messages_a_day() {
    let (kit, app, _) = court().await;
    let mut sent = 0;
    for round in 0..1_000_u16 {
        let [high, low] = round.to_be_bytes();
        let mut who = kit.stranger(&app).from([10, 0, high, low].into());
        let answer = who.post("/api/login/code", json!({"phone": PHONE})).await;
        match answer.status.as_u16() {
            202 => sent += 1,
            428 | 429 => {}
            other => panic!("{other}: {}", answer.code()),
        }
        kit.clock.advance(Duration::seconds(86));
    }
    assert_eq!(sent, 10);
    kit.sms.nth_code_for(PHONE, sent).await;
    assert_eq!(kit.sms.messages().len(), sent);
}

#[tokio::test]
async fn sr04_a_number_gets_one_a_minute_and_five_an_hour_and_is_told_when_to_come_back() {
    let (kit, app, _) = court().await;
    let mut who = kit.stranger(&app);
    assert_eq!(ask(&mut who, PHONE).await.status, 202);
    let answer = ask(&mut who, PHONE).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (429, "sms_too_often"));
    assert_eq!(answer.header("retry-after"), "60");
    kit.clock.advance(Duration::seconds(59));
    assert_eq!(ask(&mut who, PHONE).await.header("retry-after"), "1");
    kit.clock.advance(Duration::seconds(1));
    assert_eq!(ask(&mut who, PHONE).await.status, 202);
    for _ in 0..3 {
        kit.clock.advance(Duration::minutes(1));
        seed(&kit, PHONE, "10.0.0.1").await;
    }
    kit.clock.advance(Duration::minutes(1));
    let answer = ask(&mut who, PHONE).await;
    assert_eq!(answer.code(), "sms_too_often", "five within the hour");
    assert_eq!(answer.header("retry-after"), "3300");
}

#[tokio::test]
async fn sr04_a_hundred_at_once_send_one() {
    let (kit, app, _) = court().await;
    let asking = (0..40).map(|last| {
        let mut who = kit.stranger(&app).from(address(last));
        async move { who.post("/api/login/code", json!({"phone": PHONE})).await.status.as_u16() }
    });
    let answers = futures_util::future::join_all(asking).await;
    assert_eq!(answers.iter().filter(|status| **status == 202).count(), 1, "{answers:?}");
}

#[tokio::test]
async fn sr04_an_address_gets_twenty_an_hour() {
    let (kit, app, _) = court().await;
    for last in 0..19 {
        seed(&kit, &format!("138000000{last:02}"), "198.51.100.1").await;
    }
    let mut who = kit.stranger(&app).from(address(1));
    assert_eq!(ask(&mut who, PHONE).await.status, 202, "the twentieth");
    assert_eq!(ask(&mut who, NOBODY).await.code(), "sms_too_often");
    let mut other = kit.stranger(&app).from(address(2));
    assert_eq!(ask(&mut other, NOBODY).await.status, 202);
}

#[tokio::test]
async fn sr04_whoever_is_logged_in_signs_behind_an_address_that_many_share() {
    let (kit, app, person) = court().await;
    for last in 0..20 {
        seed(&kit, &format!("138000000{last:02}"), "198.51.100.1").await;
    }
    let mut signer = kit.caller(&app, person, Some(court::Role::Party)).await.from(address(1));
    let document = record::Hash([7; 32]);
    let what = json!({"purpose": "signature.confirm", "room": uuid::Uuid::nil(), "document": document});
    assert_eq!(signer.post("/api/step-up/code", what.clone()).await.status, 202);
    assert_eq!(
        signer.post("/api/step-up/code", what).await.code(),
        "sms_too_often",
        "a number gets one a minute all the same"
    );
    let mut stranger = kit.stranger(&app).from(address(1));
    assert_eq!(ask(&mut stranger, NOBODY).await.code(), "sms_too_often", "who has not shown who they are waits");
}

#[tokio::test]
async fn sr04_a_court_sends_two_thousand_an_hour() {
    let (kit, app, _) = court().await;
    for number in 0..1_999 {
        seed(&kit, &format!("1380000{number:04}"), &format!("10.1.{}.{}", number / 250, number % 250)).await;
    }
    assert_eq!(ask(&mut kit.stranger(&app).from(address(1)), PHONE).await.status, 202);
    assert_eq!(ask(&mut kit.stranger(&app).from(address(2)), NOBODY).await.code(), "sms_too_often");
    kit.clock.advance(Duration::hours(1));
    assert_eq!(ask(&mut kit.stranger(&app).from(address(2)), NOBODY).await.status, 202);
}

#[tokio::test]
async fn sr04_the_human_check_comes_first() {
    let (kit, app, _) = court().await;
    let mut who = kit.stranger(&app);
    for last in 0..3 {
        let answer = who.post("/api/login/code", json!({"phone": format!("1380000000{last}")})).await;
        assert_eq!(answer.status, 202, "the first three of an address are free");
    }
    let body = json!({"phone": PHONE});
    let answer = who.post("/api/login/code", body).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (428, "human_check_required"));
    assert_eq!(answer.json()["bits"], 18);
    let good = json!({"phone": PHONE, "proof": proof(&answer)});
    let elsewhere = json!({"phone": NOBODY, "proof": good["proof"]});
    assert_eq!(who.post("/api/login/code", elsewhere).await.status, 428, "for another number");
    let mut other = kit.stranger(&app).from(address(1));
    for last in 3..6 {
        other.post("/api/login/code", json!({"phone": format!("1380000000{last}")})).await;
    }
    assert_eq!(other.post("/api/login/code", good.clone()).await.status, 428, "from another address");
    assert_eq!(who.post("/api/login/code", good.clone()).await.status, 202);
    kit.clock.advance(Duration::minutes(1));
    assert_eq!(who.post("/api/login/code", good).await.status, 428, "a second time");
    let answer = who.post("/api/login/code", json!({"phone": PHONE})).await;
    let late = json!({"phone": PHONE, "proof": proof(&answer)});
    kit.clock.advance(Duration::minutes(5));
    assert_eq!(who.post("/api/login/code", late).await.status, 428, "late");
    let lazy = json!({"phone": PHONE, "proof": {"challenge": answer.json()["challenge"], "nonce": "0"}});
    assert_eq!(who.post("/api/login/code", lazy).await.status, 428, "without the work");
}

#[tokio::test]
async fn sr04_a_number_that_is_asked_for_often_needs_the_human_check_from_anywhere() {
    let (kit, app, _) = court().await;
    for last in 0..2 {
        let mut who = kit.stranger(&app).from(address(last));
        assert_eq!(who.post("/api/login/code", json!({"phone": PHONE})).await.status, 202);
        kit.clock.advance(Duration::minutes(1));
    }
    let mut who = kit.stranger(&app).from(address(2));
    assert_eq!(who.post("/api/login/code", json!({"phone": PHONE})).await.status, 428);
    kit.clock.advance(Duration::hours(1));
    assert_eq!(
        who.post("/api/login/code", json!({"phone": PHONE})).await.status,
        202,
        "an hour later nothing is left of it"
    );
}

#[tokio::test]
async fn sr55_numbers_are_forgotten_when_nothing_counts_them_any_more() {
    let (kit, app, _) = court().await;
    ask(&mut kit.stranger(&app), PHONE).await;
    let sends = async || kit.desk.store.sends_since(SendScope::Phone, PHONE, 0).await.unwrap();
    kit.clock.advance(Duration::hours(24));
    super::super::forget_codes(kit.desk.clone()).await.unwrap();
    assert_eq!(sends().await, 1, "a day later it may still count");
    kit.clock.advance(Duration::hours(2));
    super::super::forget_codes(kit.desk.clone()).await.unwrap();
    assert_eq!(sends().await, 0);
}

#[tokio::test]
async fn f21_a_provider_that_is_down_changes_nothing_for_the_caller() {
    let (kit, app, _) = court().await;
    kit.sms.fail(true);
    let mut who = kit.stranger(&app);
    assert_eq!(ask(&mut who, PHONE).await.status, 202);
    // The message is sent after the answer.
    while kit.sms.failed() == 0 {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    kit.sms.fail(false);
    kit.clock.advance(Duration::minutes(1));
    assert_eq!(ask(&mut who, PHONE).await.status, 202);
    let code = kit.sms.code_for(PHONE).await;
    assert_eq!(super::enter(&mut who, PHONE, &code).await.status, 200);
}
