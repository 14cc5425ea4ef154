//! Checkpoints (C2SP tlog-checkpoint): what a court's whole record amounted to at some moment, signed.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::note::{Note, Signer, VerifyingKey, sign};
use crate::tree::{proves_consistency, proves_inclusion};
use crate::{Fault, Hash};

/// How many acts a court had, and the root over all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log: `weiting/` and the court's code.
    pub origin: String,
    pub size: u64,
    pub root: Hash,
}

impl Checkpoint {
    /// What is signed: three lines.
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, STANDARD.encode(self.root.0))
    }

    /// The signed note.
    pub fn sign(&self, unix: u64, signers: &[&dyn Signer]) -> String {
        sign(&self.text(), unix, signers)
    }

    /// Reads what a note says. Lines after the third are another program's and are left aside.
    pub fn read(note: &Note<'_>) -> Option<Checkpoint> {
        let mut lines = note.text.strip_suffix('\n')?.split('\n');
        let (origin, size, root) = (lines.next()?, lines.next()?, lines.next()?);
        let root: [u8; 32] = STANDARD.decode(root).ok()?.try_into().ok()?;
        (!origin.is_empty()).then_some(())?;
        Some(Checkpoint { origin: origin.to_owned(), size: decimal(size)?, root: Hash(root) })
    }

    /// Reads a note that must be a checkpoint of the key's own log, signed with it.
    ///
    /// # Errors
    /// Why it is not.
    pub fn open(note: &str, key: &VerifyingKey) -> Result<Checkpoint, Fault> {
        let note = Note::read(note).ok_or(Fault::Malformed)?;
        let checkpoint = Checkpoint::read(&note).ok_or(Fault::Malformed)?;
        if checkpoint.origin != key.name() || key.verify(&note) != Some(true) {
            return Err(Fault::Signature);
        }
        Ok(checkpoint)
    }

    /// Whether `path` proves that this leaf is entry `index`.
    pub fn includes(&self, leaf: &Hash, index: u64, path: &[Hash]) -> bool {
        proves_inclusion(leaf, index, (self.size, &self.root), path)
    }

    /// Whether `path` proves that `later` begins with everything that is in this one.
    pub fn continues_in(&self, later: &Checkpoint, path: &[Hash]) -> bool {
        self.origin == later.origin && proves_consistency((self.size, &self.root), (later.size, &later.root), path)
    }
}

/// A number in decimal, in its one spelling.
pub(crate) fn decimal(text: &str) -> Option<u64> {
    let number: u64 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}
