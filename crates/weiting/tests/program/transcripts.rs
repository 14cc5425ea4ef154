//! 笔录 and 签名 through the whole program: from the record to a sealed file with everybody, consent for one document, whose signature is whose.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use axum::http::Method;
use connect::sms::SmsTemplate;
use court::{Capacity, FileKind, Phase, RoomId};
use desk::jobs::Outcome;
use hearing::{Pictures, Place, Press, PressFailure, SealedFile, Sealing, Sheet, Typeset};
use serde_json::{Value, json};
use typeset::transcript::Transcript;

use crate::kit::ink::{BLANK, DRAWN, DRAWN_OTHERWISE};
use crate::kit::{House, Seat, Trial, rfc3339, said};

/// A press that prints data instead of pages, and remembers what it was given.
#[derive(Default)]
struct Proofs {
    printed: Mutex<Vec<Transcript>>,
    sealed: Mutex<Vec<Vec<Sheet>>>,
}

#[async_trait]
impl Press for Proofs {
    async fn typeset(&self, transcript: Transcript, _: Pictures) -> Result<Typeset, PressFailure> {
        let pdf = serde_json::to_vec(&transcript).expect("a transcript can be written");
        let place = Place { page: 2, x: 1.0, y: 2.0, width: 3.0, height: 4.0 };
        let names = transcript.signers.iter().map(|signer| format!("signer:{}", signer.id)).chain(["seal".to_owned()]);
        let places = names.map(|name| (name, place)).collect();
        self.printed.lock().expect("one at a time").push(transcript);
        Ok(Typeset { pdf, pages: 2, places })
    }

    async fn seal(&self, pdf: Vec<u8>, sealing: Sealing) -> Result<SealedFile, PressFailure> {
        assert!(sealing.seal.is_some() && !sealing.without_stamp);
        self.sealed.lock().expect("one at a time").push(sealing.signatures);
        Ok(SealedFile { pdf: [&pdf[..], b"sealed"].concat(), stamped_by: Some("TSA".to_owned()) })
    }
}

/// Does what is due, twice each as a poller may.
async fn work<P: Press>(house: &House, press: &Arc<P>) {
    let (store, now) = (&house.desk().store, house.kit.micros());
    for _ in 0..4 {
        for job in store.claim_jobs(now, 1_000_000, 100).await.expect("a store") {
            for _ in 0..2 {
                let (desk, payload, press) = (house.desk().clone(), job.payload.clone(), press.clone());
                let outcome = match job.kind.as_str() {
                    "transcript.typeset" => hearing::typeset(desk, press, payload).await,
                    "transcript.seal" => hearing::seal(desk, press, Arc::new(weiting::LogReceipts), payload).await,
                    _ => Outcome::Done,
                };
                assert_eq!(outcome, Outcome::Done, "{}", job.kind);
            }
            assert!(store.finish_job(&job, now).await.expect("a store"));
        }
    }
}

async fn view(seat: &Seat, room: RoomId) -> Value {
    let answer = seat.get(&format!("/api/rooms/{room}/transcript")).await;
    assert_eq!(answer.status, 200, "{}", said(&answer));
    answer.json()
}

/// Reserves a signature; the status and the answer.
async fn gives(seat: &Seat, body: Value) -> (u16, Value) {
    let answer = seat.caller.clone().write(Method::PUT, "/api/me/signature", &[], body).await;
    (answer.status.as_u16(), answer.json())
}

fn drawn(png: &str) -> Value {
    json!({"method": "drawn", "png": png, "strokes": [[[1.0, 2.0, 0.0, 0.5], [3.0, 4.0, 16.0, 0.5]]]})
}

/// Asks for a code for this document, and reads it from the telephone.
async fn code(house: &House, seat: &mut Seat, room: RoomId, document: &str) -> String {
    house.kit.clock.advance(time::Duration::seconds(61));
    let body = json!({"purpose": "signature.confirm", "room": room, "document": document});
    let answer = seat.caller.post("/api/step-up/code", body).await;
    assert_eq!(answer.status, 202, "{}", said(&answer));
    let messages = house.kit.sms.messages();
    let last = messages.iter().rev().find(|message| message.template == SmsTemplate::StepUpCode).expect("a code");
    last.params["code"].clone()
}

async fn steps_up(house: &House, seat: &mut Seat, room: RoomId, document: &str) {
    let code = code(house, seat, room, document).await;
    let body = json!({"purpose": "signature.confirm", "room": room, "document": document, "code": code});
    let answer = seat.caller.post("/api/step-up", body).await;
    assert_eq!(answer.status, 200, "{}", said(&answer));
}

fn confirm(document: &Value) -> Value {
    json!({"kind": "signature.confirm", "document": document["sha256"], "pages": document["pages"]})
}

fn hash(document: &Value) -> String {
    document["sha256"].as_str().expect("a hash").to_owned()
}

/// A transcript that waits for signatures for two hours; the document.
async fn signing<P: Press>(house: &House, trial: &Trial, press: &Arc<P>, room: RoomId) -> Value {
    let clerk = trial.seat(Capacity::CourtClerk);
    let until = rfc3339(house.desk().now() + time::Duration::minutes(5));
    clerk.must(room, json!({"kind": "transcript.draft"})).await;
    clerk.must(room, json!({"kind": "transcript.circulate", "until": until})).await;
    house.kit.clock.advance(time::Duration::minutes(5));
    let sign_until = rfc3339(house.desk().now() + time::Duration::hours(2));
    trial.judge().must(room, json!({"kind": "transcript.conclude", "sign_until": sign_until})).await;
    work(house, press).await;
    let document = view(&clerk, room).await["document"].clone();
    assert!(document["pages"].as_u64().is_some_and(|pages| pages > 0), "{document}");
    document
}

store::on_both_databases! {
    async fn s1_a_sitting_ends_in_a_sealed_transcript_with_two_who_sign_and_one_who_refuses(db) {
        let house = House::on(db).await;
        let trial = Trial::begin(&house, 1).await;
        let room = trial.room(&house, Phase::Open).await;
        let press = Arc::new(Proofs::default());
        let (judge, clerk) = (trial.judge(), trial.seat(Capacity::CourtClerk));
        let (mut one, mut agent) = (trial.seat(Capacity::Plaintiff), trial.seat(Capacity::PlaintiffAgent));
        let other = trial.seat(Capacity::Defendant);
        one.says(room, "CanaryOpen 货款已经付清").await;
        one.tells(room, "CanaryPrivate 可以让步", &[&judge]).await;
        judge.must(room, json!({"kind": "speech.text", "text": "CanaryBench", "to": "bench"})).await;
        let file = house.upload(other.person, FileKind::Document, "送货单.pdf").await;
        other.must(room, json!({"kind": "speech.document", "blob": file})).await;
        let deadline = rfc3339(house.desk().now() + time::Duration::minutes(30));
        let issue = |title: &str| json!({"kind": "matter.issue", "title": title, "text": "请说明", "targets": [one.member], "deadline": deadline});
        let shown = judge.must(room, issue("CanaryShown")).await["id"].clone();
        judge.must(room, issue("CanaryKept")).await;
        one.must(room, json!({"kind": "matter.answer", "matter": shown, "text": "CanaryAnswer"})).await;
        judge.must(room, json!({"kind": "sitting.end"})).await;
        let points = json!({"kind": "points.record", "undisputed": [{"text": "合同已签订"}], "disputed": [{"text": "货款是否付清", "reason": "账目不一"}]});
        judge.must(room, points).await;
        clerk.must(room, json!({"kind": "transcript.draft", "matters": [shown]})).await;
        assert_eq!(view(&one, room).await["content"], Value::Null, "before it is circulated it is the clerk's work");
        assert_ne!(view(&clerk, room).await["content"], Value::Null);
        let until = rfc3339(house.desk().now() + time::Duration::minutes(5));
        clerk.must(room, json!({"kind": "transcript.circulate", "until": until})).await;
        let all: Vec<Value> = {
            let mut all = Vec::new();
            for seat in &trial.seats {
                all.push(view(seat, room).await["content"].clone());
            }
            all
        };
        assert!(all.iter().all(|content| *content == all[0] && !content.is_null()), "there is one transcript for all");
        let request = one.must(room, json!({"kind": "transcript.request_correction", "text": "漏记一节"})).await["id"].clone();
        let settle = json!({"kind": "transcript.settle_correction", "request": request, "accepted": false, "reason": "记录无误"});
        clerk.must(room, settle).await;
        house.kit.clock.advance(time::Duration::minutes(5));
        let sign_until = rfc3339(house.desk().now() + time::Duration::hours(1));
        judge.must(room, json!({"kind": "transcript.conclude", "sign_until": sign_until})).await;
        work(&house, &press).await;
        let document = view(&one, room).await["document"].clone();
        let printed = press.printed.lock().unwrap()[0].clone();
        let text = serde_json::to_string(&printed).unwrap();
        for told in ["CanaryOpen", "CanaryShown", "CanaryAnswer", "送货单.pdf", "合同已签订", "账目不一", "漏记一节", "记录无误"] {
            assert!(text.contains(told), "{told}");
        }
        for hidden in ["CanaryPrivate", "CanaryBench", "CanaryKept"] {
            assert!(!text.contains(hidden), "{hidden}");
        }
        assert_eq!(printed.signers.len(), trial.seats.len());

        for seat in [&mut one, &mut agent] {
            assert_eq!(gives(seat, drawn(DRAWN)).await.0, 200);
            assert_eq!(seat.does(room, confirm(&document)).await.code(), "step_up_required");
            steps_up(&house, seat, room, &hash(&document)).await;
            seat.must(room, confirm(&document)).await;
        }
        let refusal = json!({"kind": "signature.refuse", "document": document["sha256"], "reason": "漏记一节"});
        other.must(room, refusal).await;
        work(&house, &press).await;
        assert_eq!(view(&one, room).await["current"]["stage"], "signing", "the others have not answered");
        house.kit.clock.advance(time::Duration::hours(1));
        work(&house, &press).await;
        let seen = view(&one, room).await;
        assert_eq!(seen["current"]["stage"], "sealed", "{seen}");
        let last = press.printed.lock().unwrap().last().unwrap().clone();
        let refused: Vec<_> = last.signers.iter().filter_map(|signer| signer.refused.as_ref()).map(|refused| refused.reason.clone()).collect();
        assert_eq!(refused, ["漏记一节"], "the refusal stands in the sealed file with its reason");
        assert_eq!(last.record.text, printed.record.text, "the words are those that were signed");
        assert!(last.remark.unwrap().contains(&hash(&document)), "and it names what was signed");
        assert_eq!(press.sealed.lock().unwrap().last().unwrap().len(), 2, "two signatures in their places");
        let sealed = judge.acts(room).await.into_iter().filter(|act| act["kind"] == "transcript.seal").collect::<Vec<_>>();
        assert_eq!(sealed.len(), 1, "a job that runs twice reports once");
        assert_eq!(sealed[0]["silent"].as_array().unwrap().len(), trial.seats.len() - 3);

        // Delivered to every member: their own list, found by a piece of the number, opened through the files' host.
        for seat in &trial.seats {
            let seat = anew(&house, seat).await;
            let found = seat.get("/api/documents?q=0113").await.json();
            let row = &found["documents"][0];
            assert_eq!((&row["sha256"], &row["pages"]), (&seen["sealed"]["sha256"], &json!(2)), "{}", seat.capacity.code());
            let file = seat.get(&format!("/api/rooms/{room}/acts/{}/file", row["seq"])).await;
            assert_eq!(file.status, 307, "{}", said(&file));
            assert_eq!(seat.get("/api/documents?q=nothing").await.json()["documents"], json!([]));
        }
        let stranger = Trial::begin(&house, 2).await;
        assert_eq!(stranger.seat(Capacity::Plaintiff).get("/api/documents").await.json()["documents"], json!([]));
        assert_eq!(stranger.judge().get(&format!("/api/rooms/{room}/transcript")).await.status, 404);
    }

    async fn sr09_sr40_a_step_up_is_for_one_document_one_session_one_time_and_five_minutes(db) {
        let house = House::on(db).await;
        let trial = Trial::begin(&house, 1).await;
        let room = trial.room(&house, Phase::Closed).await;
        let elsewhere = trial.room(&house, Phase::Closed).await;
        let press = Arc::new(Proofs::default());
        let document = signing(&house, &trial, &press, room).await;
        let another = signing(&house, &trial, &press, elsewhere).await;
        assert_ne!(document["sha256"], another["sha256"]);
        let mut one = trial.seat(Capacity::Plaintiff);
        assert_eq!(gives(&one, drawn(DRAWN)).await.0, 200);

        // The consent is replayed on another document, and on another number of pages.
        steps_up(&house, &mut one, room, &hash(&document)).await;
        let mut replayed = confirm(&another);
        let answer = one.does(room, replayed.clone()).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (403, "document_other"));
        replayed = confirm(&document);
        replayed["pages"] = json!(3);
        assert_eq!(one.does(room, replayed).await.code(), "document_other");
        let answer = one.does(elsewhere, confirm(&another)).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (403, "step_up_required"));
        // Another session of the same person has not shown anything.
        let beside = anew(&house, &one).await;
        assert_eq!(beside.does(room, confirm(&document)).await.code(), "step_up_required");
        // It grows old.
        house.kit.clock.advance(time::Duration::minutes(5));
        assert_eq!(one.does(room, confirm(&document)).await.code(), "step_up_required");
        steps_up(&house, &mut one, room, &hash(&document)).await;
        one.must(room, confirm(&document)).await;
        assert_eq!(one.does(room, confirm(&document)).await.code(), "signing_answered");

        // A code for signing is none for logging in, a code for logging in none for signing; five wrong ones end it.
        let right = code(&house, &mut one, elsewhere, &hash(&another)).await;
        let phone = house.desk().store.person(one.person).await.unwrap().unwrap().phone;
        let answer = house.stranger().post("/api/login", json!({"phone": phone, "code": right})).await;
        assert_eq!(answer.code(), "code_wrong");
        let shows = |code: &str, document: &Value| json!({"purpose": "signature.confirm", "room": elsewhere, "document": document["sha256"], "code": code});
        assert_eq!(one.caller.post("/api/step-up", shows(&right, &document)).await.code(), "code_wrong", "not for this document");
        for _ in 0..5 {
            assert_eq!(one.caller.post("/api/step-up", shows("000000", &another)).await.code(), "code_wrong");
        }
        assert_eq!(one.caller.post("/api/step-up", shows(&right, &another)).await.code(), "code_wrong", "it is dead");

        // SR-07: the token is another one afterwards, and the one before is dead.
        let before = one.caller.clone();
        steps_up(&house, &mut one, elsewhere, &hash(&another)).await;
        assert_ne!(before.cookie(), one.caller.cookie());
        assert_eq!(before.clone().get("/api/me").await.status, 401);
        assert_eq!(one.get("/api/me").await.status, 200);
    }

    async fn sr42_a_signature_is_its_persons_alone_and_nowhere_in_clear(db) {
        let house = House::on(db).await;
        let trial = Trial::begin(&house, 1).await;
        let room = trial.room(&house, Phase::Open).await;
        let one = trial.seat(Capacity::Plaintiff);
        let asked = |seat: &Seat| {
            let seat = seat.clone();
            async move { seat.get(&format!("/api/rooms/{room}")).await.json()["signature"].clone() }
        };
        assert_eq!(asked(&one).await, json!({"asked": true, "reserved": null, "usable": false, "to_check": []}));
        assert_eq!(one.get("/api/me/signature").await.json(), json!({"signature": null}));
        assert_eq!(one.get("/api/me/signature/picture").await.status, 404);
        assert_eq!(one.does(room, json!({"kind": "signature.reserve"})).await.code(), "signature_missing");
        for (body, code) in [
            (drawn(BLANK), "signature_empty"),
            (drawn("AAAA"), "signature_invalid"),
            (drawn("不是"), "signature_invalid"),
            (json!({"method": "typed", "png": DRAWN, "typed": "别人"}), "signature_name"),
            (json!({"method": "typed", "png": DRAWN}), "signature_name"),
        ] {
            let (status, answer) = gives(&one, body).await;
            assert_eq!((status, answer["code"].as_str().unwrap()), (422, code));
        }
        let (_, first) = gives(&one, drawn(DRAWN)).await;
        assert_eq!(gives(&one, drawn(DRAWN)).await.1["version"], first["version"], "the same again is no new version");
        let receipt = one.must(room, json!({"kind": "signature.reserve"})).await;
        let own = one.get("/api/me/signature/picture").await;
        assert_eq!((own.status.as_u16(), own.header("content-type")), (200, "image/png"));
        assert_eq!(own.header("cache-control"), "no-store");

        for seat in trial.seats.iter().filter(|seat| seat.member != one.member) {
            let code = seat.capacity.code();
            assert_eq!(seat.get("/api/me/signature/picture").await.status, 404, "{code}");
            for path in [format!("/api/rooms/{room}"), format!("/api/rooms/{room}/acts?limit=200"), format!("/api/rooms/{room}/search?limit=100")] {
                let seen = seat.get(&path).await;
                let seen = String::from_utf8_lossy(&seen.body).into_owned();
                assert!(!seen.contains("iVBORw0KGgo") && !seen.contains("strokes"), "{code} and {path}");
            }
            assert_eq!(seat.get(&format!("/api/rooms/{room}/acts/{}/file", receipt["seq"])).await.status, 404, "{code}");
        }
        let (_, second) = gives(&one, drawn(DRAWN_OTHERWISE)).await;
        assert_eq!((&first["version"], &second["version"]), (&json!(1), &json!(2)));
        assert_ne!(one.get("/api/me/signature/picture").await.body, own.body);
        // A typed name waits for a clerk; the clerk learns the name and nothing else.
        let name = house.desk().store.person(one.person).await.unwrap().unwrap().name;
        let (status, _) = gives(&one, json!({"method": "typed", "png": DRAWN, "typed": name})).await;
        assert_eq!(status, 200);
        one.must(room, json!({"kind": "signature.reserve"})).await;
        let clerk = trial.seat(Capacity::CourtClerk);
        assert_eq!(asked(&trial.judge()).await["to_check"], json!([]));
        let check = asked(&clerk).await["to_check"][0].clone();
        assert_eq!((&check["member"], &check["typed"]), (&json!(one.member), &json!(name)));
        let checks = json!({"kind": "signature.check", "member": one.member, "commitment": check["commitment"]});
        clerk.must(room, checks).await;
        assert_eq!(asked(&one).await["usable"], json!(true));
        if house.database.which == store::kit::Which::Sqlite {
            no_picture_lies_in(house.database.folder());
        }
    }
}

/// The press of the program, with a key of the test's own authority.
#[cfg(feature = "print")]
fn printing(house: &House) -> Arc<hearing::Printing> {
    let now = house.desk().now();
    let (authority, _) = certs::authority::Authority::new("测试根证书", now).expect("a root");
    let issued = authority.issue("宝山区人民法院", certs::Purpose::Documents, now).expect("a key");
    // By the program's own child, as the court does it; by this process it gives the same bytes.
    let typesetter = hearing::Child::of(env!("CARGO_BIN_EXE_weiting").into(), vec!["/usr/share/fonts".into()]);
    Arc::new(hearing::Printing::new(Arc::new(typesetter), Arc::new(issued.key), None, "宝山区人民法院".to_owned()))
}

/// What a program says of a file, as text.
#[cfg(feature = "print")]
fn says(program: &str, arguments: &[&str], file: &std::path::Path) -> String {
    let file = file.to_str().expect("a path");
    let arguments = arguments.iter().map(|one| if *one == "FILE" { file } else { *one });
    let output = std::process::Command::new(program).args(arguments).output().expect("a program of poppler-utils");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[cfg(feature = "print")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s1_the_sealed_file_reads_as_the_sitting_went_and_its_signature_is_valid() {
    let house = House::sqlite().await;
    let trial = Trial::begin(&house, 1).await;
    let room = trial.room(&house, Phase::Open).await;
    let press = printing(&house);
    let (judge, other) = (trial.judge(), trial.seat(Capacity::Defendant));
    let (mut one, mut agent) = (trial.seat(Capacity::Plaintiff), trial.seat(Capacity::PlaintiffAgent));
    one.says(room, "我方货款请求不变。").await;
    one.tells(room, "此句不得载明", &[&judge]).await;
    other.says(room, "对交货数量有异议。").await;
    judge.must(room, json!({"kind": "sitting.end"})).await;
    judge.must(room, json!({"kind": "points.record", "undisputed": [{"text": "合同已签订"}], "disputed": [{"text": "交货数量", "reason": "被告主张少交两件"}]})).await;
    let document = signing(&house, &trial, &press, room).await;
    // The log comes to the act that names the words; the sealed file carries what proves it.
    house.signs().await;
    for seat in [&mut one, &mut agent] {
        assert_eq!(gives(seat, drawn(DRAWN)).await.0, 200);
        steps_up(&house, seat, room, &hash(&document)).await;
        seat.must(room, confirm(&document)).await;
    }
    let refusal = json!({"kind": "signature.refuse", "document": document["sha256"], "reason": "数量记载有误"});
    other.must(room, refusal).await;
    house.kit.clock.advance(time::Duration::hours(2));
    work(&house, &press).await;
    let sealed = view(&anew(&house, &one).await, room).await["sealed"].clone();
    let sha256: record::Hash = serde_json::from_value(sealed["sha256"].clone()).expect("a hash");
    let parts = house.desk().store.blobs().get_range(sha256, 0..64 << 20).await.expect("the file");
    let bytes: Vec<bytes::Bytes> = futures_util::TryStreamExt::try_collect(parts).await.expect("the file");
    let file = house.kit.folder().join("sealed.pdf");
    std::fs::write(&file, bytes.concat()).expect("a folder");
    let text = says("pdftotext", &["-layout", "FILE", "-"], &file);
    for line in [
        "调解笔录",
        "我方货款请求不变。",
        "对交货数量有异议。",
        "合同已签订",
        "交货数量",
        "被告主张少交两件",
        "数量记载有误",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    assert!(!text.contains("此句不得载明"));
    let signature = says("pdfsig", &["FILE"], &file);
    assert!(signature.contains("Signature is Valid."), "{signature}");
    let images = says("pdfimages", &["-list", "FILE"], &file);
    assert!(
        images.lines().filter(|line| line.contains("image")).count() >= 2,
        "two signatures in their places:\n{images}"
    );
    proves_itself(&file);
}

/// `weiting verify` on the sealed file alone: it is as it was sealed, and the record in it is the one that the log has. Any other file is not.
#[cfg(feature = "print")]
fn proves_itself(file: &std::path::Path) {
    let verify = |file: &std::path::Path, more: &[&str]| {
        let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_weiting"));
        let run = program.arg("verify").arg(file).args(more).output().expect("the program runs");
        (run.status.success(), String::from_utf8_lossy(&run.stdout).into_owned())
    };
    let (sound, said) = verify(file, &[]);
    assert!(sound && said.contains("record.json：与存证一致") && said.contains("签章之后文件没有改动"), "{said}");
    let key = said.lines().find_map(|line| line.trim().strip_prefix("公钥 ")).expect("a key");
    let key = key.split('（').next().expect("a key").to_owned();
    assert!(verify(file, &["--key", &key]).0);

    let (authority, _) =
        certs::authority::Authority::new("别家根证书", time::macros::datetime!(2026-11-20 06:00 UTC)).expect("a root");
    let roots = file.with_file_name("roots.pem");
    std::fs::write(&roots, authority.root().to_pem()).expect("a folder");
    let (sound, said) = verify(file, &["--roots", roots.to_str().expect("a path")]);
    assert!(!sound && said.contains("签章人不可信"), "{said}");

    let bytes = std::fs::read(file).expect("the file");
    let twin = file.with_file_name("twin.pdf");
    // Everything before the seal's own room, which is the last thing in the file.
    let covered = bytes.len() - 60_000;
    for place in (0..24).map(|n| n * covered / 24 + 7) {
        let mut other = bytes.clone();
        other[place] ^= 1;
        std::fs::write(&twin, other).expect("a folder");
        let (sound, said) = verify(&twin, &[]);
        assert!(!sound && said.contains('✘'), "byte {place}: {said}");
    }
    std::fs::write(&twin, [&bytes[..], b"\n% more\n"].concat()).expect("a folder");
    assert!(!verify(&twin, &[]).0, "something was added behind the seal");
}

/// Neither as bytes nor in base64.
fn no_picture_lies_in(folder: &std::path::Path) {
    let mut looked = 0;
    for entry in std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry")) {
        if !entry.file_type().expect("a type").is_file() {
            continue;
        }
        let bytes = std::fs::read(entry.path()).expect("a file");
        let holds = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
        assert!(!holds(b"\x89PNG\r\n") && !holds(b"iVBORw0KGgo"), "{}", entry.path().display());
        looked += 1;
    }
    assert!(looked > 0, "nothing was looked at");
}

/// The same somebody who has logged in once more.
async fn anew(house: &House, seat: &Seat) -> Seat {
    let mut seat = seat.clone();
    seat.caller = house.kit.caller(&house.app, seat.person, Some(seat.capacity.role())).await;
    seat
}
