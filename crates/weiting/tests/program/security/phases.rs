//! SR-20: the server alone says where a sitting stands; no step can be skipped, and nobody speaks but while it is open.

use court::{Capacity, Phase};
use serde_json::{Value, json};

use crate::kit::{House, Seat, Trial, rfc3339};

async fn outcome(seat: &Seat, room: court::RoomId, body: Value) -> (u16, String) {
    let answer = seat.does(room, body).await;
    (answer.status.as_u16(), answer.code())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sr20_a_sitting_takes_its_steps_in_order_and_only_the_judge_takes_them() {
    let house = House::sqlite().await;
    let trial = Trial::begin(&house, 1).await;
    let now = house.desk().now();
    let hours = time::Duration::hours;
    let room = house
        .schedule(&mut trial.seat(Capacity::CourtClerk).caller, trial.case, (hours(1), hours(3)), &trial.members())
        .await;
    let (judge, clerk, party) = (trial.judge(), trial.seat(Capacity::CourtClerk), trial.seat(Capacity::Plaintiff));
    let open = || json!({"kind": "sitting.open"});
    let close = || json!({"kind": "sitting.close"});
    let text = || json!({"kind": "speech.text", "text": "言"});
    let refused = |code: &str| (403, code.to_owned());
    let taken = || (201, String::new());
    // Before the window.
    assert_eq!(outcome(&judge, room, open()).await, refused("not_in_this_phase"));
    assert_eq!(outcome(&judge, room, text()).await, refused("not_open"));
    assert_eq!(outcome(&party, room, text()).await, refused("not_started"));
    // In the window, not opened.
    house.kit.clock.set(now + hours(1));
    assert_eq!(outcome(&party, room, text()).await, refused("notice_required"));
    party.accepts(&house, room).await;
    assert_eq!(outcome(&party, room, text()).await, refused("not_open"));
    assert_eq!(outcome(&party, room, open()).await, refused("not_for_capacity"));
    assert_eq!(outcome(&clerk, room, open()).await, refused("not_for_capacity"));
    assert_eq!(outcome(&judge, room, close()).await, refused("not_in_this_phase"));
    assert_eq!(outcome(&judge, room, open()).await, taken());
    // Open.
    assert_eq!(outcome(&judge, room, open()).await, refused("not_in_this_phase"));
    assert_eq!(outcome(&party, room, text()).await, taken());
    assert_eq!(outcome(&trial.seat(Capacity::Witness), room, text()).await, refused("notice_required"));
    trial.seat(Capacity::Witness).accepts(&house, room).await;
    assert_eq!(outcome(&trial.seat(Capacity::Witness), room, text()).await, refused("not_for_capacity"));
    assert_eq!(outcome(&party, room, close()).await, refused("not_for_capacity"));
    assert_eq!(outcome(&judge, room, close()).await, taken());
    // Closed, and open once more.
    assert_eq!(outcome(&party, room, text()).await, refused("not_open"));
    assert_eq!(outcome(&judge, room, open()).await, taken());
    assert_eq!(outcome(&party, room, text()).await, taken());
    // At the very end of the window, whatever the judge did or did not do.
    house.kit.clock.set(now + hours(3) - time::Duration::microseconds(1));
    assert_eq!(outcome(&party, room, text()).await, taken());
    house.kit.clock.set(now + hours(3));
    assert_eq!(outcome(&party, room, text()).await, refused("ended"));
    assert_eq!(outcome(&judge, room, text()).await, refused("ended"));
    assert_eq!(outcome(&judge, room, close()).await, refused("not_in_this_phase"));
    let later = rfc3339(now + hours(9));
    let moves = json!({"kind": "sitting.reschedule", "opens_at": rfc3339(now), "closes_at": later, "reason": "延长"});
    assert_eq!(outcome(&judge, room, moves).await, refused("not_in_this_phase"));
    assert_eq!(
        party.get(&format!("/api/rooms/{room}")).await.json()["phase"],
        Phase::Ended.code(),
        "it can still be read"
    );
    assert!(!party.acts(room).await.is_empty());
}
