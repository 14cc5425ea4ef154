//! What each person agreed to, as a list beside the records; and where papers are sent, sealed.

use sea_orm_migration::prelude::*;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0017_consents"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let consents = Table::create()
            .table("consent")
            .col(ColumnDef::new("record").uuid().not_null())
            .col(ColumnDef::new("member").uuid().not_null())
            .col(ColumnDef::new("what").text().not_null())
            .col(ColumnDef::new("person").uuid().not_null())
            .col(ColumnDef::new("role").text().not_null())
            .col(ColumnDef::new("case").uuid().not_null())
            .col(ColumnDef::new("title").text().not_null())
            .col(ColumnDef::new("version").text().not_null())
            .col(ColumnDef::new("sha256").blob().not_null())
            .col(ColumnDef::new("stage").text().not_null())
            .col(ColumnDef::new("method").text().not_null())
            .col(ColumnDef::new("state").text().not_null())
            .col(ColumnDef::new("reason").text().null())
            .col(ColumnDef::new("seq").big_integer().not_null())
            .col(ColumnDef::new("given_at").big_integer().not_null())
            .col(ColumnDef::new("changed_at").big_integer().not_null())
            .primary_key(Index::create().col("record").col("member").col("what"))
            .take();
        let domiciles = Table::create()
            .table("domicile")
            .col(ColumnDef::new("person").uuid().not_null())
            .col(ColumnDef::new("version").integer().not_null())
            .col(ColumnDef::new("commitment").blob().not_null())
            .col(ColumnDef::new("vault_key").uuid().not_null())
            .col(ColumnDef::new("sealed").blob().not_null())
            .col(ColumnDef::new("created_at").big_integer().not_null())
            .primary_key(Index::create().col("person").col("version"))
            .foreign_key(ForeignKey::create().from("domicile", "person").to("person", "id"))
            .foreign_key(ForeignKey::create().from("domicile", "vault_key").to("vault_key", "id"))
            .take();
        let confirmed = Table::create()
            .table("domicile_confirmed")
            .col(ColumnDef::new("case").uuid().not_null())
            .col(ColumnDef::new("member").uuid().not_null())
            .col(ColumnDef::new("person").uuid().not_null())
            .col(ColumnDef::new("record").uuid().not_null())
            .col(ColumnDef::new("version").integer().not_null())
            .col(ColumnDef::new("at").big_integer().not_null())
            .primary_key(Index::create().col("case").col("member"))
            .take();
        for table in [consents, domiciles, confirmed] {
            manager.create_table(table).await?;
        }
        let by_person = Index::create().name("consent_person").table("consent").col("person").take();
        manager.create_index(by_person).await?;
        let by_case = Index::create().name("consent_case").table("consent").col("case").take();
        manager.create_index(by_case).await
    }
}
