use axum::Json as Reply;
use axum::extract::State;
use axum::http::StatusCode;
use court::beijing;
use desk::rim::Json;
use desk::{Account, Desk, Problem, ProblemDocument};
use record::Hash;
use serde::{Deserialize, Serialize};
use tracing::info;
use utoipa::ToSchema;

use super::role_label;

/// The code of an invitation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InvitationCode {
    #[schema(min_length = 1, max_length = 100)]
    pub code: String,
}

/// The office that was accepted.
#[derive(Debug, Serialize, ToSchema)]
pub struct Accepted {
    pub role: String,
    pub role_label: String,
}

/// The code is not printed.
impl std::fmt::Debug for InvitationCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("InvitationCode")
    }
}

/// Accept the office that I was invited to, with the code that I was given. It works once, for the account with the number that was invited.
#[utoipa::path(
    post, path = "/api/staff/accept", operation_id = "accept_office", tag = "office",
    request_body = InvitationCode,
    responses(
        (status = 200, description = "Accepted: the role can be chosen now", body = Accepted),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "`invitation_invalid`", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(super) async fn accept_office(
    State(desk): State<Desk>,
    account: Account,
    Json(asked): Json<InvitationCode>,
) -> Result<Reply<Accepted>, Problem> {
    let code = Hash::of(asked.code.trim().as_bytes());
    let now = beijing::micros(desk.now());
    let accepted = desk.store.accept_office(account.person, code, now).await?.ok_or_else(|| {
        let detail = "邀请码不正确、已使用、已过期，或者不是发给本账号手机号码的。请向邀请人核对。";
        Problem::new(StatusCode::CONFLICT, "invitation_invalid", detail)
    })?;
    info!(office.id = %accepted.id, person.id = %account.person, "An office was accepted");
    Ok(Reply(Accepted { role_label: role_label(&accepted.role), role: accepted.role }))
}
