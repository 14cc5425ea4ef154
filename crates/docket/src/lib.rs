//! The docket (案件登记): what a court's own system knows of its cases and people, brought in; and reports of cases that are missing.
//!
//! A file is read into rows ([`read`]), all of them are looked at, and only if every one is right the whole of it goes into the books,
//! in one transaction.

mod examples;
mod import;
mod missing;
pub mod read;

pub use examples::example;
pub use import::{Counts, ImportAnswer, Importing, NotImported, import};
pub use missing::{InboxReport, MissingCase, OwnReport, Reply, report_notice};

use std::sync::Arc;

use axum::Extension;
use desk::Desk;
use tokio::sync::Semaphore;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The wing's routes.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(import::import_file))
        .layer(Extension(Arc::new(Semaphore::new(1))))
        .merge(missing::routes())
}
