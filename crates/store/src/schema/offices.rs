//! The court's staff, and who read a case from outside.

/// An office of the court that somebody was given.
pub(crate) mod office {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "office")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) person: Uuid,
        pub(crate) role: String,
        pub(crate) invited_at: i64,
        pub(crate) invited_by: Option<Uuid>,
        pub(crate) code_hash: Option<Vec<u8>>,
        pub(crate) expires_at: i64,
        pub(crate) accepted_at: Option<i64>,
        pub(crate) ended_at: Option<i64>,
        pub(crate) ended_by: Option<Uuid>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Somebody read the rooms of a case from outside.
pub(crate) mod oversight {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "oversight")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) case: Uuid,
        pub(crate) person: Uuid,
        pub(crate) role: String,
        pub(crate) reason: String,
        pub(crate) began_at: i64,
        pub(crate) until: i64,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
