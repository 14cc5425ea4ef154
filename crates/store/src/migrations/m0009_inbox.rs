//! The inbox (消息): notifications, by which ways they were told, what people subscribed to, strong reminders.

use sea_orm_migration::prelude::*;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0009_inbox"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [notification(), delivery(), change(), choice(), push(), strong()] {
            manager.create_table(table).await?;
        }
        for (name, table, columns) in [
            ("notification_of", "notification", &["person", "role", "at"][..]),
            ("notification_act", "notification", &["record", "seq"]),
            ("notification_at", "notification", &["at"]),
            ("notification_delivery_of", "notification_delivery", &["person", "at"]),
            ("inbox_change_at", "inbox_change", &["at"]),
            ("push_subscription_of", "push_subscription", &["person"]),
            ("strong_reminder_at", "strong_reminder", &["at"]),
        ] {
            let mut index = Index::create();
            index.name(name).table(table);
            for column in columns {
                index.col(*column);
            }
            manager.create_index(index.take()).await?;
        }
        let once = Index::create()
            .name("push_subscription_endpoint")
            .table("push_subscription")
            .col("endpoint")
            .unique()
            .take();
        manager.create_index(once).await
    }
}

fn notification() -> TableCreateStatement {
    Table::create()
        .table("notification")
        .col(ColumnDef::new("id").uuid().not_null())
        .col(ColumnDef::new("person").uuid().not_null())
        // Empty: in whatever role.
        .col(ColumnDef::new("role").text().not_null())
        .col(ColumnDef::new("topic").text().not_null())
        // The room and the act, or the report and nought.
        .col(ColumnDef::new("record").uuid().not_null())
        .col(ColumnDef::new("seq").big_integer().not_null())
        .col(ColumnDef::new("at").big_integer().not_null())
        .col(ColumnDef::new("read_at").big_integer().null())
        .col(ColumnDef::new("cleared_at").big_integer().null())
        .primary_key(Index::create().col("id"))
        .take()
}

fn delivery() -> TableCreateStatement {
    Table::create()
        .table("notification_delivery")
        .col(ColumnDef::new("notification").uuid().not_null())
        .col(ColumnDef::new("way").text().not_null())
        // Which browser; nil for an SMS.
        .col(ColumnDef::new("target").uuid().not_null())
        .col(ColumnDef::new("person").uuid().not_null())
        .col(ColumnDef::new("at").big_integer().not_null())
        .primary_key(Index::create().col("notification").col("way").col("target"))
        .take()
}

fn change() -> TableCreateStatement {
    Table::create()
        .table("inbox_change")
        .col(ColumnDef::new("person").uuid().not_null())
        .col(ColumnDef::new("role").text().not_null())
        .col(ColumnDef::new("at").big_integer().not_null())
        .primary_key(Index::create().col("person").col("role"))
        .take()
}

fn choice() -> TableCreateStatement {
    Table::create()
        .table("inbox_choice")
        .col(ColumnDef::new("person").uuid().not_null())
        .col(ColumnDef::new("function").text().not_null())
        .col(ColumnDef::new("way").text().not_null())
        .col(ColumnDef::new("wanted").boolean().not_null())
        .primary_key(Index::create().col("person").col("function").col("way"))
        .take()
}

fn push() -> TableCreateStatement {
    Table::create()
        .table("push_subscription")
        .col(ColumnDef::new("id").uuid().not_null())
        .col(ColumnDef::new("person").uuid().not_null())
        .col(ColumnDef::new("session").uuid().not_null())
        .col(ColumnDef::new("endpoint").text().not_null())
        .col(ColumnDef::new("p256dh").blob().not_null())
        .col(ColumnDef::new("auth").blob().not_null())
        .col(ColumnDef::new("created_at").big_integer().not_null())
        .primary_key(Index::create().col("id"))
        .take()
}

fn strong() -> TableCreateStatement {
    Table::create()
        .table("strong_reminder")
        .col(ColumnDef::new("record").uuid().not_null())
        .col(ColumnDef::new("seq").big_integer().not_null())
        .col(ColumnDef::new("member").uuid().not_null())
        .col(ColumnDef::new("case").uuid().not_null())
        .col(ColumnDef::new("sender").uuid().not_null())
        .col(ColumnDef::new("recipient").uuid().not_null())
        .col(ColumnDef::new("at").big_integer().not_null())
        .col(ColumnDef::new("sent_at").big_integer().null())
        .primary_key(Index::create().col("record").col("seq").col("member"))
        .take()
}
