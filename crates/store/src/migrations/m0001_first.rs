//! The first schema. Released: never edited; what comes later is another migration.
//!
//! Names are written out here and not taken from `schema`, which goes on to change.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_query::{ForeignKeyCreateStatement, IndexCreateStatement};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0001_first"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [ledger(), people(), cases(), files(), work()].concat() {
            manager.create_table(table).await?;
        }
        for index in indexes() {
            manager.create_index(index).await?;
        }
        // Everybody who wants to send a code waits for this row.
        let gate = Query::insert()
            .into_table("meta")
            .columns(["key", "value"])
            .values_panic(["sms.gate".into(), "".into()])
            .take();
        manager.execute(gate).await
    }
}

/// An act names its record without a foreign key: both are written by one function in one transaction, and checking every row again
/// would cost the busiest table of the house for nothing.
fn ledger() -> Vec<TableCreateStatement> {
    vec![
        Table::create()
            .table("record")
            .col(ColumnDef::new("id").uuid().not_null())
            .col(ColumnDef::new("head_seq").big_integer().not_null())
            .col(ColumnDef::new("head_leaf").blob().not_null())
            .col(ColumnDef::new("last_at").big_integer().not_null())
            .primary_key(Index::create().col("id"))
            .take(),
        Table::create()
            .table("act")
            .col(ColumnDef::new("record").uuid().not_null())
            .col(ColumnDef::new("seq").big_integer().not_null())
            .col(ColumnDef::new("id").uuid().not_null())
            .col(ColumnDef::new("at").big_integer().not_null())
            .col(ColumnDef::new("person").uuid().null())
            .col(ColumnDef::new("pseudonym").text().not_null())
            .col(ColumnDef::new("member").uuid().null())
            .col(ColumnDef::new("capacity").text().not_null())
            .col(ColumnDef::new("kind").text().not_null())
            .col(ColumnDef::new("body").text().not_null())
            .col(ColumnDef::new("body_salt").blob().not_null())
            .col(ColumnDef::new("audience").text().not_null())
            .col(ColumnDef::new("audience_salt").blob().not_null())
            .col(ColumnDef::new("leaf").blob().not_null())
            .col(ColumnDef::new("prev").blob().not_null())
            .primary_key(Index::create().col("record").col("seq"))
            .take(),
        Table::create()
            .table("answer")
            .col(ColumnDef::new("slot").blob().not_null())
            .col(ColumnDef::new("person").uuid().not_null())
            .col(ColumnDef::new("key").text().not_null())
            .col(ColumnDef::new("request").blob().not_null())
            .col(ColumnDef::new("response").text().not_null())
            .col(ColumnDef::new("at").big_integer().not_null())
            .primary_key(Index::create().col("slot"))
            .take(),
        Table::create()
            .table("snapshot")
            .col(ColumnDef::new("record").uuid().not_null())
            .col(ColumnDef::new("seq").big_integer().not_null())
            .col(ColumnDef::new("state").text().not_null())
            .primary_key(Index::create().col("record"))
            .take(),
    ]
}

fn people() -> Vec<TableCreateStatement> {
    vec![
        Table::create()
            .table("person")
            .col(ColumnDef::new("id").uuid().not_null())
            .col(ColumnDef::new("pseudonym").text().not_null())
            .col(ColumnDef::new("name").text().not_null())
            .col(ColumnDef::new("phone").text().not_null())
            .col(ColumnDef::new("verified").boolean().not_null())
            .col(ColumnDef::new("created_at").big_integer().not_null())
            .primary_key(Index::create().col("id"))
            .take(),
        Table::create()
            .table("session")
            .col(ColumnDef::new("id").uuid().not_null())
            .col(ColumnDef::new("token_hash").blob().not_null())
            .col(ColumnDef::new("person").uuid().not_null())
            .col(ColumnDef::new("role").text().null())
            .col(ColumnDef::new("kind").text().not_null())
            .col(ColumnDef::new("created_at").big_integer().not_null())
            .col(ColumnDef::new("last_seen_at").big_integer().not_null())
            .col(ColumnDef::new("expires_at").big_integer().not_null())
            .col(ColumnDef::new("idle_expires_at").big_integer().not_null())
            .col(ColumnDef::new("revoked_at").big_integer().null())
            .col(ColumnDef::new("agent").text().not_null())
            .col(ColumnDef::new("ip").text().not_null())
            .primary_key(Index::create().col("id"))
            .foreign_key(&mut reference("session", "person", "person"))
            .take(),
        Table::create()
            .table("login_code")
            .col(ColumnDef::new("request").uuid().not_null())
            .col(ColumnDef::new("phone").text().not_null())
            .col(ColumnDef::new("purpose").text().not_null())
            .col(ColumnDef::new("code_hash").blob().not_null())
            .col(ColumnDef::new("salt").blob().not_null())
            .col(ColumnDef::new("created_at").big_integer().not_null())
            .col(ColumnDef::new("expires_at").big_integer().not_null())
            .col(ColumnDef::new("tries").integer().not_null())
            .col(ColumnDef::new("dead_at").big_integer().null())
            .primary_key(Index::create().col("request"))
            .take(),
        Table::create()
            .table("sms_send")
            .col(ColumnDef::new("id").big_integer().not_null().auto_increment().primary_key())
            .col(ColumnDef::new("phone").text().not_null())
            .col(ColumnDef::new("ip").text().not_null())
            .col(ColumnDef::new("at").big_integer().not_null())
            .take(),
    ]
}

fn cases() -> Vec<TableCreateStatement> {
    vec![
        Table::create()
            .table("court_case")
            .col(ColumnDef::new("id").uuid().not_null())
            .col(ColumnDef::new("number").text().not_null())
            .col(ColumnDef::new("title").text().not_null())
            .col(ColumnDef::new("cause").text().not_null())
            .col(ColumnDef::new("court").text().not_null())
            .col(ColumnDef::new("stage").text().not_null())
            .col(ColumnDef::new("filed_on").text().not_null())
            .primary_key(Index::create().col("id"))
            .take(),
        Table::create()
            .table("participant")
            .col(ColumnDef::new("id").uuid().not_null())
            .col(ColumnDef::new("case").uuid().not_null())
            .col(ColumnDef::new("person").uuid().not_null())
            .col(ColumnDef::new("place").big_integer().not_null())
            .col(ColumnDef::new("name").text().not_null())
            .col(ColumnDef::new("acting").text().null())
            .col(ColumnDef::new("capacity").text().not_null())
            .col(ColumnDef::new("role").text().not_null())
            .col(ColumnDef::new("ended_at").big_integer().null())
            .primary_key(Index::create().col("id"))
            .foreign_key(&mut reference("participant", "case", "court_case"))
            .foreign_key(&mut reference("participant", "person", "person"))
            .take(),
        Table::create()
            .table("room")
            .col(ColumnDef::new("id").uuid().not_null())
            .col(ColumnDef::new("case").uuid().not_null())
            .col(ColumnDef::new("kind").text().not_null())
            .col(ColumnDef::new("opens_at").big_integer().not_null())
            .col(ColumnDef::new("closes_at").big_integer().not_null())
            .col(ColumnDef::new("marker").text().not_null())
            .primary_key(Index::create().col("id"))
            .foreign_key(&mut reference("room", "case", "court_case"))
            .take(),
        Table::create()
            .table("membership")
            .col(ColumnDef::new("record").uuid().not_null())
            .col(ColumnDef::new("member").uuid().not_null())
            .col(ColumnDef::new("since_seq").big_integer().not_null())
            .col(ColumnDef::new("person").uuid().not_null())
            .col(ColumnDef::new("role").text().not_null())
            .col(ColumnDef::new("started_at").big_integer().not_null())
            .col(ColumnDef::new("until_seq").big_integer().null())
            .col(ColumnDef::new("ended_at").big_integer().null())
            .primary_key(Index::create().col("record").col("member").col("since_seq"))
            .foreign_key(&mut reference("membership", "person", "person"))
            .take(),
        Table::create()
            .table("read_mark")
            .col(ColumnDef::new("room").uuid().not_null())
            .col(ColumnDef::new("member").uuid().not_null())
            .col(ColumnDef::new("seq").big_integer().not_null())
            .primary_key(Index::create().col("room").col("member"))
            .take(),
    ]
}

fn files() -> Vec<TableCreateStatement> {
    vec![
        Table::create()
            .table("upload")
            .col(ColumnDef::new("id").uuid().not_null())
            .col(ColumnDef::new("person").uuid().not_null())
            .col(ColumnDef::new("name").text().not_null())
            .col(ColumnDef::new("length").big_integer().not_null())
            .col(ColumnDef::new("received").big_integer().not_null())
            .col(ColumnDef::new("created_at").big_integer().not_null())
            .col(ColumnDef::new("expires_at").big_integer().not_null())
            .col(ColumnDef::new("used").boolean().not_null())
            .col(ColumnDef::new("finished_at").big_integer().null())
            .col(ColumnDef::new("sha256").blob().null())
            .col(ColumnDef::new("size").big_integer().null())
            .col(ColumnDef::new("media_type").text().null())
            .col(ColumnDef::new("kind").text().null())
            .col(ColumnDef::new("width").big_integer().null())
            .col(ColumnDef::new("height").big_integer().null())
            .col(ColumnDef::new("seconds").double().null())
            .col(ColumnDef::new("warnings").text().null())
            .primary_key(Index::create().col("id"))
            .foreign_key(&mut reference("upload", "person", "person"))
            .take(),
        Table::create()
            .table("blob")
            .col(ColumnDef::new("sha256").blob().not_null())
            .col(ColumnDef::new("size").big_integer().not_null())
            .col(ColumnDef::new("media_type").text().not_null())
            .col(ColumnDef::new("created_at").big_integer().not_null())
            .primary_key(Index::create().col("sha256"))
            .take(),
        Table::create()
            .table("blob_use")
            .col(ColumnDef::new("record").uuid().not_null())
            .col(ColumnDef::new("upload").uuid().not_null())
            .col(ColumnDef::new("sha256").blob().not_null())
            .col(ColumnDef::new("size").big_integer().not_null())
            .primary_key(Index::create().col("record").col("upload"))
            .foreign_key(&mut reference("blob_use", "upload", "upload"))
            .take(),
        Table::create()
            .table("derived")
            .col(ColumnDef::new("original").blob().not_null())
            .col(ColumnDef::new("kind").text().not_null())
            .col(ColumnDef::new("copy").blob().not_null())
            .primary_key(Index::create().col("original").col("kind"))
            .take(),
    ]
}

fn work() -> Vec<TableCreateStatement> {
    vec![
        Table::create()
            .table("job")
            .col(ColumnDef::new("id").big_integer().not_null().auto_increment().primary_key())
            .col(ColumnDef::new("kind").text().not_null())
            .col(ColumnDef::new("payload").text().not_null())
            .col(ColumnDef::new("run_at").big_integer().not_null())
            .col(ColumnDef::new("attempts").integer().not_null())
            .col(ColumnDef::new("locked_until").big_integer().null())
            .col(ColumnDef::new("done_at").big_integer().null())
            .col(ColumnDef::new("last_error").text().null())
            .take(),
        Table::create()
            .table("meta")
            .col(ColumnDef::new("key").text().not_null())
            .col(ColumnDef::new("value").text().not_null())
            .primary_key(Index::create().col("key"))
            .take(),
    ]
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        unique("act_id", "act", &["id"]),
        unique("person_pseudonym", "person", &["pseudonym"]),
        unique("person_phone", "person", &["phone"]),
        unique("session_token", "session", &["token_hash"]),
        index("session_person", "session", &["person"]),
        index("session_revoked", "session", &["revoked_at"]).and_where(Expr::col("revoked_at").is_not_null()).take(),
        unique("login_code_alive", "login_code", &["phone", "purpose"])
            .and_where(Expr::col("dead_at").is_null())
            .take(),
        index("login_code_created", "login_code", &["created_at"]),
        index("sms_send_phone", "sms_send", &["phone", "at"]),
        index("sms_send_ip", "sms_send", &["ip", "at"]),
        index("sms_send_at", "sms_send", &["at"]),
        unique("court_case_number", "court_case", &["number"]),
        index("participant_case", "participant", &["case", "place"]),
        index("participant_person", "participant", &["person", "role"]),
        index("room_case", "room", &["case"]),
        index("membership_person", "membership", &["person", "role"]),
        index("upload_person", "upload", &["person"]),
        index("upload_expires", "upload", &["expires_at"]),
        index("job_due", "job", &["run_at", "id"]).and_where(Expr::col("done_at").is_null()).take(),
        index("job_done", "job", &["done_at"]).and_where(Expr::col("done_at").is_not_null()).take(),
    ]
}

fn index(name: &'static str, table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(name).table(table);
    for column in columns {
        index.col(*column);
    }
    index.take()
}

fn unique(name: &'static str, table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    index(name, table, columns).unique().take()
}

fn reference(table: &'static str, column: &'static str, to: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create().from(table, column).to(to, "id").take()
}
