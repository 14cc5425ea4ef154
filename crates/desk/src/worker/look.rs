//! What this machine has, looked at once at the start.

use std::path::Path;
use std::time::Duration;

use papers::work::{Bounds, Need, Task};
use tokio::io::AsyncReadExt;
use tokio::time::timeout;
use tracing::{error, warn};

use super::Settings;
use super::sandbox::{self, Walls};

/// Enough for a program that does nothing.
const NOTHING: Bounds = Bounds {
    memory: 256 << 20,
    cpu: 2,
    wall: Duration::from_secs(10),
    scratch: 1 << 20,
    output: 1 << 20,
    processes: 4,
};

/// Something that this machine lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// Walls, and what was said when they were tried.
    Walls(String),
    /// A program, without which one thing is switched off.
    Program(Need),
}

/// What was found.
pub(super) struct Found {
    pub(super) walls: Option<Walls>,
    pub(super) missing: Vec<Missing>,
}

pub(super) async fn look(settings: &Settings) -> Found {
    let mut missing = Vec::new();
    let walls = match walls().await {
        Ok(walls) => Some(walls),
        Err(why) => {
            missing.push(Missing::Walls(why));
            settings.unsandboxed.then_some(Walls::None)
        }
    };
    let absent = |need: &&Need| !Path::new("/usr/bin").join(need.program).exists();
    missing.extend(Task::NEEDS.iter().filter(absent).copied().map(Missing::Program));
    Found { walls, missing }
}

/// The first walls that hold here, by trying them; or what was said of the last.
async fn walls() -> Result<Walls, String> {
    let choices: &[Walls] = if is_root() { &[Walls::Root] } else { &[Walls::User, Walls::OldUser] };
    let mut why = String::new();
    for walls in choices {
        match try_out(*walls).await {
            Ok(()) => return Ok(*walls),
            Err(error) => why = error,
        }
    }
    Err(why)
}

/// Runs a program of the system behind these walls that does nothing.
async fn try_out(walls: Walls) -> Result<(), String> {
    let mut child =
        sandbox::command(walls, &NOTHING, Path::new("/usr/bin/true"), &[], &[], Path::new(sandbox::SCRATCH))
            .spawn()
            .map_err(|error| format!("bubblewrap (bwrap) cannot be started: {error}"))?;
    let mut said = String::new();
    let ended = async {
        if let Some(stderr) = child.stderr.as_mut() {
            stderr.take(400).read_to_string(&mut said).await.ok();
        }
        child.wait().await
    };
    match timeout(NOTHING.wall, ended).await {
        Ok(Ok(status)) if status.success() => Ok(()),
        Ok(_) => Err(said.lines().next().unwrap_or("bubblewrap ended without a word").to_owned()),
        Err(_) => Err("bubblewrap does not end".to_owned()),
    }
}

/// Whether this program runs as root, by the owner of what the kernel says of it.
fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

impl Missing {
    /// What people are told when they want what is switched off.
    pub fn sentence(&self) -> &'static str {
        match self {
            Missing::Walls(_) => "本法院的服务器暂时不能检查和预览文件，请联系法院技术人员。",
            Missing::Program(need) => need.sentence,
        }
    }

    /// Tells the operator.
    pub(super) fn say(&self) {
        match self {
            Missing::Walls(why) => error!(
                why,
                "Files cannot be looked at in a sandbox: install bubblewrap and allow user namespaces (docs/operations.md)"
            ),
            Missing::Program(need) => warn!(
                program = need.program,
                packages = need.packages,
                "A program is missing; what needs it is switched off"
            ),
        }
    }
}
