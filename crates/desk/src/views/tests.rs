//! What people see of files.

use bytes::Bytes;
use court::{File, FileKind};
use record::Hash;
use store::{CopyState, Job};

use super::*;
use crate::jobs::Outcome;
use crate::testkit::Kit;
use crate::views::derive::{self, Unavailable};
use crate::worker::NotDone;

const PAPER: &str = "%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [3 0 R 4 0 R] \
                   /Count 2 >>\nendobj\n3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] >>\nendobj\n4 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] \
                   >>\nendobj\ntrailer\n<< \
                   /Root 1 0 R >>\n%%EOF\n";
const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

async fn shown(kit: &Kit, kind: FileKind, media_type: &str, bytes: &[u8]) -> File {
    let sha256 = kit.desk.store.blobs().put_bytes(Bytes::copy_from_slice(bytes)).await.unwrap();
    File {
        kind,
        name: "证据.pdf".to_owned(),
        size: bytes.len() as u64,
        media_type: media_type.to_owned(),
        sha256,
        width: None,
        height: None,
        seconds: None,
        warnings: Vec::new(),
    }
}

async fn jobs(kit: &Kit) -> Vec<Job> {
    kit.desk.store.claim_jobs(kit.micros(), 1, 10).await.unwrap()
}

#[tokio::test]
async fn sr35_a_page_is_drawn_when_it_is_first_wanted_and_the_original_stays() {
    let kit = Kit::new().await;
    let file = shown(&kit, FileKind::Document, "application/pdf", PAPER.as_bytes()).await;
    let pages = kit.desk.pages(&file).await.unwrap();
    let Pages::Ready { count: 2, sizes } = &pages else { panic!("{pages:?}") };
    assert_eq!((sizes[0].width, sizes[0].height), (200, 100));
    assert_eq!(kit.desk.pages(&file).await.unwrap(), pages);
    let (first, again) =
        tokio::join!(kit.desk.page(&file, 1, PageWidth::Strip), kit.desk.page(&file, 1, PageWidth::Strip));
    let (first, again) = (first.unwrap().unwrap(), again.unwrap().unwrap());
    assert_eq!(first, again);
    assert_eq!((first.media_type.as_str(), first.width), ("image/jpeg", 240));
    let kept = kit.desk.store.blobs().get_bytes(first.sha256, 1 << 20).await.unwrap();
    assert!(kept.starts_with(b"\xFF\xD8\xFF"));
    assert_eq!(kit.desk.store.blobs().hash(file.sha256).await.unwrap(), Some(file.sha256));
    for n in [0, 3] {
        assert!(matches!(kit.desk.page(&file, n, PageWidth::Read).await, Err(Unavailable::Ever(_))));
        let key = derive::key(file.sha256, "page-1240", n);
        assert_eq!(kit.desk.store.copy(&key).await.unwrap(), None, "a page that cannot be leaves no row");
    }
    let left = std::fs::read_dir(kit.folder().join("worker")).unwrap().count();
    assert_eq!(left, 0, "what was on its way is gone");
}

#[tokio::test]
async fn a_copy_that_got_lost_is_made_again() {
    let kit = Kit::new().await;
    let file = shown(&kit, FileKind::Document, "application/pdf", PAPER.as_bytes()).await;
    let page = kit.desk.page(&file, 2, PageWidth::Strip).await.unwrap().unwrap();
    std::fs::remove_file(kit.desk.store.blobs().local_path(page.sha256).unwrap()).unwrap();
    assert_eq!(kit.desk.page(&file, 2, PageWidth::Strip).await.unwrap().unwrap(), page);
    assert!(kit.desk.store.blobs().exists(page.sha256).await.unwrap());
}

#[tokio::test]
async fn f19_a_document_that_cannot_be_shown_says_so_and_is_not_tried_again() {
    let kit = Kit::new().await;
    let file = shown(&kit, FileKind::Document, "application/pdf", b"%PDF-1.7 torn").await;
    for _ in 0..2 {
        let pages = kit.desk.pages(&file).await.unwrap();
        assert!(matches!(&pages, Pages::Failed { code, .. } if code == "file_broken"), "{pages:?}");
    }
    assert!(matches!(kit.desk.page(&file, 1, PageWidth::Read).await, Err(Unavailable::Ever(_))));
    assert!(kit.desk.store.blobs().exists(file.sha256).await.unwrap(), "the original can still be had");
    let video = shown(&kit, FileKind::Video, "video/mp4", b"film").await;
    assert!(matches!(kit.desk.pages(&video).await.unwrap(), Pages::Failed { code, .. } if code == "no_such_page"));
}

#[tokio::test]
async fn f20_three_failures_of_the_worker_are_the_end_of_it() {
    let kit = Kit::new().await;
    let key = derive::key(Hash::of(b"hangs"), "pages", 0);
    for last in [false, false, true] {
        let came = kit.desk.not_made(&key, NotDone::Resource("time".to_owned())).await.unwrap();
        assert_eq!(matches!(came, Unavailable::Ever(_)), last);
    }
    let Some(CopyState::Failed(failure)) = kit.desk.store.copy(&key).await.unwrap() else { panic!() };
    assert_eq!((failure.class.as_str(), failure.code.as_str()), ("resource", "view_unavailable"));
    assert!(failure.detail.contains("下载原件"));
    let other = derive::key(Hash::of(b"busy"), "pages", 0);
    for _ in 0..4 {
        let came = kit.desk.not_made(&other, NotDone::Unavailable).await.unwrap();
        assert!(matches!(came, Unavailable::Now(_)), "that there was no place says nothing of the file");
    }
    assert_eq!(kit.desk.store.copy(&other).await.unwrap(), None);
}

#[tokio::test]
async fn an_office_document_is_prepared_by_one_job() {
    let kit = Kit::new().await;
    let file = shown(&kit, FileKind::Document, DOCX, b"PK\x03\x04").await;
    for _ in 0..3 {
        assert_eq!(kit.desk.pages(&file).await.unwrap(), Pages::Preparing);
    }
    assert_eq!(kit.desk.page(&file, 1, PageWidth::Read).await.unwrap(), None);
    let jobs = jobs(&kit).await;
    assert_eq!(jobs.iter().map(|job| job.kind.as_str()).collect::<Vec<_>>(), ["document.pdf"]);
    // As if it had been converted: the pages are those of the PDF.
    let pdf = kit.desk.store.blobs().put_bytes(Bytes::from_static(PAPER.as_bytes())).await.unwrap();
    let copy = store::CopyFile { sha256: pdf, media_type: "application/pdf".to_owned(), size: PAPER.len() as u64 };
    let row = store::CopyRow { file: Some(copy), answer: "null".to_owned() };
    kit.desk.store.put_copy(&derive::key(file.sha256, PDF, 0), &row, kit.micros()).await.unwrap();
    assert!(matches!(kit.desk.pages(&file).await.unwrap(), Pages::Ready { count: 2, .. }));
    assert!(kit.desk.page(&file, 2, PageWidth::Strip).await.unwrap().is_some());
    assert_eq!(pdf_job(kit.desk.clone(), jobs[0].payload.clone()).await, Outcome::Done, "done before");
    assert!(matches!(pdf_job(kit.desk.clone(), "{}".to_owned()).await, Outcome::Fail(_)));
}

#[test]
fn a_width_is_one_of_three() {
    for (pixels, expected) in [
        (0, PageWidth::Strip),
        (240, PageWidth::Strip),
        (241, PageWidth::Read),
        (1241, PageWidth::Close),
        (9000, PageWidth::Close),
    ] {
        assert_eq!(PageWidth::at_least(pixels), expected);
    }
}
