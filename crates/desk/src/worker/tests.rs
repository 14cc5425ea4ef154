//! What a worker cannot do, tried by shell scripts in its place: the walls do not know who is behind them.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use papers::work::Bounds;

use super::*;
use crate::worker::look;
use crate::worker::{Settings, Worker};

/// Enough for a script, and little enough to wait for.
const BOUNDS: Bounds = Bounds {
    memory: 512 << 20,
    cpu: 5,
    wall: Duration::from_secs(10),
    scratch: 8 << 20,
    output: 64 << 10,
    processes: 24,
};

/// Every script may say its answer with this.
const SAY: &str = r#"say() { printf '{"outcome":{"done":"%s"},"files":[]}\n' "$1"; }; "#;

/// The walls of this machine. They are part of what the tests need (scripts/setup test).
async fn walls(folder: &Path) -> Walls {
    let settings =
        Settings { program: "/usr/bin/true".into(), folder: folder.to_owned(), concurrency: 1, unsandboxed: false };
    let found = look::look(&settings).await;
    found.walls.unwrap_or_else(|| panic!("no walls here: {:?}", found.missing))
}

async fn within(bounds: Bounds, script: &str, inputs: &[&Path]) -> Came {
    let parent = tempfile::tempdir().unwrap();
    let folder = Folder::new(parent.path()).await.unwrap();
    let script = format!("{SAY}{script}");
    let walls = walls(parent.path()).await;
    let command = sandbox::command(
        walls,
        &bounds,
        Path::new("/usr/bin/dash"),
        &["-c", &script],
        inputs,
        Path::new(sandbox::SCRATCH),
    );
    converse(command, b"{}", &bounds, &folder).await
}

/// What the script says.
async fn said(script: &str) -> String {
    match within(BOUNDS, script, &[]).await {
        Ok((Value::String(said), _)) => said,
        other => panic!("{other:?}"),
    }
}

/// Whether a process with this word in its command line lives on this machine.
fn lives(word: &str) -> bool {
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    processes.filter_map(|process| std::fs::read(process.path().join("cmdline")).ok()).any(|line| {
        let line = String::from_utf8_lossy(&line).into_owned();
        line.split('\0').any(|part| part == word)
    })
}

async fn is_gone(word: &str) -> bool {
    for _ in 0..40 {
        if !lives(word) {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    false
}

#[tokio::test]
async fn sr34_a_worker_has_no_network() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    let reach = format!(
        "python3 -c 'import socket; socket.create_connection((\"127.0.0.1\", {port}), 2)' 2>/dev/null && say reached || say cut"
    );
    assert_eq!(said(&reach).await, "cut");
    assert!(listener.accept().is_err(), "nobody has called");
    let interfaces = r#"say "$(tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d ' \n')""#;
    assert_eq!(said(interfaces).await, "lo", "the only interface is its own loopback");
}

#[tokio::test]
async fn sr34_a_worker_sees_nothing_of_the_machine_or_its_people() {
    for path in
        ["/etc/passwd", "/etc/shadow", "/etc/hostname", "/etc/resolv.conf", "/root", "/home", "/var", "/sys", "/run"]
    {
        assert_eq!(said(&format!("[ -e {path} ] && say there || say none")).await, "none", "{path}");
    }
    assert_eq!(said("env | grep -qiE 'cargo|nextest|weiting' && say told || say nothing").await, "nothing");
    let processes: u32 = said(r#"say "$(ls /proc | grep -c '^[0-9]')""#).await.parse().unwrap();
    assert!(processes < 10, "{processes} processes: only its own");
    assert_ne!(said(r#"say "$(id -u)""#).await, "0");
    assert_eq!(said(r#"say "$(grep CapEff /proc/self/status | tr -d '\t')""#).await, "CapEff:0000000000000000");
}

#[tokio::test]
async fn sr34_a_worker_writes_nowhere_but_into_its_bounded_folder() {
    let original = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(original.path(), "original").unwrap();
    let script = "{ echo x > /in/0; } 2>/dev/null && say written || say refused";
    let came = within(BOUNDS, script, &[original.path()]).await.unwrap();
    assert_eq!(came.0, "refused");
    assert_eq!(std::fs::read(original.path()).unwrap(), b"original", "sr35: the original stays");
    for place in ["/x", "/dev/x", "/dev/shm/x", "/usr/x", "/in/x", "/worker"] {
        let script = format!("{{ echo x > {place}; }} 2>/dev/null && say written || say refused");
        assert_eq!(said(&script).await, "refused", "{place}");
    }
    let full = "dd if=/dev/zero of=/tmp/x bs=1M count=10240 2>/dev/null && say written || say full";
    assert_eq!(said(full).await, "full", "ten gigabytes");
    let many = "for i in 1 2 3 4; do dd if=/dev/zero of=/tmp/$i bs=1M count=7 2>/dev/null || break; done; say $i";
    assert_eq!(said(many).await, "2", "all files together");
}

#[tokio::test]
async fn sr34_f20_a_worker_that_eats_memory_gets_none() {
    let script = "python3 -c 'bytearray(10 << 30)' 2>/dev/null && say eaten || say refused";
    assert_eq!(said(script).await, "refused");
}

#[tokio::test]
async fn sr34_a_fork_bomb_ends_with_its_task() {
    let script = "bomb() { bomb bomb-71930 | bomb bomb-71930 & }; bomb; sleep 71930";
    let bounds = Bounds { wall: Duration::from_secs(2), ..BOUNDS };
    let began = Instant::now();
    assert!(matches!(within(bounds, script, &[]).await, Err(NotDone::Resource(why)) if why == "time"));
    assert!(began.elapsed() < Duration::from_secs(6));
    assert!(is_gone("71930").await);
    let counted = "for i in $(seq 100); do sleep 5 & done 2>/dev/null; say unbounded";
    assert!(within(BOUNDS, counted, &[]).await.is_err(), "the hundredth process cannot be started");
}

#[tokio::test]
async fn f20_a_worker_that_hangs_is_ended_with_everything_it_started() {
    let bounds = Bounds { wall: Duration::from_millis(700), ..BOUNDS };
    let began = Instant::now();
    let came = within(bounds, "sleep 81931 & setsid sleep 81931 & sleep 81931", &[]).await;
    assert!(matches!(came, Err(NotDone::Resource(why)) if why == "time"));
    assert!(began.elapsed() < Duration::from_secs(4));
    assert!(is_gone("81931").await);
    let came = within(BOUNDS, "setsid sleep 91932 >/dev/null 2>&1 & say left", &[]).await;
    assert!(came.is_ok());
    assert!(is_gone("91932").await, "what it leaves behind goes too");
}

#[tokio::test]
async fn f19_f20_a_worker_that_dies_babbles_or_lies_fails_its_own_task_alone() {
    let spin = Bounds { cpu: 1, ..BOUNDS };
    assert!(matches!(within(spin, "while :; do :; done", &[]).await, Err(NotDone::Resource(_))), "processor time");
    let class = async |script: &str| within(BOUNDS, script, &[]).await.unwrap_err().class();
    assert_eq!(class("kill -9 $$").await, "resource");
    assert_eq!(class("kill -SEGV $$").await, "resource");
    assert_eq!(class("exit 3").await, "bug");
    assert_eq!(class("exit 0").await, "bug");
    assert_eq!(class("say done; exit 1").await, "bug");
    assert_eq!(class("yes").await, "resource");
    assert_eq!(class("yes complaint >&2").await, "resource");
    for lie in [
        r#"echo '{"outcome":{"done":1},"files":[5]}'; printf four"#,
        r#"echo '{"outcome":{"done":1},"files":[4]}'; printf fourteen"#,
        r#"echo '{"outcome":{"done":1},"files":[18446744073709551615]}'; yes"#,
        r#"echo '{"outcome":{"done":1},"files":[],"more":1}'"#,
        "echo nonsense",
        r#"echo '{"outcome":{"failed":{"bad_input":{"made_up":{}}}},"files":[]}'"#,
    ] {
        assert!(within(BOUNDS, lie, &[]).await.is_err(), "{lie}");
    }
    let (answer, made) =
        within(BOUNDS, r#"echo '{"outcome":{"done":1},"files":[4,0]}'; printf four"#, &[]).await.unwrap();
    assert_eq!((answer, made[0].size(), made[1].size()), (1.into(), 4, 0));
}

#[tokio::test]
async fn what_only_its_owner_may_read_can_be_looked_into() {
    let parent = tempfile::tempdir().unwrap();
    let folder = Folder::new(parent.path()).await.unwrap();
    let secret = parent.path().join("secret");
    std::fs::write(&secret, "sealed").unwrap();
    std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(0o600)).unwrap();
    let walls = walls(parent.path()).await;
    let inputs = readable(walls, &[&secret], &folder).await.unwrap();
    let script = r#"say "$(cat /in/0)""#;
    assert_eq!(within(BOUNDS, script, &[&inputs[0]]).await.unwrap().0, "sealed");
    assert_eq!(std::fs::metadata(&secret).unwrap().permissions().mode() & 0o777, 0o600, "the original is as it was");
}

#[tokio::test]
async fn without_walls_nothing_is_looked_into() {
    let folder = tempfile::tempdir().unwrap();
    let worker = Worker::nobody(folder.path().to_owned());
    let task = Task::Identify { name: "a.pdf".to_owned() };
    let refused = worker.run::<Value>(&task, &[Path::new("/nothing")]).await.unwrap_err();
    assert_eq!((refused.class(), refused.code()), ("missing", "view_switched_off"));
}
