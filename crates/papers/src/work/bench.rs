//! Where a task works: the files that it was given, a folder of its own, and what it hands over in the end.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::Failure;

/// What a task has to work with.
#[derive(Debug)]
pub struct Bench {
    inputs: Vec<PathBuf>,
    scratch: PathBuf,
}

/// What a task made.
#[derive(Debug)]
pub struct Product {
    pub(super) answer: serde_json::Value,
    pub(super) files: Vec<Made>,
}

/// A file that a task made.
#[derive(Debug)]
pub(super) enum Made {
    Bytes(Vec<u8>),
    File(PathBuf),
}

impl Bench {
    /// A bench with these inputs, and an empty folder that may be written to.
    #[must_use]
    pub fn new(inputs: Vec<PathBuf>, scratch: PathBuf) -> Bench {
        Bench { inputs, scratch }
    }

    /// The file to work on, by its place in the order. It may only be read.
    ///
    /// # Errors
    /// When fewer were given.
    pub fn input(&self, place: usize) -> Result<&Path, Failure> {
        self.inputs.get(place).map(PathBuf::as_path).ok_or_else(|| Failure::Bug(format!("there is no input {place}")))
    }

    /// The folder that may be written to. It goes when the task has ended.
    #[must_use]
    pub fn scratch(&self) -> &Path {
        &self.scratch
    }
}

impl Product {
    /// An answer.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub fn answer(answer: &impl Serialize) -> Result<Product, Failure> {
        let answer = serde_json::to_value(answer).map_err(|error| Failure::Bug(error.to_string()))?;
        Ok(Product { answer, files: Vec::new() })
    }

    /// The same with a file of these bytes.
    #[must_use]
    pub fn with_bytes(mut self, bytes: Vec<u8>) -> Product {
        self.files.push(Made::Bytes(bytes));
        self
    }

    /// The same with the file at `path`, which is in the scratch folder.
    #[must_use]
    pub fn with_file(mut self, path: PathBuf) -> Product {
        self.files.push(Made::File(path));
        self
    }

    /// What a runner without a process hands on: the answer, and the bytes of the files.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn into_parts(self) -> std::io::Result<(serde_json::Value, Vec<Vec<u8>>)> {
        let read = |file| match file {
            Made::Bytes(bytes) => Ok(bytes),
            Made::File(path) => std::fs::read(path),
        };
        Ok((self.answer, self.files.into_iter().map(read).collect::<std::io::Result<_>>()?))
    }
}
