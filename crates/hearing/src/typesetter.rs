//! Who lays a document out. A large one takes hundreds of megabytes, which a process gives back for certain only by ending: so the program has it
//! done by a child of its own, and tests in their own process.

use std::collections::BTreeMap;
use std::io::{self, BufRead, Read, Write};
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;
use tokio::task::spawn_blocking;
use tokio::time::timeout;
use typeset::{Document, Failure, Fonts, Pictures};

use crate::press::{Place, PressFailure, Typeset};

/// How long a child may take: within the time of a job.
const PATIENCE: Duration = Duration::from_secs(45);
/// The longest answer that is read from a child: its head, and the file.
const HEAD: usize = 4 << 20;
const FILE: u64 = 512 << 20;

/// Lays documents out.
#[async_trait]
pub trait Typesetter: Send + Sync {
    /// A file of this document. The same document gives the same bytes.
    ///
    /// # Errors
    /// [`PressFailure`].
    async fn lay_out(&self, document: Document, pictures: Pictures) -> Result<LaidOut, PressFailure>;
}

/// A document that was laid out.
#[derive(Clone, Debug)]
pub struct LaidOut {
    pub file: Typeset,
    /// How many pictures could not be printed; their places say so.
    pub missing_pictures: usize,
}

/// In this process.
pub struct Here(Arc<Fonts>);

impl Here {
    /// With these fonts.
    pub fn with(fonts: Fonts) -> Here {
        Here(Arc::new(fonts))
    }
}

#[async_trait]
impl Typesetter for Here {
    async fn lay_out(&self, document: Document, pictures: Pictures) -> Result<LaidOut, PressFailure> {
        let fonts = self.0.clone();
        let made = spawn_blocking(move || made(&document, &pictures, &fonts)).await;
        let (head, pdf) = made.map_err(|_| later("the typesetter panicked"))?;
        laid_out(head, pdf)
    }
}

/// In a child: `PROGRAM typeset`, which speaks as [`typeset_here`] does.
#[derive(Clone, Debug)]
pub struct Child {
    program: PathBuf,
    fonts: Vec<PathBuf>,
}

impl Child {
    /// This program, with fonts from these folders.
    pub fn of(program: PathBuf, fonts: Vec<PathBuf>) -> Child {
        Child { program, fonts }
    }

    async fn ask(&self, order: &Order, pictures: Pictures) -> io::Result<(Head, Vec<u8>)> {
        let mut child = Command::new(&self.program)
            .arg("typeset")
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let (mut input, output) = (child.stdin.take(), child.stdout.take());
        let mut line = serde_json::to_vec(order)?;
        line.push(b'\n');
        let told = async {
            // Who ends early has said why, or will be missed below.
            if let Some(mut input) = input.take() {
                input.write_all(&line).await.ok();
                for bytes in pictures.values() {
                    input.write_all(bytes).await.ok();
                }
                input.shutdown().await.ok();
            }
        };
        let heard = async {
            let mut bytes = Vec::new();
            if let Some(output) = output {
                output.take(HEAD as u64 + FILE).read_to_end(&mut bytes).await?;
            }
            io::Result::Ok(bytes)
        };
        let ((), bytes) = tokio::join!(told, heard);
        let mut bytes = bytes?;
        child.wait().await?;
        let end = bytes.iter().take(HEAD).position(|byte| *byte == b'\n').ok_or(io::ErrorKind::UnexpectedEof)?;
        let head: Head = serde_json::from_slice(&bytes[..end])?;
        bytes.drain(..=end);
        match &head {
            Head::Done { size, .. } if *size != bytes.len() as u64 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok((head, bytes)),
        }
    }
}

#[async_trait]
impl Typesetter for Child {
    async fn lay_out(&self, document: Document, pictures: Pictures) -> Result<LaidOut, PressFailure> {
        let sizes = pictures.iter().map(|(id, bytes)| (id.clone(), bytes.len() as u64)).collect();
        let order = Order { fonts: self.fonts.clone(), document, pictures: sizes };
        match timeout(PATIENCE, self.ask(&order, pictures)).await {
            Ok(Ok((head, pdf))) => laid_out(head, pdf),
            Ok(Err(error)) => Err(later(&format!("the typesetter's process did not answer: {error}"))),
            Err(_) => Err(later("the typesetter's process takes too long")),
        }
    }
}

/// What a child is asked for, on one line; the bytes of the pictures follow in the order of their ids.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Order {
    fonts: Vec<PathBuf>,
    document: Document,
    pictures: BTreeMap<String, u64>,
}

/// What it answers, on one line; the file follows.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum Head {
    Done { size: u64, pages: u32, places: Vec<typeset::Place>, missing_pictures: usize },
    Never(String),
    Later(String),
}

/// The child's part: reads an order, lays it out, answers.
///
/// # Errors
/// When the order cannot be read or the answer not be written.
pub fn typeset_here(input: &mut impl BufRead, output: &mut impl Write) -> io::Result<()> {
    let mut line = Vec::new();
    input.read_until(b'\n', &mut line)?;
    let order: Order = serde_json::from_slice(&line)?;
    drop(line);
    let mut pictures = Pictures::new();
    for (id, size) in order.pictures {
        let mut bytes = Vec::new();
        input.take(size).read_to_end(&mut bytes)?;
        pictures.insert(id, bytes);
    }
    let (head, pdf) = match Fonts::in_directories(&order.fonts) {
        Ok(fonts) => made(&order.document, &pictures, &fonts),
        Err(missing) => (Head::Later(missing.to_string()), Vec::new()),
    };
    serde_json::to_writer(&mut *output, &head)?;
    output.write_all(b"\n")?;
    output.write_all(&pdf)?;
    output.flush()
}

fn made(document: &Document, pictures: &Pictures, fonts: &Fonts) -> (Head, Vec<u8>) {
    match typeset::render(document, pictures, fonts) {
        Ok(made) => {
            let (size, missing_pictures) = (made.pdf.len() as u64, made.missing_pictures.len());
            (Head::Done { size, pages: made.pages, places: made.places, missing_pictures }, made.pdf)
        }
        Err(failure @ (Failure::TooLarge { .. } | Failure::Data(_))) => (Head::Never(failure.to_string()), Vec::new()),
        Err(Failure::Typesetting(why)) => (Head::Later(why), Vec::new()),
    }
}

fn laid_out(head: Head, pdf: Vec<u8>) -> Result<LaidOut, PressFailure> {
    match head {
        Head::Done { pages, places, missing_pictures, .. } => {
            let places = places.into_iter().map(|place| {
                let typeset::Place { name, page, x, y, width, height } = place;
                (name, Place { page, x, y, width, height })
            });
            Ok(LaidOut { file: Typeset { pdf, pages, places: places.collect() }, missing_pictures })
        }
        Head::Never(why) => Err(PressFailure::Never(why)),
        Head::Later(why) => Err(PressFailure::Later(why)),
    }
}

fn later(why: &str) -> PressFailure {
    PressFailure::Later(why.to_owned())
}
