use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use court::{PersonId, Role};
use serde::Deserialize;
use store::Verdict;
use utoipa::ToSchema;
use uuid::Uuid;

use super::phone::TypedPhone;
use super::{Memory, code, me, sessions};
use crate::asking::{self, Account, Entry, SessionKind, Visitor};
use crate::logs::Redacted;
use crate::rim::Json;
use crate::{Desk, Problem, ProblemDocument, metrics};

/// A code is dead after so many tries (SR-03).
pub(super) const TRIES: u32 = 5;

/// The number and the code that came to it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Enter {
    phone: TypedPhone,
    #[schema(value_type = String, example = "000000")]
    code: Code,
    /// The request that the code was sent for; none: the latest.
    #[serde(default)]
    request: Option<Uuid>,
}

#[derive(Debug, Deserialize)]
#[serde(from = "String")]
pub(super) struct Code(Redacted<String>);

impl Code {
    /// What was typed.
    pub(super) fn expose(&self) -> &str {
        self.0.expose()
    }
}

impl From<String> for Code {
    fn from(typed: String) -> Code {
        Code(Redacted::new(typed.trim().to_owned()))
    }
}

/// Log in with the code.
///
/// Sets the session cookie. A person with exactly one role acts in it at once; with several, one is chosen next.
#[utoipa::path(
    post, path = "/api/login", operation_id = "login", tag = "login",
    request_body = Enter,
    responses(
        (status = 200, description = "Logged in; the cookie is set", body = me::Me),
        (status = 401, description = "`code_wrong`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "`phone_invalid`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 429, description = "`login_too_often`, with Retry-After", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "Try again", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(super) async fn login(
    State(desk): State<Desk>,
    Extension(memory): Extension<Arc<Memory>>,
    visitor: Visitor,
    headers: HeaderMap,
    Json(enter): Json<Enter>,
) -> Result<Response, Problem> {
    let phone = enter.phone.number()?;
    let network = visitor.network();
    memory.attempts.may_try(&network, desk.now()).map_err(too_often)?;
    let typed = enter.code.expose();
    let now = court::beijing::micros(desk.now());
    let check = |salt: &record::Salt| code::hash(salt, code::PURPOSE, phone.digits(), typed);
    let verdict = desk.store.try_code(phone.digits(), code::PURPOSE, enter.request, check, TRIES, now).await?;
    let person = match verdict {
        Verdict::Right => desk.store.person_by_phone(phone.digits()).await?,
        Verdict::Wrong | Verdict::Dead => None,
    };
    let Some(person) = person else {
        memory.attempts.wrong(&network, desk.now());
        metrics::denied("code_wrong");
        return Err(code_wrong());
    };
    end_former(&desk, &headers).await?;
    let (known, same) = desk.store.has_used(person.id, &asking::agent_kept(&visitor.agent)).await?;
    let role = only_role(&desk, person.id).await?;
    let ip = visitor.ip.to_string();
    let entry = Entry { person: person.id, role, kind: SessionKind::Browser, agent: &visitor.agent, ip: &ip };
    let (_, cookie) = asking::sign_in(&desk, entry).await?;
    if known && !same {
        sessions::tell_of_new_device(&desk, person.id).await;
    }
    let me = me::of(&desk, person, role).await?;
    Ok((AppendHeaders([(header::SET_COOKIE, cookie)]), Json(me)).into_response())
}

/// A browser that logs in again has one session, not two (SR-07).
async fn end_former(desk: &Desk, headers: &HeaderMap) -> Result<(), Problem> {
    match Account::of_cookie(desk, headers).await? {
        Some(former) => asking::end(desk, former.session).await,
        None => Ok(()),
    }
}

/// The role of a person who has only one.
async fn only_role(desk: &Desk, person: PersonId) -> Result<Option<Role>, Problem> {
    let roles = desk.store.roles_of(person).await?;
    Ok(match roles.as_slice() {
        [(role, _)] => Role::from_code(role),
        _ => None,
    })
}

pub(super) fn code_wrong() -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "code_wrong", "验证码不正确或已失效，请核对最新收到的验证码，或重新获取。")
}

pub(super) fn too_often(seconds: u64) -> Problem {
    Problem::new(StatusCode::TOO_MANY_REQUESTS, "login_too_often", "验证码错误次数过多，请稍后再试。")
        .retry_after(seconds)
}
