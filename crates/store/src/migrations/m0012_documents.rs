//! The documents that rooms have brought forth (我的文书): sealed transcripts.

use sea_orm_migration::prelude::*;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0012_documents"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let documents = Table::create()
            .table("document")
            .col(ColumnDef::new("record").uuid().not_null())
            .col(ColumnDef::new("seq").big_integer().not_null())
            .col(ColumnDef::new("at").big_integer().not_null())
            .col(ColumnDef::new("title").text().not_null())
            .col(ColumnDef::new("number").text().not_null())
            .col(ColumnDef::new("parties").text().not_null())
            .col(ColumnDef::new("search").text().not_null())
            .col(ColumnDef::new("version").integer().not_null())
            .col(ColumnDef::new("pages").integer().not_null())
            .col(ColumnDef::new("size").big_integer().not_null())
            .col(ColumnDef::new("sha256").blob().not_null())
            .primary_key(Index::create().col("record").col("seq"))
            .take();
        manager.create_table(documents).await
    }
}
