use axum::extract::State;
use axum::http::StatusCode;
use court::beijing;
use desk::rim::{Json, Path};
use desk::{Acting, Desk, Problem, ProblemDocument};
use serde::Deserialize;
use tracing::info;
use utoipa::ToSchema;
use uuid::Uuid;

/// Nothing more is asked.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EndStaff {}

/// End an office, or take an invitation back. Who held it is logged out everywhere, at once.
#[utoipa::path(
    post, path = "/api/staff/{office}/end", operation_id = "end_staff", tag = "office",
    params(("office" = String, Path, description = "Office id")),
    request_body = EndStaff,
    responses(
        (status = 204, description = "It has ended"),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "No role chosen", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "Not for the caller, or no such office", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "`office_own`, `office_ended`", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(super) async fn end_staff(
    State(desk): State<Desk>,
    acting: Acting,
    Path(office): Path<Uuid>,
    Json(EndStaff {}): Json<EndStaff>,
) -> Result<StatusCode, Problem> {
    super::may_administer(&desk, &acting).await?;
    let conflict = |code, detail: &str| Problem::new(StatusCode::CONFLICT, code, detail.to_owned());
    let gone = || conflict("office_ended", "没有这一角色，或者已经结束。");
    let row = desk.store.office(office).await?.ok_or_else(gone)?;
    if row.person == acting.person {
        return Err(conflict("office_own", "不能结束本人的角色，请由其他管理员办理。"));
    }
    let now = beijing::micros(desk.now());
    let ended = desk.store.end_office(office, Some(acting.person), now).await?.ok_or_else(gone)?;
    desk.close_sessions(&ended);
    info!(office.id = %office, person.id = %acting.person, sessions = ended.len(), "An office has ended");
    Ok(StatusCode::NO_CONTENT)
}
