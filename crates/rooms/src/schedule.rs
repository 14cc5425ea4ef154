use axum::Json as Reply;
use axum::extract::State;
use axum::http::StatusCode;
use court::{CaseId, MemberId, SittingKind, sitting};
use desk::rim::{IdempotencyKey, Json, Path};
use desk::{Acting, Desk, Problem, ProblemDocument, Receipt};
use serde::Deserialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

/// A sitting to schedule (排期).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScheduleRequest {
    pub kind: SittingKind,
    #[serde(with = "time::serde::rfc3339")]
    pub opens_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    pub closes_at: OffsetDateTime,
    /// Participants of the case. The caller takes part in any case.
    #[schema(max_items = 200)]
    pub members: Vec<MemberId>,
}

/// Schedule a micro-court of a case.
#[utoipa::path(
    post, path = "/api/cases/{case}/sittings", operation_id = "schedule", tag = "cases",
    params(
        ("case" = String, Path, description = "Case id"),
        ("Idempotency-Key" = String, Header, description = "Names this request: repeated, it has one effect and the same answer"),
    ),
    request_body = ScheduleRequest,
    responses(
        (status = 201, description = "Scheduled: the first act of a new room", body = Receipt),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "Not in this capacity", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such case for the caller", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "The request is not right; `code` says how", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "Nothing was stored; try again", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn schedule(
    State(desk): State<Desk>,
    acting: Acting,
    Path(case): Path<CaseId>,
    key: IdempotencyKey,
    Json(request): Json<ScheduleRequest>,
) -> Result<(StatusCode, Reply<Receipt>), Problem> {
    let file = desk.case_file(case).await?.ok_or_else(Problem::not_found)?;
    let asked = sitting::Schedule {
        kind: request.kind,
        opens_at: request.opens_at,
        closes_at: request.closes_at,
        members: request.members,
    };
    let receipt = desk.found(&acting, file, &key, asked).await?;
    Ok((StatusCode::CREATED, Reply(receipt)))
}
