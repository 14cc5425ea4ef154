//! The worker: everything that parses what a user sent runs in a process of its own, shut in and held to limits (SR-34).
//!
//! The process is this same program, called as `weiting worker`, inside bubblewrap: no network, nothing of the system but its programs,
//! the inputs read-only, a bounded folder in memory to write to. It is told what to do on its input and answers on its output, which is
//! read up to a limit, looked at again and never believed. A worker that dies, hangs, eats or babbles takes its own task with it and
//! nothing else.

mod child;
mod folder;
mod look;
mod not_done;
mod sandbox;

pub use folder::{Folder, Made};
pub use look::Missing;
pub use not_done::NotDone;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use metrics::histogram;
use papers::work::{Lane, Need, Task};
use serde::de::DeserializeOwned;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, timeout};
use tracing::info;

use sandbox::Walls;

/// How long a task waits for its turn before whoever asked is told to come back.
const PATIENCE: Duration = Duration::from_secs(20);

/// Seconds that a task took, by task and outcome.
pub(crate) const WORKED: &str = "worker_seconds";

/// What an operator sets.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The program that is called as `PROGRAM worker`: this one.
    pub program: PathBuf,
    /// A local folder for what is made, until it is in the store.
    pub folder: PathBuf,
    /// How many tasks are worked on at once in each queue.
    pub concurrency: usize,
    /// Without walls where there can be none. For development only (SR-62).
    pub unsandboxed: bool,
}

/// Runs tasks. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Worker(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    hands: Hands,
    folder: PathBuf,
    missing: Vec<Missing>,
    check: Semaphore,
    view: Semaphore,
    long: Semaphore,
}

/// Who does the work.
#[derive(Debug)]
enum Hands {
    /// A process of this program.
    Process { program: PathBuf, walls: Walls },
    /// Nobody: there are no walls to work behind.
    Nobody,
    /// This process, without any walls: for tests of everything but the walls.
    #[cfg(any(test, feature = "testkit"))]
    Here,
}

/// What a task gave.
#[derive(Debug)]
pub struct Done<A> {
    pub answer: A,
    /// The files that it made, in the order that the task says. They go when this is dropped.
    pub files: Vec<Made>,
    _folder: Folder,
}

impl Worker {
    /// Looks what this machine has, and says what is missing. Nothing that a user sent is parsed where there are no walls, unless the
    /// settings want it so.
    pub async fn start(settings: Settings) -> Worker {
        folder::clear(&settings.folder);
        let found = look::look(&settings).await;
        for missing in &found.missing {
            missing.say();
        }
        let hands = match found.walls {
            Some(walls) => Hands::Process { program: settings.program, walls },
            None => Hands::Nobody,
        };
        Worker::new(hands, settings.folder, found.missing, settings.concurrency)
    }

    /// A worker that works in this process, for tests of everything but the walls.
    #[cfg(any(test, feature = "testkit"))]
    pub fn here(folder: PathBuf) -> Worker {
        Worker::new(Hands::Here, folder, Vec::new(), 2)
    }

    /// A worker on a machine that has no walls.
    #[cfg(test)]
    fn nobody(folder: PathBuf) -> Worker {
        Worker::new(Hands::Nobody, folder, vec![Missing::Walls("none".to_owned())], 1)
    }

    fn new(hands: Hands, folder: PathBuf, missing: Vec<Missing>, concurrency: usize) -> Worker {
        let concurrency = concurrency.max(1);
        Worker(Arc::new(Inner {
            hands,
            folder,
            missing,
            check: Semaphore::new(concurrency),
            view: Semaphore::new(concurrency),
            long: Semaphore::new((concurrency / 2).max(1)),
        }))
    }

    /// What this machine lacks, each with what is switched off.
    pub fn missing(&self) -> &[Missing] {
        &self.0.missing
    }

    /// Whether a task can be done here at all.
    ///
    /// # Errors
    /// What is missing for it.
    pub fn can(&self, task: &Task) -> Result<(), Missing> {
        let lacks = |missing: &&Missing| match missing {
            Missing::Walls(_) => matches!(self.0.hands, Hands::Nobody),
            Missing::Program(program) => task.need().is_some_and(|need: Need| need.program == program.program),
        };
        self.0.missing.iter().find(lacks).map_or(Ok(()), |missing| Err(missing.clone()))
    }

    /// Waits for a turn, does the task on these files, and looks at what came of it.
    ///
    /// # Errors
    /// Why it was not done, and whether trying again may help.
    pub async fn run<A: DeserializeOwned>(&self, task: &Task, inputs: &[&Path]) -> Result<Done<A>, NotDone> {
        self.can(task).map_err(NotDone::Missing)?;
        let _turn = self.turn(task.lane()).await?;
        let began = Instant::now();
        let came = self.attempt(task, inputs).await;
        let outcome = came.as_ref().map_or_else(NotDone::class, |_| "done");
        histogram!(WORKED, "task" => task.name(), "outcome" => outcome).record(began.elapsed());
        // Which file it was, whoever asked says. What a worker has to say of it stays out of the log.
        info!(task = task.name(), outcome, milliseconds = began.elapsed().as_millis() as u64, "Worker has ended");
        came
    }

    /// The same for a few bytes that are in no file.
    ///
    /// # Errors
    /// As [`Worker::run`].
    pub async fn run_on_bytes<A: DeserializeOwned>(&self, task: &Task, bytes: &[u8]) -> Result<Done<A>, NotDone> {
        let folder = self.folder().await?;
        let path = folder.path().join("input");
        tokio::fs::write(&path, bytes).await.map_err(|_| NotDone::Unavailable)?;
        self.run(task, &[&path]).await
    }

    /// The same for a file and a few bytes that are in no file, which are the second input.
    ///
    /// # Errors
    /// As [`Worker::run`].
    pub async fn run_beside<A: DeserializeOwned>(
        &self,
        task: &Task,
        file: &Path,
        bytes: &[u8],
    ) -> Result<Done<A>, NotDone> {
        let folder = self.folder().await?;
        let path = folder.path().join("beside");
        tokio::fs::write(&path, bytes).await.map_err(|_| NotDone::Unavailable)?;
        self.run(task, &[file, &path]).await
    }

    async fn attempt<A: DeserializeOwned>(&self, task: &Task, inputs: &[&Path]) -> Result<Done<A>, NotDone> {
        let folder = self.folder().await?;
        let (answer, files) = match &self.0.hands {
            Hands::Process { program, walls } => child::run(walls, program, task, inputs, &folder).await?,
            Hands::Nobody => return Err(NotDone::Unavailable),
            #[cfg(any(test, feature = "testkit"))]
            Hands::Here => child::run_here(task, inputs, &folder).await?,
        };
        let answer =
            serde_json::from_value(answer).map_err(|_| NotDone::Bug("its answer makes no sense".to_owned()))?;
        Ok(Done { answer, files, _folder: folder })
    }

    /// A folder for files on their way, which goes when it is dropped.
    pub(crate) async fn folder(&self) -> Result<Folder, NotDone> {
        Folder::new(&self.0.folder).await.map_err(|error| {
            tracing::error!(%error, "The worker's folder cannot be used");
            NotDone::Unavailable
        })
    }

    async fn turn(&self, lane: Lane) -> Result<SemaphorePermit<'_>, NotDone> {
        let places = match lane {
            Lane::Check => &self.0.check,
            Lane::View => &self.0.view,
            Lane::Long => &self.0.long,
        };
        match timeout(PATIENCE, places.acquire()).await {
            Ok(Ok(turn)) => Ok(turn),
            Ok(Err(_)) | Err(_) => Err(NotDone::Unavailable),
        }
    }
}
