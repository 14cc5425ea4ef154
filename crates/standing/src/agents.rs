//! Who is an agent: saying so of oneself, and a party's question whether somebody is.
//!
//! Whether a stranger has an account is told to nobody. A party who knows somebody's name and whole number may learn that they can be chosen; in
//! every other case the answer is one and the same sentence, and it may be asked a few times a day.

use axum::Json as Reply;
use axum::extract::State;
use axum::http::StatusCode;
use court::{PersonId, Role, folded};
use desk::login::mobile_number;
use desk::rim::Json;
use desk::{Account, Desk, Problem, ProblemDocument};
use serde::{Deserialize, Serialize};
use store::Person;
use time::Duration;
use utoipa::ToSchema;

/// In a day somebody may look for an agent so often.
const A_DAY: u64 = 10;

/// Who may be an agent: 民事诉讼法 (2023) 第六十一条第二款.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AgentKind {
    /// 律师
    Lawyer,
    /// 基层法律服务工作者
    LegalWorker,
    /// 当事人的近亲属或者工作人员
    Relative,
    /// 所在社区、单位或者有关社会团体推荐的公民
    Recommended,
}

/// As what I act for others.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgentProfile {
    pub kind: AgentKind,
}

/// Somebody whom a party wants to speak for them.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckAgent {
    #[schema(min_length = 1, max_length = 50)]
    name: String,
    #[schema(min_length = 1, max_length = 20)]
    phone: String,
}

/// Whether they can be chosen.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckedAgent {
    pub found: bool,
    /// What to do.
    pub sentence: String,
}

impl AgentKind {
    pub(crate) fn code(self) -> &'static str {
        match self {
            AgentKind::Lawyer => "lawyer",
            AgentKind::LegalWorker => "legal_worker",
            AgentKind::Relative => "relative",
            AgentKind::Recommended => "recommended",
        }
    }

    pub(crate) fn from_code(code: &str) -> Option<AgentKind> {
        [AgentKind::Lawyer, AgentKind::LegalWorker, AgentKind::Relative, AgentKind::Recommended]
            .into_iter()
            .find(|kind| kind.code() == code)
    }
}

/// Say that I act for others before the court. From then on parties can choose me, and I can apply.
#[utoipa::path(
    put, path = "/api/me/agent", operation_id = "register_agent", tag = "agency",
    request_body = AgentProfile,
    responses(
        (status = 204, description = "Noted"),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "The request is not right", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn register_agent(
    State(desk): State<Desk>,
    account: Account,
    Json(profile): Json<AgentProfile>,
) -> Result<StatusCode, Problem> {
    desk.store.put_agent(account.person, profile.kind.code(), court::beijing::micros(desk.now())).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ask whether somebody whose name and number I know can be chosen as an agent. For parties; ten times a day.
#[utoipa::path(
    post, path = "/api/agency/check", operation_id = "check_agent", tag = "agency",
    request_body = CheckAgent,
    responses(
        (status = 200, body = CheckedAgent),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "`not_a_party`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "`phone_invalid`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 429, description = "`checks_too_many`, with Retry-After", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn check_agent(
    State(desk): State<Desk>,
    account: Account,
    Json(asked): Json<CheckAgent>,
) -> Result<Reply<CheckedAgent>, Problem> {
    let roles = desk.store.roles_of(account.person).await?;
    if !roles.iter().any(|(role, cases)| role == Role::Party.code() && *cases > 0) {
        let detail = "只有案件的当事人可以查询能否委托某人。代理人请在“申请代理”中查看本人的状态。";
        return Err(Problem::new(StatusCode::FORBIDDEN, "not_a_party", detail));
    }
    let found = find(&desk, account.person, &asked.name, &asked.phone).await?;
    Ok(Reply(match found {
        Some(_) => CheckedAgent { found: true, sentence: "可以委托此人，请继续填写。".to_owned() },
        None => CheckedAgent { found: false, sentence: NOT_FOUND.to_owned() },
    }))
}

/// What is said whatever the reason.
pub(crate) const NOT_FOUND: &str = "没有找到以这个姓名和手机号登记的代理人：可能是姓名或者手机号有误，\
    也可能是这个手机号尚未以代理人身份登录过。请核对，并请对方用该手机号登录，在“我的 → 申请代理”中登记代理人身份；登记后立即生效，无需逐案更新。";

/// The agent with this name and number, if there is one. Each question counts, whatever comes of it.
pub(crate) async fn find(desk: &Desk, asks: PersonId, name: &str, phone: &str) -> Result<Option<Person>, Problem> {
    let now = desk.now();
    let (at, since) = (court::beijing::micros(now), court::beijing::micros(now - Duration::days(1)));
    if desk.store.note_agent_check(desk.chance.id(), asks, at, since).await? >= A_DAY {
        let detail = format!("您一天内已查询 {A_DAY} 次，请核对代理人的姓名和手机号，明天再试。");
        return Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, "checks_too_many", detail).retry_after(3_600));
    }
    let Some(phone) = mobile_number(phone) else {
        let detail = "手机号应为 11 位数字，请核对后重新填写。";
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "phone_invalid", detail));
    };
    let person = desk.store.person_by_phone(&phone).await?;
    let Some(person) = person.filter(|person| folded(&person.name) == folded(name)) else { return Ok(None) };
    Ok(is_agent(desk, person.id).await?.then_some(person))
}

/// Whether somebody has the role of an agent, by a case or by saying so.
pub(crate) async fn is_agent(desk: &Desk, person: PersonId) -> Result<bool, Problem> {
    Ok(desk.store.roles_of(person).await?.iter().any(|(role, _)| role == Role::Agent.code()))
}
