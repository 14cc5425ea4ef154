//! The dossiers of cases as lists. Written by the acts themselves (see [`crate::Effect`]); whoever asks says who may see a row.

use court::dossier::{Entry, Folder};
use court::{CaseId, EntryId, FileKind, beijing, folded};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, LikeExpr};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use crate::convert::padded;
use crate::db::Tx;
use crate::error::StoreError;
use crate::schema::dossier_entry::{self, Column};
use crate::store::Store;

/// Rows that are read at once.
const ROWS: u64 = 200;
/// Ids of one query.
const IDS: usize = 250;

/// Which entries of a dossier.
#[derive(Clone, Debug, Default)]
pub struct DossierFilter {
    /// Words, as [`court::folded`] makes them; each stands in the title, the name of the file or of who sent it.
    pub words: Vec<String>,
    pub folder: Option<Folder>,
    pub kind: Option<FileKind>,
    /// What was filed by hand, or what was filed by itself.
    pub filed: Option<bool>,
}

impl Store {
    /// The entries of a case's dossier that somebody may see, newest first: at most `limit` of them after the entry `after`. What was
    /// withdrawn is left out.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn dossier(
        &self,
        case: CaseId,
        filter: &DossierFilter,
        after: Option<EntryId>,
        limit: usize,
        may_see: impl Fn(&Entry) -> bool,
    ) -> Result<Vec<Entry>, StoreError> {
        let mut place = match after {
            None => None,
            // What is not there (any more) begins the list anew.
            Some(after) => self.row(case, after).await?.map(|row| (row.at, row.id)),
        };
        let mut found = Vec::new();
        loop {
            let mut page = wanted(case, filter);
            if let Some((at, id)) = place {
                page = page.filter(Column::At.lt(at).or(Column::At.eq(at).and(Column::Id.lt(id))));
            }
            let rows =
                page.order_by_desc(Column::At).order_by_desc(Column::Id).limit(ROWS).all(&self.db().read).await?;
            let full = rows.len() as u64 == ROWS;
            place = rows.last().map(|row| (row.at, row.id));
            for row in rows {
                let entry = stored(row)?;
                if may_see(&entry) {
                    found.push(entry);
                    if found.len() >= limit {
                        return Ok(found);
                    }
                }
            }
            if !full {
                return Ok(found);
            }
        }
    }

    /// One entry of a case's dossier, unless it was withdrawn.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn dossier_entry(&self, case: CaseId, id: EntryId) -> Result<Option<Entry>, StoreError> {
        let row = self.row(case, id).await?.filter(|row| row.withdrawn_at.is_none());
        row.map(stored).transpose()
    }

    /// These entries of a case's dossier, those of them that are there and were not withdrawn.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn dossier_entries(&self, case: CaseId, ids: &[EntryId]) -> Result<Vec<Entry>, StoreError> {
        let mut found = Vec::new();
        for ids in ids.chunks(IDS) {
            let rows = dossier_entry::Entity::find()
                .filter(Column::Case.eq(case.0))
                .filter(Column::Id.is_in(padded(ids.iter().map(|id| id.0).collect())))
                .filter(Column::WithdrawnAt.is_null())
                .all(&self.db().read)
                .await?;
            found.extend(rows);
        }
        found.into_iter().map(stored).collect()
    }

    async fn row(&self, case: CaseId, id: EntryId) -> Result<Option<dossier_entry::Model>, StoreError> {
        let row = dossier_entry::Entity::find_by_id(id.0).filter(Column::Case.eq(case.0)).one(&self.db().read).await?;
        Ok(row)
    }
}

fn wanted(case: CaseId, filter: &DossierFilter) -> Select<dossier_entry::Entity> {
    let mut wanted =
        dossier_entry::Entity::find().filter(Column::Case.eq(case.0)).filter(Column::WithdrawnAt.is_null());
    if let Some(folder) = filter.folder {
        wanted = wanted.filter(Column::Folder.eq(folder.code()));
    }
    if let Some(kind) = filter.kind {
        wanted = wanted.filter(Column::Kind.eq(kind_code(kind)));
    }
    if let Some(filed) = filter.filed {
        wanted = wanted.filter(Column::Filed.eq(filed));
    }
    for word in &filter.words {
        let escaped = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        let like = || LikeExpr::new(format!("%{escaped}%")).escape('\\');
        let title = Expr::col((dossier_entry::Entity, Column::TitleKey)).like(like());
        wanted = wanted.filter(title.or(Expr::col((dossier_entry::Entity, Column::SenderKey)).like(like())));
    }
    wanted
}

fn kind_code(kind: FileKind) -> &'static str {
    match kind {
        FileKind::Photo => "photo",
        FileKind::Video => "video",
        FileKind::Voice => "voice",
        FileKind::Document => "document",
    }
}

/// An entry as a row; none if it cannot be written as JSON, which it always can.
pub(crate) fn row(entry: &Entry) -> Option<dossier_entry::ActiveModel> {
    Some(dossier_entry::ActiveModel {
        id: Set(entry.id.0),
        case: Set(entry.case.0),
        at: Set(beijing::micros(entry.at)),
        folder: Set(entry.folder.code().to_owned()),
        title: Set(entry.title.clone()),
        room: Set(entry.room.0),
        content: Set(serde_json::to_string(entry).ok()?),
        filed: Set(entry.is_filed()),
        kind: Set(kind_code(entry.file.kind).to_owned()),
        title_key: Set(folded(&entry.title)),
        sender_key: Set(format!(
            "{}\n{}{}",
            folded(&entry.file.name),
            folded(entry.capacity.label()),
            folded(&entry.name)
        )),
        withdrawn_at: Set(None),
    })
}

/// Where an entry stands and what it is called may have changed since it was filed; nothing else can.
fn stored(row: dossier_entry::Model) -> Result<Entry, StoreError> {
    let wrong = || StoreError::Corrupt(format!("the dossier entry {} cannot be read", row.id));
    let entry: Entry = serde_json::from_str(&row.content).map_err(|_| wrong())?;
    let folder = Folder::from_code(&row.folder).ok_or_else(wrong)?;
    Ok(Entry { folder, title: row.title, ..entry })
}

/// Puts an entry onto the list.
pub(crate) async fn file(tx: &Tx, entry: &Entry) -> Result<(), StoreError> {
    let row = row(entry).ok_or_else(|| StoreError::Corrupt("a dossier entry cannot be written".to_owned()))?;
    dossier_entry::Entity::insert_many([row]).on_conflict_do_nothing().exec_without_returning(&**tx).await?;
    Ok(())
}

/// Moves an entry, and calls it by another title.
pub(crate) async fn refile(tx: &Tx, case: CaseId, id: EntryId, folder: Folder, title: &str) -> Result<(), StoreError> {
    let now = dossier_entry::ActiveModel {
        folder: Set(folder.code().to_owned()),
        title: Set(title.to_owned()),
        title_key: Set(folded(title)),
        ..Default::default()
    };
    change(tx, case, id, now).await
}

/// Takes an entry off the list.
pub(crate) async fn withdraw(tx: &Tx, case: CaseId, id: EntryId, at: i64) -> Result<(), StoreError> {
    change(tx, case, id, dossier_entry::ActiveModel { withdrawn_at: Set(Some(at)), ..Default::default() }).await
}

async fn change(tx: &Tx, case: CaseId, id: EntryId, now: dossier_entry::ActiveModel) -> Result<(), StoreError> {
    dossier_entry::Entity::update_many()
        .set(now)
        .filter(Column::Id.eq(id.0))
        .filter(Column::Case.eq(case.0))
        .exec(&**tx)
        .await?;
    Ok(())
}
