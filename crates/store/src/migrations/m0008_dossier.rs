//! The dossiers of cases as a list: what the acts of their rooms put there. Acts from before are looked through, so that what was sent
//! into a room before there were dossiers stands there too.

use court::act::{AudienceDocument, BodyDocument};
use court::{Act, ActId, CaseId, MemberId, RoomId, beijing};
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, EntityTrait};
use uuid::Uuid;

use crate::convert::unsigned;
use crate::dossier_rows::row;
use crate::schema::dossier_entry;

/// Acts that are read at once.
const PAGE: u64 = 200;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0008_dossier"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let entries = Table::create()
            .table("dossier_entry")
            .col(ColumnDef::new("id").uuid().not_null())
            .col(ColumnDef::new("case").uuid().not_null())
            .col(ColumnDef::new("at").big_integer().not_null())
            .col(ColumnDef::new("folder").text().not_null())
            .col(ColumnDef::new("title").text().not_null())
            // The act that brought it there, and the file as it was then.
            .col(ColumnDef::new("room").uuid().not_null())
            .col(ColumnDef::new("content").text().not_null())
            .col(ColumnDef::new("filed").boolean().not_null())
            .col(ColumnDef::new("kind").text().not_null())
            // What it is found by.
            .col(ColumnDef::new("title_key").text().not_null())
            .col(ColumnDef::new("sender_key").text().not_null())
            .col(ColumnDef::new("withdrawn_at").big_integer().null())
            .primary_key(Index::create().col("id"))
            .take();
        manager.create_table(entries).await?;
        let newest = Index::create().name("dossier_entry_case").table("dossier_entry").col("case").col("at").take();
        manager.create_index(newest).await?;
        file_what_is_there(manager).await
    }
}

/// What acts from before showed.
async fn file_what_is_there(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let db = manager.get_connection();
    let mut after: Option<(Uuid, i64)> = None;
    loop {
        let mut page = Query::select();
        page.columns(["record", "seq", "id", "at", "member", "body", "audience"].map(|column| ("act", column)))
            .column(("room", "case"))
            .from("act")
            .inner_join("room", Expr::col(("room", "id")).equals(("act", "record")))
            .and_where(Expr::col(("act", "kind")).is_in(SHOWING))
            .and_where(Expr::col(("act", "member")).is_not_null())
            .order_by(("act", "record"), Order::Asc)
            .order_by(("act", "seq"), Order::Asc)
            .limit(PAGE);
        if let Some((record, seq)) = after {
            let later = Expr::col(("act", "record")).eq(record).and(Expr::col(("act", "seq")).gt(seq));
            page.and_where(Expr::col(("act", "record")).gt(record).or(later));
        }
        let acts = db.query_all(&page).await?;
        let Some(last) = acts.last() else { return Ok(()) };
        after = Some((last.try_get("", "record")?, last.try_get("", "seq")?));
        let mut rows = Vec::new();
        for act in &acts {
            // Whatever an act shows is in its body; a body that cannot be read shows nothing.
            let Some((act, case)) = read(act)? else { continue };
            rows.extend(act.entries(case).iter().filter_map(row));
        }
        if !rows.is_empty() {
            dossier_entry::Entity::insert_many(rows).exec_without_returning(db).await?;
        }
    }
}

/// The kinds that showed files when dossiers came.
const SHOWING: [&str; 6] =
    ["speech.photo", "speech.video", "speech.voice", "speech.document", "matter.issue", "matter.answer"];

fn read(row: &sea_orm_migration::sea_orm::QueryResult) -> Result<Option<(Act, CaseId)>, DbErr> {
    let (body, audience): (String, String) = (row.try_get("", "body")?, row.try_get("", "audience")?);
    let body = serde_json::from_str::<BodyDocument>(&body);
    let audience = serde_json::from_str::<AudienceDocument>(&audience);
    let (Ok(body), Ok(audience)) = (body, audience) else { return Ok(None) };
    let (room, seq, id): (Uuid, i64, Uuid) =
        (row.try_get("", "record")?, row.try_get("", "seq")?, row.try_get("", "id")?);
    let (at, member, case): (i64, Uuid, Uuid) =
        (row.try_get("", "at")?, row.try_get("", "member")?, row.try_get("", "case")?);
    let act = Act {
        room: RoomId(room),
        seq: unsigned(seq).map_err(|error| DbErr::Custom(error.to_string()))?,
        id: ActId(id),
        at: beijing::from_micros(at),
        actor: MemberId(member),
        capacity: body.capacity,
        name: body.name,
        audience: audience.audience,
        sentence: body.sentence,
        hint: audience.hint,
        body: body.act,
        leaf: record::Hash::ZERO,
    };
    Ok(Some((act, CaseId(case))))
}
