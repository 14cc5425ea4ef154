//! A process that goes away in the middle leaves whole appends or nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use court::{ActId, MemberId};
use record::Head;
use sqlx::{Connection, PgConnection};
use uuid::Uuid;

use super::sample::{self, NOON, Speaker, id, verified};
use crate::kit::{TestDatabase, Which};
use crate::{AppendError, Effect, NewJob, Store, StoreOptions};

/// What one process was told before it went away.
async fn until_the_end(options: StoreOptions, told: std::sync::mpsc::Sender<(Uuid, ActId, String)>) {
    let store = crate::Store::open(options, |_| {}).await.unwrap();
    store.unlock(std::sync::Arc::new(crate::kit::TestSeals::default())).await.unwrap();
    let person = sample::person(&store).await;
    let case = sample::case(&store).await;
    for _ in 0..6 {
        let (store, told, person) = (store.clone(), told.clone(), person.clone());
        tokio::spawn(async move {
            let mut speaker = Speaker::new(&person);
            loop {
                let key = format!("{}", id());
                let founding = speaker.head.seq == 0;
                let mut append = speaker.says_under(&key, "在");
                if founding {
                    append.founding = Speaker::new(&person).founds(case).founding;
                }
                append.jobs = vec![NewJob { kind: "test".to_owned(), payload: key.clone(), run_at: NOON }];
                append.effects = vec![Effect::MembershipStarted {
                    member: MemberId(id()),
                    person: person.id,
                    role: "party".to_owned(),
                    seq: speaker.head.seq,
                    at: NOON,
                }];
                let (record, act) = (append.record, append.acts[0].id);
                store.append(append).await.unwrap();
                let _ = told.send((record, act, key));
            }
        });
    }
    std::future::pending::<()>().await;
}

fn holds(which: Which) {
    let here = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let db = here.block_on(TestDatabase::fresh(which));
    let mut acknowledged = Vec::new();
    for round in 0..5 {
        let (told, hear) = std::sync::mpsc::channel();
        let there = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        there.spawn(until_the_end(db.options(), told));
        let first = hear.recv_timeout(Duration::from_secs(60)).expect("acts are stored");
        std::thread::sleep(Duration::from_millis(37 * round + 11));
        // Every task is dropped where it stands: in a statement, in a commit, before an acknowledgement.
        there.shutdown_timeout(Duration::ZERO);
        acknowledged.push(first);
        acknowledged.extend(hear.try_iter());
    }
    here.block_on(async {
        let store = db.open().await;
        let mut stored = std::collections::HashSet::new();
        let mut acts = 0;
        for (record, head) in store.all_records(None, 10_000).await.unwrap() {
            let ids = verified(&store, record).await;
            acts += ids.len();
            stored.extend(ids);
            let room = store.room(record.into()).await.unwrap().expect("no record of a room without its room");
            assert_eq!(room.head, head.seq);
        }
        for (_, act, _) in &acknowledged {
            assert!(stored.contains(act), "an acknowledged act is missing");
        }
        // Each append brought exactly one act, one answer, one membership and one job.
        let mut jobs = Vec::new();
        loop {
            let claimed = store.claim_jobs(NOON, 1_000_000_000, 500).await.unwrap();
            if claimed.is_empty() {
                break;
            }
            jobs.extend(claimed);
        }
        assert_eq!(jobs.len(), acts);
        let (mut answers, mut people) = (0, std::collections::HashSet::new());
        for (record, _) in store.all_records(None, 10_000).await.unwrap() {
            for act in store.acts(record, 0, u64::MAX, 10_000).await.unwrap() {
                people.insert(act.person.unwrap());
            }
        }
        for job in &jobs {
            for person in &people {
                answers += usize::from(store.answer(*person, &job.payload).await.unwrap().is_some());
            }
        }
        assert_eq!(answers, acts);
        let mut memberships = 0;
        for person in people {
            memberships += store.memberships_of(person, "party").await.unwrap().len();
        }
        assert_eq!(memberships, acts);
        for (_, _, key) in &acknowledged {
            assert!(jobs.iter().any(|job| job.payload == *key));
        }
        store.close().await;
    });
}

#[test]
fn a_process_that_goes_away_leaves_whole_appends_or_nothing_sqlite() {
    holds(Which::Sqlite);
}

#[test]
fn a_process_that_goes_away_leaves_whole_appends_or_nothing_postgres() {
    holds(Which::Postgres);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_are_cut_lose_no_act_and_store_none_twice() {
    let db = TestDatabase::fresh(Which::Postgres).await;
    let store = db.open().await;
    let person = sample::person(&store).await;
    let mut admin = PgConnection::connect(&db.options().database).await.unwrap();
    let done = Arc::new(AtomicBool::new(false));
    let writers = (0..8).map(|_| {
        let (store, done, mut speaker) = (store.clone(), done.clone(), Speaker::new(&person));
        let mut acknowledged = Vec::new();
        tokio::spawn(async move {
            while !done.load(Ordering::Relaxed) {
                match store.append(speaker.says_under(&id().to_string(), "在")).await {
                    Ok(()) => acknowledged.push(speaker.head),
                    // Cut so often that the writer gave up. Whether the act is there, the store must be able to tell; it may still arrive.
                    Err(AppendError::Unavailable(_) | AppendError::Conflict) => {
                        speaker.head = head(&store, speaker.record).await;
                    }
                    Err(other) => panic!("{other}"),
                }
            }
            (speaker, acknowledged)
        })
    });
    let writers: Vec<_> = writers.collect();
    let mut cut = 0;
    let began = Instant::now();
    while cut < 40 && began.elapsed() < Duration::from_secs(30) {
        tokio::time::sleep(Duration::from_millis(20 + cut as u64)).await;
        let ended = sqlx::query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        .fetch_all(&mut admin)
        .await
        .unwrap();
        cut += ended.len();
    }
    done.store(true, Ordering::Relaxed);
    for writer in writers {
        let (speaker, acknowledged) = writer.await.unwrap();
        let acts = verified(&store, speaker.record).await;
        assert!(acts.len() as u64 >= speaker.head.seq);
        assert!(!acknowledged.is_empty(), "nobody got through; this test shows nothing");
        for told in acknowledged {
            let found = store.acts(speaker.record, told.seq - 1, told.seq, 1).await.unwrap();
            assert_eq!(found[0].leaf, told.leaf, "an acknowledged act is gone");
        }
    }
    assert!(cut >= 40, "hardly any connection was cut; this test shows nothing");
}

/// Where a record stands, asked until the connections hold.
async fn head(store: &Store, record: Uuid) -> Head {
    loop {
        match store.head(record).await {
            Ok(head) => return head.unwrap_or(Head::EMPTY),
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}
