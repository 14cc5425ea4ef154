//! The dossiers of cases as lists. Written by the acts themselves (see [`crate::Effect`]); whoever asks says who may see a row.

use court::dossier::{Entry, Folder};
use court::{CaseId, EntryId, FileKind};
use sea_orm::sea_query::{Expr, ExprTrait, LikeExpr};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use crate::convert::padded;
use crate::dossier_rows::{kind_code, stored};
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
