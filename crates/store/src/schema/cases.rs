//! Cases, rooms, and who takes part.

/// A case.
pub(crate) mod court_case {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "court_case")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) number: String,
        pub(crate) title: String,
        pub(crate) cause: String,
        pub(crate) court: String,
        pub(crate) stage: String,
        pub(crate) filed_on: String,
        pub(crate) status: String,
        pub(crate) number_key: String,
        pub(crate) search: String,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A person in one capacity in one case.
pub(crate) mod participant {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "participant")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) case: Uuid,
        pub(crate) person: Uuid,
        pub(crate) place: i64,
        pub(crate) name: String,
        pub(crate) acting: Option<String>,
        pub(crate) capacity: String,
        pub(crate) role: String,
        pub(crate) ended_at: Option<i64>,
        pub(crate) search: String,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A room, as lists show it.
pub(crate) mod room {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "room")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) case: Uuid,
        pub(crate) kind: String,
        pub(crate) opens_at: i64,
        pub(crate) closes_at: i64,
        pub(crate) marker: String,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A person in a room, from one act to another.
pub(crate) mod membership {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "membership")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) record: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) member: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) since_seq: i64,
        pub(crate) person: Uuid,
        pub(crate) role: String,
        pub(crate) started_at: i64,
        pub(crate) until_seq: Option<i64>,
        pub(crate) ended_at: Option<i64>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Up to which act a member has read.
pub(crate) mod read_mark {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "read_mark")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) room: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) member: Uuid,
        pub(crate) seq: i64,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
