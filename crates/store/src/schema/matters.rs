//! Beside matters: drafts of answers, and who was reminded.

/// What somebody has begun to answer.
pub(crate) mod matter_draft {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "matter_draft")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) room: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) member: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) matter: Uuid,
        pub(crate) content: String,
        pub(crate) saved_at: i64,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// That somebody was reminded of a deadline.
pub(crate) mod matter_reminder {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "matter_reminder")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) matter: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) member: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) set_by: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) hours: i32,
        pub(crate) at: i64,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
