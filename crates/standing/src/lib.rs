//! How people stand in cases (诉讼地位): who may act for whom, what each agreed to, and where papers are sent to them.
//!
//! What is decided about it are acts in the rooms of a case. Here is what needs more than acts: applying without being a member of anything yet,
//! bringing what was decided into every room of the case, and the lists of one's own.

mod agents;
mod apply;
mod carry;
mod consents;
mod domiciles;
mod mine;
mod papers;
mod queue;
mod room;

pub use agents::{AgentKind, AgentProfile, CheckAgent, CheckedAgent};
pub use apply::{ApplyAgency, NamedAgent};
pub use carry::{awaited, carry, spread};
pub use consents::{ConsentItem, ConsentsView, KeptConsent, MemberConsents, MyConsents};
pub use domiciles::{DomicileView, MemberDomicile};
pub use mine::{MandateView, MyAgency};
pub use queue::QueuedMandate;
pub use room::{RoomAgency, RoomMandate};

use desk::Desk;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The wing's routes.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(mine::my_agency))
        .routes(routes!(apply::apply_agency))
        .routes(routes!(agents::check_agent))
        .routes(routes!(agents::register_agent))
        .routes(routes!(queue::agency_queue))
        .routes(routes!(room::agency))
        .routes(routes!(papers::agency_pages))
        .routes(routes!(papers::agency_page))
        .routes(routes!(consents::my_consents))
        .routes(routes!(consents::consents))
        .routes(routes!(domiciles::my_domicile, domiciles::put_domicile))
        .routes(routes!(domiciles::domiciles))
}
