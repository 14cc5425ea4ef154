//! 人员: the court's staff, each with an office that they were invited to and have accepted themselves. An office that has ended takes its role
//! away, and every session with it, at once.

mod accept;
mod end;
mod invite;
mod list;

pub use accept::{Accepted, InvitationCode};
pub use invite::{Invited, StaffWish, invite};
pub use list::{OfficeState, StaffView};

use court::Role;
use desk::{Acting, Desk, Problem};
use store::OfficeRow;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(list::staff, invite::invite_staff))
        .routes(routes!(end::end_staff))
        .routes(routes!(accept::accept_office))
}

/// Whether somebody keeps the list of staff now: by the policy, and by an office that they hold at this moment.
async fn may_administer(desk: &Desk, acting: &Acting) -> Result<(), Problem> {
    let offices = desk.store.offices_of(acting.person).await?;
    let held = |office: &OfficeRow| office.role == acting.role.code() && office.is_held();
    if desk.policy.administers(acting.role) && offices.iter().any(held) { Ok(()) } else { Err(Problem::not_found()) }
}

fn role_label(code: &str) -> String {
    Role::from_code(code).map(Role::label).unwrap_or_default().to_owned()
}
