//! The tree over all leaves.

/// A log of the court: the first, or the one that followed a restored backup.
pub(crate) mod tree_epoch {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "tree_epoch")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) epoch: i32,
        pub(crate) origin: String,
        pub(crate) key: String,
        pub(crate) begun_at: i64,
        pub(crate) reason: String,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Which act stands where in the tree.
pub(crate) mod tree_leaf {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "tree_leaf")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) epoch: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) idx: i64,
        pub(crate) record: Uuid,
        pub(crate) seq: i64,
        pub(crate) leaf: Vec<u8>,
        pub(crate) person: Option<Uuid>,
        pub(crate) member: Option<Uuid>,
        pub(crate) kind: String,
        pub(crate) at: i64,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// How far a record is in the tree.
pub(crate) mod tree_mark {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "tree_mark")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) epoch: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) record: Uuid,
        pub(crate) seq: i64,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Nodes of the tree.
pub(crate) mod tree_tile {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "tree_tile")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) epoch: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) level: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) idx: i64,
        pub(crate) nodes: Vec<u8>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What was signed.
pub(crate) mod tree_checkpoint {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "tree_checkpoint")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) epoch: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) size: i64,
        pub(crate) root: Vec<u8>,
        pub(crate) at: i64,
        pub(crate) note: String,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// That something in a record is missing or altered, or was.
pub(crate) mod integrity_incident {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "integrity_incident")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) record: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) what: String,
        pub(crate) found_at: i64,
        pub(crate) mended_at: Option<i64>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
