//! What goes into a worker and what comes out of it: one line of JSON each way, and behind the answer the bytes of the files.

use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::bench::{Made, Product};
use super::{Failure, Task};

/// The longest order.
pub const HEAD_BYTES: u64 = 64 * 1024;

/// What the worker is asked to do.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    pub task: Task,
    /// Where the files are that it works on, as the worker sees them.
    pub inputs: Vec<PathBuf>,
    /// An empty folder that it may write to.
    pub scratch: PathBuf,
}

/// The line before the files.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    pub outcome: Outcome,
    /// How many bytes each file has. They follow in this order, without anything between them.
    pub files: Vec<u64>,
}

/// What came of a task.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Its answer; what that is, the task says.
    Done(serde_json::Value),
    Failed(Failure),
}

/// The size of a picture that was made, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Picture {
    pub width: u32,
    pub height: u32,
}

/// Writes what came of a task.
///
/// # Errors
/// When it cannot be written, or a file that was made cannot be read.
pub fn send(came: Result<Product, Failure>, output: &mut impl Write) -> io::Result<()> {
    let (outcome, made) = match came {
        Ok(product) => (Outcome::Done(product.answer), product.files),
        Err(failure) => (Outcome::Failed(failure), Vec::new()),
    };
    let mut files = Vec::new();
    for file in &made {
        files.push(match file {
            Made::Bytes(bytes) => bytes.len() as u64,
            Made::File(path) => std::fs::metadata(path)?.len(),
        });
    }
    serde_json::to_writer(&mut *output, &Head { outcome, files })?;
    output.write_all(b"\n")?;
    for file in made {
        match file {
            Made::Bytes(bytes) => output.write_all(&bytes)?,
            Made::File(path) => {
                io::copy(&mut File::open(path)?, output)?;
            }
        }
    }
    output.flush()
}
