//! What stands beside a matter without being part of any record: drafts of answers, and who was reminded.

use sea_orm_migration::prelude::*;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0003_matters"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let drafts = Table::create()
            .table("matter_draft")
            .col(ColumnDef::new("room").uuid().not_null())
            .col(ColumnDef::new("member").uuid().not_null())
            .col(ColumnDef::new("matter").uuid().not_null())
            .col(ColumnDef::new("content").text().not_null())
            .col(ColumnDef::new("saved_at").big_integer().not_null())
            .primary_key(Index::create().col("room").col("member").col("matter"))
            .take();
        let reminders = Table::create()
            .table("matter_reminder")
            .col(ColumnDef::new("matter").uuid().not_null())
            .col(ColumnDef::new("member").uuid().not_null())
            .col(ColumnDef::new("set_by").big_integer().not_null())
            .col(ColumnDef::new("hours").integer().not_null())
            .col(ColumnDef::new("at").big_integer().not_null())
            .primary_key(Index::create().col("matter").col("member").col("set_by").col("hours"))
            .take();
        for table in [drafts, reminders] {
            manager.create_table(table).await?;
        }
        Ok(())
    }
}
