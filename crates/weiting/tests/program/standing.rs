//! How people stand in cases: an agent comes in by mandate and goes with it; what each agreed to; where papers are sent; one's own devices.

use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{Method, Request};
use court::agency::Power;
use court::{Capacity, FileKind, MandateId, Phase, Role, RoomId};
use desk::jobs::Outcome;
use desk::testkit::{Caller, Kit};
use serde_json::{Value, json};
use store::kit::{TestDatabase, Which};

use crate::kit::{House, Node, Seat, Served, Socket, Trial, id_of, said};

/// Does what is due, twice each as a poller may.
async fn work(house: &House) {
    let (store, now) = (&house.desk().store, house.kit.micros());
    for _ in 0..4 {
        for job in store.claim_jobs(now, 1_000_000, 100).await.expect("a store") {
            for _ in 0..2 {
                let (desk, payload) = (house.desk().clone(), job.payload.clone());
                let outcome = match job.kind.as_str() {
                    "agency.carry" => standing::carry(desk, payload).await,
                    "agency.spread" => standing::spread(desk, payload).await,
                    "agency.await" => standing::awaited(desk, payload).await,
                    _ => Outcome::Done,
                };
                assert_eq!(outcome, Outcome::Done, "{}", job.kind);
            }
            assert!(store.finish_job(&job, now).await.expect("a store"));
        }
    }
}

/// Somebody who has said that they are an agent.
async fn lawyer(house: &House, name: &str, phone: &str) -> (court::PersonId, Caller) {
    let person = house.kit.person(name, phone).await;
    let mut caller = house.kit.caller(&house.app, person, None).await;
    assert_eq!(caller.put("/api/me/agent", json!({"kind": "lawyer"})).await.status, 204);
    (person, house.kit.caller(&house.app, person, Some(Role::Agent)).await)
}

fn special(powers: &[&str]) -> Value {
    json!({"scope": "special", "powers": powers})
}

/// A party names somebody; the mandate.
async fn applies(house: &House, party: &Seat, case: court::CaseId, name: &str, phone: &str) -> MandateId {
    let blob = house.upload(party.person, FileKind::Document, "授权委托书.pdf").await;
    let body = json!({"case": case, "agent": {"name": name, "phone": phone}, "authority": special(&["settle", "appeal"]), "blob": blob});
    let (key, mut caller) = (house.keys.next(), party.caller.clone());
    let answer = caller.post_once("/api/agency", &key, body.clone()).await;
    assert_eq!(answer.status, 201, "{}", said(&answer));
    // Sent again it is the same application.
    assert_eq!(caller.post_once("/api/agency", &key, body).await.json(), answer.json());
    work(house).await;
    id_of(&answer.json()["mandate"])
}

async fn ends_reading(socket: &mut Socket, since: Instant) {
    loop {
        let frame = socket.next().await.expect("the socket stays: the session does");
        if !frame["error"].is_null() {
            assert_eq!(frame["error"]["code"], "not_found");
            break;
        }
    }
    assert!(since.elapsed() < Duration::from_secs(1), "{:?}", since.elapsed());
}

store::on_both_databases! {
    async fn f8_sr18_an_agent_comes_into_every_room_by_mandate_and_is_gone_from_all_within_a_second(db) {
        let house = House::on(db).await;
        let other = Node::beside(&house).await;
        let served = Served::start(other.app.clone()).await;
        let trial = Trial::begin(&house, 1).await;
        let (first, second) = (trial.room(&house, Phase::Open).await, trial.room(&house, Phase::Open).await);
        let (plaintiff, clerk) = (trial.seat(Capacity::Plaintiff), trial.seat(Capacity::CourtClerk));
        let (person, mut agent) = lawyer(&house, "林一舟", "13977050001").await;
        for room in [first, second] {
            assert_eq!(agent.get(&format!("/api/rooms/{room}")).await.status, 404);
        }
        let mandate = applies(&house, &plaintiff, trial.case, "林一舟", "13977050001").await;
        let queue = clerk.get("/api/agency/queue").await.json();
        assert_eq!(queue.as_array().map(Vec::len), Some(1), "{queue}");
        assert_eq!(queue[0]["authority_said"], "特别授权：进行和解、提起上诉");
        let room: RoomId = id_of(&queue[0]["room"]);
        // Applied is not let in: not the applicant, nor whoever else is told of it.
        assert_eq!(agent.get(&format!("/api/rooms/{room}")).await.status, 404);
        let defendant = trial.seat(Capacity::Defendant);
        assert_eq!(defendant.get(&format!("/api/rooms/{room}/agency")).await.json()["mandates"], json!([]));
        assert_eq!(defendant.does(room, json!({"kind": "agency.approve", "mandate": mandate})).await.status, 403);
        clerk.must(room, json!({"kind": "agency.approve", "mandate": mandate})).await;
        work(&house).await;
        let mut sockets = Vec::new();
        let mut addresses = Vec::new();
        let cookie = agent.cookie().expect("a browser").to_owned();
        let far = house.kit.stranger(&other.app).with_cookie(cookie);
        for room in [first, second] {
            let state = house.desk().room(room).await.expect("a store").expect("the room");
            let member = state.member_of(person, Role::Agent).expect("the agent is in").id;
            let authority = state.authority(member, plaintiff.member).expect("an authority");
            assert!(authority.allows(Power::Settle) && !authority.allows(Power::Waive));
            let notice = house.desk().policy.entry_notice();
            let accepts = json!({"kind": "notice.acknowledge", "notice": notice.id, "version": notice.version});
            let answer = agent.post_once(&format!("/api/rooms/{room}/acts"), &house.keys.next(), accepts).await;
            assert_eq!(answer.status, 201, "{}", said(&answer));
            let file = house.upload(plaintiff.person, FileKind::Document, "合同.pdf").await;
            plaintiff.must(room, json!({"kind": "speech.document", "blob": file})).await;
            let acts = agent.get(&format!("/api/rooms/{room}/acts?limit=200")).await.json();
            let seq = acts.as_array().and_then(|acts| acts.last()).expect("an act")["seq"].clone();
            let ticket = agent.get(&format!("/api/rooms/{room}/acts/{seq}/file")).await;
            assert_eq!(ticket.status, 307, "{}", said(&ticket));
            addresses.push(ticket.header("location").strip_prefix(Kit::FILES).expect("the files' host").to_owned());
            let mut socket = Socket::watching(&served, &far, room, 0).await;
            while socket.next().await.expect("a frame")["head"].is_null() {}
            sockets.push(socket);
        }
        assert_eq!(agent.get("/api/cases").await.json().as_array().map(Vec::len), Some(1));
        let begun = Instant::now();
        plaintiff.must(first, json!({"kind": "agency.end", "mandate": mandate, "reason": "解除委托"})).await;
        work(&house).await;
        for socket in &mut sockets {
            ends_reading(socket, begun).await;
        }
        for room in [first, second] {
            assert_eq!(agent.get(&format!("/api/rooms/{room}")).await.status, 404);
            assert_eq!(agent.get(&format!("/api/rooms/{room}/acts")).await.status, 404);
        }
        for address in addresses {
            let request = Request::get(&address).header("host", desk::Config::host_of(Kit::FILES));
            assert_eq!(house.stranger().send(request, Body::empty()).await.status, 404);
        }
        assert_eq!(agent.get(&format!("/api/cases/{}", trial.case)).await.status, 404);
        assert_eq!(agent.get("/api/cases").await.json(), json!([]));
        assert_eq!(agent.get("/api/agency").await.json()["mandates"][0]["status"], "ended");
        // Twice is refused, and what is over gives nothing back.
        assert_eq!(clerk.does(first, json!({"kind": "agency.approve", "mandate": mandate})).await.code(), "mandate_decided");
    }

    async fn f20_consents_are_kept_with_their_text_and_the_judge_sees_who_agrees(db) {
        let house = House::on(db).await;
        let trial = Trial::begin(&house, 1).await;
        let room = trial.room(&house, Phase::Open).await;
        let judge = trial.judge();
        let at = format!("/api/rooms/{room}/consents");
        let give = |to: &str, agreed: bool| json!({"kind": "consent.give", "to": to, "version": "1", "agreed": agreed});
        let plaintiff = trial.seat(Capacity::Plaintiff);
        let asked = plaintiff.get(&at).await.json();
        assert_eq!(asked["open"], true);
        assert!(asked["mine"].as_array().is_some_and(|mine| mine.iter().all(|item| item["state"].is_null())), "nothing is ticked beforehand");
        assert_eq!(asked["asynchronous"], Value::Null);
        assert_eq!(judge.get(&at).await.json()["asynchronous"], false);
        for capacity in [Capacity::Plaintiff, Capacity::Defendant, Capacity::ThirdParty] {
            trial.seat(capacity).must(room, give("asynchronous", true)).await;
        }
        assert_eq!(judge.get(&at).await.json()["asynchronous"], true);
        // Refusing is a recorded answer and locks out of nothing.
        plaintiff.must(room, give("electronic_service", false)).await;
        plaintiff.says(room, "不同意电子送达，仍可发言").await;
        assert_eq!(plaintiff.does(room, give("electronic_service", false)).await.code(), "consent_answered");
        let outdated = json!({"kind": "consent.give", "to": "online_proceedings", "version": "0", "agreed": true});
        assert_eq!(plaintiff.does(room, outdated).await.code(), "consent_outdated");
        // A consent that was given is taken back with a reason, and holds until the court has decided.
        assert_eq!(plaintiff.does(room, give("asynchronous", false)).await.code(), "consent_stands");
        plaintiff.must(room, json!({"kind": "consent.withdraw", "to": "asynchronous", "reason": "需当面陈述"})).await;
        assert_eq!(judge.get(&at).await.json()["asynchronous"], true);
        let settle = json!({"kind": "consent.settle", "member": plaintiff.member, "to": "asynchronous", "granted": true, "reason": "理由正当"});
        assert_eq!(plaintiff.does(room, settle.clone()).await.code(), "not_for_capacity");
        judge.must(room, settle).await;
        assert_eq!(judge.get(&at).await.json()["asynchronous"], false);
        let kept = plaintiff.get("/api/me/consents").await.json();
        let kept = kept["consents"].as_array().expect("a list");
        assert_eq!(kept.len(), 2);
        let one = kept.iter().find(|one| one["to"] == "asynchronous").expect("it is there");
        assert_eq!((one["state"].as_str(), one["reason"].as_str()), (Some("withdrawn"), Some("理由正当")));
        assert_eq!(one["sha256"], court::consent::To::Asynchronous.text().sha256.to_string());
        // Others are told nothing of what one agreed to.
        let defendant = trial.seat(Capacity::Defendant);
        let acts = defendant.get(&format!("/api/rooms/{room}/acts?limit=200")).await;
        assert!(!String::from_utf8_lossy(&acts.body).contains("当面陈述"));
        assert_eq!(defendant.get(&at).await.json()["members"], json!([]));
    }

    async fn f22_sr50_addresses_are_for_their_person_and_the_bench_and_stand_nowhere_in_clear(db) {
        let house = House::on(db).await;
        let trial = Trial::begin(&house, 1).await;
        let room = trial.room(&house, Phase::Open).await;
        let (plaintiff, judge, defendant) = (trial.seat(Capacity::Plaintiff), trial.judge(), trial.seat(Capacity::Defendant));
        let entry = |ways: Value| json!({"recipient": "示例收件", "phone": "13800138000", "postcode": "200000", "address": "QIULU-示例路 7 号", "ways": ways, "default": true});
        let put = async |seat: &Seat, ways| seat.caller.clone().write(Method::PUT, "/api/me/domicile", &[], json!({"entries": [entry(ways)]})).await;
        assert_eq!(plaintiff.does(room, json!({"kind": "domicile.confirm", "version": 1})).await.code(), "domicile_missing");
        assert_eq!(put(&plaintiff, json!(["sms"])).await.json()["version"], 1);
        let confirm = json!({"kind": "domicile.confirm", "version": 1});
        assert_eq!(plaintiff.does(room, confirm.clone()).await.code(), "electronic_service_not_agreed");
        let agree = json!({"kind": "consent.give", "to": "electronic_service", "version": "1", "agreed": true});
        plaintiff.must(room, agree).await;
        plaintiff.must(room, confirm.clone()).await;
        assert_eq!(plaintiff.does(room, confirm).await.code(), "domicile_confirmed");
        let list = format!("/api/cases/{}/domiciles", trial.case);
        assert_eq!(judge.get(&list).await.json()[0]["entries"][0]["address"], "QIULU-示例路 7 号");
        assert_eq!(defendant.get(&list).await.status, 404);
        assert_eq!(plaintiff.get(&list).await.status, 404);
        // What is changed later is not what was confirmed.
        assert_eq!(put(&plaintiff, json!([])).await.json()["version"], 2);
        assert_eq!(judge.get(&list).await.json()[0]["version"], 1);
        for acts in [judge.get(&format!("/api/rooms/{room}/acts?limit=200")).await, defendant.get(&format!("/api/rooms/{room}/acts?limit=200")).await] {
            assert!(!String::from_utf8_lossy(&acts.body).contains("QIULU"));
        }
        let url = house.database.options().database;
        if let Some(path) = url.strip_prefix("sqlite://") {
            for file in [path.to_owned(), format!("{path}-wal")] {
                let bytes = std::fs::read(&file).unwrap_or_default();
                assert!(!bytes.windows(5).any(|window| window == b"QIULU"), "{file} holds an address in clear");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sr11_applying_tells_nobody_which_cases_and_accounts_there_are() {
    let house = House::sqlite().await;
    let trial = Trial::begin(&house, 1).await;
    let room = trial.room(&house, Phase::Open).await;
    let (person, mut agent) = lawyer(&house, "林一舟", "13977050001").await;
    let mut asks = async |number: &str| {
        let blob = house.upload(person, FileKind::Document, "授权委托书.pdf").await;
        let body = json!({"number": number, "party_name": "原告1", "authority": {"scope": "general"}, "blob": blob});
        let answer = agent.post_once("/api/agency", &house.keys.next(), body).await;
        assert_eq!(answer.status, 201, "{}", said(&answer));
    };
    asks("（2026）沪0113民初1号").await;
    asks("(2026)沪0113民初404号").await;
    work(&house).await;
    let mine = agent.get("/api/agency").await.json();
    let of = |mine: &Value, part: &str| {
        let all = mine["mandates"].as_array().expect("a list");
        all.iter().map(|one| one[part].clone()).collect::<Vec<_>>()
    };
    assert_eq!(of(&mine, "status"), ["pending", "pending"], "{mine}");
    assert_eq!(of(&mine, "room"), [Value::Null, Value::Null]);
    let times: Vec<_> = of(&mine, "changed_at");
    assert_eq!(times, of(&mine, "applied_at"), "when it came into a record would tell that there is one");
    // The party is told that somebody wants to speak for them; nobody else is.
    let plaintiff = trial.seat(Capacity::Plaintiff);
    assert_eq!(
        plaintiff.get(&format!("/api/rooms/{room}/agency")).await.json()["mandates"].as_array().map(Vec::len),
        Some(1)
    );
    // A party learns of an agent whom they know by name and number, and of nobody else.
    let ask = async |seat: &Seat, name: &str, phone: &str| {
        seat.caller.clone().post("/api/agency/check", json!({"name": name, "phone": phone})).await
    };
    assert_eq!(ask(&plaintiff, "林一舟", "139 7705 0001").await.json()["found"], true);
    let unknown = ask(&plaintiff, "林一舟", "13977050009").await.json();
    let misnamed = ask(&plaintiff, "林二舟", "13977050001").await.json();
    let no_agent = ask(&plaintiff, "被告", "13900010007").await.json();
    assert_eq!(unknown["found"], false);
    assert!(unknown == misnamed && unknown == no_agent, "{no_agent}");
    assert_eq!(ask(&trial.judge(), "林一舟", "13977050001").await.code(), "not_a_party");
    for _ in 0..6 {
        ask(&plaintiff, "林一舟", "13977050001").await;
    }
    assert_eq!(ask(&plaintiff, "林一舟", "13977050001").await.code(), "checks_too_many");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f8_a_party_has_two_agents_at_most_and_nobody_acts_for_both_sides() {
    let house = House::sqlite().await;
    let trial = Trial::begin(&house, 1).await;
    let plaintiff = trial.seat(Capacity::Plaintiff);
    let case = trial.case;
    lawyer(&house, "林一舟", "13977050001").await;
    // There is no room yet: it waits for the first.
    let waits = applies(&house, &plaintiff, case, "林一舟", "13977050001").await;
    let room = trial.room(&house, Phase::Open).await;
    work(&house).await;
    let judge = trial.judge();
    judge.must(room, json!({"kind": "agency.approve", "mandate": waits})).await;
    lawyer(&house, "林二舟", "13977050002").await;
    // With the agent who was let in without a mandate they are two.
    let third = applies(&house, &plaintiff, case, "林二舟", "13977050002").await;
    assert_eq!(judge.does(room, json!({"kind": "agency.approve", "mandate": third})).await.code(), "agents_too_many");
    judge.must(room, json!({"kind": "agency.reject", "mandate": third, "reason": "已有两名代理人"})).await;
    let defendant = trial.seat(Capacity::Defendant);
    let both = applies(&house, &defendant, case, "林一舟", "13977050001").await;
    assert_eq!(judge.does(room, json!({"kind": "agency.approve", "mandate": both})).await.code(), "agent_elsewhere");
    // Powers that are not named are none.
    let blob = house.upload(plaintiff.person, FileKind::Document, "授权委托书.pdf").await;
    let named = json!({"name": "林二舟", "phone": "13977050002"});
    let body = json!({"case": case, "agent": named, "authority": special(&[]), "blob": blob});
    let mut caller = plaintiff.caller.clone();
    assert_eq!(caller.post_once("/api/agency", &house.keys.next(), body).await.code(), "powers_missing");
    // Another case's party has no business here.
    let elsewhere = Trial::begin(&house, 2).await;
    let body = json!({"case": case, "agent": {"name": "林二舟", "phone": "13977050002"}, "authority": special(&["settle"]), "blob": blob});
    let mut caller = elsewhere.seat(Capacity::Plaintiff).caller.clone();
    assert_eq!(caller.post_once("/api/agency", &house.keys.next(), body).await.status, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sr08_ending_ones_other_devices_closes_them_at_once_and_leaves_this_one() {
    let house = House::on(TestDatabase::fresh(Which::Sqlite).await).await;
    let served = Served::start(house.app.clone()).await;
    let trial = Trial::begin(&house, 1).await;
    let room = trial.room(&house, Phase::Open).await;
    let plaintiff = trial.seat(Capacity::Plaintiff);
    let mut phone = house.kit.caller(&house.app, plaintiff.person, Some(Role::Party)).await;
    let listed = phone.get("/api/me/sessions").await.json();
    let sessions = listed["sessions"].as_array().expect("a list").clone();
    assert_eq!(sessions.len(), 2, "{listed}");
    assert_eq!((&sessions[0]["current"], &sessions[1]["current"]), (&json!(true), &json!(false)));
    assert!(sessions[0]["ip"].is_null());
    let mut socket = Socket::watching(&served, &plaintiff.caller, room, 0).await;
    socket.act().await;
    // Another's session is none of mine.
    let judge = trial.judge();
    let theirs = judge.get("/api/me/sessions").await.json()["sessions"][0]["id"].clone();
    let path = |id: &Value| format!("/api/me/sessions/{}", id.as_str().expect("an id"));
    assert_eq!(phone.write(Method::DELETE, &path(&theirs), &[], json!({})).await.status, 404);
    assert_eq!(judge.get("/api/me").await.status, 200);
    let begun = Instant::now();
    assert_eq!(phone.post("/api/me/sessions/others", json!({})).await.status, 204);
    assert_eq!(socket.closed().await, 4401);
    assert!(begun.elapsed() < Duration::from_secs(1));
    assert_eq!(plaintiff.get("/api/me").await.status, 401);
    assert_eq!(phone.get("/api/me").await.status, 200);
}
