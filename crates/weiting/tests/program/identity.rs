//! 实名认证 through the whole program: a face service that is believed only as far as it goes, a reviewer who looks at what nobody else sees, and what is
//! on the disk afterwards.

use axum::http::Method;
use connect::identity::{FaceOutcome, IdentityFailure};
use connect::sms::SmsTemplate;
use court::{Capacity, FileKind, PersonId, Role, UploadId};
use desk::testkit::{Answer, Caller};
use serde_json::{Value, json};
use store::kit::{TestDatabase, Which};
use store::{FinishedUpload, Purpose, UploadRow};
use time::Duration;

use crate::kit::logs::Logs;
use crate::kit::{House, Trial, said};

/// The number of a card that nobody has: there is no such area.
const NUMBER: &str = "710000199001310026";
const VERIFICATIONS: &str = "/api/identity/verifications";

/// Somebody who wants to be verified.
struct Wang<'h> {
    house: &'h House,
    person: PersonId,
    phone: String,
    caller: Caller,
}

impl<'h> Wang<'h> {
    async fn new(house: &'h House, phone: &str) -> Wang<'h> {
        let person = house.kit.person("王一方", phone).await;
        let unverified = house.desk().store.person(person).await.expect("a store").expect("a person");
        let unverified = store::Person { verified: false, ..unverified };
        house.desk().store.put_person(&unverified).await.expect("a store");
        let caller = house.kit.caller(&house.app, person, None).await;
        Wang { house, person, phone: phone.to_owned(), caller }
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        self.caller.clone().post(path, body).await
    }

    async fn begin(&self, kind: &str, number: &str) -> Answer {
        let who = json!({"notice": "1", "name": "王一方", "kind": kind, "number": number});
        self.caller.clone().post_once(VERIFICATIONS, &self.house.keys.next(), who).await
    }

    /// Up to where a way is chosen.
    async fn shown_the_code(&self, kind: &str, number: &str) -> String {
        let begun = self.begin(kind, number).await;
        assert_eq!(begun.status, 201, "{}", said(&begun));
        let path = format!("{VERIFICATIONS}/{}", begun.json()["id"].as_str().expect("an id"));
        self.house.kit.clock.advance(Duration::minutes(61));
        let sent = self.post(&format!("{path}/code"), json!({})).await;
        assert_eq!(sent.status, 202, "{}", said(&sent));
        let messages = self.house.kit.sms.messages();
        let code = messages.iter().rev().find(|one| one.to == self.phone && one.template == SmsTemplate::IdentityCode);
        let code = code.expect("a code").params["code"].clone();
        let wrong = if code == "000000" { "000001" } else { "000000" };
        let shows = async |code: &str| {
            self.caller.clone().write(Method::PUT, &format!("{path}/code"), &[], json!({"code": code})).await
        };
        assert_eq!(shows(wrong).await.code(), "code_wrong");
        assert_eq!(shows(&code).await.status, 204);
        assert_eq!(shows(&code).await.code(), "code_wrong", "a code is used once");
        path
    }

    async fn faces(&self, path: &str) -> Answer {
        let begun = self.post(&format!("{path}/face"), json!({})).await;
        assert_eq!(begun.status, 200, "{}", said(&begun));
        self.result(path).await
    }

    async fn result(&self, path: &str) -> Answer {
        self.post(&format!("{path}/face/result"), json!({})).await
    }

    async fn identity(&self) -> Value {
        self.caller.clone().get("/api/me/identity").await.json()
    }

    async fn verified(&self) -> bool {
        self.identity().await["verified"] == true
    }

    async fn brings(&self, kind: FileKind, content: &'static str) -> UploadId {
        let (desk, now) = (self.house.desk(), self.house.kit.micros());
        let (store, content) = (&desk.store, bytes::Bytes::from_static(content.as_bytes()));
        let row = UploadRow {
            id: UploadId(desk.chance.id()),
            person: self.person,
            name: "证件.jpg".to_owned(),
            length: content.len() as u64,
            offset: 0,
            created_at: now,
            expires_at: now + 24 * 3_600_000_000,
            finished: None,
            used: false,
            purpose: Purpose::Identity,
        };
        store.create_upload(&row).await.expect("an upload can be begun");
        let part = futures_util::stream::iter([Ok::<_, std::io::Error>(content.clone())]);
        store.receive(self.person, row.id, 0, part).await.expect("bytes can be stored");
        let (kind, media_type) = match kind {
            FileKind::Video => ("video", "video/webm"),
            _ => ("photo", "image/jpeg"),
        };
        let found = FinishedUpload {
            sha256: store.staging().hash(row.id).await.expect("a file").0,
            size: row.length,
            media_type: media_type.to_owned(),
            kind: kind.to_owned(),
            width: None,
            height: None,
            seconds: None,
            warnings: "[]".to_owned(),
        };
        store.finish_upload(row.id, &found, now).await.expect("an upload can be finished");
        row.id
    }

    async fn submits(&self, path: &str) -> Answer {
        let front = self.brings(FileKind::Photo, "CanaryFrontOfTheCard").await;
        let back = self.brings(FileKind::Photo, "CanaryBackOfTheCard").await;
        let video = self.brings(FileKind::Video, "CanaryVideoOfThePerson").await;
        let files = json!({"court": "示范区人民法院", "front": front, "back": back, "video": video});
        self.post(&format!("{path}/review"), files).await
    }
}

store::on_both_databases! {
    async fn f2_who_is_compared_with_the_register_is_verified_and_signs_the_notice(db) {
        let house = House::on(db).await;
        let wang = Wang::new(&house, "19900010001").await;
        assert!(!wang.verified().await);
        let path = wang.shown_the_code("resident_id", NUMBER).await;
        house.kit.faces.says(Ok(FaceOutcome::Same));
        let passed = wang.faces(&path).await;
        assert_eq!((passed.status.as_u16(), &passed.json()["stage"]), (200, &json!("passed")), "{}", said(&passed));
        let identity = wang.identity().await;
        assert_eq!(identity["number"], "7100**********0026");
        assert!(identity["verified"] == true && identity["expires_at"].is_string());
        assert!(!identity.to_string().contains(NUMBER), "masked, even for oneself");
        // The notice at the end is signed with the reserved signature, and the text is named to the byte.
        let notice = json!({"version": identity["after"]["version"], "sha256": identity["after"]["sha256"]});
        let signs = async || wang.post(&format!("{path}/acceptance"), notice.clone()).await;
        assert_eq!(signs().await.code(), "signature_missing");
        let drawn = json!({"method": "drawn", "png": crate::kit::ink::DRAWN});
        let reserved = wang.caller.clone().write(Method::PUT, "/api/me/signature", &[], drawn).await;
        assert_eq!(reserved.status, 200, "{}", said(&reserved));
        assert_eq!(signs().await.status, 204);
        assert_eq!(signs().await.status, 204, "the first signing stands");
        assert_eq!(wang.identity().await["attempt"]["accepted"], true);
        // After its time the badge is gone, and nothing else.
        house.kit.clock.advance(Duration::days(1_096));
        people::forget(house.desk().clone()).await.expect("a store");
        let again = house.kit.caller(&house.app, wang.person, None).await;
        assert_eq!(again.clone().get("/api/me").await.json()["verified"], false);
    }

    async fn sr11_a_result_is_fetched_bound_and_used_once(db) {
        let house = House::on(db).await;
        let wang = Wang::new(&house, "19900010001").await;
        let path = wang.shown_the_code("resident_id", NUMBER).await;
        // The browser comes back, and there was no check.
        assert_eq!(wang.faces(&path).await.code(), "face_pending");
        let told = wang.post(&format!("{path}/face/result"), json!({"outcome": "pass"})).await;
        assert_eq!(told.code(), "unknown_field", "what the browser says has no place to stand in");
        // The service is slow, away, or says no: nothing is decided, and a reviewer is always there.
        for (failure, status) in [
            (IdentityFailure::Unavailable { reason: "slow".to_owned() }, 503),
            (IdentityFailure::Rejected { code: "AuthFailure.SignatureFailure".to_owned() }, 409),
        ] {
            house.kit.faces.says(Err(failure));
            assert_eq!(wang.result(&path).await.status, status);
            assert!(!wang.verified().await);
        }
        // A result about somebody else is none.
        house.kit.faces.says(Ok(FaceOutcome::Same));
        house.kit.faces.about_somebody_else(true);
        let other = wang.result(&path).await;
        assert_eq!(other.json()["stage"], "rejected", "{}", said(&other));
        assert!(!wang.verified().await);
        house.kit.faces.about_somebody_else(false);
        // It was used; another attempt begins anew.
        assert_eq!(wang.result(&path).await.code(), "verification_over");
        // Two fetch at once: one decides.
        let path = wang.shown_the_code("resident_id", NUMBER).await;
        house.kit.faces.says(Err(IdentityFailure::Unavailable { reason: String::new() }));
        wang.faces(&path).await;
        house.kit.faces.says(Ok(FaceOutcome::Same));
        let (one, two) = tokio::join!(wang.result(&path), wang.result(&path));
        let mut statuses = [one.status.as_u16(), two.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409]);
        assert!(wang.verified().await);
        // Somebody else cannot use it, nor see it.
        let li = Wang::new(&house, "19900010002").await;
        for end in ["face", "face/result", "code"] {
            assert_eq!(li.post(&format!("{path}/{end}"), json!({})).await.status, 404);
        }
        // The same card for a second account is looked at by somebody.
        let again = li.shown_the_code("resident_id", NUMBER).await;
        assert_eq!(li.faces(&again).await.json()["stage"], "rejected");
        assert!(!li.verified().await);
    }

    async fn f3_a_reviewer_looks_leaves_a_trace_and_decides_once(db) {
        let house = House::on(db).await;
        let trial = Trial::begin(&house, 3).await;
        let clerk = trial.seat(Capacity::CourtClerk);
        let wang = Wang::new(&house, "19900010001").await;
        // Of every other document the service knows nothing; nobody is kept out for it.
        let path = wang.shown_the_code("taiwan_permit", "00000001").await;
        assert_eq!(wang.post(&format!("{path}/face"), json!({})).await.code(), "face_unfit");
        let handed = wang.submits(&path).await;
        assert_eq!((handed.status.as_u16(), &handed.json()["stage"]), (200, &json!("review")), "{}", said(&handed));
        assert!(house.desk().store.staging().all().await.expect("a folder").is_empty(), "nothing lies about in clear");
        assert_eq!(wang.submits(&path).await.code(), "verification_over");
        let queue = clerk.get("/api/identity/reviews").await.json();
        let id = queue[0]["id"].as_str().expect("an id").to_owned();
        assert_eq!(queue[0]["number"], "0*****01");
        assert_eq!(queue[0]["phone"], "199****0001");
        let review = format!("/api/identity/reviews/{id}");
        let post = async |path: &str, body: Value| clerk.caller.clone().post(&format!("{review}/{path}"), body).await;
        // Nobody decides what they have not looked at, and nobody looks without a reason.
        assert_eq!(post("decision", json!({"outcome": "approve"})).await.code(), "review_unopened");
        assert_eq!(clerk.get(&format!("{review}/files/front")).await.status, 404);
        assert_eq!(post("open", json!({"reason": " "})).await.code(), "reason_invalid");
        let opened = post("open", json!({"reason": "核对身份"})).await;
        assert_eq!(opened.json()["full_number"], "00000001", "{}", said(&opened));
        let front = clerk.get(&format!("{review}/files/front")).await;
        assert_eq!(front.body, "CanaryFrontOfTheCard".as_bytes());
        assert_eq!(front.header("content-type"), "application/octet-stream");
        assert_eq!(clerk.get(&format!("{review}/files/video")).await.body, "CanaryVideoOfThePerson".as_bytes());
        let reads = house.desk().store.sensitive_reads(10).await.expect("a store");
        assert_eq!((reads.len(), reads[0].reader, reads[0].person), (1, clerk.person, wang.person));
        // A judge, a party, the person: for them there is no such thing.
        for other in [trial.judge(), trial.seat(Capacity::Plaintiff)] {
            assert_eq!(other.get("/api/identity/reviews").await.status, 404);
            assert_eq!(other.get(&format!("{review}/files/front")).await.status, 404);
        }
        house.kit.clock.advance(Duration::minutes(31));
        assert_eq!(clerk.get(&format!("{review}/files/front")).await.status, 404, "a reason holds for half an hour");
        post("open", json!({"reason": "继续核对"})).await;
        assert_eq!(post("decision", json!({"outcome": "reject"})).await.code(), "reason_invalid");
        assert_eq!(post("decision", json!({"outcome": "reject", "reason": "证件模糊"})).await.status, 204);
        assert_eq!(post("decision", json!({"outcome": "approve"})).await.code(), "verification_over");
        assert_eq!(wang.identity().await["attempt"]["reason"], "证件模糊");
        let told = house.kit.caller(&house.app, wang.person, Some(Role::Party)).await.get("/api/inbox").await;
        assert!(said(&told).contains("identity.answered"), "{}", said(&told));
        // Again, and approved.
        let path = wang.shown_the_code("taiwan_permit", "00000001").await;
        wang.submits(&path).await;
        let queue = clerk.get("/api/identity/reviews").await.json();
        let id = queue[0]["id"].as_str().expect("an id").to_owned();
        let post = async |path: &str, body: Value| {
            clerk.caller.clone().post(&format!("/api/identity/reviews/{id}/{path}"), body).await
        };
        post("open", json!({"reason": "核对身份"})).await;
        assert_eq!(post("decision", json!({"outcome": "approve"})).await.status, 204);
        assert!(wang.verified().await);
        // What was handed in goes when its time is over, whatever lies in the folder of files.
        house.kit.clock.advance(Duration::days(91));
        people::forget(house.desk().clone()).await.expect("a store");
        let clerk_again = house.kit.caller(&house.app, clerk.person, Some(Role::Clerk)).await;
        let detail = clerk_again.clone().post(&format!("/api/identity/reviews/{id}/open"), json!({"reason": "复核"})).await;
        assert_eq!(detail.json()["files"], json!([]), "{}", said(&detail));
    }

    async fn f2_what_is_wrong_is_said_before_anything_is_kept(db) {
        let house = House::on(db).await;
        let wang = Wang::new(&house, "19900010001").await;
        for (kind, number, code) in [
            ("resident_id", "710000199001310020", "number_checksum"),
            ("resident_id", "710000199002310025", "number_birthday"),
            ("resident_id", "123", "number_form"),
            ("passport", "E;", "number_form"),
        ] {
            assert_eq!(wang.begin(kind, number).await.code(), code, "{kind} {number}");
        }
        let who = |notice: &str, name: &str| json!({"notice": notice, "name": name, "kind": "passport", "number": "E0000001"});
        let post = async |body: Value| wang.caller.clone().post_once(VERIFICATIONS, &house.keys.next(), body).await;
        assert_eq!(post(who("0", "王一方")).await.code(), "notice_outdated");
        assert_eq!(post(who("1", " ")).await.code(), "name_invalid");
        assert_eq!(post(who("1", "王\u{202e}方")).await.code(), "name_invalid");
        // Repeated, it is one attempt; the name that the court knows is not changed by a face.
        let key = house.keys.next();
        let other = json!({"notice": "1", "name": "王二方", "kind": "resident_id", "number": NUMBER});
        let first = wang.caller.clone().post_once(VERIFICATIONS, &key, other.clone()).await;
        let second = wang.caller.clone().post_once(VERIFICATIONS, &key, other).await;
        assert_eq!((first.status.as_u16(), first.json()), (201, second.json()));
        let path = format!("{VERIFICATIONS}/{}", first.json()["id"].as_str().expect("an id"));
        assert_eq!(wang.post(&format!("{path}/face"), json!({})).await.code(), "phone_unverified");
    }
}

/// What must not be found in clear: the numbers of everybody, and what was handed in.
async fn a_day_with_numbers(house: &House) -> Vec<String> {
    let trial = Trial::begin(house, 5).await;
    let wang = Wang::new(house, "19900010077").await;
    let path = wang.shown_the_code("resident_id", NUMBER).await;
    wang.submits(&path).await;
    let clerk = trial.seat(Capacity::CourtClerk);
    let id = clerk.get("/api/identity/reviews").await.json()[0]["id"].as_str().expect("an id").to_owned();
    for (end, body) in [("open", json!({"reason": "核对"})), ("decision", json!({"outcome": "approve"}))] {
        clerk.caller.clone().post(&format!("/api/identity/reviews/{id}/{end}"), body).await;
    }
    house.kit.clock.advance(Duration::minutes(61));
    house.stranger().post("/api/login/code", json!({"phone": wang.phone})).await;
    house.kit.sms.nth_code_for(&wang.phone, 1).await;
    // Keys are changed while all of it is there.
    let desk = house.desk();
    desk::keys::rotate(&desk.store, &desk.vault, &*desk.chance, desk.now()).await.expect("a key");
    house.kit.clock.advance(Duration::minutes(2));
    let from = json!({"column": 0, "row": uuid::Uuid::nil()}).to_string();
    assert_eq!(desk::keys::reseal(desk.clone(), from).await, desk::jobs::Outcome::Done);
    assert!(wang.verified().await);
    let mut secret = vec![wang.phone.clone(), NUMBER.to_owned()];
    for seat in &trial.seats {
        secret.push(house.desk().store.person(seat.person).await.expect("a store").expect("a person").phone);
    }
    secret.extend(["CanaryFrontOfTheCard", "CanaryBackOfTheCard", "CanaryVideoOfThePerson"].map(str::to_owned));
    secret
}

/// Every file under a folder that holds one of these.
fn found_in(folder: &std::path::Path, secret: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        if entry.path().is_dir() {
            found.extend(found_in(&entry.path(), secret));
            continue;
        }
        let bytes = std::fs::read(entry.path()).unwrap_or_default();
        for word in secret {
            if bytes.windows(word.len()).any(|part| part == word.as_bytes()) {
                found.push(format!("{} holds {word}", entry.path().display()));
            }
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sr50_no_number_is_found_in_database_log_backup_files_or_logs() {
    let logs = Logs::catch();
    let house = House::on(TestDatabase::fresh(Which::Sqlite).await).await;
    let secret = a_day_with_numbers(&house).await;
    // The database and its log as they are while the court works, and as they are after it has closed.
    let folders = [house.database.folder().to_owned(), house.kit.folder().to_owned()];
    let log = house.database.folder().join("weiting.db-wal");
    assert!(log.metadata().is_ok_and(|file| file.len() > 0), "there is a log to look into");
    for folder in &folders {
        assert_eq!(found_in(folder, &secret), Vec::<String>::new());
    }
    let backup = tempfile::tempdir().expect("a folder");
    house.desk().store.close().await;
    for file in std::fs::read_dir(house.database.folder()).expect("a folder").flatten() {
        if file.path().is_file() {
            std::fs::copy(file.path(), backup.path().join(file.file_name())).expect("a copy");
        }
    }
    assert_eq!(found_in(backup.path(), &secret), Vec::<String>::new());
    let text = logs.text();
    assert!(text.lines().count() > 10);
    assert_eq!(secret.iter().filter(|word| text.contains(word.as_str())).count(), 0, "{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sr50_no_number_is_found_in_a_dump_of_postgres() {
    let house = House::on(TestDatabase::fresh(Which::Postgres).await).await;
    let secret = a_day_with_numbers(&house).await;
    let folders = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let program = folders.map(|folder| folder.path().join("bin/pg_dump")).find(|path| path.exists());
    let program = program.unwrap_or_else(|| "pg_dump".into());
    let dump = std::process::Command::new(program).arg(house.database.options().database).output().expect("pg_dump");
    assert!(dump.status.success(), "{}", String::from_utf8_lossy(&dump.stderr));
    let text = String::from_utf8_lossy(&dump.stdout);
    assert!(text.contains("phone_sealed") && text.len() > 10_000);
    for word in &secret {
        assert!(!text.contains(word.as_str()), "{word} is in the dump");
    }
    assert_eq!(found_in(house.kit.folder(), &secret), Vec::<String>::new());
}
