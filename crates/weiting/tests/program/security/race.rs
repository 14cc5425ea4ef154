//! SR-14: the relation is checked where the effect is. A member speaks at the very moment at which the membership ends, thousands of
//! times: an act is in the record if and only if the member was one at its place in the record, and was told so.

use std::time::Instant;

use court::{Capacity, MemberId, Phase, RoomId};
use serde_json::json;
use store::kit::Which;
use tokio::task::JoinSet;

use crate::kit::{House, Seat, Trial, said};
use crate::properties::record_is_sound;

const ROOMS: usize = 10;
const ROUNDS: usize = 200;

/// What one room's rounds came to: how many acts of the agent were taken, and how many refused.
async fn rounds(judge: Seat, agent: Seat, room: RoomId) -> (usize, usize) {
    let (mut taken, mut refused) = (0, 0);
    for round in 0..ROUNDS {
        let end = json!({"kind": "member.end", "member": agent.member, "reason": format!("第{round}回")});
        let mut race = JoinSet::new();
        for word in 0..2 {
            let agent = agent.clone();
            race.spawn(async move {
                agent.does(room, json!({"kind": "speech.text", "text": format!("{round}.{word}")})).await
            });
        }
        let ended = judge.must(room, end);
        let (_, spoken) = tokio::join!(ended, race.join_all());
        for answer in spoken {
            match answer.status.as_u16() {
                201 => taken += 1,
                404 => refused += 1,
                _ => panic!("{}", said(&answer)),
            }
        }
        judge.must(room, json!({"kind": "member.admit", "participant": agent.member})).await;
    }
    (taken, refused)
}

/// Every act of the agent stands where the agent was a member. Returns how many there are.
async fn all_within_membership(house: &House, room: RoomId, agent: MemberId) -> usize {
    let (mut member, mut acts) = (true, 0);
    for row in house.desk().store.acts(room.0, 0, u64::MAX >> 1, 100_000).await.expect("a store") {
        match row.kind.as_str() {
            "member.end" => member = false,
            "member.admit" => member = true,
            "speech.text" if row.member == Some(agent) => {
                assert!(member, "act {} was taken from somebody who was no member any more", row.seq);
                acts += 1;
            }
            _ => {}
        }
    }
    acts
}

store::on_both_databases! {
    async fn sr14_an_act_is_taken_if_and_only_if_its_actor_was_a_member_at_its_place(db) {
        let which = db.which;
        let house = House::on(db).await;
        let trial = Trial::begin(&house, 1).await;
        let (judge, agent) = (trial.judge(), trial.seat(Capacity::PlaintiffAgent));
        let mut rooms = Vec::new();
        for _ in 0..ROOMS {
            rooms.push(trial.room(&house, Phase::Open).await);
        }
        let begun = Instant::now();
        let mut racing = JoinSet::new();
        for room in rooms.clone() {
            racing.spawn(rounds(judge.clone(), agent.clone(), room));
        }
        let results = racing.join_all().await;
        let (taken, refused) = results.iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        let mut recorded = 0;
        for room in rooms {
            recorded += all_within_membership(&house, room, agent.member).await;
            record_is_sound(&house, room).await;
        }
        eprintln!(
            "race on {}: {} rounds, {taken} acts taken, {refused} refused, {:.1} s",
            if which == Which::Sqlite { "SQLite" } else { "PostgreSQL" },
            ROOMS * ROUNDS,
            begun.elapsed().as_secs_f64(),
        );
        assert_eq!(taken, recorded, "what was acknowledged is what is recorded");
        assert_eq!(taken + refused, 2 * ROOMS * ROUNDS);
        assert!(taken > 100 && refused > 100, "one side always won: {taken} taken, {refused} refused");
    }
}
