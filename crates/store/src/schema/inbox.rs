//! The inbox: notifications and the ways by which they are told.

/// Something that somebody must notice.
pub(crate) mod notification {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "notification")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) person: Uuid,
        pub(crate) role: String,
        pub(crate) topic: String,
        pub(crate) record: Uuid,
        pub(crate) seq: i64,
        pub(crate) at: i64,
        pub(crate) read_at: Option<i64>,
        pub(crate) cleared_at: Option<i64>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// That something was told by a way other than the app.
pub(crate) mod notification_delivery {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "notification_delivery")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) notification: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) way: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) target: Uuid,
        pub(crate) person: Uuid,
        pub(crate) at: i64,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// When somebody last changed what they have read, for the other nodes.
pub(crate) mod inbox_change {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "inbox_change")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) person: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) role: String,
        pub(crate) at: i64,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Whether somebody wants to be told of something by some way.
pub(crate) mod inbox_choice {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "inbox_choice")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) person: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) function: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) way: String,
        pub(crate) wanted: bool,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A browser that may be woken.
pub(crate) mod push_subscription {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "push_subscription")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) person: Uuid,
        pub(crate) session: Uuid,
        pub(crate) endpoint: String,
        pub(crate) p256dh: Vec<u8>,
        pub(crate) auth: Vec<u8>,
        pub(crate) created_at: i64,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A strong reminder that was granted.
pub(crate) mod strong_reminder {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "strong_reminder")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) record: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) seq: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) member: Uuid,
        pub(crate) case: Uuid,
        pub(crate) sender: Uuid,
        pub(crate) recipient: Uuid,
        pub(crate) at: i64,
        pub(crate) sent_at: Option<i64>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
