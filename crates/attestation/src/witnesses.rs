//! Asks witnesses outside the court to sign its checkpoints too (C2SP tlog-witness).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use connect::witness::{Said, WitnessPort};
use desk::Desk;
use record::note::{Note, VerifyingKey};
use record::{Checkpoint, tree};
use tracing::{debug, warn};

use crate::log::{CourtLog, Trouble};

/// A witness: how it is reached, and by what its signatures are known.
#[derive(Clone)]
pub struct Witness {
    pub port: WitnessPort,
    pub key: VerifyingKey,
}

/// How often a witness that knows another size is asked again at once.
const TRIES: usize = 3;

/// Has the latest checkpoint signed by every witness that has not signed it.
///
/// # Errors
/// [`Trouble::Witness`] when a witness has signed a longer log, or another one.
pub(crate) async fn ask(log: &CourtLog, desk: &Desk, witnesses: &[Witness]) -> Result<(), Trouble> {
    if witnesses.is_empty() {
        return Ok(());
    }
    let epoch = log.epoch(&desk.store, court::beijing::micros(desk.now())).await?;
    let Some(row) = desk.store.checkpoint(epoch.epoch).await? else { return Ok(()) };
    let mut note = row.note.clone();
    for witness in witnesses {
        let signed = Note::read(&note).is_some_and(|read| witness.key.verify(&read) == Some(true));
        if signed {
            continue;
        }
        let Some(lines) = ask_one(desk, epoch.epoch, (row.size, &row.note), witness).await? else { continue };
        for line in lines.lines() {
            let with = format!("{note}{line}\n");
            if Note::read(&with).is_some_and(|read| witness.key.verify(&read) == Some(true)) {
                note = with;
            }
        }
    }
    if note != row.note {
        Checkpoint::open(&note, &log.key().verifying()).map_err(|_| Trouble::Damaged("a cosigned checkpoint"))?;
        desk.store.put_cosigned(epoch.epoch, row.size, &note).await?;
    }
    Ok(())
}

async fn ask_one(
    desk: &Desk,
    epoch: u32,
    (size, note): (u64, &str),
    witness: &Witness,
) -> Result<Option<String>, Trouble> {
    // What it signed last it says itself: the first question begins at nothing.
    let mut old = witness.port.last();
    for _ in 0..TRIES {
        let ids = record::tiles::needed(|nodes| tree::consistency(old, size, nodes));
        let tiles = desk.store.tree_tiles(epoch, &ids).await?;
        let Some(proof) = tree::consistency(old, size, &tiles) else {
            return Err(Trouble::Damaged("a node is missing"));
        };
        let proof: Vec<String> = proof.iter().map(|node| STANDARD.encode(node.0)).collect();
        match witness.port.add_checkpoint(old, &proof, size, note).await {
            Ok(Said::Signed(lines)) => {
                debug!(witness = witness.key.name(), size, "A witness has signed");
                return Ok(Some(lines));
            }
            Ok(Said::Knows(known)) if known > size => {
                // Another node may have grown the log meanwhile; only what the database lacks was taken from it.
                let latest = desk.store.checkpoint(epoch).await?.map_or(0, |row| row.size);
                if known > latest {
                    return Err(other(witness, known, latest));
                }
                return Ok(None);
            }
            Ok(Said::Knows(known)) if known == old => return Err(other(witness, known, size)),
            Ok(Said::Knows(known)) => old = known,
            Ok(Said::Inconsistent) => return Err(other(witness, old, size)),
            Ok(Said::Refused(status)) => {
                warn!(witness = witness.key.name(), status, "A witness does not sign");
                return Ok(None);
            }
            Err(failure) => {
                warn!(witness = witness.key.name(), %failure, "A witness does not answer");
                return Ok(None);
            }
        }
    }
    Ok(None)
}

fn other(witness: &Witness, signed: u64, found: u64) -> Trouble {
    Trouble::Witness { name: witness.key.name().to_owned(), signed, found }
}
