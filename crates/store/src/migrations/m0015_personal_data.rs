//! Personal data are sealed: columns for what is sealed and for blind indexes, and a trace of who looked at them in full.
//!
//! A migration has no key, so it only says that there is something to seal; the store does that as soon as it is handed the key, before anything
//! is served (`Store::unlock`). The column that held numbers in clear stays, emptied, until a later release drops it.

use sea_orm_migration::prelude::*;

use crate::personal::PLAIN;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0015_personal_data"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [
            ColumnDef::new("phone_sealed").blob().null().take(),
            ColumnDef::new("phone_index").blob().null().take(),
            ColumnDef::new("document_kind").text().null().take(),
            ColumnDef::new("document_sealed").blob().null().take(),
            ColumnDef::new("document_index").blob().null().take(),
        ] {
            manager.alter_table(Table::alter().table("person").add_column(column).take()).await?;
        }
        let mut in_clear = Index::drop();
        in_clear.name("person_phone").table("person");
        manager.drop_index(in_clear).await?;
        for index in [
            Index::create().name("person_phone_index").table("person").col("phone_index").unique().take(),
            Index::create().name("person_document_index").table("person").col("document_index").take(),
        ] {
            manager.create_index(index).await?;
        }
        let db = manager.get_connection();
        for table in ["person", "login_code", "sms_send"] {
            let some = Query::select().expr(Expr::val(1)).from(table).limit(1).take();
            if db.query_one(&some).await?.is_some() {
                let note = Query::insert()
                    .into_table("meta")
                    .columns(["key", "value"])
                    .values_panic([PLAIN.into(), "".into()])
                    .take();
                return manager.execute(note).await;
            }
        }
        Ok(())
    }
}
