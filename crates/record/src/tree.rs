//! The tree over all leaves of a court (RFC 6962, SHA-256): one root that stands for every act in its order.
//!
//! An entry of the tree is an act's leaf hash, 32 bytes, so that the tree itself names no person, no room and no kind of act. Whoever
//! keeps the nodes gives them by level and index; nothing here stores or waits.

use sha2::{Digest, Sha256};

use crate::Hash;

/// The node of one entry: SHA-256(00 ‖ leaf hash).
pub fn entry_node(leaf: &Hash) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update([0]);
    hasher.update(leaf.0);
    Hash(hasher.finalize().into())
}

/// The node over two: SHA-256(01 ‖ left ‖ right).
pub fn inner_node(left: &Hash, right: &Hash) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update([1]);
    hasher.update(left.0);
    hasher.update(right.0);
    Hash(hasher.finalize().into())
}

/// The root of the tree without entries: SHA-256 of nothing.
pub fn empty_root() -> Hash {
    Hash::of(b"")
}

/// Where the nodes of complete subtrees are kept: `index` counts those of 2^level entries from the left.
pub trait Nodes {
    /// The node, if it is there.
    fn node(&self, level: u8, index: u64) -> Option<Hash>;
}

/// The right edge of a growing tree: enough to go on and to know the root, in O(log n) memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    /// The roots of the complete subtrees from the left, largest first.
    peaks: Vec<Hash>,
}

impl Frontier {
    /// How many entries there are.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds the next entry.
    pub fn push(&mut self, leaf: &Hash) {
        let mut node = entry_node(leaf);
        let mut size = self.size;
        while size & 1 == 1 {
            if let Some(left) = self.peaks.pop() {
                node = inner_node(&left, &node);
            }
            size >>= 1;
        }
        self.peaks.push(node);
        self.size += 1;
    }

    /// The root over all entries so far.
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev();
        let Some(last) = peaks.next() else { return empty_root() };
        peaks.fold(*last, |right, left| inner_node(left, &right))
    }
}

/// The root of the first `size` entries; none when a node is missing.
pub fn root(size: u64, nodes: &impl Nodes) -> Option<Hash> {
    if size == 0 { Some(empty_root()) } else { range(0, size, nodes) }
}

/// The path that proves entry `index` to be in the tree of `size` entries, from the leaf upwards; none when there is no such entry or a
/// node is missing.
pub fn inclusion(index: u64, size: u64, nodes: &impl Nodes) -> Option<Vec<Hash>> {
    if index >= size {
        return None;
    }
    let (mut low, mut high, mut path) = (0, size, Vec::new());
    while high - low > 1 {
        let middle = low + split(high - low);
        if index < middle {
            path.push(range(middle, high, nodes)?);
            high = middle;
        } else {
            path.push(range(low, middle, nodes)?);
            low = middle;
        }
    }
    path.reverse();
    Some(path)
}

/// The nodes that prove the tree of `old` entries to be the beginning of that of `new`; none when it cannot be or a node is missing.
pub fn consistency(old: u64, new: u64, nodes: &impl Nodes) -> Option<Vec<Hash>> {
    if old > new {
        return None;
    }
    if old == 0 || old == new {
        return Some(Vec::new());
    }
    // Down to the last complete subtree of the old tree; on the way what stands beside it is noted.
    let (mut low, mut high, mut path) = (0, new, Vec::new());
    while high != old {
        let middle = low + split(high - low);
        if old <= middle {
            path.push(range(middle, high, nodes)?);
            high = middle;
        } else {
            path.push(range(low, middle, nodes)?);
            low = middle;
        }
    }
    // The old root itself is known to whoever checks; any other subtree is not.
    if low != 0 {
        path.push(range(low, high, nodes)?);
    }
    path.reverse();
    Some(path)
}

/// Whether `path` proves that `leaf` is entry `index` of the tree with this size and root.
pub fn proves_inclusion(leaf: &Hash, index: u64, (size, root): (u64, &Hash), path: &[Hash]) -> bool {
    if index >= size {
        return false;
    }
    let (mut at, mut last, mut node) = (index, size - 1, entry_node(leaf));
    for beside in path {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            node = inner_node(beside, &node);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            node = inner_node(&node, beside);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && node == *root
}

/// Whether `path` proves that the tree `old` is the beginning of the tree `new`; each is a size and a root.
pub fn proves_consistency(old: (u64, &Hash), new: (u64, &Hash), path: &[Hash]) -> bool {
    if old.0 > new.0 {
        return false;
    }
    if old.0 == new.0 {
        return path.is_empty() && old.1 == new.1;
    }
    if old.0 == 0 {
        return path.is_empty() && *old.1 == empty_root();
    }
    let mut path = path.iter();
    let (mut at, mut last) = (old.0 - 1, new.0 - 1);
    while at & 1 == 1 {
        at >>= 1;
        last >>= 1;
    }
    // A tree that is one complete subtree is its own beginning.
    let Some(mut before) = (if at == 0 { Some(*old.1) } else { path.next().copied() }) else { return false };
    let mut after = before;
    for beside in path {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            before = inner_node(beside, &before);
            after = inner_node(beside, &after);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            after = inner_node(&after, beside);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && before == *old.1 && after == *new.1
}

/// How many of `size` entries, more than one, stand in the left half: the largest power of two below it.
fn split(size: u64) -> u64 {
    1 << (size - 1).ilog2()
}

/// The hash over entries `low` to `high`, as RFC 6962 divides them.
fn range(low: u64, high: u64, nodes: &impl Nodes) -> Option<Hash> {
    let size = high - low;
    if size.is_power_of_two() {
        let level = size.trailing_zeros();
        return nodes.node(u8::try_from(level).ok()?, low >> level);
    }
    let middle = low + split(size);
    Some(inner_node(&range(low, middle, nodes)?, &range(middle, high, nodes)?))
}
