//! Real-name verification, the files of it, and who looked at what is somebody's own.

/// One attempt of a person to show who they are.
pub(crate) mod verification {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "verification")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) person: Uuid,
        pub(crate) state: String,
        pub(crate) way: Option<String>,
        pub(crate) name: String,
        pub(crate) document_kind: String,
        pub(crate) document_sealed: Vec<u8>,
        pub(crate) notice: String,
        pub(crate) begun_at: i64,
        pub(crate) changed_at: i64,
        pub(crate) phone_at: Option<i64>,
        pub(crate) face_token: Option<String>,
        pub(crate) court: Option<String>,
        pub(crate) decided_at: Option<i64>,
        pub(crate) decided_by: Option<Uuid>,
        pub(crate) reason: Option<String>,
        pub(crate) expires_at: Option<i64>,
        pub(crate) accepted_at: Option<i64>,
        pub(crate) accepted: Option<String>,
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

/// A picture or a video that a reviewer looks at, encrypted under a key of its own.
pub(crate) mod verification_file {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "verification_file")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) verification: Uuid,
        pub(crate) part: String,
        pub(crate) media_type: String,
        pub(crate) sha256: Vec<u8>,
        pub(crate) size: i64,
        pub(crate) key_sealed: Vec<u8>,
        pub(crate) keep_until: i64,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Somebody of the court looked at what is a person's own.
pub(crate) mod sensitive_read {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "sensitive_read")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) at: i64,
        pub(crate) reader: Uuid,
        pub(crate) role: String,
        pub(crate) what: String,
        pub(crate) object: Uuid,
        pub(crate) person: Uuid,
        pub(crate) reason: String,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
