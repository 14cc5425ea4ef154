//! Records: acts, where each record stands, answers by idempotency key, snapshots.

/// Where a record stands.
pub(crate) mod record {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "record")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) head_seq: i64,
        pub(crate) head_leaf: Vec<u8>,
        pub(crate) last_at: i64,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// One act.
pub(crate) mod act {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "act")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) record: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) seq: i64,
        pub(crate) id: Uuid,
        pub(crate) at: i64,
        pub(crate) person: Option<Uuid>,
        pub(crate) pseudonym: String,
        pub(crate) member: Option<Uuid>,
        pub(crate) capacity: String,
        pub(crate) kind: String,
        pub(crate) body: String,
        pub(crate) body_salt: Vec<u8>,
        pub(crate) audience: String,
        pub(crate) audience_salt: Vec<u8>,
        pub(crate) leaf: Vec<u8>,
        pub(crate) prev: Vec<u8>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What a creating request was answered.
pub(crate) mod answer {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "answer")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) slot: Vec<u8>,
        pub(crate) person: Uuid,
        pub(crate) key: String,
        pub(crate) request: Vec<u8>,
        pub(crate) response: String,
        pub(crate) at: i64,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The newest kept state of a record.
pub(crate) mod snapshot {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "snapshot")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) record: Uuid,
        pub(crate) seq: i64,
        pub(crate) state: String,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
