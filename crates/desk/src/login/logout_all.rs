use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;

use crate::asking::{self, Account};
use crate::rim::NoBody;
use crate::{Desk, Problem, ProblemDocument};

/// Log out everywhere: every browser and every program's token of this person.
#[utoipa::path(
    post, path = "/api/logout/all", operation_id = "logout_all", tag = "login",
    responses(
        (status = 204, description = "Every session of this person is over"),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(super) async fn logout_all(
    State(desk): State<Desk>,
    account: Account,
    _: NoBody,
) -> Result<impl IntoResponse, Problem> {
    asking::end_all(&desk, account.person).await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, asking::clear_cookie(desk.config.secure()))]))
}
