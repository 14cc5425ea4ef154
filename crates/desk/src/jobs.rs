//! What follows an act, and what the calendar drives.
//!
//! A **job** was written in the transaction of the act that caused it, so it is lost as little as the act. It is done at least once: its
//! handler may meet a job that was done before, and says whether it is done, to be tried again, or hopeless. A **reconciler** has no
//! input: it looks at what is and at what should be, and may run at any time.
//!
//! The program registers every handler in one list; no engine names a feature.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use store::Job;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};
use tracing::{Instrument, debug, error, info, info_span, warn};

use crate::{Desk, Problem, uploads};

/// How long a claimed job is ours. Whoever stops in the middle gives it back by silence.
const LEASE: Duration = Duration::from_secs(60);
/// How long a handler may take, well within the lease, so that no job is done by two at once.
const PATIENCE: Duration = Duration::from_secs(50);
/// How many jobs are done at once.
const AT_ONCE: usize = 4;
/// How often it is looked for jobs that nobody has announced: those of other nodes, those that wait for their time.
const POLL: Duration = Duration::from_secs(1);
/// A job is given up after so many attempts: about two hours with the pauses below.
const ATTEMPTS: u32 = 18;
/// The longest pause between two attempts.
const LONGEST_PAUSE: Duration = Duration::from_secs(600);
/// How often reconcilers run.
const RECONCILE_EVERY: Duration = Duration::from_secs(600);
/// How long running jobs are given to end when the server stops. The rest is done by who comes next.
const GRACE: Duration = Duration::from_secs(10);
/// How long done jobs are remembered.
const REMEMBERED: time::Duration = time::Duration::days(7);

/// What came of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Done, now or before.
    Done,
    /// To be tried again, not before this time has passed; each further pause is longer. Says why.
    Retry(time::Duration, String),
    /// Hopeless. Says why, for the list of jobs that were given up.
    Fail(String),
}

impl Outcome {
    /// To be tried again whenever the pauses allow.
    pub fn retry(why: impl Into<String>) -> Outcome {
        Outcome::Retry(time::Duration::ZERO, why.into())
    }
}

type Doing<T> = Pin<Box<dyn Future<Output = T> + Send>>;
type Handler = Box<dyn Fn(Desk, String) -> Doing<Outcome> + Send + Sync>;
type Reconciler = Box<dyn Fn(Desk) -> Doing<Result<(), Problem>> + Send + Sync>;

/// Wakes the poller when jobs were committed. Cheap to clone; made before the store, whose writer calls it.
#[derive(Clone, Debug, Default)]
pub struct Wake(Arc<Notify>);

impl Wake {
    /// There may be jobs.
    pub fn now(&self) {
        self.0.notify_one();
    }
}

/// The poller, with the list of what it can do.
pub struct Jobs {
    desk: Desk,
    wake: Wake,
    handlers: HashMap<&'static str, Handler>,
    reconcilers: Vec<(&'static str, Reconciler)>,
}

impl Jobs {
    /// A poller without handlers, and with the desk's own reconcilers: expired uploads and staged bytes, jobs long done.
    pub fn new(desk: Desk) -> Jobs {
        Jobs { desk, wake: Wake::default(), handlers: HashMap::new(), reconcilers: Vec::new() }
            .reconcile("uploads", |desk| async move { uploads::sweep(&desk).await })
            .reconcile("orphans", |desk| async move { uploads::sweep_orphans(&desk).await })
            .reconcile("jobs", |desk| async move { forget_done(&desk).await })
    }

    /// The same poller, woken by this.
    pub fn woken_by(mut self, wake: &Wake) -> Jobs {
        self.wake = wake.clone();
        self
    }

    /// Adds the handler for a kind of job; it receives the payload as it was written.
    ///
    /// # Panics
    /// When the kind has a handler.
    pub fn register<F, D>(mut self, kind: &'static str, handler: F) -> Jobs
    where
        F: Fn(Desk, String) -> D + Send + Sync + 'static,
        D: Future<Output = Outcome> + Send + 'static,
    {
        let earlier = self.handlers.insert(kind, Box::new(move |desk, payload| Box::pin(handler(desk, payload))));
        assert!(earlier.is_none(), "two handlers for jobs of kind {kind}");
        self
    }

    /// Adds a reconciler; all run at the start and every ten minutes.
    pub fn reconcile<F, D>(mut self, name: &'static str, reconciler: F) -> Jobs
    where
        F: Fn(Desk) -> D + Send + Sync + 'static,
        D: Future<Output = Result<(), Problem>> + Send + 'static,
    {
        self.reconcilers.push((name, Box::new(move |desk| Box::pin(reconciler(desk)))));
        self
    }

    /// Does jobs until `shutdown`, then ends those that are running.
    pub async fn run(self, shutdown: impl Future<Output = ()>) {
        let jobs = Arc::new(self);
        let mut running = JoinSet::new();
        let mut reconciling = JoinSet::new();
        let mut calendar = interval(RECONCILE_EVERY);
        calendar.set_missed_tick_behavior(MissedTickBehavior::Delay);
        tokio::pin!(shutdown);
        loop {
            while running.try_join_next().is_some() {}
            for job in jobs.claim(AT_ONCE - running.len()).await {
                let jobs = jobs.clone();
                let span = info_span!("job", job.id, job.kind, job.attempts);
                running.spawn(async move { jobs.work(&job).await }.instrument(span));
            }
            tokio::select! {
                biased;
                () = &mut shutdown => break,
                _ = calendar.tick(), if reconciling.is_empty() => {
                    let jobs = jobs.clone();
                    reconciling.spawn(async move { jobs.reconcile_all().await });
                }
                Some(_) = reconciling.join_next() => {}
                Some(_) = running.join_next() => {}
                () = jobs.wake.0.notified(), if running.len() < AT_ONCE => {}
                () = sleep(POLL) => {}
            }
        }
        let rest = async { while running.join_next().await.is_some() {} };
        if timeout(GRACE, rest).await.is_err() {
            info!("Jobs were left to whoever comes next");
        }
        reconciling.abort_all();
    }

    async fn claim(&self, places: usize) -> Vec<Job> {
        if places == 0 {
            return Vec::new();
        }
        let claimed = self.desk.store.claim_jobs(self.now(), micros(LEASE), places as u64).await;
        claimed.unwrap_or_else(|error| {
            warn!(%error, "Jobs not claimed");
            Vec::new()
        })
    }

    /// One attempt at a job, and the note of what came of it.
    async fn work(&self, job: &Job) {
        let noted = match self.attempt(job).await {
            Outcome::Done => {
                debug!("Job done");
                self.desk.store.finish_job(job, self.now()).await
            }
            Outcome::Retry(after, why) if job.attempts < ATTEMPTS => {
                let pause = after.unsigned_abs().max(self.pause(job.attempts));
                warn!(why, pause = pause.as_secs(), "Job to be tried again");
                self.desk.store.retry_job(job, self.now() + micros(pause), &why).await
            }
            Outcome::Retry(_, why) | Outcome::Fail(why) => {
                error!(why, "Job given up");
                self.desk.store.give_up_job(job, self.now(), &why).await
            }
        };
        match noted {
            Ok(true) => {}
            Ok(false) => warn!("The lease of a job ended before the job"),
            Err(error) => warn!(%error, "What came of a job was not noted; it will be done again"),
        }
    }

    async fn attempt(&self, job: &Job) -> Outcome {
        let Some(handler) = self.handlers.get(job.kind.as_str()) else {
            // A newer program knows it; this one may be running beside it.
            return Outcome::Retry(time::Duration::minutes(1), "no handler for this kind".to_owned());
        };
        // A panic in a handler is that job's, not the poller's.
        let doing = async { handler(self.desk.clone(), job.payload.clone()).await };
        match timeout(PATIENCE, AssertUnwindSafe(doing).catch_unwind()).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_)) => Outcome::retry("the handler panicked"),
            Err(_) => Outcome::retry("the handler took too long"),
        }
    }

    /// 2, 4, 8 … seconds up to ten minutes, a quarter more or less so that what failed together does not come back together.
    fn pause(&self, attempts: u32) -> Duration {
        let pause = Duration::from_secs(1 << attempts.min(20)).min(LONGEST_PAUSE);
        let [byte] = self.desk.chance.bytes::<1>();
        pause.mul_f64(0.75 + f64::from(byte) / 510.0)
    }

    async fn reconcile_all(&self) {
        for (name, reconciler) in &self.reconcilers {
            let doing = async { reconciler(self.desk.clone()).await };
            match AssertUnwindSafe(doing).catch_unwind().await {
                Ok(Ok(())) => debug!(name, "Reconciled"),
                Ok(Err(problem)) => warn!(name, code = problem.code(), "Not reconciled"),
                Err(_) => error!(name, "A reconciler panicked"),
            }
        }
    }

    fn now(&self) -> i64 {
        court::beijing::micros(self.desk.now())
    }
}

async fn forget_done(desk: &Desk) -> Result<(), Problem> {
    desk.store.forget_jobs(court::beijing::micros(desk.now() - REMEMBERED)).await?;
    Ok(())
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
