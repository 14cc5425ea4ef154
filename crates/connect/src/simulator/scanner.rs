//! A clamd that answers as told: for tests and demonstrations. It knows one virus, the harmless test file that all scanners know.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, UnixListener};

/// How the test file of all scanners begins, and goes on. In two parts, so that no scanner takes this program for it.
const EICAR: [&str; 2] = [r"X5O!P%@AP[4\PZX54(P^)7CC)7}$", "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"];

/// What it does wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ScannerMood {
    #[default]
    Well,
    /// Takes everything and says nothing.
    Silent,
    /// Closes the door without a word.
    Gone,
    /// Takes no more than so many bytes (`StreamMaxLength`).
    Small(usize),
    /// Says that everything is fine before it has seen it.
    Hasty,
}

/// The simulated daemon. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct SimulatedScanner(Arc<Mutex<Seen>>);

#[derive(Debug, Default)]
struct Seen {
    mood: ScannerMood,
    scans: usize,
}

impl SimulatedScanner {
    /// What scanners find in it, and nobody else need fear.
    #[must_use]
    pub fn test_virus() -> Vec<u8> {
        EICAR.concat().into_bytes()
    }

    /// From now on it is like this.
    pub fn is(&self, mood: ScannerMood) {
        self.seen().mood = mood;
    }

    /// How many files it was sent.
    #[must_use]
    pub fn scans(&self) -> usize {
        self.seen().scans
    }

    /// Answers on this port until it is dropped.
    pub async fn serve(self, listener: TcpListener) {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(self.clone().answer(stream));
        }
    }

    /// Answers on this socket until it is dropped.
    pub async fn serve_socket(self, listener: UnixListener) {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(self.clone().answer(stream));
        }
    }

    async fn answer(self, stream: impl AsyncRead + AsyncWrite + Send + Unpin) {
        let mut stream = BufReader::new(stream);
        let mood = self.seen().mood;
        if mood == ScannerMood::Gone {
            return;
        }
        let answer = self.said(&mut stream, mood).await.unwrap_or_default();
        if mood == ScannerMood::Silent {
            tokio::time::sleep(Duration::from_secs(3_600)).await;
        }
        stream.write_all(format!("{answer}\0").as_bytes()).await.ok();
    }

    async fn said(&self, stream: &mut (impl AsyncRead + Send + Unpin), mood: ScannerMood) -> std::io::Result<String> {
        let mut command = Vec::new();
        loop {
            match stream.read_u8().await? {
                0 => break,
                letter => command.push(letter),
            }
        }
        match command.as_slice() {
            b"zPING" => return Ok("PONG".to_owned()),
            b"zINSTREAM" => {}
            _ => return Ok("UNKNOWN COMMAND".to_owned()),
        }
        self.seen().scans += 1;
        if mood == ScannerMood::Hasty {
            return Ok("stream: OK".to_owned());
        }
        let mut file = Vec::new();
        loop {
            let length = stream.read_u32().await? as usize;
            if length == 0 {
                break;
            }
            let from = file.len();
            file.resize(from + length, 0);
            stream.read_exact(&mut file[from..]).await?;
            if matches!(mood, ScannerMood::Small(most) if file.len() > most) {
                return Ok("INSTREAM size limit exceeded. ERROR".to_owned());
            }
        }
        let virus = SimulatedScanner::test_virus();
        let found = file.windows(virus.len()).any(|part| part == virus);
        Ok(if found { "stream: Eicar-Test-Signature FOUND" } else { "stream: OK" }.to_owned())
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
