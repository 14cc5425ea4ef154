use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use connect::phone::{CallEvent, CallReport, Release, ReportRefused};
use court::call::{End, Outcome};
use court::{ActId, Report, beijing};
use desk::rim::Path;
use desk::{Desk, Problem, ProblemDocument};
use serde::Serialize;
use store::{CallNote, PhoneCall};
use tracing::warn;
use utoipa::ToSchema;

use crate::calling::result;

/// What the telephone service wants to hear.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReceiptsTaken)]
pub(crate) struct Taken {
    code: u8,
    msg: String,
}

/// Take what the telephone service tells of calls. Whoever does not know the key finds nothing here.
///
/// The service may tell the same thing twice, late and in any order: what is known already changes nothing. What it cannot tell of (no such
/// call, another binding) is passed over, so that it does not come again. With 503 it comes again later.
#[utoipa::path(
    post, path = "/api/hooks/phone/{key}", operation_id = "phone_reports", tag = "server",
    params(("key" = String, Path, description = "Proves that the service tells it: the last part of the address that it was given")),
    request_body(content = String, content_type = "application/json", description = "Call receipts in the vendor's format"),
    responses(
        (status = 200, description = "Taken", body = Taken),
        (status = 404, description = "Not the service", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "No receipts", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "Nothing was stored; tell it again", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn phone_reports(
    State(desk): State<Desk>,
    Path(key): Path<String>,
    body: Bytes,
) -> Result<Json<Taken>, Problem> {
    let port = desk.phone.as_ref().ok_or_else(Problem::not_found)?;
    let reports = port.reports(&key, &body).map_err(|refused| match refused {
        ReportRefused::Forged => Problem::not_found(),
        ReportRefused::Malformed => {
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "malformed", "话单内容不能识别，请核对推送格式。")
        }
    })?;
    for report in reports {
        take(&desk, &report).await?;
    }
    Ok(Json(Taken { code: 0, msg: "接收成功".to_owned() }))
}

async fn take(desk: &Desk, report: &CallReport) -> Result<(), Problem> {
    let Some(call) = known(desk, report).await? else {
        warn!("A call receipt is about no call that is known");
        return Ok(());
    };
    let note = match report.event {
        CallEvent::Dialled => return Ok(()),
        CallEvent::Ringing { at } => CallNote::Rang(beijing::micros(at)),
        CallEvent::Answered { at } => CallNote::Answered(beijing::micros(at)),
        CallEvent::Ended { .. } => CallNote::Over(told(&call, report.event)?),
    };
    desk.store.note_call(call.id, &note).await?;
    if matches!(note, CallNote::Over(_)) { end(desk, &call).await } else { Ok(()) }
}

/// The call that a receipt is about. The service names its own binding too; a receipt may come before the number itself is stored.
async fn known(desk: &Desk, report: &CallReport) -> Result<Option<PhoneCall>, Problem> {
    let Ok(id) = report.request.parse::<ActId>() else { return Ok(None) };
    let call = desk.store.call(id).await?;
    Ok(call.filter(|call| call.binding.as_ref().is_none_or(|binding| *binding == report.binding)))
}

/// The first result that was told becomes an act, unless it is one.
async fn end(desk: &Desk, call: &PhoneCall) -> Result<(), Problem> {
    let Some(end) = desk.store.call(call.id).await?.as_ref().and_then(result) else { return Ok(()) };
    match desk.report(call.room, Report::CallEnd(end)).await {
        Err(problem) if problem.code() != "call_over" => Err(problem),
        _ => Ok(()),
    }
}

fn told(call: &PhoneCall, event: CallEvent) -> Result<String, Problem> {
    let CallEvent::Ended { answered, at, why } = event else { return Err(Problem::internal()) };
    let seconds = answered.map(|answered| u32::try_from((at - answered).whole_seconds()).unwrap_or(0));
    let (outcome, reason) = match (answered, why) {
        (Some(_), _) => (Outcome::Answered, None),
        (None, Release::Refused) => (Outcome::Refused, None),
        (None, Release::HungUp | Release::NoAnswer) => (Outcome::Missed, None),
        (None, Release::Busy) => (Outcome::Missed, Some("对方正在通话")),
        (None, Release::Unreachable) => (Outcome::Missed, Some("对方电话无法接通")),
        (None, Release::NotConnected) => (Outcome::Failed, Some("电话服务未予接续")),
    };
    let end = End { call: call.id, outcome, seconds, reason: reason.map(str::to_owned) };
    serde_json::to_string(&end).map_err(|_| Problem::internal())
}
