//! What people write about the program (问题反馈), with pictures, and what the court answers.

use sea_orm_migration::prelude::*;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0021_feedback"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let feedback = Table::create()
            .table("feedback")
            .col(ColumnDef::new("id").uuid().not_null())
            .col(ColumnDef::new("person").uuid().not_null())
            .col(ColumnDef::new("text").text().not_null())
            .col(ColumnDef::new("files").text().not_null())
            .col(ColumnDef::new("created_at").big_integer().not_null())
            .col(ColumnDef::new("answered_at").big_integer().null())
            .primary_key(Index::create().col("id"))
            .foreign_key(ForeignKey::create().from("feedback", "person").to("person", "id"))
            .take();
        let answers = Table::create()
            .table("feedback_answer")
            .col(ColumnDef::new("id").uuid().not_null())
            .col(ColumnDef::new("feedback").uuid().not_null())
            .col(ColumnDef::new("person").uuid().not_null())
            .col(ColumnDef::new("text").text().not_null())
            .col(ColumnDef::new("at").big_integer().not_null())
            .primary_key(Index::create().col("id"))
            .foreign_key(ForeignKey::create().from("feedback_answer", "feedback").to("feedback", "id"))
            .foreign_key(ForeignKey::create().from("feedback_answer", "person").to("person", "id"))
            .take();
        for table in [feedback, answers] {
            manager.create_table(table).await?;
        }
        for (name, table, column) in [
            ("feedback_person", "feedback", "person"),
            ("feedback_created", "feedback", "created_at"),
            ("feedback_answer_feedback", "feedback_answer", "feedback"),
        ] {
            manager.create_index(Index::create().name(name).table(table).col(column).take()).await?;
        }
        Ok(())
    }
}
