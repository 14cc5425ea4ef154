//! The documents that rooms have brought forth, as those who are members there find them (我的文书). Written by the acts themselves.

use court::{MemberId, PersonId, RoomId};
use record::Hash;
use sea_orm::sea_query::{Expr, ExprTrait, LikeExpr};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::convert::{hash, signed, unsigned};
use crate::error::StoreError;
use crate::schema::{document, membership};
use crate::store::Store;

/// The most rooms in which one person's documents are looked for at once: those that they joined last.
const ROOMS: u64 = 2_000;

/// A document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentRow {
    pub room: RoomId,
    /// The act that brought it forth, by number in the record.
    pub seq: u64,
    /// Microseconds since 1970-01-01 UTC.
    pub at: i64,
    pub title: String,
    /// Of the case.
    pub number: String,
    pub parties: String,
    pub version: u32,
    pub pages: u32,
    pub size: u64,
    pub sha256: Hash,
}

impl Store {
    /// The documents of the rooms in which a person is a member in a role (not ended), newest first, each with the member that they are
    /// there. Every word, as [`court::folded`] makes it, stands in title, number or parties. `before` continues after a document: its time, room and act.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn documents_of(
        &self,
        person: PersonId,
        role: &str,
        words: &[String],
        before: Option<(i64, RoomId, u64)>,
        limit: u64,
    ) -> Result<Vec<(DocumentRow, MemberId)>, StoreError> {
        let mine: Vec<(Uuid, Uuid)> = membership::Entity::find()
            .select_only()
            .column(membership::Column::Record)
            .column(membership::Column::Member)
            .filter(membership::Column::Person.eq(person.0))
            .filter(membership::Column::Role.eq(role))
            .filter(membership::Column::UntilSeq.is_null())
            .order_by_desc(membership::Column::StartedAt)
            .limit(ROOMS)
            .into_tuple()
            .all(&self.db().read)
            .await?;
        let mut found = document::Entity::find()
            .filter(document::Column::Record.is_in(mine.iter().map(|(record, _)| *record)))
            .order_by_desc(document::Column::At)
            .order_by_desc(document::Column::Record)
            .order_by_desc(document::Column::Seq)
            .limit(limit);
        for word in words {
            let escaped = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            let like = LikeExpr::new(format!("%{escaped}%")).escape('\\');
            found = found.filter(Expr::col(document::Column::Search).like(like));
        }
        if let Some((at, room, seq)) = before {
            let at_that_time = document::Column::At.eq(at);
            let later = document::Column::Record
                .lt(room.0)
                .or(document::Column::Record.eq(room.0).and(document::Column::Seq.lt(signed(seq))));
            found = found.filter(document::Column::At.lt(at).or(at_that_time.and(later)));
        }
        let rows = found.all(&self.db().read).await?;
        let member = |record: Uuid| mine.iter().find(|(room, _)| *room == record).map(|(_, member)| MemberId(*member));
        rows.into_iter().filter_map(|row| member(row.record).map(|member| read(row).map(|row| (row, member)))).collect()
    }
}

fn read(row: document::Model) -> Result<DocumentRow, StoreError> {
    Ok(DocumentRow {
        room: RoomId(row.record),
        seq: unsigned(row.seq)?,
        at: row.at,
        title: row.title,
        number: row.number,
        parties: row.parties,
        version: u32::try_from(row.version).unwrap_or(0),
        pages: u32::try_from(row.pages).unwrap_or(0),
        size: unsigned(row.size)?,
        sha256: hash(row.sha256)?,
    })
}
