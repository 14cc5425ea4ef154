//! P-05: the tree, its proofs and its tiles, against the definition written down naively.

use proptest::prelude::*;
use record::Hash;
use record::tiles::{Edge, Tiles, needed};
use record::tree::{
    Frontier, Nodes, consistency, empty_root, entry_node, inclusion, inner_node, proves_consistency, proves_inclusion,
    root,
};

fn leaf(number: u64) -> Hash {
    Hash::of(&number.to_be_bytes())
}

fn leaves(count: u64) -> Vec<Hash> {
    (0..count).map(leaf).collect()
}

/// RFC 6962, 2.1, word by word.
fn naive(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => empty_root(),
        [one] => entry_node(one),
        more => {
            let half = (1..more.len()).rev().find(|size| size.is_power_of_two()).expect("one is a power of two");
            inner_node(&naive(&more[..half]), &naive(&more[half..]))
        }
    }
}

/// All nodes of complete subtrees, level by level.
struct All(Vec<Vec<Hash>>);

impl All {
    fn of(leaves: &[Hash]) -> All {
        let mut levels = vec![leaves.iter().map(entry_node).collect::<Vec<_>>()];
        while let Some(last) = levels.last().filter(|last| last.len() > 1) {
            levels.push(last.chunks_exact(2).map(|pair| inner_node(&pair[0], &pair[1])).collect());
        }
        All(levels)
    }
}

impl Nodes for All {
    fn node(&self, level: u8, index: u64) -> Option<Hash> {
        self.0.get(usize::from(level))?.get(index as usize).copied()
    }
}

/// A tree in tiles, grown in steps as a court's grows.
fn grown(leaves: &[Hash], steps: &[usize]) -> Tiles {
    let (mut all, mut edge, mut done) = (Tiles::default(), Edge::default(), 0);
    for step in steps.iter().copied().chain([leaves.len()]) {
        let until = (done + step).min(leaves.len());
        let mut kept = Tiles::default();
        for id in Edge::needed(done as u64) {
            let tile = all.iter().find(|(other, _)| *other == id).expect("a tile that is needed is kept").1.to_vec();
            kept.put(id, tile);
        }
        assert_eq!(edge.size(), done as u64);
        edge = Edge::new(done as u64, kept);
        leaves[done..until].iter().for_each(|leaf| edge.push(leaf));
        edge.changed().for_each(|(id, nodes)| all.put(id, nodes.to_vec()));
        assert_eq!(edge.root(), Some(naive(&leaves[..until])));
        done = until;
    }
    all
}

#[test]
fn p05_the_first_roots_are_those_of_the_definition() {
    let leaves = leaves(300);
    let mut frontier = Frontier::default();
    for size in 0..=leaves.len() {
        assert_eq!(frontier.root(), naive(&leaves[..size]), "{size}");
        assert_eq!(frontier.size(), size as u64);
        if let Some(next) = leaves.get(size) {
            frontier.push(next);
        }
    }
    assert_eq!(empty_root().to_string(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

#[test]
fn p05_every_entry_of_every_size_up_to_256_is_proved_and_no_other_place_is() {
    let leaves = leaves(256);
    let nodes = All::of(&leaves);
    for size in 1..=256_u64 {
        let root = root(size, &nodes).expect("all nodes are there");
        for index in 0..size {
            let path = inclusion(index, size, &nodes).expect("all nodes are there");
            let entry = &leaves[index as usize];
            assert!(proves_inclusion(entry, index, (size, &root), &path), "{index} of {size}");
            assert!(!proves_inclusion(entry, index ^ 1, (size, &root), &path), "{index} of {size} elsewhere");
            assert!(!proves_inclusion(&leaf(9_999), index, (size, &root), &path));
            if let Some((_, cut)) = path.split_last() {
                assert!(!proves_inclusion(entry, index, (size, &root), cut), "{index} of {size} cut");
            }
        }
        assert_eq!(inclusion(size, size, &nodes), None);
    }
}

#[test]
fn p05_every_size_up_to_256_is_proved_to_continue_in_every_later_one() {
    let leaves = leaves(256);
    let nodes = All::of(&leaves);
    let roots: Vec<Hash> = (0..=256).map(|size| naive(&leaves[..size])).collect();
    for new in 0..=256_u64 {
        for old in 0..=new {
            let path = consistency(old, new, &nodes).expect("all nodes are there");
            let (before, after) = ((old, &roots[old as usize]), (new, &roots[new as usize]));
            assert!(proves_consistency(before, after, &path), "{old} in {new}");
            let other = leaf(7);
            assert!(!proves_consistency((old, &other), after, &path), "{old} in {new}, forked");
            assert!(old == 0 || !proves_consistency(before, (new, &other), &path), "{old} in {new}, forked");
            if let Some((_, cut)) = path.split_last() {
                assert!(!proves_consistency(before, after, cut), "{old} in {new}, cut");
            }
        }
        assert_eq!(consistency(new + 1, new, &nodes), None);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn p05_trees_of_up_to_ten_thousand_entries_in_tiles_are_the_naive_tree(
        size in 1..10_000_usize,
        steps in prop::collection::vec(0..3_000_usize, 0..6),
        at in any::<prop::sample::Index>(),
        earlier in any::<prop::sample::Index>(),
        flip in any::<prop::sample::Index>(),
    ) {
        let leaves = leaves(size as u64);
        let tiles = grown(&leaves, &steps);
        let (root, size) = (naive(&leaves), size as u64);
        let index = at.index(leaves.len()) as u64;
        let wanted = needed(|nodes| inclusion(index, size, nodes));
        let mut few = Tiles::default();
        for (id, nodes) in tiles.iter().filter(|(id, _)| wanted.contains(id)) {
            few.put(id, nodes.to_vec());
        }
        let mut path = inclusion(index, size, &few).expect("what is needed is enough");
        prop_assert!(proves_inclusion(&leaves[index as usize], index, (size, &root), &path));
        if !path.is_empty() {
            let which = flip.index(path.len());
            path[which].0[flip.index(32)] ^= 1;
            prop_assert!(!proves_inclusion(&leaves[index as usize], index, (size, &root), &path));
        }
        let old = earlier.index(leaves.len()) as u64 + 1;
        let mut path = consistency(old, size, &tiles).expect("all tiles are there");
        let before = naive(&leaves[..old as usize]);
        prop_assert!(proves_consistency((old, &before), (size, &root), &path));
        if !path.is_empty() {
            let which = flip.index(path.len());
            path[which].0[flip.index(32)] ^= 1;
            prop_assert!(!proves_consistency((old, &before), (size, &root), &path));
        }
    }

    /// Somebody else's program (tlog_tiles) takes our proofs for what they are.
    #[test]
    fn p05_another_program_agrees_with_every_proof(size in 1..600_u64, at in any::<prop::sample::Index>()) {
        use tlog_tiles::tlog;
        let entries = leaves(size);
        let nodes = All::of(&entries);
        let theirs = |hash: &Hash| tlog::Hash(hash.0);
        let index = at.index(entries.len()) as u64;
        let root = theirs(&naive(&entries));
        let path: Vec<_> = inclusion(index, size, &nodes).expect("nodes").iter().map(theirs).collect();
        let entry = tlog::record_hash(&entries[index as usize].0);
        prop_assert!(tlog::check_record(&path, size, root, index, entry).is_ok());
        let old = index + 1;
        let path: Vec<_> = consistency(old, size, &nodes).expect("nodes").iter().map(theirs).collect();
        let before = theirs(&naive(&entries[..old as usize]));
        prop_assert!(tlog::check_tree(&path, size, root, old, before).is_ok());
    }
}
