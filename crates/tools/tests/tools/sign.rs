//! 电子签名: one's own signature on one's own file, after a proof for exactly that.

use connect::sms::SmsTemplate;
use court::signature::Method;
use desk::KeptSignature;
use papers::work::{Sizes, Task};

use super::*;

const PLACE: &str = "/api/tools/signature";

/// A signature of this person: two thick lines.
async fn reserved(court: &Court, person: PersonId) -> KeptSignature {
    let picture = image::RgbaImage::from_fn(120, 40, |x, y| {
        let ink = y.abs_diff(x / 3) < 3 || y.abs_diff(20) < 2;
        image::Rgba([10, 10, 10, if ink { 255 } else { 0 }])
    });
    let mut png = Cursor::new(Vec::new());
    picture.write_to(&mut png, ImageFormat::Png).expect("a picture");
    let signature = desk::Signature { method: Method::Drawn, png: png.into_inner(), strokes: None, typed: None };
    court.kit.desk.keep_signature(person, &signature).await.expect("a vault")
}

fn wanted(pages: &Value, kept: &KeptSignature, x: f64) -> Value {
    let place = json!({"page": 1, "x": x, "y": 60.5, "width": 40, "height": 16});
    json!({"document": pages["sha256"], "signature": kept.commitment, "places": [place]})
}

impl Court {
    async fn pages(&mut self, id: &str) -> Value {
        let answer = self.browser.get(&format!("{PLACE}/{id}")).await;
        assert_eq!(answer.status, 200, "{}", answer.json());
        answer.json()
    }

    async fn sign(&mut self, id: &str, key: &str, wanted: &Value) -> Answer {
        self.browser.post_once(&format!("{PLACE}/{id}"), key, wanted.clone()).await
    }

    /// Shows by a code to the telephone who it is, for what a refusal named.
    async fn steps_up(&mut self, refused: &Answer) {
        assert_eq!((refused.status.as_u16(), refused.code().as_str()), (403, "step_up_required"));
        self.kit.clock.advance(time::Duration::seconds(61));
        let mut body = json!({"purpose": "signature.place", "document": refused.json()["document"]});
        let asked = self.browser.post("/api/step-up/code", body.clone()).await;
        assert_eq!(asked.status, 202, "{}", asked.json());
        let messages = self.kit.sms.messages();
        let code = messages.iter().rev().find(|message| message.template == SmsTemplate::StepUpCode).expect("a code");
        body["code"] = json!(code.params["code"]);
        let shown = self.browser.post("/api/step-up", body).await;
        assert_eq!(shown.status, 200, "{}", shown.json());
    }

    async fn uses(&self) -> Vec<store::SignatureUse> {
        self.kit.desk.store.signature_uses(self.wang, None, 9).await.expect("a store")
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sr40_a_photo_is_signed_once_after_a_proof_for_it_and_these_places_and_only_the_result_is_left() {
    let mut court = Court::new().await;
    let kept = reserved(&court, court.wang).await;
    let id = court.brought("借条.png", &photo(60), "tool").await;
    let pages = court.pages(&id).await;
    assert_eq!(pages["pages"], json!([{"width": 595, "height": 793}]), "the page that it becomes, in points");
    assert_eq!(pages["name"], "借条.png");
    let page = court.browser.get(&format!("{PLACE}/{id}/pages/1?width=200")).await;
    assert_eq!((page.status.as_u16(), page.header("content-type")), (200, "image/jpeg"));
    assert_eq!(court.browser.get(&format!("{PLACE}/{id}/pages/2")).await.code(), "no_such_page");

    let first = wanted(&pages, &kept, 20.0);
    let refused = court.sign(&id, "k1", &first).await;
    court.steps_up(&refused).await;
    // Another place is another consent.
    let moved = court.sign(&id, "k1", &wanted(&pages, &kept, 30.0)).await;
    assert_eq!(moved.code(), "step_up_required");
    assert_ne!(moved.json()["document"], refused.json()["document"]);
    let signed = court.sign(&id, "k1", &first).await;
    assert_eq!(signed.status, 201, "{}", signed.json());
    assert_eq!(signed.json()["name"], "借条（已签名）.pdf");
    assert_eq!(
        court.kept().await,
        (1, 0),
        "the photo is gone, and what came of it is not among the files that are kept"
    );
    assert_eq!(court.browser.get(&format!("{PLACE}/{id}")).await.status, 404);

    // Repeated, it has one effect and one answer; as another wish it finds nothing.
    assert_eq!(court.sign(&id, "k1", &first).await.json(), signed.json());
    assert_eq!(court.sign(&id, "k1", &wanted(&pages, &kept, 30.0)).await.code(), "idempotency_key_reused");
    assert_eq!(court.sign(&id, "k2", &first).await.status, 404);

    let result = signed.json()["upload"].as_str().expect("an id").to_owned();
    let file = court.browser.get(&format!("{PLACE}/{result}/file")).await;
    assert!(file.header("content-disposition").starts_with("attachment;"), "sr24");
    assert!(file.header("content-security-policy").starts_with("sandbox"), "sr24");
    assert_eq!(json!(record::Hash::of(&file.body)), signed.json()["sha256"]);
    let seen = court.kit.desk.worker.run_on_bytes::<Sizes>(&Task::Pages, &file.body).await.expect("a PDF");
    assert_eq!(seen.answer.pages.len(), 1);
    // The ink stands where it was put: there the page is darker than without it.
    assert_eq!(court.pages(&result).await["pages"], pages["pages"]);

    let uses = court.uses().await;
    let [used] = &uses[..] else { panic!("{uses:?}") };
    assert_eq!((used.name.as_str(), used.signature), ("借条.png", kept.commitment));
    assert_eq!((json!(used.document), json!(used.result)), (pages["sha256"].clone(), signed.json()["sha256"].clone()));

    // The same photo again wants a proof again: the one before was used.
    let again = court.brought("借条.png", &photo(60), "tool").await;
    assert_eq!(court.sign(&again, "k3", &first).await.code(), "step_up_required");

    court.kit.clock.advance(time::Duration::hours(24));
    desk::uploads::sweep(&court.kit.desk).await.expect("a sweep");
    assert_eq!(court.kept().await, (0, 0), "a day later nothing is left but the note");
    assert_eq!(court.uses().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f70_a_pdf_is_only_added_to_and_one_that_is_signed_or_broken_is_left_alone() {
    let mut court = Court::new().await;
    let kept = reserved(&court, court.wang).await;
    let id = court.brought("a.pdf", PDF, "tool").await;
    let pages = court.pages(&id).await;
    assert_eq!(pages["pages"], json!([{"width": 100, "height": 100}]));
    let wish = wanted(&pages, &kept, 20.0);
    let refused = court.sign(&id, "k1", &wish).await;
    court.steps_up(&refused).await;
    let signed = court.sign(&id, "k1", &wish).await;
    assert_eq!(signed.status, 201, "{}", signed.json());
    let file = court.browser.get(&format!("{PLACE}/{}/file", signed.json()["upload"].as_str().expect("an id"))).await;
    assert!(file.body.starts_with(PDF) && file.body.len() > PDF.len());

    // A dictionary with a byte range is what a signature has.
    let sealed = String::from_utf8_lossy(PDF).replace("/Catalog/Pages", "/Catalog/ByteRange[0 1 2 3]/Pages");
    let wrong = sealed.replace("startxref\n170", "startxref\n189").replace("0000000054", "0000000073");
    let wrong = wrong.replace("0000000105", "0000000124");
    for (name, bytes, code) in [("b.pdf", wrong.into_bytes(), "document_signed")] {
        let id = court.brought(name, &bytes, "tool").await;
        let pages = court.pages(&id).await;
        let wish = wanted(&pages, &kept, 20.0);
        let refused = court.sign(&id, name, &wish).await;
        court.steps_up(&refused).await;
        let refused = court.sign(&id, name, &wish).await;
        assert_eq!((refused.status.as_u16(), refused.code().as_str()), (422, code));
    }
    assert_eq!(court.uses().await.len(), 1, "what was not signed is no use");
    let mut nowhere = wanted(&pages, &kept, 20.0);
    nowhere["places"][0]["page"] = json!(0);
    assert_eq!(court.sign(&id, "k9", &nowhere).await.code(), "places_invalid");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sr42_nobody_signs_for_another_nor_another_file_than_was_seen() {
    let mut court = Court::new().await;
    let id = court.brought("借条.png", &photo(60), "tool").await;
    let pages = court.pages(&id).await;
    let mut li = court.somebody_else().await;
    let theirs = reserved(&court, court.wang).await;
    let wish = wanted(&pages, &theirs, 20.0);
    for path in ["", "/pages/1", "/file"] {
        assert_eq!(li.get(&format!("{PLACE}/{id}{path}")).await.status, 404, "{path}");
    }
    assert_eq!(li.post_once(&format!("{PLACE}/{id}"), "k", wish.clone()).await.status, 404);
    let mut other = wish.clone();
    other["document"] = json!(record::Hash::of(b"other"));
    assert_eq!(court.sign(&id, "k1", &other).await.code(), "document_other");
    let mut former = wish.clone();
    former["signature"] = json!(record::Hash::of(b"former"));
    assert_eq!(court.sign(&id, "k2", &former).await.code(), "signature_other");
    // A proof for a room is none here, and no room is named for what happens in none.
    let body = json!({"purpose": "signature.place", "room": uuid::Uuid::nil(), "document": pages["sha256"]});
    assert_eq!(court.browser.post("/api/step-up/code", body).await.code(), "step_up_object");
    let body = json!({"purpose": "signature.confirm", "document": pages["sha256"]});
    assert_eq!(court.browser.post("/api/step-up/code", body).await.code(), "step_up_object");
    assert!(court.uses().await.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f70_who_has_no_signature_is_told_to_make_one() {
    let mut court = Court::new().await;
    let id = court.brought("借条.png", &photo(60), "tool").await;
    let pages = court.pages(&id).await;
    let place = json!({"page": 1, "x": 1, "y": 1, "width": 40, "height": 16});
    let wish = json!({"document": pages["sha256"], "signature": "0".repeat(64), "places": [place]});
    assert_eq!(court.sign(&id, "k", &wish).await.code(), "signature_missing");
}
