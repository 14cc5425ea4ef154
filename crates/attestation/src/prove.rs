//! Where an act stands in the log, and the path that proves it.

use record::{Inclusion, tree};
use store::{CheckpointRow, EpochRow, Store, StoreError};
use uuid::Uuid;

/// What proves an act.
#[derive(Clone, Debug)]
pub struct Proving {
    pub epoch: EpochRow,
    pub checkpoint: CheckpointRow,
    pub inclusion: Inclusion,
}

/// The proof of an act under the latest checkpoint; none while the log has not come to it.
///
/// # Errors
/// When the store cannot be read.
pub async fn prove(store: &Store, record: Uuid, seq: u64) -> Result<Option<Proving>, StoreError> {
    let Some(epoch) = store.tree_epoch().await? else { return Ok(None) };
    // In this order: a leaf that is there has a checkpoint over it.
    let Some(leaf) = store.tree_leaf(epoch.epoch, record, seq).await? else { return Ok(None) };
    let Some(checkpoint) = store.checkpoint(epoch.epoch).await? else { return Ok(None) };
    let ids = record::tiles::needed(|nodes| tree::inclusion(leaf.index, checkpoint.size, nodes));
    let tiles = store.tree_tiles(epoch.epoch, &ids).await?;
    let path = tree::inclusion(leaf.index, checkpoint.size, &tiles);
    let path = path.ok_or_else(|| StoreError::Corrupt("a node of the tree is missing".to_owned()))?;
    Ok(Some(Proving { epoch, checkpoint, inclusion: Inclusion { index: leaf.index, path } }))
}
