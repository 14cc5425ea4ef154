//! A location is shown to the room for a day and then to the bench only (architecture 5, no. 87): in the list of acts, over the live
//! feed from memory and from the store, and nowhere else at all.

use std::time::Duration;

use court::Phase;
use serde_json::Value;

use crate::kit::{House, Seat, Served, Socket, Trial, here};

const WORD: &str = "CanaryPlace";

/// What this member is given of the room over HTTP and over a fresh socket.
async fn given(seat: &Seat, served: &Served, room: court::RoomId) -> (String, String) {
    let listed = seat.get(&format!("/api/rooms/{room}/acts?limit=200")).await;
    assert_eq!(listed.status, 200);
    let mut socket = Socket::watching(served, &seat.caller, room, 0).await;
    let mut heard = String::new();
    while let Some(frame) = socket.next_within(Duration::from_millis(150)).await {
        heard.push_str(&frame.expect("the socket stays open").to_string());
    }
    (String::from_utf8_lossy(&listed.body).into_owned(), heard)
}

store::on_both_databases! {
    async fn a_location_is_shown_for_a_day_and_then_to_the_bench_only(db) {
        let house = House::on(db).await;
        let mut trial = Trial::begin(&house, 1).await;
        let room = trial.room(&house, Phase::Open).await;
        let served = Served::start(house.app.clone()).await;
        trial.seat(court::Capacity::Plaintiff).must(room, here(WORD)).await;
        for seat in &trial.seats {
            let (listed, heard) = given(seat, &served, room).await;
            assert!(listed.contains(WORD) && heard.contains(WORD), "{}", seat.capacity.code());
            for path in ["/api/rooms".to_owned(), format!("/api/rooms/{room}"), format!("/api/cases/{}", trial.case)] {
                let body = seat.get(&path).await.body;
                assert!(!String::from_utf8_lossy(&body).contains(WORD), "{path}");
            }
        }
        house.kit.clock.advance(time::Duration::hours(24));
        // Sessions do not live so long without being used.
        for seat in &mut trial.seats {
            seat.caller = house.kit.caller(&house.app, seat.person, Some(seat.capacity.role())).await;
        }
        let policy = house.desk().policy.clone();
        for seat in &trial.seats {
            let (listed, heard) = given(seat, &served, room).await;
            let bench = policy.is_bench(seat.capacity);
            assert_eq!((listed.contains(WORD), heard.contains(WORD)), (bench, bench), "{}", seat.capacity.code());
            assert!(listed.contains("发送了位置") && heard.contains("发送了位置"), "that it was sent stays");
            assert!(bench || !listed.contains("31.4003"), "nor are its numbers shown");
            let acts: Value = serde_json::from_str(&listed).expect("JSON");
            assert_eq!(acts.as_array().map(Vec::len), Some(seat.may_see(&house, room).await.len()), "no act is missing");
        }
    }

    async fn without_consent_no_location_is_recorded(db) {
        let house = House::on(db).await;
        let trial = Trial::begin(&house, 1).await;
        let room = trial.room(&house, Phase::Open).await;
        let before = trial.judge().acts(room).await.len();
        let mut asked = here(WORD);
        asked["consent"] = false.into();
        let refused = trial.judge().does(room, asked.clone()).await;
        assert_eq!((refused.status.as_u16(), refused.code().as_str()), (422, "consent_missing"));
        asked.as_object_mut().expect("an object").remove("consent");
        assert_eq!(trial.judge().does(room, asked).await.status, 422);
        assert_eq!(trial.judge().acts(room).await.len(), before);
    }
}
