//! 申请代理: a party names who shall speak for them, or an agent names for whom they want to.

use axum::Json as Reply;
use axum::extract::State;
use axum::http::StatusCode;
use court::agency::Authority;
use court::{CaseId, FileKind, MandateId, MemberId, Role, UploadId, folded};
use desk::rim::{IdempotencyKey, Json};
use desk::{Account, Desk, Problem, ProblemDocument};
use record::Hash;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Answer, MandateRow, NewJob, WAITING};
use time::Duration;
use tracing::info;
use utoipa::ToSchema;

use crate::agents;

/// In a day somebody may apply so often.
const A_DAY: u64 = 20;
/// How long a case number may be, in characters.
const NUMBER: usize = 60;
/// How long a name may be, in characters.
const NAME: usize = 100;

/// An application: of a party for an agent (`case`, `agent`), or of an agent for a party (`number`, `party_name`).
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApplyAgency {
    /// A party's case.
    #[serde(default)]
    case: Option<CaseId>,
    /// Whom the party names.
    #[serde(default)]
    agent: Option<NamedAgent>,
    /// 案号, as an agent has it on paper.
    #[serde(default)]
    #[schema(max_length = 60)]
    number: Option<String>,
    /// For whom the agent applies, as the paper names them.
    #[serde(default)]
    #[schema(max_length = 100)]
    party_name: Option<String>,
    authority: Authority,
    /// The 授权委托书: a document or a photo that the caller has uploaded.
    blob: UploadId,
}

/// Somebody whom a party names.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NamedAgent {
    #[schema(min_length = 1, max_length = 50)]
    name: String,
    #[schema(min_length = 1, max_length = 20)]
    phone: String,
}

/// An application that was taken.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = AgencyTaken)]
pub(crate) struct Taken {
    mandate: MandateId,
}

/// Apply for a mandate. It goes to the court; for an agent the answer is the same whether there is such a case.
#[utoipa::path(
    post, path = "/api/agency", operation_id = "apply_agency", tag = "agency",
    params(("Idempotency-Key" = String, Header, description = "Names this request: repeated, it has one effect and the same answer")),
    request_body = ApplyAgency,
    responses(
        (status = 201, description = "Taken", body = Taken),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "`agent_not_registered`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such case for the caller as a party", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "`agency_invalid`, `agent_unknown`, `powers_missing`, `powers_without_scope`, `file_missing`, `file_of_other_kind`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 429, description = "`agency_too_many`, `checks_too_many`, with Retry-After", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn apply_agency(
    State(desk): State<Desk>,
    account: Account,
    key: IdempotencyKey,
    Json(asked): Json<ApplyAgency>,
) -> Result<(StatusCode, Reply<Taken>), Problem> {
    let request = Hash::of(&serde_json::to_vec(&asked).map_err(|_| Problem::internal())?);
    let _turn = desk.turn(account.person, key.as_str()).await;
    if let Some(answer) = desk.store.answer(account.person, key.as_str()).await? {
        return taken(answer, request);
    }
    // No key has a space in it: what is counted and what is made stay together.
    let _own = desk.turn(account.person, "agency").await;
    let now = desk.now();
    let at = court::beijing::micros(now);
    if desk.store.mandates_since(account.person, court::beijing::micros(now - Duration::days(1))).await? >= A_DAY {
        let detail = format!("您一天内已提交 {A_DAY} 项代理申请，请等待审核，或者明天再提交。");
        return Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, "agency_too_many", detail).retry_after(3_600));
    }
    let authority = asked.authority.checked()?;
    let row = match (asked.case, &asked.agent, &asked.number, &asked.party_name) {
        (Some(case), Some(agent), None, None) => by_party(&desk, &account, case, agent).await?,
        (None, None, Some(number), Some(party)) => by_agent(&desk, &account, number, party).await?,
        _ => {
            return Err(invalid(
                "请填写完整：当事人申请的，写明代理人的姓名和手机号；代理人申请的，写明案号和委托人。",
            ));
        }
    };
    let file = desk::uploads::finished_file(&desk, account.person, asked.blob).await?;
    let file = file.ok_or(court::Refusal::FileMissing)?;
    if !matches!(file.kind, FileKind::Document | FileKind::Photo) {
        return Err(court::Refusal::FileOfOtherKind { is: file.kind.label() }.into());
    }
    let row = MandateRow { authority, upload: asked.blob, created_at: at, changed_at: at, ..row };
    let payload = json!({ "mandate": row.id }).to_string();
    let then = NewJob { kind: "agency.carry".to_owned(), payload, run_at: at };
    desk.store.put_mandate(&row, &then).await?;
    info!(mandate.id = %row.id, person.id = %account.person, "An agency was applied for");
    let answer = Answer {
        person: account.person,
        key: key.as_str().to_owned(),
        request,
        response: serde_json::to_string(&Taken { mandate: row.id }).map_err(|_| Problem::internal())?,
        at,
    };
    taken(desk.store.put_answer(answer).await?, request)
}

/// A party of the case names somebody.
async fn by_party(desk: &Desk, account: &Account, case: CaseId, named: &NamedAgent) -> Result<MandateRow, Problem> {
    let me = match account.role {
        Some(Role::Party) => desk.store.participant_of(case, account.person, Role::Party.code()).await?,
        _ => None,
    };
    let me = me.ok_or_else(Problem::not_found)?;
    let case = desk.store.case(case).await?.ok_or_else(Problem::not_found)?;
    let agent = agents::find(desk, account.person, &named.name, &named.phone).await?;
    let agent =
        agent.ok_or_else(|| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "agent_unknown", agents::NOT_FOUND))?;
    if agent.id == account.person {
        return Err(invalid("您是本案当事人，无需委托自己。"));
    }
    let row = empty(desk, account, &case.number, &me.name);
    Ok(MandateRow { agent: agent.id, agent_name: agent.name, party: Some(me.id), ..row })
}

/// An agent names a case and for whom. Whether there is such a case is not looked at here.
async fn by_agent(desk: &Desk, account: &Account, number: &str, party: &str) -> Result<MandateRow, Problem> {
    if !agents::is_agent(desk, account.person).await? {
        let detail = "您尚未以代理人身份登记，请先在“我的 → 申请代理”中登记，再提交申请。";
        return Err(Problem::new(StatusCode::FORBIDDEN, "agent_not_registered", detail));
    }
    let (number, party) = (text(number, NUMBER), text(party, NAME));
    let (Some(number), Some(party)) = (number, party) else {
        return Err(invalid("请填写案号（60 字以内）和委托人的姓名或者名称（100 字以内）。"));
    };
    Ok(MandateRow { agent_name: account.name.clone(), ..empty(desk, account, &number, &party) })
}

fn empty(desk: &Desk, account: &Account, number: &str, party: &str) -> MandateRow {
    MandateRow {
        id: MandateId(desk.chance.id()),
        applicant: account.person,
        agent: account.person,
        agent_name: String::new(),
        number: number.to_owned(),
        number_key: folded(number),
        party_name: party.to_owned(),
        party: None::<MemberId>,
        case: None,
        room: None,
        member: None,
        authority: Authority { scope: court::agency::Scope::General, powers: Default::default() },
        upload: UploadId(uuid::Uuid::nil()),
        status: WAITING.to_owned(),
        reason: None,
        created_at: 0,
        changed_at: 0,
    }
}

fn text(typed: &str, limit: usize) -> Option<String> {
    let text = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    let fits = (1..=limit).contains(&text.chars().count()) && !folded(&text).is_empty();
    fits.then_some(text)
}

fn invalid(detail: &str) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "agency_invalid", detail)
}

/// The answer to this request, or to the same request before (SR-39).
fn taken(answer: Answer, request: Hash) -> Result<(StatusCode, Reply<Taken>), Problem> {
    if answer.request != request {
        let detail = "这次提交与之前使用同一编号的提交内容不同，请刷新页面后重新提交。";
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key_reused", detail));
    }
    let taken = serde_json::from_str(&answer.response).map_err(|_| Problem::internal())?;
    Ok((StatusCode::CREATED, Reply(taken)))
}
