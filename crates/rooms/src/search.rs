use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use court::view::{self, ActView};
use court::{MemberId, RoomId};
use desk::rim::{Path, Query};
use desk::{Acting, Desk, Problem, ProblemDocument};
use serde::Deserialize;
use store::{SearchWords, Sought};
use time::Date;
use time::macros::format_description;
use utoipa::IntoParams;

/// How many acts one page has at most.
const LIMIT: u64 = 100;
/// How many characters may be looked for.
const CHARS: usize = 100;

/// What is looked for: whatever is given must be so. Nothing given finds everything.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    /// Words, up to 100 characters: acts that contain each of them. Full and half width, upper and lower case are the same.
    #[serde(default)]
    #[param(max_length = 100)]
    q: String,
    /// Acts of this member.
    member: Option<MemberId>,
    /// Acts of this day in Beijing, `2026-11-18`.
    #[param(value_type = Option<String>, format = Date)]
    date: Option<String>,
    /// Photos and videos only.
    #[serde(default)]
    media: bool,
    /// The acts before this one (own number).
    before: Option<u64>,
    /// How many at most: 1 to 100.
    #[param(minimum = 1, maximum = 100, default = 30)]
    #[serde(default = "page")]
    limit: u64,
}

fn page() -> u64 {
    30
}

/// Find acts of a room again, the newest first, numbered as I see them.
#[utoipa::path(
    get, path = "/api/rooms/{room}/search", operation_id = "search", tag = "rooms",
    params(("room" = String, Path, description = "Room id"), Wanted),
    responses(
        (status = 200, body = Vec<ActView>),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "The window has not begun, or the notice is not accepted", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such room for the caller", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "The query is not right", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "Not now: what was said is still being sorted in", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn search(
    State(desk): State<Desk>,
    acting: Acting,
    Path(room): Path<RoomId>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Vec<ActView>>, Problem> {
    let inside = desk.enter(&acting, room).await?;
    view::may_read(&inside.room, &inside.actor, &desk.policy, desk.now())?;
    let sought = Sought {
        words: words(&wanted.q)?,
        member: wanted.member,
        day: wanted.date.as_deref().map(day).transpose()?,
        media: wanted.media,
    };
    Ok(Json(desk.search(&inside, &sought, wanted.before, wanted.limit.clamp(1, LIMIT)).await?))
}

/// The words that were typed, if they are not too many.
pub(crate) fn words(typed: &str) -> Result<SearchWords, Problem> {
    if typed.chars().count() > CHARS {
        return Err(unprocessable("query_too_long", "查找内容最多 100 个字，请缩短后再查找。"));
    }
    Ok(SearchWords::of(typed))
}

fn day(date: &str) -> Result<i32, Problem> {
    Date::parse(date, format_description!("[year]-[month]-[day]"))
        .map(Date::to_julian_day)
        .map_err(|_| unprocessable("malformed_query", "日期格式不正确，应为 2026-11-18 的形式，请检查后重试。"))
}

fn unprocessable(code: &'static str, detail: &str) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail)
}
