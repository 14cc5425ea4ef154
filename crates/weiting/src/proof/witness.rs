//! `weiting witness`: somebody outside the court who signs its checkpoints, as long as each continues the one before (C2SP tlog-witness).
//!
//! A witness keeps one small file for each log: the last checkpoint that it signed. It needs no database and sees no act.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, ensure};
use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use desk::{Clock, HostClock};
use record::note::{Note, Signer, SigningKey, VerifyingKey};
use record::{Checkpoint, Hash};
use tokio::sync::Mutex;

/// A request is a proof of at most 63 lines and a note.
const BODY: usize = 64 * 1024;

/// What a witness knows.
pub struct WitnessState {
    key: SigningKey,
    /// The logs that it signs, by origin, and where it keeps what it signed last.
    logs: BTreeMap<String, (VerifyingKey, PathBuf)>,
    clock: Arc<dyn Clock>,
    /// One request after the other: looking and keeping must be one step.
    turn: Mutex<()>,
}

impl WitnessState {
    /// A witness with this key for these logs, which keeps its files in `folder`.
    pub fn new(key: SigningKey, logs: Vec<VerifyingKey>, folder: &Path, clock: Arc<dyn Clock>) -> WitnessState {
        let file = |key: &VerifyingKey| folder.join(format!("{}.checkpoint", Hash::of(key.name().as_bytes())));
        let logs = logs.into_iter().map(|key| (key.name().to_owned(), (key.clone(), file(&key)))).collect();
        WitnessState { key, logs, clock, turn: Mutex::new(()) }
    }
}

/// What a witness answers to.
pub fn witness_router(state: Arc<WitnessState>) -> Router {
    Router::new().route("/add-checkpoint", post(add_checkpoint)).layer(DefaultBodyLimit::max(BODY)).with_state(state)
}

/// Serves a witness until the program is told to stop.
pub(crate) async fn serve(listen: SocketAddr, name: &str, folder: &Path, logs: &[String]) -> anyhow::Result<()> {
    desk::logs::start();
    ensure!(!logs.is_empty(), "name at least one log: --log takes what `weiting key` prints");
    std::fs::create_dir_all(folder).with_context(|| format!("the folder {}", folder.display()))?;
    let seed = crate::key::seed(&folder.join("witness.key"))?;
    let key = SigningKey::witness(name, &seed).context("--name")?;
    let logs = logs.iter().map(|log| log.parse::<VerifyingKey>()).collect::<Result<Vec<_>, _>>().context("--log")?;
    println!("{}", key.verifying());
    let listener =
        tokio::net::TcpListener::bind(listen).await.with_context(|| format!("{listen} cannot be listened on"))?;
    let state = Arc::new(WitnessState::new(key, logs, folder, Arc::new(HostClock)));
    axum::serve(listener, witness_router(state)).with_graceful_shutdown(crate::serve::asked_to_stop()).await?;
    Ok(())
}

async fn add_checkpoint(State(state): State<Arc<WitnessState>>, body: String) -> Response {
    match state.sign(&body).await {
        Ok(lines) => ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], lines).into_response(),
        Err(Refused::Conflict(Some(size))) => {
            (StatusCode::CONFLICT, [(header::CONTENT_TYPE, "text/x.tlog.size")], format!("{size}\n")).into_response()
        }
        Err(Refused::Conflict(None)) => StatusCode::CONFLICT.into_response(),
        Err(Refused::Status(status)) => status.into_response(),
    }
}

enum Refused {
    Status(StatusCode),
    /// With the size that was signed last, where that is what the caller lacks.
    Conflict(Option<u64>),
}

impl From<StatusCode> for Refused {
    fn from(status: StatusCode) -> Refused {
        Refused::Status(status)
    }
}

impl WitnessState {
    async fn sign(&self, body: &str) -> Result<String, Refused> {
        let malformed = StatusCode::BAD_REQUEST;
        let (head, note) = body.split_once("\n\n").ok_or(malformed)?;
        let mut lines = head.split('\n');
        let old = lines.next().and_then(|line| line.strip_prefix("old ")).ok_or(malformed)?;
        let size: u64 = old.parse().ok().filter(|size: &u64| size.to_string() == old).ok_or(malformed)?;
        let node = |line: &str| {
            let bytes: [u8; 32] = STANDARD.decode(line).ok()?.try_into().ok()?;
            Some(Hash(bytes))
        };
        let proof: Vec<Hash> =
            lines.map(node).collect::<Option<_>>().filter(|proof: &Vec<_>| proof.len() <= 63).ok_or(malformed)?;
        let read = Note::read(note).ok_or(malformed)?;
        let shown = Checkpoint::read(&read).ok_or(malformed)?;
        let (key, file) = self.logs.get(&shown.origin).ok_or(StatusCode::NOT_FOUND)?;
        let checkpoint = Checkpoint::open(note, key).map_err(|_| StatusCode::FORBIDDEN)?;
        if size > checkpoint.size {
            return Err(malformed.into());
        }
        let _turn = self.turn.lock().await;
        let last = self.last(key, file)?;
        if last.as_ref().map_or(0, |last| last.size) != size {
            return Err(Refused::Conflict(Some(last.map_or(0, |last| last.size))));
        }
        if let Some(last) = &last {
            if last.size == checkpoint.size && last.root != checkpoint.root {
                return Err(Refused::Conflict(None));
            }
            if !last.continues_in(&checkpoint, &proof) {
                return Err(StatusCode::UNPROCESSABLE_ENTITY.into());
            }
        } else if !proof.is_empty() {
            return Err(StatusCode::UNPROCESSABLE_ENTITY.into());
        }
        self.keep(file, note)?;
        let unix = u64::try_from(self.clock.now().unix_timestamp()).unwrap_or(0);
        Ok(self.key.line(read.text, unix))
    }

    fn last(&self, key: &VerifyingKey, file: &Path) -> Result<Option<Checkpoint>, Refused> {
        match std::fs::read_to_string(file) {
            Ok(note) => Ok(Some(Checkpoint::open(&note, key).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(_) => Err(StatusCode::INTERNAL_SERVER_ERROR.into()),
        }
    }

    /// Kept before it is signed: a witness that forgot what it signed could be led astray.
    fn keep(&self, file: &Path, note: &str) -> Result<(), Refused> {
        let new = file.with_extension("new");
        let kept = std::fs::write(&new, note)
            .and_then(|()| std::fs::File::open(&new)?.sync_all())
            .and_then(|()| std::fs::rename(&new, file));
        kept.map_err(|error| {
            tracing::error!(%error, "What was shown could not be kept");
            StatusCode::INTERNAL_SERVER_ERROR.into()
        })
    }
}
