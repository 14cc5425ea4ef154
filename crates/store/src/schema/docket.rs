//! What a court's own system brings, and reports of cases that are missing.

/// A program of the court that may do one thing.
pub(crate) mod integration {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "integration")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) name: String,
        pub(crate) scope: String,
        pub(crate) token_hash: Vec<u8>,
        pub(crate) created_at: i64,
        pub(crate) expires_at: i64,
        pub(crate) last_used_at: Option<i64>,
        pub(crate) revoked_at: Option<i64>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// One import, to be audited.
pub(crate) mod import_run {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "import_run")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) at: i64,
        pub(crate) source: String,
        pub(crate) form: String,
        pub(crate) sha256: Vec<u8>,
        pub(crate) bytes: i64,
        pub(crate) rows: i64,
        pub(crate) changes: String,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Somebody misses a case.
pub(crate) mod missing_case {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "missing_case")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) person: Uuid,
        pub(crate) number: String,
        pub(crate) number_key: String,
        pub(crate) court: String,
        pub(crate) remark: String,
        pub(crate) created_at: i64,
        pub(crate) handled_at: Option<i64>,
        pub(crate) handled_by: Option<Uuid>,
        pub(crate) reply: Option<String>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {
        #[sea_orm(
            belongs_to = "crate::schema::person::Entity",
            from = "Column::Person",
            to = "crate::schema::person::Column::Id"
        )]
        Person,
    }

    impl Related<crate::schema::person::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Person.def()
        }
    }

    impl ActiveModelBehavior for ActiveModel {}
}
