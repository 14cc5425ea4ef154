//! Two nodes of one court on one PostgreSQL.

use std::time::{Duration, Instant};

use court::{Capacity, Phase, Policy};
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kept_state_from_under_another_policy_is_not_used() {
    let house = House::sqlite().await;
    let trial = Trial::begin(&house, 1).await;
    let room = trial.room(&house, Phase::Open).await;
    let (judge, assessor) = (trial.judge(), trial.seat(Capacity::LayAssessor));
    judge.must(room, json!({"kind": "speech.text", "text": "合议庭内部意见", "to": "bench"})).await;
    loop {
        let record = judge.says(room, "继续").await["seq"].as_u64().expect("a number");
        if record.is_multiple_of(200) {
            break;
        }
    }
    kept(&house, room).await;
    let before = assessor.acts(room).await;
    assert!(before.iter().any(|act| act["text"] == "合议庭内部意见"));

    // After an update the assessors are no bench any more: what the old policy had folded would still show it to them.
    let text = include_str!("../../../../../policy.toml");
    let bench = text.lines().find(|line| line.starts_with("bench ")).expect("the group");
    let without = text.replace(bench, &bench.replace("\"lay_assessor\", ", ""));
    let policy = Policy::parse(&without, include_str!("../../../../../catalog/entry-notice.md")).expect("a policy");
    let updated = Node::under(&house, policy).await;
    let mut far = at(&updated, &house, &assessor.caller);
    let (mut after, mut seen) = (0, Vec::new());
    loop {
        let page = far.get(&format!("/api/rooms/{room}/acts?after={after}&limit=200")).await.json();
        let page = page.as_array().cloned().expect("a list");
        let Some(last) = page.last() else { break };
        after = last["seq"].as_u64().expect("a number");
        seen.extend(page);
    }
    assert_eq!(seen.len(), before.len() - 1);
    assert!(seen.iter().all(|act| act["text"] != "合议庭内部意见"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_act_whose_caller_goes_away_is_done_whole_or_not_at_all() {
    for which in [Which::Sqlite, Which::Postgres] {
        let house = House::on(TestDatabase::fresh(which).await).await;
        let trial = Trial::begin(&house, 1).await;
        let room = trial.room(&house, Phase::Open).await;
        let other = Node::under(&house, Policy::builtin()).await;
        let (judge, plaintiff) = (trial.judge(), trial.seat(Capacity::Plaintiff));
        let before = judge.acts(room).await.len();
        let mut left_early = 0;
        for turn in 0..60u32 {
            // The other node is quicker each third time, so that an act that nobody waits for is also refused.
            if turn % 3 == 0 {
                let body = json!({"kind": "speech.text", "text": format!("另一台 {turn}")});
                let key = format!("other-{turn}");
                let mut far = at(&other, &house, &judge.caller);
                while far.post_once(&format!("/api/rooms/{room}/acts"), &key, body.clone()).await.status != 201 {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            }
            let (key, body) = (format!("turn-{turn}"), json!({"kind": "speech.text", "text": format!("第 {turn} 句")}));
            let going = plaintiff.does_as(&key, room, body.clone());
            let patience = Duration::from_micros(u64::from(turn) * 150);
            left_early += usize::from(tokio::time::timeout(patience, going).await.is_err());
            // The browser comes back and asks again under the same key.
            loop {
                let answer = plaintiff.does_as(&key, room, body.clone()).await;
                match answer.status.as_u16() {
                    201 => break,
                    503 => tokio::time::sleep(Duration::from_millis(5)).await,
                    _ => panic!("{}", crate::kit::said(&answer)),
                }
            }
        }
        assert!(left_early >= 5, "hardly anybody left early; this test shows nothing");
        crate::properties::record_is_sound(&house, room).await;
        let acts = judge.acts(room).await;
        let said: Vec<_> = acts[before..].iter().filter_map(|act| act["text"].as_str()).collect();
        for turn in 0..60 {
            assert_eq!(said.iter().filter(|text| **text == format!("第 {turn} 句")).count(), 1, "{turn}");
        }
        assert_eq!(said.len(), 60 + 20);
    }
}
