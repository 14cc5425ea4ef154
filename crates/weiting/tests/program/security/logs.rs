//! SR-29: nothing secret is in an address, in a text message or in a line of the log, over everything that people do in a day.

use axum::body::Body;
use axum::http::Request;
use court::{Capacity, Phase, Role};
use desk::testkit::{Caller, Kit};
use serde_json::json;

use crate::kit::logs::Logs;
use crate::kit::socket::ticket;
use crate::kit::{House, Served, Socket, Trial, said};

/// Logs in as people do: by the code that came to the phone.
async fn log_in(house: &House, phone: &str) -> (Caller, String) {
    let mut caller = house.stranger();
    let asked = caller.post("/api/login/code", json!({"phone": phone})).await;
    assert_eq!(asked.status, 202, "{}", said(&asked));
    let code = house.kit.sms.code_for(phone).await;
    let wrong = caller.post("/api/login", json!({"phone": phone, "code": "CANARY"})).await;
    assert_eq!(wrong.status, 401);
    let answer = caller.post("/api/login", json!({"phone": phone, "code": code})).await;
    assert_eq!(answer.status, 200, "{}", said(&answer));
    (caller, code)
}

/// A PDF of one empty page, which is taken for what it is.
fn pdf() -> Vec<u8> {
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
    ];
    let (mut text, mut table) = (String::from("%PDF-1.7\n"), String::from("xref\n0 4\n0000000000 65535 f \n"));
    for (number, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", text.len()));
        text.push_str(&format!("{} 0 obj{object}endobj\n", number + 1));
    }
    let at = text.len();
    text.push_str(&format!("{table}trailer<</Size 4/Root 1 0 R>>\nstartxref\n{at}\n%%EOF\n"));
    text.into_bytes()
}

/// Brings a file called CanaryFile.pdf; its id.
async fn upload(house: &House, caller: &mut Caller) -> String {
    let bytes = pdf();
    let tus =
        |request: axum::http::request::Builder| request.header("origin", Kit::ORIGIN).header("tus-resumable", "1.0.0");
    let create = tus(Request::post("/api/uploads"))
        .header("upload-length", bytes.len())
        .header("upload-metadata", "filename Q2FuYXJ5RmlsZS5wZGY=")
        .header("idempotency-key", house.keys.next());
    let answer = caller.send(create, Body::empty()).await;
    assert_eq!(answer.status, 201, "{}", said(&answer));
    let location = answer.header("location").to_owned();
    let patch = tus(Request::patch(&location))
        .header("upload-offset", "0")
        .header("content-length", bytes.len())
        .header("content-type", "application/offset+octet-stream");
    let answer = caller.send(patch, Body::from(bytes)).await;
    assert_eq!(answer.status, 204, "{}", said(&answer));
    location.rsplit('/').next().expect("an id").to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sr29_the_log_of_a_whole_day_holds_nothing_secret() {
    let logs = Logs::catch();
    let house = House::sqlite().await;
    let trial = Trial::begin(&house, 29).await;
    let served = Served::start(house.app.clone()).await;
    let room = trial.room(&house, Phase::Open).await;
    let plaintiff = trial.seat(Capacity::Plaintiff);
    let phone = house.desk().store.person(plaintiff.person).await.expect("a store").expect("a person").phone;
    let (mut caller, code) = log_in(&house, &phone).await;
    let blob = upload(&house, &mut caller).await;
    let act = |body| (format!("/api/rooms/{room}/acts"), house.keys.next(), body);
    let (path, key, body) = act(json!({"kind": "speech.document", "blob": blob}));
    let shown = caller.post_once(&path, &key, body).await;
    assert_eq!(shown.status, 201, "{}", said(&shown));
    let (path, key, body) =
        act(json!({"kind": "speech.text", "text": "CanaryText", "to": {"members": [trial.judge().member]}}));
    assert_eq!(caller.post_once(&path, &key, body).await.status, 201);
    let led = caller.get(&format!("/api/rooms/{room}/acts/{}/file?canary=CanaryQuery", shown.json()["seq"])).await;
    assert_eq!(led.status, 307, "{}", said(&led));
    let address = led.header("location").strip_prefix(Kit::FILES).expect("the files' host").to_owned();
    let request = Request::get(&address).header("host", desk::Config::host_of(Kit::FILES));
    assert_eq!(house.stranger().send(request, Body::empty()).await.status, 200);
    let live_ticket = ticket(&caller).await;
    let mut socket = Socket::watching(&served, &caller, room, 0).await;
    socket.act().await;
    socket.say(json!({"CanaryFrame": "CanaryFrame"})).await;
    assert_eq!(socket.closed().await, 4408);
    // What goes wrong is logged too.
    for body in [
        json!({"kind": "speech.text", "CanaryField": "CanaryValue"}),
        json!({"kind": "CanaryKind"}),
        json!({"kind": "member.end", "member": plaintiff.member, "reason": "CanaryReason"}),
    ] {
        caller.post_once(&format!("/api/rooms/{room}/acts"), "CanaryKey", body).await;
    }
    caller.get("/api/CanaryPath?phone=CanaryPhone").await;
    let judge = trial.judge().person;
    let program = house.kit.program(&house.app, judge, Some(Role::Judge)).await;
    assert_eq!(program.clone().get("/api/rooms").await.status, 200);
    let session = caller.cookie().and_then(|cookie| cookie.split_once('=')).expect("a cookie").1.to_owned();
    caller.post("/api/logout/all", json!({})).await;
    let log = logs.text();
    assert!(log.lines().count() > 60, "nothing was logged, so nothing was looked at");
    let names = [format!("原告{}", 29), format!("甲{}公司", 29)];
    let file_ticket = address.rsplit('/').next().expect("a ticket").to_owned();
    for secret in names.iter().chain([&phone, &code, &session, &file_ticket, &live_ticket]) {
        assert!(!log.contains(secret.as_str()), "the log holds {secret}");
    }
    let canary = log.find("Canary").or_else(|| log.find("CANARY"));
    assert!(canary.is_none(), "the log holds {:?}", canary.map(|at| log[at..].chars().take(60).collect::<String>()));
    for line in log.lines() {
        assert!(serde_json::from_str::<serde_json::Value>(line).is_ok(), "not JSON: {line}");
    }
    // Text messages hold the code and nothing that would let somebody in without it.
    for message in house.kit.sms.messages() {
        let values: Vec<_> = message.params.values().collect();
        assert!(values.iter().all(|value| !value.contains("http")), "{values:?}");
    }
}
