//! 诉讼事项 through the whole program: who sees what, drafts, lateness, reminders.

use std::time::Duration;

use axum::http::Method;
use connect::sms::SmsTemplate;
use court::{ActId, Capacity, FileKind, Phase, RoomId};
use desk::jobs::Outcome;
use serde_json::{Value, json};

use crate::kit::{House, Seat, Served, Socket, Trial, id_of, rfc3339, said};

/// Issues a matter with this deadline from now.
async fn issue(house: &House, judge: &Seat, room: RoomId, targets: &[&Seat], within: time::Duration) -> ActId {
    let members: Vec<_> = targets.iter().map(|seat| seat.member).collect();
    let body = json!({
        "kind": "matter.issue",
        "title": "CanaryTitle",
        "text": "CanaryText",
        "targets": members,
        "deadline": rfc3339(house.desk().now() + within),
        "fields": [{"label": "CanaryField", "type": "text", "required": true}],
    });
    id_of(&judge.must(room, body).await["id"])
}

fn answer(matter: ActId, text: &str) -> Value {
    json!({"kind": "matter.answer", "matter": matter, "text": text, "values": {"CanaryField": "值"}})
}

/// What the list says to this member.
async fn listed(seat: &Seat, room: RoomId) -> Vec<Value> {
    let answer = seat.get(&format!("/api/rooms/{room}/matters")).await;
    assert_eq!(answer.status, 200, "{}", said(&answer));
    answer.json()["matters"].as_array().cloned().expect("a list")
}

async fn draft(seat: &Seat, room: RoomId, matter: ActId, body: Value) -> (u16, String) {
    let path = format!("/api/rooms/{room}/matters/{matter}/draft");
    let answer = seat.caller.clone().write(Method::PUT, &path, &[], body).await;
    (answer.status.as_u16(), answer.code())
}

/// The same somebody who has logged in once more: sessions do not last for days.
async fn anew(house: &House, seat: &Seat) -> Seat {
    let caller = house.kit.caller(&house.app, seat.person, Some(seat.capacity.role())).await;
    let mut seat = seat.clone();
    seat.caller = caller;
    seat
}

/// Does the reminders that are due, twice each as a poller may, and says how many texts went out.
async fn reminded(house: &House) -> usize {
    let before = house.kit.sms.messages().len();
    let store = &house.desk().store;
    let now = house.kit.micros();
    for job in store.claim_jobs(now, 1_000_000, 100).await.expect("a store") {
        if job.kind == "matter.reminder" {
            for _ in 0..2 {
                assert_eq!(rooms::matter_reminder(house.desk().clone(), job.payload.clone()).await, Outcome::Done);
            }
        }
        assert!(store.finish_job(&job, now).await.expect("a store"));
    }
    house.kit.sms.messages().len() - before
}

store::on_both_databases! {
    async fn sr17_a_matter_for_one_is_nothing_to_the_others_in_lists_sockets_numbers_and_files(db) {
        let house = House::on(db).await;
        let trial = Trial::begin(&house, 1).await;
        let room = trial.room(&house, Phase::Open).await;
        let served = Served::start(house.app.clone()).await;
        let mut sockets = Vec::new();
        for seat in &trial.seats {
            sockets.push(Socket::watching(&served, &seat.caller, room, 0).await);
        }
        let (judge, asked, also) = (trial.judge(), trial.seat(Capacity::Plaintiff), trial.seat(Capacity::Defendant));
        let matter = issue(&house, &judge, room, &[&asked, &also], time::Duration::hours(1)).await;
        let files = [
            house.upload(asked.person, FileKind::Photo, "CanaryFirst.jpg").await,
            house.upload(asked.person, FileKind::Document, "CanarySecond.pdf").await,
        ];
        let mut given = answer(matter, "CanaryAnswer");
        given["attachments"] = json!(files);
        let receipt = asked.must(room, given).await;
        judge.says(room, "至此").await;
        let policy = house.desk().policy.clone();
        for (seat, socket) in trial.seats.iter().zip(&mut sockets) {
            let code = seat.capacity.code();
            let bench = policy.is_bench(seat.capacity);
            let sees_matter = bench || [asked.member, also.member].contains(&seat.member);
            let sees_answer = bench || seat.member == asked.member;
            let mut seen = String::new();
            for path in ["/api/rooms".to_owned(), format!("/api/rooms/{room}"), format!("/api/rooms/{room}/acts?limit=200"),
                format!("/api/rooms/{room}/matters")] {
                seen.push_str(&String::from_utf8_lossy(&seat.get(&path).await.body));
            }
            for seq in 1..60 {
                for place in [0, 1] {
                    let file = seat.get(&format!("/api/rooms/{room}/acts/{seq}/file?place={place}")).await;
                    seen.push_str(file.header("location"));
                    assert!(file.status == 404 || sees_answer, "{code} and file {seq}.{place}");
                }
            }
            while let Some(frame) = socket.next_within(Duration::from_millis(150)).await {
                seen.push_str(&frame.expect("the socket stays open").to_string());
            }
            for (word, may) in [
                ("CanaryTitle", sees_matter), ("CanaryText", sees_matter), ("CanaryField", sees_matter),
                ("CanaryAnswer", sees_answer), ("CanaryFirst", sees_answer), ("CanarySecond", sees_answer),
            ] {
                assert_eq!(seen.contains(word), may, "{code} and {word}");
            }
            assert_eq!(listed(seat, room).await.len(), usize::from(sees_matter), "{code}");
            let numbers: Vec<_> = seat.acts(room).await.iter().filter_map(|act| act["seq"].as_u64()).collect();
            assert_eq!(numbers, (1..=numbers.len() as u64).collect::<Vec<_>>(), "{code} sees a gap");
        }
        let own = &listed(&asked, room).await[0];
        assert_eq!((&own["status"], &own["answer"]["text"]), (&json!("answered"), &json!("CanaryAnswer")));
        assert_eq!(own["targets"], json!([]), "the others' progress is the bench's");
        assert_eq!(listed(&also, room).await[0]["status"], "open");
        let whole = &listed(&judge, room).await[0];
        assert_eq!(whole["targets"].as_array().map(Vec::len), Some(2));
        assert_eq!((&whole["targets"][0]["status"], &whole["targets"][1]["status"]), (&json!("answered"), &json!("open")));
        // Each of the two files is the one that was sent there.
        let seq = receipt["seq"].as_u64().expect("a number");
        for (place, status) in [(0, 307), (1, 307), (2, 404)] {
            let file = asked.get(&format!("/api/rooms/{room}/acts/{seq}/file?place={place}")).await;
            assert_eq!(file.status, status, "file {place}");
        }
        let shipped = format!("{:?}", house.kit.sms.messages());
        assert!(!shipped.contains("Canary"));
    }

    async fn a_draft_is_its_authors_alone_and_goes_with_the_submission(db) {
        let house = House::on(db).await;
        let trial = Trial::begin(&house, 1).await;
        let room = trial.room(&house, Phase::Open).await;
        let (judge, asked, also) = (trial.judge(), trial.seat(Capacity::Plaintiff), trial.seat(Capacity::Defendant));
        let matter = issue(&house, &judge, room, &[&asked, &also], time::Duration::hours(1)).await;
        let begun = json!({"text": "CanaryDraft", "values": {"CanaryField": "半"}});
        assert_eq!(draft(&asked, room, matter, json!({"text": "先前"})).await.0, 204);
        assert_eq!(draft(&asked, room, matter, begun.clone()).await.0, 204);
        for seat in &trial.seats {
            let seen = String::from_utf8_lossy(&seat.get(&format!("/api/rooms/{room}/matters")).await.body).into_owned();
            assert_eq!(seen.contains("CanaryDraft"), seat.member == asked.member, "{}", seat.capacity.code());
            let asks = [asked.member, also.member].contains(&seat.member);
            if !asks {
                assert_eq!(draft(seat, room, matter, begun.clone()).await, (404, "not_found".to_owned()));
            }
        }
        let own = listed(&asked, room).await[0]["draft"].clone();
        assert_eq!((&own["text"], &own["values"]["CanaryField"]), (&json!("CanaryDraft"), &json!("半")));
        let long = json!({"text": "长".repeat(50_000)});
        assert_eq!(draft(&asked, room, matter, long).await, (422, "draft_too_long".to_owned()));
        asked.must(room, answer(matter, "定稿")).await;
        let drafts = house.desk().store.drafts_of(room, asked.member).await.expect("a store");
        assert!(drafts.is_empty(), "the draft is gone with the answer");
        assert_eq!(draft(&asked, room, matter, begun).await, (409, "draft_over".to_owned()));
    }

    async fn a_late_answer_is_refused_with_the_time_and_the_way_to_ask_for_more_and_stores_nothing(db) {
        let house = House::on(db).await;
        let trial = Trial::begin(&house, 1).await;
        let room = trial.room(&house, Phase::Open).await;
        let (judge, asked) = (trial.judge(), trial.seat(Capacity::Plaintiff));
        let matter = issue(&house, &judge, room, &[&asked], time::Duration::minutes(30)).await;
        house.kit.clock.advance(time::Duration::minutes(30));
        let head = asked.acts(room).await.len();
        let late = asked.does(room, answer(matter, "迟到")).await;
        assert_eq!((late.status.as_u16(), late.code().as_str()), (403, "matter_late"));
        let detail = late.json()["detail"].as_str().map(str::to_owned).unwrap_or_default();
        assert!(detail.contains("2026 年 11 月 20 日 14:30:00") && detail.contains("申请延期"), "{detail}");
        assert_eq!(asked.acts(room).await.len(), head);
        assert_eq!(listed(&asked, room).await[0]["status"], "overdue");
        // The way that the refusal names leads somewhere.
        asked.tells(room, "申请延期", &[&judge]).await;
        let deadline = rfc3339(house.desk().now() + time::Duration::minutes(20));
        judge.must(room, json!({"kind": "matter.extend", "matter": matter, "deadline": deadline, "reason": "准许"})).await;
        asked.must(room, answer(matter, "补交")).await;
        let again = asked.does(room, answer(matter, "再交")).await;
        assert_eq!((again.status.as_u16(), again.code().as_str()), (409, "matter_answered"));
    }

    async fn those_who_have_not_answered_are_reminded_once_a_day_and_once_an_hour_before(db) {
        let house = House::on(db).await;
        let trial = Trial::begin(&house, 1).await;
        let days = time::Duration::days;
        let mut clerk = trial.seat(Capacity::CourtClerk);
        let room = house.schedule(&mut clerk.caller, trial.case, (time::Duration::ZERO, days(10)), &trial.members()).await;
        for seat in &trial.seats {
            seat.accepts(&house, room).await;
        }
        let judge = trial.judge();
        let seat = |capacity| trial.seat(capacity);
        let (asked, also, leaves) = (seat(Capacity::Plaintiff), seat(Capacity::Defendant), seat(Capacity::DefendantAgent));
        let begun = house.desk().now();
        let matter = issue(&house, &judge, room, &[&asked, &also, &leaves], days(3)).await;
        let at = |offset: time::Duration| house.kit.clock.set(begun + offset);
        at(days(2) - time::Duration::seconds(1));
        assert_eq!(reminded(&house).await, 0, "not before its time");
        anew(&house, &also).await.must(room, answer(matter, "已办")).await;
        let judge = anew(&house, &judge).await;
        judge.must(room, json!({"kind": "member.end", "member": leaves.member, "reason": "解除委托"})).await;
        at(days(2));
        assert_eq!(reminded(&house).await, 1, "the one who has not answered, once");
        let text = house.kit.sms.messages().pop().expect("a text");
        assert_eq!(text.template, SmsTemplate::MatterReminder);
        assert_eq!((text.params["left"].as_str(), text.params["deadline"].as_str()), ("24 小时", "11月23日 14:00"));
        assert!(!format!("{:?}", text.params).contains("Canary"), "what is asked stays in the room");
        // More time is given: the old reminder is not sent, the new ones are.
        let deadline = rfc3339(begun + days(5));
        judge.must(room, json!({"kind": "matter.extend", "matter": matter, "deadline": deadline, "reason": "申请"})).await;
        at(days(3));
        assert_eq!(reminded(&house).await, 0, "another deadline holds");
        at(days(4));
        house.kit.sms.fail(true);
        let due = house.desk().store.claim_jobs(house.kit.micros(), 1, 100).await.expect("a store");
        let reminder = due.iter().find(|job| job.kind == "matter.reminder").expect("a reminder is due");
        let tried = rooms::matter_reminder(house.desk().clone(), reminder.payload.clone()).await;
        assert!(matches!(tried, Outcome::Retry(..)), "{tried:?}");
        house.kit.sms.fail(false);
        at(days(4) + time::Duration::seconds(1));
        assert_eq!(reminded(&house).await, 1, "the provider is back");
        let judge = anew(&house, &judge).await;
        judge.must(room, json!({"kind": "matter.withdraw", "matter": matter, "reason": "不再需要"})).await;
        at(days(5) - time::Duration::hours(1));
        assert_eq!(reminded(&house).await, 0, "there is nothing to remind of");
    }
}
