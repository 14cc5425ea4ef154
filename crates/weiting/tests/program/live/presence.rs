//! Who is online, as members of a room are told.

use court::{Capacity, MemberId, Phase, RoomId};
use serde_json::Value;

use crate::kit::{House, Seat, Served, Socket, Trial};

/// Reads until the members who are online are these.
async fn until_online(socket: &mut Socket, room: RoomId, members: &[MemberId]) {
    let mut wanted: Vec<String> = members.iter().map(ToString::to_string).collect();
    wanted.sort();
    loop {
        let frame = socket.next().await.unwrap_or_else(|code| panic!("closed with {code}"));
        assert_eq!(frame["room"], room.to_string());
        let Some(online) = frame["online"].as_array() else { continue };
        let mut online: Vec<String> = online.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        online.sort();
        if online == wanted {
            return;
        }
    }
}

async fn online_in_list(seat: &Seat, room: RoomId) -> Vec<String> {
    let view = seat.get(&format!("/api/rooms/{room}")).await.json();
    let members = view["members"].as_array().cloned().unwrap_or_default();
    members
        .iter()
        .filter(|member| member["online"] == true)
        .filter_map(|member| member["id"].as_str())
        .map(str::to_owned)
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn members_see_who_comes_and_goes_and_two_devices_are_one_person() {
    let house = House::sqlite().await;
    let trial = Trial::begin(&house, 1).await;
    let room = trial.room(&house, Phase::Open).await;
    let served = Served::start(house.app.clone()).await;
    let (judge, plaintiff) = (trial.judge(), trial.seat(Capacity::Plaintiff));
    let mut watching = Socket::watching(&served, &judge.caller, room, 0).await;
    until_online(&mut watching, room, &[judge.member]).await;
    let phone = Socket::watching(&served, &plaintiff.caller, room, 0).await;
    until_online(&mut watching, room, &[judge.member, plaintiff.member]).await;
    let desktop = Socket::watching(&served, &plaintiff.caller, room, 0).await;
    drop(phone);
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    assert!(
        online_in_list(&judge, room).await.contains(&plaintiff.member.to_string()),
        "the other device is still there"
    );
    drop(desktop);
    until_online(&mut watching, room, &[judge.member]).await;
    assert_eq!(online_in_list(&judge, room).await, [judge.member.to_string()]);
    // Who stops watching is no longer there, though the socket stays open.
    let mut defendant = Socket::watching(&served, &trial.seat(Capacity::Defendant).caller, room, 0).await;
    until_online(&mut watching, room, &[judge.member, trial.seat(Capacity::Defendant).member]).await;
    defendant.say(serde_json::json!({"unwatch": [room]})).await;
    until_online(&mut watching, room, &[judge.member]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_waits_at_the_gate_is_not_shown_as_present() {
    let house = House::sqlite().await;
    let trial = Trial::begin(&house, 1).await;
    let room = trial.room(&house, Phase::Scheduled).await;
    let served = Served::start(house.app.clone()).await;
    let (judge, plaintiff) = (trial.judge(), trial.seat(Capacity::Plaintiff));
    let mut watching = Socket::watching(&served, &judge.caller, room, 0).await;
    until_online(&mut watching, room, &[judge.member]).await;
    let mut early = Socket::watching(&served, &plaintiff.caller, room, 0).await;
    let gate = early.next().await.expect("a frame");
    assert_eq!(gate["error"]["code"], "not_started");
    assert_eq!(online_in_list(&judge, room).await, [judge.member.to_string()]);
    // The window begins; whoever comes again and has accepted is there.
    house.kit.clock.advance(time::Duration::hours(1));
    early.watch(room, 0).await;
    assert_eq!(early.next().await.expect("a frame")["error"]["code"], "notice_required");
    plaintiff.accepts(&house, room).await;
    early.watch(room, 0).await;
    until_online(&mut watching, room, &[judge.member, plaintiff.member]).await;
}
