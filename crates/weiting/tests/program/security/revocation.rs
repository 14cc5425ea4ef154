//! SR-08: whatever ends a right ends it within a second, on HTTP, on live sockets and on addresses of files.

use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::Request;
use court::{Capacity, FileKind, Phase, RoomId};
use desk::testkit::{Caller, Kit};
use serde_json::json;
use store::kit::{TestDatabase, Which};

use crate::kit::{House, Node, Seat, Served, Socket, Trial};

const SECOND: Duration = Duration::from_secs(1);

/// The address of a file that this member sees in the room, as the browser is led to it.
async fn file_address(seat: &Seat, room: RoomId, seq: u64) -> String {
    let answer = seat.get(&format!("/api/rooms/{room}/acts/{seq}/file")).await;
    assert_eq!(answer.status, 307, "{}", crate::kit::said(&answer));
    answer.header("location").strip_prefix(Kit::FILES).expect("the files' host").to_owned()
}

async fn file_status(house: &House, address: &str) -> u16 {
    let request = Request::get(address).header("host", desk::Config::host_of(Kit::FILES));
    house.stranger().send(request, Body::empty()).await.status.as_u16()
}

/// What somebody holds while their right still lasts.
struct Held {
    room: RoomId,
    seat: Seat,
    socket: Socket,
    address: String,
}

impl Held {
    async fn of(house: &House, served: &Served, trial: &Trial, seat: Seat) -> Held {
        let room = trial.room(house, Phase::Open).await;
        let judge = trial.judge();
        let file = house.upload(judge.person, FileKind::Document, "合同.pdf").await;
        let seq =
            judge.must(room, json!({"kind": "speech.document", "blob": file})).await["seq"].as_u64().expect("a number");
        let address = file_address(&seat, room, seq).await;
        assert_eq!(file_status(house, &address).await, 200);
        let mut socket = Socket::watching(served, &seat.caller, room, 0).await;
        while socket.next().await.expect("a frame")["head"].is_null() {}
        Held { room, seat, socket, address }
    }

    /// The session is over everywhere.
    async fn session_is_over(&mut self, house: &House, since: Instant) {
        assert_eq!(self.socket.closed().await, 4401);
        assert!(since.elapsed() < SECOND, "the socket lived on for {:?}", since.elapsed());
        assert_eq!(self.seat.get("/api/me").await.code(), "not_logged_in");
        assert_eq!(self.seat.get(&format!("/api/rooms/{}", self.room)).await.status, 401);
        assert_eq!(file_status(house, &self.address).await, 404);
        assert!(since.elapsed() < SECOND);
    }
}

store::on_both_databases! {
    async fn sr08_logging_out_everywhere_ends_every_session_at_once(db) {
        let house = House::on(db).await;
        let served = Served::start(house.app.clone()).await;
        let trial = Trial::begin(&house, 1).await;
        let plaintiff = trial.seat(Capacity::Plaintiff);
        let mut held = Held::of(&house, &served, &trial, plaintiff.clone()).await;
        let program = house.kit.program(&house.app, plaintiff.person, Some(court::Role::Party)).await;
        assert_eq!(program.clone().get("/api/me").await.status, 200);
        let mut phone: Caller = house.kit.caller(&house.app, plaintiff.person, None).await;
        let begun = Instant::now();
        assert_eq!(phone.post("/api/logout/all", json!({})).await.status, 204);
        held.session_is_over(&house, begun).await;
        assert_eq!(program.clone().get("/api/me").await.status, 401);
        // Others are untouched.
        assert_eq!(trial.judge().get("/api/me").await.status, 200);
    }

    async fn sr08_logging_out_ends_this_session_alone(db) {
        let house = House::on(db).await;
        let served = Served::start(house.app.clone()).await;
        let trial = Trial::begin(&house, 1).await;
        let plaintiff = trial.seat(Capacity::Plaintiff);
        let mut held = Held::of(&house, &served, &trial, plaintiff.clone()).await;
        let phone = house.kit.caller(&house.app, plaintiff.person, Some(court::Role::Party)).await;
        let begun = Instant::now();
        assert_eq!(plaintiff.caller.clone().post("/api/logout", json!({})).await.status, 204);
        held.session_is_over(&house, begun).await;
        assert_eq!(phone.clone().get("/api/me").await.status, 200);
    }

    async fn sr08_an_ended_mandate_ends_reading_at_once(db) {
        let house = House::on(db).await;
        let served = Served::start(house.app.clone()).await;
        let trial = Trial::begin(&house, 1).await;
        let mut held = Held::of(&house, &served, &trial, trial.seat(Capacity::DefendantAgent)).await;
        let begun = Instant::now();
        let end = json!({"kind": "member.end", "member": held.seat.member, "reason": "解除委托"});
        trial.judge().must(held.room, end).await;
        let refused = loop {
            let frame = held.socket.next().await.expect("the socket stays: the session does");
            assert!(frame["act"].is_null(), "{frame}");
            if !frame["error"].is_null() {
                break frame["error"]["code"].clone();
            }
        };
        assert_eq!(refused, "not_found");
        for path in ["", "/acts", "/acts/1/file", "/acts/1/thumb"] {
            assert_eq!(held.seat.get(&format!("/api/rooms/{}{path}", held.room)).await.status, 404, "{path}");
        }
        assert_eq!(held.seat.does(held.room, json!({"kind": "speech.text", "text": "还在"})).await.status, 404);
        assert_eq!(file_status(&house, &held.address).await, 404);
        assert!(begun.elapsed() < SECOND, "{:?}", begun.elapsed());
        assert_eq!(held.seat.get("/api/me").await.status, 200, "the account is another matter");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sr08_a_transfer_to_another_role_closes_the_sockets_of_the_old_one() {
    let house = House::sqlite().await;
    let served = Served::start(house.app.clone()).await;
    let mut trial = Trial::begin(&house, 1).await;
    let agent = trial.seat(Capacity::PlaintiffAgent);
    trial.seat_person(&house, agent.person, "兼任调解", Capacity::Mediator).await;
    let mut held = Held::of(&house, &served, &trial, agent.clone()).await;
    let begun = Instant::now();
    let mut browser = agent.caller.clone();
    assert_eq!(browser.put("/api/me/capacity", json!({"capacity": "mediator"})).await.status, 200);
    held.session_is_over(&house, begun).await;
    assert_eq!(browser.get(&format!("/api/rooms/{}", held.room)).await.json()["me"]["capacity"], "mediator");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sr08_a_session_that_ends_on_one_node_is_over_on_the_other_within_a_second() {
    let house = House::on(TestDatabase::fresh(Which::Postgres).await).await;
    let other = Node::beside(&house).await;
    let served = Served::start(other.app.clone()).await;
    let trial = Trial::begin(&house, 1).await;
    let room = trial.room(&house, Phase::Open).await;
    let plaintiff = trial.seat(Capacity::Plaintiff);
    let cookie = plaintiff.caller.cookie().expect("a browser").to_owned();
    let far = house.kit.stranger(&other.app).with_cookie(cookie);
    let mut socket = Socket::watching(&served, &far, room, 0).await;
    socket.act().await;
    let begun = Instant::now();
    assert_eq!(plaintiff.caller.clone().post("/api/logout/all", json!({})).await.status, 204);
    assert_eq!(socket.closed().await, 4401);
    assert!(begun.elapsed() < SECOND, "{:?}", begun.elapsed());
    assert_eq!(far.clone().get("/api/me").await.status, 401);
}
