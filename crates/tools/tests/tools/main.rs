//! Tools through the router as the program serves it, uploads included.

mod open;
mod sign;

use std::io::Cursor;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use court::PersonId;
use desk::testkit::{Answer, Caller, Kit};
use image::{ImageFormat, Rgb, RgbImage};
use serde_json::{Value, json};

/// A court with somebody who uses tools.
struct Court {
    kit: Kit,
    app: Router,
    wang: PersonId,
    browser: Caller,
    keys: u32,
}

impl Court {
    async fn new() -> Court {
        // Reading takes seconds on a busy machine.
        let kit = Kit::with(|config| config.request_timeout = Duration::from_secs(120)).await;
        let app = kit.app(desk::uploads::routes().merge(desk::login::routes()).merge(tools::routes()));
        let wang = kit.person("王小禾", "13900000001").await;
        let browser = kit.caller(&app, wang, None).await;
        Court { kit, app, wang, browser, keys: 0 }
    }

    async fn somebody_else(&self) -> Caller {
        let li = self.kit.person("李明远", "13900000002").await;
        self.kit.caller(&self.app, li, None).await
    }

    async fn begin(&mut self, name: &str, length: usize, purpose: &str) -> Answer {
        self.keys += 1;
        let mut metadata = format!("filename {}", STANDARD.encode(name));
        if !purpose.is_empty() {
            metadata += &format!(",purpose {}", STANDARD.encode(purpose));
        }
        let asked = tus(Method::POST, "/api/uploads")
            .header("upload-length", length)
            .header("upload-metadata", metadata)
            .header("idempotency-key", format!("key-{}", self.keys));
        self.browser.send(asked, Body::empty()).await
    }

    /// Brings a file; the answer to its last byte and the upload's id.
    async fn bring(&mut self, name: &str, bytes: &[u8], purpose: &str) -> (Answer, String) {
        let begun = self.begin(name, bytes.len(), purpose).await;
        assert_eq!(begun.status, 201, "{}", begun.json());
        let path = begun.header("location").to_owned();
        let part = tus(Method::PATCH, &path)
            .header("upload-offset", 0)
            .header("content-type", "application/offset+octet-stream");
        let answer = self.browser.send(part, Body::from(bytes.to_vec())).await;
        (answer, path.rsplit('/').next().expect("an id").to_owned())
    }

    /// A file that was taken; its id.
    async fn brought(&mut self, name: &str, bytes: &[u8], purpose: &str) -> String {
        let (answer, id) = self.bring(name, bytes, purpose).await;
        assert_eq!(answer.status, 204, "{}", answer.json());
        id
    }

    async fn read(&mut self, id: &str, body: Value) -> Answer {
        self.browser.post(&format!("/api/tools/text/{id}"), body).await
    }

    /// How many staged files and how many kept files there are.
    async fn kept(&self) -> (usize, usize) {
        let staged = self.kit.desk.store.staging().all().await.expect("a folder").len();
        (staged, files_under(&self.kit.folder().join("blobs")))
    }
}

fn files_under(folder: &std::path::Path) -> usize {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| if entry.path().is_dir() { files_under(&entry.path()) } else { 1 }).sum()
}

fn tus(method: Method, path: &str) -> axum::http::request::Builder {
    Request::builder().method(method).uri(path).header("origin", Kit::ORIGIN).header("tus-resumable", "1.0.0")
}

/// A photo of bars, each of another grey so that no two photos are alike.
fn photo(seed: u8) -> Vec<u8> {
    let picture =
        RgbImage::from_fn(300, 400, |x, y| if y / 12 % 2 == 0 && x > 30 { Rgb([seed; 3]) } else { Rgb([250; 3]) });
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).expect("a picture");
    bytes.into_inner()
}

const PDF: &[u8] = b"%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>\nendobj\nxref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000054 00000 n \n0000000105 00000 n \ntrailer\n<</Size 4/Root 1 0 R>>\nstartxref\n170\n%%EOF\n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f70_a_photo_is_read_and_is_gone() {
    let mut court = Court::new().await;
    let offered = court.browser.get("/api/tools").await;
    assert_eq!(
        offered.json(),
        json!({"text": {"available": true, "sentence": null}, "signature": {"available": true, "sentence": null}})
    );
    let id = court.brought("借条.png", &photo(60), "tool").await;
    assert_eq!(court.kept().await, (1, 0), "what no record shall have does not come among the files that are kept");
    let seen = court.browser.get(&format!("/api/uploads/{id}")).await;
    assert_eq!((seen.status.as_u16(), &seen.json()["warnings"][0]), (200, &json!("small_photo")));

    assert_eq!(court.read(&id, json!({"turn": 4})).await.json()["code"], "turn_invalid");
    assert_eq!(court.read(&id, json!({"page": 1})).await.status, 422, "an unknown field");
    let read = court.read(&id, json!({"turn": 0})).await;
    assert_eq!(read.status, 200, "{}", read.json());
    assert!(read.json()["lines"].is_array());
    assert_eq!(court.kept().await, (0, 0), "nothing is left");
    assert_eq!(court.read(&id, json!({})).await.status, 404);
    assert_eq!(court.browser.get(&format!("/api/uploads/{id}")).await.status, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f70_a_photo_that_cannot_be_decoded_is_told_and_is_gone() {
    let mut court = Court::new().await;
    let mut broken = photo(60);
    let at = broken.windows(4).position(|four| four == b"IDAT").expect("data") + 6;
    broken[at..at + 40].fill(0x55);
    let id = court.brought("借条.png", &broken, "tool").await;
    let read = court.read(&id, json!({})).await;
    assert_eq!((read.status.as_u16(), &read.json()["code"]), (422, &json!("file_broken")));
    assert_eq!(court.kept().await, (0, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sr13_what_somebody_else_brought_to_a_tool_is_not_there() {
    let mut court = Court::new().await;
    let id = court.brought("借条.png", &photo(60), "tool").await;
    let mut li = court.somebody_else().await;
    let nowhere = li.post("/api/tools/text/00000000-0000-4000-8000-000000000001", json!({})).await;
    let theirs = li.post(&format!("/api/tools/text/{id}"), json!({})).await;
    assert_eq!((theirs.status.as_u16(), theirs.code()), (404, nowhere.code()));
    assert_eq!(li.get(&format!("/api/uploads/{id}")).await.status, 404);
    assert_eq!(li.send(tus(Method::DELETE, &format!("/api/uploads/{id}")), Body::empty()).await.status, 404);
    let mut nobody = court.kit.stranger(&court.app);
    assert_eq!(nobody.post(&format!("/api/tools/text/{id}"), json!({})).await.status, 401);
    assert_eq!(nobody.get("/api/tools").await.status, 401);
    assert_eq!(court.kept().await, (1, 0), "and it is still there for whom it belongs to");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f70_no_act_can_use_what_was_brought_to_a_tool_and_no_tool_what_is_for_a_record() {
    let mut court = Court::new().await;
    let tool = court.brought("借条.png", &photo(60), "tool").await.parse().expect("an id");
    let desk = court.kit.desk.clone();
    assert_eq!(desk::uploads::finished_file(&desk, court.wang, tool).await.expect("a store"), None);
    let record = court.brought("借条.png", &photo(60), "").await;
    let file = desk::uploads::finished_file(&desk, court.wang, record.parse().expect("an id")).await.expect("a store");
    assert_eq!(file.expect("a file").warnings[0], "small_photo", "what was found goes with the file");
    assert_eq!(court.kept().await, (1, 1));
    let refused = court.read(&record, json!({})).await;
    assert_eq!((refused.status.as_u16(), refused.code().as_str()), (409, "upload_not_for_tool"));
    assert_eq!(court.kept().await, (1, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f70_what_nobody_reads_goes_after_a_day() {
    let mut court = Court::new().await;
    let id = court.brought("借条.png", &photo(60), "tool").await;
    court.kit.clock.advance(time::Duration::hours(24) - time::Duration::seconds(1));
    desk::uploads::sweep(&court.kit.desk).await.expect("a sweep");
    assert_eq!(court.kept().await, (1, 0), "its bytes are not taken for a leftover");
    court.kit.clock.advance(time::Duration::seconds(1));
    // The session has been idle, but the photo is what is asked about.
    court.browser = court.kit.caller(&court.app, court.wang, None).await;
    assert_eq!(court.read(&id, json!({})).await.code(), "upload_expired");
    desk::uploads::sweep(&court.kit.desk).await.expect("a sweep");
    assert_eq!(court.kept().await, (0, 0));
    assert_eq!(court.read(&id, json!({})).await.status, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sr33_what_a_tool_takes_is_bounded() {
    let mut court = Court::new().await;
    for (length, purpose, status, code) in
        [((50 << 20) + 1, "tool", 413, "file_too_large"), (9, "toolbox", 400, "upload_header_invalid")]
    {
        let answer = court.begin("a.png", length, purpose).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (status, code));
    }
    let (voice, _) = court.bring("a.wav", &wav(), "tool").await;
    assert_eq!((voice.status.as_u16(), voice.code().as_str()), (415, "tool_file_type"));
    assert_eq!(court.kept().await, (0, 0));
    let pdf = court.brought("a.pdf", PDF, "tool").await;
    let read = court.read(&pdf, json!({})).await;
    assert_eq!((read.status.as_u16(), read.code().as_str()), (415, "text_wants_photo"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sr39_a_repeated_beginning_leads_to_the_same_upload_and_another_purpose_is_another_wish() {
    let mut court = Court::new().await;
    let first = court.begin("a.png", 9, "tool").await;
    court.keys -= 1;
    let again = court.begin("a.png", 9, "tool").await;
    assert_eq!(first.header("location"), again.header("location"));
    court.keys -= 1;
    assert_eq!(court.begin("a.png", 9, "").await.code(), "idempotency_key_reused");
}

/// A tenth of a second of silence.
fn wav() -> Vec<u8> {
    let mut wav = b"RIFF".to_vec();
    wav.extend((36_u32 + 3_200).to_le_bytes());
    wav.extend(b"WAVEfmt ");
    wav.extend(16_u32.to_le_bytes());
    wav.extend([1, 0, 1, 0]);
    wav.extend(16_000_u32.to_le_bytes());
    wav.extend(32_000_u32.to_le_bytes());
    wav.extend([2, 0, 16, 0]);
    wav.extend(b"data");
    wav.extend(3_200_u32.to_le_bytes());
    wav.extend([0; 3_200]);
    wav
}
