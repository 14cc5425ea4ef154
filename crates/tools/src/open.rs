//! What everybody may use without login: counted by the address that it comes from.

use axum::Extension;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use desk::{Desk, Problem, Visitor};

use crate::pace::AddressPace;

/// Somebody who uses what is open to all. To be reached only as often as [`AddressPace::light`] allows.
pub(crate) struct Anybody;

impl FromRequestParts<Desk> for Anybody {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, desk: &Desk) -> Result<Anybody, Problem> {
        let Ok(visitor) = Visitor::from_request_parts(parts, desk).await;
        let pace = Extension::<AddressPace>::from_request_parts(parts, desk).await.map_err(|_| Problem::internal())?;
        pace.step(visitor.network(), desk.now())?;
        Ok(Anybody)
    }
}
