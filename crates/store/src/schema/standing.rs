//! How people stand in cases: mandates, consents, where papers are sent.

/// A mandate, or an application for one.
pub(crate) mod mandate {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "mandate")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) applicant: Uuid,
        pub(crate) agent: Uuid,
        pub(crate) agent_name: String,
        pub(crate) number: String,
        pub(crate) number_key: String,
        pub(crate) party_name: String,
        pub(crate) party: Option<Uuid>,
        pub(crate) case: Option<Uuid>,
        pub(crate) record: Option<Uuid>,
        pub(crate) member: Option<Uuid>,
        pub(crate) scope: String,
        pub(crate) powers: i32,
        pub(crate) upload: Uuid,
        pub(crate) status: String,
        pub(crate) reason: Option<String>,
        pub(crate) created_at: i64,
        pub(crate) changed_at: i64,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Somebody who says that they act for others before courts.
pub(crate) mod agent_profile {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "agent_profile")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) person: Uuid,
        pub(crate) kind: String,
        pub(crate) since: i64,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// That somebody looked for an agent.
pub(crate) mod agent_check {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "agent_check")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) person: Uuid,
        pub(crate) at: i64,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What somebody agreed to in a room.
pub(crate) mod consent {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "consent")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) record: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) member: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) what: String,
        pub(crate) person: Uuid,
        pub(crate) role: String,
        pub(crate) case: Uuid,
        pub(crate) title: String,
        pub(crate) version: String,
        pub(crate) sha256: Vec<u8>,
        pub(crate) stage: String,
        pub(crate) method: String,
        pub(crate) state: String,
        pub(crate) reason: Option<String>,
        pub(crate) seq: i64,
        pub(crate) given_at: i64,
        pub(crate) changed_at: i64,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A version of a person's list of addresses, sealed.
pub(crate) mod domicile {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "domicile")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) person: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) version: i32,
        pub(crate) commitment: Vec<u8>,
        pub(crate) vault_key: Uuid,
        pub(crate) sealed: Vec<u8>,
        pub(crate) created_at: i64,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Which version somebody confirmed for a case.
pub(crate) mod domicile_confirmed {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "domicile_confirmed")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) case: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) member: Uuid,
        pub(crate) person: Uuid,
        pub(crate) record: Uuid,
        pub(crate) version: i32,
        pub(crate) at: i64,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
