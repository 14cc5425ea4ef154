//! One worker process: started, told, listened to up to a limit, and ended with everything it has started.

use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;

use papers::work::{Bounds, Failure, HEAD_BYTES, Head, Order, Outcome, Task};
use serde_json::Value;
use tokio::fs::File;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::Child;
use tokio::time::timeout;
use tracing::{error, warn};

use super::sandbox::{self, Walls};
use super::{Folder, Made, NotDone};

/// How much is read of what a worker complains about.
const COMPLAINT: u64 = 4096;

type Came = Result<(Value, Vec<Made>), NotDone>;

/// Does a task in a process of its own.
pub(super) async fn run(walls: &Walls, program: &Path, task: &Task, inputs: &[&Path], folder: &Folder) -> Came {
    let scratch = folder.path().join("scratch");
    let order = match walls {
        Walls::None => {
            tokio::fs::create_dir(&scratch).await.map_err(|_| NotDone::Unavailable)?;
            let inputs = inputs.iter().map(|input| (*input).to_owned()).collect();
            Order { task: task.clone(), inputs, scratch: scratch.clone() }
        }
        _ => {
            let inputs = (0..inputs.len()).map(sandbox::inside).collect();
            Order { task: task.clone(), inputs, scratch: sandbox::SCRATCH.into() }
        }
    };
    let order = serde_json::to_vec(&order).map_err(|error| NotDone::Bug(error.to_string()))?;
    if order.len() as u64 > HEAD_BYTES {
        return Err(NotDone::Bug("the order is too long".to_owned()));
    }
    let readable = readable(*walls, inputs, folder).await.map_err(|_| NotDone::Unavailable)?;
    let inputs: Vec<&Path> = readable.iter().map(PathBuf::as_path).collect();
    let command = sandbox::command(*walls, &task.bounds(), program, &["worker"], &inputs, &scratch);
    converse(command, &order, &task.bounds(), folder).await
}

/// The inputs where the worker can read them. That of a root program is another user: what only root may read is copied for it.
async fn readable(walls: Walls, inputs: &[&Path], folder: &Folder) -> std::io::Result<Vec<PathBuf>> {
    let mut readable = Vec::new();
    for (place, input) in inputs.iter().enumerate() {
        let mode = tokio::fs::metadata(input).await?.permissions().mode();
        if walls != Walls::Root || mode & 0o004 != 0 {
            readable.push((*input).to_owned());
            continue;
        }
        let copy = folder.path().join(format!("in-{place}"));
        tokio::fs::copy(input, &copy).await?;
        tokio::fs::set_permissions(&copy, std::fs::Permissions::from_mode(0o444)).await?;
        readable.push(copy);
    }
    Ok(readable)
}

/// Starts the process and has it out with it within its time.
pub(super) async fn converse(
    mut command: tokio::process::Command,
    order: &[u8],
    bounds: &Bounds,
    folder: &Folder,
) -> Came {
    // Started on a thread of the runtime, which lives as long as the program: bubblewrap dies with the thread that started it.
    let child = command.spawn().map_err(|error| {
        error!(%error, "A worker cannot be started");
        NotDone::Unavailable
    })?;
    let mut group = Group::of(child);
    match timeout(bounds.wall, talk(&mut group.child, order, bounds, folder)).await {
        Ok(came) => came,
        Err(_) => Err(NotDone::Resource("time".to_owned())),
    }
}

async fn talk(child: &mut Child, order: &[u8], bounds: &Bounds, folder: &Folder) -> Came {
    let (Some(mut input), Some(output), Some(complaints)) =
        (child.stdin.take(), child.stdout.take(), child.stderr.take())
    else {
        return Err(NotDone::Unavailable);
    };
    let complaints = tokio::spawn(first_complaint(complaints));
    let said = async {
        // A worker that does not listen has died, which its end says better.
        input.write_all(order).await.ok();
        drop(input);
        hear(output, bounds, folder).await
    };
    let heard = said.await;
    if let Err(Unheard::TooMuch) = heard {
        return Err(NotDone::Resource("output".to_owned()));
    }
    let status = child.wait().await.map_err(|_| NotDone::Unavailable)?;
    match heard {
        Ok(came) if status.success() => came,
        _ => Err(ended(status, &complaints.await.unwrap_or_default())),
    }
}

/// Why nothing was heard.
enum Unheard {
    TooMuch,
    /// It broke off, or makes no sense.
    Nothing,
}

/// Reads the head and the files, up to what the task may answer.
async fn hear(output: impl AsyncRead + Unpin, bounds: &Bounds, folder: &Folder) -> Result<Came, Unheard> {
    // One byte more than it may: so that too much is told from enough.
    let mut output = BufReader::new(output.take(bounds.output + 1));
    let mut line = Vec::new();
    output.read_until(b'\n', &mut line).await.map_err(|_| Unheard::Nothing)?;
    let full = |output: &BufReader<tokio::io::Take<_>>| {
        if output.get_ref().limit() == 0 { Unheard::TooMuch } else { Unheard::Nothing }
    };
    if line.pop() != Some(b'\n') {
        return Err(full(&output));
    }
    let head: Head = serde_json::from_slice(&line).map_err(|_| Unheard::Nothing)?;
    let mut made = Vec::new();
    for (place, size) in head.files.into_iter().enumerate() {
        let path = folder.path().join(format!("made-{place}"));
        let mut file = File::create_new(&path).await.map_err(|_| Unheard::Nothing)?;
        let got = tokio::io::copy(&mut (&mut output).take(size), &mut file).await.map_err(|_| Unheard::Nothing)?;
        file.flush().await.map_err(|_| Unheard::Nothing)?;
        if got != size {
            return Err(full(&output));
        }
        made.push(Made::new(path, size));
    }
    let mut rest = [0];
    if output.read(&mut rest).await.map_err(|_| Unheard::Nothing)? != 0 {
        return Err(Unheard::TooMuch);
    }
    Ok(match head.outcome {
        Outcome::Done(answer) => Ok((answer, made)),
        Outcome::Failed(Failure::BadInput(refusal)) => Err(NotDone::Refused(refusal)),
        Outcome::Failed(Failure::Resource(why)) => Err(NotDone::Resource(why)),
        Outcome::Failed(Failure::Bug(why)) => Err(NotDone::Bug(why)),
    })
}

/// The first line of what it complains about; the rest is read and forgotten, so that it never waits to complain.
async fn first_complaint(mut complaints: impl AsyncRead + Unpin) -> String {
    let mut first = Vec::new();
    (&mut complaints).take(COMPLAINT).read_to_end(&mut first).await.ok();
    tokio::io::copy(&mut complaints, &mut tokio::io::sink()).await.ok();
    String::from_utf8_lossy(&first).lines().next().unwrap_or_default().to_owned()
}

/// What the end of a process means that has not answered.
fn ended(status: ExitStatus, complaint: &str) -> NotDone {
    // Only bubblewrap's own words go to the log: it knows no files' contents.
    if complaint.starts_with("bwrap: ") {
        error!(complaint, "The sandbox cannot be set up");
        return NotDone::Unavailable;
    }
    // Inside, a program that was killed ends with 128 and its signal.
    let signal = status.signal().or_else(|| status.code().filter(|code| *code > 128).map(|code| code - 128));
    warn!(signal, code = status.code(), "A worker died");
    match signal {
        Some(signal) => NotDone::Resource(format!("signal {signal}")),
        None => NotDone::Bug("it ended without an answer".to_owned()),
    }
}

/// A process and all that it has started; they end when this is dropped.
struct Group {
    child: Child,
    id: Option<rustix::process::Pid>,
}

impl Group {
    fn of(child: Child) -> Group {
        let id = child.id().and_then(|id| i32::try_from(id).ok()).and_then(rustix::process::Pid::from_raw);
        Group { child, id }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        // The group's number is its leader's, which is not given to another process before the leader was waited for and the group is empty.
        // With walls, the end of bubblewrap is the end of everything inside, in whatever group it is.
        if let Some(id) = self.id {
            rustix::process::kill_process_group(id, rustix::process::Signal::KILL).ok();
        }
    }
}

/// Does a task in this process.
#[cfg(any(test, feature = "testkit"))]
pub(super) async fn run_here(task: &Task, inputs: &[&Path], folder: &Folder) -> Came {
    use papers::work::{Bench, perform};
    let scratch = folder.path().join("scratch");
    tokio::fs::create_dir(&scratch).await.map_err(|_| NotDone::Unavailable)?;
    let bench = Bench::new(inputs.iter().map(|input| (*input).to_owned()).collect(), scratch);
    let task = task.clone();
    let came = tokio::task::spawn_blocking(move || perform(&task, &bench).map(|product| product.into_parts()));
    let (answer, files) = match came.await.map_err(|_| NotDone::Bug("it panicked".to_owned()))? {
        Ok(parts) => parts.map_err(|_| NotDone::Unavailable)?,
        Err(Failure::BadInput(refusal)) => return Err(NotDone::Refused(refusal)),
        Err(Failure::Resource(why)) => return Err(NotDone::Resource(why)),
        Err(Failure::Bug(why)) => return Err(NotDone::Bug(why)),
    };
    let mut made = Vec::new();
    for (place, bytes) in files.into_iter().enumerate() {
        let path = folder.path().join(format!("made-{place}"));
        tokio::fs::write(&path, &bytes).await.map_err(|_| NotDone::Unavailable)?;
        made.push(Made::new(path, bytes.len() as u64));
    }
    Ok((answer, made))
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
