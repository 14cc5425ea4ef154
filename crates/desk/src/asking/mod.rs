//! Who is asking.
//!
//! A browser shows a cookie, a program a bearer token; both are 256 random bits of which only the SHA-256 is stored. Every request
//! looks the session up, so a revoked session is over with the next request (SR-07, SR-08). A handler that takes [`Account`] or
//! [`Acting`] as an argument cannot be reached without.

mod cookie;
mod integration;
mod session;
mod visitor;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use court::{PersonId, Role, SessionId};
use record::Hash;
use time::OffsetDateTime;
use tracing::warn;

pub(crate) use cookie::clear as clear_cookie;
pub(crate) use cookie::name as cookie_name;
pub use integration::{INTEGRATION_DAYS, Integration, integration_token};
pub use session::program_token;
pub(crate) use session::{Entry, change_role, end, end_all, renew, sign_in};
pub use visitor::Visitor;

use self::cookie::Shown;
use crate::{Desk, Problem, metrics};

/// How a session shows itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionKind {
    /// A person's browser, by cookie.
    Browser,
    /// A program, by `Authorization: Bearer`.
    Program,
}

/// Somebody who has logged in.
#[derive(Clone, Debug)]
pub struct Account {
    pub session: SessionId,
    pub person: PersonId,
    /// The name under which the person stands in leaves.
    pub pseudonym: String,
    pub name: String,
    /// What the person has chosen to act as.
    pub role: Option<Role>,
    pub kind: SessionKind,
    /// When the session ends if nothing more is heard of it.
    pub expires_at: OffsetDateTime,
    /// When the session ends whatever happens, in microseconds.
    pub(crate) ends_at: i64,
}

/// Somebody who has logged in and chosen a role.
#[derive(Clone, Debug)]
pub struct Acting {
    pub session: SessionId,
    pub person: PersonId,
    /// The name under which the person stands in leaves.
    pub pseudonym: String,
    pub name: String,
    pub role: Role,
    pub kind: SessionKind,
}

impl SessionKind {
    fn code(self) -> &'static str {
        match self {
            SessionKind::Browser => "browser",
            SessionKind::Program => "program",
        }
    }
}

impl Account {
    /// The same person acting in the chosen role; none while no role is chosen.
    pub fn acting(&self) -> Option<Acting> {
        Some(Acting {
            session: self.session,
            person: self.person,
            pseudonym: self.pseudonym.clone(),
            name: self.name.clone(),
            role: self.role?,
            kind: self.kind,
        })
    }

    /// Whose cookie a request carries, if anybody's.
    pub(crate) async fn of_cookie(desk: &Desk, headers: &HeaderMap) -> Result<Option<Account>, Problem> {
        match cookie::shown(headers, cookie_name(desk.config.secure())) {
            Shown::One(token) => Account::of_token(desk, token, SessionKind::Browser).await,
            Shown::None | Shown::Several => Ok(None),
        }
    }

    async fn of_token(desk: &Desk, token: &str, kind: SessionKind) -> Result<Option<Account>, Problem> {
        let now = court::beijing::micros(desk.now());
        let known = desk.store.session_by_token(Hash::of(token.as_bytes()), now).await?;
        let Some((session, person)) = known else { return Ok(None) };
        // A token of a program in a cookie would be sent along by any page; a cookie's token in a header has been stolen.
        if session.kind != kind.code() {
            return Ok(None);
        }
        session::touch(desk, &session, now);
        Ok(Some(Account {
            session: session.id,
            person: person.id,
            pseudonym: person.pseudonym,
            name: person.name,
            role: session.role.as_deref().and_then(Role::from_code),
            kind,
            expires_at: court::beijing::from_micros(session.expires_at.min(session.idle_expires_at)),
            ends_at: session.expires_at,
        }))
    }
}

impl FromRequestParts<Desk> for Account {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, desk: &Desk) -> Result<Account, Problem> {
        if let Some(account) = parts.extensions.get::<Account>() {
            return Ok(account.clone());
        }
        let account = match shown(&parts.headers, desk.config.secure()) {
            Some((token, kind)) => Account::of_token(desk, token, kind).await?,
            None => None,
        };
        let account = account.ok_or_else(|| {
            metrics::denied("not_logged_in");
            Problem::not_logged_in()
        })?;
        tracing::Span::current().record("person.id", tracing::field::display(account.person));
        parts.extensions.insert(account.clone());
        Ok(account)
    }
}

impl FromRequestParts<Desk> for Acting {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, desk: &Desk) -> Result<Acting, Problem> {
        let account = Account::from_request_parts(parts, desk).await?;
        account.acting().ok_or_else(|| {
            metrics::denied("no_role");
            Problem::no_role()
        })
    }
}

/// The token that a request shows, and as what. A bearer token stands before a cookie: it was put there on purpose.
fn shown(headers: &HeaderMap, secure: bool) -> Option<(&str, SessionKind)> {
    let mut credentials = headers.get_all(header::AUTHORIZATION).iter();
    if let Some(first) = credentials.next() {
        if credentials.next().is_some() {
            return None;
        }
        let (scheme, token) = first.to_str().ok()?.split_once(' ')?;
        return scheme.eq_ignore_ascii_case("bearer").then_some((token.trim(), SessionKind::Program));
    }
    match cookie::shown(headers, cookie_name(secure)) {
        Shown::One(token) => Some((token, SessionKind::Browser)),
        Shown::None => None,
        // Somebody planted a second cookie of the same name; which one is ours cannot be told.
        Shown::Several => {
            warn!("A request with two session cookies was refused");
            None
        }
    }
}
