//! Who may see an act. Fixed when the act is appended and applied by [`Audience::includes`] alone: in HTTP, live feed, search,
//! transcript and export.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Capacity, MemberId, Policy};

/// Those who may see an act, besides the one who did it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Every member of the room.
    #[default]
    Everyone,
    /// The capacities that policy calls the bench.
    Bench,
    /// These members only.
    Members(BTreeSet<MemberId>),
}

/// Somebody who looks: what the decision needs to know about them.
#[derive(Clone, Copy, Debug)]
pub struct Viewer {
    pub member: MemberId,
    pub capacity: Capacity,
}

impl Audience {
    /// Whether this viewer may see an act of `actor` that has this audience.
    pub fn includes(&self, viewer: Viewer, actor: MemberId, policy: &Policy) -> bool {
        viewer.member == actor
            || match self {
                Audience::Everyone => true,
                Audience::Bench => policy.is_bench(viewer.capacity),
                Audience::Members(members) => members.contains(&viewer.member),
            }
    }
}
