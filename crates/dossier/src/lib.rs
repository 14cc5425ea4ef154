//! The dossier of a case (电子卷宗), as it is read: the bench's list of it, what is shared into a room, and the pages of both.
//!
//! What is done with it are acts (`dossier.file`, `dossier.share`, `dossier.open` …) and needs nothing here. Pages are read by an act of
//! opening: who has not opened gets none, and every address of a page hangs from that act.

mod entry;
mod list;
mod pages;
mod reader;
mod share;
mod shares;
mod sight;

pub use entry::{EntryDetail, EntryView, LiveShare};
pub use list::{DossierRoom, DossierView};
pub use shares::{OpeningView, ShareView, SharesView};
pub use sight::DossierSight;

use desk::Desk;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The wing's routes.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(list::dossier))
        .routes(routes!(entry::dossier_entry))
        .routes(routes!(pages::dossier_pages))
        .routes(routes!(pages::dossier_page))
        .routes(routes!(pages::dossier_file))
        .routes(routes!(shares::shares))
        .routes(routes!(share::share_pages))
        .routes(routes!(share::share_page))
}
