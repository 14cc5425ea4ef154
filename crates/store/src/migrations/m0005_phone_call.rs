//! Virtual calls: the number that was lent to one, and what the telephone service told of it.

use sea_orm_migration::prelude::*;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0005_phone_call"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("phone_call")
            // The act that began the call.
            .col(ColumnDef::new("id").uuid().not_null())
            .col(ColumnDef::new("room").uuid().not_null())
            .col(ColumnDef::new("begun_at").big_integer().not_null())
            .col(ColumnDef::new("binding").text().null())
            .col(ColumnDef::new("number").text().null())
            .col(ColumnDef::new("rang_at").big_integer().null())
            .col(ColumnDef::new("answered_at").big_integer().null())
            .col(ColumnDef::new("result").text().null())
            .primary_key(Index::create().col("id"))
            .take();
        manager.create_table(table).await
    }
}
