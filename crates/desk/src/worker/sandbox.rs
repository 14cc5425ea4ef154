//! The walls around a worker: what it finds in its world, and what each of its processes may take.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use papers::work::Bounds;
use tokio::process::Command;

/// The user that a worker of a root program becomes: one that owns nothing and that nobody else is.
const NOBODY: &str = "64999";
/// The folders of the system that programs need beside `/usr`: what a library is called by, fonts, LibreOffice's settings. Nothing that
/// tells of this machine or its people is in them.
const SYSTEM: [&str; 4] = ["/etc/alternatives", "/etc/ld.so.cache", "/etc/fonts", "/etc/libreoffice"];
/// Folders that are part of `/usr` on a merged system.
const MERGED: [&str; 4] = ["/bin", "/sbin", "/lib", "/lib64"];
/// How many files a process may have open.
const FILES: u64 = 256;

/// Where the worker's folder is, inside.
pub(super) const SCRATCH: &str = "/tmp";

/// How a worker is shut in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Walls {
    /// bubblewrap, called by an ordinary user: a user namespace of its own, in which no further one can be made.
    User,
    /// The same with a bubblewrap before 0.8, which cannot forbid further user namespaces.
    OldUser,
    /// bubblewrap, called by root: the worker becomes a user that owns nothing.
    Root,
    /// None but the limits. For development only.
    None,
}

/// Where an input is, inside.
pub(super) fn inside(place: usize) -> PathBuf {
    PathBuf::from(format!("/in/{place}"))
}

/// The command that runs `program` with `arguments` behind the walls, its input and output in our hands.
pub(super) fn command(
    walls: Walls,
    bounds: &Bounds,
    program: &Path,
    arguments: &[&str],
    inputs: &[&Path],
    scratch: &Path,
) -> Command {
    let mut command = match walls {
        Walls::None => {
            let mut command = Command::new("prlimit");
            command.args(limits(bounds, false)).arg("--").arg(program).env_clear().current_dir(scratch);
            command.env("PATH", "/usr/bin:/bin");
            command
        }
        Walls::User | Walls::OldUser | Walls::Root => {
            let mut command = Command::new("bwrap");
            command.args(world(walls, bounds, program, inputs)).env_clear().env("PATH", "/usr/bin:/bin");
            if walls == Walls::Root {
                command.args(["/usr/bin/setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"]);
                command.args(["--no-new-privs", "--bounding-set=-all", "--inh-caps=-all", "--"]);
            }
            // Inside, so that the count of processes is the worker's own and not that of the user who serves.
            command.arg("/usr/bin/prlimit").args(limits(bounds, true)).args(["--", "/worker"]);
            command
        }
    };
    command
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .kill_on_drop(true);
    command
}

/// What there is inside: the programs of the system, this one, the inputs, an empty folder. All else does not exist.
fn world(walls: Walls, bounds: &Bounds, program: &Path, inputs: &[&Path]) -> Vec<OsString> {
    let mut world: Vec<OsString> = Vec::new();
    let mut add = |words: &[&str]| world.extend(words.iter().map(OsString::from));
    match walls {
        Walls::Root => {
            add(&["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]);
            // Just enough to become nobody; setpriv then gives these up too.
            add(&[
                "--cap-drop",
                "ALL",
                "--cap-add",
                "CAP_SETUID",
                "--cap-add",
                "CAP_SETGID",
                "--cap-add",
                "CAP_SETPCAP",
            ]);
        }
        Walls::User => add(&["--unshare-all", "--unshare-user", "--disable-userns", "--uid", NOBODY, "--gid", NOBODY]),
        Walls::OldUser | Walls::None => add(&["--unshare-all", "--unshare-user", "--uid", NOBODY, "--gid", NOBODY]),
    }
    if walls != Walls::Root {
        add(&["--cap-drop", "ALL"]);
    }
    add(&["--die-with-parent", "--new-session", "--hostname", "worker", "--clearenv"]);
    add(&["--setenv", "PATH", "/usr/bin:/bin", "--setenv", "HOME", SCRATCH, "--setenv", "LANG", "C.UTF-8"]);
    add(&["--ro-bind", "/usr", "/usr"]);
    for folder in MERGED {
        match std::fs::read_link(folder) {
            Ok(target) => add(&["--symlink", &target.to_string_lossy(), folder]),
            Err(_) => add(&["--ro-bind-try", folder, folder]),
        }
    }
    // Folders that are made on the way to a file would be for root alone.
    add(&["--perms", "0755", "--dir", "/etc", "--perms", "0755", "--dir", "/in"]);
    for folder in SYSTEM {
        add(&["--ro-bind-try", folder, folder]);
    }
    add(&["--proc", "/proc", "--dev", "/dev"]);
    add(&["--perms", "1777", "--size", &bounds.scratch.to_string(), "--tmpfs", SCRATCH]);
    world.extend(["--ro-bind".into(), program.into(), "/worker".into()]);
    for (place, input) in inputs.iter().enumerate() {
        world.extend(["--ro-bind".into(), (*input).into(), inside(place).into()]);
    }
    // The root and /dev are kept in memory without a bound; nobody writes there.
    world.extend(["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", SCRATCH, "--"].map(OsString::from));
    world
}

fn limits(bounds: &Bounds, alone: bool) -> Vec<String> {
    let mut limits = vec![
        format!("--as={}", bounds.memory),
        format!("--cpu={}", bounds.cpu),
        format!("--fsize={}", bounds.scratch.max(bounds.output)),
        format!("--nofile={FILES}"),
        "--core=0".to_owned(),
    ];
    // Without walls, the count would be that of everything which this user runs.
    if alone {
        limits.push(format!("--nproc={}", bounds.processes));
    }
    limits
}
