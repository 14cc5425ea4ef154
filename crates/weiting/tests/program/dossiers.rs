//! 电子卷宗 through the whole program: who sees what, by itself and by hand, page by page, and for how long.

use axum::body::Body;
use axum::http::Request;
use bytes::Bytes;
use court::{Capacity, FileKind, Phase, RoomId};
use desk::testkit::{Answer, Kit};
use serde_json::{Value, json};

use crate::kit::{House, Seat, Trial, said};

/// A PDF with so many pages, each with a word.
fn pdf(pages: usize) -> Bytes {
    let mut text = String::from("%PDF-1.4\n");
    let mut places = Vec::new();
    let mut object = |text: &mut String, body: String| {
        places.push(text.len());
        text.push_str(&format!("{} 0 obj\n{body}\nendobj\n", places.len()));
    };
    let kids: Vec<String> = (0..pages).map(|page| format!("{} 0 R", 4 + 2 * page)).collect();
    object(&mut text, "<< /Type /Catalog /Pages 2 0 R >>".to_owned());
    object(&mut text, format!("<< /Type /Pages /Count {pages} /Kids [{}] >>", kids.join(" ")));
    object(&mut text, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned());
    for page in 0..pages {
        let content = format!("BT /F1 24 Tf 72 700 Td (Page {}) Tj ET", page + 1);
        object(
            &mut text,
            format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents {} 0 R >>",
                5 + 2 * page
            ),
        );
        object(&mut text, format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()));
    }
    let table = text.len();
    text.push_str(&format!("xref\n0 {}\n0000000000 65535 f \n", places.len() + 1));
    for place in &places {
        text.push_str(&format!("{place:010} 00000 n \n"));
    }
    text.push_str(&format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n", places.len() + 1));
    Bytes::from(text)
}

/// Files something; the entry's id, from the list.
async fn filed(house: &House, trial: &Trial, room: RoomId, folder: &str, title: &str) -> String {
    let clerk = trial.seat(Capacity::CourtClerk);
    // One after the other, so that the newest is the last.
    house.kit.clock.advance(time::Duration::seconds(1));
    let blob = house.upload_of(clerk.person, FileKind::Document, "scan.pdf", pdf(3)).await;
    clerk.must(room, json!({"kind": "dossier.file", "blob": blob, "folder": folder, "title": title})).await;
    entry(&clerk, trial, title).await["id"].as_str().expect("an id").to_owned()
}

async fn list(seat: &Seat, trial: &Trial, query: &str) -> Answer {
    seat.get(&format!("/api/cases/{}/dossier?{query}", trial.case)).await
}

/// The titles that this reader finds, newest first.
async fn titles(seat: &Seat, trial: &Trial, query: &str) -> Vec<String> {
    let answer = list(seat, trial, query).await;
    assert_eq!(answer.status, 200, "{}", said(&answer));
    let entries = answer.json()["entries"].as_array().cloned().expect("a list");
    entries.iter().map(|entry| entry["title"].as_str().expect("a title").to_owned()).collect()
}

/// The entry with this title.
async fn entry(seat: &Seat, trial: &Trial, title: &str) -> Value {
    let entries = list(seat, trial, "limit=100").await.json()["entries"].as_array().cloned().expect("a list");
    entries.into_iter().find(|entry| entry["title"] == title).unwrap_or_else(|| panic!("no entry {title}"))
}

async fn shared(trial: &Trial, room: RoomId, entry: &str, with: Option<&[&Seat]>) -> String {
    let with = with.map(|with| with.iter().map(|seat| seat.member).collect::<Vec<_>>());
    let receipt = trial.judge().must(room, json!({"kind": "dossier.share", "entry": entry, "with": with})).await;
    receipt["id"].as_str().expect("an id").to_owned()
}

fn share_path(room: RoomId, share: &str) -> String {
    format!("/api/rooms/{room}/shares/{share}/pages")
}

/// The status and code of an answer.
fn told(answer: &Answer) -> (u16, String) {
    (answer.status.as_u16(), answer.code())
}

/// What is at the address to which an answer leads.
async fn delivered(house: &House, answer: &Answer) -> Answer {
    assert_eq!(answer.status, 307, "{}", said(answer));
    at(house, answer.header("location")).await
}

async fn at(house: &House, address: &str) -> Answer {
    let path = address.strip_prefix(Kit::FILES).expect("the files' host");
    let request = Request::get(path).header("host", desk::Config::host_of(Kit::FILES));
    house.stranger().send(request, Body::empty()).await
}

store::on_both_databases! {
    async fn sr17_parties_never_see_the_auxiliary_folder_nor_what_is_not_shared(db) {
        let house = House::on(db).await;
        let trial = Trial::begin(&house, 1).await;
        let room = trial.room(&house, Phase::Open).await;
        let main = filed(&house, &trial, room, "main", "CanaryMain").await;
        let auxiliary = filed(&house, &trial, room, "auxiliary", "CanaryAuxiliary").await;
        let judge = trial.judge();
        let refused = judge.does(room, json!({"kind": "dossier.share", "entry": auxiliary})).await;
        assert_eq!(told(&refused), (409, "dossier_auxiliary".to_owned()));
        let policy = house.desk().policy.clone();
        for seat in &trial.seats {
            let code = seat.capacity.code();
            let bench = policy.is_bench(seat.capacity);
            let answer = list(seat, &trial, "").await;
            assert_eq!(answer.status.as_u16(), if bench { 200 } else { 404 }, "{code}");
            if bench {
                assert_eq!(titles(seat, &trial, "").await, ["CanaryAuxiliary", "CanaryMain"], "{code}");
                assert_eq!(titles(seat, &trial, "folder=auxiliary").await, ["CanaryAuxiliary"], "{code}");
                continue;
            }
            let mut seen = String::new();
            for path in [
                "/api/rooms".to_owned(), format!("/api/rooms/{room}"), format!("/api/rooms/{room}/acts?limit=200"),
                format!("/api/rooms/{room}/shares"), format!("/api/cases/{}", trial.case),
                format!("/api/rooms/{room}/search?q=canary"), "/api/search?q=canary".to_owned(),
            ] {
                seen.push_str(&String::from_utf8_lossy(&seat.get(&path).await.body));
            }
            for id in [&main, &auxiliary] {
                for rest in ["", "/pages", "/pages/1", "/file"] {
                    let path = format!("/api/cases/{}/dossier/{id}{rest}", trial.case);
                    assert_eq!(told(&seat.get(&path).await), (404, "not_found".to_owned()), "{code} {rest}");
                }
                let inspect = seat.does(room, json!({"kind": "dossier.inspect", "entry": id})).await;
                assert_eq!(told(&inspect), (403, "not_for_capacity".to_owned()), "{code}");
            }
            assert!(!seen.contains("Canary") && !seen.contains(&main) && !seen.contains(&auxiliary), "{code}");
            let numbers: Vec<_> = seat.acts(room).await.iter().filter_map(|act| act["seq"].as_u64()).collect();
            assert_eq!(numbers, (1..=numbers.len() as u64).collect::<Vec<_>>(), "{code} sees a gap");
        }
    }

    async fn f50_what_members_send_is_filed_by_itself_and_private_files_only_for_whom_they_were(db) {
        let house = House::on(db).await;
        let trial = Trial::begin(&house, 1).await;
        let room = trial.room(&house, Phase::Open).await;
        let (judge, plaintiff, own_agent) = (trial.judge(), trial.seat(Capacity::Plaintiff), trial.seat(Capacity::PlaintiffAgent));
        let show = async |name: &str, to: Value| {
            house.kit.clock.advance(time::Duration::seconds(1));
            let blob = house.upload(plaintiff.person, FileKind::Photo, name).await;
            plaintiff.must(room, json!({"kind": "speech.photo", "blob": blob, "to": to})).await
        };
        let receipt = show("公开.jpg", json!("everyone")).await;
        show("给审判长.jpg", json!({"members": [judge.member]})).await;
        show("给代理人.jpg", json!({"members": [own_agent.member]})).await;
        let own = entry(&judge, &trial, "公开.jpg").await;
        assert_eq!((&own["name"], &own["room"], &own["at"]), (&json!("原告1"), &json!(room), &receipt["at"]));
        assert_eq!((&own["folder"], &own["filed"]), (&json!("main"), &json!(false)));
        let acts = plaintiff.acts(room).await;
        let act = acts.iter().find(|act| act["id"] == receipt["id"]).expect("the act");
        assert_eq!(own["file"]["sha256"], act["file"]["sha256"]);
        assert_eq!(titles(&judge, &trial, "").await, ["给审判长.jpg", "公开.jpg"]);
        // Clerks hear what is said to a judge; the others of the bench do not.
        assert_eq!(titles(&trial.seat(Capacity::CourtClerk), &trial, "").await, ["给审判长.jpg", "公开.jpg"]);
        assert_eq!(titles(&trial.seat(Capacity::LayAssessor), &trial, "").await, ["公开.jpg"]);
        let private = entry(&judge, &trial, "给审判长.jpg").await;
        assert_eq!(private["shareable"], false);
        let assessor = trial.seat(Capacity::LayAssessor);
        let path = format!("/api/cases/{}/dossier/{}", trial.case, private["id"].as_str().expect("an id"));
        assert_eq!(told(&assessor.get(&path).await), (404, "not_found".to_owned()));
        let inspect = assessor.does(room, json!({"kind": "dossier.inspect", "entry": private["id"]})).await;
        assert_eq!(told(&inspect), (422, "dossier_entry_unknown".to_owned()));
        let refused = judge.does(room, json!({"kind": "dossier.share", "entry": private["id"]})).await;
        assert_eq!(told(&refused), (409, "dossier_private".to_owned()));
        // Found by title, by sender, by kind and by how it came there.
        assert_eq!(titles(&judge, &trial, "q=%E5%85%AC%E5%BC%80").await, ["公开.jpg"]);
        assert_eq!(titles(&judge, &trial, "q=%E5%8E%9F%E5%91%8A1&limit=1").await, ["给审判长.jpg"]);
        assert_eq!(titles(&judge, &trial, "kind=document").await, [""; 0]);
        assert_eq!(titles(&judge, &trial, "source=filed").await, [""; 0]);
        let first = entry(&judge, &trial, "给审判长.jpg").await["id"].clone();
        let after = format!("limit=1&after={}", first.as_str().expect("an id"));
        assert_eq!(titles(&judge, &trial, &after).await, ["公开.jpg"]);
        assert_eq!(list(&judge, &trial, &format!("q={}", "a".repeat(101))).await.code(), "malformed_query");
    }

    async fn f54_pages_are_read_after_opening_and_every_opening_is_an_act(db) {
        let house = House::on(db).await;
        let trial = Trial::begin(&house, 1).await;
        let room = trial.room(&house, Phase::Open).await;
        let (judge, plaintiff, defendant) = (trial.judge(), trial.seat(Capacity::Plaintiff), trial.seat(Capacity::Defendant));
        let id = filed(&house, &trial, room, "main", "合同").await;
        let share = shared(&trial, room, &id, Some(&[&plaintiff])).await;
        let path = share_path(room, &share);
        // Not before it is opened, and not by others.
        assert_eq!(told(&plaintiff.get(&path).await), (409, "dossier_not_opened".to_owned()));
        assert_eq!(told(&plaintiff.get(&format!("{path}/1")).await), (409, "dossier_not_opened".to_owned()));
        assert_eq!(told(&defendant.get(&path).await), (404, "not_found".to_owned()));
        let open = json!({"kind": "dossier.open", "share": share});
        assert_eq!(told(&defendant.does(room, open.clone()).await), (422, "dossier_share_unknown".to_owned()));
        let receipt = plaintiff.must(room, open.clone()).await;
        let pages = plaintiff.get(&path).await;
        assert_eq!((&pages.json()["state"], &pages.json()["count"]), (&json!("ready"), &json!(3)), "{}", said(&pages));
        let page = delivered(&house, &plaintiff.get(&format!("{path}/2?width=strip")).await).await;
        assert_eq!((page.status.as_u16(), page.header("content-type")), (200, "image/jpeg"));
        assert_eq!(page.header("cache-control"), "private, no-store");
        assert_eq!(at(&house, plaintiff.get(&format!("{path}/4")).await.header("location")).await.status, 404);
        assert_eq!(plaintiff.get(&format!("{path}/1?width=huge")).await.status, 422);
        // The act: for the bench and for who opened.
        for seat in &trial.seats {
            let knows = house.desk().policy.is_bench(seat.capacity) || seat.member == plaintiff.member;
            let seen = seat.acts(room).await.iter().any(|act| act["id"] == receipt["id"]);
            assert_eq!(seen, knows, "{}", seat.capacity.code());
            let shares = seat.get(&format!("/api/rooms/{room}/shares")).await.json()["shares"].as_array().cloned().expect("a list");
            assert_eq!(shares.len(), usize::from(knows), "{}", seat.capacity.code());
        }
        let own = plaintiff.get(&format!("/api/rooms/{room}/shares")).await.json();
        assert_eq!((&own["shares"][0]["entry"], own["shares"][0]["openings"].as_array().map(Vec::len)), (&Value::Null, Some(1)));
        // The file is no file of any act: not of the filing, not of the share, not of the opening.
        for seq in 1..40 {
            for seat in [&judge, &plaintiff] {
                let answer = seat.get(&format!("/api/rooms/{room}/acts/{seq}/file")).await;
                assert_eq!(answer.status, 404, "{} {seq}", seat.capacity.code());
            }
        }
        // Once in half an hour is enough; then it is opened again, and the old address is worth nothing.
        let address = plaintiff.get(&format!("{path}/1")).await.header("location").to_owned();
        assert_eq!(told(&plaintiff.does(room, open.clone()).await), (409, "dossier_opened".to_owned()));
        house.kit.clock.advance(time::Duration::minutes(30));
        assert_eq!(told(&plaintiff.get(&path).await), (409, "dossier_not_opened".to_owned()));
        assert_eq!(at(&house, &address).await.status, 404);
        plaintiff.must(room, open).await;
        assert_eq!(plaintiff.get(&path).await.status, 200);
    }

    async fn sr08_what_ends_a_share_ends_reading_at_once(db) {
        let house = House::on(db).await;
        let trial = Trial::begin(&house, 1).await;
        let room = trial.room(&house, Phase::Open).await;
        let (judge, clerk) = (trial.judge(), trial.seat(Capacity::CourtClerk));
        let agent = trial.seat(Capacity::PlaintiffAgent);
        let mut held = Vec::new();
        for title in ["收回", "移动", "撤回", "退出"] {
            let id = filed(&house, &trial, room, "main", title).await;
            let share = shared(&trial, room, &id, None).await;
            agent.must(room, json!({"kind": "dossier.open", "share": share})).await;
            let path = share_path(room, &share);
            let address = agent.get(&format!("{path}/1")).await.header("location").to_owned();
            assert_eq!(at(&house, &address).await.status, 200, "{title}");
            held.push((id, share, path, address));
        }
        let [back, moved, withdrawn, left] = &held[..] else { panic!("four") };
        judge.must(room, json!({"kind": "dossier.unshare", "share": back.1})).await;
        clerk.must(room, json!({"kind": "dossier.refile", "entry": moved.0, "folder": "auxiliary", "reason": "归错"})).await;
        clerk.must(room, json!({"kind": "dossier.withdraw", "entry": withdrawn.0, "reason": "误传"})).await;
        for (what, (.., share, path, address)) in [("taken back", back), ("moved", moved), ("withdrawn", withdrawn)] {
            assert_eq!(at(&house, address).await.status, 404, "{what}");
            assert_eq!(told(&agent.get(path).await), (409, "dossier_share_over".to_owned()), "{what}");
            assert_eq!(told(&agent.get(&format!("{path}/1")).await), (409, "dossier_share_over".to_owned()), "{what}");
            let again = agent.does(room, json!({"kind": "dossier.open", "share": share})).await;
            assert_eq!(told(&again), (409, "dossier_share_over".to_owned()), "{what}");
        }
        let shares = agent.get(&format!("/api/rooms/{room}/shares")).await.json()["shares"].as_array().cloned().expect("a list");
        assert_eq!(shares.iter().filter(|share| share["live"] == true).count(), 1);
        assert_eq!(titles(&judge, &trial, "").await, ["退出", "移动", "收回"], "nothing of what is left is lost");
        // SR-18: a former member reads nothing.
        judge.must(room, json!({"kind": "member.end", "member": agent.member, "reason": "解除委托"})).await;
        assert_eq!(at(&house, &left.3).await.status, 404);
        for path in [left.2.clone(), format!("{}/1", left.2), format!("/api/rooms/{room}/shares")] {
            assert_eq!(told(&agent.get(&path).await), (404, "not_found".to_owned()), "{path}");
        }
    }

    async fn no_90_the_bench_reads_from_the_dossier_by_an_act_and_an_assessor_before_the_window(db) {
        let house = House::on(db).await;
        let mut trial = Trial::begin(&house, 1).await;
        let room = trial.room(&house, Phase::Scheduled).await;
        let id = filed(&house, &trial, room, "auxiliary", "合议笔录").await;
        let path = format!("/api/cases/{}/dossier/{id}", trial.case);
        let assessor = trial.seat(Capacity::LayAssessor);
        assert_eq!(told(&assessor.get(&format!("/api/rooms/{room}/acts")).await), (403, "not_started".to_owned()));
        let detail = assessor.get(&path).await.json();
        assert_eq!((&detail["open_in"], &detail["opened"]), (&json!(room), &json!(false)));
        for rest in ["/pages", "/pages/1", "/file"] {
            let answer = assessor.get(&format!("{path}{rest}")).await;
            assert_eq!(told(&answer), (409, "dossier_not_opened".to_owned()), "{rest}");
        }
        assessor.must(room, json!({"kind": "dossier.inspect", "entry": id})).await;
        assert_eq!(assessor.get(&path).await.json()["opened"], true);
        assert_eq!(assessor.get(&format!("{path}/pages")).await.json()["count"], 3);
        let address = assessor.get(&format!("{path}/pages/3")).await.header("location").to_owned();
        assert_eq!(at(&house, &address).await.status, 200);
        let original = delivered(&house, &assessor.get(&format!("{path}/file")).await).await;
        assert_eq!(original.body, pdf(3), "SR-35: the original, byte for byte");
        // Another's opening opens nothing.
        assert_eq!(told(&trial.judge().get(&format!("{path}/pages")).await), (409, "dossier_not_opened".to_owned()));
        // Whoever is on the bench and in no room sees the list, and has no record in which to open.
        let outside = trial.seat_another(&house, "庭外审判员", "13900019999", Capacity::PanelMember).await;
        assert_eq!(titles(&outside, &trial, "").await, ["合议笔录"]);
        assert_eq!(outside.get(&path).await.json()["open_in"], Value::Null);
        assert_eq!(told(&outside.get(&format!("{path}/pages")).await), (409, "dossier_not_opened".to_owned()));
        // A mandate that ends ends it all.
        let now = house.kit.micros();
        house.desk().store.end_participant(assessor.member, now).await.expect("a store");
        assert_eq!(told(&assessor.get(&path).await), (404, "not_found".to_owned()));
        assert_eq!(at(&house, &address).await.status, 404);
    }

    async fn an_entry_of_another_case_or_room_opens_nothing(db) {
        let house = House::on(db).await;
        let (ours, theirs) = (Trial::begin(&house, 1).await, Trial::begin(&house, 2).await);
        let (room, second) = (ours.room(&house, Phase::Open).await, ours.room(&house, Phase::Open).await);
        let foreign = theirs.room(&house, Phase::Open).await;
        let id = filed(&house, &ours, room, "main", "本案").await;
        let other = filed(&house, &theirs, foreign, "main", "别案").await;
        let judge = ours.judge();
        for kind in ["dossier.share", "dossier.inspect"] {
            let answer = judge.does(room, json!({"kind": kind, "entry": other})).await;
            assert_eq!(told(&answer), (422, "dossier_entry_unknown".to_owned()), "{kind}");
        }
        assert_eq!(told(&judge.get(&format!("/api/cases/{}/dossier/{other}", ours.case)).await), (404, "not_found".to_owned()));
        assert_eq!(told(&list(&judge, &theirs, "").await), (404, "not_found".to_owned()));
        // What was filed in one room of the case is shared into another, and is read there alone.
        let share = shared(&ours, second, &id, None).await;
        let plaintiff = ours.seat(Capacity::Plaintiff);
        let astray = plaintiff.does(room, json!({"kind": "dossier.open", "share": share})).await;
        assert_eq!(told(&astray), (422, "dossier_share_unknown".to_owned()));
        plaintiff.must(second, json!({"kind": "dossier.open", "share": share})).await;
        assert_eq!(plaintiff.get(&share_path(second, &share)).await.status, 200);
        assert_eq!(told(&plaintiff.get(&share_path(room, &share)).await), (404, "not_found".to_owned()));
        let twice = judge.does(second, json!({"kind": "dossier.share", "entry": id, "with": [plaintiff.member]})).await;
        assert_eq!(told(&twice), (409, "dossier_shared".to_owned()));
    }

    async fn the_clerk_files_after_the_end_too_and_what_is_shared_stays_readable(db) {
        let house = House::on(db).await;
        let trial = Trial::begin(&house, 1).await;
        let clerk = trial.seat(Capacity::CourtClerk);
        let room = house.schedule(&mut clerk.caller.clone(), trial.case, (time::Duration::ZERO, time::Duration::minutes(20)), &trial.members()).await;
        for seat in &trial.seats {
            seat.accepts(&house, room).await;
        }
        let id = filed(&house, &trial, room, "main", "判决书").await;
        let share = shared(&trial, room, &id, None).await;
        house.kit.clock.advance(time::Duration::minutes(20));
        let plaintiff = trial.seat(Capacity::Plaintiff);
        plaintiff.must(room, json!({"kind": "dossier.open", "share": share})).await;
        assert_eq!(plaintiff.get(&share_path(room, &share)).await.json()["count"], 3);
        filed(&house, &trial, room, "main", "送达回证").await;
        let late = trial.judge().does(room, json!({"kind": "dossier.share", "entry": id, "with": [plaintiff.member]})).await;
        assert_eq!(told(&late), (403, "not_in_this_phase".to_owned()));
        let rooms = list(&clerk, &trial, "").await.json()["rooms"].clone();
        assert_eq!(rooms[0]["may"], json!(["dossier.file", "dossier.refile", "dossier.withdraw", "dossier.open", "dossier.inspect"]));
    }
}
