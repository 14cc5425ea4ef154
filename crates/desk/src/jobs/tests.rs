//! Jobs on a real outbox.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use store::NewJob;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::testkit::Kit;

async fn enqueue(kit: &Kit, kind: &str, payload: &str) {
    let job = NewJob { kind: kind.to_owned(), payload: payload.to_owned(), run_at: kit.micros() };
    kit.desk.store.enqueue_job(&job).await.unwrap();
}

/// Waits until it holds, ten seconds at most.
async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    for _ in 0..1000 {
        if holds().await {
            return;
        }
        sleep(Duration::from_millis(10)).await;
    }
    panic!("not within ten seconds: {what}");
}

/// A running poller that stops when the test says so.
struct Poller {
    stop: CancellationToken,
    task: tokio::task::JoinHandle<()>,
}

impl Poller {
    fn start(jobs: Jobs) -> Poller {
        let stop = CancellationToken::new();
        let task = tokio::spawn(jobs.run(stop.clone().cancelled_owned()));
        Poller { stop, task }
    }

    async fn stop(self) {
        self.stop.cancel();
        self.task.await.unwrap();
    }
}

#[tokio::test]
async fn a_job_is_done_once_and_woken_at_once() {
    let kit = Kit::new().await;
    let done = Arc::new(Mutex::new(Vec::new()));
    let wake = Wake::default();
    let noted = done.clone();
    let jobs = Jobs::new(kit.desk.clone()).woken_by(&wake).register("note", move |_, payload| {
        noted.lock().unwrap().push(payload);
        std::future::ready(Outcome::Done)
    });
    let poller = Poller::start(jobs);
    // Let it look once and find nothing.
    sleep(Duration::from_millis(200)).await;
    enqueue(&kit, "note", r#"{"n":1}"#).await;
    let waited = tokio::time::Instant::now();
    wake.now();
    until("the job is done", async || !done.lock().unwrap().is_empty()).await;
    assert!(waited.elapsed() < POLL / 2, "woken rather than found: {:?}", waited.elapsed());
    until("the job is noted as done", async || kit.desk.store.next_job_at().await.unwrap().is_none()).await;
    sleep(POLL + Duration::from_millis(200)).await;
    assert_eq!(*done.lock().unwrap(), [r#"{"n":1}"#]);
    poller.stop().await;
}

#[tokio::test]
async fn a_job_that_fails_is_tried_again_after_a_pause_and_given_up_when_hopeless() {
    let kit = Kit::new().await;
    let tries = Arc::new(AtomicUsize::new(0));
    let wake = Wake::default();
    let counted = tries.clone();
    let jobs = Jobs::new(kit.desk.clone())
        .woken_by(&wake)
        .register("flaky", move |_, _| {
            let first = counted.fetch_add(1, Ordering::SeqCst);
            async move {
                match first {
                    0 => Outcome::retry("not yet"),
                    1 => panic!("a bug"),
                    2 => Outcome::Retry(time::Duration::hours(1), "the other side said when".to_owned()),
                    _ => Outcome::Done,
                }
            }
        })
        .register("hopeless", |_, _| std::future::ready(Outcome::Fail("never".to_owned())));
    let poller = Poller::start(jobs);
    enqueue(&kit, "flaky", "{}").await;
    enqueue(&kit, "hopeless", "{}").await;
    wake.now();
    for (attempt, pause) in [(1, 2..=3), (2, 3..=5), (3, 3600..=3600)] {
        until("an attempt", async || tries.load(Ordering::SeqCst) == attempt).await;
        let next = async || kit.desk.store.next_job_at().await.unwrap().unwrap_or(0) - kit.micros();
        until("its note", async || next().await > 0).await;
        let seconds = next().await / 1_000_000;
        assert!(pause.contains(&(seconds + i64::from(attempt < 3))), "attempt {attempt}: {seconds} s");
        kit.clock.advance(time::Duration::seconds(*pause.end() + 1));
        wake.now();
    }
    until("all is done", async || kit.desk.store.next_job_at().await.unwrap().is_none()).await;
    assert_eq!(tries.load(Ordering::SeqCst), 4);
    poller.stop().await;
}

#[tokio::test]
async fn a_job_is_given_up_after_its_last_attempt() {
    let kit = Kit::new().await;
    let jobs = Jobs::new(kit.desk.clone()).register("never", |_, _| std::future::ready(Outcome::retry("still not")));
    enqueue(&kit, "never", "{}").await;
    for attempt in 1..=ATTEMPTS {
        let job = jobs.claim(1).await.pop().unwrap();
        assert_eq!(job.attempts, attempt);
        jobs.work(&job).await;
        kit.clock.advance(time::Duration::minutes(20));
    }
    assert_eq!(kit.desk.store.next_job_at().await.unwrap(), None);
    kit.clock.advance(time::Duration::days(30));
    forget_done(&kit.desk).await.unwrap();
    let given_up = kit.desk.store.given_up_jobs(10).await.unwrap();
    assert_eq!(given_up.len(), 1, "it stays in the list");
    assert_eq!(given_up[0].0.last_error.as_deref(), Some("still not"));
}

#[tokio::test]
async fn a_job_whose_holder_died_is_done_by_another_after_the_lease() {
    let kit = Kit::new().await;
    let tries = Arc::new(AtomicUsize::new(0));
    enqueue(&kit, "note", "{}").await;
    let dead = kit.desk.store.claim_jobs(kit.micros(), micros(LEASE), 1).await.unwrap().pop().unwrap();
    let counted = tries.clone();
    let wake = Wake::default();
    let poller = Poller::start(Jobs::new(kit.desk.clone()).woken_by(&wake).register("note", move |_, _| {
        counted.fetch_add(1, Ordering::SeqCst);
        std::future::ready(Outcome::Done)
    }));
    wake.now();
    sleep(Duration::from_millis(200)).await;
    assert_eq!(tries.load(Ordering::SeqCst), 0, "held");
    kit.clock.advance(time::Duration::seconds(61));
    wake.now();
    until("the lease is over", async || tries.load(Ordering::SeqCst) == 1).await;
    poller.stop().await;
    assert!(!kit.desk.store.finish_job(&dead, kit.micros()).await.unwrap(), "the dead one's note comes too late");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_pollers_do_each_job_once_at_a_time() {
    let kit = Kit::new().await;
    let seen = Arc::new(Mutex::new(HashMap::<String, (usize, usize)>::new()));
    for n in 0..100 {
        enqueue(&kit, "note", &format!("{n}")).await;
    }
    let pollers: Vec<_> = (0..2)
        .map(|_| {
            let seen = seen.clone();
            Poller::start(Jobs::new(kit.desk.clone()).register("note", move |_, payload| {
                let seen = seen.clone();
                async move {
                    let busy = {
                        let mut seen = seen.lock().unwrap();
                        let (busy, _) = seen.entry(payload.clone()).or_default();
                        *busy += 1;
                        *busy
                    };
                    assert_eq!(busy, 1);
                    sleep(Duration::from_millis(5)).await;
                    let mut seen = seen.lock().unwrap();
                    let (busy, times) = seen.get_mut(&payload).unwrap();
                    *busy -= 1;
                    *times += 1;
                    Outcome::Done
                }
            }))
        })
        .collect();
    until("all are done", async || kit.desk.store.next_job_at().await.unwrap().is_none()).await;
    for poller in pollers {
        poller.stop().await;
    }
    let seen = seen.lock().unwrap();
    assert_eq!(seen.len(), 100);
    assert!(seen.values().all(|times| *times == (0, 1)));
}

#[tokio::test]
async fn a_poller_that_stops_ends_what_it_has_begun_and_reconcilers_have_run() {
    let kit = Kit::new().await;
    let (begun, ended) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let reconciled = Arc::new(AtomicUsize::new(0));
    enqueue(&kit, "slow", "{}").await;
    let (first, last, times) = (begun.clone(), ended.clone(), reconciled.clone());
    let jobs = Jobs::new(kit.desk.clone())
        .register("slow", move |_, _| {
            let (first, last) = (first.clone(), last.clone());
            async move {
                first.fetch_add(1, Ordering::SeqCst);
                sleep(Duration::from_millis(300)).await;
                last.fetch_add(1, Ordering::SeqCst);
                Outcome::Done
            }
        })
        .reconcile("bad", |_| async { panic!("a bug") })
        .reconcile("good", move |_| {
            times.fetch_add(1, Ordering::SeqCst);
            std::future::ready(Ok(()))
        });
    let poller = Poller::start(jobs);
    until("it has begun", async || begun.load(Ordering::SeqCst) == 1).await;
    until("a panic in one reconciler keeps no other", async || reconciled.load(Ordering::SeqCst) == 1).await;
    poller.stop().await;
    assert_eq!(ended.load(Ordering::SeqCst), 1);
    assert_eq!(kit.desk.store.next_job_at().await.unwrap(), None, "and it is noted");
}
