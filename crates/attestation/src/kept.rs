//! The last checkpoint that this node signed or saw, in a file outside the database: a database that was set back does not take it along.

use std::io::Write;
use std::path::{Path, PathBuf};

use record::Checkpoint;
use record::note::VerifyingKey;

/// The file, if there is to be one.
#[derive(Clone, Debug, Default)]
pub struct Kept(Option<PathBuf>);

impl Kept {
    /// A file at this place.
    pub fn at(file: &Path) -> Kept {
        Kept(Some(file.to_owned()))
    }

    /// What is kept, if it is a checkpoint of this key's log.
    ///
    /// # Errors
    /// When there is a file and it cannot be read.
    pub(crate) fn read(&self, key: &VerifyingKey) -> std::io::Result<Option<Checkpoint>> {
        let Some(file) = &self.0 else { return Ok(None) };
        match std::fs::read_to_string(file) {
            Ok(note) => Ok(Checkpoint::open(&note, key).ok()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Keeps a note in place of the one before, whole or not at all.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn write(&self, note: &str) -> std::io::Result<()> {
        let Some(file) = &self.0 else { return Ok(()) };
        let new = file.with_extension("new");
        let mut open = std::fs::File::create(&new)?;
        open.write_all(note.as_bytes())?;
        open.sync_all()?;
        std::fs::rename(&new, file)
    }
}
