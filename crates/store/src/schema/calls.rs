//! Virtual calls.

/// The number that was lent to a call, and what the telephone service told of it.
pub(crate) mod phone_call {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "phone_call")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) room: Uuid,
        pub(crate) begun_at: i64,
        pub(crate) binding: Option<String>,
        pub(crate) number: Option<String>,
        pub(crate) rang_at: Option<i64>,
        pub(crate) answered_at: Option<i64>,
        pub(crate) result: Option<String>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
