//! The court's log: receipts for those who may have them, bundles that prove themselves, and those who tamper (F-24).

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use attestation::{CourtLog, Kept, Trouble, prove};
use court::{Capacity, Phase, RoomId};
use desk::HostClock;
use record::note::{SigningKey, VerifyingKey};
use record::{Checkpoint, Fault, receipt, tree};
use serde_json::json;
use sqlx::{Connection, SqliteConnection};
use store::kit::{TestDatabase, Which};
use weiting::{WitnessState, witness_router};

use crate::kit::{House, Seat, Trial};

fn key(house: &House) -> VerifyingKey {
    house.log().key().verifying()
}

async fn receipt_of(seat: &Seat, room: RoomId, seq: u64) -> (u16, String) {
    let answer = seat.get(&format!("/api/rooms/{room}/acts/{seq}/receipt")).await;
    (answer.status.as_u16(), String::from_utf8_lossy(&answer.body).into_owned())
}

/// The program itself, on the house's data: whether it was content, and what it said.
fn weiting(house: &House, database: &str, arguments: &[&str]) -> (bool, String) {
    house.keep_key_file();
    let folder = house.kit.folder().display().to_string();
    let place = ["--dir", &folder, "--database", database];
    let place = if arguments.contains(&"--no-place") { &[][..] } else { &place };
    let arguments = arguments.iter().filter(|argument| **argument != "--no-place");
    let run =
        Command::new(env!("CARGO_BIN_EXE_weiting")).args(arguments).args(place).output().expect("the program runs");
    let said = [run.stdout, run.stderr].concat();
    (run.status.success(), String::from_utf8_lossy(&said).into_owned())
}

/// The second verifier.
fn python(files: &[&Path]) -> (bool, String) {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/verify/verify.py");
    let run = Command::new("python3").arg(program).args(files).output().expect("python3");
    let said = [run.stdout, run.stderr].concat();
    (run.status.success(), String::from_utf8_lossy(&said).into_owned())
}

fn url(house: &House) -> String {
    house.database.options().database
}

/// Changes the database behind the program's back.
async fn tamper(url: &str, sql: &'static str) {
    let mut open = SqliteConnection::connect(url).await.expect("the database can be opened");
    sqlx::query(sql).execute(&mut open).await.expect("it can be changed");
    open.close().await.expect("it can be closed");
}

struct Court {
    house: House,
    trial: Trial,
    room: RoomId,
    number: String,
}

/// A sitting in which the plaintiff and the judge have spoken, signed up to here.
async fn court() -> Court {
    let house = House::on(TestDatabase::fresh(Which::Sqlite).await).await;
    let trial = Trial::begin(&house, 1).await;
    let room = trial.room(&house, Phase::Open).await;
    trial.seat(Capacity::Plaintiff).says(room, "AAAA 同意今天付清").await;
    trial.judge().says(room, "记录在案").await;
    house.signs().await;
    let number = house.desk().store.case(trial.case).await.expect("a store").expect("a case").number;
    Court { house, trial, room, number }
}

impl Court {
    fn file(&self, name: &str) -> PathBuf {
        self.house.kit.folder().join(name)
    }

    /// The plaintiff's own receipt of what they said last, as a file.
    async fn kept_receipt(&self) -> PathBuf {
        let plaintiff = self.trial.seat(Capacity::Plaintiff);
        let own = plaintiff.acts(self.room).await;
        let seq =
            own.iter().rev().find(|act| act["text"].as_str().is_some_and(|text| text.contains("AAAA"))).expect("said")
                ["seq"]
                .as_u64()
                .expect("a number");
        let (status, text) = receipt_of(&plaintiff, self.room, seq).await;
        assert_eq!(status, 200, "{text}");
        let file = self.file("kept.txt");
        std::fs::write(&file, text).expect("a file");
        file
    }

    fn export(&self, database: &str) -> (bool, String, PathBuf) {
        let out = self.file("bundle.zip");
        let (good, said) =
            weiting(&self.house, database, &["export-case", "--case", &self.number, "-o", &out.display().to_string()]);
        (good, said, out)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sr54_a_receipt_is_there_for_every_act_that_a_member_sees_and_proves_it() {
    let court = court().await;
    let (house, trial, room) = (&court.house, &court.trial, court.room);
    let (judge, plaintiff) = (trial.judge(), trial.seat(Capacity::Plaintiff));
    plaintiff.tells(room, "CanarySecret", &[&judge]).await;
    let (status, said) = receipt_of(&plaintiff, room, plaintiff.acts(room).await.len() as u64).await;
    assert_eq!(status, 409, "the log has not come to it: {said}");
    house.signs().await;
    for seat in &trial.seats {
        let acts = seat.acts(room).await;
        let mut seen = String::new();
        for (at, act) in acts.iter().enumerate() {
            let (status, text) = receipt_of(seat, room, at as u64 + 1).await;
            assert_eq!(status, 200, "{text}");
            let (read, findings) = receipt::verify(&text, Some(&key(house)));
            assert_eq!(findings, []);
            assert_eq!(read.expect("a receipt").leaf.to_string(), act["leaf"].as_str().expect("a leaf"));
            seen.push_str(&text);
        }
        assert_eq!(receipt_of(seat, room, acts.len() as u64 + 1).await.0, 404);
        let told = seat.may_see(house, room).await.len() == plaintiff.may_see(house, room).await.len()
            || acts.iter().any(|act| act["text"] == "CanarySecret");
        assert!(told || !seen.contains("CanarySecret"), "{}", seat.capacity.code());
        // Whose account a member is stands in acts that name members; no receipt gives it away (SR-15).
        for other in &trial.seats {
            assert!(!seen.contains(&other.person.to_string()), "{} learns an account", seat.capacity.code());
        }
    }
    let list = plaintiff.get("/api/attestation?limit=2").await.json();
    assert_eq!(list["acts"].as_array().map(Vec::len), Some(2));
    assert!(list["next"].is_u64());
    let rest = plaintiff.get(&format!("/api/attestation?before={}", list["next"])).await.json();
    for act in [&list, &rest].iter().flat_map(|page| page["acts"].as_array().expect("acts")) {
        let (status, _) = receipt_of(&plaintiff, room, act["seq"].as_u64().expect("a number")).await;
        assert_eq!(status, 200);
    }
    let signatures = plaintiff.get("/api/attestation?signatures=true").await.json();
    assert_eq!(signatures, json!({"acts": [], "next": null}));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_exported_case_verifies_elsewhere_and_a_members_export_shows_no_more_than_they_see() {
    let court = court().await;
    let (judge, plaintiff) = (court.trial.judge(), court.trial.seat(Capacity::Plaintiff));
    judge.must(court.room, json!({"kind": "speech.text", "text": "CanaryBench", "to": "bench"})).await;
    let file = court.house.upload(plaintiff.person, court::FileKind::Document, "合同").await;
    plaintiff.must(court.room, json!({"kind": "speech.document", "blob": file})).await;
    let (good, said, out) = court.export(&url(&court.house));
    assert!(good, "{said}");
    let receipt = court.kept_receipt().await;
    let public = key(&court.house).to_string();
    let files = [out.to_str().expect("a path"), receipt.to_str().expect("a path")];
    let (good, said) = weiting(&court.house, "", &["--no-place", "verify", "--key", &public, files[0], files[1]]);
    assert!(good, "{said}");
    let (good, said) = python(&[&out, &receipt]);
    assert!(good, "{said}");
    assert!(contains(&out, "CanaryBench"));
    let own = court.file("own.zip");
    let person = plaintiff.person.to_string();
    let arguments = ["export-case", "--case", &court.number, "--as", &person, "-o", own.to_str().expect("a path")];
    let (good, said) = weiting(&court.house, &url(&court.house), &arguments);
    assert!(good, "{said}");
    assert!(python(&[&own, &receipt]).0);
    assert!(!contains(&own, "CanaryBench"));
    for other in &court.trial.seats {
        assert!(!contains(&own, &other.person.to_string()), "an account");
    }
}

fn contains(file: &Path, word: &str) -> bool {
    let bytes = std::fs::read(file).expect("a file");
    bytes.windows(word.len()).any(|part| part == word.as_bytes())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f24_a_bit_flipped_before_signing_is_never_signed() {
    let court = court().await;
    let (store, log) = (&court.house.desk().store, court.house.log());
    court.trial.seat(Capacity::Defendant).says(court.room, "BBBB 不同意").await;
    let head = store.head(court.room.0).await.expect("a store").expect("a head").seq;
    tamper(&url(&court.house), "UPDATE act SET body = replace(body, 'BBBB', 'BBBC')").await;
    let signed = store.checkpoint(1).await.expect("a store").expect("a checkpoint").size;
    let came = log.catch_up(court.house.desk()).await.expect("the rest can be signed");
    assert_eq!(came.damaged.iter().map(|(record, seq, _)| (*record, *seq)).collect::<Vec<_>>(), [(court.room.0, head)]);
    assert_eq!(store.checkpoint(1).await.expect("a store").expect("a checkpoint").size, signed);
    assert!(prove(store, court.room.0, head).await.expect("a store").is_none());
    let (good, said) = weiting(&court.house, &url(&court.house), &["verify", "--all"]);
    assert!(!good && said.contains(&format!("act {head}")), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f24_a_bit_flipped_after_signing_is_red_for_the_command_line_and_the_second_verifier() {
    let court = court().await;
    tamper(&url(&court.house), "UPDATE act SET body = replace(body, 'AAAA', 'AAAB')").await;
    let (good, said) = weiting(&court.house, &url(&court.house), &["verify", "--all"]);
    assert!(!good && said.contains("not what was acknowledged"), "{said}");
    let (good, said, out) = court.export(&url(&court.house));
    assert!(!good && said.contains("altered"), "{said}");
    let (good, said) = python(&[&out]);
    assert!(!good && said.contains("altered records/"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f24_a_record_that_was_cut_at_its_end_is_noticed_by_everybody_who_holds_something_of_it() {
    let court = court().await;
    let receipt = court.kept_receipt().await;
    // The last two acts go, and the head with them, so that the record looks whole.
    tamper(&url(&court.house), "DELETE FROM act WHERE seq > (SELECT max(seq) - 2 FROM act)").await;
    tamper(
        &url(&court.house),
        "UPDATE record SET head_seq = (SELECT max(seq) FROM act WHERE record = record.id), \
         head_leaf = (SELECT leaf FROM act WHERE record = record.id ORDER BY seq DESC LIMIT 1)",
    )
    .await;
    let came = court.house.log().catch_up(court.house.desk()).await.expect("the log can be read");
    assert_eq!(came.damaged.len(), 1, "{:?}", came.damaged);
    let (good, said) = weiting(&court.house, &url(&court.house), &["verify", "--all"]);
    assert!(!good && said.contains("is gone, though it was signed"), "{said}");
    let (good, _, out) = court.export(&url(&court.house));
    assert!(good, "what is left is sound by itself");
    let files = [out.to_str().expect("a path"), receipt.to_str().expect("a path")];
    let (good, said) = weiting(&court.house, "", &["--no-place", "verify", files[0], files[1]]);
    assert!(!good && said.contains("cut"), "{said}");
    let (good, said) = python(&[&out, &receipt]);
    assert!(!good && said.contains("cut receipt"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f24_a_restored_backup_is_noticed_and_the_court_goes_on_only_openly() {
    let court = court().await;
    let old = court.file("old.db");
    tamper(&url(&court.house), "VACUUM INTO 'old.db'").await;
    std::fs::rename("old.db", &old).expect("the backup is where the test runs");
    let restored = format!("sqlite://{}", old.display());
    // What happens after the backup was taken: it is acknowledged, signed and cosigned.
    court.trial.seat(Capacity::Plaintiff).says(court.room, "AAAA 之后").await;
    court.house.signs().await;
    let signed = court.house.desk().store.checkpoint(1).await.expect("a store").expect("a checkpoint");
    let witness = witness(&court);
    assert_eq!(add(&witness, 0, &[], &signed.note).await.0, 200);
    let receipt = court.kept_receipt().await;

    // The log that kept what it signed does not go on.
    let options = store::StoreOptions { database: restored.clone(), ..court.house.database.options() };
    let store = store::Store::open(options, |_| {}).await.expect("the backup opens");
    let came = court.house.log().step(&store, court.house.kit.micros()).await;
    assert!(matches!(came, Err(Trouble::RolledBack { .. })), "{came:?}");
    let (good, said) = weiting(&court.house, &restored, &["verify", "--all"]);
    assert!(!good && said.contains("set back"), "{said}");

    // Who also loses what was kept is found out by the witness: another history of the same length, or a shorter one, is not signed.
    let key = SigningKey::log(&CourtLog::origin("沪0113", 1), &[7; 32]).expect("a key");
    let forgetful = CourtLog::new("沪0113", key, Kept::default());
    forgetful.step(&store, court.house.kit.micros()).await.expect("it has forgotten");
    let short = store.checkpoint(1).await.expect("a store").expect("a checkpoint");
    let (status, known) = add(&witness, short.size, &[], &short.note).await;
    assert_eq!((status, known.trim()), (409, signed.size.to_string().as_str()));
    store.close().await;

    // And by whoever holds a receipt.
    std::fs::remove_file(court.file("log.checkpoint")).expect("the kept checkpoint");
    let (_, said, out) = court.export(&restored);
    let (good, told) = python(&[&out, &receipt]);
    assert!(!good && told.contains("cut receipt"), "{told} {said}");

    let (good, said) = weiting(&court.house, &restored, &["recover", "--new-epoch", "--reason", "磁盘损坏后恢复"]);
    assert!(good && said.contains("weiting/沪0113/2"), "{said}");
    let (good, said) = weiting(&court.house, &restored, &["verify", "--all"]);
    assert!(good, "{said}");
}

fn witness(court: &Court) -> axum::Router {
    let own = SigningKey::witness("witness.example/w1", &[9; 32]).expect("a key");
    let state = WitnessState::new(own, vec![key(&court.house)], court.house.kit.folder(), Arc::new(HostClock));
    witness_router(Arc::new(state))
}

async fn add(witness: &axum::Router, old: u64, proof: &[record::Hash], note: &str) -> (u16, String) {
    use base64::Engine;
    let proof: String =
        proof.iter().map(|node| base64::engine::general_purpose::STANDARD.encode(node.0) + "\n").collect();
    let request = axum::http::Request::post("/add-checkpoint")
        .body(axum::body::Body::from(format!("old {old}\n{proof}\n{note}")))
        .expect("a request");
    let answer = tower::ServiceExt::oneshot(witness.clone(), request).await.expect("an answer");
    let status = answer.status().as_u16();
    let body = axum::body::to_bytes(answer.into_body(), 1 << 16).await.expect("a body");
    (status, String::from_utf8_lossy(&body).into_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_witness_signs_what_continues_and_answers_everything_else_as_the_protocol_says() {
    let court = court().await;
    let store = &court.house.desk().store;
    let first = store.checkpoint(1).await.expect("a store").expect("a checkpoint");
    court.trial.judge().says(court.room, "继续").await;
    court.house.signs().await;
    let second = store.checkpoint(1).await.expect("a store").expect("a checkpoint");
    let witness = witness(&court);
    let proof_of = async |old| {
        let ids = record::tiles::needed(|nodes| tree::consistency(old, second.size, nodes));
        let tiles = store.tree_tiles(1, &ids).await.expect("a store");
        tree::consistency(old, second.size, &tiles).expect("nodes")
    };
    let proof = proof_of(first.size).await;
    let other = SigningKey::log("weiting/other", &[1; 32]).expect("a key");
    let stranger = Checkpoint { origin: "weiting/other".into(), size: 1, root: first.root }.sign(0, &[&other]);
    assert_eq!(add(&witness, 0, &[], &stranger).await.0, 404);
    let forged = SigningKey::log(&CourtLog::origin("沪0113", 1), &[8; 32]).expect("a key");
    let forged = Checkpoint { origin: key(&court.house).name().into(), size: 1, root: first.root }.sign(0, &[&forged]);
    assert_eq!(add(&witness, 0, &[], &forged).await.0, 403);
    assert_eq!(add(&witness, 0, &[], "nothing").await.0, 400);
    assert_eq!(add(&witness, first.size + 1, &[], &first.note).await.0, 400);
    let (status, lines) = add(&witness, 0, &[], &first.note).await;
    assert_eq!(status, 200);
    let cosigned = format!("{}{lines}", first.note);
    let own = SigningKey::witness("witness.example/w1", &[9; 32]).expect("a key").verifying();
    assert_eq!(own.verify(&record::note::Note::read(&cosigned).expect("a note")), Some(true));
    assert!(Checkpoint::open(&cosigned, &key(&court.house)).is_ok());
    assert_eq!(add(&witness, 0, &[], &second.note).await, (409, format!("{}\n", first.size)));
    assert_eq!(add(&witness, first.size, &proof[1..], &second.note).await.0, 422);
    assert_eq!(add(&witness, first.size, &proof, &second.note).await.0, 200);
    assert_eq!(add(&witness, second.size, &[], &second.note).await.0, 200, "the same again");
    let log = SigningKey::log(&CourtLog::origin("沪0113", 1), &[7; 32]).expect("a key");
    let fork = Checkpoint { origin: key(&court.house).name().into(), size: second.size, root: first.root };
    assert_eq!(add(&witness, second.size, &[], &fork.sign(0, &[&log])).await.0, 409);
    assert_eq!(Checkpoint::open(&forged, &key(&court.house)), Err(Fault::Signature));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_may_read_the_latest_checkpoint_and_the_key_and_being_ready_says_that_somebody_should_look() {
    let court = court().await;
    let stranger = court.house.stranger();
    let text = |answer: desk::testkit::Answer| String::from_utf8_lossy(&answer.body).into_owned();
    let public: VerifyingKey = text(stranger.clone().get("/api/checkpoint/key").await).trim().parse().expect("a key");
    let note = text(stranger.clone().get("/api/checkpoint").await);
    assert_eq!(Checkpoint::open(&note, &public).expect("a checkpoint").origin, "weiting/沪0113");
    let store = &court.house.desk().store;
    store.set_tree_trouble(Some("fatal: the database was set back")).await.expect("a store");
    let ready = stranger.clone().get("/readyz").await;
    assert_eq!(
        (ready.status.as_u16(), ready.json()["attention"].as_str().map(str::to_owned)),
        (503, Some("log".to_owned()))
    );
    // Nothing is added to a record that is not the one that was acknowledged; reading goes on.
    store.close_to_acts();
    let plaintiff = court.trial.seat(Capacity::Plaintiff);
    assert_eq!(plaintiff.does(court.room, json!({"kind": "speech.text", "text": "?"})).await.status, 503);
    assert!(!plaintiff.acts(court.room).await.is_empty());
}

/// What the plaintiff is told of their rooms, and what the operator is.
async fn told(court: &Court) -> (Vec<String>, serde_json::Value) {
    attestation::scrub(court.house.desk().clone()).await.expect("a round");
    let plaintiff = court.trial.seat(Capacity::Plaintiff);
    let told = plaintiff.get("/api/incidents").await.json();
    let incidents = told["incidents"].as_array().expect("a list");
    assert!(incidents.iter().all(|one| one["case_number"] == json!(court.number) && one["room"] == json!(court.room)));
    let mut what: Vec<String> = incidents
        .iter()
        .flat_map(|one| one["what"].as_array().expect("codes"))
        .map(|code| code.as_str().expect("a code").to_owned())
        .collect();
    what.sort();
    // The readiness check looks once a second.
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    (what, plaintiff.get("/readyz").await.json()["attention"].clone())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sr65_what_is_lost_or_altered_is_told_to_its_members_within_one_round_and_no_longer_when_it_is_mended() {
    let court = court().await;
    let (house, judge) = (&court.house, court.trial.judge());
    let photo = house.upload(judge.person, court::FileKind::Photo, "送货单.jpg").await;
    judge.must(court.room, json!({"kind": "speech.photo", "blob": photo})).await;
    house.signs().await;
    assert_eq!(told(&court).await, (vec![], json!(null)));

    // A file, by hand.
    let blob = house.desk().store.blobs().local_path(record::Hash::of(b"123456789")).expect("a folder");
    for broken in [None, Some(b"12345678x".as_slice()), Some(b"1234".as_slice())] {
        std::fs::remove_file(&blob).expect("the file");
        if let Some(bytes) = broken {
            std::fs::write(&blob, bytes).expect("a folder");
        }
        assert_eq!(told(&court).await, (vec!["files".to_owned()], json!("records")), "{broken:?}");
        std::fs::write(&blob, b"123456789").expect("a folder");
    }
    assert_eq!(told(&court).await, (vec![], json!(null)), "it is mended");
    let other = Trial::begin(house, 2).await;
    let elsewhere = other.room(house, Phase::Open).await;
    let stranger = other.seat(Capacity::Plaintiff);

    // A line of the judge's list, a word, and the end of the record with its head.
    tamper(&url(house), "DELETE FROM dossier_entry").await;
    assert_eq!(told(&court).await.0, ["dossier"]);
    tamper(&url(house), "UPDATE act SET body = replace(body, 'AAAA', 'AAAB')").await;
    assert_eq!(told(&court).await.0, ["acts", "dossier"]);
    tamper(&url(house), "DELETE FROM act WHERE kind = 'speech.photo'").await;
    tamper(
        &url(house),
        "UPDATE record SET head_seq = (SELECT max(seq) FROM act WHERE record = record.id), \
         head_leaf = (SELECT leaf FROM act WHERE record = record.id ORDER BY seq DESC LIMIT 1)",
    )
    .await;
    assert_eq!(told(&court).await.0, ["acts", "log"], "what the dossier should have is gone with the act");
    assert!(!elsewhere.0.is_nil());
    assert_eq!(stranger.get("/api/incidents").await.json(), json!({"incidents": []}), "others are told nothing of it");
}
