//! Two nodes of one court on one PostgreSQL.

use std::time::{Duration, Instant};

use court::{Capacity, Phase};
use desk::testkit::Caller;
use serde_json::json;
use store::kit::{TestDatabase, Which};

use crate::kit::{House, Node, Served, Socket, Trial};

/// The same browser, talking to another node.
fn at(node: &Node, house: &House, caller: &Caller) -> Caller {
    let cookie = caller.cookie().expect("a browser").to_owned();
    house.kit.stranger(&node.app).with_cookie(cookie)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_act_on_one_node_reaches_a_socket_on_the_other() {
    let house = House::on(TestDatabase::fresh(Which::Postgres).await).await;
    let other = Node::beside(&house).await;
    let trial = Trial::begin(&house, 1).await;
    let room = trial.room(&house, Phase::Open).await;
    let served = Served::start(other.app.clone()).await;
    let (judge, plaintiff) = (trial.judge(), trial.seat(Capacity::Plaintiff));
    let far = at(&other, &house, &plaintiff.caller);
    let have = plaintiff.acts(room).await.len() as u64;
    let mut socket = Socket::watching(&served, &far, room, have).await;
    let mut slowest = Duration::ZERO;
    for turn in 1..=40 {
        judge.says(room, &format!("第{turn}句")).await;
        let acknowledged = Instant::now();
        assert_eq!(socket.act().await["seq"], have + turn);
        slowest = slowest.max(acknowledged.elapsed());
    }
    eprintln!("from one node to a socket on the other: {slowest:?} at worst");
    assert!(slowest < Duration::from_secs(1), "{slowest:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_falls_behind_a_snapshot_misses_nothing() {
    let house = House::on(TestDatabase::fresh(Which::Postgres).await).await;
    let trial = Trial::begin(&house, 1).await;
    let room = trial.room(&house, Phase::Open).await;
    // The second node follows only when it is asked: it is paused while the first goes on past its snapshots.
    let other = Node::paused(&house).await;
    let served = Served::start(other.app.clone()).await;
    let (judge, plaintiff) = (trial.judge(), trial.seat(Capacity::Plaintiff));
    let far = at(&other, &house, &plaintiff.caller);
    let mut have = plaintiff.acts(room).await.len() as u64;
    let mut socket = Socket::watching(&served, &far, room, have).await;
    while socket.next().await.expect("a frame")["head"].is_null() {}
    let mut seen = have;
    for _ in 0..3 {
        // Up to the act after which the first node keeps a snapshot, and not one further.
        loop {
            judge.says(room, "继续").await;
            have += 1;
            let record = house.desk().room(room).await.expect("a store").expect("the room").seq;
            if record % 200 == 0 {
                break;
            }
        }
        kept(&house, room).await;
        let snapshot = have;
        other.look().await;
        judge.says(room, "快照之后").await;
        have += 1;
        other.look().await;
        let mut seq = seen;
        while seq < have {
            let frame = socket.act().await;
            let next = frame["seq"].as_u64().expect("a number");
            assert_eq!(next, seq + 1, "the snapshot stands at {snapshot}");
            seq = next;
        }
        seen = seq;
    }
}

/// Waits until the first node has kept a snapshot of everything so far.
async fn kept(house: &House, room: court::RoomId) {
    let seq = house.desk().room(room).await.expect("a store").expect("the room").seq;
    for _ in 0..200 {
        if house.desk().store.snapshot(room.0).await.expect("a store").is_some_and(|(kept, _)| kept == seq) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("no snapshot of act {seq} was kept");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_that_act_in_one_room_make_one_record() {
    let house = House::on(TestDatabase::fresh(Which::Postgres).await).await;
    let other = Node::beside(&house).await;
    let trial = Trial::begin(&house, 1).await;
    let room = trial.room(&house, Phase::Open).await;
    let before = trial.judge().acts(room).await.len();
    let mut talking = tokio::task::JoinSet::new();
    for (place, capacity) in
        [Capacity::PresidingJudge, Capacity::Plaintiff, Capacity::Defendant, Capacity::Mediator].into_iter().enumerate()
    {
        let mut caller = trial.seat(capacity).caller;
        if place % 2 == 1 {
            caller = at(&other, &house, &caller);
        }
        talking.spawn(async move {
            for turn in 0..40 {
                // As a client does: the same key until it is answered.
                let key = format!("{place}-{turn}");
                let body = json!({"kind": "speech.text", "text": format!("{place}-{turn}")});
                loop {
                    let answer = caller.post_once(&format!("/api/rooms/{room}/acts"), &key, body.clone()).await;
                    match answer.status.as_u16() {
                        201 => break,
                        503 => tokio::time::sleep(Duration::from_millis(20)).await,
                        _ => panic!("{}", crate::kit::said(&answer)),
                    }
                }
            }
        });
    }
    while let Some(done) = talking.join_next().await {
        done.expect("everybody could speak");
    }
    // The record has them all at once; either node learns of the other's last ones when it looks next.
    assert_eq!(house.desk().store.head(room.0).await.expect("a store").map(|head| head.seq), Some(before as u64 + 160));
    let far = at(&other, &house, &trial.judge().caller);
    let url = format!("/api/rooms/{room}/acts?after={before}&limit=200");
    let all = async {
        loop {
            let acts = trial.judge().acts(room).await;
            let seen = far.clone().get(&url).await.json();
            if acts.len() == before + 160 && seen.as_array().is_some_and(|seen| seen.len() == 160) {
                return (acts, seen);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let (acts, seen) = tokio::time::timeout(Duration::from_secs(10), all).await.expect("both nodes learn of all acts");
    let mut texts: Vec<_> = acts[before..].iter().filter_map(|act| act["text"].as_str()).collect();
    texts.sort_unstable();
    texts.dedup();
    assert_eq!(texts.len(), 160, "each once");
    crate::properties::record_is_sound(&house, room).await;
    assert_eq!(seen.as_array().map(Vec::as_slice), Some(&acts[before..]), "both nodes show the same");
}
