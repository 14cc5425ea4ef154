//! The domain of an online court, pure: no clock, no database, no async.
//!
//! [`act`] is the table of contents of everything that can happen. [`act::decide`] says whether it may, [`Room::fold`] what follows;
//! `policy.toml` is read by [`Policy`], and [`Audience`] says who sees an act. Each subject has its file.

pub mod act;
pub mod agency;
mod audience;
pub mod beijing;
pub mod call;
mod capacity;
mod case;
pub mod consent;
pub mod contact;
pub mod domicile;
pub mod dossier;
mod found;
mod ids;
pub mod inbox;
pub mod location;
pub mod matter;
pub mod member;
pub mod notice;
pub mod oversight;
pub mod panel;
mod policy;
mod private;
mod refusal;
mod room;
pub mod signature;
pub mod sitting;
pub mod speech;
pub mod transcript;
pub mod view;

pub use act::{Act, Actor, Decided, Facts, Kind, Proposal, Report, Scene};
pub use audience::{Audience, Viewer};
pub use call::OnCall;
pub use capacity::{Capacity, Group, Role};
pub use case::{CaseFile, CaseStage, CaseStatus, CaseTitle, Participant, folded};
pub use ids::{
    ActId, CaseId, EntryId, IntegrationId, MandateId, MemberId, PersonId, ReportId, RoomId, SessionId, UploadId,
};
pub use inbox::Topic;
pub use location::Extent;
pub use member::Member;
pub use notice::Notice;
pub use policy::{Effect, Operation, Policy, PolicyError, Relation};
pub use private::PrivateMessages;
pub use refusal::{Refusal, Why};
pub use room::{Line, Room};
pub use sitting::{Phase, SittingKind};
pub use speech::{File, FileKind};
