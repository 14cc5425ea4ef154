//! 院庭长监督阅卷 (SR-23): somebody of the court's leadership reads a case in which they take no part, for a written reason and an hour. In every
//! room of the case it is an act that everybody there sees, the president is told, and what was read is what everybody may read.

mod list;
mod open;

pub use list::{OversightRoom, OversightView};
pub use open::{OversightOpened, OversightWish};

use court::{PersonId, Role};
use desk::{Acting, Desk, Problem};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(open::oversee, list::overseen))
}

/// Whether somebody may oversee now: by the policy, and by an office that they hold at this moment.
async fn may_oversee(desk: &Desk, acting: &Acting) -> Result<(), Problem> {
    let may = desk.policy.oversees(acting.role) && holds(desk, acting.person, acting.role).await?;
    if may { Ok(()) } else { Err(Problem::not_found()) }
}

async fn holds(desk: &Desk, person: PersonId, role: Role) -> Result<bool, Problem> {
    let offices = desk.store.offices_of(person).await?;
    Ok(offices.iter().any(|office| office.role == role.code() && office.is_held()))
}
