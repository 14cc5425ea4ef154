//! Files: on their way in, kept, used and derived.

/// A file on its way in.
pub(crate) mod upload {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "upload")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) person: Uuid,
        pub(crate) name: String,
        pub(crate) length: i64,
        pub(crate) received: i64,
        pub(crate) created_at: i64,
        pub(crate) expires_at: i64,
        pub(crate) used: bool,
        pub(crate) purpose: String,
        pub(crate) finished_at: Option<i64>,
        pub(crate) sha256: Option<Vec<u8>>,
        pub(crate) size: Option<i64>,
        pub(crate) media_type: Option<String>,
        pub(crate) kind: Option<String>,
        pub(crate) width: Option<i64>,
        pub(crate) height: Option<i64>,
        pub(crate) seconds: Option<f64>,
        pub(crate) warnings: Option<String>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A file as it is kept.
pub(crate) mod blob {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "blob")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) sha256: Vec<u8>,
        pub(crate) size: i64,
        pub(crate) media_type: String,
        pub(crate) created_at: i64,
        pub(crate) kept: bool,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A file that a record uses.
pub(crate) mod blob_use {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "blob_use")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) record: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) upload: Uuid,
        pub(crate) sha256: Vec<u8>,
        pub(crate) size: i64,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A copy derived from a file, or why there is none.
pub(crate) mod derived_copy {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "derived_copy")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) original: Vec<u8>,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) kind: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) n: i64,
        pub(crate) copy: Option<Vec<u8>>,
        pub(crate) media_type: Option<String>,
        pub(crate) size: Option<i64>,
        pub(crate) answer: Option<String>,
        pub(crate) failed: Option<String>,
        pub(crate) code: Option<String>,
        pub(crate) detail: Option<String>,
        pub(crate) tries: i32,
        pub(crate) at: i64,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A file whose upload nobody used in its time.
pub(crate) mod orphan_blob {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "orphan_blob")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) sha256: Vec<u8>,
        pub(crate) since: i64,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
