//! The code that comes to one's own number.

use axum::extract::State;
use axum::http::StatusCode;
use connect::sms::SmsTemplate;
use desk::login::{CodeSent, check_own_code, send_own_code};
use desk::rim::{Json, NoBody, Path};
use desk::{Account, Desk, Problem, ProblemDocument};
use serde::Deserialize;
use store::Stage;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::attempt::{over, own};

/// The code that came.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowCode {
    #[schema(max_length = 12, example = "000000")]
    code: String,
}

/// Get a code by SMS to my own number, good for this verification alone.
#[utoipa::path(
    post, path = "/api/identity/verifications/{verification}/code", operation_id = "verification_code", tag = "identity",
    params(("verification" = String, Path, description = "Id of my attempt")),
    responses(
        (status = 202, description = "A code is on its way", body = CodeSent),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such attempt of the caller", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "`verification_over`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 429, description = "`sms_too_often`, with Retry-After", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "Try again", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn verification_code(
    State(desk): State<Desk>,
    account: Account,
    Path(id): Path<Uuid>,
    _: NoBody,
) -> Result<(StatusCode, Json<CodeSent>), Problem> {
    let row = own(&desk, &account, id).await?;
    if row.stage != Stage::Begun {
        return Err(over());
    }
    let sent = send_own_code(&desk, &account, &purpose(id), SmsTemplate::IdentityCode).await?;
    Ok((StatusCode::ACCEPTED, Json(sent)))
}

/// Show the code that came to my number.
#[utoipa::path(
    put, path = "/api/identity/verifications/{verification}/code", operation_id = "verify_phone", tag = "identity",
    params(("verification" = String, Path, description = "Id of my attempt")),
    request_body = ShowCode,
    responses(
        (status = 204, description = "The number is mine"),
        (status = 401, description = "`code_wrong`; or not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such attempt of the caller", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "`verification_over`", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn verify_phone(
    State(desk): State<Desk>,
    account: Account,
    Path(id): Path<Uuid>,
    Json(shown): Json<ShowCode>,
) -> Result<StatusCode, Problem> {
    let row = own(&desk, &account, id).await?;
    if row.stage != Stage::Begun {
        return Err(over());
    }
    check_own_code(&desk, &account, &purpose(id), &shown.code).await?;
    if !desk.store.note_verified_phone(id, court::beijing::micros(desk.now())).await? {
        return Err(over());
    }
    Ok(StatusCode::NO_CONTENT)
}

/// A code for one attempt is none for another, and none for logging in (SR-03).
fn purpose(id: Uuid) -> String {
    format!("identity {id}")
}
