//! Why a task was not done.

use serde::{Deserialize, Serialize};

use crate::FileRefusal;

/// Why a task was not done, by whose fault it was.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// The file's. Trying again changes nothing.
    BadInput(FileRefusal),
    /// It would have taken more than it may.
    Resource(String),
    /// Ours.
    Bug(String),
}

impl From<FileRefusal> for Failure {
    fn from(refusal: FileRefusal) -> Self {
        match refusal {
            FileRefusal::Unreadable(error) => Failure::Bug(format!("the input cannot be read: {error}")),
            refusal => Failure::BadInput(refusal),
        }
    }
}
