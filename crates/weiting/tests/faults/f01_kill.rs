//! F-01: kill -9 under load, twenty times.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use crate::ledger::{Acknowledged, nothing_twice, same_order};
use crate::program::{self, Program};

const KILLS: u32 = 20;
/// Who speaks: both sides, the bench, the mediator.
const WRITERS: [&str; 8] = [
    "19900000001",
    "19900000002",
    "19900000003",
    "19900000004",
    "19900000005",
    "19900000006",
    "19900000007",
    "19900000008",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f01_no_acknowledged_act_is_lost_when_the_program_is_killed_on_sqlite() {
    kill_under_load(None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f01_no_acknowledged_act_is_lost_when_the_program_is_killed_on_postgresql() {
    let database = store::kit::TestDatabase::fresh(store::kit::Which::Postgres).await;
    kill_under_load(Some(database.options().database)).await;
}

async fn kill_under_load(database: Option<String>) {
    rustls::crypto::ring::default_provider().install_default().ok();
    let http = reqwest::Client::builder().timeout(Duration::from_secs(10)).build().expect("a client");
    let mut program = Program::new(database);
    program.start(&http).await;
    let tokens: Vec<String> = WRITERS.iter().map(|phone| token(&program, phone)).collect();
    let room = open_room(&http, &program, &tokens).await;

    let (stop, acknowledged) = (Arc::new(AtomicBool::new(false)), Acknowledged::default());
    let retries = Arc::new(AtomicU64::new(0));
    let mut writers = Vec::new();
    for (n, token) in tokens.iter().enumerate() {
        let load = Load {
            http: http.clone(),
            url: format!("{}/api/rooms/{room}/acts", program.origin()),
            token: token.clone(),
            stop: stop.clone(),
            acknowledged: acknowledged.clone(),
            retries: retries.clone(),
        };
        writers.push(tokio::spawn(load.write(n)));
    }
    let watchers: Vec<_> = tokens[..3]
        .iter()
        .map(|token| tokio::spawn(watch(program.host(), token.clone(), room.clone(), stop.clone())))
        .collect();

    let mut slowest = Duration::ZERO;
    for n in 0..KILLS {
        // Moments that fall differently into the writers' rhythm each time, and are the same in every run.
        tokio::time::sleep(Duration::from_millis(120 + u64::from(n * 7919 % 400))).await;
        program.kill();
        slowest = slowest.max(program.start(&http).await);
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    stop.store(true, Ordering::SeqCst);
    for writer in writers {
        writer.await.expect("writers end by themselves");
    }
    let record = whole_record(&http, &program, &room, &tokens[0]).await;
    let mut watched = 0;
    for watcher in watchers {
        let seen = watcher.await.expect("watchers end by themselves");
        let last = seen.last().map(|act| act["seq"].clone());
        assert_eq!(last.as_ref(), record.last().map(|act| &act["seq"]), "a watcher is not up to date");
        same_order(&seen, &record);
        watched += seen.len();
    }
    for (n, token) in tokens.iter().enumerate() {
        acknowledged.all_in(&format!("writer-{n}-"), &whole_record(&http, &program, &room, token).await);
    }
    nothing_twice(&record);
    assert!(acknowledged.len() > 100, "too little load to mean anything: {}", acknowledged.len());
    program.kill();
    let verdict = program.verify();
    assert!(verdict.ends_with("0 broken"), "{verdict}");
    eprintln!(
        "killed {KILLS} times: {} acts acknowledged, {} requests repeated, {watched} acts seen live, slowest start {slowest:?}; {verdict}",
        acknowledged.len(),
        retries.load(Ordering::SeqCst),
    );
}

/// A token for the part that the person plays in the sale: one of them has another part elsewhere.
fn token(program: &Program, phone: &str) -> String {
    if phone == "19900000007" { program.token_as(phone, "agent") } else { program.token(phone) }
}

/// The room that is open in the demonstration, with everybody's notice accepted.
async fn open_room(http: &reqwest::Client, program: &Program, tokens: &[String]) -> String {
    let rooms =
        http.get(format!("{}/api/rooms", program.origin())).bearer_auth(&tokens[0]).send().await.expect("rooms");
    let rooms = program::json(rooms).await;
    let room = rooms.as_array().into_iter().flatten().find(|room| room["phase"] == "open").expect("one is open");
    let room = room["id"].as_str().expect("an id").to_owned();
    for (n, token) in tokens.iter().enumerate() {
        let url = format!("{}/api/rooms/{room}", program.origin());
        let view = program::json(http.get(&url).bearer_auth(token).send().await.expect("the room")).await;
        if view["gate"]["kind"] == "notice" {
            let notice = &view["gate"]["notice"];
            let accept = json!({ "kind": "notice.acknowledge", "notice": notice["id"], "version": notice["version"] });
            let sent =
                http.post(format!("{url}/acts")).bearer_auth(token).header("Idempotency-Key", format!("notice-{n}"));
            assert_eq!(sent.json(&accept).send().await.expect("accepted").status(), 201);
        }
    }
    room
}

struct Load {
    http: reqwest::Client,
    url: String,
    token: String,
    stop: Arc<AtomicBool>,
    acknowledged: Acknowledged,
    retries: Arc<AtomicU64>,
}

impl Load {
    /// Speaks one message after the other; repeats each with the same key until it is acknowledged.
    async fn write(self, writer: usize) {
        let mut n = 0;
        while !self.stop.load(Ordering::SeqCst) {
            n += 1;
            let key = format!("writer-{writer}-{n}");
            while let Err(()) = self.send(&key).await {
                self.retries.fetch_add(1, Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(25)).await;
            }
        }
    }

    async fn send(&self, key: &str) -> Result<(), ()> {
        let message = json!({ "kind": "speech.text", "text": key });
        let request = self.http.post(&self.url).bearer_auth(&self.token).header("Idempotency-Key", key).json(&message);
        let answer = request.send().await.map_err(|_| ())?;
        match answer.status().as_u16() {
            201 => {
                let receipt = answer.json().await.map_err(|_| ())?;
                self.acknowledged.note(key, receipt);
                Ok(())
            }
            503 => Err(()),
            other => panic!("{key}: {other} {:?}", answer.text().await),
        }
    }
}

/// Watches the room from its first act on, coming back with the last number seen whenever the connection is gone.
async fn watch(host: String, token: String, room: String, stop: Arc<AtomicBool>) -> Vec<Value> {
    let mut seen: Vec<Value> = Vec::new();
    loop {
        let mut request = format!("ws://{host}/api/live").into_client_request().expect("a request");
        request.headers_mut().insert("Authorization", format!("Bearer {token}").parse().expect("a header"));
        let Ok((mut socket, _)) = connect_async(request).await else {
            tokio::time::sleep(Duration::from_millis(25)).await;
            continue;
        };
        let after = seen.last().map_or(0, |act| act["seq"].as_u64().expect("a number"));
        let ask = json!({ "watch": [{ "room": room, "after": after }] }).to_string();
        if socket.send(Message::text(ask)).await.is_err() {
            continue;
        }
        loop {
            let quiet = Duration::from_millis(1500);
            match tokio::time::timeout(quiet, socket.next()).await {
                Ok(Some(Ok(Message::Text(text)))) => {
                    let frame: Value = serde_json::from_str(&text).expect("frames are JSON");
                    if frame["act"].is_object() {
                        seen.push(frame["act"].clone());
                    }
                }
                Ok(Some(Ok(_))) => {}
                Ok(Some(Err(_)) | None) => break,
                // Nothing more comes, and nobody writes any more.
                Err(_) if stop.load(Ordering::SeqCst) => return seen,
                Err(_) => {}
            }
        }
    }
}

async fn whole_record(http: &reqwest::Client, program: &Program, room: &str, token: &str) -> Vec<Value> {
    let mut record: Vec<Value> = Vec::new();
    loop {
        let url = format!("{}/api/rooms/{room}/acts?after={}&limit=200", program.origin(), record.len());
        let page = program::json(http.get(url).bearer_auth(token).send().await.expect("a page")).await;
        let page = page.as_array().expect("a list").clone();
        if page.is_empty() {
            return record;
        }
        record.extend(page);
    }
}
