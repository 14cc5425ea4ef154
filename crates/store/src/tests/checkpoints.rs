//! SQLite's log is written back off the way of the acts, and a full disk refuses without harm.

use sea_orm::ConnectionTrait;

use super::sample::{self, Speaker, verified};
use crate::AppendError;
use crate::kit::{TestDatabase, Which};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_is_written_back_and_starts_again_while_acts_go_on() {
    let db = TestDatabase::fresh(Which::Sqlite).await;
    let store = db.open().await;
    let checkpoint = store.db().checkpoint().unwrap().clone();
    let mut speaker = Speaker::new(&sample::person(&store).await);
    let long = "长".repeat(10_000);
    let quiet = checkpoint.once().await.unwrap().unwrap();
    assert_eq!(quiet.written_back, 0, "a short log is left alone");
    let mut longest = 0;
    for _ in 0..40 {
        let pending: Vec<_> = (0..100).map(|_| store.append(speaker.says(&long))).collect();
        let log = checkpoint.once().await.unwrap().unwrap();
        longest = longest.max(log.pages);
        for one in pending {
            one.await.unwrap();
        }
    }
    // 4,000 acts of 30 KB are 120 MB, and the log is never allowed to grow far over 64 MiB.
    assert!(longest > 1024, "the log never grew; this test shows nothing");
    assert!(longest < 22_000, "{longest} pages");
    assert_eq!(verified(&store, speaker.record).await.len(), 4000);
    store.close().await;
    assert!(!db.folder().join("weiting.db-wal").exists(), "closed in order");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_refuses_acts_and_everything_goes_on_when_there_is_space_again() {
    let db = TestDatabase::fresh(Which::Sqlite).await;
    let store = db.open().await;
    let person = sample::person(&store).await;
    let mut speaker = Speaker::new(&person);
    store.append(speaker.says("在")).await.unwrap();
    // SQLite's own way of saying how large the database may be stands in for the disk's.
    let full = store.db().begin().await.unwrap();
    full.execute_unprepared("PRAGMA max_page_count = 1").await.unwrap();
    full.commit().await.unwrap();
    let long = "长".repeat(100_000);
    let blocked = speaker.clone().says(&long);
    assert_eq!(store.append(blocked).await, Err(AppendError::Full));
    assert_eq!(verified(&store, speaker.record).await.len(), 1, "reading goes on");
    let space = store.db().begin().await.unwrap();
    space.execute_unprepared("PRAGMA max_page_count = 1000000").await.unwrap();
    space.commit().await.unwrap();
    store.append(speaker.says(&long)).await.unwrap();
    assert_eq!(verified(&store, speaker.record).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transaction_that_sqlite_rolled_back_by_itself_leaves_no_connection_behind_that_thinks_otherwise() {
    let db = TestDatabase::fresh(Which::Sqlite).await;
    let (store, other) = (db.open().await, db.open().await);
    let ended = store.db().begin().await.unwrap();
    // As SQLite does when the disk is full at the commit.
    ended.execute_unprepared("ROLLBACK").await.unwrap();
    drop(ended);
    // A transaction that the driver takes for an inner one would not have the writer's turn.
    let turn = store.db().begin().await.unwrap();
    let second = tokio::time::timeout(std::time::Duration::from_millis(300), other.db().begin()).await;
    assert!(second.is_err(), "two have the writer's turn at once");
    turn.commit().await.unwrap();
    let mut speaker = Speaker::new(&sample::person(&store).await);
    store.append(speaker.says("在")).await.unwrap();
}

#[tokio::test]
async fn an_address_of_no_database_is_refused_with_a_reason() {
    let db = TestDatabase::fresh(Which::Sqlite).await;
    for database in ["mysql://localhost/x", "", "sqlite:///proc/nowhere/x.db"] {
        let options = crate::StoreOptions { database: database.to_owned(), ..db.options() };
        let told = crate::Store::open(options, |_| {}).await;
        assert!(matches!(told, Err(crate::StoreError::Settings(_))), "{database}: {told:?}");
    }
}
