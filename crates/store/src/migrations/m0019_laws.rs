//! What the operator loads for everybody to look up: texts of laws, article by article, and where courts are.

use sea_orm_migration::prelude::*;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0019_laws"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let law = Table::create()
            .table("law")
            .col(ColumnDef::new("id").big_integer().not_null().auto_increment().primary_key())
            .col(ColumnDef::new("code").text().not_null())
            .col(ColumnDef::new("title").text().not_null())
            .col(ColumnDef::new("version").text().not_null())
            .col(ColumnDef::new("notes").text().not_null())
            .col(ColumnDef::new("sha256").blob().not_null())
            .col(ColumnDef::new("articles").integer().not_null())
            .col(ColumnDef::new("imported_at").big_integer().not_null())
            .take();
        let article = Table::create()
            .table("law_article")
            .col(ColumnDef::new("id").big_integer().not_null().primary_key())
            .col(ColumnDef::new("law").big_integer().not_null())
            .col(ColumnDef::new("number").text().not_null())
            .col(ColumnDef::new("heading").text().not_null())
            .col(ColumnDef::new("text").text().not_null())
            .take();
        let place = Table::create()
            .table("court_place")
            .col(ColumnDef::new("id").integer().not_null().primary_key())
            .col(ColumnDef::new("region").text().not_null())
            .col(ColumnDef::new("name").text().not_null())
            .col(ColumnDef::new("court").text().not_null())
            .col(ColumnDef::new("address").text().not_null())
            .col(ColumnDef::new("phone").text().not_null())
            .col(ColumnDef::new("latitude").double())
            .col(ColumnDef::new("longitude").double())
            .col(ColumnDef::new("coordinate").text().not_null())
            .take();
        for table in [law, article, place] {
            manager.create_table(table).await?;
        }
        let version = Index::create().name("law_version").table("law").col("code").col("version").unique().take();
        manager.create_index(version).await?;
        let number = Index::create().name("law_article_number").table("law_article").col("law").col("number").take();
        manager.create_index(number).await
    }
}
