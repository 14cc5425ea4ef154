//! A virus scanner beside the court: the wire format of ClamAV's daemon (clamd, `INSTREAM`), which other scanners speak too.
//!
//! A file is sent as it is, in pieces, over a socket of this machine or of the court's own network. What cannot be looked at is never taken for
//! clean: no answer, half an answer and an error are all failures.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use async_trait::async_trait;
use tokio::fs::File;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream};
use tokio::time::timeout;

/// What looks for viruses in files.
#[async_trait]
pub trait Scanner: Send + Sync + std::fmt::Debug {
    /// Looks through the file at `path`. Asking again is harmless.
    ///
    /// # Errors
    /// When nothing can be said of the file.
    async fn scan(&self, path: &Path) -> Result<Verdict, ScanFailure>;

    /// Whether the scanner is there.
    ///
    /// # Errors
    /// Why not.
    async fn ping(&self) -> Result<(), ScanFailure>;
}

/// What a scanner says of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Clean,
    /// Something was found, by the scanner's name for it: letters, digits and `.-_/` alone.
    Infected {
        name: String,
    },
}

/// Why nothing was said.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScanFailure {
    #[error("the scanner cannot be reached: {0}")]
    Unreachable(String),
    #[error("the scanner does not answer in time")]
    Slow,
    /// The scanner's own limit is lower than the court's (clamd: `StreamMaxLength`).
    #[error("the file is larger than the scanner takes")]
    TooLarge,
    #[error("the scanner says: {0}")]
    Failed(String),
}

/// Where a scanner listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// `unix:/run/clamav/clamd.ctl`
    Socket(PathBuf),
    /// `tcp:127.0.0.1:3310`
    Port(String),
}

/// A clamd.
#[derive(Clone, Debug)]
pub struct Clamd {
    address: Address,
    patience: Duration,
}

/// How much of a file goes in one piece.
const PIECE: usize = 128 << 10;
/// The longest answer that is read.
const ANSWER: u64 = 4 << 10;
/// The longest name of a virus that is repeated.
const NAME: usize = 80;
/// How long it may take to be let in.
const DOOR: Duration = Duration::from_secs(5);

impl Address {
    /// Reads `unix:PATH` or `tcp:HOST:PORT`; none if it is neither.
    #[must_use]
    pub fn parse(text: &str) -> Option<Address> {
        if let Some(path) = text.strip_prefix("unix:") {
            return path.starts_with('/').then(|| Address::Socket(path.into()));
        }
        let port = text.strip_prefix("tcp:")?;
        let (host, number) = port.rsplit_once(':')?;
        (!host.is_empty() && number.parse::<u16>().is_ok_and(|number| number > 0))
            .then(|| Address::Port(port.to_owned()))
    }
}

impl Clamd {
    /// The daemon at this address. `patience`: how long it may take over one file.
    #[must_use]
    pub fn new(address: Address, patience: Duration) -> Clamd {
        Clamd { address, patience }
    }

    async fn connect(&self) -> Result<Box<dyn Stream>, ScanFailure> {
        let connected = async {
            Ok(match &self.address {
                Address::Socket(path) => Box::new(UnixStream::connect(path).await?) as Box<dyn Stream>,
                Address::Port(port) => Box::new(TcpStream::connect(port).await?),
            })
        };
        match timeout(DOOR, connected).await {
            Ok(connected) => connected.map_err(unreachable),
            Err(_) => Err(ScanFailure::Slow),
        }
    }
}

/// A socket of either kind.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

#[async_trait]
impl Scanner for Clamd {
    async fn scan(&self, path: &Path) -> Result<Verdict, ScanFailure> {
        let mut file = File::open(path).await.map_err(|error| ScanFailure::Failed(error.to_string()))?;
        let mut stream = self.connect().await?;
        let asked = async {
            // A daemon that has seen enough closes its ear and has said why: what it said counts, not that it stopped listening.
            let sent = send(&mut stream, &mut file).await;
            let answer = answer(&mut stream).await?;
            if answer.is_empty() {
                return Err(sent.err().map_or_else(|| ScanFailure::Failed("nothing".to_owned()), unreachable));
            }
            read(&answer, sent.is_ok())
        };
        timeout(self.patience, asked).await.map_err(|_| ScanFailure::Slow)?
    }

    async fn ping(&self) -> Result<(), ScanFailure> {
        let mut stream = self.connect().await?;
        let asked = async {
            stream.write_all(b"zPING\0").await.map_err(unreachable)?;
            match answer(&mut stream).await?.as_str() {
                "PONG" => Ok(()),
                other => Err(ScanFailure::Failed(plain(other))),
            }
        };
        timeout(DOOR, asked).await.map_err(|_| ScanFailure::Slow)?
    }
}

async fn send(stream: &mut Box<dyn Stream>, file: &mut File) -> io::Result<()> {
    stream.write_all(b"zINSTREAM\0").await?;
    let mut piece = vec![0; PIECE];
    loop {
        let length = file.read(&mut piece).await?;
        let announced = u32::try_from(length).map_err(io::Error::other)?;
        stream.write_all(&announced.to_be_bytes()).await?;
        if length == 0 {
            return stream.flush().await;
        }
        stream.write_all(&piece[..length]).await?;
    }
}

async fn answer(stream: &mut Box<dyn Stream>) -> Result<String, ScanFailure> {
    let mut bytes = Vec::new();
    let mut limited = stream.take(ANSWER);
    let mut byte = [0; 256];
    loop {
        match limited.read(&mut byte).await {
            Ok(0) => break,
            Ok(length) => {
                bytes.extend_from_slice(&byte[..length]);
                if bytes.contains(&0) {
                    break;
                }
            }
            // What came before counts.
            Err(_) if !bytes.is_empty() => break,
            Err(error) => return Err(unreachable(error)),
        }
    }
    let text = String::from_utf8_lossy(&bytes);
    Ok(text.split('\0').next().unwrap_or_default().trim().to_owned())
}

/// `stream: OK`, `stream: NAME FOUND`, or anything else, which is no verdict. What was not sent whole was not found clean.
fn read(answer: &str, whole: bool) -> Result<Verdict, ScanFailure> {
    let verdict = answer.strip_prefix("stream: ").unwrap_or(answer);
    if let Some(name) = verdict.strip_suffix(" FOUND") {
        return Ok(Verdict::Infected { name: plain(name) });
    }
    match verdict {
        "OK" if whole => Ok(Verdict::Clean),
        "OK" => Err(ScanFailure::Failed("clean before it had everything".to_owned())),
        other if other.contains("size limit exceeded") => Err(ScanFailure::TooLarge),
        other => Err(ScanFailure::Failed(plain(other))),
    }
}

/// What another program said, so that it can stand in a log.
fn plain(text: &str) -> String {
    let fits = |letter: &char| letter.is_ascii_alphanumeric() || " .-_/:".contains(*letter);
    text.chars().filter(fits).take(NAME).collect()
}

fn unreachable(error: io::Error) -> ScanFailure {
    ScanFailure::Unreachable(error.kind().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_socket_or_a_port() {
        assert_eq!(Address::parse("unix:/run/clamav/clamd.ctl"), Some(Address::Socket("/run/clamav/clamd.ctl".into())));
        assert_eq!(Address::parse("tcp:127.0.0.1:3310"), Some(Address::Port("127.0.0.1:3310".into())));
        assert_eq!(Address::parse("tcp:[::1]:3310"), Some(Address::Port("[::1]:3310".into())));
        for bad in ["", "unix:clamd.ctl", "tcp:3310", "tcp:localhost:0", "tcp::3310", "127.0.0.1:3310", "http://a:1"] {
            assert_eq!(Address::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn sr37_nothing_but_the_word_for_it_is_clean() {
        assert_eq!(read("stream: OK", true), Ok(Verdict::Clean));
        let found = |name: &str| Ok(Verdict::Infected { name: name.to_owned() });
        assert_eq!(read("stream: Eicar-Test-Signature FOUND", true), found("Eicar-Test-Signature"));
        assert_eq!(read("stream: Win.Test\u{1b}[31m\n FOUND", false), found("Win.Test31m"), "what was found was found");
        assert_eq!(read("INSTREAM size limit exceeded. ERROR", false), Err(ScanFailure::TooLarge));
        for other in ["stream: OK", "stream: ok", "OKAY", "stream: Can't allocate memory ERROR", "UNKNOWN COMMAND"] {
            assert!(matches!(read(other, false), Err(ScanFailure::Failed(_))), "{other}");
        }
    }
}
