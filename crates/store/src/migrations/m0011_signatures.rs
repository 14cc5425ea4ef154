//! Personal secrets: the keys under which they are kept, people's signatures, and the proofs that somebody has just shown again who they are.

use sea_orm_migration::prelude::*;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0011_signatures"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let keys = Table::create()
            .table("vault_key")
            .col(ColumnDef::new("id").uuid().not_null())
            .col(ColumnDef::new("wrapped").blob().not_null())
            .col(ColumnDef::new("created_at").big_integer().not_null())
            .primary_key(Index::create().col("id"))
            .take();
        let signatures = Table::create()
            .table("signature")
            .col(ColumnDef::new("person").uuid().not_null())
            .col(ColumnDef::new("version").integer().not_null())
            .col(ColumnDef::new("method").text().not_null())
            .col(ColumnDef::new("commitment").blob().not_null())
            .col(ColumnDef::new("vault_key").uuid().not_null())
            .col(ColumnDef::new("sealed").blob().not_null())
            .col(ColumnDef::new("created_at").big_integer().not_null())
            .primary_key(Index::create().col("person").col("version"))
            .foreign_key(ForeignKey::create().from("signature", "person").to("person", "id"))
            .foreign_key(ForeignKey::create().from("signature", "vault_key").to("vault_key", "id"))
            .take();
        let step_ups = Table::create()
            .table("step_up")
            .col(ColumnDef::new("id").uuid().not_null())
            .col(ColumnDef::new("session").uuid().not_null())
            .col(ColumnDef::new("purpose").text().not_null())
            .col(ColumnDef::new("object").text().not_null())
            .col(ColumnDef::new("method").text().not_null())
            .col(ColumnDef::new("granted_at").big_integer().not_null())
            .col(ColumnDef::new("expires_at").big_integer().not_null())
            .col(ColumnDef::new("used_at").big_integer().null())
            .primary_key(Index::create().col("id"))
            .take();
        for table in [keys, signatures, step_ups] {
            manager.create_table(table).await?;
        }
        let by_session = Index::create().name("step_up_session").table("step_up").col("session").take();
        manager.create_index(by_session).await
    }
}
