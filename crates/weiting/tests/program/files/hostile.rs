//! Bombs and torn files: each fails its own task, in bounded time and memory, and nothing else.

use std::time::{Duration, Instant};

use papers::work::{OfficeForm, Picture, Sizes, Task};
use serde_json::Value;

use super::*;

/// What SR-33 allows, with room for a machine that does other things.
const SOON: Duration = Duration::from_secs(10);

/// Zeros that were packed, without anything that could pack them here: one stored block after the other would be no bomb.
fn packed_zeros(mebibytes: usize) -> Vec<u8> {
    // The packed bytes of an entry of a package are a raw deflate stream; a zlib stream has two bytes before and a sum behind.
    let package = package(&[("z", &vec![0; mebibytes << 20])]);
    let begin = 30 + 1;
    let end = package.windows(4).rposition(|part| part == b"PK\x01\x02").expect("a directory");
    let mut stream = vec![0x78, 0x9C];
    stream.extend(&package[begin..end]);
    stream
}

#[tokio::test]
async fn sr33_f18_bombs_are_answered_soon() {
    let desk = Desk::new().await;
    let zeros = vec![0; 64 << 20];
    let types = br#"<?xml version="1.0"?><Types><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#;
    let bomb = package(&[("[Content_Types].xml", types), ("word/document.xml", &zeros)]);
    let inner = package(&[("a", &zeros)]);
    let nested = package(&[
        ("[Content_Types].xml", types),
        ("word/document.xml", b"<w/>"),
        ("word/embeddings/a.docx", &package(&[("b.zip", &inner)])),
    ]);
    for (what, bytes, name, codes) in [
        ("zip bomb", bomb, "a.docx", &["archive_bomb"][..]),
        ("nested", nested, "a.docx", &["archive_bomb", "file_broken"]),
        ("torn pdf", b"%PDF-1.7\n1 0 obj\n%%EOF".to_vec(), "a.pdf", &["file_broken"]),
        ("film in a pdf's name", fixture("video.mp4"), "a.pdf", &["file_type_mismatch"]),
    ] {
        let began = Instant::now();
        let code = desk.identify(&bytes, name).await;
        assert!(codes.contains(&code.as_str()), "{what}: {code}");
        assert!(began.elapsed() < SOON, "{what} took {:?}", began.elapsed());
    }
    assert_eq!(desk.identify(&fixture("video.mp4"), "a.mp4").await, "video/mp4", "and the next file is looked at");
}

#[tokio::test]
async fn sr33_f19_a_page_that_unpacks_to_gigabytes_harms_nobody() {
    let desk = Desk::new().await;
    let bomb = pdf(&packed_zeros(512), "/Filter /FlateDecode");
    assert!(bomb.len() < 1 << 20);
    let began = Instant::now();
    let taken = desk.identify(&bomb, "a.pdf").await;
    assert!(matches!(taken.as_str(), "application/pdf" | "view_unavailable"), "{taken}");
    if let Err(not_done) = desk.run::<Picture>(&Task::Page { n: 1, width: 300 }, &bomb).await {
        assert!(matches!(not_done.class(), "resource" | "bad_input"), "{not_done:?}");
    }
    assert!(began.elapsed() < Duration::from_secs(40));
    let paper = pdf(b"0 0 0 rg 100 100 200 200 re f", "");
    desk.run::<Picture>(&Task::Page { n: 1, width: 300 }, &paper).await.unwrap();
}

#[tokio::test]
async fn f19_torn_and_changed_files_fail_alone() {
    let desk = Desk::new().await;
    let paper = pdf(b"BT /F1 12 Tf (x) Tj ET", "");
    let film = fixture("video.mp4");
    for cut in [10, paper.len() / 2, paper.len() - 20] {
        let mut changed = paper.clone();
        changed[cut] ^= 0xFF;
        for bytes in [&paper[..cut], &changed] {
            for task in [Task::Pages, Task::Page { n: 1, width: 200 }] {
                if let Err(not_done) = desk.run::<Value>(&task, bytes).await {
                    assert_eq!(not_done.class(), "bad_input", "{not_done:?}");
                }
            }
        }
    }
    for cut in [100, film.len() / 2] {
        if let Err(not_done) = desk.run::<Picture>(&Task::Poster { edge: 40 }, &film[..cut]).await {
            assert_eq!(not_done.class(), "bad_input", "{not_done:?}");
        }
    }
    // LibreOffice reads anything as text if it can: what comes out is a PDF, or nothing.
    let office =
        desk.run::<Value>(&Task::OfficeToPdf { form: OfficeForm::Doc }, b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1").await;
    match office {
        Ok((_, files)) => assert!(files[0].starts_with(b"%PDF-")),
        Err(not_done) => assert!(matches!(not_done.class(), "bad_input" | "resource"), "{not_done:?}"),
    }
    assert!(desk.run::<Sizes>(&Task::Pages, &paper).await.is_ok(), "and the next file is looked at");
}
