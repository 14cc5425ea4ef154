//! What the adapter asks is what the vendor takes; what telephones do is what the adapter reads in the vendor's receipts.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration as Pause;

use axum::Router;
use axum::routing::post;
use bytes::Bytes;
use connect::aliyun::{Account, AliyunPhone, AliyunPhoneSettings};
use connect::phone::{Bind, CallEvent, CallReport, PhoneFailure, PhonePort, Release, ReportRefused};
use connect::simulator::{Misbehaviour, Order, SimulatedPool, SimulatorSettings, SimulatorState, simulator};
use serde_json::{Value, json};
use time::Duration;

use crate::kit::*;

const JUDGE: &str = "13900000101";
const PARTY: &str = "13900000102";
const OTHER: &str = "13900000103";
const CALLBACK_KEY: &str = "a-key-that-nobody-guesses";

/// A vendor with a few numbers, a court that hears its receipts, and time that the test moves.
struct Exchange {
    state: SimulatorState,
    clock: MovableClock,
    address: SocketAddr,
    phone: AliyunPhone,
    heard: Arc<Mutex<Vec<Bytes>>>,
}

impl Exchange {
    async fn with(numbers: &[&str]) -> Exchange {
        Exchange::answering(numbers, 0).await
    }

    /// The court's end answers the first receipts with 503.
    async fn answering(numbers: &[&str], deaf: usize) -> Exchange {
        let (clock, heard) = (MovableClock::default(), Arc::new(Mutex::new(Vec::new())));
        let (hears, left) = (heard.clone(), Arc::new(Mutex::new(deaf)));
        let hook = post(async move |body: Bytes| {
            let mut left = left.lock().expect("a lock");
            if *left > 0 {
                *left -= 1;
                return (http::StatusCode::SERVICE_UNAVAILABLE, String::new());
            }
            hears.lock().expect("a lock").push(body);
            (http::StatusCode::OK, json!({"code": 0, "msg": "接收成功"}).to_string())
        });
        let court = serve(Router::new().route("/hook", hook)).await;
        let settings = SimulatorSettings {
            access_key_id: KEY.to_owned(),
            access_key_secret: SECRET.to_owned(),
            sign_names: Vec::new(),
            templates: Vec::new(),
            pool: Some(SimulatedPool {
                id: "FC1".to_owned(),
                numbers: numbers.iter().map(|number| (*number).to_owned()).collect(),
                callback: format!("http://{court}/hook"),
                again_after: [20, 40, 80].map(Pause::from_millis).to_vec(),
            }),
        };
        let state = SimulatorState::new(settings, clock.function());
        let address = serve(simulator(state.clone())).await;
        let phone = adapter(address, &clock, |_, _| ());
        Exchange { state, clock, address, phone, heard }
    }

    fn misbehave(&self, what: Misbehaviour) {
        self.state.misbehave(Order { times: 1, what });
    }

    /// Presses a key of a telephone; status and what it shows then.
    async fn press(&self, phone: &str, key: &str, number: &str) -> (u16, Value) {
        let body = json!({"phone": phone, "key": key, "number": number}).to_string();
        let request = http::Request::post(format!("http://{}/handset.json", self.address));
        let request = request.header("content-type", "application/json").body(Bytes::from(body)).expect("a request");
        let answer = outbound_to("127.0.0.1", self.address.port(), true).send(request).await.expect("an answer");
        (answer.status().as_u16(), serde_json::from_slice(answer.body()).unwrap_or(Value::Null))
    }

    async fn shows(&self, phone: &str) -> Value {
        let request = http::Request::get(format!("http://{}/handset.json?phone={phone}", self.address));
        let outbound = outbound_to("127.0.0.1", self.address.port(), true);
        let answer = outbound.send(request.body(Bytes::new()).expect("a request")).await.expect("an answer");
        serde_json::from_slice(answer.body()).expect("JSON")
    }

    /// What the court has been told, once there are so many receipts.
    async fn told(&self, count: usize) -> Vec<CallReport> {
        for _ in 0..1_000 {
            let heard = self.heard.lock().expect("a lock").clone();
            if heard.len() >= count {
                let read = |body: &Bytes| self.phone.reports(CALLBACK_KEY, body).expect("receipts");
                return heard.iter().flat_map(read).collect();
            }
            tokio::time::sleep(Pause::from_millis(5)).await;
        }
        panic!("fewer than {count} receipts came");
    }
}

fn adapter(
    address: SocketAddr,
    clock: &MovableClock,
    change: impl FnOnce(&mut Account, &mut AliyunPhoneSettings),
) -> AliyunPhone {
    let mut account = Account {
        endpoint: format!("http://{address}"),
        access_key_id: KEY.to_owned(),
        access_key_secret: SECRET.to_owned(),
        outbound: outbound_to("127.0.0.1", address.port(), true),
        clock: clock.function(),
        chance: nonces(),
    };
    let mut settings = AliyunPhoneSettings {
        pool: "FC1".to_owned(),
        area: "21".to_owned(),
        announcements: "1,2,3".to_owned(),
        callback_key: CALLBACK_KEY.to_owned(),
    };
    change(&mut account, &mut settings);
    AliyunPhone::new(account, settings)
}

fn wish(request: &str, b: &str) -> Bind {
    Bind { request: request.to_owned(), a: JUDGE.to_owned(), b: b.to_owned(), lasts: Duration::minutes(10) }
}

fn kinds(reports: &[CallReport]) -> Vec<&'static str> {
    let kind = |report: &CallReport| match report.event {
        CallEvent::Dialled => "dialled",
        CallEvent::Ringing { .. } => "ringing",
        CallEvent::Answered { .. } => "answered",
        CallEvent::Ended { .. } => "ended",
    };
    reports.iter().map(kind).collect()
}

#[tokio::test]
async fn a_call_from_dialling_to_hanging_up() {
    let exchange = Exchange::with(&["02100000001"]).await;
    let binding = exchange.phone.bind(&wish("call-1", PARTY)).await.expect("a number");
    assert_eq!(binding.number, "02100000001");
    assert_eq!(exchange.shows(JUDGE).await["leads"], "02100000001");
    assert_eq!(exchange.shows(PARTY).await["leads"], Value::Null);
    // The callee cannot call back: the number leads one way.
    assert_eq!(exchange.press(PARTY, "dial", "02100000001").await.0, 404);
    assert_eq!(exchange.press(JUDGE, "dial", "021 0000 0001").await.1["state"], "dialling");
    let shown = exchange.shows(PARTY).await;
    assert_eq!((&shown["state"], &shown["number"]), (&json!("ringing"), &json!("02100000001")));
    exchange.clock.pass(4);
    exchange.press(PARTY, "answer", "").await;
    exchange.clock.pass(95);
    exchange.press(JUDGE, "hang_up", "").await;
    assert_eq!(exchange.shows(PARTY).await["seconds"], 95);
    let reports = exchange.told(4).await;
    assert_eq!(kinds(&reports), ["dialled", "ringing", "answered", "ended"]);
    assert!(reports.iter().all(|report| report.request == "call-1" && report.binding == binding.id));
    let end = exchange.clock.now();
    let answered = Some(end - Duration::seconds(95));
    assert_eq!(reports[3].event, CallEvent::Ended { answered, at: end, why: Release::HungUp });
}

#[tokio::test]
async fn a_refused_call_and_a_call_that_the_caller_gives_up() {
    let exchange = Exchange::with(&["02100000001"]).await;
    exchange.phone.bind(&wish("call-1", PARTY)).await.expect("a number");
    for (who, why) in [(PARTY, Release::Refused), (JUDGE, Release::HungUp)] {
        exchange.press(JUDGE, "dial", "02100000001").await;
        exchange.press(who, "hang_up", "").await;
        let count = if who == PARTY { 3 } else { 6 };
        let last = exchange.told(count).await.pop().expect("a report").event;
        assert!(matches!(last, CallEvent::Ended { answered: None, why: told, .. } if told == why), "{last:?}");
    }
}

#[tokio::test]
async fn the_same_wish_is_one_binding_also_when_the_answer_was_lost() {
    let exchange = Exchange::with(&["02100000001", "02100000002"]).await;
    exchange.misbehave(Misbehaviour::LostAnswer);
    let lost = exchange.phone.bind(&wish("call-1", PARTY)).await;
    assert!(matches!(lost, Err(PhoneFailure::Unavailable { .. })), "{lost:?}");
    let first = exchange.phone.bind(&wish("call-1", PARTY)).await.expect("a number");
    assert_eq!(exchange.phone.bind(&wish("call-1", PARTY)).await.expect("a number"), first);
    // A number never holds the same telephone twice: another wish of the same judge gets the other one.
    let second = exchange.phone.bind(&wish("call-2", OTHER)).await.expect("a number");
    assert_ne!(second.number, first.number);
    let none = exchange.phone.bind(&wish("call-3", "13900000104")).await;
    assert_eq!(none, Err(PhoneFailure::Busy { code: "isv.NO_AVAILABLE_NUMBER".to_owned() }));
    exchange.phone.unbind(&first.id).await.expect("given back");
    exchange.phone.unbind(&first.id).await.expect("given back once more");
    assert_eq!(exchange.phone.bind(&wish("call-3", "13900000104")).await.expect("a number").number, first.number);
}

#[tokio::test]
async fn a_number_ends_with_its_time_and_a_call_outlives_it() {
    let exchange = Exchange::with(&["02100000001"]).await;
    exchange.misbehave(Misbehaviour::BindingExpires);
    exchange.phone.bind(&wish("call-1", PARTY)).await.expect("a number");
    exchange.press(JUDGE, "dial", "02100000001").await;
    exchange.press(PARTY, "answer", "").await;
    assert_eq!(exchange.shows(JUDGE).await["leads"], Value::Null, "the number is gone in the middle of the call");
    exchange.clock.pass(7);
    assert_eq!(exchange.press(PARTY, "hang_up", "").await.1["seconds"], 7);
    assert_eq!(kinds(&exchange.told(4).await), ["dialled", "ringing", "answered", "ended"]);
    exchange.phone.bind(&wish("call-2", PARTY)).await.expect("a number");
    exchange.clock.pass(601);
    assert_eq!(exchange.press(JUDGE, "dial", "02100000001").await.0, 404);
}

#[tokio::test]
async fn receipts_come_twice_in_reverse_late_or_never() {
    let exchange = Exchange::answering(&["02100000001"], 1).await;
    let call = async |wrong, request: &str| {
        if let Some(wrong) = wrong {
            exchange.misbehave(wrong);
        }
        let binding = exchange.phone.bind(&wish(request, PARTY)).await.expect("a number");
        exchange.press(JUDGE, "dial", &binding.number).await;
        exchange.press(PARTY, "answer", "").await;
        exchange.press(PARTY, "hang_up", "").await;
        exchange.phone.unbind(&binding.id).await.expect("given back");
    };
    // The first receipt is not taken at first; it comes again.
    call(None, "late").await;
    assert_eq!(exchange.told(4).await.iter().filter(|report| report.event == CallEvent::Dialled).count(), 1);
    call(Some(Misbehaviour::ReportsReversed), "reversed").await;
    assert_eq!(kinds(&exchange.told(8).await[4..]), ["ended", "answered", "ringing", "dialled"]);
    call(Some(Misbehaviour::ReportsLost), "lost").await;
    call(Some(Misbehaviour::ReportsTwice), "twice").await;
    let twice = exchange.told(16).await;
    assert!(twice[8..].iter().all(|report| report.request == "twice"), "nothing came of the call before");
    assert_eq!(twice[8], twice[9]);
}

#[tokio::test]
async fn the_vendors_refusals_say_whether_to_come_again() {
    let exchange = Exchange::with(&["02100000001"]).await;
    let bind = async || exchange.phone.bind(&wish("call-1", PARTY)).await.expect_err("a failure");
    for (wrong, passing) in [
        (Misbehaviour::PoolEmpty, true),
        (Misbehaviour::BindConflict, true),
        (Misbehaviour::Status { status: 503 }, true),
        (Misbehaviour::Garbage, true),
        (Misbehaviour::SignatureError, false),
        (Misbehaviour::ClockSkew { seconds: 901 }, false),
    ] {
        exchange.misbehave(wrong.clone());
        let failure = bind().await;
        assert_eq!(!matches!(failure, PhoneFailure::Rejected { .. }), passing, "{wrong:?}: {failure}");
    }
    let refused = async |phone: AliyunPhone| phone.bind(&wish("call-1", PARTY)).await;
    let other = |change: fn(&mut Account, &mut AliyunPhoneSettings)| adapter(exchange.address, &exchange.clock, change);
    let rejected = |code: &str| Err(PhoneFailure::Rejected { code: code.to_owned() });
    assert_eq!(
        refused(other(|account, _| account.access_key_secret.push('x'))).await,
        rejected("SignatureDoesNotMatch")
    );
    assert_eq!(refused(other(|_, pool| pool.pool.push('x'))).await, rejected("isv.PARTNER_NOT_EXIST"));
    let short = Bind { b: "139".to_owned(), ..wish("call-1", PARTY) };
    assert_eq!(exchange.phone.bind(&short).await, rejected("isv.ILLEGAL_ARGUMENT"));
}

#[tokio::test]
async fn sr49_a_receipt_without_the_key_is_not_believed_and_numbers_are_not_printed() {
    let exchange = Exchange::with(&[]).await;
    for key in ["", "a-key-that-nobody-guesse", "A-KEY-THAT-NOBODY-GUESSES"] {
        assert_eq!(exchange.phone.reports(key, b"[]"), Err(ReportRefused::Forged), "{key}");
    }
    assert_eq!(exchange.phone.reports(CALLBACK_KEY, b"[]"), Ok(Vec::new()));
    let without = adapter(exchange.address, &exchange.clock, |_, settings| settings.callback_key.clear());
    assert_eq!(without.reports("", b"[]"), Err(ReportRefused::Forged));
    assert!(!format!("{:?}", wish("call-1", PARTY)).contains("139"));
}

/// Every parameter as the vendor documents it; the signature covers them all.
#[tokio::test]
async fn the_vendor_looks_at_every_parameter() {
    let exchange = Exchange::with(&["02100000001"]).await;
    let right = [
        ("AppId", "FC1"),
        ("Ts", "20261123140000000"),
        ("BindType", "mode102"),
        ("Areacode", "21"),
        ("OrderId", "o"),
        ("TelA", JUDGE),
        ("TelB", PARTY),
        ("Subts", "20261123140000"),
        ("Anucode", "1,2,3"),
        ("Expiration", "600"),
    ];
    let ask = async |query: BTreeMap<&str, &str>| -> Value {
        let host = exchange.address.to_string();
        let (action, version) = ("BindAxbFixedLine", connect::aliyun::VERSION);
        let canonical = connect::aliyun::Canonical {
            method: "POST",
            path: "/",
            query: &query,
            host: &host,
            action,
            version,
            body: b"",
        };
        let nonce = format!("{:032x}", u128::from_be_bytes(nonces()()));
        let signature = connect::aliyun::sign(&canonical, KEY, SECRET, exchange.clock.now(), &nonce);
        let mut request = http::Request::post(format!("http://{host}/?{}", canonical.query_string()));
        for (name, value) in signature.headers {
            request = request.header(name, value);
        }
        let outbound = outbound_to("127.0.0.1", exchange.address.port(), true);
        let answer = outbound.send(request.body(Bytes::new()).expect("a request")).await.expect("an answer");
        serde_json::from_slice(answer.body()).expect("JSON")
    };
    for (name, _) in right {
        let query = right.into_iter().filter(|(other, _)| *other != name).collect();
        assert_eq!(ask(query).await["Code"], "MissingParameter", "{name}");
    }
    for (name, wrong) in [("Expiration", "59"), ("BindType", "mode101"), ("Areacode", "021"), ("TelB", JUDGE)] {
        let query =
            right.into_iter().map(|(other, value)| (other, if other == name { wrong } else { value })).collect();
        assert!(ask(query).await["Code"].as_str().is_some_and(|code| code.starts_with("isv.")), "{name}");
    }
    let bound = ask(right.into()).await;
    assert_eq!((&bound["Code"], &bound["Data"]["TelX"]), (&json!("0"), &json!("02100000001")));
}
