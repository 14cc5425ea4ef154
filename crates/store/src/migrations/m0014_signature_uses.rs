//! Where people have put their signature outside of any room, with the tool: no record has an act of it, so it is noted here.

use sea_orm_migration::prelude::*;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0014_signature_uses"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let uses = Table::create()
            .table("signature_use")
            .col(ColumnDef::new("id").uuid().not_null())
            .col(ColumnDef::new("person").uuid().not_null())
            .col(ColumnDef::new("at").big_integer().not_null())
            .col(ColumnDef::new("signature").blob().not_null())
            .col(ColumnDef::new("name").text().not_null())
            .col(ColumnDef::new("document").blob().not_null())
            .col(ColumnDef::new("result").blob().not_null())
            .col(ColumnDef::new("places").text().not_null())
            .col(ColumnDef::new("method").text().not_null())
            .primary_key(Index::create().col("id"))
            .foreign_key(ForeignKey::create().from("signature_use", "person").to("person", "id"))
            .take();
        manager.create_table(uses).await?;
        let newest = Index::create().name("signature_use_newest").table("signature_use").col("person").col("at").take();
        manager.create_index(newest).await
    }
}
