//! 期间: from an event to the last day, for one or for each recipient, and as a file for a calendar.

use axum::extract::State;
use axum::http::{HeaderName, header};
use axum::response::IntoResponse;
use desk::rim::{Json, Query};
use desk::{Desk, Problem, ProblemDocument};
use rules::Wrong;
use rules::periods::{self, Ask, Event, Offered, Period, Posted, Recipient, Together};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::open::Anybody;
use crate::reckon::wrong;

/// The periods that can be asked for.
#[derive(Debug, Serialize, ToSchema)]
pub struct PeriodOffers {
    pub periods: Vec<Offered>,
}

/// On which day.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct OnDay {
    /// The rules of this day, such as 2025-03-18; today's, when it is not named.
    on: Option<String>,
}

/// A period for several people, each served on another day.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PeriodForEach {
    pub ask: Ask,
    #[schema(max_items = 200)]
    pub recipients: Vec<Recipient>,
}

/// Something that was posted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PostedAsk {
    /// The last day of the period.
    pub last_day: String,
    /// The day of the postmark.
    pub posted_on: String,
}

/// List the periods that can be computed.
#[utoipa::path(
    get, path = "/api/tools/periods", operation_id = "period_offers", tag = "reckon", params(OnDay),
    responses(
        (status = 200, description = "The periods", body = PeriodOffers),
        (status = 422, description = "`date.invalid`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 429, description = "`tool_too_often`", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn period_offers(
    State(desk): State<Desk>,
    _: Anybody,
    Query(day): Query<OnDay>,
) -> Result<Json<PeriodOffers>, Problem> {
    let on = match day.on {
        Some(typed) => rules::civil::parse(&typed).ok_or_else(|| wrong(Wrong::DateInvalid { typed }))?,
        None => rules::civil::of(desk.now()),
    };
    Ok(Json(PeriodOffers { periods: periods::offered(on) }))
}

/// Compute the last day of a period.
#[utoipa::path(
    post, path = "/api/tools/periods", operation_id = "reckon_period", tag = "reckon", request_body = Ask,
    responses(
        (status = 200, description = "The period", body = Period),
        (status = 422, description = "What is wrong with the question", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 429, description = "`tool_too_often`", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn reckon_period(_: Anybody, Json(ask): Json<Ask>) -> Result<Json<Period>, Problem> {
    periods::reckon(&ask).map(Json).map_err(wrong)
}

/// Compute the same period for each recipient, from the day on which each was served.
#[utoipa::path(
    post, path = "/api/tools/periods/each", operation_id = "reckon_period_each", tag = "reckon", request_body = PeriodForEach,
    responses(
        (status = 200, description = "The periods", body = Together),
        (status = 422, description = "What is wrong with the question", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 429, description = "`tool_too_often`", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn reckon_period_each(
    _: Anybody,
    Json(asked): Json<PeriodForEach>,
) -> Result<Json<Together>, Problem> {
    periods::together(&asked.ask, &asked.recipients).map(Json).map_err(wrong)
}

/// Say whether what was posted is in time: the day of the postmark counts.
#[utoipa::path(
    post, path = "/api/tools/periods/posted", operation_id = "reckon_posted", tag = "reckon", request_body = PostedAsk,
    responses(
        (status = 200, description = "Whether it is in time", body = Posted),
        (status = 422, description = "What is wrong with the question", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 429, description = "`tool_too_often`", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn reckon_posted(_: Anybody, Json(asked): Json<PostedAsk>) -> Result<Json<Posted>, Problem> {
    periods::posted(&asked.last_day, &asked.posted_on).map(Json).map_err(wrong)
}

const CALENDAR: [(HeaderName, &str); 2] = [
    (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
    (header::CONTENT_DISPOSITION, "attachment; filename=\"period.ics\""),
];

/// The last day of a period as a file for a calendar (RFC 5545), with reminders three days and one day before.
#[utoipa::path(
    post, path = "/api/tools/periods/calendar", operation_id = "period_calendar", tag = "reckon", request_body = Ask,
    responses(
        (status = 200, body = String, content_type = "text/calendar"),
        (status = 422, description = "What is wrong with the question", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 429, description = "`tool_too_often`", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn period_calendar(
    State(desk): State<Desk>,
    _: Anybody,
    Json(ask): Json<Ask>,
) -> Result<impl IntoResponse, Problem> {
    let period = periods::reckon(&ask).map_err(wrong)?;
    // The same period of the same day replaces itself in a calendar.
    let host = desk::Config::host_of(&desk.config.origin);
    let start = rules::civil::iso(period.start);
    let uid = format!("{}-{}-{start}@{host}", period.rule, period.variant);
    Ok((CALENDAR, periods::calendar(&[Event::of(&period, &uid)], desk.now())))
}
