//! SR-17: a private message is for its sender and recipients, and a note for the bench is for the bench: in lists, rooms, acts, cases,
//! live frames, text messages and logs.

use std::time::Duration;

use axum::http::Method;
use court::{Capacity, FileKind, Phase};
use serde_json::json;

use crate::kit::logs::Logs;
use crate::kit::{House, Seat, Served, Socket, Trial};

/// Everything that this member can get to see of the room, as one text.
async fn everything(seat: &Seat, trial: &Trial, room: court::RoomId, socket: &mut Socket) -> String {
    let mut seen = String::new();
    for path in [
        "/api/me".to_owned(),
        "/api/cases".to_owned(),
        format!("/api/cases/{}", trial.case),
        "/api/rooms".to_owned(),
        format!("/api/rooms/{room}"),
        format!("/api/rooms/{room}/acts?limit=200"),
        format!("/api/rooms/{room}/search?limit=100&q=CANARY"),
        format!("/api/rooms/{room}/search?limit=100&media=true"),
        format!("/api/rooms/{room}/days"),
        "/api/search?q=canary".to_owned(),
    ] {
        let answer = seat.get(&path).await;
        assert_eq!(answer.status, 200, "{path}");
        seen.push_str(&String::from_utf8_lossy(&answer.body));
    }
    // Every number beyond the member's own head, as somebody would try who knows that there is more.
    for seq in 1..80 {
        let answer = seat.get(&format!("/api/rooms/{room}/acts/{seq}/file")).await;
        seen.push_str(&String::from_utf8_lossy(&answer.body));
        seen.push_str(answer.header("content-disposition"));
    }
    while let Some(frame) = socket.next_within(Duration::from_millis(150)).await {
        seen.push_str(&frame.expect("the socket stays open").to_string());
    }
    seen
}

store::on_both_databases! {
    async fn sr17_private_messages_and_notes_of_the_bench_are_seen_by_nobody_else(db) {
        let logs = Logs::catch();
        let house = House::on(db).await;
        let trial = Trial::begin(&house, 1).await;
        let room = trial.room(&house, Phase::Open).await;
        let served = Served::start(house.app.clone()).await;
        let mut sockets = Vec::new();
        for seat in &trial.seats {
            sockets.push(Socket::watching(&served, &seat.caller, room, 0).await);
        }
        let seat = |capacity| trial.seat(capacity);
        let (judge, plaintiff, own_agent) = (trial.judge(), seat(Capacity::Plaintiff), seat(Capacity::PlaintiffAgent));
        // To a judge: clerks see it too. Between a party and its agent: nobody else, no judge either.
        plaintiff.tells(room, "CanaryToJudge", &[&judge]).await;
        plaintiff.tells(room, "CanaryToAgent", &[&own_agent]).await;
        judge.must(room, json!({"kind": "speech.text", "text": "CanaryToBench", "to": "bench"})).await;
        let panel = seat(Capacity::PanelMember);
        plaintiff.tells(room, "CanaryToPanel", &[&panel]).await;
        let to = json!({"members": [own_agent.member]});
        for (file, code, name) in [
            (FileKind::Document, "speech.document", "CanaryFileName.pdf"),
            (FileKind::Photo, "speech.photo", "CanaryPhotoName.jpg"),
            (FileKind::Video, "speech.video", "CanaryVideoName.mp4"),
        ] {
            let blob = house.upload(plaintiff.person, file, name).await;
            plaintiff.must(room, json!({"kind": code, "blob": blob, "to": to})).await;
        }
        let policy = house.desk().policy.clone();
        for (seat, socket) in trial.seats.iter().zip(&mut sockets) {
            let seen = everything(seat, &trial, room, socket).await;
            let party = [Capacity::Plaintiff, Capacity::PlaintiffAgent].contains(&seat.capacity);
            let to_judge = [Capacity::Plaintiff, Capacity::PresidingJudge, Capacity::CourtClerk, Capacity::JudgeAssistant];
            let to_panel = [Capacity::Plaintiff, Capacity::PanelMember, Capacity::CourtClerk, Capacity::JudgeAssistant];
            for (word, may) in [
                ("CanaryToPanel", to_panel.contains(&seat.capacity)),
                ("CanaryPhotoName", party),
                ("CanaryVideoName", party),
                ("CanaryToJudge", to_judge.contains(&seat.capacity)),
                ("CanaryToAgent", party),
                ("CanaryFileName", party),
                ("CanaryToBench", policy.is_bench(seat.capacity)),
            ] {
                assert_eq!(seen.contains(word), may, "{} and {word}", seat.capacity.code());
            }
        }
        let shipped = format!("{:?}{}", house.kit.sms.messages(), logs.text());
        assert!(!shipped.contains("Canary"), "something left the room");
    }

    async fn sr17_a_private_message_moves_nothing_that_others_are_shown(db) {
        let house = House::on(db).await;
        let trial = Trial::begin(&house, 1).await;
        let room = trial.room(&house, Phase::Open).await;
        let (judge, plaintiff) = (trial.judge(), trial.seat(Capacity::Plaintiff));
        judge.says(room, "公开").await;
        let shown = async |seat: &Seat| {
            let card = seat.get("/api/rooms").await.json()[0].clone();
            let view = seat.get(&format!("/api/rooms/{room}")).await.json();
            (card["last"].clone(), card["head"].clone(), card["unread"].clone(), view["head"].clone(), view["letters"].clone())
        };
        let mut before = Vec::new();
        for seat in &trial.seats {
            before.push(shown(seat).await);
        }
        let receipt = plaintiff.tells(room, "请求", &[&judge]).await;
        for (seat, before) in trial.seats.iter().zip(before) {
            let heard = [Capacity::PresidingJudge, Capacity::CourtClerk, Capacity::JudgeAssistant].contains(&seat.capacity);
            let now = shown(seat).await;
            if heard {
                // Under the number that the act has for this reader, from the one who sent it.
                assert_eq!(now.4, json!([{"seq": now.3, "from": plaintiff.member}]), "{}", seat.capacity.code());
            } else if seat.capacity == Capacity::Plaintiff {
                assert_eq!((&now.3, &now.4), (&receipt["seq"], &json!([])), "one's own is no letter");
            } else {
                assert_eq!(now, before, "{}", seat.capacity.code());
            }
        }
        let read = format!("/api/rooms/{room}/read");
        let head = shown(&judge).await.3;
        assert_eq!(judge.caller.clone().write(Method::PUT, &read, &[], json!({"seq": head})).await.status, 204);
        assert_eq!(shown(&judge).await.4, json!([]), "what is read is no unread letter");
    }
}
