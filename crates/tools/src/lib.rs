//! Tools (实用工具) that people use for themselves: nothing here is an act, nothing comes into a record, and what they bring is theirs
//! alone until it is deleted.

mod offered;
mod pace;
mod sign;
mod text;

pub use offered::{OfferedTools, Tool};
pub use sign::{PlacedSignature, SignPage, SignPages, SignWanted, SignedFile};
pub use text::{TextLine, TextRead, TextWanted, TextWord};

use axum::Extension;
use desk::Desk;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The wing's routes.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(offered::tools))
        .routes(routes!(text::read_text))
        .routes(routes!(sign::pages::sign_pages))
        .routes(routes!(sign::pages::sign_page))
        .routes(routes!(sign::place::sign_file))
        .routes(routes!(sign::file::signed_file))
        .layer(Extension(pace::Pace::default()))
}
