//! Sessions begin, change their role and end.

use axum::http::HeaderValue;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use court::{PersonId, Role, SessionId};
use record::Hash;
use store::{SessionRow, Store, StoreError};
use time::Duration;
use tracing::{info, warn};

use super::{Account, SessionKind, cookie};
use crate::logs::Redacted;
use crate::{Chance, Clock, Desk, Problem};

/// A browser that has not been used for so long must log in again: longer than a working day with its pauses, shorter than a night
/// in which somebody else picks up the phone.
const IDLE: Duration = Duration::hours(12);
/// A browser must log in again after so long whatever it does: a court checks afresh who it is at least once a week.
const ABSOLUTE: Duration = Duration::days(7);
/// A program's token lasts for so long; an integration that lives longer gets a new one each quarter.
const PROGRAM: Duration = Duration::days(90);
/// How exactly the idle time is kept. Each note costs a write; twelve hours need no more.
const TOUCH_EVERY: Duration = Duration::minutes(5);
/// How much is kept of what a browser says it is.
const AGENT_LIMIT: usize = 200;

/// Who comes in, and from where.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry<'a> {
    pub(crate) person: PersonId,
    pub(crate) role: Option<Role>,
    pub(crate) kind: SessionKind,
    /// The `User-Agent`.
    pub(crate) agent: &'a str,
    pub(crate) ip: &'a str,
}

/// Begins a session of a browser: the token, and the header that hands it over.
///
/// # Errors
/// 503 when it cannot be stored.
pub(crate) async fn sign_in(desk: &Desk, entry: Entry<'_>) -> Result<(Redacted<String>, HeaderValue), Problem> {
    let now = court::beijing::micros(desk.now());
    let (token, session) = begin(&desk.store, &*desk.chance, now, now + micros(ABSOLUTE), entry).await?;
    info!(session.id = %session, person.id = %entry.person, "Session begun");
    let header = cookie::set(token.expose(), ABSOLUTE.whole_seconds(), desk.config.secure());
    Ok((token, header))
}

/// Makes a token for a program that acts for this person (`weiting token`). It is given once, in clear; only its hash is kept.
///
/// # Errors
/// When it cannot be stored.
pub async fn program_token(
    store: &Store,
    clock: &dyn Clock,
    chance: &dyn Chance,
    person: PersonId,
    role: Option<Role>,
) -> Result<String, StoreError> {
    let now = court::beijing::micros(clock.now());
    let entry = Entry { person, role, kind: SessionKind::Program, agent: "weiting token", ip: "" };
    let (token, session) = begin(store, chance, now, now + micros(PROGRAM), entry).await?;
    info!(session.id = %session, person.id = %person, "Token made");
    Ok(token.expose().clone())
}

/// Lets a session act in another role. A browser gets a new token and the old one is dead (SR-07); a program keeps its own.
///
/// # Errors
/// 503 when it cannot be stored; the old session then goes on.
pub(crate) async fn change_role(
    desk: &Desk,
    account: &Account,
    role: Role,
    visitor: &super::Visitor,
) -> Result<Option<HeaderValue>, Problem> {
    if account.kind == SessionKind::Program {
        desk.store.set_role(account.session, role.code()).await?;
        return Ok(None);
    }
    let (session, cookie) = begin_anew(desk, account, Some(role), visitor).await?;
    info!(session.id = %session, person.id = %account.person, role = role.code(), "Role chosen");
    Ok(Some(cookie))
}

/// Gives a session that has proved more than before a new token (SR-07): which session it is now, and the header that hands the token over. A
/// program keeps its own.
///
/// # Errors
/// 503 when it cannot be stored; the old session then goes on.
pub(crate) async fn renew(
    desk: &Desk,
    account: &Account,
    visitor: &super::Visitor,
) -> Result<(SessionId, Option<HeaderValue>), Problem> {
    if account.kind == SessionKind::Program {
        return Ok((account.session, None));
    }
    let (session, cookie) = begin_anew(desk, account, account.role, visitor).await?;
    Ok((session, Some(cookie)))
}

/// Another session in place of a browser's.
async fn begin_anew(
    desk: &Desk,
    account: &Account,
    role: Option<Role>,
    visitor: &super::Visitor,
) -> Result<(SessionId, HeaderValue), Problem> {
    let now = court::beijing::micros(desk.now());
    let ip = visitor.ip.to_string();
    let entry = Entry { person: account.person, role, kind: account.kind, agent: &visitor.agent, ip: &ip };
    // The new session ends when the old one would have: choosing roles does not prolong a login.
    let (token, session) = begin(&desk.store, &*desk.chance, now, account.ends_at, entry).await?;
    // It is the same browser, and goes on being woken.
    desk.store.move_push(account.session, session).await?;
    end(desk, account.session).await?;
    let seconds = (account.ends_at - now) / 1_000_000;
    Ok((session, cookie::set(token.expose(), seconds, desk.config.secure())))
}

/// Ends a session and its live sockets, at once.
///
/// # Errors
/// 503 when it cannot be stored.
pub(crate) async fn end(desk: &Desk, session: SessionId) -> Result<(), Problem> {
    desk.store.revoke(session, court::beijing::micros(desk.now())).await?;
    desk.hub.session_ended(session);
    info!(session.id = %session, "Session ended");
    Ok(())
}

/// Ends every session of a person, those of programs too, and their live sockets, at once.
///
/// # Errors
/// 503 when it cannot be stored.
pub(crate) async fn end_all(desk: &Desk, person: PersonId) -> Result<(), Problem> {
    let ended = desk.store.revoke_all(person, court::beijing::micros(desk.now())).await?;
    ended.iter().for_each(|session| desk.hub.session_ended(*session));
    info!(person.id = %person, sessions = ended.len(), "Sessions ended");
    Ok(())
}

/// Notes that the session is in use, now and then, and without making the request wait for a disk.
pub(super) fn touch(desk: &Desk, session: &SessionRow, now: i64) {
    if session.kind != SessionKind::Browser.code() || now - session.last_seen_at < micros(TOUCH_EVERY) {
        return;
    }
    let (store, id, until) = (desk.store.clone(), session.id, now + micros(IDLE));
    tokio::spawn(async move {
        if let Err(error) = store.touch(id, now, until).await {
            warn!(session.id = %id, %error, "Use of a session not noted");
        }
    });
}

async fn begin(
    store: &Store,
    chance: &dyn Chance,
    now: i64,
    expires_at: i64,
    entry: Entry<'_>,
) -> Result<(Redacted<String>, SessionId), StoreError> {
    let token = URL_SAFE_NO_PAD.encode(chance.bytes::<32>());
    let id = SessionId(chance.id());
    let idle_expires_at = match entry.kind {
        SessionKind::Browser => now + micros(IDLE),
        // A program may sleep over a holiday.
        SessionKind::Program => expires_at,
    };
    let session = SessionRow {
        id,
        token_hash: Hash::of(token.as_bytes()),
        person: entry.person,
        role: entry.role.map(|role| role.code().to_owned()),
        kind: entry.kind.code().to_owned(),
        created_at: now,
        last_seen_at: now,
        expires_at,
        idle_expires_at,
        revoked_at: None,
        agent: agent_kept(entry.agent),
        ip: entry.ip.to_owned(),
    };
    store.put_session(&session).await?;
    Ok((Redacted::new(token), id))
}

/// What is kept of what a browser says it is.
pub(crate) fn agent_kept(agent: &str) -> String {
    agent.chars().take(AGENT_LIMIT).collect()
}

fn micros(duration: Duration) -> i64 {
    duration.whole_seconds() * 1_000_000
}
