//! What lists of rooms are made from: rooms, memberships, read marks. Written by the acts themselves (see [`crate::Effect`]).

use std::cmp::Reverse;
use std::collections::HashMap;

use court::{CaseId, MemberId, PersonId, RoomId};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::convert::{signed, unsigned};
use crate::error::StoreError;
use crate::schema::{membership, read_mark, record as heads, room};
use crate::store::Store;

/// Ids of one query.
const ROWS: usize = 250;

/// A room as lists show it. All times are microseconds since 1970-01-01 UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomRow {
    pub id: RoomId,
    pub case: CaseId,
    /// What kind of room, e.g. `micro_court`.
    pub kind: String,
    pub opens_at: i64,
    pub closes_at: i64,
    /// What the judge last did with the proceeding, as [`crate::Effect::RoomPhase`] said; empty before that.
    pub marker: String,
    /// How many acts the record has.
    pub head: u64,
    /// When the last act was accepted.
    pub last_at: i64,
}

/// A person's membership in a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Membership {
    pub member: MemberId,
    /// The act that began it.
    pub since_seq: u64,
    /// The act that ended it.
    pub until_seq: Option<u64>,
}

impl Store {
    /// The rooms of which a person is a member in a role (not ended), latest act first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn memberships_of(&self, person: PersonId, role: &str) -> Result<Vec<(RoomRow, MemberId)>, StoreError> {
        let mine = membership::Entity::find()
            .filter(membership::Column::Person.eq(person.0))
            .filter(membership::Column::Role.eq(role))
            .filter(membership::Column::UntilSeq.is_null())
            .all(&self.db().read)
            .await?;
        let ids: Vec<Uuid> = mine.iter().map(|row| row.record).collect();
        let rooms: HashMap<Uuid, RoomRow> = self.rooms(&ids).await?.into_iter().map(|room| (room.id.0, room)).collect();
        let mut pairs: Vec<(RoomRow, MemberId)> =
            mine.into_iter().filter_map(|row| Some((rooms.get(&row.record)?.clone(), MemberId(row.member)))).collect();
        pairs.sort_by_key(|(room, _)| (Reverse(room.last_at), room.id));
        Ok(pairs)
    }

    /// The room with this id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn room(&self, id: RoomId) -> Result<Option<RoomRow>, StoreError> {
        Ok(self.rooms(&[id.0]).await?.pop())
    }

    /// The rooms of a case, by the time they open.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn rooms_of_case(&self, case: CaseId) -> Result<Vec<RoomRow>, StoreError> {
        let rows = room::Entity::find().filter(room::Column::Case.eq(case.0)).all(&self.db().read).await?;
        let mut rooms = self.with_heads(rows).await?;
        rooms.sort_by_key(|room| (room.opens_at, room.id));
        Ok(rooms)
    }

    /// The newest membership of a person in a room in a role, also if it has ended.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn membership(
        &self,
        room: RoomId,
        person: PersonId,
        role: &str,
    ) -> Result<Option<Membership>, StoreError> {
        let row = membership::Entity::find()
            .filter(membership::Column::Record.eq(room.0))
            .filter(membership::Column::Person.eq(person.0))
            .filter(membership::Column::Role.eq(role))
            .order_by_desc(membership::Column::SinceSeq)
            .one(&self.db().read)
            .await?;
        row.map(|row| {
            Ok(Membership {
                member: MemberId(row.member),
                since_seq: unsigned(row.since_seq)?,
                until_seq: row.until_seq.map(unsigned).transpose()?,
            })
        })
        .transpose()
    }

    /// Up to which act a member has read; 0 if nothing.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn read_mark(&self, room: RoomId, member: MemberId) -> Result<u64, StoreError> {
        let row = read_mark::Entity::find_by_id((room.0, member.0)).one(&self.db().read).await?;
        row.map_or(Ok(0), |row| unsigned(row.seq))
    }

    /// Notes up to which act a member has read. A mark never goes back.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn set_read_mark(&self, room: RoomId, member: MemberId, seq: u64) -> Result<(), StoreError> {
        if self.read_mark(room, member).await? >= seq {
            return Ok(());
        }
        let row = read_mark::ActiveModel { room: Set(room.0), member: Set(member.0), seq: Set(signed(seq)) };
        let forward = OnConflict::columns([read_mark::Column::Room, read_mark::Column::Member])
            .update_column(read_mark::Column::Seq)
            .action_and_where(
                Expr::col((read_mark::Entity, read_mark::Column::Seq))
                    .lt(Expr::col(("excluded", read_mark::Column::Seq))),
            )
            .to_owned();
        let tx = self.db().begin().await?;
        read_mark::Entity::insert_many([row]).on_conflict(forward).exec_without_returning(&*tx).await?;
        Ok(tx.commit().await?)
    }

    /// The read marks of these members in these rooms; those who have read nothing are left out.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn read_marks(
        &self,
        members: &[(RoomId, MemberId)],
    ) -> Result<HashMap<(RoomId, MemberId), u64>, StoreError> {
        let mut marks = HashMap::new();
        for members in members.chunks(ROWS) {
            let rows = read_mark::Entity::find()
                .filter(read_mark::Column::Member.is_in(members.iter().map(|(_, member)| member.0)))
                .filter(read_mark::Column::Room.is_in(members.iter().map(|(room, _)| room.0)))
                .all(&self.db().read)
                .await?;
            for row in rows {
                let pair = (RoomId(row.room), MemberId(row.member));
                if members.contains(&pair) {
                    marks.insert(pair, unsigned(row.seq)?);
                }
            }
        }
        Ok(marks)
    }

    async fn rooms(&self, ids: &[Uuid]) -> Result<Vec<RoomRow>, StoreError> {
        let mut rooms = Vec::with_capacity(ids.len());
        for ids in ids.chunks(ROWS) {
            let rows =
                room::Entity::find().filter(room::Column::Id.is_in(ids.iter().copied())).all(&self.db().read).await?;
            rooms.extend(self.with_heads(rows).await?);
        }
        Ok(rooms)
    }

    /// A room has the id of its record, and always acts: they founded it.
    async fn with_heads(&self, rows: Vec<room::Model>) -> Result<Vec<RoomRow>, StoreError> {
        let mut at: HashMap<Uuid, heads::Model> = HashMap::with_capacity(rows.len());
        for rows in rows.chunks(ROWS) {
            let found = heads::Entity::find()
                .filter(heads::Column::Id.is_in(rows.iter().map(|row| row.id)))
                .all(&self.db().read)
                .await?;
            at.extend(found.into_iter().map(|head| (head.id, head)));
        }
        rows.into_iter()
            .filter_map(|row| {
                let head = at.get(&row.id)?;
                Some(unsigned(head.head_seq).map(|seq| RoomRow {
                    id: RoomId(row.id),
                    case: CaseId(row.case),
                    kind: row.kind,
                    opens_at: row.opens_at,
                    closes_at: row.closes_at,
                    marker: row.marker,
                    head: seq,
                    last_at: head.last_at,
                }))
            })
            .collect()
    }
}
