//! Everybody gets every act that they may see, once, in the order of the record.

use court::{Capacity, Phase};
use serde_json::json;

use crate::kit::{House, Served, Socket, Trial};

store::on_both_databases! {
    async fn every_member_gets_every_act_in_record_order_without_gaps(db) {
        let house = House::on(db).await;
        let trial = Trial::begin(&house, 1).await;
        let room = trial.room(&house, Phase::Open).await;
        let served = Served::start(house.app.clone()).await;
        let mut sockets = Vec::new();
        for seat in &trial.seats {
            sockets.push((seat.clone(), Socket::watching(&served, &seat.caller, room, 0).await));
        }
        // Five people speak at once: to everybody, to the bench, to each other.
        let judge = trial.judge();
        let plaintiff = trial.seat(Capacity::Plaintiff);
        let speakers = [
            &judge, &plaintiff, &trial.seat(Capacity::Defendant), &trial.seat(Capacity::Mediator), &trial.seat(Capacity::CourtClerk),
        ].map(Clone::clone);
        let mut talking = tokio::task::JoinSet::new();
        for (place, speaker) in speakers.into_iter().enumerate() {
            let (judge, plaintiff) = (judge.clone(), plaintiff.clone());
            talking.spawn(async move {
                for turn in 0..40 {
                    let text = format!("第{place}人第{turn}句");
                    match (place + turn) % 4 {
                        0 => drop(speaker.tells(room, &text, &[if speaker.member == judge.member { &plaintiff } else { &judge }]).await),
                        1 if place == 0 => {
                            speaker.must(room, json!({"kind": "speech.text", "text": text, "to": "bench"})).await;
                        }
                        _ => drop(speaker.says(room, &text).await),
                    }
                }
            });
        }
        while let Some(done) = talking.join_next().await {
            done.expect("everybody could speak");
        }
        let mut numbers = Vec::new();
        for (seat, socket) in &mut sockets {
            let stored = seat.acts(room).await;
            let live = socket.acts(1, stored.len() as u64).await;
            assert_eq!(live, stored, "{}: the feed and the record differ", seat.capacity.code());
            assert_eq!(stored.len(), seat.may_see(&house, room).await.len());
            numbers.push(stored.len());
        }
        let all = house.desk().room(room).await.expect("a store").expect("the room").seq;
        assert!(numbers.iter().any(|number| (*number as u64) < all), "nothing was private: {numbers:?} of {all}");
    }

    async fn a_client_that_comes_back_gets_what_it_missed_and_nothing_twice(db) {
        let house = House::on(db).await;
        let trial = Trial::begin(&house, 1).await;
        let room = trial.room(&house, Phase::Open).await;
        let served = Served::start(house.app.clone()).await;
        let (judge, plaintiff) = (trial.judge(), trial.seat(Capacity::Plaintiff));
        let mut had = 0;
        for visit in 0..6 {
            for turn in 0..visit * 30 {
                judge.says(room, &format!("{visit}/{turn}")).await;
            }
            let mut socket = Socket::watching(&served, &plaintiff.caller, room, had).await;
            let stored = plaintiff.acts(room).await;
            let got = socket.acts(had + 1, stored.len() as u64).await;
            assert_eq!(got, stored[had as usize..]);
            let head = loop {
                let frame = socket.next().await.expect("a frame");
                assert!(frame["act"].is_null(), "twice: {frame}");
                if !frame["head"].is_null() {
                    break frame["head"].clone();
                }
            };
            assert_eq!(head, stored.len());
            had = stored.len() as u64;
            // What comes while it is connected comes too.
            judge.says(room, "在线").await;
            had += 1;
            socket.acts(had, had).await;
        }
        // Who claims to have more than there is misses nothing of what comes.
        let mut socket = Socket::watching(&served, &plaintiff.caller, room, u64::MAX).await;
        while socket.next().await.expect("a frame")["head"].is_null() {}
        judge.says(room, "此后").await;
        assert_eq!(socket.act().await["seq"], had + 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sr18_a_member_who_leaves_and_a_stranger_hear_nothing() {
    let house = House::sqlite().await;
    let trial = Trial::begin(&house, 1).await;
    let elsewhere = Trial::begin(&house, 2).await;
    let room = trial.room(&house, Phase::Open).await;
    let served = Served::start(house.app.clone()).await;
    let (judge, agent) = (trial.judge(), trial.seat(Capacity::PlaintiffAgent));
    let mut stranger = Socket::watching(&served, &elsewhere.judge().caller, room, 0).await;
    let refused = stranger.next().await.expect("a frame");
    assert_eq!(refused["error"]["code"], "not_found");
    stranger.watch(court::RoomId(uuid::Uuid::from_u128(9)), 0).await;
    let missing = stranger.next().await.expect("a frame");
    assert_eq!(missing["error"], refused["error"], "a room that is hidden looks like one that is missing");
    let mut leaver = Socket::watching(&served, &agent.caller, room, 0).await;
    let before = agent.acts(room).await.len() as u64;
    leaver.acts(1, before).await;
    judge.must(room, json!({"kind": "member.end", "member": agent.member, "reason": "委托终止"})).await;
    judge.says(room, "离开之后").await;
    // Presence may be told once more; an act never.
    while let Some(frame) = leaver.next_within(std::time::Duration::from_millis(700)).await {
        let frame = frame.expect("the socket stays open");
        assert!(frame["act"].is_null(), "{frame}");
    }
    leaver.watch(room, before).await;
    assert_eq!(leaver.next().await.expect("a frame")["error"]["code"], "not_found");
    assert!(stranger.next_within(std::time::Duration::from_millis(100)).await.is_none());
}
