//! Files on their way in.

use std::io::Write;

use bytes::Bytes;
use court::{PersonId, UploadId};
use futures_util::{Stream, StreamExt, stream};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::sample::{self, NOON, SECOND, Speaker, id};
use crate::kit::{TestDatabase, Which};
use crate::{AppendError, BlobRow, Effect, Purpose, Store, StoreError, UploadLoad, UploadRow, on_both_databases};

fn pieces(bytes: &[u8], size: usize) -> impl Stream<Item = Result<Bytes, std::io::Error>> + Send + use<> {
    let pieces: Vec<_> = bytes.chunks(size.max(1)).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    stream::iter(pieces)
}

async fn offset(store: &Store, person: PersonId, id: UploadId) -> u64 {
    store.upload(person, id).await.unwrap().unwrap().offset
}

on_both_databases! {
    async fn an_upload_arrives_in_parts_and_is_finished_once(db) {
        let store = db.open().await;
        let person = sample::person(&store).await.id;
        let bytes: Vec<u8> = (0..5000u32).map(|n| n as u8).collect();
        let row = sample::upload(&store, person, 5000).await;
        assert_eq!(store.upload(person, row.id).await.unwrap().as_ref(), Some(&row));
        assert_eq!(store.receive(person, row.id, 0, pieces(&bytes[..3000], 700)).await.unwrap().offset, 3000);
        assert!(matches!(store.finish_upload(row.id, &sample::found(&bytes), NOON).await, Err(StoreError::Conflict)));
        assert_eq!(store.receive(person, row.id, 3000, pieces(&bytes[3000..], 1)).await.unwrap().offset, 5000);
        assert_eq!(std::fs::read(store.staging().path(row.id)).unwrap(), bytes);
        let found = sample::found(&bytes);
        store.finish_upload(row.id, &found, NOON).await.unwrap();
        assert_eq!(store.upload(person, row.id).await.unwrap().unwrap().finished, Some(found.clone()));
        assert!(matches!(store.finish_upload(row.id, &found, NOON).await, Err(StoreError::Conflict)));
        let late = store.receive(person, row.id, 5000, pieces(&[], 1)).await;
        assert!(matches!(late, Err(StoreError::Conflict)));
        let blob = BlobRow { sha256: found.sha256, size: 5000, media_type: found.media_type };
        assert_eq!(store.blob(found.sha256).await.unwrap(), Some(blob));
    }

    async fn f70_what_is_for_a_tool_stays_staged_and_is_never_a_file_that_is_kept(db) {
        let store = db.open().await;
        let person = sample::person(&store).await.id;
        let [tool, record] = [Purpose::Tool, Purpose::Record].map(|purpose| UploadRow { purpose, ..sample::row(person, 3) });
        for row in [&tool, &record] {
            store.create_upload(row).await.unwrap();
            store.receive(person, row.id, 0, pieces(b"abc", 1)).await.unwrap();
        }
        let found = sample::found(b"abc");
        assert_eq!(store.staging().hash(tool.id).await.unwrap(), (found.sha256, 3));
        store.finish_upload(tool.id, &found, NOON).await.unwrap();
        assert_eq!(store.upload(person, tool.id).await.unwrap().unwrap().purpose, Purpose::Tool);
        assert_eq!(store.blob(found.sha256).await.unwrap(), None);
        store.finish_upload(record.id, &found, NOON).await.unwrap();
        assert_eq!(store.staged_uploads(&[tool.id, record.id]).await.unwrap(), [tool.id].into());
        // The file of the record goes although the tool has the same bytes: that is a file of its own.
        store.blobs().put_bytes(Bytes::from_static(b"abc")).await.unwrap();
        assert!(store.remove_upload(person, record.id, NOON).await.unwrap());
        assert!(store.remove_orphan(found.sha256).await.unwrap());
        assert!(store.remove_upload(person, tool.id, NOON).await.unwrap());
        assert!(!store.staging().path(tool.id).exists());
        assert_eq!(store.orphans(NOON + SECOND, 10).await.unwrap(), []);
    }

    async fn an_upload_of_somebody_else_is_as_if_it_were_not_there(db) {
        let store = db.open().await;
        let (mine, theirs) = (sample::person(&store).await.id, sample::person(&store).await.id);
        let row = sample::upload(&store, mine, 3).await;
        assert_eq!(store.upload(theirs, row.id).await.unwrap(), None);
        assert!(matches!(store.receive(theirs, row.id, 0, pieces(b"abc", 1)).await, Err(StoreError::NotFound)));
        assert!(!store.remove_upload(theirs, row.id, NOON).await.unwrap());
        assert_eq!(offset(&store, mine, row.id).await, 0);
    }

    async fn the_offset_is_compared_before_it_is_moved(db) {
        let nodes = [db.open().await, db.open().await];
        let person = sample::person(&nodes[0]).await.id;
        let row = sample::upload(&nodes[0], person, 100).await;
        assert!(!nodes[0].set_offset(row.id, 1, 2).await.unwrap());
        assert!(!nodes[0].set_offset(row.id, 0, 101).await.unwrap(), "more than was announced");
        let moves = (0..10u64).map(|n| {
            let node = nodes[(n % 2) as usize].clone();
            tokio::spawn(async move { node.set_offset(row.id, 0, 10 + n).await.unwrap() })
        });
        let mut moved = 0;
        for one in moves.collect::<Vec<_>>() {
            moved += usize::from(one.await.unwrap());
        }
        assert_eq!(moved, 1);
    }

    async fn two_who_send_the_same_part_do_not_mix(db) {
        let nodes = [db.open().await, db.open().await];
        let person = sample::person(&nodes[0]).await.id;
        let row = sample::upload(&nodes[0], person, 40_000).await;
        let sends = (0..6u8).map(|n| {
            let node = nodes[usize::from(n % 2)].clone();
            tokio::spawn(async move { node.receive(person, row.id, 0, pieces(&[b'a' + n; 20_000], 100)).await })
        });
        let mut taken = Vec::new();
        for (n, one) in sends.collect::<Vec<_>>().into_iter().enumerate() {
            match one.await.unwrap() {
                Ok(received) => {
                    assert_eq!(received.offset, 20_000);
                    taken.push(b'a' + n as u8);
                }
                Err(StoreError::Conflict) => {}
                Err(other) => panic!("{other}"),
            }
        }
        assert_eq!(taken.len(), 1);
        assert_eq!(std::fs::read(nodes[0].staging().path(row.id)).unwrap(), [taken[0]; 20_000]);
        assert_eq!(offset(&nodes[0], person, row.id).await, 20_000);
    }

    async fn more_bytes_than_announced_are_refused_and_none_of_them_stay(db) {
        let store = db.open().await;
        let person = sample::person(&store).await.id;
        let row = sample::upload(&store, person, 10).await;
        store.receive(person, row.id, 0, pieces(b"12345", 2)).await.unwrap();
        let told = store.receive(person, row.id, 5, pieces(b"678901", 2)).await;
        assert!(matches!(told, Err(StoreError::TooLarge)), "{told:?}");
        assert_eq!(offset(&store, person, row.id).await, 5);
        assert_eq!(store.receive(person, row.id, 5, pieces(b"67890", 2)).await.unwrap().offset, 10);
        assert_eq!(std::fs::read(store.staging().path(row.id)).unwrap(), b"1234567890");
    }

    async fn what_came_before_the_line_broke_stays(db) {
        let store = db.open().await;
        let person = sample::person(&store).await.id;
        let row = sample::upload(&store, person, 10).await;
        let broken = pieces(b"1234", 2).chain(stream::iter([Err(std::io::Error::other("the line broke"))]));
        let received = store.receive(person, row.id, 0, broken).await.unwrap();
        assert_eq!(received.offset, 4);
        assert_eq!(received.broken_off.unwrap().to_string(), "the line broke");
        assert_eq!(offset(&store, person, row.id).await, 4);
    }

    async fn a_sender_who_goes_away_leaves_the_upload_to_the_next(db) {
        let store = db.open().await;
        let person = sample::person(&store).await.id;
        let row = sample::upload(&store, person, 8).await;
        let (node, started) = (store.clone(), std::sync::Arc::new(tokio::sync::Notify::new()));
        let told = started.clone();
        let stuck = tokio::spawn(async move {
            let stuck = pieces(b"half", 1).chain(stream::once(async move {
                told.notify_one();
                std::future::pending::<Result<Bytes, std::io::Error>>().await
            }));
            node.receive(person, row.id, 0, stuck).await
        });
        started.notified().await;
        let busy = store.receive(person, row.id, 0, pieces(b"other", 5)).await;
        assert!(matches!(busy, Err(StoreError::Conflict)), "{busy:?}");
        stuck.abort();
        assert!(stuck.await.unwrap_err().is_cancelled());
        // The lock goes when the file is closed, which a blocking thread does.
        for _ in 0..100 {
            match store.receive(person, row.id, 0, pieces(b"complete", 3)).await {
                Err(StoreError::Conflict) => tokio::time::sleep(std::time::Duration::from_millis(20)).await,
                done => {
                    assert_eq!(done.unwrap().offset, 8);
                    assert_eq!(std::fs::read(store.staging().path(row.id)).unwrap(), b"complete");
                    return;
                }
            }
        }
        panic!("the upload stayed locked");
    }

    async fn bytes_that_were_written_and_never_recorded_are_forgotten(db) {
        let store = db.open().await;
        let person = sample::person(&store).await.id;
        let row = sample::upload(&store, person, 10).await;
        store.receive(person, row.id, 0, pieces(b"12345", 5)).await.unwrap();
        let path = store.staging().path(row.id);
        std::fs::OpenOptions::new().append(true).open(&path).unwrap().write_all(b"garbage of a crash").unwrap();
        store.receive(person, row.id, 5, pieces(b"67890", 5)).await.unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"1234567890");
    }

    async fn a_staged_file_that_lost_recorded_bytes_is_reported_and_not_papered_over(db) {
        let store = db.open().await;
        let person = sample::person(&store).await.id;
        let row = sample::upload(&store, person, 10).await;
        store.receive(person, row.id, 0, pieces(b"12345", 5)).await.unwrap();
        std::fs::OpenOptions::new().write(true).open(store.staging().path(row.id)).unwrap().set_len(3).unwrap();
        let told = store.receive(person, row.id, 5, pieces(b"67890", 5)).await;
        assert!(matches!(told, Err(StoreError::Corrupt(_))), "{told:?}");
    }

    async fn an_upload_that_an_act_uses_neither_expires_nor_can_be_removed(db) {
        let store = db.open().await;
        let (case, person) = (sample::case(&store).await, sample::person(&store).await);
        let (used, unused) = (sample::upload(&store, person.id, 3).await, sample::upload(&store, person.id, 4).await);
        store.receive(person.id, used.id, 0, pieces(b"abc", 3)).await.unwrap();
        store.finish_upload(used.id, &sample::found(b"abc"), NOON).await.unwrap();
        assert_eq!(store.used_bytes(person.id).await.unwrap(), 7);
        assert_eq!(store.used_bytes_case(case).await.unwrap(), 0);
        let mut speaker = Speaker::new(&person);
        let mut append = speaker.founds(case);
        append.effects.push(Effect::BlobUsed { upload: used.id });
        store.append(append).await.unwrap();
        let mut again = speaker.says("再次");
        again.effects.push(Effect::BlobUsed { upload: used.id });
        store.append(again).await.unwrap();
        assert_eq!(store.used_bytes(person.id).await.unwrap(), 4);
        assert_eq!(store.used_bytes_case(case).await.unwrap(), 3);
        let later = NOON + 90_000 * SECOND;
        let expired: Vec<_> = store.expired_uploads(later, 10).await.unwrap().into_iter().map(|row| row.id).collect();
        assert_eq!(expired, [unused.id]);
        assert!(!store.remove_upload(person.id, used.id, NOON).await.unwrap());
        assert!(store.remove_upload(person.id, unused.id, NOON).await.unwrap());
        assert!(!store.remove_upload(person.id, unused.id, NOON).await.unwrap());
        assert_eq!(store.staging().all().await.unwrap(), [used.id]);
    }

    async fn an_upload_removed_while_it_is_being_used_is_either_used_or_gone(db) {
        let nodes = [db.open().await, db.open().await];
        let person = sample::person(&nodes[0]).await;
        for _ in 0..20 {
            let row = sample::upload(&nodes[0], person.id, 0).await;
            nodes[0].finish_upload(row.id, &sample::found(b""), NOON).await.unwrap();
            let mut append = Speaker::new(&person).says("图");
            append.effects.push(Effect::BlobUsed { upload: row.id });
            let (used, removed) = tokio::join!(nodes[0].append(append), nodes[1].remove_upload(person.id, row.id, NOON));
            assert_ne!(used.is_ok(), removed.unwrap());
            assert!(matches!(used, Ok(()) | Err(AppendError::Conflict)), "{used:?}");
            assert_eq!(nodes[0].upload(person.id, row.id).await.unwrap().is_some(), used.is_ok());
        }
    }

    async fn what_a_person_sends_is_counted_and_what_is_under_way_is_known(db) {
        let store = db.open().await;
        let (mine, theirs) = (sample::person(&store).await.id, sample::person(&store).await.id);
        assert_eq!(store.upload_load(mine, 0, NOON).await.unwrap(), UploadLoad { bytes: 0, unfinished: 0 });
        let done = sample::upload(&store, mine, 0).await;
        store.finish_upload(done.id, &sample::found(b""), NOON).await.unwrap();
        let (under_way, other) = (sample::upload(&store, mine, 30).await, sample::upload(&store, theirs, 500).await);
        assert_eq!(store.upload_load(mine, NOON - 1, NOON).await.unwrap(), UploadLoad { bytes: 30, unfinished: 1 });
        assert_eq!(store.upload_load(mine, NOON, NOON).await.unwrap(), UploadLoad { bytes: 0, unfinished: 1 });
        let later = under_way.expires_at;
        assert_eq!(store.upload_load(mine, NOON - 1, later).await.unwrap(), UploadLoad { bytes: 30, unfinished: 0 });
        let asked: Vec<UploadId> =
            (0..1200).map(|_| UploadId(id())).chain([done.id, under_way.id, other.id]).collect();
        assert_eq!(store.staged_uploads(&asked).await.unwrap(), [under_way.id, other.id].into());
        assert_eq!(store.staged_uploads(&[]).await.unwrap(), [].into());
    }
}

/// What may happen to an upload: so many bytes arrive at the right place, or at a wrong one, or a crash leaves garbage behind.
#[derive(Clone, Debug)]
enum Event {
    Arrive(usize),
    Elsewhere(usize),
    Garbage(Vec<u8>),
}

#[test]
fn whatever_happens_on_the_way_the_bytes_are_those_that_were_sent() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let db = runtime.block_on(TestDatabase::fresh(Which::Sqlite));
    let store = runtime.block_on(db.open());
    let person = runtime.block_on(sample::person(&store)).id;
    let event = prop_oneof![
        (1..4000usize).prop_map(Event::Arrive),
        (1..4000usize).prop_map(Event::Elsewhere),
        prop::collection::vec(any::<u8>(), 1..100).prop_map(Event::Garbage),
    ];
    let given = (prop::collection::vec(any::<u8>(), 1..9000), prop::collection::vec(event, 0..8), 1..1000usize);
    let mut runner = TestRunner::new(Config { cases: 24, failure_persistence: None, ..Config::default() });
    runner
        .run(&given, |(bytes, events, size)| {
            runtime.block_on(async {
                let row = sample::upload(&store, person, bytes.len() as u64).await;
                let mut here = 0;
                for event in events.into_iter().chain([Event::Arrive(bytes.len())]) {
                    match event {
                        Event::Arrive(count) => {
                            let end = (here + count).min(bytes.len());
                            let part = pieces(&bytes[here..end], size);
                            let received = store.receive(person, row.id, here as u64, part).await.unwrap();
                            prop_assert_eq!(received.offset, end as u64);
                            here = end;
                        }
                        Event::Elsewhere(by) => {
                            let told = store.receive(person, row.id, (here + by) as u64, pieces(b"x", 1)).await;
                            prop_assert!(matches!(told, Err(StoreError::Conflict)));
                        }
                        Event::Garbage(garbage) => {
                            let path = store.staging().path(row.id);
                            std::fs::OpenOptions::new().append(true).open(path).unwrap().write_all(&garbage).unwrap();
                        }
                    }
                }
                let staged = std::fs::read(store.staging().path(row.id)).unwrap();
                prop_assert_eq!(&staged[..bytes.len()], &bytes[..]);
                Ok(())
            })
        })
        .unwrap();
    runtime.block_on(store.close());
}

#[tokio::test]
async fn nobody_can_write_to_an_upload_that_does_not_exist() {
    let db = TestDatabase::fresh(Which::Sqlite).await;
    let store = db.open().await;
    let person = sample::person(&store).await.id;
    let told = store.receive(person, UploadId(id()), 0, pieces(b"x", 1)).await;
    assert!(matches!(told, Err(StoreError::NotFound)));
}
