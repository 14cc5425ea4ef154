//! The docket of a court's own system: what cases are found by, whether they are over, who may import, what was imported, and the
//! reports of people who miss a case.

use court::folded;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::ConnectionTrait;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0006_import"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let text =
            |name: &'static str, usual: &'static str| ColumnDef::new(name).text().not_null().default(usual).take();
        // SQLite adds one column at a time.
        for (table, column) in [
            ("court_case", text("status", "open")),
            ("court_case", text("number_key", "")),
            ("court_case", text("search", "")),
            ("participant", text("search", "")),
        ] {
            manager.alter_table(Table::alter().table(table).add_column(column).take()).await?;
        }
        for table in tables() {
            manager.create_table(table).await?;
        }
        for (name, table, columns) in [
            ("court_case_number_key", "court_case", &["number_key"][..]),
            ("missing_case_number", "missing_case", &["number_key"]),
            ("missing_case_person", "missing_case", &["person", "created_at"]),
        ] {
            let mut index = Index::create();
            index.name(name).table(table);
            for column in columns {
                index.col(*column);
            }
            manager.create_index(index.take()).await?;
        }
        let token = Index::create().name("integration_token").table("integration").col("token_hash").unique().take();
        manager.create_index(token).await?;
        // Imports wait for each other at this row.
        let gate = Query::insert()
            .into_table("meta")
            .columns(["key", "value"])
            .values_panic(["import.gate".into(), "".into()])
            .take();
        manager.execute(gate).await?;
        fold_what_is_there(manager).await
    }
}

fn tables() -> Vec<TableCreateStatement> {
    vec![
        Table::create()
            .table("integration")
            .col(ColumnDef::new("id").uuid().not_null())
            .col(ColumnDef::new("name").text().not_null())
            .col(ColumnDef::new("scope").text().not_null())
            .col(ColumnDef::new("token_hash").blob().not_null())
            .col(ColumnDef::new("created_at").big_integer().not_null())
            .col(ColumnDef::new("expires_at").big_integer().not_null())
            .col(ColumnDef::new("last_used_at").big_integer().null())
            .col(ColumnDef::new("revoked_at").big_integer().null())
            .primary_key(Index::create().col("id"))
            .take(),
        Table::create()
            .table("import_run")
            .col(ColumnDef::new("id").uuid().not_null())
            .col(ColumnDef::new("at").big_integer().not_null())
            .col(ColumnDef::new("source").text().not_null())
            .col(ColumnDef::new("form").text().not_null())
            .col(ColumnDef::new("sha256").blob().not_null())
            .col(ColumnDef::new("bytes").big_integer().not_null())
            .col(ColumnDef::new("rows").big_integer().not_null())
            .col(ColumnDef::new("changes").text().not_null())
            .primary_key(Index::create().col("id"))
            .take(),
        Table::create()
            .table("missing_case")
            .col(ColumnDef::new("id").uuid().not_null())
            .col(ColumnDef::new("person").uuid().not_null())
            .col(ColumnDef::new("number").text().not_null())
            .col(ColumnDef::new("number_key").text().not_null())
            .col(ColumnDef::new("court").text().not_null())
            .col(ColumnDef::new("remark").text().not_null())
            .col(ColumnDef::new("created_at").big_integer().not_null())
            .col(ColumnDef::new("handled_at").big_integer().null())
            .col(ColumnDef::new("handled_by").uuid().null())
            .col(ColumnDef::new("reply").text().null())
            .primary_key(Index::create().col("id"))
            .foreign_key(ForeignKey::create().from("missing_case", "person").to("person", "id"))
            .take(),
    ]
}

/// Cases and participants from before are found as new ones are.
async fn fold_what_is_there(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let db = manager.get_connection();
    let cases = Query::select().columns(["id", "number", "title", "cause"]).from("court_case").take();
    for row in db.query_all(&cases).await? {
        let id: uuid::Uuid = row.try_get("", "id")?;
        let text = |column| row.try_get::<String>("", column).map(|text| folded(&text));
        let (number, title, cause) = (text("number")?, text("title")?, text("cause")?);
        let search = format!("{number}\n{title}\n{cause}");
        let change = Query::update()
            .table("court_case")
            .values([("number_key", number.into()), ("search", search.into())])
            .and_where(Expr::col("id").eq(id))
            .take();
        manager.execute(change).await?;
    }
    let participants = Query::select().columns(["id", "name", "acting"]).from("participant").take();
    for row in db.query_all(&participants).await? {
        let id: uuid::Uuid = row.try_get("", "id")?;
        let (name, acting): (String, Option<String>) = (row.try_get("", "name")?, row.try_get("", "acting")?);
        let search = format!("{}\n{}", folded(&name), folded(&acting.unwrap_or_default()));
        let change = Query::update()
            .table("participant")
            .values([("search", search.into())])
            .and_where(Expr::col("id").eq(id))
            .take();
        manager.execute(change).await?;
    }
    Ok(())
}
