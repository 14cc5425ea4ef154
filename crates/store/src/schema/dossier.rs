//! The dossiers of cases, as a list.

/// A file in the dossier of a case.
pub(crate) mod dossier_entry {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "dossier_entry")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) case: Uuid,
        pub(crate) at: i64,
        pub(crate) folder: String,
        pub(crate) title: String,
        pub(crate) room: Uuid,
        pub(crate) content: String,
        pub(crate) filed: bool,
        pub(crate) kind: String,
        pub(crate) title_key: String,
        pub(crate) sender_key: String,
        pub(crate) withdrawn_at: Option<i64>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
