//! Personal data are sealed: columns for what is sealed and for blind indexes. With it come real-name verification, and the trace of who looked at
//! what is somebody's own outside of any room.
//!
//! A migration has no key, so it only says that there is something to seal; the store does that as soon as it is handed the key, before anything
//! is served (`Store::unlock`). The column that held numbers in clear stays, emptied, until a later release drops it.

use sea_orm_migration::prelude::*;

use crate::seals::PLAIN;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0015_personal_data"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [
            ColumnDef::new("phone_sealed").blob().null().take(),
            ColumnDef::new("phone_index").blob().null().take(),
            ColumnDef::new("document_kind").text().null().take(),
            ColumnDef::new("document_sealed").blob().null().take(),
            ColumnDef::new("document_index").blob().null().take(),
        ] {
            manager.alter_table(Table::alter().table("person").add_column(column).take()).await?;
        }
        let mut in_clear = Index::drop();
        in_clear.name("person_phone").table("person");
        manager.drop_index(in_clear).await?;
        for index in [
            Index::create().name("person_phone_index").table("person").col("phone_index").unique().take(),
            Index::create().name("person_document_index").table("person").col("document_index").take(),
        ] {
            manager.create_index(index).await?;
        }
        for table in [verification(), verification_file(), sensitive_read()] {
            manager.create_table(table).await?;
        }
        for index in [
            Index::create().name("verification_person").table("verification").col("person").col("begun_at").take(),
            Index::create().name("verification_state").table("verification").col("state").col("changed_at").take(),
            Index::create().name("verification_face").table("verification").col("face_token").unique().take(),
            Index::create().name("verification_file_of").table("verification_file").col("verification").take(),
            Index::create().name("sensitive_read_reader").table("sensitive_read").col("reader").col("at").take(),
            Index::create().name("sensitive_read_object").table("sensitive_read").col("object").col("at").take(),
        ] {
            manager.create_index(index).await?;
        }
        let db = manager.get_connection();
        for table in ["person", "login_code", "sms_send"] {
            let some = Query::select().expr(Expr::val(1)).from(table).limit(1).take();
            if db.query_one(&some).await?.is_some() {
                let note = Query::insert()
                    .into_table("meta")
                    .columns(["key", "value"])
                    .values_panic([PLAIN.into(), "".into()])
                    .take();
                return manager.execute(note).await;
            }
        }
        Ok(())
    }
}

fn verification() -> TableCreateStatement {
    Table::create()
        .table("verification")
        .col(ColumnDef::new("id").uuid().not_null())
        .col(ColumnDef::new("person").uuid().not_null())
        .col(ColumnDef::new("state").text().not_null())
        .col(ColumnDef::new("way").text().null())
        .col(ColumnDef::new("name").text().not_null())
        .col(ColumnDef::new("document_kind").text().not_null())
        .col(ColumnDef::new("document_sealed").blob().not_null())
        .col(ColumnDef::new("notice").text().not_null())
        .col(ColumnDef::new("begun_at").big_integer().not_null())
        .col(ColumnDef::new("changed_at").big_integer().not_null())
        .col(ColumnDef::new("phone_at").big_integer().null())
        .col(ColumnDef::new("face_token").text().null())
        .col(ColumnDef::new("court").text().null())
        .col(ColumnDef::new("decided_at").big_integer().null())
        .col(ColumnDef::new("decided_by").uuid().null())
        .col(ColumnDef::new("reason").text().null())
        .col(ColumnDef::new("expires_at").big_integer().null())
        .col(ColumnDef::new("accepted_at").big_integer().null())
        .col(ColumnDef::new("accepted").text().null())
        .primary_key(Index::create().col("id"))
        .foreign_key(ForeignKey::create().from("verification", "person").to("person", "id"))
        .take()
}

fn verification_file() -> TableCreateStatement {
    Table::create()
        .table("verification_file")
        .col(ColumnDef::new("id").uuid().not_null())
        .col(ColumnDef::new("verification").uuid().not_null())
        .col(ColumnDef::new("part").text().not_null())
        .col(ColumnDef::new("media_type").text().not_null())
        .col(ColumnDef::new("sha256").blob().not_null())
        .col(ColumnDef::new("size").big_integer().not_null())
        .col(ColumnDef::new("key_sealed").blob().not_null())
        .col(ColumnDef::new("keep_until").big_integer().not_null())
        .primary_key(Index::create().col("id"))
        .foreign_key(ForeignKey::create().from("verification_file", "verification").to("verification", "id"))
        .take()
}

fn sensitive_read() -> TableCreateStatement {
    Table::create()
        .table("sensitive_read")
        .col(ColumnDef::new("id").uuid().not_null())
        .col(ColumnDef::new("at").big_integer().not_null())
        .col(ColumnDef::new("reader").uuid().not_null())
        .col(ColumnDef::new("role").text().not_null())
        .col(ColumnDef::new("what").text().not_null())
        .col(ColumnDef::new("object").uuid().not_null())
        .col(ColumnDef::new("person").uuid().not_null())
        .col(ColumnDef::new("reason").text().not_null())
        .primary_key(Index::create().col("id"))
        .take()
}
