//! What search finds acts by. Derived from the record: it may be thrown away and made again.
//!
//! The words stand in the full-text index of each kind of database; everything else is the same table for both.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0002_search"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let postgres = manager.get_database_backend() == DbBackend::Postgres;
        let room = Table::create()
            .table("search_room")
            .col(ColumnDef::new("key").big_integer().not_null().auto_increment().primary_key())
            .col(ColumnDef::new("record").uuid().not_null())
            .col(ColumnDef::new("mark").big_integer().not_null())
            .take();
        let mut entry = Table::create();
        entry
            .table("search_entry")
            .col(ColumnDef::new("id").big_integer().not_null())
            .col(ColumnDef::new("at").big_integer().not_null())
            .col(ColumnDef::new("text").text().not_null())
            .primary_key(Index::create().col("id"));
        if postgres {
            entry.col(ColumnDef::new("words").custom("tsvector").not_null());
        }
        let day = Table::create()
            .table("search_day")
            .col(ColumnDef::new("key").big_integer().not_null())
            .col(ColumnDef::new("day").integer().not_null())
            .col(ColumnDef::new("member").uuid().not_null())
            .col(ColumnDef::new("first").big_integer().not_null())
            .col(ColumnDef::new("acts").big_integer().not_null())
            .primary_key(Index::create().col("key").col("day").col("member"))
            .take();
        for table in [room, entry.take(), day] {
            manager.create_table(table).await?;
        }
        let record = Index::create().name("search_room_record").table("search_room").col("record").unique().take();
        manager.create_index(record).await?;
        let words = if postgres {
            // Without a list of what is still to be sorted in, which every search would have to read through.
            "CREATE INDEX search_entry_words ON search_entry USING gin (words) WITH (fastupdate = off)"
        } else {
            // Tokens alone: the text is in `search_entry`. What parts the tokens is a space; the rest of ASCII never comes.
            "CREATE VIRTUAL TABLE search_words USING fts5 (words, content = '', columnsize = 0, detail = none, tokenize = 'ascii')"
        };
        manager.get_connection().execute_unprepared(words).await.map(|_| ())
    }
}
