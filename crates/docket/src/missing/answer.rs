use axum::extract::State;
use axum::http::StatusCode;
use court::ReportId;
use desk::rim::{Json, Path};
use desk::{Acting, Desk, Problem, ProblemDocument};
use store::Clerk;
use tracing::info;

use super::{Reply, notify, text};

/// How long an answer may be, in characters.
const REPLY: usize = 500;

/// Answer a report of a missing case, and so mark it as handled. The first answer stands.
#[utoipa::path(
    post, path = "/api/missing-cases/{report}/answer", operation_id = "answer_missing", tag = "docket",
    params(("report" = String, Path, description = "Report id")),
    request_body = Reply,
    responses(
        (status = 204, description = "Answered"),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "No role chosen", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such report for the caller", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "`report_handled`: somebody has answered", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "`reply_invalid`", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(super) async fn answer_missing(
    State(desk): State<Desk>,
    acting: Acting,
    Path(report): Path<ReportId>,
    Json(answer): Json<Reply>,
) -> Result<StatusCode, Problem> {
    let capacities = super::clerks(&desk, acting.role);
    let clerk = Clerk { person: acting.person, capacities: &capacities };
    desk.store.missing_report_for(clerk, report).await?.ok_or_else(Problem::not_found)?;
    let reply = text(&answer.reply, 1, REPLY).ok_or_else(|| {
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "reply_invalid", "请填写答复，1 至 500 个字。")
    })?;
    let now = court::beijing::micros(desk.now());
    let then = notify::job(report, now);
    if !desk.store.handle_missing_report(report, acting.person, &reply, now, &then).await? {
        let detail = "这条反馈已经有人答复，请刷新后查看。";
        return Err(Problem::new(StatusCode::CONFLICT, "report_handled", detail));
    }
    info!(report.id = %report, person.id = %acting.person, "Report of a missing case answered");
    Ok(StatusCode::NO_CONTENT)
}
