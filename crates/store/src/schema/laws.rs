//! What the operator loads for everybody to look up.

/// The text of a law in one version.
pub(crate) mod law {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "law")]
    pub(crate) struct Model {
        #[sea_orm(primary_key)]
        pub(crate) id: i64,
        pub(crate) code: String,
        pub(crate) title: String,
        pub(crate) version: String,
        pub(crate) notes: String,
        pub(crate) sha256: Vec<u8>,
        pub(crate) articles: i32,
        pub(crate) imported_at: i64,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// An article; its id is that of its text in the index.
pub(crate) mod law_article {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "law_article")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: i64,
        pub(crate) law: i64,
        pub(crate) number: String,
        pub(crate) heading: String,
        pub(crate) text: String,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Where a court or one of its tribunals is.
pub(crate) mod court_place {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "court_place")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: i32,
        pub(crate) region: String,
        pub(crate) name: String,
        pub(crate) court: String,
        pub(crate) address: String,
        pub(crate) phone: String,
        pub(crate) latitude: Option<f64>,
        pub(crate) longitude: Option<f64>,
        pub(crate) coordinate: String,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
