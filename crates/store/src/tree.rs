//! The tree over all leaves of the court, and the checkpoints that were signed over it.
//!
//! It grows behind the record: an act is durable and acknowledged before anybody looks at its leaf here. Leaves, nodes and checkpoint of
//! one growth are one transaction, so there is never a tree without its checkpoint, and no checkpoint without its tree.

use std::collections::BTreeSet;

use court::{MemberId, PersonId};
use record::Hash;
use record::tiles::{TileId, Tiles};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use uuid::Uuid;

use crate::convert::{hash, signed, unsigned};
use crate::db::retrying;
use crate::error::StoreError;
use crate::schema::{membership, meta, tree_checkpoint, tree_epoch, tree_leaf, tree_mark, tree_tile};
use crate::store::Store;

/// Rows of one statement.
const ROWS: usize = 500;
/// Nodes of the court that let the tree grow wait for each other here.
const GATE: &str = "tree.gate";
/// Why the log signs nothing, if so.
const TROUBLE: &str = "tree.trouble";

/// A log of the court: the first, or one that was begun after a restored backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EpochRow {
    pub epoch: u32,
    pub origin: String,
    /// By what its signatures are verified, `name+id+base64`.
    pub key: String,
    /// Microseconds since 1970-01-01 UTC.
    pub begun_at: i64,
    /// Why the one before it ended; empty for the first.
    pub reason: String,
}

/// An entry of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeLeaf {
    pub index: u64,
    pub record: Uuid,
    pub seq: u64,
    pub leaf: Hash,
    pub person: Option<PersonId>,
    pub member: Option<MemberId>,
    pub kind: String,
    /// Microseconds since 1970-01-01 UTC.
    pub at: i64,
}

/// A checkpoint as it was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckpointRow {
    pub epoch: u32,
    pub size: u64,
    pub root: Hash,
    /// Microseconds since 1970-01-01 UTC.
    pub at: i64,
    /// The signed note.
    pub note: String,
}

/// A record that does not end where the tree says it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Behind {
    pub record: Uuid,
    /// The last act that is in it.
    pub mark: u64,
    pub head: u64,
}

/// What the tree grows by.
#[derive(Clone, Debug)]
pub struct Growth {
    /// In the order of the tree, from the size that it has.
    pub leaves: Vec<TreeLeaf>,
    /// The tiles that are new or longer now.
    pub tiles: Vec<(TileId, Vec<Hash>)>,
    pub checkpoint: CheckpointRow,
}

/// Whose acts are listed: those of the rooms in which the person is a member in this role now.
#[derive(Clone, Copy, Debug)]
pub struct OwnActs<'a> {
    pub person: PersonId,
    pub role: &'a str,
    /// Only these kinds; none: all.
    pub kinds: Option<&'a [&'a str]>,
    /// Only entries before this one.
    pub before: u64,
    pub limit: u64,
}

impl Store {
    /// The log that the court writes now.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn tree_epoch(&self) -> Result<Option<EpochRow>, StoreError> {
        let row = tree_epoch::Entity::find().order_by_desc(tree_epoch::Column::Epoch).one(&self.db().read).await?;
        Ok(row.map(|row| EpochRow {
            epoch: row.epoch.unsigned_abs(),
            origin: row.origin,
            key: row.key,
            begun_at: row.begun_at,
            reason: row.reason,
        }))
    }

    /// Begins a log. One of that number that is there already stays as it is.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn begin_tree_epoch(&self, new: &EpochRow) -> Result<(), StoreError> {
        let row = tree_epoch::ActiveModel {
            epoch: Set(number(new.epoch)),
            origin: Set(new.origin.clone()),
            key: Set(new.key.clone()),
            begun_at: Set(new.begun_at),
            reason: Set(new.reason.clone()),
        };
        let tx = self.db().begin().await?;
        tree_epoch::Entity::insert_many([row]).on_conflict_do_nothing().exec_without_returning(&*tx).await?;
        Ok(tx.commit().await?)
    }

    /// When the court last signed a checkpoint, in microseconds since 1970-01-01 UTC.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn last_signed_at(&self) -> Result<Option<i64>, StoreError> {
        let Some(epoch) = self.tree_epoch().await? else { return Ok(None) };
        Ok(self.checkpoint(epoch.epoch).await?.map(|row| row.at))
    }

    /// The latest checkpoint of a log.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn checkpoint(&self, epoch: u32) -> Result<Option<CheckpointRow>, StoreError> {
        let row = tree_checkpoint::Entity::find()
            .filter(tree_checkpoint::Column::Epoch.eq(number(epoch)))
            .order_by_desc(tree_checkpoint::Column::Size)
            .one(&self.db().read)
            .await?;
        row.map(checkpoint).transpose()
    }

    /// The checkpoints of a log that are larger than `after`, the smallest first, at most `limit`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn checkpoints(&self, epoch: u32, after: u64, limit: u64) -> Result<Vec<CheckpointRow>, StoreError> {
        let rows = tree_checkpoint::Entity::find()
            .filter(tree_checkpoint::Column::Epoch.eq(number(epoch)))
            .filter(tree_checkpoint::Column::Size.gt(signed(after)))
            .order_by_asc(tree_checkpoint::Column::Size)
            .limit(limit)
            .all(&self.db().read)
            .await?;
        rows.into_iter().map(checkpoint).collect()
    }

    /// Keeps a checkpoint with the signatures of witnesses in place of the one without.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn put_cosigned(&self, epoch: u32, size: u64, note: &str) -> Result<(), StoreError> {
        let tx = self.db().begin().await?;
        tree_checkpoint::Entity::update_many()
            .set(tree_checkpoint::ActiveModel { note: Set(note.to_owned()), ..Default::default() })
            .filter(tree_checkpoint::Column::Epoch.eq(number(epoch)))
            .filter(tree_checkpoint::Column::Size.eq(signed(size)))
            .exec(&*tx)
            .await?;
        Ok(tx.commit().await?)
    }

    /// Records that do not end where the tree says they do (mostly because of acts that are not in it yet), at most `limit`, in the order of their latest act.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn unsequenced(&self, epoch: u32, limit: u64) -> Result<Vec<Behind>, StoreError> {
        let same = Expr::col(("record", "id"))
            .equals(("tree_mark", "record"))
            .and(Expr::col(("tree_mark", "epoch")).eq(number(epoch)));
        let behind = Expr::col(("tree_mark", "seq")).ne(Expr::col(("record", "head_seq")));
        let query = Query::select()
            .columns([("record", "id"), ("record", "head_seq")])
            .expr_as(Expr::col(("tree_mark", "seq")), "mark")
            .from("record")
            .left_join("tree_mark", same)
            .cond_where(Expr::col(("tree_mark", "seq")).is_null().or(behind))
            .order_by(("record", "last_at"), sea_orm::Order::Asc)
            .limit(limit)
            .take();
        let rows = self.db().read.query_all(&query).await?;
        let read = |row: &sea_orm::QueryResult| {
            let mark: Option<i64> = row.try_get("", "mark")?;
            let (record, head) = (row.try_get("", "id")?, unsigned(row.try_get("", "head_seq")?)?);
            Ok(Behind { record, mark: unsigned(mark.unwrap_or(0))?, head })
        };
        rows.iter().map(read).collect()
    }

    /// These tiles of a log; those that are not there are left out.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn tree_tiles(&self, epoch: u32, ids: &BTreeSet<TileId>) -> Result<Tiles, StoreError> {
        let mut tiles = Tiles::default();
        if ids.is_empty() {
            return Ok(tiles);
        }
        let one = |(level, index): &TileId| {
            Condition::all()
                .add(tree_tile::Column::Level.eq(i32::from(*level)))
                .add(tree_tile::Column::Idx.eq(signed(*index)))
        };
        let any = ids.iter().fold(Condition::any(), |any, id| any.add(one(id)));
        let query = tree_tile::Entity::find().filter(tree_tile::Column::Epoch.eq(number(epoch))).filter(any);
        for row in query.all(&self.db().read).await? {
            let nodes = row.nodes.chunks(32).map(|node| hash(node.to_vec())).collect::<Result<_, _>>()?;
            let level = u8::try_from(row.level).map_err(|_| StoreError::Corrupt("a tile's level".to_owned()))?;
            tiles.put((level, unsigned(row.idx)?), nodes);
        }
        Ok(tiles)
    }

    /// Where an act stands in a log's tree.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn tree_leaf(&self, epoch: u32, record: Uuid, seq: u64) -> Result<Option<TreeLeaf>, StoreError> {
        let row = tree_leaf::Entity::find()
            .filter(tree_leaf::Column::Epoch.eq(number(epoch)))
            .filter(tree_leaf::Column::Record.eq(record))
            .filter(tree_leaf::Column::Seq.eq(signed(seq)))
            .one(&self.db().read)
            .await?;
        row.map(entry).transpose()
    }

    /// Entries of a log's tree from this index on, in order, at most `limit`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn tree_leaves(&self, epoch: u32, from: u64, limit: u64) -> Result<Vec<TreeLeaf>, StoreError> {
        let rows = tree_leaf::Entity::find()
            .filter(tree_leaf::Column::Epoch.eq(number(epoch)))
            .filter(tree_leaf::Column::Idx.gte(signed(from)))
            .order_by_asc(tree_leaf::Column::Idx)
            .limit(limit)
            .all(&self.db().read)
            .await?;
        rows.into_iter().map(entry).collect()
    }

    /// What a person did in rooms of which they are a member now, the latest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn own_acts(&self, epoch: u32, own: OwnActs<'_>) -> Result<Vec<TreeLeaf>, StoreError> {
        let here = Query::select()
            .expr(Expr::val(1))
            .from(membership::Entity)
            .and_where(membership::Column::Record.into_expr().equals((tree_leaf::Entity, tree_leaf::Column::Record)))
            .and_where(membership::Column::Member.into_expr().equals((tree_leaf::Entity, tree_leaf::Column::Member)))
            .and_where(membership::Column::Role.eq(own.role))
            .and_where(membership::Column::EndedAt.is_null())
            .take();
        let rows = tree_leaf::Entity::find()
            .filter(tree_leaf::Column::Epoch.eq(number(epoch)))
            .filter(tree_leaf::Column::Person.eq(own.person.0))
            .filter(tree_leaf::Column::Idx.lt(signed(own.before)))
            .apply_if(own.kinds, |query, kinds| query.filter(tree_leaf::Column::Kind.is_in(kinds.iter().copied())))
            .filter(Expr::exists(here))
            .order_by_desc(tree_leaf::Column::Idx)
            .limit(own.limit)
            .all(&self.db().read)
            .await?;
        rows.into_iter().map(entry).collect()
    }

    /// Lets the tree grow, unless it has another size than the growth begins with: then nothing is changed, and `false` is returned.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn grow_tree(&self, growth: &Growth) -> Result<bool, StoreError> {
        retrying(async || {
            let epoch = number(growth.checkpoint.epoch);
            let tx = self.db().begin().await?;
            meta::Entity::find_by_id(GATE).lock_exclusive().one(&*tx).await?;
            let latest = tree_checkpoint::Entity::find()
                .filter(tree_checkpoint::Column::Epoch.eq(epoch))
                .order_by_desc(tree_checkpoint::Column::Size)
                .one(&*tx)
                .await?;
            let size = latest.map_or(Ok(0), |row| unsigned(row.size))?;
            if size + growth.leaves.len() as u64 != growth.checkpoint.size {
                return Ok(false);
            }
            for leaves in growth.leaves.chunks(ROWS) {
                let rows = leaves.iter().map(|leaf| row(epoch, leaf));
                tree_leaf::Entity::insert_many(rows).exec_without_returning(&*tx).await?;
            }
            let mut marks = std::collections::BTreeMap::new();
            for leaf in &growth.leaves {
                marks.insert(leaf.record, leaf.seq);
            }
            let marks: Vec<_> = marks
                .into_iter()
                .map(|(record, seq)| tree_mark::ActiveModel {
                    epoch: Set(epoch),
                    record: Set(record),
                    seq: Set(signed(seq)),
                })
                .collect();
            for rows in marks.chunks(ROWS) {
                let moved = OnConflict::columns([tree_mark::Column::Epoch, tree_mark::Column::Record])
                    .update_column(tree_mark::Column::Seq)
                    .to_owned();
                tree_mark::Entity::insert_many(rows.iter().cloned())
                    .on_conflict(moved)
                    .exec_without_returning(&*tx)
                    .await?;
            }
            for tiles in growth.tiles.chunks(ROWS) {
                let rows = tiles.iter().map(|((level, index), nodes)| tree_tile::ActiveModel {
                    epoch: Set(epoch),
                    level: Set((*level).into()),
                    idx: Set(signed(*index)),
                    nodes: Set(nodes.iter().flat_map(|node| node.0).collect()),
                });
                let longer =
                    OnConflict::columns([tree_tile::Column::Epoch, tree_tile::Column::Level, tree_tile::Column::Idx])
                        .update_column(tree_tile::Column::Nodes)
                        .to_owned();
                tree_tile::Entity::insert_many(rows).on_conflict(longer).exec_without_returning(&*tx).await?;
            }
            let row = tree_checkpoint::ActiveModel {
                epoch: Set(epoch),
                size: Set(signed(growth.checkpoint.size)),
                root: Set(growth.checkpoint.root.0.to_vec()),
                at: Set(growth.checkpoint.at),
                note: Set(growth.checkpoint.note.clone()),
            };
            tree_checkpoint::Entity::insert(row).exec_without_returning(&*tx).await?;
            tx.commit().await?;
            Ok(true)
        })
        .await
    }

    /// Notes why the log signs nothing any more, or that all is well again.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn set_tree_trouble(&self, why: Option<&str>) -> Result<(), StoreError> {
        self.put_meta(TROUBLE, why.unwrap_or_default()).await
    }

    /// Why the log signs nothing, if so.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn tree_trouble(&self) -> Result<Option<String>, StoreError> {
        Ok(self.get_meta(TROUBLE).await?.filter(|why| !why.is_empty()))
    }
}

fn number(epoch: u32) -> i32 {
    i32::try_from(epoch).unwrap_or(i32::MAX)
}

fn row(epoch: i32, leaf: &TreeLeaf) -> tree_leaf::ActiveModel {
    tree_leaf::ActiveModel {
        epoch: Set(epoch),
        idx: Set(signed(leaf.index)),
        record: Set(leaf.record),
        seq: Set(signed(leaf.seq)),
        leaf: Set(leaf.leaf.0.to_vec()),
        person: Set(leaf.person.map(|id| id.0)),
        member: Set(leaf.member.map(|id| id.0)),
        kind: Set(leaf.kind.clone()),
        at: Set(leaf.at),
    }
}

fn entry(row: tree_leaf::Model) -> Result<TreeLeaf, StoreError> {
    Ok(TreeLeaf {
        index: unsigned(row.idx)?,
        record: row.record,
        seq: unsigned(row.seq)?,
        leaf: hash(row.leaf)?,
        person: row.person.map(PersonId),
        member: row.member.map(MemberId),
        kind: row.kind,
        at: row.at,
    })
}

fn checkpoint(row: tree_checkpoint::Model) -> Result<CheckpointRow, StoreError> {
    Ok(CheckpointRow {
        epoch: row.epoch.unsigned_abs(),
        size: unsigned(row.size)?,
        root: hash(row.root)?,
        at: row.at,
        note: row.note,
    })
}
