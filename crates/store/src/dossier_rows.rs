//! Entries of dossiers as rows: where one stands and what it is called beside what the act said.

use court::dossier::{Entry, Folder};
use court::{FileKind, beijing, folded};
use sea_orm::ActiveValue::Set;

use crate::error::StoreError;
use crate::schema::dossier_entry;

/// How a kind of file is written.
pub(crate) fn kind_code(kind: FileKind) -> &'static str {
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
pub(crate) fn stored(row: dossier_entry::Model) -> Result<Entry, StoreError> {
    let wrong = || StoreError::Corrupt(format!("the dossier entry {} cannot be read", row.id));
    let entry: Entry = serde_json::from_str(&row.content).map_err(|_| wrong())?;
    let folder = Folder::from_code(&row.folder).ok_or_else(wrong)?;
    Ok(Entry { folder, title: row.title, ..entry })
}
