//! The tree over all leaves of the court: who stands where in it, its nodes in tiles, and every checkpoint that was signed.

use sea_orm_migration::prelude::*;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0010_tree"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in tables() {
            manager.create_table(table).await?;
        }
        let index = |name: &'static str, columns: &[&'static str]| {
            let mut index = Index::create();
            index.name(name).table("tree_leaf");
            for column in columns {
                index.col(*column);
            }
            index
        };
        manager.create_index(index("tree_leaf_act", &["epoch", "record", "seq"]).unique().take()).await?;
        manager.create_index(index("tree_leaf_person", &["epoch", "person", "idx"]).take()).await?;
        manager.create_index(index("tree_leaf_person_kind", &["epoch", "person", "kind", "idx"]).take()).await?;
        // Nodes that let the tree grow wait for each other at this row.
        let gate = Query::insert()
            .into_table("meta")
            .columns(["key", "value"])
            .values_panic(["tree.gate".into(), "".into()])
            .take();
        manager.execute(gate).await
    }
}

fn tables() -> Vec<TableCreateStatement> {
    vec![
        Table::create()
            .table("tree_epoch")
            .col(ColumnDef::new("epoch").integer().not_null())
            .col(ColumnDef::new("origin").text().not_null())
            // By what its signatures are verified.
            .col(ColumnDef::new("key").text().not_null())
            .col(ColumnDef::new("begun_at").big_integer().not_null())
            // Why the one before it ended; empty for the first.
            .col(ColumnDef::new("reason").text().not_null())
            .primary_key(Index::create().col("epoch"))
            .take(),
        // Who acted stands here too, so that the busiest table needs no index by person.
        Table::create()
            .table("tree_leaf")
            .col(ColumnDef::new("epoch").integer().not_null())
            .col(ColumnDef::new("idx").big_integer().not_null())
            .col(ColumnDef::new("record").uuid().not_null())
            .col(ColumnDef::new("seq").big_integer().not_null())
            .col(ColumnDef::new("leaf").blob().not_null())
            .col(ColumnDef::new("person").uuid().null())
            .col(ColumnDef::new("member").uuid().null())
            .col(ColumnDef::new("kind").text().not_null())
            .col(ColumnDef::new("at").big_integer().not_null())
            .primary_key(Index::create().col("epoch").col("idx"))
            .take(),
        // How far each record is in the tree.
        Table::create()
            .table("tree_mark")
            .col(ColumnDef::new("epoch").integer().not_null())
            .col(ColumnDef::new("record").uuid().not_null())
            .col(ColumnDef::new("seq").big_integer().not_null())
            .primary_key(Index::create().col("epoch").col("record"))
            .take(),
        Table::create()
            .table("tree_tile")
            .col(ColumnDef::new("epoch").integer().not_null())
            .col(ColumnDef::new("level").integer().not_null())
            .col(ColumnDef::new("idx").big_integer().not_null())
            .col(ColumnDef::new("nodes").blob().not_null())
            .primary_key(Index::create().col("epoch").col("level").col("idx"))
            .take(),
        Table::create()
            .table("tree_checkpoint")
            .col(ColumnDef::new("epoch").integer().not_null())
            .col(ColumnDef::new("size").big_integer().not_null())
            .col(ColumnDef::new("root").blob().not_null())
            .col(ColumnDef::new("at").big_integer().not_null())
            .col(ColumnDef::new("note").text().not_null())
            .primary_key(Index::create().col("epoch").col("size"))
            .take(),
    ]
}
