//! The court's staff by the offices they hold, and who read a case from outside.

use sea_orm_migration::prelude::*;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0020_offices"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let offices = Table::create()
            .table("office")
            .col(ColumnDef::new("id").uuid().not_null())
            .col(ColumnDef::new("person").uuid().not_null())
            .col(ColumnDef::new("role").text().not_null())
            .col(ColumnDef::new("invited_at").big_integer().not_null())
            .col(ColumnDef::new("invited_by").uuid().null())
            .col(ColumnDef::new("code_hash").blob().null())
            .col(ColumnDef::new("expires_at").big_integer().not_null())
            .col(ColumnDef::new("accepted_at").big_integer().null())
            .col(ColumnDef::new("ended_at").big_integer().null())
            .col(ColumnDef::new("ended_by").uuid().null())
            .primary_key(Index::create().col("id"))
            .foreign_key(ForeignKey::create().from("office", "person").to("person", "id"))
            .take();
        let oversights = Table::create()
            .table("oversight")
            .col(ColumnDef::new("id").uuid().not_null())
            .col(ColumnDef::new("case").uuid().not_null())
            .col(ColumnDef::new("person").uuid().not_null())
            .col(ColumnDef::new("role").text().not_null())
            .col(ColumnDef::new("reason").text().not_null())
            .col(ColumnDef::new("began_at").big_integer().not_null())
            .col(ColumnDef::new("until").big_integer().not_null())
            .primary_key(Index::create().col("id"))
            .foreign_key(ForeignKey::create().from("oversight", "case").to("court_case", "id"))
            .foreign_key(ForeignKey::create().from("oversight", "person").to("person", "id"))
            .take();
        for table in [offices, oversights] {
            manager.create_table(table).await?;
        }
        for (name, table, column) in [
            ("office_person", "office", "person"),
            ("office_role", "office", "role"),
            ("oversight_person", "oversight", "person"),
            ("oversight_began", "oversight", "began_at"),
        ] {
            manager.create_index(Index::create().name(name).table(table).col(column).take()).await?;
        }
        Ok(())
    }
}
