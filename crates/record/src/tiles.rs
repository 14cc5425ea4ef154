//! How the nodes of the tree are kept: in tiles of 256, as C2SP tlog-tiles lays them out.
//!
//! Tile (t, i) holds the nodes of level 8t with the numbers 256i to 256i + 255. The levels between are computed from these, so a proof
//! over a hundred million entries needs eight tiles at most.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::Hash;
use crate::tree::{Nodes, entry_node, inner_node, root};

/// Nodes of a full tile.
pub const WIDTH: usize = 256;

/// Which tile: its level (0 holds the entries' nodes) and its number from the left.
pub type TileId = (u8, u64);

/// Some tiles, by their ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tiles(BTreeMap<TileId, Vec<Hash>>);

impl Tiles {
    /// Adds a tile.
    pub fn put(&mut self, id: TileId, nodes: Vec<Hash>) {
        self.0.insert(id, nodes);
    }

    /// The tiles, by id.
    pub fn iter(&self) -> impl Iterator<Item = (TileId, &[Hash])> {
        self.0.iter().map(|(id, nodes)| (*id, nodes.as_slice()))
    }
}

impl Nodes for Tiles {
    fn node(&self, level: u8, index: u64) -> Option<Hash> {
        let (id, inside, height) = place(level, index);
        let nodes = self.0.get(&id)?.get(inside..inside + (1 << height))?;
        folded(nodes)
    }
}

/// The node over a power of two of nodes.
fn folded(nodes: &[Hash]) -> Option<Hash> {
    match nodes {
        [] => None,
        [one] => Some(*one),
        several => {
            let (left, right) = several.split_at(several.len() / 2);
            Some(inner_node(&folded(left)?, &folded(right)?))
        }
    }
}

/// The tile that a node is in or computed from, its place there, and how many levels above the tile's own it is.
fn place(level: u8, index: u64) -> (TileId, usize, u8) {
    let height = level % 8;
    let first = index << height;
    ((level / 8, first / WIDTH as u64), (first % WIDTH as u64) as usize, height)
}

/// The tiles that a computation over [`Nodes`] needs: it is run once without any.
pub fn needed<T>(compute: impl FnOnce(&Needed) -> T) -> BTreeSet<TileId> {
    let asked = Needed::default();
    compute(&asked);
    asked.0.into_inner()
}

/// Has every node, and notes which tiles it would need for them.
#[derive(Debug, Default)]
pub struct Needed(RefCell<BTreeSet<TileId>>);

impl Nodes for Needed {
    fn node(&self, level: u8, index: u64) -> Option<Hash> {
        self.0.borrow_mut().insert(place(level, index).0);
        Some(Hash::ZERO)
    }
}

/// A tree that grows at its right edge.
#[derive(Clone, Debug, Default)]
pub struct Edge {
    size: u64,
    tiles: Tiles,
    changed: BTreeSet<TileId>,
}

impl Edge {
    /// The tiles that a tree of this size goes on from, and that its root is computed from.
    pub fn needed(size: u64) -> BTreeSet<TileId> {
        (0..8)
            .map(|level: u8| (level, size >> (8 * u32::from(level))))
            .filter(|(_, nodes)| !nodes.is_multiple_of(WIDTH as u64))
            .map(|(level, nodes)| (level, nodes / WIDTH as u64))
            .collect()
    }

    /// A tree of `size` entries with the tiles that [`Edge::needed`] named.
    pub fn new(size: u64, tiles: Tiles) -> Edge {
        Edge { size, tiles, changed: BTreeSet::new() }
    }

    /// How many entries there are.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds the next entry.
    pub fn push(&mut self, leaf: &Hash) {
        let (mut node, mut index) = (entry_node(leaf), self.size);
        for level in 0..8 {
            let id = (level, index / WIDTH as u64);
            let tile = self.tiles.0.entry(id).or_default();
            tile.push(node);
            self.changed.insert(id);
            if tile.len() < WIDTH {
                break;
            }
            // A full tile is one node of the level above.
            let Some(above) = folded(tile) else { break };
            (node, index) = (above, id.1);
        }
        self.size += 1;
    }

    /// The root; none when a tile was missing.
    pub fn root(&self) -> Option<Hash> {
        root(self.size, &self.tiles)
    }

    /// The tiles that were added to since [`Edge::new`].
    pub fn changed(&self) -> impl Iterator<Item = (TileId, &[Hash])> {
        self.tiles.iter().filter(|(id, _)| self.changed.contains(id))
    }
}
