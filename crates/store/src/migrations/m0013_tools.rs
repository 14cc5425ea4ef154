//! What a file was brought for: to be shown in a record, or to be worked on with a tool and forgotten.

use sea_orm_migration::prelude::*;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0013_tools"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let purpose = ColumnDef::new("purpose").text().not_null().default("record").take();
        manager.alter_table(Table::alter().table("upload").add_column(purpose).take()).await
    }
}
