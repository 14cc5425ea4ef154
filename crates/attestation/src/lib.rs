//! Proof (行为存证): the court's log that signs what the record amounts to, and the receipts that anybody can verify.
//!
//! [`CourtLog`] works behind the record: acts are durable and acknowledged before it looks at them. It reads each act again, recomputes its leaf,
//! puts it into the tree and signs a checkpoint; what is not what was acknowledged is never signed.

mod checkpoint;
mod incidents;
mod kept;
mod log;
mod own;
mod prove;
mod receipt;
mod run;
mod scrub;
mod witnesses;

pub use incidents::{IncidentView, IncidentsView};
pub use kept::Kept;
pub use log::{CourtLog, Step, Trouble};
pub use own::{OwnAct, OwnActsPage};
pub use prove::{Proving, prove};
pub use receipt::receipt_of;
pub use scrub::scrub;
pub use witnesses::Witness;

use desk::Desk;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The wing's routes.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(checkpoint::checkpoint))
        .routes(routes!(checkpoint::checkpoint_key))
        .routes(routes!(receipt::receipt))
        .routes(routes!(own::own_acts))
        .routes(routes!(incidents::incidents))
}
