//! One growth of the court's log: what is new in the records is read again, recomputed, put into the tree and signed.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use record::note::SigningKey;
use record::tiles::{Edge, needed};
use record::{Checkpoint, Hash, Leaf, commit, tree};
use store::{Behind, CheckpointRow, EpochRow, Growth, Store, StoreError, StoredAct, TreeLeaf};
use uuid::Uuid;

use crate::kept::Kept;

/// Acts of one growth: so few that the transaction hardly keeps anybody waiting.
const LEAVES: u64 = 1_000;
/// Records of one growth.
const RECORDS: u64 = 500;

/// The court's log, as this node writes it.
#[derive(Debug)]
pub struct CourtLog {
    /// 法院代字, which stands in every leaf.
    court: String,
    key: SigningKey,
    kept: Kept,
    /// The last checkpoint that this node has seen in the tree, and need not look for again.
    seen: Mutex<Option<Checkpoint>>,
}

/// What a step came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// How many acts are in the tree now that were not before.
    pub grown: u64,
    /// Acts that are not what was acknowledged. They were left out, and nothing after them in their records was signed.
    pub damaged: Vec<(Uuid, u64, String)>,
}

/// Why nothing can be signed.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the kept checkpoint cannot be read or written: {0}")]
    File(#[from] std::io::Error),
    /// Another key than the one by which the court's log is known.
    #[error("the log is signed by {known}, and this node has another key; copy the key file to it, or begin a new log")]
    Key { known: String },
    /// What was signed is longer than what is there.
    #[error("{signed} acts were signed and the database has {found}: it was set back to an earlier state")]
    RolledBack { signed: u64, found: u64 },
    /// What was signed is not what is there.
    #[error("the first {size} acts are not those that were signed")]
    Forked { size: u64 },
    /// What a witness says that it signed. It says so without proof, so the record goes on; somebody has to look.
    #[error("the witness {name} has signed {signed} acts that it says are not the first of these {found}")]
    Witness { name: String, signed: u64, found: u64 },
    /// The tree contradicts itself.
    #[error("the tree is damaged: {0}")]
    Damaged(&'static str),
}

impl Trouble {
    /// Whether the record is not the one that was acknowledged, so that nothing may be added to it.
    pub fn is_fatal(&self) -> bool {
        matches!(self, Trouble::RolledBack { .. } | Trouble::Forked { .. } | Trouble::Damaged(_))
    }
}

impl CourtLog {
    /// The origin of a court's log: the first one, and those after a restored backup.
    pub fn origin(court: &str, epoch: u32) -> String {
        let plain: String = court.chars().filter(|char| !char.is_whitespace() && *char != '+').collect();
        if epoch == 1 { format!("weiting/{plain}") } else { format!("weiting/{plain}/{epoch}") }
    }

    /// The log of a court, signed with this key.
    pub fn new(court: &str, key: SigningKey, kept: Kept) -> CourtLog {
        CourtLog { court: court.to_owned(), key, kept, seen: Mutex::new(None) }
    }

    /// The key that signs.
    pub fn key(&self) -> &SigningKey {
        &self.key
    }

    /// The epoch that is written now; the first is begun if there is none.
    ///
    /// # Errors
    /// [`Trouble::Key`] when it was begun with another key; when the store fails.
    pub async fn epoch(&self, store: &Store, now: i64) -> Result<EpochRow, Trouble> {
        let own = self.key.verifying();
        let epoch = match store.tree_epoch().await? {
            Some(epoch) => epoch,
            None => {
                let first = EpochRow {
                    epoch: 1,
                    origin: own.name().to_owned(),
                    key: own.to_string(),
                    begun_at: now,
                    reason: String::new(),
                };
                store.begin_tree_epoch(&first).await?;
                store.tree_epoch().await?.unwrap_or(first)
            }
        };
        if epoch.key == own.to_string() { Ok(epoch) } else { Err(Trouble::Key { known: epoch.key }) }
    }

    /// Grows the tree by what is new, a bounded part of it, and signs. Growing by nothing means that there is nothing more, or that another
    /// node was quicker.
    ///
    /// # Errors
    /// Why nothing was signed.
    pub async fn step(&self, store: &Store, now: i64) -> Result<Step, Trouble> {
        let epoch = self.epoch(store, now).await?;
        let latest = self.latest(store, &epoch).await?;
        let size = latest.as_ref().map_or(0, |latest| latest.size);
        let mut edge = Edge::new(size, store.tree_tiles(epoch.epoch, &Edge::needed(size)).await?);
        if edge.root() != Some(latest.map_or_else(tree::empty_root, |latest| latest.root)) {
            return Err(Trouble::Damaged("its nodes do not give the root that was signed"));
        }
        let (mut leaves, damaged) = self.collect(store, epoch.epoch).await?;
        if leaves.is_empty() {
            return Ok(Step { grown: 0, damaged });
        }
        // Any order would do, as long as it is kept; this one is that in which things happened.
        leaves.sort_by_key(|leaf| (leaf.at, leaf.record, leaf.seq));
        for leaf in &mut leaves {
            leaf.index = edge.size();
            edge.push(&leaf.leaf);
        }
        let root = edge.root().ok_or(Trouble::Damaged("a node is missing"))?;
        let signed = Checkpoint { origin: epoch.origin, size: edge.size(), root };
        let note = signed.sign(seconds(now), &[&self.key]);
        let grown = leaves.len() as u64;
        let checkpoint = CheckpointRow { epoch: epoch.epoch, size: signed.size, root, at: now, note };
        let tiles = edge.changed().map(|(id, nodes)| (id, nodes.to_vec())).collect();
        let growth = Growth { leaves, tiles, checkpoint };
        if !store.grow_tree(&growth).await? {
            return Ok(Step { grown: 0, damaged });
        }
        self.kept.write(&growth.checkpoint.note)?;
        self.remember(signed);
        Ok(Step { grown, damaged })
    }

    /// The latest checkpoint of the database, if it is a continuation of what this node has seen and kept.
    async fn latest(&self, store: &Store, epoch: &EpochRow) -> Result<Option<Checkpoint>, Trouble> {
        let row = store.checkpoint(epoch.epoch).await?;
        let own = self.key.verifying();
        let latest = row.as_ref().map(|row| Checkpoint::open(&row.note, &own)).transpose();
        let latest = latest.map_err(|_| Trouble::Damaged("the signature of its checkpoint does not hold"))?;
        if let (Some(row), Some(latest)) = (&row, &latest)
            && (row.size, row.root) != (latest.size, latest.root)
        {
            return Err(Trouble::Damaged("its checkpoint is not what was signed"));
        }
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let before = match seen {
            Some(seen) => Some(seen),
            None => self.kept.read(&own)?,
        };
        if let Some(before) = before {
            self.continues(store, epoch.epoch, &before, latest.as_ref()).await?;
        }
        if let Some(latest) = &latest {
            self.remember(latest.clone());
        }
        Ok(latest)
    }

    /// Whether the tree begins with what was signed before.
    ///
    /// # Errors
    /// [`Trouble::RolledBack`] or [`Trouble::Forked`] if not.
    pub(crate) async fn continues(
        &self,
        store: &Store,
        epoch: u32,
        before: &Checkpoint,
        latest: Option<&Checkpoint>,
    ) -> Result<(), Trouble> {
        let found = latest.map_or(0, |latest| latest.size);
        if before.size > found {
            return Err(Trouble::RolledBack { signed: before.size, found });
        }
        let root = match latest {
            Some(latest) if latest.size == before.size => Some(latest.root),
            _ => {
                let ids: BTreeSet<_> = needed(|nodes| tree::root(before.size, nodes));
                tree::root(before.size, &store.tree_tiles(epoch, &ids).await?)
            }
        };
        if root == Some(before.root) { Ok(()) } else { Err(Trouble::Forked { size: before.size }) }
    }

    fn remember(&self, checkpoint: Checkpoint) {
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(checkpoint);
    }

    /// What is in the records and not in the tree, recomputed; and what is not as it was acknowledged.
    async fn collect(&self, store: &Store, epoch: u32) -> Result<(Vec<TreeLeaf>, Vec<(Uuid, u64, String)>), Trouble> {
        let (mut leaves, mut damaged) = (Vec::new(), Vec::new());
        for behind in store.unsequenced(epoch, RECORDS).await? {
            let room = LEAVES.saturating_sub(leaves.len() as u64);
            if room == 0 {
                break;
            }
            if behind.head < behind.mark {
                damaged.push((behind.record, behind.head + 1, "the record was cut".to_owned()));
                continue;
            }
            let prev = match behind.mark {
                0 => Some(Hash::ZERO),
                mark => store.tree_leaf(epoch, behind.record, mark).await?.map(|leaf| leaf.leaf),
            };
            let Some(prev) = prev else {
                damaged.push((behind.record, behind.mark, "its place in the tree is not there".to_owned()));
                continue;
            };
            let rows = store.acts(behind.record, behind.mark, behind.head, room).await?;
            let wanted = room.min(behind.head - behind.mark) as usize;
            if let Err((seq, what)) = self.recompute(behind, prev, &rows, wanted, &mut leaves) {
                damaged.push((behind.record, seq, what.to_owned()));
            }
        }
        Ok((leaves, damaged))
    }

    /// Recomputes acts from what is stored, and takes those that are what was acknowledged; stops at the first that is not.
    fn recompute(
        &self,
        behind: Behind,
        mut prev: Hash,
        rows: &[StoredAct],
        wanted: usize,
        leaves: &mut Vec<TreeLeaf>,
    ) -> Result<(), (u64, &'static str)> {
        let mut seq = behind.mark;
        for row in rows {
            seq += 1;
            if row.seq != seq {
                return Err((seq, "it is missing"));
            }
            let leaf = leaf_of(&self.court, row, prev);
            if row.prev != prev || leaf != row.leaf {
                return Err((seq, "it is not what was acknowledged"));
            }
            prev = leaf;
            leaves.push(TreeLeaf {
                index: 0,
                record: row.record,
                seq,
                leaf,
                person: row.person,
                member: row.member,
                kind: row.kind.clone(),
                at: row.at,
            });
        }
        if rows.len() < wanted { Err((seq + 1, "it is missing")) } else { Ok(()) }
    }
}

/// The leaf of a stored act, written anew.
pub(crate) fn leaf_text(court: &str, row: &StoredAct, prev: Hash) -> String {
    Leaf {
        court,
        record: row.record,
        seq: row.seq,
        kind: &row.kind,
        at: row.at,
        actor: &row.pseudonym,
        prev,
        body: commit(&row.body_salt, row.body.as_bytes()),
        audience: commit(&row.audience_salt, row.audience.as_bytes()),
    }
    .text()
}

fn leaf_of(court: &str, row: &StoredAct, prev: Hash) -> Hash {
    Hash::of(leaf_text(court, row, prev).as_bytes())
}

/// Seconds since 1970 of a time in microseconds.
pub(crate) fn seconds(micros: i64) -> u64 {
    u64::try_from(micros / 1_000_000).unwrap_or(0)
}
