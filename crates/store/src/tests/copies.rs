//! Copies derived from files, and files that nobody used.

use court::UploadId;
use record::Hash;

use super::sample::{self, NOON};
use crate::ledger::NewJob;
use crate::{
    BlobRow, CopyFailure, CopyFile, CopyKey, CopyRow, CopyState, FinishedUpload, Store, UploadRow, on_both_databases,
};

const HOUR: i64 = 3_600_000_000;

fn key(name: &[u8], n: u32) -> CopyKey {
    CopyKey { original: Hash::of(name), kind: "page-1240".to_owned(), n }
}

/// An upload of these bytes that is finished, as the desk does it.
async fn finished(store: &Store, bytes: &'static [u8]) -> UploadRow {
    let person = sample::person(store).await;
    let row = sample::upload(store, person.id, bytes.len() as u64).await;
    let stream = futures_util::stream::iter([Ok::<_, std::io::Error>(bytes::Bytes::from_static(bytes))]);
    store.receive(person.id, row.id, 0, stream).await.unwrap();
    finish(store, row.id).await;
    row
}

async fn finish(store: &Store, id: UploadId) {
    let path = store.staging().path(id);
    let (sha256, size) = store.blobs().put_file(&path).await.unwrap();
    let found = FinishedUpload {
        sha256,
        size,
        media_type: "application/pdf".to_owned(),
        kind: "document".to_owned(),
        width: None,
        height: None,
        seconds: None,
        warnings: "[]".to_owned(),
    };
    store.finish_upload(id, &found, NOON).await.unwrap();
    if store.blobs().size(sha256).await.unwrap() != Some(size) {
        store.blobs().put_file(&path).await.unwrap();
    }
}

on_both_databases! {
    async fn a_copy_is_known_by_original_kind_and_number(db) {
        let store = db.open().await;
        let (first, second) = (key(b"a", 1), key(b"a", 2));
        assert_eq!(store.copy(&first).await.unwrap(), None);
        let file = CopyFile { sha256: Hash::of(b"jpeg"), media_type: "image/jpeg".to_owned(), size: 9 };
        let row = CopyRow { file: Some(file), answer: "{}".to_owned() };
        store.put_copy(&first, &row, NOON).await.unwrap();
        assert_eq!(store.copy(&first).await.unwrap(), Some(CopyState::Ready(row.clone())));
        assert_eq!(store.copy(&second).await.unwrap(), None);
        let sizes = CopyRow { file: None, answer: "[1]".to_owned() };
        store.put_copy(&first, &sizes, NOON).await.unwrap();
        assert_eq!(store.copy(&first).await.unwrap(), Some(CopyState::Ready(sizes)), "made anew");
        assert_eq!(store.forget_copies(first.original).await.unwrap(), 1);
        assert_eq!(store.copy(&first).await.unwrap(), None);
    }

    async fn f20_attempts_are_counted_and_a_failure_stays_until_there_is_a_copy(db) {
        let store = db.open().await;
        let key = key(b"b", 1);
        assert_eq!(store.count_copy_attempt(&key, NOON).await.unwrap(), 1);
        assert_eq!(store.count_copy_attempt(&key, NOON).await.unwrap(), 2);
        assert_eq!(store.copy(&key).await.unwrap(), Some(CopyState::Failing { tries: 2 }));
        let failure =
            CopyFailure { class: "bug".to_owned(), code: "view_unavailable".to_owned(), detail: "预览无法生成".to_owned() };
        store.put_copy_failure(&key, &failure, NOON).await.unwrap();
        assert_eq!(store.copy(&key).await.unwrap(), Some(CopyState::Failed(failure)));
        let row = CopyRow { file: None, answer: "1".to_owned() };
        store.put_copy(&key, &row, NOON).await.unwrap();
        assert_eq!(store.copy(&key).await.unwrap(), Some(CopyState::Ready(row)));
    }

    async fn a_copy_is_prepared_by_one_job(db) {
        let store = db.open().await;
        let key = key(b"c", 0);
        let job = NewJob { kind: "document.pdf".to_owned(), payload: "{}".to_owned(), run_at: NOON };
        let both = tokio::join!(store.prepare_copy(&key, &job, NOON), store.prepare_copy(&key, &job, NOON));
        assert!(both.0.unwrap() ^ both.1.unwrap(), "one of them");
        assert!(!store.prepare_copy(&key, &job, NOON).await.unwrap());
        assert_eq!(store.copy(&key).await.unwrap(), Some(CopyState::Preparing));
        assert_eq!(store.claim_jobs(NOON, HOUR, 10).await.unwrap().len(), 1);
    }

    async fn the_file_of_an_unused_upload_goes_after_its_time(db) {
        let store = db.open().await;
        let row = finished(&store, b"nobody showed this").await;
        let sha256 = Hash::of(b"nobody showed this");
        assert!(store.remove_upload(row.person, row.id, NOON).await.unwrap());
        assert_eq!(store.orphans(NOON, 10).await.unwrap(), [], "not before its time");
        assert_eq!(store.orphans(NOON + 1, 10).await.unwrap(), [sha256]);
        assert!(store.blobs().exists(sha256).await.unwrap());
        assert!(store.remove_orphan(sha256).await.unwrap());
        assert!(!store.blobs().exists(sha256).await.unwrap());
        assert_eq!(store.blob(sha256).await.unwrap(), None);
        assert_eq!(store.orphans(NOON + HOUR, 10).await.unwrap(), []);
        assert!(!store.blobs().exists(sha256).await.unwrap());
    }

    async fn sr35_a_file_that_anything_names_stays(db) {
        let store = db.open().await;
        // The same bytes came twice; one upload was removed.
        let (mine, _theirs) = (finished(&store, b"twice").await, finished(&store, b"twice").await);
        store.remove_upload(mine.person, mine.id, NOON).await.unwrap();
        assert!(!store.remove_orphan(Hash::of(b"twice")).await.unwrap());
        assert!(store.blobs().exists(Hash::of(b"twice")).await.unwrap());
        // Somebody keeps these bytes for ever, before and after the upload.
        for (bytes, before) in [(&b"transcript"[..], true), (b"signature", false)] {
            let sha256 = Hash::of(bytes);
            let keep = BlobRow { sha256, size: bytes.len() as u64, media_type: "application/pdf".to_owned() };
            if before {
                store.put_blob(&keep, NOON).await.unwrap();
            }
            let row = finished(&store, bytes).await;
            if !before {
                store.put_blob(&keep, NOON).await.unwrap();
            }
            store.remove_upload(row.person, row.id, NOON).await.unwrap();
            assert!(!store.remove_orphan(sha256).await.unwrap());
            assert!(store.blobs().exists(sha256).await.unwrap());
        }
        // A copy of another file has the same bytes.
        let row = finished(&store, b"copy").await;
        let file = CopyFile { sha256: Hash::of(b"copy"), media_type: "image/jpeg".to_owned(), size: 4 };
        store.put_copy(&key(b"d", 1), &CopyRow { file: Some(file), answer: "{}".to_owned() }, NOON).await.unwrap();
        store.remove_upload(row.person, row.id, NOON).await.unwrap();
        assert!(!store.remove_orphan(Hash::of(b"copy")).await.unwrap());
        assert!(store.blobs().exists(Hash::of(b"copy")).await.unwrap());
    }

    async fn sr35_a_file_that_comes_again_while_it_is_removed_is_there_in_the_end(db) {
        let store = db.open().await;
        for round in 0..20u8 {
            let bytes: &'static [u8] = vec![round; 64].leak();
            let old = finished(&store, bytes).await;
            store.remove_upload(old.person, old.id, NOON).await.unwrap();
            let person = sample::person(&store).await;
            let new = sample::upload(&store, person.id, bytes.len() as u64).await;
            let stream = futures_util::stream::iter([Ok::<_, std::io::Error>(bytes::Bytes::from_static(bytes))]);
            store.receive(person.id, new.id, 0, stream).await.unwrap();
            let (removed, ()) = tokio::join!(store.remove_orphan(Hash::of(bytes)), finish(&store, new.id));
            removed.unwrap();
            assert!(store.blobs().exists(Hash::of(bytes)).await.unwrap(), "round {round}");
            assert!(store.blob(Hash::of(bytes)).await.unwrap().is_some(), "round {round}");
        }
    }

    async fn a_job_that_is_given_up_stays_in_the_list_until_it_is_tried_again(db) {
        let store = db.open().await;
        let job = NewJob { kind: "document.pdf".to_owned(), payload: "{}".to_owned(), run_at: NOON };
        store.enqueue_job(&job).await.unwrap();
        let held = store.claim_jobs(NOON, HOUR, 1).await.unwrap().remove(0);
        assert!(store.give_up_job(&held, NOON, "no copy can be made").await.unwrap());
        assert!(!store.give_up_job(&held, NOON, "twice").await.unwrap());
        assert_eq!(store.forget_jobs(NOON + 1000 * HOUR).await.unwrap(), 0, "it is not forgotten as done");
        let listed = store.given_up_jobs(10).await.unwrap();
        assert_eq!((listed.len(), listed[0].1, store.count_given_up_jobs().await.unwrap()), (1, NOON, 1));
        assert_eq!(listed[0].0.last_error.as_deref(), Some("no copy can be made"));
        assert_eq!(store.claim_jobs(NOON + 1, HOUR, 1).await.unwrap(), []);
        assert_eq!(store.next_job_at().await.unwrap(), None);
        assert!(store.revive_job(held.id, NOON + 2).await.unwrap());
        assert!(!store.revive_job(held.id, NOON + 2).await.unwrap());
        let again = store.claim_jobs(NOON + 2, HOUR, 1).await.unwrap();
        assert_eq!((again.len(), again[0].attempts, store.count_given_up_jobs().await.unwrap()), (1, 1, 0));
    }
}
