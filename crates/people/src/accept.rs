use axum::extract::State;
use axum::http::StatusCode;
use desk::rim::{Json, Path};
use desk::{Account, Desk, Problem, ProblemDocument};
use record::Hash;
use serde::Deserialize;
use serde_json::json;
use store::Stage;
use tracing::info;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::attempt::{conflict, over, own};

/// Which text I sign.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptNotice {
    version: String,
    /// SHA-256 of the text that I have read.
    #[schema(value_type = String)]
    sha256: Hash,
}

/// Agree to 《微法院告知书》 and sign it with my reserved signature (同意并签名). It is kept which text, to the byte, and which version of the signature.
#[utoipa::path(
    post, path = "/api/identity/verifications/{verification}/acceptance", operation_id = "accept_identity_notice", tag = "identity",
    params(("verification" = String, Path, description = "Id of my attempt")),
    request_body = AcceptNotice,
    responses(
        (status = 204, description = "Signed, now or before"),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such attempt of the caller", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "`verification_over`: it has not passed, `notice_outdated`, `signature_missing`", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn accept_identity_notice(
    State(desk): State<Desk>,
    account: Account,
    Path(id): Path<Uuid>,
    Json(asked): Json<AcceptNotice>,
) -> Result<StatusCode, Problem> {
    let row = own(&desk, &account, id).await?;
    if row.stage != Stage::Passed {
        return Err(over());
    }
    if row.accepted_at.is_some() {
        return Ok(StatusCode::NO_CONTENT);
    }
    if asked.version != crate::AFTER.version || asked.sha256 != crate::AFTER.sha256 {
        return Err(conflict("notice_outdated", "告知书已经更新，请重新阅读后再签名。"));
    }
    let signature = desk.signature(account.person).await?;
    let signature = signature.ok_or_else(|| conflict("signature_missing", "请先预留签名，再同意并签名。"))?;
    let accepted = json!({
        "notice": crate::AFTER.id,
        "version": crate::AFTER.version,
        "sha256": crate::AFTER.sha256,
        "signature": signature.commitment,
        "signature_version": signature.version,
    });
    let now = court::beijing::micros(desk.now());
    desk.store.accept_verification(id, &accepted.to_string(), now).await?;
    info!(verification.id = %id, person.id = %account.person, "Notice signed");
    Ok(StatusCode::NO_CONTENT)
}
