//! A receipt: one act with everything that proves it, in one text file that needs nobody's server.

use crate::block::{Block, Written};
use crate::checkpoint::Checkpoint;
use crate::note::VerifyingKey;
use crate::{Fault, Finding, Hash};

/// The first line.
pub const FIRST_LINE: &str = "weiting receipt v1";

/// Writes a receipt. None when a document cannot stand on a line.
pub fn write(key: &VerifyingKey, act: &Written<'_>, checkpoint: &str) -> Option<String> {
    Some(format!("{FIRST_LINE}\nkey {key}\n{}\n{checkpoint}", act.block()?))
}

/// What a receipt says, as far as it could be read.
#[derive(Clone, Debug)]
pub struct Receipt {
    pub record: String,
    pub seq: u64,
    pub leaf: Hash,
    pub key: VerifyingKey,
    /// None when its signature does not hold.
    pub checkpoint: Option<Checkpoint>,
    /// Whether the words of the act are in it.
    pub words: bool,
    /// Its words as they were stored. They are what the leaf commits to if nothing is found wrong.
    pub body: Option<String>,
}

/// Verifies a receipt. `pinned`: the key that the court published, if the reader has it from elsewhere.
pub fn verify(text: &str, pinned: Option<&VerifyingKey>) -> (Option<Receipt>, Vec<Finding>) {
    let malformed = |place: &str| (None, vec![Finding::new(Fault::Malformed, place)]);
    let Some((lines, note)) = text.split_once("\n\n") else { return malformed("receipt") };
    let lines: Vec<&str> = lines.split('\n').collect();
    let [FIRST_LINE, key, block @ ..] = lines.as_slice() else { return malformed("receipt") };
    let Some(key) = key.strip_prefix("key ").and_then(|key| key.parse::<VerifyingKey>().ok()) else {
        return malformed("key");
    };
    let Some(block) = Block::read(block) else { return malformed("act") };
    let place = format!("act {}", block.seq);
    let mut findings: Vec<Finding> =
        block.faults().into_iter().map(|(fault, part)| Finding::new(fault, format!("{place}{part}"))).collect();
    if pinned.is_some_and(|pinned| *pinned != key) {
        findings.push(Finding::new(Fault::Signature, "key"));
    }
    let checkpoint = Checkpoint::open(note, &key);
    match (&checkpoint, &block.proof) {
        (Err(fault), _) => findings.push(Finding::new(*fault, "checkpoint")),
        (Ok(checkpoint), Some(proof)) if checkpoint.includes(&block.leaf, proof.index, &proof.path) => {}
        _ => findings.push(Finding::new(Fault::Proof, place)),
    }
    let receipt = Receipt {
        record: block.record.to_owned(),
        seq: block.seq,
        leaf: block.leaf,
        words: block.body.is_some(),
        body: block.body.map(|(_, body)| body.to_owned()),
        key,
        checkpoint: checkpoint.ok(),
    };
    (Some(receipt), findings)
}
