//! What the adapter sends is what the vendor takes, and what the vendor answers is what the adapter understands.

use axum::http::StatusCode;
use bytes::Bytes;
use connect::simulator::{Counts, Misbehaviour};
use connect::sms::{LimitWindow, SmsDelivery, SmsFailure, SmsPort};

use crate::kit::*;

fn rejected(code: &str) -> Result<connect::sms::SmsReceipt, SmsFailure> {
    Err(SmsFailure::Rejected { code: code.to_owned() })
}

fn limited(window: LimitWindow) -> Result<connect::sms::SmsReceipt, SmsFailure> {
    Err(SmsFailure::Limit { window })
}

fn is_unavailable<T>(answer: &Result<T, SmsFailure>) -> bool {
    matches!(answer, Err(SmsFailure::Unavailable { .. }))
}

#[tokio::test]
async fn a_code_arrives_in_the_inbox() {
    let trial = Trial::new().await;
    let receipt = trial.send().await.expect("a receipt");
    assert!(!receipt.id.is_empty() && !receipt.request.is_empty());
    let messages = trial.state.messages(Some(WANG));
    assert_eq!(messages.len(), 1);
    assert_eq!(messages[0].text, "【微庭】您的登录验证码为123456，5分钟内有效，请勿告诉他人。");
    assert_eq!(trial.state.newest_code(WANG).as_deref(), Some("123456"));
    assert_eq!(trial.sms.delivery(&receipt, WANG, trial.clock.now()).await, Ok(SmsDelivery::Delivered));
}

#[tokio::test]
async fn a_notice_keeps_its_characters_through_signing() {
    let trial = Trial::new().await;
    trial.sms.send(notice(WANG)).await.expect("a receipt");
    let messages = trial.state.messages(None);
    assert!(messages[0].text.contains("证据交换将于11月23日 14:00 & \"稍后\"开始"), "{}", messages[0].text);
    assert_eq!(messages[0].code, None);
}

#[tokio::test]
async fn a_wrong_secret_is_refused() {
    let trial = Trial::new().await;
    let wrong = trial.adapter(|settings| settings.access_key_secret.push('x'));
    assert_eq!(wrong.send(login_code(WANG, "1")).await, rejected("SignatureDoesNotMatch"));
    let unknown = trial.adapter(|settings| settings.access_key_id.push('x'));
    assert_eq!(unknown.send(login_code(WANG, "1")).await, rejected("InvalidAccessKeyId.NotFound"));
    assert!(trial.state.messages(None).is_empty());
}

#[tokio::test]
async fn a_stale_date_is_refused_in_both_directions() {
    let trial = Trial::new().await;
    for seconds in [901, -901] {
        trial.misbehave(Misbehaviour::ClockSkew { seconds });
        assert_eq!(trial.send().await, rejected("InvalidTimeStamp.Expired"), "{seconds} s");
    }
    trial.misbehave(Misbehaviour::ClockSkew { seconds: 899 });
    assert!(trial.send().await.is_ok());
}

/// Signs rightly, then changes something on the way.
async fn tampered(
    trial: &Trial,
    query: &str,
    body: &'static [u8],
    change: impl FnOnce(&mut http::HeaderMap),
) -> (StatusCode, String) {
    let params =
        [("PhoneNumbers", WANG), ("SignName", "微庭"), ("TemplateCode", "SMS_1"), ("TemplateParam", r#"{"code":"1"}"#)];
    let params = params.into();
    let host = trial.address.to_string();
    let canonical = connect::aliyun::Canonical {
        method: "POST",
        path: "/",
        query: &params,
        host: &host,
        action: "SendSms",
        version: connect::aliyun::VERSION,
        body: b"",
    };
    let signature = connect::aliyun::sign(&canonical, KEY, SECRET, trial.clock.now(), "one nonce");
    let query = if query.is_empty() { canonical.query_string() } else { query.to_owned() };
    let mut request = http::Request::post(format!("http://{host}/?{query}"));
    for (name, value) in &signature.headers {
        request = request.header(*name, value);
    }
    let mut request = request.body(Bytes::from_static(body)).expect("a request");
    change(request.headers_mut());
    let answer = outbound_to("127.0.0.1", trial.address.port(), true).send(request).await.expect("an answer");
    let value: serde_json::Value = serde_json::from_slice(answer.body()).expect("JSON");
    (answer.status(), value["Code"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn what_was_tampered_with_is_refused() {
    let trial = Trial::new().await;
    let other = "PhoneNumbers=13900000002&SignName=%E5%BE%AE%E5%BA%AD&TemplateCode=SMS_1&TemplateParam=%7B%22code%22%3A%221%22%7D";
    let refused = (StatusCode::BAD_REQUEST, "SignatureDoesNotMatch".to_owned());
    assert_eq!(tampered(&trial, other, b"", |_| ()).await, refused, "another number");
    assert_eq!(tampered(&trial, "", b"PhoneNumbers=13900000002", |_| ()).await, refused, "a body");
    let date = tampered(&trial, "", b"", |headers| {
        headers.insert("x-acs-date", "2026-11-23T06:00:01Z".parse().expect("a header"));
    });
    assert_eq!(date.await, refused, "another date");
    assert!(trial.state.messages(None).is_empty());
    assert_eq!(tampered(&trial, "", b"", |_| ()).await, (StatusCode::OK, "OK".to_owned()), "untouched");
    let again = (StatusCode::BAD_REQUEST, "SignatureNonceUsed".to_owned());
    assert_eq!(tampered(&trial, "", b"", |_| ()).await, again, "replayed");
}

#[tokio::test]
async fn the_vendors_refusals_are_told_by_code() {
    let trial = Trial::new().await;
    assert_eq!(trial.sms.send(login_code("12345", "1")).await, rejected("isv.MOBILE_NUMBER_ILLEGAL"));
    let other_sign = trial.adapter(|settings| settings.sign_name = "没有".to_owned());
    assert_eq!(other_sign.send(login_code(WANG, "1")).await, rejected("isv.SMS_SIGNATURE_ILLEGAL"));
    let other_template = trial.adapter(|settings| settings.login_code = "SMS_9".to_owned());
    assert_eq!(other_template.send(login_code(WANG, "1")).await, rejected("isv.SMS_TEMPLATE_ILLEGAL"));
    let mut empty = login_code(WANG, "1");
    empty.params.clear();
    assert_eq!(trial.sms.send(empty).await, rejected("isv.TEMPLATE_MISSING_PARAMETERS"));
    trial.misbehave(Misbehaviour::NumberOff);
    assert_eq!(trial.send().await, rejected("isv.MOBILE_NUMBER_ILLEGAL"));
    trial.misbehave(Misbehaviour::SignatureError);
    assert_eq!(trial.send().await, rejected("SignatureDoesNotMatch"));
}

#[tokio::test]
async fn sr04_a_thousand_tries_at_once_send_one_code() {
    let trial = Trial::new().await;
    for attempt in 0..1_000 {
        let answer = trial.send().await;
        assert_eq!(answer.is_ok(), attempt == 0, "attempt {attempt}: {answer:?}");
    }
    assert_eq!(trial.state.counts(), Counts { requests: 1_000, sent: 1, limited: 999, refused: 0 });
}

#[tokio::test]
async fn sr04_a_thousand_tries_over_a_day_send_ten_codes() {
    let trial = Trial::new().await;
    let mut sent = Vec::new();
    for minute in 0..1_000 {
        match trial.send().await {
            Ok(_) => sent.push(minute),
            Err(SmsFailure::Limit { .. }) => {}
            Err(other) => panic!("minute {minute}: {other}"),
        }
        trial.clock.pass(60);
    }
    assert_eq!(sent, [0, 1, 2, 3, 4, 60, 61, 62, 63, 64]);
    assert_eq!(trial.send().await, limited(LimitWindow::Day));
    trial.clock.pass(24 * 3600);
    assert!(trial.send().await.is_ok(), "another day");
}

#[tokio::test]
async fn sr04_limits_say_their_span_and_hold_for_each_number() {
    let trial = Trial::new().await;
    assert!(trial.send().await.is_ok());
    assert_eq!(trial.send().await, limited(LimitWindow::Minute));
    assert!(trial.sms.send(login_code("13900000002", "1")).await.is_ok(), "another number");
    for _ in 0..4 {
        trial.clock.pass(60);
        assert!(trial.send().await.is_ok());
    }
    trial.clock.pass(60);
    assert_eq!(trial.send().await, limited(LimitWindow::Hour));
    assert!(trial.sms.send(notice(WANG)).await.is_ok(), "a notice is not a code");
    trial.misbehave(Misbehaviour::Limit);
    assert_eq!(trial.sms.send(notice(WANG)).await, limited(LimitWindow::Day));
}

#[tokio::test]
async fn sr04_forty_codes_a_day_for_a_number_over_all_signatures() {
    let trial = Trial::new().await;
    let mut sent = 0;
    for sign in ["微庭", "二", "三", "四", "五"] {
        let court = trial.adapter(|settings| settings.sign_name = sign.to_owned());
        for _ in 0..10 {
            sent += u32::from(court.send(login_code(WANG, "1")).await.is_ok());
            trial.clock.pass(721);
        }
    }
    assert_eq!(sent, 40);
}

#[tokio::test]
async fn sr04_fifty_notices_a_day() {
    let trial = Trial::new().await;
    for _ in 0..50 {
        trial.sms.send(notice(WANG)).await.expect("a receipt");
    }
    assert_eq!(trial.sms.send(notice(WANG)).await, limited(LimitWindow::Day));
}

#[tokio::test]
async fn what_cannot_be_relied_on_is_unavailable() {
    let trial = Trial::new().await;
    for what in [
        Misbehaviour::Status { status: 500 },
        Misbehaviour::Status { status: 502 },
        Misbehaviour::Status { status: 503 },
        Misbehaviour::Garbage,
        Misbehaviour::Delay { millis: 10_000 },
    ] {
        trial.misbehave(what.clone());
        assert!(is_unavailable(&trial.send().await), "{what:?}");
    }
    assert!(trial.state.messages(None).is_empty());
    trial.misbehave(Misbehaviour::LostAnswer);
    assert!(is_unavailable(&trial.send().await));
    assert_eq!(trial.state.messages(None).len(), 1, "it was sent all the same");
}

#[tokio::test]
async fn a_vendor_that_is_not_there_is_unavailable() {
    let trial = Trial::new().await;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    drop(listener);
    let settings_of = |endpoint: String| trial.adapter(|settings| settings.endpoint = endpoint);
    // Not on the list either: the adapter's door leads to the simulator only.
    assert!(is_unavailable(&settings_of(format!("http://127.0.0.1:{port}")).send(login_code(WANG, "1")).await));
}

#[tokio::test]
async fn receipts_tell_what_became_of_a_message() {
    let trial = Trial::new().await;
    for (what, expected) in [
        (Misbehaviour::ReceiptLost, SmsDelivery::Waiting),
        (Misbehaviour::Undelivered, SmsDelivery::Failed { code: "UNDELIV".to_owned() }),
    ] {
        trial.misbehave(what);
        let receipt = trial.send().await.expect("a receipt");
        assert_eq!(trial.sms.delivery(&receipt, WANG, trial.clock.now()).await, Ok(expected));
        trial.clock.pass(61);
    }
    let unknown = connect::sms::SmsReceipt { id: "1^0".to_owned(), request: String::new() };
    assert_eq!(trial.sms.delivery(&unknown, WANG, trial.clock.now()).await, Ok(SmsDelivery::Waiting));
}

#[tokio::test]
async fn the_inbox_is_bounded() {
    let trial = Trial::new().await;
    for n in 0..510 {
        trial.sms.send(login_code(&format!("139{n:08}"), "1")).await.expect("a receipt");
    }
    let messages = trial.state.messages(None);
    assert_eq!(messages.len(), 500);
    assert_eq!(messages[0].phone, "13900000509");
}

#[test]
fn sr29_a_message_does_not_print_its_number_or_its_code() {
    let printed = format!("{:?}", login_code(WANG, "123456"));
    assert!(!printed.contains(WANG) && !printed.contains("123456"), "{printed}");
}
