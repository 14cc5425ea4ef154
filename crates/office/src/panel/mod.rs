//! 审判组织: who hears a case, and how one of them leaves it (回避, 移交).

mod change;
mod view;

pub use change::PanelWish;
pub use view::{Candidate, FormerMember, PanelMember, PanelView};

use court::{CaseId, PersonId};
use desk::Desk;
use record::Hash;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(view::panel, change::change_panel)).routes(routes!(view::successors))
}

/// What a colleague is called in the choice of successors: nothing by which they could be found anywhere else (SR-15).
fn candidate(case: CaseId, person: PersonId) -> Uuid {
    let Hash(hash) = Hash::of(format!("successor\n{case}\n{person}").as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}
