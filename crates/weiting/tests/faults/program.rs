//! The program under test as a process of its own.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// The demonstration court: killed and started again as often as a test likes.
pub(crate) struct Program {
    folder: TempDir,
    port: u16,
    database: Option<String>,
    child: Option<Child>,
}

impl Program {
    /// A fresh court; `database` other than the SQLite file in its folder.
    pub(crate) fn new(database: Option<String>) -> Program {
        Program { folder: tempfile::tempdir().expect("a folder"), port: two_free_ports(), database, child: None }
    }

    fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Starts it and waits until it answers. Returns how long that took.
    pub(crate) async fn start(&mut self, http: &reqwest::Client) -> Duration {
        let begun = Instant::now();
        let log = std::fs::OpenOptions::new().create(true).append(true).open(self.log()).expect("a log");
        let mut command = Command::new(env!("CARGO_BIN_EXE_weiting"));
        command.args(["demo", "--port", &self.port.to_string(), "--dir"]).arg(self.folder());
        command.args(self.database.iter().flat_map(|url| ["--database", url]));
        let errors = log.try_clone().expect("the log twice");
        self.child = Some(command.stdout(Stdio::from(log)).stderr(errors).spawn().expect("the program starts"));
        let health = format!("{}/healthz", self.origin());
        while http.get(&health).send().await.is_err() {
            assert!(begun.elapsed() < Duration::from_secs(30), "no answer:\n{}", self.last_words());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        begun.elapsed()
    }

    /// kill -9.
    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().expect("the program can be killed");
            child.wait().expect("and is then gone");
        }
    }

    pub(crate) fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(crate) fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// A bearer token for the person with this phone.
    pub(crate) fn token(&self, phone: &str) -> String {
        self.run(&["token", "--person", phone])
    }

    /// A bearer token for the person with this phone in one of their roles.
    pub(crate) fn token_as(&self, phone: &str, role: &str) -> String {
        self.run(&["token", "--person", phone, "--role", role])
    }

    /// `weiting verify --all`: its last line.
    pub(crate) fn verify(&self) -> String {
        self.run(&["verify", "--all"])
    }

    fn run(&self, arguments: &[&str]) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_weiting"));
        command.args(arguments).arg("--dir").arg(self.folder());
        command.args(self.database.iter().flat_map(|url| ["--database", url]));
        let output = command.output().expect("the program runs");
        let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        assert!(output.status.success(), "{arguments:?}: {said}\n{}", String::from_utf8_lossy(&output.stderr));
        said
    }

    fn log(&self) -> PathBuf {
        self.folder().join("log")
    }

    fn last_words(&self) -> String {
        let log = std::fs::read_to_string(self.log()).unwrap_or_default();
        log.lines().rev().take(20).collect::<Vec<_>>().join("\n")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The first of two neighbouring ports that are free now.
fn two_free_ports() -> u16 {
    loop {
        let first = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = first.local_addr().expect("its number").port();
        if port < u16::MAX && TcpListener::bind(("127.0.0.1", port + 1)).is_ok() {
            return port;
        }
    }
}

/// Reads an answer's JSON, whatever its status.
pub(crate) async fn json(answer: reqwest::Response) -> Value {
    answer.json().await.expect("answers are JSON")
}
