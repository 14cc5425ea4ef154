//! The program itself, as a child.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use store::kit::TestDatabase;

use crate::client::Client;
use crate::court;

/// How long a child may take to start or to stop.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running program; killed with this if nobody stops it.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Server {
    /// `weiting serve` on this database, as soon as it answers.
    pub(crate) async fn serve(database: &TestDatabase) -> anyhow::Result<Server> {
        let port = free_port()?;
        let settings = court::settings(database, port);
        let mut command = program(database.folder())?;
        command.arg("serve");
        for (name, value) in [
            ("COURT__CODE", settings.court.code),
            ("COURT__NAME", settings.court.name),
            ("SERVER__LISTEN", settings.server.listen.to_string()),
            ("SERVER__ORIGIN", settings.server.origin),
            ("SERVER__FILES_ORIGIN", settings.server.files_origin),
            ("STORE__DATABASE", settings.store.database),
            ("STORE__BLOBS", settings.store.blobs),
            ("STORE__STAGING", settings.store.staging.display().to_string()),
            ("VAULT__KEY_FILE", settings.vault.key_file.display().to_string()),
            ("SMS__ENDPOINT", "https://sms.example".to_owned()),
            ("SMS__ACCESS_KEY_ID", "bench".to_owned()),
            ("SMS__ACCESS_KEY_SECRET", "bench-secret".to_owned()),
            ("SMS__SIGN_NAME", "bench".to_owned()),
            ("SMS__LOGIN_CODE_TEMPLATE", "CODE".to_owned()),
            ("SMS__STEP_UP_CODE_TEMPLATE", "STEP".to_owned()),
            ("SMS__SITTING_NOTICE_TEMPLATE", "SITTING".to_owned()),
            ("SMS__MATTER_REMINDER_TEMPLATE", "MATTER".to_owned()),
        ] {
            command.env(format!("WEITING__{name}"), value);
        }
        Server::start(command, settings.server.listen, "/healthz").await
    }

    /// Starts a program that will listen there, and waits until this path is answered with 200.
    pub(crate) async fn start(mut command: Command, address: SocketAddr, path: &str) -> anyhow::Result<Server> {
        let mut server = Server { child: command.spawn().context("the program does not start")?, address };
        let client = Client::to(address)?;
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            if client.status(path).await == Some(200) {
                return Ok(server);
            }
            if let Some(status) = server.child.try_wait()? {
                bail!("the program ended with {status}");
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        bail!("the program did not answer within {PATIENCE:?}")
    }

    /// Asks it to stop and waits until it has.
    pub(crate) async fn stop(mut self) -> anyhow::Result<()> {
        Command::new("kill").arg("-TERM").arg(self.child.id().to_string()).status()?;
        let end = Instant::now() + PATIENCE;
        while self.child.try_wait()?.is_none() {
            anyhow::ensure!(Instant::now() < end, "the program did not stop");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }

    /// Its resident memory, in bytes.
    pub(crate) fn resident(&self) -> anyhow::Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        let kib: u64 = line.trim().trim_end_matches("kB").trim().parse()?;
        Ok(kib * 1024)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// The program, with its logs in a file of this folder, as a service would keep them.
pub(crate) fn program(folder: &Path) -> anyhow::Result<Command> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_weiting"));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(court::logs(folder)?);
    Ok(command)
}

/// A port that is free now, and the one after it too.
pub(crate) fn free_port() -> anyhow::Result<u16> {
    for _ in 0..50 {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        if port < u16::MAX && TcpListener::bind(("127.0.0.1", port + 1)).is_ok() {
            return Ok(port);
        }
    }
    bail!("no two free ports one after the other")
}
