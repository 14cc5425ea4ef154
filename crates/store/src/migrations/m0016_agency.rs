//! Who applied to act for whom, who says of themselves that they are an agent, and how often somebody looked for one.

use sea_orm_migration::prelude::*;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0016_agency"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mandates = Table::create()
            .table("mandate")
            .col(ColumnDef::new("id").uuid().not_null())
            .col(ColumnDef::new("applicant").uuid().not_null())
            .col(ColumnDef::new("agent").uuid().not_null())
            .col(ColumnDef::new("agent_name").text().not_null())
            .col(ColumnDef::new("number").text().not_null())
            .col(ColumnDef::new("number_key").text().not_null())
            .col(ColumnDef::new("party_name").text().not_null())
            .col(ColumnDef::new("party").uuid().null())
            .col(ColumnDef::new("case").uuid().null())
            .col(ColumnDef::new("record").uuid().null())
            .col(ColumnDef::new("member").uuid().null())
            .col(ColumnDef::new("scope").text().not_null())
            .col(ColumnDef::new("powers").integer().not_null())
            .col(ColumnDef::new("upload").uuid().not_null())
            .col(ColumnDef::new("status").text().not_null())
            .col(ColumnDef::new("reason").text().null())
            .col(ColumnDef::new("created_at").big_integer().not_null())
            .col(ColumnDef::new("changed_at").big_integer().not_null())
            .primary_key(Index::create().col("id"))
            .foreign_key(ForeignKey::create().from("mandate", "applicant").to("person", "id"))
            .foreign_key(ForeignKey::create().from("mandate", "agent").to("person", "id"))
            .take();
        let profiles = Table::create()
            .table("agent_profile")
            .col(ColumnDef::new("person").uuid().not_null())
            .col(ColumnDef::new("kind").text().not_null())
            .col(ColumnDef::new("since").big_integer().not_null())
            .primary_key(Index::create().col("person"))
            .foreign_key(ForeignKey::create().from("agent_profile", "person").to("person", "id"))
            .take();
        let checks = Table::create()
            .table("agent_check")
            .col(ColumnDef::new("id").uuid().not_null())
            .col(ColumnDef::new("person").uuid().not_null())
            .col(ColumnDef::new("at").big_integer().not_null())
            .primary_key(Index::create().col("id"))
            .take();
        for table in [mandates, profiles, checks] {
            manager.create_table(table).await?;
        }
        let index = |name: &str, table: &str, columns: &[&str]| {
            let mut index = Index::create().name(name.to_owned()).table(table.to_owned()).take();
            for column in columns {
                index.col((*column).to_owned());
            }
            index
        };
        for index in [
            index("mandate_applicant", "mandate", &["applicant"]),
            index("mandate_agent", "mandate", &["agent"]),
            index("mandate_case", "mandate", &["case", "status"]),
            index("mandate_number", "mandate", &["number_key", "status"]),
            index("agent_check_person", "agent_check", &["person", "at"]),
        ] {
            manager.create_index(index).await?;
        }
        Ok(())
    }
}
