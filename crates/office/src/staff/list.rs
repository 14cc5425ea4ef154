use axum::Json;
use axum::extract::State;
use court::beijing;
use desk::logs::mask_phone;
use desk::rim::Query;
use desk::{Acting, Desk, Problem, ProblemDocument};
use serde::{Deserialize, Serialize};
use store::OfficeRow;
use time::OffsetDateTime;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::role_label;

/// How many offices are listed.
const LISTED: u64 = 500;

/// Whom to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    /// A part of the name, or the end of the phone number.
    #[serde(default)]
    #[param(max_length = 40)]
    q: String,
}

/// An office of the court's staff.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffView {
    pub id: Uuid,
    pub name: String,
    /// Masked: 139****0001.
    pub phone: String,
    pub role: String,
    pub role_label: String,
    pub state: OfficeState,
    #[serde(with = "time::serde::rfc3339")]
    pub invited_at: OffsetDateTime,
    /// Until when an invitation can be accepted.
    #[serde(with = "time::serde::rfc3339")]
    pub expires_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(required)]
    pub accepted_at: Option<OffsetDateTime>,
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(required)]
    pub ended_at: Option<OffsetDateTime>,
    /// Whether it is the caller's own.
    pub mine: bool,
}

/// Where an office stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OfficeState {
    /// Invited, not accepted: nothing may be done.
    Invited,
    /// The invitation was not accepted in time.
    Expired,
    Active,
    Ended,
}

impl OfficeState {
    /// Where this office stands at a moment.
    pub fn of(row: &OfficeRow, now: i64) -> OfficeState {
        match (row.ended_at, row.accepted_at) {
            (Some(_), _) => OfficeState::Ended,
            (None, Some(_)) => OfficeState::Active,
            (None, None) if row.expires_at <= now => OfficeState::Expired,
            (None, None) => OfficeState::Invited,
        }
    }
}

/// List the court's staff, the latest invited first, past offices too.
#[utoipa::path(
    get, path = "/api/staff", operation_id = "staff", tag = "office",
    params(Wanted),
    responses(
        (status = 200, body = Vec<StaffView>),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "No role chosen", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "Not for the caller", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(super) async fn staff(
    State(desk): State<Desk>,
    acting: Acting,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Vec<StaffView>>, Problem> {
    super::may_administer(&desk, &acting).await?;
    let now = beijing::micros(desk.now());
    let sought = court::folded(&wanted.q.chars().take(40).collect::<String>());
    let mut views = Vec::new();
    for row in desk.store.offices(LISTED).await? {
        let Some(person) = desk.store.person(row.person).await? else { continue };
        if !court::folded(&person.name).contains(&sought) && !person.phone.ends_with(&sought) {
            continue;
        }
        views.push(StaffView {
            id: row.id,
            phone: mask_phone(&person.phone),
            name: person.name,
            role_label: role_label(&row.role),
            state: OfficeState::of(&row, now),
            invited_at: beijing::from_micros(row.invited_at),
            expires_at: beijing::from_micros(row.expires_at),
            accepted_at: row.accepted_at.map(beijing::from_micros),
            ended_at: row.ended_at.map(beijing::from_micros),
            mine: row.person == acting.person,
            role: row.role,
        });
    }
    Ok(Json(views))
}
