//! The face service: where the person goes, and what came of it.

use axum::Json as Reply;
use axum::extract::State;
use axum::http::StatusCode;
use connect::identity::{FaceOutcome, FaceResult, FaceWish, IdentityFailure};
use court::{Topic, folded};
use desk::rim::{NoBody, Path};
use desk::{Account, Desk, Problem, ProblemDocument};
use serde::Serialize;
use store::{Decision, Stage, StoreError, VerificationRow};
use tracing::{info, warn};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::attempt::{conflict, going_on, over, own};
use crate::document::Kind;
use crate::mine::{AttemptView, view};

/// Where to go.
#[derive(Debug, Serialize, ToSchema)]
pub struct FaceStart {
    /// The service's page; it leads back to the app.
    url: String,
}

/// Begin a face check with the identity service. Nobody has to: there is always a reviewer.
#[utoipa::path(
    post, path = "/api/identity/verifications/{verification}/face", operation_id = "begin_face", tag = "identity",
    params(("verification" = String, Path, description = "Id of my attempt")),
    responses(
        (status = 200, description = "Go there", body = FaceStart),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such attempt of the caller", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "`verification_over`, `phone_unverified`, `face_unfit`, `name_differs`, `identity_refused`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "`face_unavailable`: try again, or ask a reviewer", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn begin_face(
    State(desk): State<Desk>,
    account: Account,
    Path(id): Path<Uuid>,
    _: NoBody,
) -> Result<Reply<FaceStart>, Problem> {
    let row = going_on(&desk, &account, id).await?;
    let Some(port) = &desk.identity else { return Err(unavailable()) };
    if row.document.kind != Kind::ResidentId.code() {
        let detail = "人脸核身只支持居民身份证，请选择人工审核。";
        return Err(conflict("face_unfit", detail));
    }
    // The court's own system gave the account its name: who has another one, or a new one, is looked at by somebody.
    if folded(&row.name) != folded(&account.name) {
        let detail = "填写的姓名与法院登记的姓名不一致。请核对姓名；确实更名的，请选择人工审核。";
        return Err(conflict("name_differs", detail));
    }
    let wish = FaceWish {
        name: row.name.clone(),
        number: row.document.number.clone(),
        back: format!("{}/me/identity?face=1", desk.config.origin),
        nonce: nonce(&row),
    };
    let check = port.begin(&wish).await.map_err(|failure| failed(&failure, id))?;
    let now = court::beijing::micros(desk.now());
    match desk.store.note_face(id, row.stage, &check.token, now).await {
        Ok(true) => Ok(Reply(FaceStart { url: check.url })),
        Ok(false) => Err(over()),
        // A token that was given out before is nobody's.
        Err(StoreError::Conflict) => Err(unavailable()),
        Err(error) => Err(error.into()),
    }
}

/// Fetch the result of my face check from the service. What the browser brought back plays no part in it (SR-11).
#[utoipa::path(
    post, path = "/api/identity/verifications/{verification}/face/result", operation_id = "face_result", tag = "identity",
    params(("verification" = String, Path, description = "Id of my attempt")),
    responses(
        (status = 200, description = "Where the attempt stands now", body = AttemptView),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such attempt of the caller", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "`verification_over`, `face_pending`: it has not been done, `identity_refused`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "`face_unavailable`: try again, or ask a reviewer", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn face_result(
    State(desk): State<Desk>,
    account: Account,
    Path(id): Path<Uuid>,
    _: NoBody,
) -> Result<Reply<AttemptView>, Problem> {
    let row = own(&desk, &account, id).await?;
    let (Stage::Facing, Some(token)) = (row.stage, &row.face_token) else { return Err(over()) };
    let Some(port) = &desk.identity else { return Err(unavailable()) };
    let result = port.result(token).await.map_err(|failure| failed(&failure, id))?;
    if result.outcome == FaceOutcome::Pending {
        return Err(conflict("face_pending", "还没有收到人脸核身的结果，请完成核身，或者选择人工审核。"));
    }
    let verdict = verdict(&desk, &row, &result).await?;
    let decision = Decision {
        passed: verdict.is_none(),
        by: None,
        reason: verdict.map(str::to_owned),
        expires_at: court::beijing::micros(desk.now() + desk.config.identity.valid_for()),
    };
    // One of two at once; the other finds it decided.
    if !desk.store.decide_verification(&row, &decision, court::beijing::micros(desk.now())).await? {
        return Err(over());
    }
    info!(verification.id = %id, person.id = %account.person, passed = decision.passed, "Face check decided");
    desk.notify(Topic::IdentityAnswered, (id, 0), vec![(account.person, String::new())]).await?;
    let row = own(&desk, &account, id).await?;
    Ok(Reply(view(row).ok_or_else(Problem::internal)?))
}

/// Why a result does not make this person verified; none: it does.
async fn verdict(desk: &Desk, row: &VerificationRow, result: &FaceResult) -> Result<Option<&'static str>, Problem> {
    let why = match &result.outcome {
        FaceOutcome::Same => None,
        FaceOutcome::NotAlive { .. } => {
            Some("未能确认是本人现场操作。请在光线充足处由本人重新核身，或者选择人工审核。")
        }
        FaceOutcome::Different { .. } | FaceOutcome::Pending => {
            Some("人脸与证件信息不一致。请由本人重新核身，或者选择人工审核。")
        }
    };
    if why.is_some() {
        return Ok(why);
    }
    let same =
        result.nonce == nonce(row) && result.number == row.document.number && folded(&result.name) == folded(&row.name);
    if !same {
        warn!(verification.id = %row.id, "The result of a face check is about somebody or something else");
        return Ok(Some("核身结果与本次认证不符，请重新核身，或者选择人工审核。"));
    }
    let others = desk.store.people_by_document(&row.document.number).await?;
    let taken =
        others.iter().any(|(person, kind)| person.id != row.person && person.verified && *kind == row.document.kind);
    Ok(taken.then_some("该证件已在另一个账号完成认证，请选择人工审核。"))
}

/// Bound to the person and to this attempt.
fn nonce(row: &VerificationRow) -> String {
    record::Hash::of(format!("weiting identity\n{}\n{}", row.person, row.id).as_bytes()).to_string()
}

fn failed(failure: &IdentityFailure, id: Uuid) -> Problem {
    warn!(verification.id = %id, %failure, "The identity service gave no result");
    match failure {
        IdentityFailure::Rejected { .. } => {
            conflict("identity_refused", "认证服务没有受理，请核对姓名和证件号码，或者选择人工审核。")
        }
        IdentityFailure::Unavailable { .. } => unavailable(),
    }
}

fn unavailable() -> Problem {
    let detail = "人脸核身服务暂时不可用，请稍后再试，或者选择人工审核。";
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "face_unavailable", detail).retry_after(30)
}
