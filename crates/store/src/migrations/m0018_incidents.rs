//! What the scrubber found missing or altered, record by record.

use sea_orm_migration::prelude::*;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0018_incidents"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let incidents = Table::create()
            .table("integrity_incident")
            .col(ColumnDef::new("record").uuid().not_null())
            .col(ColumnDef::new("what").text().not_null())
            .col(ColumnDef::new("found_at").big_integer().not_null())
            .col(ColumnDef::new("mended_at").big_integer().null())
            .primary_key(Index::create().col("record").col("what"))
            .take();
        manager.create_table(incidents).await
    }
}
