//! P-06: whatever the size of a page and the mix of what is private, the pages together are everything that the member may see, under
//! numbers from 1 without gaps, and none of them ends early.

use court::{Capacity, Phase, RoomId};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::json;

use super::for_any;
use crate::kit::{House, Seat, Trial};

/// What is said next: to everybody, to the bench, or to some.
#[derive(Clone, Debug)]
enum To {
    Everyone,
    Bench,
    Members(Vec<usize>),
}

fn mix() -> impl Strategy<Value = Vec<(usize, To)>> {
    let to = prop_oneof![
        1 => Just(To::Everyone),
        1 => Just(To::Bench),
        3 => vec(0..13_usize, 1..4).prop_map(To::Members),
    ];
    // A hundred and more: memory keeps the last 64, older ones are read from the store.
    vec((0..13_usize, to), 70..180)
}

async fn say(trial: &Trial, room: RoomId, (from, to): &(usize, To)) {
    let to = match to {
        To::Everyone => json!("everyone"),
        To::Bench => json!("bench"),
        To::Members(members) => {
            json!({"members": members.iter().map(|place| trial.seats[*place].member).collect::<Vec<_>>()})
        }
    };
    let answer = trial.seats[*from].does(room, json!({"kind": "speech.text", "text": "言", "to": to})).await;
    // A party may not address the bench alone, and nobody themselves.
    assert!([201, 403, 422].contains(&answer.status.as_u16()), "{}", crate::kit::said(&answer));
}

async fn pages_are_complete(seat: &Seat, room: RoomId, size: u64, expected: &[String]) -> Result<(), TestCaseError> {
    let mut leaves = Vec::new();
    loop {
        let page = seat.page(room, leaves.len() as u64, size).await;
        let rest = expected.len() - leaves.len();
        prop_assert_eq!(page.len() as u64, (rest as u64).min(size), "a page of {} ended early", size);
        for act in &page {
            prop_assert_eq!(act["seq"].as_u64(), Some(leaves.len() as u64 + 1));
            leaves.push(act["leaf"].as_str().unwrap_or_default().to_owned());
        }
        if page.is_empty() {
            break;
        }
    }
    prop_assert_eq!(&leaves, expected);
    Ok(())
}

store::on_both_databases! {
    async fn p06_pages_of_any_size_together_are_everything_that_a_member_may_see(db) {
        let house = House::on(db).await;
        let trial = Trial::begin(&house, 1).await;
        for_any(4, &(mix(), vec(1..70_u64, 6)), async |(mix, sizes)| {
            let room = trial.room(&house, Phase::Open).await;
            for said in &mix {
                say(&trial, room, said).await;
            }
            let rows = house.desk().store.acts(room.0, 0, u64::MAX >> 1, 10_000).await.expect("a store");
            for seat in &trial.seats {
                let may_see = seat.may_see(&house, room).await;
                let of = |seq: &u64| rows[*seq as usize - 1].leaf.to_string();
                let expected: Vec<String> = may_see.iter().map(of).collect();
                for size in sizes.iter().copied().chain([63, 64, 65, 199, 200]) {
                    pages_are_complete(seat, room, size, &expected).await?;
                }
            }
            Ok(())
        });
    }

    async fn p06_a_page_is_never_larger_than_200_nor_empty_while_there_is_more(db) {
        let house = House::on(db).await;
        let trial = Trial::begin(&house, 1).await;
        let room = trial.room(&house, Phase::Open).await;
        let judge = trial.judge();
        for turn in 0..230 {
            judge.says(room, &format!("{turn}")).await;
        }
        let all = judge.acts(room).await;
        assert_eq!(judge.page(room, 0, 1_000_000).await, all[..200]);
        assert_eq!(judge.page(room, 0, 0).await, all[..1]);
        assert_eq!(judge.page(room, all.len() as u64, 50).await, Vec::<serde_json::Value>::new());
        assert_eq!(judge.page(room, u64::MAX, 50).await, Vec::<serde_json::Value>::new());
        assert_eq!(judge.get(&format!("/api/rooms/{room}/acts")).await.json().as_array().map(Vec::len), Some(50));
        let witness = trial.seat(Capacity::Witness);
        assert_eq!(witness.acts(room).await.len(), all.len());
    }
}
