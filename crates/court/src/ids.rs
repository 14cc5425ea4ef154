//! The kinds of identifiers, in one alphabetical list.
//!
//! An id is a random or time-ordered 128-bit UUID; nothing about a person or a case can be read off it or guessed from it
//! (security requirement SR-05).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    )+};
}

ids! {
    /// One act (诉讼行为). UUIDv7, made by the server.
    ActId,
    /// A case (案件).
    CaseId,
    /// A file in the dossier (卷宗) of a case. Made of the act that brought it there.
    EntryId,
    /// A program of the court that may do one thing, by its token.
    IntegrationId,
    /// What an agent may do for a party (委托), or an application for it; the same in every room of the case.
    MandateId,
    /// A person in one capacity in one case (诉讼参与人); as a member of a room the id stays the same.
    MemberId,
    /// A natural person with an account (专用账号).
    PersonId,
    /// A report that a case is missing (案件缺失反馈).
    ReportId,
    /// A room: the record in which people meet. The record of a room has the same id.
    RoomId,
    /// One login of one person on one device, or one token of a program.
    SessionId,
    /// A file on its way in, and afterwards the name under which its sender may refer to it.
    UploadId,
}
