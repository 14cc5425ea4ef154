//! The tree grows by what is new, once, whichever node does it; and a record that does not end where the tree says is found.

use record::tiles::{Edge, needed};
use record::{Hash, tree};

use super::sample::{NOON, Speaker, person};
use crate::{Behind, CheckpointRow, Growth, OwnActs, Store, TreeLeaf, on_both_databases};

/// A growth by all acts that are not in the tree.
async fn growth(store: &Store) -> Growth {
    let size = store.checkpoint(1).await.unwrap().map_or(0, |row| row.size);
    let mut edge = Edge::new(size, store.tree_tiles(1, &Edge::needed(size)).await.unwrap());
    let mut leaves = Vec::new();
    for behind in store.unsequenced(1, 100).await.unwrap() {
        for act in store.acts(behind.record, behind.mark, behind.head, 10_000).await.unwrap() {
            leaves.push(TreeLeaf {
                index: edge.size(),
                record: act.record,
                seq: act.seq,
                leaf: act.leaf,
                person: act.person,
                member: act.member,
                kind: act.kind,
                at: act.at,
            });
            edge.push(&act.leaf);
        }
    }
    let root = edge.root().unwrap();
    let checkpoint =
        CheckpointRow { epoch: 1, size: edge.size(), root, at: NOON, note: format!("note {}", edge.size()) };
    Growth { leaves, tiles: edge.changed().map(|(id, nodes)| (id, nodes.to_vec())).collect(), checkpoint }
}

on_both_databases! {
    async fn the_tree_grows_once_whichever_node_does_it_and_every_entry_is_proved(db) {
        let (store, other) = (db.open().await, db.open().await);
        let someone = person(&store).await;
        let mut rooms = [Speaker::new(&someone), Speaker::new(&someone)];
        let mut said: Vec<(uuid::Uuid, u64, Hash)> = Vec::new();
        for round in 0..3 {
            for room in &mut rooms {
                for word in 0..150 {
                    store.append(room.says(&format!("{round}-{word}"))).await.unwrap();
                    said.push((room.record, room.head.seq, room.head.leaf));
                }
            }
            let (mine, theirs) = (growth(&store).await, growth(&other).await);
            assert_eq!(mine.leaves.len(), 300);
            let (one, two) = tokio::join!(store.grow_tree(&mine), other.grow_tree(&theirs));
            assert_ne!(one.unwrap(), two.unwrap(), "one of them was quicker");
            assert!(store.unsequenced(1, 100).await.unwrap().is_empty());
        }
        let latest = other.checkpoint(1).await.unwrap().unwrap();
        assert_eq!((latest.size, latest.note.as_str()), (900, "note 900"));
        for (record, seq, leaf) in said {
            let found = other.tree_leaf(1, record, seq).await.unwrap().unwrap();
            assert_eq!(found.leaf, leaf);
            let ids = needed(|nodes| tree::inclusion(found.index, latest.size, nodes));
            let path = tree::inclusion(found.index, latest.size, &other.tree_tiles(1, &ids).await.unwrap()).unwrap();
            assert!(tree::proves_inclusion(&leaf, found.index, (latest.size, &latest.root), &path));
        }
        let sizes: Vec<u64> = store.checkpoints(1, 0, 10).await.unwrap().iter().map(|row| row.size).collect();
        assert_eq!(sizes, [300, 600, 900]);
        assert_eq!(store.tree_leaves(1, 890, 100).await.unwrap().len(), 10);
        store.put_cosigned(1, 900, "cosigned").await.unwrap();
        assert_eq!(store.checkpoint(1).await.unwrap().unwrap().note, "cosigned");
        // Nobody is a member of these rooms, so nobody's list has them.
        let own = OwnActs { person: someone.id, role: "party", kinds: None, before: 1 << 40, limit: 10 };
        assert!(store.own_acts(1, own).await.unwrap().is_empty());
    }

    async fn what_is_not_in_the_tree_is_found_and_nothing_is_appended_to_a_record_that_is_closed(db) {
        let store = db.open().await;
        let mut room = Speaker::new(&person(&store).await);
        store.append(room.says("一")).await.unwrap();
        let behind = Behind { record: room.record, mark: 0, head: 1 };
        assert_eq!(store.unsequenced(1, 100).await.unwrap(), [behind]);
        assert!(store.grow_tree(&growth(&store).await).await.unwrap());
        store.append(room.says("二")).await.unwrap();
        assert_eq!(store.unsequenced(1, 100).await.unwrap(), [Behind { mark: 1, head: 2, ..behind }]);
        assert_eq!(store.unsequenced(2, 100).await.unwrap(), [Behind { mark: 0, head: 2, ..behind }], "another log");
        store.set_tree_trouble(Some("fatal")).await.unwrap();
        assert_eq!(store.tree_trouble().await.unwrap().as_deref(), Some("fatal"));
        store.set_tree_trouble(None).await.unwrap();
        assert_eq!(store.tree_trouble().await.unwrap(), None);
        store.close_to_acts();
        store.append(room.says("三")).await.unwrap_err();
    }
}
