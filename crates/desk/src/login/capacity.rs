use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use court::Role;
use serde::Deserialize;
use utoipa::ToSchema;

use super::me;
use crate::asking::{self, Account, Visitor};
use crate::rim::Json;
use crate::{Desk, Problem, ProblemDocument, metrics};

/// What to act as from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChooseCapacity {
    capacity: Role,
}

/// Choose what to act as.
///
/// A browser gets a new cookie; the old one, and the live sockets opened with it, are over (SR-07).
#[utoipa::path(
    put, path = "/api/me/capacity", operation_id = "choose_capacity", tag = "login",
    request_body = ChooseCapacity,
    responses(
        (status = 200, description = "The session acts in this role", body = me::Me),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "`role_not_yours`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "`unknown_kind`, `unknown_field`, `malformed`", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(super) async fn choose_capacity(
    State(desk): State<Desk>,
    account: Account,
    visitor: Visitor,
    Json(choose): Json<ChooseCapacity>,
) -> Result<Response, Problem> {
    let role = choose.capacity;
    if !me::roles(&desk, account.person).await?.iter().any(|choice| choice.role() == role) {
        metrics::denied("role_not_yours");
        let detail = format!("您没有“{}”身份，请从列出的身份中选择。", role.label());
        return Err(Problem::new(StatusCode::FORBIDDEN, "role_not_yours", detail));
    }
    let person = desk.store.person(account.person).await?.ok_or_else(Problem::not_logged_in)?;
    // The same role again is no change, and needs no new token.
    let cookie =
        if account.role == Some(role) { None } else { asking::change_role(&desk, &account, role, &visitor).await? };
    let me = me::of(&desk, person, Some(role)).await?;
    Ok((AppendHeaders(cookie.map(|cookie| (header::SET_COOKIE, cookie))), Json(me)).into_response())
}
