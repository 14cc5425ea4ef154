//! People, their sessions, and the codes that are sent to them.

/// A natural person with an account.
pub(crate) mod person {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "person")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) pseudonym: String,
        pub(crate) name: String,
        /// Empty: it stood in clear here, and goes with a later release.
        pub(crate) phone: String,
        pub(crate) phone_sealed: Option<Vec<u8>>,
        pub(crate) phone_index: Option<Vec<u8>>,
        pub(crate) document_kind: Option<String>,
        pub(crate) document_sealed: Option<Vec<u8>>,
        pub(crate) document_index: Option<Vec<u8>>,
        pub(crate) verified: bool,
        pub(crate) created_at: i64,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// One login.
pub(crate) mod session {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "session")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) token_hash: Vec<u8>,
        pub(crate) person: Uuid,
        pub(crate) role: Option<String>,
        pub(crate) kind: String,
        pub(crate) created_at: i64,
        pub(crate) last_seen_at: i64,
        pub(crate) expires_at: i64,
        pub(crate) idle_expires_at: i64,
        pub(crate) revoked_at: Option<i64>,
        pub(crate) agent: String,
        pub(crate) ip: String,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {
        #[sea_orm(belongs_to = "super::person::Entity", from = "Column::Person", to = "super::person::Column::Id")]
        Person,
    }

    impl Related<super::person::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Person.def()
        }
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// One code sent by SMS.
pub(crate) mod login_code {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "login_code")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) request: Uuid,
        /// The number's blind index.
        pub(crate) phone: String,
        pub(crate) purpose: String,
        pub(crate) code_hash: Vec<u8>,
        pub(crate) salt: Vec<u8>,
        pub(crate) created_at: i64,
        pub(crate) expires_at: i64,
        pub(crate) tries: i32,
        pub(crate) dead_at: Option<i64>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// One message sent, to be counted.
pub(crate) mod sms_send {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "sms_send")]
    pub(crate) struct Model {
        #[sea_orm(primary_key)]
        pub(crate) id: i64,
        /// The number's blind index.
        pub(crate) phone: String,
        pub(crate) ip: String,
        pub(crate) at: i64,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
