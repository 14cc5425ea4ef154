//! 消息 through the whole program: who is told what, one number on all devices, and what leaves the house.

use std::time::Duration;

use axum::http::Method;
use connect::push::PushFailure;
use connect::sms::SmsTemplate;
use court::{Capacity, FileKind, Phase, RoomId};
use desk::jobs::Outcome;
use desk::testkit::{Answer, Caller};
use serde_json::{Value, json};
use time::macros::datetime;

use crate::kit::{House, Node, Seat, Served, Socket, Trial, rfc3339, said};

/// Words that may be in no notification's row, push, SMS or log.
const SECRET: &str = "CanaryLetter";

/// A browser's subscription as its own service would give it.
fn browser(token: &str) -> Value {
    let key = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
    json!({
        "endpoint": format!("https://push.example/{token}"),
        "keys": {"p256dh": key, "auth": "BTBZMqHH6r4Tts7J_aSIgg"},
    })
}

async fn put(caller: &Caller, path: &str, body: Value) -> Answer {
    caller.clone().write(Method::PUT, path, &[], body).await
}

async fn must_put(caller: &Caller, path: &str, body: Value) -> Answer {
    let answer = put(caller, path, body).await;
    assert!(answer.status.is_success(), "{path}: {}", said(&answer));
    answer
}

/// What somebody's list says, the newest first.
async fn listed(seat: &Seat) -> Vec<Value> {
    let answer = seat.get("/api/inbox").await;
    assert_eq!(answer.status, 200, "{}", said(&answer));
    answer.json()["items"].as_array().cloned().expect("a list")
}

async fn topics(seat: &Seat) -> Vec<String> {
    let topic = |item: Value| item["topic"].as_str().expect("a topic").to_owned();
    listed(seat).await.into_iter().map(topic).collect()
}

async fn counts(caller: &Caller) -> Value {
    let answer = caller.clone().get("/api/inbox/counts").await;
    assert_eq!(answer.status, 200, "{}", said(&answer));
    answer.json()
}

async fn unread(seat: &Seat) -> u64 {
    counts(&seat.caller).await["notifications"].as_u64().expect("a number")
}

/// Does what is due, each job twice as a poller may; those that are to be tried again stay.
async fn tells(house: &House) -> Vec<(String, Outcome)> {
    let (store, mut done) = (&house.desk().store, Vec::new());
    loop {
        let now = house.kit.micros();
        let jobs = store.claim_jobs(now, 1_000_000, 100).await.expect("a store");
        if jobs.is_empty() {
            return done;
        }
        for job in jobs {
            let desk = || house.desk().clone();
            let mut outcome = Outcome::Done;
            for _ in 0..2 {
                outcome = match job.kind.as_str() {
                    "notification.tell" => ::inbox::tell(desk(), job.payload.clone()).await,
                    "strong.reminder" => ::inbox::strong_reminder(desk(), job.payload.clone()).await,
                    "report.notice" => docket::report_notice(desk(), job.payload.clone()).await,
                    _ => Outcome::Done,
                };
            }
            let kept = match &outcome {
                Outcome::Retry(after, _) => {
                    let pause = i64::try_from(after.whole_microseconds()).expect("a pause").max(60_000_000);
                    store.retry_job(&job, now + pause, "again").await
                }
                _ => store.finish_job(&job, now).await,
            };
            kept.expect("a store");
            done.push((job.kind, outcome));
        }
    }
}

/// The next count that a socket is told.
async fn told(socket: &mut Socket) -> Value {
    loop {
        let frame = socket.next().await.expect("the socket stays open");
        if !frame["inbox"].is_null() {
            return frame["inbox"].clone();
        }
    }
}

/// Reads counts until they are these; fails when they do not come.
async fn told_at_last(socket: &mut Socket, notifications: u64) -> Value {
    loop {
        let counts = told(socket).await;
        if counts["notifications"] == notifications {
            return counts;
        }
    }
}

async fn following(served: &Served, caller: &Caller) -> Socket {
    let mut socket = Socket::open(served, caller).await;
    socket.say(json!({"inbox": true})).await;
    socket
}

async fn anew(house: &House, seat: &Seat) -> Caller {
    house.kit.caller(&house.app, seat.person, Some(seat.capacity.role())).await
}

async fn letter(from: &Seat, room: RoomId, to: &Seat, remind: bool) -> Value {
    let mut body = json!({"kind": "speech.text", "text": SECRET, "to": {"members": [to.member]}});
    if remind {
        body["remind"] = json!(true);
    }
    from.must(room, body).await
}

/// What became of the reminders of the last act that a member sees.
async fn outcomes(seat: &Seat, room: RoomId) -> Vec<String> {
    let acts = seat.acts(room).await;
    let reminders = acts.last().expect("an act")["reminders"].as_array().cloned().unwrap_or_default();
    reminders.iter().map(|one| one["outcome"].as_str().expect("an outcome").to_owned()).collect()
}

fn texts(house: &House) -> Vec<connect::sms::SmsMessage> {
    let sent = house.kit.sms.messages().into_iter();
    sent.filter(|message| message.template == SmsTemplate::Message).collect()
}

store::on_both_databases! {
    async fn each_is_told_what_concerns_them_and_it_leads_to_the_act(db) {
        let house = House::on(db).await;
        let trial = Trial::begin(&house, 1).await;
        let room = trial.room(&house, Phase::Open).await;
        let (judge, asked, other) = (trial.judge(), trial.seat(Capacity::Plaintiff), trial.seat(Capacity::Defendant));
        assert_eq!(topics(&asked).await, ["sitting.opened", "sitting.scheduled"]);
        assert_eq!(topics(&judge).await, ["sitting.scheduled"], "nobody is told of what they did");
        let deadline = rfc3339(house.desk().now() + time::Duration::hours(1));
        let issue = json!({"kind": "matter.issue", "title": "CanaryTitle", "text": "文", "targets": [asked.member], "deadline": deadline});
        let matter = judge.must(room, issue).await["id"].clone();
        letter(&asked, room, &judge, false).await;
        asked.must(room, json!({"kind": "matter.answer", "matter": matter, "text": "答"})).await;
        judge.must(room, json!({"kind": "matter.close", "matter": matter})).await;
        judge.says(room, "大家好").await;
        assert_eq!(topics(&asked).await, ["matter.closed", "matter.issued", "sitting.opened", "sitting.scheduled"]);
        assert_eq!(topics(&judge).await, ["matter.answered", "letter.received", "sitting.scheduled"]);
        assert_eq!(topics(&other).await, ["sitting.opened", "sitting.scheduled"]);
        let list = listed(&asked).await;
        let issued = &list[1];
        assert_eq!((&issued["matter"], &issued["room"], &issued["read"]), (&matter, &json!(room), &json!(false)));
        let seq = issued["seq"].as_u64().expect("a number");
        assert_eq!(asked.page(room, seq - 1, 1).await[0]["id"], matter, "the number is the member's own");
        assert!(issued["text"].as_str().unwrap().contains("CanaryTitle"));
        // By heading, and page by page.
        let part = asked.get("/api/inbox?category=process").await.json();
        assert_eq!(part["items"].as_array().map(Vec::len), Some(2));
        assert_eq!(asked.get("/api/inbox?category=palm_court").await.status, 422, "no tab without anything under it");
        let first = asked.get("/api/inbox?limit=3").await.json();
        let path = format!("/api/inbox?limit=3&before={}", first["next"].as_str().unwrap());
        assert_eq!(asked.get(&path).await.json()["items"], json!([list[3]]));
        let categories = counts(&asked.caller).await["categories"].clone();
        assert_eq!(categories, json!([
            {"code": "micro_court", "label": "微法庭", "unread": 2},
            {"code": "process", "label": "审判流程消息", "unread": 2},
            {"code": "service", "label": "电子送达", "unread": 0},
            {"code": "other", "label": "其他", "unread": 0},
        ]));
    }

    async fn sr17_a_letter_is_nothing_to_the_others_and_leaves_the_house_without_its_words(db) {
        let house = House::on(db).await;
        let trial = Trial::begin(&house, 1).await;
        let room = trial.room(&house, Phase::Open).await;
        for seat in &trial.seats {
            must_put(&seat.caller, "/api/push", browser(seat.capacity.code())).await;
            must_put(&seat.caller, "/api/inbox/subscriptions", json!({"function": "letter", "way": "sms", "on": true})).await;
        }
        tells(&house).await;
        let (before, woken) = (texts(&house).len(), house.kit.push.messages().len());
        let (judge, plaintiff) = (trial.judge(), trial.seat(Capacity::Plaintiff));
        judge.tells(room, SECRET, &[&plaintiff]).await;
        let photo = house.upload(judge.person, FileKind::Photo, "CanaryLetter.jpg").await;
        judge.must(room, json!({"kind": "speech.photo", "blob": photo, "to": {"members": [plaintiff.member]}})).await;
        tells(&house).await;
        for seat in &trial.seats {
            let code = seat.capacity.code();
            let mine = listed(seat).await.iter().filter(|item| item["topic"] == "letter.received").count();
            assert_eq!(mine, if seat.member == plaintiff.member { 2 } else { 0 }, "{code}");
            let said = String::from_utf8_lossy(&seat.get("/api/inbox").await.body).into_owned();
            assert_eq!(said.contains(SECRET), seat.member == plaintiff.member, "{code}");
        }
        let pushed = house.kit.push.messages().split_off(woken);
        assert_eq!(pushed.len(), 2, "once each, though the jobs ran twice");
        assert!(pushed.iter().all(|(to, _)| to.endpoint.ends_with("/plaintiff")));
        for (_, message) in &pushed {
            let payload: Value = serde_json::from_str(&message.payload).unwrap();
            assert_eq!(payload["text"], "您有新的消息，请登录查看");
            let fields: Vec<_> = payload.as_object().unwrap().keys().cloned().collect();
            assert_eq!(fields, ["category", "id", "text"]);
        }
        let sent = texts(&house).split_off(before);
        assert_eq!(sent.len(), 2);
        for text in sent {
            assert_eq!(text.params, [("what".to_owned(), "新的私信".to_owned())].into());
        }
        assert!(!format!("{pushed:?}").contains("Canary"));
    }

    async fn one_number_on_all_devices_and_nobody_elses(db) {
        let house = House::on(db).await;
        let trial = Trial::begin(&house, 1).await;
        let room = trial.room(&house, Phase::Open).await;
        let served = Served::start(house.app.clone()).await;
        let (judge, mine, other) = (trial.judge(), trial.seat(Capacity::Plaintiff), trial.seat(Capacity::Defendant));
        let second = anew(&house, &mine).await;
        let mut devices = [following(&served, &mine.caller).await, following(&served, &second).await];
        let mut elsewhere = following(&served, &other.caller).await;
        let begin = told(&mut devices[0]).await;
        assert_eq!(told(&mut devices[1]).await, begin);
        assert_eq!(begin["unread"].as_u64(), begin["rooms"].as_u64().zip(begin["notifications"].as_u64()).map(|(a, b)| a + b));
        let theirs = told(&mut elsewhere).await;
        letter(&judge, room, &mine, false).await;
        for device in &mut devices {
            let now = told_at_last(device, 3).await;
            assert_eq!(now["rooms"].as_u64(), begin["rooms"].as_u64().map(|rooms| rooms + 1));
        }
        // Read on one device: the other follows by itself, and the letter is read with its room.
        let head = mine.get(&format!("/api/rooms/{room}")).await.json()["head"].clone();
        must_put(&second, &format!("/api/rooms/{room}/read"), json!({"seq": head})).await;
        let read = told_at_last(&mut devices[0], 0).await;
        assert_eq!(read, json!({"unread": 0, "rooms": 0, "notifications": 0}));
        assert_eq!(told_at_last(&mut devices[1], 0).await, read);
        let shown = counts(&second).await;
        assert_eq!((&shown["unread"], &shown["rooms"]), (&json!(0), &json!(0)));
        // What was for one alone moved nobody else's number.
        assert!(elsewhere.next_within(Duration::from_millis(400)).await.is_none());
        assert_eq!(counts(&other.caller).await["unread"], theirs["unread"]);
        // What everybody reads moves it, without a notification.
        judge.says(room, "请看").await;
        assert_eq!(told(&mut elsewhere).await["rooms"].as_u64(), theirs["rooms"].as_u64().map(|rooms| rooms + 1));
        // Who no longer wants to be told is told no longer.
        elsewhere.say(json!({"inbox": false})).await;
        tokio::time::sleep(Duration::from_millis(200)).await;
        judge.says(room, "再看").await;
        assert!(elsewhere.next_within(Duration::from_millis(600)).await.is_none());
    }

    async fn what_is_cleared_goes_off_the_list_and_comes_back(db) {
        let house = House::on(db).await;
        let trial = Trial::begin(&house, 1).await;
        trial.room(&house, Phase::Open).await;
        let (mine, other) = (trial.seat(Capacity::Plaintiff), trial.seat(Capacity::Defendant));
        let list = listed(&mine).await;
        must_put(&mine.caller, "/api/inbox/read", json!({"ids": [list[0]["id"]]})).await;
        assert_eq!(unread(&mine).await, 1);
        // Nobody reads or clears what is another's.
        must_put(&other.caller, "/api/inbox/read", json!({"ids": [list[1]["id"]]})).await;
        assert_eq!(unread(&mine).await, 1);
        let done = must_put(&mine.caller, "/api/inbox/cleared", json!({"what": "read"})).await.json();
        assert_eq!(done["cleared"], 1);
        assert_eq!(topics(&mine).await, ["sitting.scheduled"]);
        house.kit.clock.advance(time::Duration::seconds(1));
        let done = must_put(&mine.caller, "/api/inbox/cleared", json!({"what": "all"})).await.json();
        assert_eq!((done["cleared"].as_u64(), unread(&mine).await), (Some(1), 0));
        assert!(topics(&mine).await.is_empty());
        assert_eq!(topics(&other).await.len(), 2);
        let undo = json!({"undo": done["undo"]});
        assert_eq!(put(&other.caller, "/api/inbox/restored", undo.clone()).await.code(), "undo_over");
        must_put(&mine.caller, "/api/inbox/restored", undo.clone()).await;
        assert_eq!((topics(&mine).await, unread(&mine).await), (vec!["sitting.scheduled".to_owned()], 1));
        assert_eq!(put(&mine.caller, "/api/inbox/restored", undo).await.code(), "undo_over", "once");
        let done = must_put(&mine.caller, "/api/inbox/cleared", json!({"what": "all"})).await.json();
        house.kit.clock.advance(time::Duration::minutes(11));
        let late = put(&mine.caller, "/api/inbox/restored", json!({"undo": done["undo"]})).await;
        assert_eq!(late.code(), "undo_over");
        // Nothing of it touches a record: what is cleared can still be read there.
        for wrong in ["", "x", "-1", "99999999999999999999"] {
            assert_eq!(put(&mine.caller, "/api/inbox/restored", json!({"undo": wrong})).await.code(), "undo_over");
        }
    }

    async fn sr18_who_left_is_told_so_and_sees_nothing_of_before_or_after(db) {
        let house = House::on(db).await;
        let trial = Trial::begin(&house, 1).await;
        let room = trial.room(&house, Phase::Open).await;
        let (judge, gone) = (trial.judge(), trial.seat(Capacity::DefendantAgent));
        must_put(&gone.caller, "/api/push", browser("gone")).await;
        tells(&house).await;
        letter(&judge, room, &gone, true).await;
        let woken = house.kit.push.messages().len();
        judge.must(room, json!({"kind": "member.end", "member": gone.member, "reason": "委托终止"})).await;
        judge.must(room, json!({"kind": "sitting.close"})).await;
        tells(&house).await;
        assert!(texts(&house).is_empty(), "sr08: who left before it was sent is not reminded");
        let list = listed(&gone).await;
        assert_eq!(topics(&gone).await, ["member.ended"]);
        assert_eq!((&list[0]["room"], &list[0]["case"], &list[0]["seq"]), (&Value::Null, &Value::Null, &Value::Null));
        assert_eq!(unread(&gone).await, 1);
        let mine = house.kit.push.messages().split_off(woken);
        let mine: Vec<_> = mine.into_iter().filter(|(to, _)| to.endpoint.ends_with("/gone")).collect();
        assert_eq!(mine.len(), 1, "of the end alone");
        judge.must(room, json!({"kind": "member.admit", "participant": gone.member})).await;
        assert_eq!(topics(&gone).await[0], "member.admitted");
    }

    async fn a_notification_of_a_room_behind_its_gate_says_when_and_no_more(db) {
        let house = House::on(db).await;
        let trial = Trial::begin(&house, 1).await;
        let room = trial.room(&house, Phase::Scheduled).await;
        let (plaintiff, judge) = (trial.seat(Capacity::Plaintiff), trial.judge());
        let item = &listed(&plaintiff).await[0];
        assert_eq!((&item["room"], &item["seq"]), (&json!(room), &Value::Null));
        let text = item["text"].as_str().unwrap();
        assert!(text.contains("调解") && text.contains("11月20日 15:00"), "{text}");
        assert!(!text.contains("书记员"), "who arranged it stands behind the gate");
        assert!(listed(&judge).await[0]["seq"].is_number(), "the bench may come in");
    }

    async fn sr48_limits_hold_and_the_message_goes_in_any_case(db) {
        let house = House::on(db).await;
        let trial = Trial::begin(&house, 1).await;
        let room = trial.room(&house, Phase::Open).await;
        let (a, b) = (trial.seat(Capacity::Plaintiff), trial.seat(Capacity::Defendant));
        tells(&house).await;
        for expected in ["granted", "granted", "pair_full", "pair_full"] {
            letter(&a, room, &b, true).await;
            assert_eq!(outcomes(&a, room).await, [expected]);
            assert_eq!(outcomes(&b, room).await, [expected], "it is in the record for both");
        }
        tells(&house).await;
        assert_eq!(texts(&house).len(), 2);
        let phone = house.number(b.person).await;
        assert!(texts(&house).iter().all(|text| text.to == phone && text.params["what"] == "新的私信"));
        // A day later there is room again; a recipient's own limit holds whoever asks.
        house.kit.clock.advance(time::Duration::minutes(30));
        let others = [Capacity::ThirdParty, Capacity::PlaintiffAgent, Capacity::Mediator, Capacity::PresidingJudge];
        let mut said = Vec::new();
        for from in others {
            letter(&trial.seat(from), room, &b, true).await;
            said.extend(outcomes(&trial.seat(from), room).await);
        }
        assert_eq!(said, ["granted", "granted", "granted", "recipient_full"]);
        // What everybody reads reminds nobody.
        let loud = json!({"kind": "speech.text", "text": "注意", "remind": true});
        assert_eq!(a.does(room, loud).await.code(), "reminder_not_private");
        // Many at once from one person: the limit is the same.
        let c = trial.seat(Capacity::ThirdPartyAgent);
        let many = (0..8).map(|_| {
            let (a, c) = (a.clone(), c.clone());
            tokio::spawn(async move { letter(&a, room, &c, true).await })
        });
        for one in many.collect::<Vec<_>>() {
            one.await.unwrap();
        }
        let acts = c.acts(room).await;
        let granted = acts.iter().filter(|act| act["reminders"][0]["outcome"] == "granted" && act["reminders"][0]["member"] == json!(c.member));
        assert_eq!(granted.count(), 2);
    }

    async fn sr48_at_night_a_reminder_waits_and_what_was_read_meanwhile_is_not_reminded_of(db) {
        let house = House::on(db).await;
        house.kit.clock.set(datetime!(2026-11-20 12:30 UTC));
        let trial = Trial::begin(&house, 1).await;
        let mut clerk = trial.seat(Capacity::CourtClerk);
        let day = (time::Duration::ZERO, time::Duration::hours(20));
        let room = house.schedule(&mut clerk.caller, trial.case, day, &trial.members()).await;
        for seat in &trial.seats {
            seat.accepts(&house, room).await;
        }
        let judge = trial.judge();
        judge.must(room, json!({"kind": "sitting.open"})).await;
        house.kit.clock.set(datetime!(2026-11-20 13:00 UTC));
        let (awake, asleep) = (trial.seat(Capacity::Plaintiff), trial.seat(Capacity::Defendant));
        letter(&judge, room, &awake, true).await;
        letter(&judge, room, &asleep, true).await;
        tells(&house).await;
        house.kit.clock.set(datetime!(2026-11-20 23:59:59 UTC));
        tells(&house).await;
        assert!(texts(&house).is_empty(), "it is night");
        let reader = anew(&house, &awake).await;
        let head = reader.clone().get(&format!("/api/rooms/{room}")).await.json()["head"].clone();
        must_put(&reader, &format!("/api/rooms/{room}/read"), json!({"seq": head})).await;
        house.kit.clock.set(datetime!(2026-11-21 00:00 UTC));
        tells(&house).await;
        let sent = texts(&house);
        assert_eq!(sent.len(), 1);
        assert_eq!(sent[0].to, house.number(asleep.person).await);
    }

    async fn f21_f22_what_cannot_be_told_is_told_later_and_once(db) {
        let house = House::on(db).await;
        let trial = Trial::begin(&house, 1).await;
        let room = trial.room(&house, Phase::Open).await;
        tells(&house).await;
        let (judge, a) = (trial.judge(), trial.seat(Capacity::Plaintiff));
        must_put(&a.caller, "/api/push", browser("a")).await;
        let push = &house.kit.push;
        let down = |after| PushFailure::Unavailable { after, reason: "down".to_owned() };
        push.fail([down(None), down(Some(30))]);
        letter(&judge, room, &a, true).await;
        house.kit.sms.fail(true);
        let done = tells(&house).await;
        let again = done.iter().filter(|(_, outcome)| matches!(outcome, Outcome::Retry(..))).count();
        assert_eq!(again, 2, "the push and the text: {done:?}");
        assert!(push.messages().is_empty() && texts(&house).is_empty());
        house.kit.sms.fail(false);
        house.kit.clock.advance(time::Duration::minutes(2));
        tells(&house).await;
        assert_eq!((push.messages().len(), texts(&house).len()), (1, 1));
        // The poller died after sending and before noting: the service knows the second message by its topic.
        let told = house.desk().store.notifications_about(room.0, house.desk().room(room).await.unwrap().unwrap().seq).await;
        let id = told.unwrap()[0].id;
        assert_eq!(push.messages()[0].1.topic, id.simple().to_string());
        assert_eq!(id.simple().to_string().len(), 32, "no service takes more");
        // A browser that is gone is forgotten, one that refuses is not asked again.
        push.fail([PushFailure::Gone]);
        letter(&judge, room, &a, false).await;
        tells(&house).await;
        assert_eq!(a.get("/api/push").await.json()["on"], false);
        must_put(&a.caller, "/api/push", browser("b")).await;
        push.fail([PushFailure::Rejected("400".to_owned())]);
        letter(&judge, room, &a, false).await;
        tells(&house).await;
        letter(&judge, room, &a, false).await;
        tells(&house).await;
        assert_eq!(push.messages().len(), 2);
        assert_eq!(a.get("/api/push").await.json()["on"], true);
    }

    async fn sr08_a_browser_is_woken_no_more_once_its_login_is_over(db) {
        let house = House::on(db).await;
        let trial = Trial::begin(&house, 1).await;
        let room = trial.room(&house, Phase::Open).await;
        tells(&house).await;
        let (judge, a) = (trial.judge(), trial.seat(Capacity::Plaintiff));
        let state = a.get("/api/push").await.json();
        assert_eq!(state, json!({"key": "the-public-key", "on": false}));
        must_put(&a.caller, "/api/push", browser("a")).await;
        // Another role is another session at the same browser.
        let mut caller = a.caller.clone();
        let chosen = caller.write(Method::PUT, "/api/me/capacity", &[], json!({"capacity": "party"})).await;
        assert_eq!(chosen.status, 200, "{}", said(&chosen));
        assert_eq!(caller.clone().get("/api/push").await.json()["on"], true);
        letter(&judge, room, &a, false).await;
        assert_eq!(caller.clone().post("/api/logout", json!({})).await.status, 204);
        tells(&house).await;
        assert!(house.kit.push.messages().is_empty(), "the job was queued before, and asks when it runs");
    }

    async fn sr38_a_browser_is_taken_only_with_keys_and_at_a_push_service(db) {
        let house = House::on(db).await;
        let trial = Trial::begin(&house, 1).await;
        let a = trial.seat(Capacity::Plaintiff);
        let wrong = |change: &dyn Fn(&mut Value)| {
            let mut wish = browser("a");
            change(&mut wish);
            wish
        };
        for wish in [
            wrong(&|wish| wish["endpoint"] = json!("https://evil.example/a")),
            wrong(&|wish| wish["endpoint"] = json!("http://127.0.0.1/a")),
            wrong(&|wish| wish["endpoint"] = json!(format!("https://push.example/{}", "a".repeat(2_000)))),
            wrong(&|wish| wish["keys"]["auth"] = json!("AAAA")),
            wrong(&|wish| wish["keys"]["p256dh"] = json!("BAAA")),
            wrong(&|wish| wish["keys"]["p256dh"] = json!("!")),
        ] {
            let answer = put(&a.caller, "/api/push", wish).await;
            assert_eq!((answer.status.as_u16(), answer.code().as_str()), (422, "push_invalid"));
        }
        must_put(&a.caller, "/api/push", browser("a")).await;
        let answer = a.caller.clone().write(Method::DELETE, "/api/push", &[], json!({})).await;
        assert_eq!(answer.status, 204, "{}", said(&answer));
        assert_eq!(a.get("/api/push").await.json()["on"], false);
    }

    async fn what_the_law_wants_told_cannot_be_switched_off_and_says_why(db) {
        let house = House::on(db).await;
        let trial = Trial::begin(&house, 1).await;
        let a = trial.seat(Capacity::Plaintiff);
        let list = a.get("/api/inbox/subscriptions").await.json();
        let list = list.as_array().unwrap();
        for item in list {
            for way in item["ways"].as_array().unwrap() {
                let choice = json!({"function": item["function"], "way": way["way"], "on": false});
                let answer = put(&a.caller, "/api/inbox/subscriptions", choice).await;
                let expected = if way["fixed"] == true { 409 } else { 204 };
                assert_eq!(answer.status, expected, "{item} {way}");
                if way["way"] == "sms" && way["fixed"] == true {
                    assert_eq!(answer.json()["detail"], item["why"]);
                }
            }
        }
        let again = a.get("/api/inbox/subscriptions").await.json();
        let on = again.as_array().unwrap().iter().flat_map(|item| item["ways"].as_array().unwrap().clone());
        assert!(on.into_iter().all(|way| way["on"] == way["fixed"]));
        let unknown = json!({"function": "nothing", "way": "sms", "on": true});
        assert_eq!(put(&a.caller, "/api/inbox/subscriptions", unknown).await.code(), "function_unknown");
    }

    async fn a_report_is_told_to_its_clerks_and_its_answer_to_who_made_it(db) {
        let house = House::on(db).await;
        let (ours, others) = (Trial::begin(&house, 1).await, Trial::begin(&house, 2).await);
        let mut a = ours.seat(Capacity::Plaintiff);
        let report = json!({"number": "(2026)沪0113民初1号", "remark": "CanaryRemark"});
        let made = a.caller.post_once("/api/missing-cases", "k1", report).await;
        assert_eq!(made.status, 201, "{}", said(&made));
        let id = made.json()["id"].clone();
        tells(&house).await;
        let clerk = ours.seat(Capacity::CourtClerk);
        assert_eq!(topics(&clerk).await, ["report.received"]);
        assert!(topics(&others.seat(Capacity::CourtClerk)).await.is_empty());
        assert!(topics(&ours.judge()).await.is_empty());
        let path = format!("/api/missing-cases/{}/answer", id.as_str().unwrap());
        let answered = clerk.caller.clone().post(&path, json!({"reply": "CanaryReply"})).await;
        assert_eq!(answered.status, 204, "{}", said(&answered));
        tells(&house).await;
        assert_eq!(topics(&a).await, ["report.answered"]);
        let shown = String::from_utf8_lossy(&a.get("/api/inbox").await.body).into_owned();
        assert!(!shown.contains("Canary"), "the words are where the report is");
        assert!(topics(&ours.seat(Capacity::Defendant)).await.is_empty());
    }
}

/// Another node's devices follow too, within what the nodes take to hear of each other.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f27_a_device_at_another_node_follows() {
    let database = store::kit::TestDatabase::fresh(store::kit::Which::Postgres).await;
    let house = House::on(database).await;
    let trial = Trial::begin(&house, 1).await;
    let room = trial.room(&house, Phase::Open).await;
    let node = Node::beside(&house).await;
    let served = Served::start(node.app.clone()).await;
    let (judge, mine) = (trial.judge(), trial.seat(Capacity::Plaintiff));
    let caller = house.kit.caller(&node.app, mine.person, Some(mine.capacity.role())).await;
    let mut there = following(&served, &caller).await;
    told(&mut there).await;
    letter(&judge, room, &mine, false).await;
    told_at_last(&mut there, 3).await;
    let list = listed(&mine).await;
    let ids: Vec<_> = list.iter().map(|item| item["id"].clone()).collect();
    must_put(&mine.caller, "/api/inbox/read", json!({"ids": ids})).await;
    told_at_last(&mut there, 0).await;
}
