//! Incidents: that something which was acknowledged is missing or altered (SR-65). An incident stays until a later look finds all in order, and its row
//! after that.

use court::EntryId;
use record::Hash;
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::convert::{hash, unsigned};
use crate::error::StoreError;
use crate::schema::{dossier_entry, integrity_incident, tree_leaf};
use crate::store::Store;

/// Where the scrubber goes on.
const MARK: &str = "scrub.after";
/// Ids of one query.
const ROWS: usize = 500;

/// Something that is wrong with a record now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incident {
    pub record: Uuid,
    /// A code.
    pub what: String,
    /// Microseconds since 1970-01-01 UTC.
    pub found_at: i64,
}

impl Store {
    /// Notes what is wrong with a record, and that everything else is not (any more). Returns how much of it is new.
    ///
    /// # Errors
    /// When the database cannot be read or written.
    pub async fn note_incidents(&self, record: Uuid, wrong: &[&str], now: i64) -> Result<u64, StoreError> {
        let known = integrity_incident::Entity::find()
            .filter(integrity_incident::Column::Record.eq(record))
            .all(&self.db().read)
            .await?;
        let open = |what: &str| known.iter().any(|row| row.what == what && row.mended_at.is_none());
        let new: Vec<&&str> = wrong.iter().filter(|what| !open(what)).collect();
        let mended: Vec<&str> = known
            .iter()
            .filter(|row| row.mended_at.is_none() && !wrong.contains(&row.what.as_str()))
            .map(|row| row.what.as_str())
            .collect();
        if new.is_empty() && mended.is_empty() {
            return Ok(0);
        }
        let tx = self.db().begin().await?;
        for what in &new {
            integrity_incident::Entity::delete_by_id((record, (**what).to_owned())).exec(&*tx).await?;
            let row = integrity_incident::ActiveModel {
                record: Set(record),
                what: Set((**what).to_owned()),
                found_at: Set(now),
                mended_at: Set(None),
            };
            integrity_incident::Entity::insert(row).exec_without_returning(&*tx).await?;
        }
        for what in mended {
            let row = integrity_incident::ActiveModel { mended_at: Set(Some(now)), ..Default::default() };
            integrity_incident::Entity::update_many()
                .set(row)
                .filter(integrity_incident::Column::Record.eq(record))
                .filter(integrity_incident::Column::What.eq(what))
                .exec(&*tx)
                .await?;
        }
        tx.commit().await?;
        Ok(new.len() as u64)
    }

    /// What is wrong with these records now.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn open_incidents(&self, records: &[Uuid]) -> Result<Vec<Incident>, StoreError> {
        let mut found = Vec::new();
        for part in records.chunks(ROWS) {
            let rows = integrity_incident::Entity::find()
                .filter(integrity_incident::Column::Record.is_in(part.iter().copied()))
                .filter(integrity_incident::Column::MendedAt.is_null())
                .order_by_asc(integrity_incident::Column::FoundAt)
                .all(&self.db().read)
                .await?;
            let incident = |row: integrity_incident::Model| Incident {
                record: row.record,
                what: row.what,
                found_at: row.found_at,
            };
            found.extend(rows.into_iter().map(incident));
        }
        Ok(found)
    }

    /// How much is wrong now, in all records together.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn count_open_incidents(&self) -> Result<u64, StoreError> {
        let open = integrity_incident::Entity::find().filter(integrity_incident::Column::MendedAt.is_null());
        Ok(open.count(&self.db().read).await?)
    }

    /// After which record the scrubber goes on.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn scrub_mark(&self) -> Result<Option<Uuid>, StoreError> {
        Ok(self.get_meta(MARK).await?.and_then(|id| id.parse().ok()))
    }

    /// Notes it.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn set_scrub_mark(&self, after: Option<Uuid>) -> Result<(), StoreError> {
        self.put_meta(MARK, &after.map(|id| id.to_string()).unwrap_or_default()).await
    }

    /// The last act of a record that the log has, and its leaf.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn last_logged(&self, epoch: u32, record: Uuid) -> Result<Option<(u64, Hash)>, StoreError> {
        let row = tree_leaf::Entity::find()
            .filter(tree_leaf::Column::Epoch.eq(i32::try_from(epoch).unwrap_or(i32::MAX)))
            .filter(tree_leaf::Column::Record.eq(record))
            .order_by_desc(tree_leaf::Column::Seq)
            .one(&self.db().read)
            .await?;
        row.map(|row| Ok((unsigned(row.seq)?, hash(row.leaf)?))).transpose()
    }

    /// How many of these entries are in the list of a dossier, those that were withdrawn included.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn count_listed(&self, entries: &[EntryId]) -> Result<u64, StoreError> {
        let mut listed = 0;
        for part in entries.chunks(ROWS) {
            let ids = part.iter().map(|entry| entry.0);
            let rows = dossier_entry::Entity::find().filter(dossier_entry::Column::Id.is_in(ids));
            listed += rows.count(&self.db().read).await?;
        }
        Ok(listed)
    }
}
