//! Readers that are slow are refilled from the record; one that does not read at all is let go (F-13).

use std::time::{Duration, Instant};

use court::{Capacity, Phase, RoomId};
use serde_json::Value;
use tokio::task::JoinSet;

use crate::kit::{House, Seat, Served, Socket, Trial};

/// Some people say so many things between them, as quickly as they can.
async fn talk(speakers: &[Seat], room: RoomId, each: usize, text: &str) {
    let mut talking = JoinSet::new();
    for speaker in speakers {
        for part in 0..4 {
            let (speaker, text) = (speaker.clone(), text.to_owned());
            talking.spawn(async move {
                for turn in 0..each / 4 {
                    speaker.says(room, &format!("{part}.{turn} {text}")).await;
                }
            });
        }
    }
    while let Some(done) = talking.join_next().await {
        done.expect("everybody could speak");
    }
}

/// A reader on a thin line: reads some, looks away for two seconds, reads on. Returns what it heard and how far it was behind at worst.
async fn read_with_pauses(
    house: &House,
    socket: &mut Socket,
    room: RoomId,
    (first, last): (u64, u64),
) -> (Vec<Value>, u64) {
    let (mut heard, mut behind) = (Vec::new(), 0);
    let mut next = first;
    while next <= last {
        tokio::time::sleep(Duration::from_secs(2)).await;
        let head = house.desk().room(room).await.expect("a store").expect("the room").seq;
        behind = behind.max((head + 1).saturating_sub(next));
        let to = (next + 149).min(last);
        heard.extend(socket.acts(next, to).await);
        next = to + 1;
    }
    (heard, behind)
}

store::on_both_databases! {
    async fn f13_a_reader_that_falls_far_behind_again_and_again_is_refilled_and_misses_nothing(db) {
        let house = House::on(db).await;
        let trial = Trial::begin(&house, 1).await;
        let room = trial.room(&house, Phase::Open).await;
        let served = Served::narrow(house.app.clone()).await;
        let (reader, eager) = (trial.seat(Capacity::Plaintiff), trial.seat(Capacity::Defendant));
        let have = reader.acts(room).await.len() as u64;
        let mut slow = Socket::over(served.connect_narrow().await, &reader.caller).await;
        slow.watch(room, have).await;
        let mut quick = Socket::watching(&served, &eager.caller, room, have).await;
        let speakers = [trial.judge(), trial.seat(Capacity::Mediator), trial.seat(Capacity::CourtClerk)];
        // Forty of these fill everything between the server and somebody who looks away; memory keeps the last 64.
        let (each, text) = (480, "慢".repeat(600));
        let last = have + 3 * each;
        let listening = tokio::spawn(async move { quick.acts(have + 1, last).await });
        let begun = Instant::now();
        let talking = talk(&speakers, room, each as usize, &text);
        let (_, (got, behind)) = tokio::join!(talking, read_with_pauses(&house, &mut slow, room, (have + 1, last)));
        let heard = listening.await.expect("the quick reader hears everything");
        assert_eq!(got, heard, "both heard the same");
        assert_eq!(got, reader.acts(room).await[have as usize..], "and it is what the record has");
        eprintln!("slow reader: {} acts in {:.1} s, {behind} behind at worst", got.len(), begun.elapsed().as_secs_f64());
        assert!(behind > 150, "never so far behind that the store had to help: {behind}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f13_a_reader_that_never_reads_is_closed_with_1013_and_the_others_do_not_notice() {
    let house = House::sqlite().await;
    let trial = Trial::begin(&house, 1).await;
    let room = trial.room(&house, Phase::Open).await;
    let served = Served::start(house.app.clone()).await;
    let (judge, deaf, eager) = (trial.judge(), trial.seat(Capacity::Plaintiff), trial.seat(Capacity::Defendant));
    let have = deaf.acts(room).await.len() as u64;
    let mut stuck = Socket::over(served.connect_narrow().await, &deaf.caller).await;
    stuck.watch(room, have).await;
    let mut quick = Socket::watching(&served, &eager.caller, room, have).await;
    // Thirty kilobytes each: more than kernel and socket keep for somebody who does not read.
    let text = "聋".repeat(9_900);
    let mut slowest = Duration::ZERO;
    let mut seq = have;
    let mut gone = false;
    let begun = Instant::now();
    while !gone && begun.elapsed() < Duration::from_secs(40) {
        seq += 1;
        let said = Instant::now();
        let words = if seq < have + 400 { text.as_str() } else { "短" };
        judge.says(room, words).await;
        // The stuck one is online until it is let go; that comes to the others as presence.
        loop {
            let frame = quick.next().await.expect("the quick reader stays");
            if let Some(online) = frame["online"].as_array() {
                gone = seq > have + 1 && !online.iter().any(|member| *member == deaf.member.to_string());
            }
            if frame["seq"] == seq {
                break;
            }
        }
        slowest = slowest.max(said.elapsed());
        if seq >= have + 400 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    assert!(gone, "the stuck reader was never let go");
    assert!(slowest < Duration::from_secs(1), "the others waited {slowest:?}");
    // It reads at last: what was on its way, without a gap, and why it was let go.
    let mut last = have;
    let code = loop {
        match stuck.next().await {
            Ok(frame) if !frame["act"].is_null() => {
                assert_eq!(frame["seq"], last + 1);
                last += 1;
            }
            Ok(_) => {}
            Err(code) => break code,
        }
    };
    assert_eq!(code, 1013, "come back with `after`");
    assert!(last < seq);
    let mut back = Socket::watching(&served, &deaf.caller, room, last).await;
    back.acts(last + 1, seq).await;
}
