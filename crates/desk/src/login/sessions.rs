//! One's own devices: where one is logged in, and how to be so no longer (SR-07, SR-08). No place is shown or kept for it: an address of the network
//! tells others more than its owner.

use axum::Json as Reply;
use axum::extract::State;
use axum::http::StatusCode;
use court::{PersonId, SessionId, Topic};
use serde::Serialize;
use store::SessionRow;
use time::OffsetDateTime;
use tracing::warn;
use utoipa::ToSchema;

use crate::asking::{self, Account};
use crate::rim::{NoBody, Path};
use crate::{Desk, Problem, ProblemDocument};

/// The places where I am logged in.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionsView {
    /// The one that asks first, then the latest used.
    pub sessions: Vec<SessionView>,
}

/// A place where I am logged in.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionView {
    pub id: SessionId,
    /// What kind of device and browser it calls itself, e.g. 安卓设备 · Chrome.
    pub device: String,
    /// Whether it is a program with a token.
    pub program: bool,
    /// Whether it is the one that asks.
    pub current: bool,
    #[serde(with = "time::serde::rfc3339")]
    pub since: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    pub last_used: OffsetDateTime,
}

/// List where I am logged in.
#[utoipa::path(
    get, path = "/api/me/sessions", operation_id = "my_sessions", tag = "login",
    responses(
        (status = 200, body = SessionsView),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(super) async fn my_sessions(State(desk): State<Desk>, account: Account) -> Result<Reply<SessionsView>, Problem> {
    let now = court::beijing::micros(desk.now());
    let rows = desk.store.sessions_of(account.person, now).await?;
    let mut sessions: Vec<_> = rows.iter().map(|row| view(row, account.session)).collect();
    sessions.sort_by_key(|session| !session.current);
    Ok(Reply(SessionsView { sessions }))
}

/// Log out one of my devices.
#[utoipa::path(
    delete, path = "/api/me/sessions/{session}", operation_id = "end_session", tag = "login",
    params(("session" = String, Path, description = "Session id")),
    responses(
        (status = 204, description = "It is over, and its live connections with it"),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "None of mine", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(super) async fn end_session(
    State(desk): State<Desk>,
    account: Account,
    Path(session): Path<SessionId>,
    _: NoBody,
) -> Result<StatusCode, Problem> {
    let now = court::beijing::micros(desk.now());
    let own = desk.store.session(session, now).await?.filter(|(row, _)| row.person == account.person);
    own.ok_or_else(Problem::not_found)?;
    asking::end(&desk, session).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Log out all of my devices but this one.
#[utoipa::path(
    post, path = "/api/me/sessions/others", operation_id = "end_other_sessions", tag = "login",
    responses(
        (status = 204, description = "All others are over, and their live connections with them"),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(super) async fn end_other_sessions(
    State(desk): State<Desk>,
    account: Account,
    _: NoBody,
) -> Result<StatusCode, Problem> {
    let now = court::beijing::micros(desk.now());
    for row in desk.store.sessions_of(account.person, now).await? {
        if row.id != account.session {
            asking::end(&desk, row.id).await?;
        }
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Tells somebody that they have logged in from a device that is new. That it cannot be told is no reason to keep them out.
pub(super) async fn tell_of_new_device(desk: &Desk, person: PersonId) {
    let about = (desk.chance.id(), 0);
    if let Err(problem) = desk.notify(Topic::DeviceNew, about, vec![(person, String::new())]).await {
        warn!(person.id = %person, code = problem.code(), "A new device was not told of");
    }
}

fn view(row: &SessionRow, current: SessionId) -> SessionView {
    SessionView {
        id: row.id,
        device: device(&row.agent),
        program: row.kind != "browser",
        current: row.id == current,
        since: court::beijing::from_micros(row.created_at),
        last_used: court::beijing::from_micros(row.last_seen_at),
    }
}

/// What a browser calls itself, in two words that people know.
fn device(agent: &str) -> String {
    let first = |words: &[(&str, &'static str)]| words.iter().find(|(word, _)| agent.contains(word)).map(|it| it.1);
    let kind = first(&[
        ("iPhone", "苹果手机"),
        ("iPad", "苹果平板"),
        ("HarmonyOS", "鸿蒙设备"),
        ("Android", "安卓设备"),
        ("Windows", "Windows 电脑"),
        ("Macintosh", "苹果电脑"),
        ("Linux", "Linux 电脑"),
    ]);
    let browser = first(&[
        ("MicroMessenger", "微信"),
        ("Edg", "Edge"),
        ("Firefox", "Firefox"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    ]);
    match (kind, browser) {
        (Some(kind), Some(browser)) => format!("{kind} · {browser}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => "其他设备".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::device;

    #[test]
    fn a_device_is_named_by_what_it_says_and_by_nothing_else() {
        let chrome = "Mozilla/5.0 (Linux; Android 14; X) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36";
        assert_eq!(device(chrome), "安卓设备 · Chrome");
        let iphone =
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Safari/604.1";
        assert_eq!(device(iphone), "苹果手机 · Safari");
        assert_eq!(device("weiting token"), "其他设备");
        assert_eq!(device(""), "其他设备");
    }
}
