//! What the worker makes: copies derived from files, page by page, and what could not be made; jobs that were given up; files of uploads
//! that nobody used.
//!
//! The table `derived` of before is read no more: what stood in it is made again when somebody asks.

use sea_orm_migration::prelude::*;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0007_worker"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in [
            ("job", ColumnDef::new("given_up_at").big_integer().null().take()),
            ("blob", ColumnDef::new("kept").boolean().not_null().default(false).take()),
        ] {
            manager.alter_table(Table::alter().table(table).add_column(column).take()).await?;
        }
        let copies = Table::create()
            .table("derived_copy")
            .col(ColumnDef::new("original").blob().not_null())
            .col(ColumnDef::new("kind").text().not_null())
            .col(ColumnDef::new("n").big_integer().not_null())
            .col(ColumnDef::new("copy").blob().null())
            .col(ColumnDef::new("media_type").text().null())
            .col(ColumnDef::new("size").big_integer().null())
            .col(ColumnDef::new("answer").text().null())
            .col(ColumnDef::new("failed").text().null())
            .col(ColumnDef::new("code").text().null())
            .col(ColumnDef::new("detail").text().null())
            .col(ColumnDef::new("tries").integer().not_null().default(0))
            .col(ColumnDef::new("at").big_integer().not_null())
            .primary_key(Index::create().col("original").col("kind").col("n"))
            .take();
        manager.create_table(copies).await?;
        let orphans = Table::create()
            .table("orphan_blob")
            .col(ColumnDef::new("sha256").blob().not_null())
            .col(ColumnDef::new("since").big_integer().not_null())
            .primary_key(Index::create().col("sha256"))
            .take();
        manager.create_table(orphans).await?;
        for (name, table, column) in [
            ("upload_sha256", "upload", "sha256"),
            ("blob_use_sha256", "blob_use", "sha256"),
            ("derived_copy_copy", "derived_copy", "copy"),
            ("job_given_up", "job", "given_up_at"),
        ] {
            manager.create_index(Index::create().name(name).table(table).col(column).take()).await?;
        }
        Ok(())
    }
}
