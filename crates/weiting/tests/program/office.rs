//! The court's office: reading a case from outside (SR-23), leaving the bench, the court's staff.

use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::Request;
use court::{Capacity, FileKind, PersonId, Phase, Role};
use desk::testkit::{Answer, Caller, Kit};
use serde_json::{Value, json};

use crate::kit::{House, Served, Socket, Trial, said};

const SECOND: Duration = Duration::from_secs(1);

/// Somebody who holds an office, logged in.
async fn holder(house: &House, place: u32, role: Role) -> (PersonId, Caller) {
    let person = house.kit.person(role.label(), &format!("1388800{place:04}")).await;
    let now = house.kit.micros();
    let row = store::OfficeRow {
        id: house.desk().chance.id(),
        person,
        role: role.code().to_owned(),
        invited_at: now,
        invited_by: None,
        code_hash: None,
        expires_at: now,
        accepted_at: Some(now),
        ended_at: None,
        ended_by: None,
    };
    house.desk().store.put_office(&row).await.expect("a store");
    (person, house.kit.caller(&house.app, person, Some(role)).await)
}

fn wish(number: u32) -> Value {
    json!({"number": format!("（2026）沪0113民初{number}号"), "reason": "核查群众来信反映的问题"})
}

async fn refused_frame(socket: &mut Socket) -> String {
    loop {
        let frame = socket.next().await.expect("the socket stays: the session does");
        if !frame["error"].is_null() {
            return frame["error"]["code"].as_str().expect("a code").to_owned();
        }
    }
}

async fn file_status(house: &House, address: &str) -> u16 {
    let request = Request::get(address).header("host", desk::Config::host_of(Kit::FILES));
    house.stranger().send(request, Body::empty()).await.status.as_u16()
}

fn must(answer: &Answer, status: u16) -> Value {
    assert_eq!(answer.status.as_u16(), status, "{}", said(answer));
    if answer.body.is_empty() { Value::Null } else { answer.json() }
}

store::on_both_databases! {
    async fn sr23_a_case_is_read_from_outside_for_a_reason_and_an_hour_and_everybody_in_it_sees_that(db) {
        let house = House::on(db).await;
        let served = Served::start(house.app.clone()).await;
        let trial = Trial::begin(&house, 1).await;
        let room = trial.room(&house, Phase::Open).await;
        let (judge, plaintiff) = (trial.judge(), trial.seat(Capacity::Plaintiff));
        judge.tells(room, "私下", &[&plaintiff]).await;
        judge.must(room, json!({"kind": "speech.text", "text": "评议", "to": "bench"})).await;
        let file = house.upload(judge.person, FileKind::Document, "合同.pdf").await;
        judge.must(room, json!({"kind": "speech.document", "blob": file})).await;
        let (_, mut president) = holder(&house, 1, Role::President).await;
        let (_, mut chief) = holder(&house, 2, Role::Supervisor).await;
        assert_eq!(chief.get(&format!("/api/rooms/{room}")).await.status, 404, "nothing before there is a reason");
        let none = json!({"number": "（2026）沪0113民初1号", "reason": "  "});
        assert_eq!(chief.post_once("/api/oversight", "empty", none).await.code(), "reason_missing");
        assert_eq!(chief.post_once("/api/oversight", "other", wish(9)).await.code(), "case_unknown");
        let opened = must(&chief.post_once("/api/oversight", "once", wish(1)).await, 201);
        assert_eq!(opened["rooms"], json!([room.to_string()]));
        assert_eq!(must(&chief.post_once("/api/oversight", "once", wish(1)).await, 201), opened, "one effect, one answer");
        assert_eq!(chief.post_once("/api/oversight", "twice", wish(1)).await.code(), "oversight_running");
        // Everybody in the room sees it, with the reason and no account.
        let told = plaintiff.acts(room).await.into_iter().filter(|act| act["kind"] == "oversight.read").collect::<Vec<_>>();
        assert_eq!(told.len(), 1);
        assert!(told[0]["sentence"].as_str().is_some_and(|text| text.contains("庭长") && text.contains("群众来信")));
        assert!(told[0].get("person").is_none(), "{}", told[0]);
        // The president is told, the bench too.
        let inbox = must(&president.get("/api/inbox").await, 200).to_string();
        assert!(inbox.contains("oversight.opened"), "{inbox}");
        assert!(must(&judge.get("/api/inbox").await, 200).to_string().contains("oversight.read"));
        let list = must(&president.get("/api/oversight").await, 200);
        assert_eq!((list[0]["running"].clone(), list[0]["mine"].clone()), (json!(true), json!(false)));
        // What everybody may read is read, and nothing else; nothing is written.
        let view = must(&chief.get(&format!("/api/rooms/{room}")).await, 200);
        assert_eq!((view["me"]["until"].clone(), view["me"]["may"].clone()), (opened["until"].clone(), json!([])));
        assert!(view["members"].as_array().expect("a list").iter().all(|one| one["me"] == false), "no member");
        let acts = must(&chief.get(&format!("/api/rooms/{room}/acts?limit=200")).await, 200);
        let text = acts.to_string();
        assert!(!text.contains("私下") && !text.contains("评议"), "{text}");
        let seqs: Vec<_> = acts.as_array().expect("a list").iter().map(|act| act["seq"].as_u64().expect("a number")).collect();
        assert_eq!(seqs, (1..=seqs.len() as u64).collect::<Vec<_>>(), "no gaps");
        let said = chief.post_once(&format!("/api/rooms/{room}/acts"), "say", json!({"kind": "speech.text", "text": "我说"})).await;
        assert_eq!((said.status.as_u16(), said.code().as_str()), (403, "not_for_capacity"));
        // What is said to some later stays theirs as well.
        judge.tells(room, "再私下", &[&plaintiff]).await;
        judge.says(room, "公开").await;
        let mut socket = Socket::watching(&served, &chief, room, 0).await;
        let mut heard = String::new();
        while !heard.contains("公开") {
            heard.push_str(&socket.next().await.expect("a frame").to_string());
        }
        assert!(!heard.contains("私下"), "{heard}");
        let shown = acts.as_array().expect("a list").iter().find(|act| act["kind"] == "speech.document").expect("a file");
        let led = chief.get(&format!("/api/rooms/{room}/acts/{}/file", shown["seq"])).await;
        let address = led.header("location").strip_prefix(Kit::FILES).expect("the files' host").to_owned();
        assert_eq!(file_status(&house, &address).await, 200);
        // It ends by itself, everywhere.
        let begun = Instant::now();
        house.kit.clock.advance(time::Duration::minutes(60));
        assert_eq!(chief.get(&format!("/api/rooms/{room}")).await.status, 404);
        assert_eq!(chief.get(&format!("/api/rooms/{room}/acts")).await.status, 404);
        assert_eq!(file_status(&house, &address).await, 404);
        assert_eq!(refused_frame(&mut socket).await, "not_found");
        assert!(begun.elapsed() < SECOND, "{:?}", begun.elapsed());
        let list = must(&chief.get("/api/oversight").await, 200);
        assert_eq!((list[0]["running"].clone(), list[0]["rooms"].clone()), (json!(false), json!([])));
        let again = must(&chief.post_once("/api/oversight", "later", wish(1)).await, 201);
        assert_ne!(again["id"], opened["id"]);
        assert_eq!(chief.get(&format!("/api/rooms/{room}/acts")).await.status, 200);
    }

    async fn sr18_who_leaves_the_bench_reads_nothing_from_then_on_and_who_takes_over_is_in(db) {
        let house = House::on(db).await;
        let served = Served::start(house.app.clone()).await;
        let trial = Trial::begin(&house, 1).await;
        let (first, second) = (trial.room(&house, Phase::Open).await, trial.room(&house, Phase::Waiting).await);
        let (judge, mut clerk) = (trial.judge(), trial.seat(Capacity::CourtClerk).caller);
        judge.must(first, json!({"kind": "speech.text", "text": "评议", "to": "bench"})).await;
        let (successor, mut after) = holder(&house, 3, Role::Judge).await;
        let panel = format!("/api/cases/{}/panel", trial.case);
        let offered = must(&clerk.get(&format!("{panel}/successors?leaves={}", judge.member)).await, 200);
        assert!(!offered.to_string().contains(&successor.to_string()), "no account is shown");
        let chosen = offered[0]["id"].clone();
        let mut asked = json!({"leaves": judge.member, "ground": "recused", "decided_by": "president", "reason": "与代理人有近亲属关系"});
        let refused = async |clerk: &mut Caller, key: &str, body: &Value| clerk.post_once(&panel, key, body.clone()).await.code();
        assert_eq!(refused(&mut clerk, "a", &asked).await, "successor_missing");
        asked["successor"] = chosen;
        asked["decided_by"] = json!("presiding_judge");
        assert_eq!(refused(&mut clerk, "b", &asked).await, "decision_not_theirs");
        asked["decided_by"] = json!("president");
        let mut own = judge.caller.clone();
        assert_eq!(refused(&mut own, "c", &asked).await, "panel_self");
        let mut plaintiff = trial.seat(Capacity::Plaintiff).caller;
        assert_eq!(refused(&mut plaintiff, "d", &asked).await, "not_for_capacity");
        let party = json!({"leaves": trial.seat(Capacity::Plaintiff).member, "ground": "recused", "decided_by": "president", "reason": "误选"});
        assert_eq!(refused(&mut clerk, "e", &party).await, "not_of_the_bench");
        let mut socket = Socket::watching(&served, &judge.caller, first, 0).await;
        while socket.next().await.expect("a frame")["head"].is_null() {}
        let begun = Instant::now();
        must(&clerk.post_once(&panel, "once", asked.clone()).await, 201);
        assert_eq!(refused_frame(&mut socket).await, "not_found");
        for room in [first, second] {
            assert_eq!(judge.get(&format!("/api/rooms/{room}/acts")).await.status, 404);
        }
        assert_eq!(judge.get(&format!("/api/cases/{}", trial.case)).await.status, 404);
        assert!(begun.elapsed() < SECOND, "{:?}", begun.elapsed());
        // Again it is the same, and one act in each room.
        must(&clerk.post_once(&panel, "once", asked).await, 201);
        let acts = trial.seat(Capacity::Plaintiff).acts(first).await;
        assert_eq!(acts.iter().filter(|act| act["kind"] == "panel.change").count(), 1);
        assert!(acts.iter().any(|act| act["sentence"].as_str().is_some_and(|text| text.contains("回避") && text.contains("接替"))));
        // Who takes over conducts the sitting; what was for the bench before is for them too.
        let read = must(&after.get(&format!("/api/rooms/{first}/acts?limit=200")).await, 200).to_string();
        assert!(read.contains("评议"), "{read}");
        let closes = after.post_once(&format!("/api/rooms/{first}/acts"), "close", json!({"kind": "sitting.close"})).await;
        must(&closes, 201);
        let view = must(&after.get(&panel).await, 200);
        assert_eq!(view["former"][0]["label"], "审判长");
        assert!(view["presiding"].as_array().expect("a list").iter().any(|one| one["me"] == true), "{view}");
    }

    async fn staff_are_invited_accept_once_and_lose_everything_at_once(db) {
        let house = House::on(db).await;
        let served = Served::start(house.app.clone()).await;
        let (_, mut administrator) = holder(&house, 4, Role::Administrator).await;
        let invite = json!({"name": "新来法官", "phone": "138 8800 0005", "role": "judge"});
        let first = must(&administrator.post_once("/api/staff", "once", invite.clone()).await, 201);
        let again = must(&administrator.post_once("/api/staff", "once", invite.clone()).await, 201);
        assert_eq!(first["id"], again["id"]);
        assert_ne!(first["code"], again["code"], "the code is kept nowhere, so it is another");
        assert_eq!(administrator.post_once("/api/staff", "more", invite).await.code(), "office_held");
        let party = json!({"name": "某人", "phone": "13888000006", "role": "party"});
        assert_eq!(administrator.post_once("/api/staff", "party", party).await.code(), "staff_invalid");
        let person = house.desk().store.person_by_phone("13888000005").await.expect("a store").expect("the invited").id;
        let mut invited = house.kit.caller(&house.app, person, None).await;
        assert_eq!(must(&invited.get("/api/me").await, 200)["roles"], json!([]), "until it is accepted nothing may be done");
        assert_eq!(invited.put("/api/me/capacity", json!({"capacity": "judge"})).await.code(), "role_not_yours");
        let accept = |code: &Value| json!({"code": code});
        assert_eq!(invited.post("/api/staff/accept", accept(&first["code"])).await.code(), "invitation_invalid");
        assert_eq!(administrator.post("/api/staff/accept", accept(&again["code"])).await.code(), "invitation_invalid", "not theirs");
        must(&invited.post("/api/staff/accept", accept(&again["code"])).await, 200);
        assert_eq!(invited.post("/api/staff/accept", accept(&again["code"])).await.code(), "invitation_invalid", "once");
        must(&invited.put("/api/me/capacity", json!({"capacity": "judge"})).await, 200);
        let listed = must(&administrator.get("/api/staff?q=新来".replace("新来", "%E6%96%B0%E6%9D%A5").as_str()).await, 200);
        assert_eq!((listed[0]["state"].clone(), listed[0]["phone"].clone()), (json!("active"), json!("138****0005")));
        assert_eq!(invited.get("/api/staff").await.status, 404);
        // The end.
        let trial = Trial::begin(&house, 1).await;
        let room = trial.room(&house, Phase::Open).await;
        let mut socket = Socket::watching(&served, &invited, room, 0).await;
        let end = format!("/api/staff/{}/end", listed[0]["id"].as_str().expect("an id"));
        let begun = Instant::now();
        assert_eq!(administrator.post(&end, json!({})).await.status, 204);
        assert_eq!(socket.closed().await, 4401);
        assert_eq!(invited.get("/api/me").await.status, 401);
        assert!(begun.elapsed() < SECOND, "{:?}", begun.elapsed());
        let mut back = house.kit.caller(&house.app, person, None).await;
        assert_eq!(back.put("/api/me/capacity", json!({"capacity": "judge"})).await.code(), "role_not_yours");
        assert_eq!(administrator.post(&end, json!({})).await.code(), "office_ended");
        let own = must(&administrator.get("/api/staff").await, 200);
        let own = own.as_array().expect("a list").iter().find(|row| row["mine"] == true).expect("one's own").clone();
        let own = format!("/api/staff/{}/end", own["id"].as_str().expect("an id"));
        assert_eq!(administrator.post(&own, json!({})).await.code(), "office_own");
        // An invitation that is not accepted in time is none.
        let late = json!({"name": "迟到的人", "phone": "13888000007", "role": "clerk"});
        let late = must(&administrator.post_once("/api/staff", "late", late).await, 201);
        house.kit.clock.advance(time::Duration::hours(72));
        let person = house.desk().store.person_by_phone("13888000007").await.expect("a store").expect("the invited").id;
        let mut caller = house.kit.caller(&house.app, person, None).await;
        assert_eq!(caller.post("/api/staff/accept", accept(&late["code"])).await.code(), "invitation_invalid");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn feedback_comes_to_those_who_answer_with_its_pictures_and_the_answer_comes_back() {
    let house = House::sqlite().await;
    let trial = Trial::begin(&house, 1).await;
    let (_, mut helper) = holder(&house, 9, Role::Clerk).await;
    let (plaintiff, other) = (trial.seat(Capacity::Plaintiff), trial.seat(Capacity::Defendant));
    let mut mine = plaintiff.caller.clone();
    let photo = house.upload(plaintiff.person, FileKind::Photo, "截图.jpg").await;
    let theirs = house.upload(other.person, FileKind::Photo, "别人的.jpg").await;
    let wish = |pictures: Value| json!({"text": "签名板空白", "pictures": pictures});
    assert_eq!(mine.post_once("/api/feedback", "a", wish(json!([theirs]))).await.code(), "picture_missing");
    assert_eq!(mine.post_once("/api/feedback", "b", json!({"text": " "})).await.code(), "feedback_invalid");
    let taken = must(&mine.post_once("/api/feedback", "once", wish(json!([photo]))).await, 201);
    assert_eq!(must(&mine.post_once("/api/feedback", "once", wish(json!([photo]))).await, 201), taken);
    let id = taken["id"].as_str().expect("an id").to_owned();
    assert!(must(&helper.get("/api/inbox").await, 200).to_string().contains("feedback.received"));
    let queue = must(&helper.get("/api/feedback/queue").await, 200);
    assert_eq!((queue[0]["text"].clone(), queue[0]["pictures"].clone()), (json!("签名板空白"), json!(1)));
    for (mut stranger, status) in [(other.caller.clone(), 404), (house.stranger(), 401)] {
        assert_eq!(stranger.get(&format!("/api/feedback/{id}/pictures/1")).await.status, status);
        assert_ne!(stranger.get("/api/feedback/queue").await.status, 200);
    }
    assert_eq!(helper.get(&format!("/api/feedback/{id}/pictures/2")).await.status, 404);
    let answer = format!("/api/feedback/{id}/answer");
    let reply = json!({"text": "请更新到最新版本后再试。"});
    must(&helper.post_once(&answer, "reply", reply.clone()).await, 201);
    must(&helper.post_once(&answer, "reply", reply).await, 201);
    let list = must(&mine.get("/api/feedback").await, 200);
    assert_eq!(list[0]["answers"].as_array().map(Vec::len), Some(1), "{list}");
    assert!(must(&mine.get("/api/inbox").await, 200).to_string().contains("feedback.answered"));
    assert_eq!(must(&helper.get("/api/feedback/queue").await, 200), json!([]));
    assert_eq!(must(&other.get("/api/feedback").await, 200), json!([]), "nobody else's");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sr23_whoever_takes_part_in_a_case_does_not_oversee_it() {
    let house = House::sqlite().await;
    let mut trial = Trial::begin(&house, 1).await;
    trial.room(&house, Phase::Open).await;
    let (person, mut chief) = holder(&house, 8, Role::Supervisor).await;
    trial.seat_person(&house, person, "原告", Capacity::Plaintiff).await;
    let refused = chief.post_once("/api/oversight", "once", wish(1)).await;
    assert_eq!((refused.status.as_u16(), refused.code().as_str()), (409, "oversight_of_own_case"));
    // Who holds the office no longer reads nothing more, though the session were still in the role.
    let office = house.desk().store.offices_of(person).await.expect("a store").remove(0);
    house.desk().store.end_office(office.id, None, house.kit.micros()).await.expect("a store");
    let mut again = house.kit.caller(&house.app, person, Some(Role::Supervisor)).await;
    assert_eq!(again.post_once("/api/oversight", "again", wish(1)).await.status, 404);
}
