use axum::Json as Reply;
use axum::extract::State;
use axum::http::StatusCode;
use court::{PersonId, ReportId, folded};
use desk::rim::{IdempotencyKey, Json};
use desk::{Account, Desk, Problem, ProblemDocument};
use record::Hash;
use serde::{Deserialize, Serialize};
use store::{Answer, MissingReport};
use time::Duration;
use tracing::info;
use utoipa::ToSchema;

use super::{MissingCase, notify, text};

/// In a day a person may miss so many cases; who misses more writes to the court.
const A_DAY: u64 = 10;
/// How long a case number and the name of a court may be, in characters.
const SHORT: usize = 60;
/// How long a remark may be, in characters.
const REMARK: usize = 500;

/// A report that was taken.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ReportTaken)]
pub(crate) struct Taken {
    id: ReportId,
}

/// Report that a case of mine is missing. It goes to the clerk of the case; the answer is the same whether there is such a case.
#[utoipa::path(
    post, path = "/api/missing-cases", operation_id = "report_missing", tag = "docket",
    params(("Idempotency-Key" = String, Header, description = "Names this request: repeated, it has one effect and the same answer")),
    request_body = MissingCase,
    responses(
        (status = 201, description = "Taken", body = Taken),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "`report_invalid`, `idempotency_key_reused`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 429, description = "`reports_too_many`, with Retry-After", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(super) async fn report_missing(
    State(desk): State<Desk>,
    account: Account,
    key: IdempotencyKey,
    Json(asked): Json<MissingCase>,
) -> Result<(StatusCode, Reply<Taken>), Problem> {
    let number = text(&asked.number, 1, SHORT).filter(|number| !folded(number).is_empty());
    let (court, remark) = (text(&asked.court, 0, SHORT), text(&asked.remark, 0, REMARK));
    let (Some(number), Some(court), Some(remark)) = (number, court, remark) else {
        let detail = "请填写案号（60 字以内）；法院名称 60 字以内，补充说明 500 字以内。";
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "report_invalid", detail));
    };
    let request = Hash::of(format!("missing case\n{number}\n{court}\n{remark}").as_bytes());
    let _turn = desk.turn(account.person, key.as_str()).await;
    if let Some(answer) = desk.store.answer(account.person, key.as_str()).await? {
        return taken(answer, request);
    }
    // No key has a space in it, so this is the person's turn for reports: what is counted and what is made stay together.
    let _own = desk.turn(account.person, "missing cases").await;
    may_report(&desk, account.person).await?;
    let now = desk.now();
    let report = MissingReport {
        id: ReportId(desk.chance.id()),
        person: account.person,
        number_key: folded(&number),
        number,
        court,
        remark,
        created_at: court::beijing::micros(now),
        handled_at: None,
        handled_by: None,
        reply: None,
    };
    desk.store.put_missing_report(&report, &notify::job(report.id, report.created_at)).await?;
    info!(report.id = %report.id, person.id = %report.person, "A case is missed");
    let answer = Answer {
        person: account.person,
        key: key.as_str().to_owned(),
        request,
        response: serde_json::to_string(&Taken { id: report.id }).map_err(|_| Problem::internal())?,
        at: report.created_at,
    };
    taken(desk.store.put_answer(answer).await?, request)
}

async fn may_report(desk: &Desk, person: PersonId) -> Result<(), Problem> {
    let day = Duration::days(1);
    let made = desk.store.missing_reports_since(person, court::beijing::micros(desk.now() - day)).await?;
    if made < A_DAY {
        return Ok(());
    }
    let detail = format!("您一天内已提交 {A_DAY} 条反馈，请等待答复，或者明天再提交。");
    let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "reports_too_many", detail);
    Err(problem.retry_after(3_600))
}

/// The answer to this request, or to the same request before (SR-39).
fn taken(answer: Answer, request: Hash) -> Result<(StatusCode, Reply<Taken>), Problem> {
    if answer.request != request {
        let detail = "这次提交与之前使用同一编号的提交内容不同，请刷新页面后重新提交。";
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key_reused", detail));
    }
    let taken = serde_json::from_str(&answer.response).map_err(|_| Problem::internal())?;
    Ok((StatusCode::CREATED, Reply(taken)))
}
