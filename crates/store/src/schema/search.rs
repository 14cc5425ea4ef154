//! What search finds acts by.

/// A record under its short key, and up to which act it is in the index.
pub(crate) mod search_room {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "search_room")]
    pub(crate) struct Model {
        #[sea_orm(primary_key)]
        pub(crate) key: i64,
        pub(crate) record: Uuid,
        pub(crate) mark: i64,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The folded text of an act. On PostgreSQL the table has one more column, `words`, that only the index reads.
pub(crate) mod search_entry {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "search_entry")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: i64,
        pub(crate) at: i64,
        pub(crate) text: String,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// How many acts a member did on a day, and the first of them.
pub(crate) mod search_day {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "search_day")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) key: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) day: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) member: Uuid,
        pub(crate) first: i64,
        pub(crate) acts: i64,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
