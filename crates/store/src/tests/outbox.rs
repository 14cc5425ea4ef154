//! Jobs are done at least once, and held by one at a time.

use std::collections::HashSet;

use super::sample::{NOON, SECOND};
use crate::{NewJob, Store, on_both_databases};

const LEASE: i64 = 30 * SECOND;

fn job(n: i64) -> NewJob {
    NewJob { kind: "test".to_owned(), payload: n.to_string(), run_at: NOON + n }
}

async fn claim(store: &Store, now: i64, limit: u64) -> Vec<crate::Job> {
    store.claim_jobs(now, LEASE, limit).await.unwrap()
}

on_both_databases! {
    async fn two_claimers_never_hold_one_job_at_once(db) {
        let nodes = [db.open().await, db.open().await];
        for n in 0..60 {
            nodes[0].enqueue_job(&job(n)).await.unwrap();
        }
        let claimers = (0..8).map(|n| {
            let node = nodes[n % 2].clone();
            tokio::spawn(async move {
                let mut held = Vec::new();
                // A claimer may find all that it looks at locked by another; a few looks are as many as a poller has.
                for _ in 0..20 {
                    held.extend(claim(&node, NOON + SECOND, 3).await.into_iter().map(|job| job.id));
                }
                held
            })
        });
        let (mut held, mut count) = (HashSet::new(), 0);
        for claimer in claimers.collect::<Vec<_>>() {
            let ids = claimer.await.unwrap();
            count += ids.len();
            held.extend(ids);
        }
        assert_eq!((held.len(), count), (60, 60));
    }

    async fn a_job_whose_holder_went_away_is_given_out_again_and_the_old_holder_cannot_finish_it(db) {
        let store = db.open().await;
        store.enqueue_job(&job(0)).await.unwrap();
        let first = claim(&store, NOON, 5).await.remove(0);
        assert_eq!((first.attempts, first.payload.as_str()), (1, "0"));
        assert_eq!(claim(&store, NOON + LEASE - 1, 5).await, []);
        let second = claim(&store, NOON + LEASE, 5).await.remove(0);
        assert_eq!((second.id, second.attempts), (first.id, 2));
        assert!(!store.finish_job(&first, NOON + LEASE).await.unwrap());
        assert!(!store.retry_job(&first, NOON, "late").await.unwrap());
        assert!(store.finish_job(&second, NOON + LEASE).await.unwrap());
        assert!(!store.finish_job(&second, NOON + LEASE).await.unwrap());
        assert_eq!(claim(&store, NOON + 10 * LEASE, 5).await, []);
        assert_eq!(store.next_job_at().await.unwrap(), None);
        assert_eq!(store.forget_jobs(NOON + LEASE).await.unwrap(), 0);
        assert_eq!(store.forget_jobs(NOON + LEASE + 1).await.unwrap(), 1);
    }

    async fn a_job_given_back_waits_for_its_time_and_says_why(db) {
        let store = db.open().await;
        store.enqueue_job(&job(0)).await.unwrap();
        let held = claim(&store, NOON, 1).await.remove(0);
        assert!(store.retry_job(&held, NOON + SECOND, "the service did not answer").await.unwrap());
        assert_eq!(claim(&store, NOON + SECOND - 1, 1).await, []);
        assert_eq!(store.oldest_due_job(NOON).await.unwrap(), None);
        assert_eq!(store.next_job_at().await.unwrap(), Some(NOON + SECOND));
        let again = claim(&store, NOON + SECOND, 1).await.remove(0);
        assert_eq!((again.attempts, again.last_error.as_deref()), (2, Some("the service did not answer")));
    }

    async fn the_oldest_due_jobs_come_first_and_later_ones_wait(db) {
        let store = db.open().await;
        for n in [5, 1, 3, 9] {
            store.enqueue_job(&job(n)).await.unwrap();
        }
        let taken: Vec<String> = claim(&store, NOON + 5, 2).await.into_iter().map(|job| job.payload).collect();
        assert_eq!(taken, ["1", "3"]);
        assert_eq!(claim(&store, NOON + 5, 9).await.len(), 1);
        assert_eq!(store.oldest_due_job(NOON + 9).await.unwrap(), Some(NOON + 1), "held is not done");
    }
}
