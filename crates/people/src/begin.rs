use axum::Json as Reply;
use axum::extract::State;
use axum::http::StatusCode;
use desk::rim::{IdempotencyKey, Json};
use desk::{Account, Desk, Problem, ProblemDocument};
use record::Hash;
use serde::{Deserialize, Serialize};
use store::{Answer, Document, Stage, VerificationRow};
use tracing::info;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::attempt::{line, unprocessable};
use crate::document::Kind;

/// The longest name, in characters.
const NAME: usize = 100;

/// Who I say that I am.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BeginVerification {
    /// The version of the notice that I have read and accept. Nothing is ticked beforehand (architecture 5, no. 81).
    notice: String,
    /// As it stands in the document.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    kind: Kind,
    #[schema(max_length = 32)]
    number: String,
}

/// It has begun.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Begun {
    id: Uuid,
}

/// Begin to show who I am: the notice accepted, name and document. An attempt that was not decided is over with it.
#[utoipa::path(
    post, path = "/api/identity/verifications", operation_id = "begin_verification", tag = "identity",
    params(("Idempotency-Key" = String, Header, description = "Names this request: repeated, it has one effect and the same answer")),
    request_body = BeginVerification,
    responses(
        (status = 201, description = "Begun", body = Begun),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "`notice_outdated`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "`name_invalid`, `number_form`, `number_birthday`, `number_checksum`, `idempotency_key_reused`", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn begin_verification(
    State(desk): State<Desk>,
    account: Account,
    key: IdempotencyKey,
    Json(asked): Json<BeginVerification>,
) -> Result<(StatusCode, Reply<Begun>), Problem> {
    if asked.notice != crate::BEFORE.version {
        let detail = "告知内容已经更新，请重新阅读后再继续。";
        return Err(Problem::new(StatusCode::CONFLICT, "notice_outdated", detail));
    }
    let name = line(&asked.name, 1, NAME)
        .ok_or_else(|| unprocessable("name_invalid", "请填写证件上的姓名，不超过 100 个字。"))?;
    let number =
        asked.kind.number(&asked.number).map_err(|doubt| unprocessable(doubt.code(), doubt.detail(asked.kind)))?;
    // Under the court's key: the plain hash of a number would be as good as the number.
    let said = format!("verification\n{name}\n{}\n{number}", asked.kind.code());
    let request = desk.vault.fingerprint(&said);
    let _turn = desk.turn(account.person, key.as_str()).await;
    if let Some(answer) = desk.store.answer(account.person, key.as_str()).await? {
        return begun(answer, request);
    }
    let now = court::beijing::micros(desk.now());
    let row = VerificationRow {
        id: desk.chance.id(),
        person: account.person,
        stage: Stage::Begun,
        way: None,
        name,
        document: Document { kind: asked.kind.code().to_owned(), number },
        notice: format!("{} {} {}", crate::BEFORE.id, crate::BEFORE.version, crate::BEFORE.sha256),
        begun_at: now,
        phone_at: None,
        face_token: None,
        court: None,
        decided_at: None,
        decided_by: None,
        reason: None,
        expires_at: None,
        accepted_at: None,
        accepted: None,
    };
    desk.store.begin_verification(&row).await?;
    info!(verification.id = %row.id, person.id = %row.person, "Verification begun");
    let answer = Answer {
        person: account.person,
        key: key.as_str().to_owned(),
        request,
        response: serde_json::to_string(&Begun { id: row.id }).map_err(|_| Problem::internal())?,
        at: now,
    };
    begun(desk.store.put_answer(answer).await?, request)
}

/// The answer to this request, or to the same request before (SR-39).
fn begun(answer: Answer, request: Hash) -> Result<(StatusCode, Reply<Begun>), Problem> {
    if answer.request != request {
        let detail = "这次提交与之前使用同一编号的提交内容不同，请刷新页面后重新提交。";
        return Err(unprocessable("idempotency_key_reused", detail));
    }
    let begun = serde_json::from_str(&answer.response).map_err(|_| Problem::internal())?;
    Ok((StatusCode::CREATED, Reply(begun)))
}
