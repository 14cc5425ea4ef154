use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;

use crate::asking::{self, Account};
use crate::rim::NoBody;
use crate::{Desk, Problem, ProblemDocument};

/// Log out on this device.
#[utoipa::path(
    post, path = "/api/logout", operation_id = "logout", tag = "login",
    responses(
        (status = 204, description = "The session is over, here and in every open page"),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(super) async fn logout(
    State(desk): State<Desk>,
    account: Account,
    _: NoBody,
) -> Result<impl IntoResponse, Problem> {
    asking::end(&desk, account.session).await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, asking::clear_cookie(desk.config.secure()))]))
}
