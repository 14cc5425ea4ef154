//! The court's office: its staff and their offices, who hears a case, who looks at a case from outside; and what the court owes everybody
//! who has an account: an answer to what they write about the program.

mod feedback;
mod once;
mod oversight;
mod panel;
mod staff;

pub use feedback::{FeedbackAnswerView, FeedbackInQueue, FeedbackReply, FeedbackTaken, FeedbackView, FeedbackWish};
pub use oversight::{OversightOpened, OversightRoom, OversightView, OversightWish};
pub use panel::{Candidate, FormerMember, PanelMember, PanelView, PanelWish};
pub use staff::{Accepted, InvitationCode, Invited, OfficeState, StaffView, StaffWish, invite};

use desk::Desk;
use utoipa_axum::router::OpenApiRouter;

/// The wing's routes.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .merge(feedback::routes())
        .merge(oversight::routes())
        .merge(panel::routes())
        .merge(staff::routes())
}
