//! My own applications and mandates, and what still stands in my way.

use axum::Json;
use axum::extract::State;
use court::agency::{Authority, Status};
use court::{MandateId, RoomId};
use desk::{Account, Desk, Problem, ProblemDocument};
use serde::Serialize;
use store::{MandateRow, WAITING};
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::agents::{self, AgentKind};

/// What I have to do with mandates.
#[derive(Debug, Serialize, ToSchema)]
pub struct MyAgency {
    /// As what I have said that I act for others; null if I have not.
    #[schema(required)]
    pub agent: Option<AgentKind>,
    /// What still stands in my way, and what to do about it.
    pub hints: Vec<String>,
    /// The newest first.
    pub mandates: Vec<MandateView>,
}

/// A mandate or an application of mine.
#[derive(Debug, Serialize, ToSchema)]
pub struct MandateView {
    pub id: MandateId,
    pub number: String,
    pub party_name: String,
    pub agent_name: String,
    /// Whether I am the agent; else the party.
    pub acting: bool,
    pub authority: Authority,
    /// 特别授权：进行和解
    pub authority_said: String,
    pub status: Status,
    pub status_label: &'static str,
    /// Why the court said no, or why it ended.
    #[schema(required)]
    pub reason: Option<String>,
    /// Where the mandate can be ended; null while there is none.
    #[schema(required)]
    pub room: Option<RoomId>,
    #[serde(with = "time::serde::rfc3339")]
    pub applied_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    pub changed_at: OffsetDateTime,
}

/// List my applications and mandates, and what still stands in my way.
#[utoipa::path(
    get, path = "/api/agency", operation_id = "my_agency", tag = "agency",
    responses(
        (status = 200, body = MyAgency),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn my_agency(State(desk): State<Desk>, account: Account) -> Result<Json<MyAgency>, Problem> {
    let agent = desk.store.agent(account.person).await?.and_then(|code| AgentKind::from_code(&code));
    // Everything that is shown follows the chosen role: a party's mandates are a party's. Who has no role yet may be an agent's beginning.
    let as_party = account.role == Some(court::Role::Party);
    let mut rows = desk.store.mandates_of(account.person).await?;
    rows.retain(|row| (row.agent == account.person) != as_party);
    let is_agent = agents::is_agent(&desk, account.person).await?;
    let person = desk.store.person(account.person).await?.ok_or_else(Problem::not_logged_in)?;
    let mut hints = Vec::new();
    if !is_agent {
        hints.push(
            "您的手机号尚未以代理人身份登记。如要代理他人，请先登记；登记后立即生效，当事人即可选择您。".to_owned(),
        );
    } else if !rows.iter().any(|row| row.agent == account.person) {
        hints.push("您已登记为代理人，尚无委托。可以请当事人在其案件中申请，也可以由您填写案号提交申请。".to_owned());
    }
    if is_agent && !person.verified {
        hints.push("您尚未完成实名认证。审核前，法院可能要求您先完成认证。".to_owned());
    }
    let mandates = rows.into_iter().map(|row| view(row, &account)).collect();
    Ok(Json(MyAgency { agent, hints, mandates }))
}

fn view(row: MandateRow, account: &Account) -> MandateView {
    // Whether it waits for a case or for the court is not told: that would say which cases there are.
    let status = match row.status.as_str() {
        WAITING => Status::Pending,
        code => [Status::Approved, Status::Rejected, Status::Ended]
            .into_iter()
            .find(|it| it.code() == code)
            .unwrap_or(Status::Pending),
    };
    MandateView {
        id: row.id,
        number: row.number,
        party_name: row.party_name,
        agent_name: row.agent_name,
        acting: row.agent == account.person,
        authority: row.authority,
        authority_said: row.authority.said(),
        status,
        status_label: status.label(),
        reason: row.reason,
        room: row.room.filter(|_| status == Status::Approved),
        applied_at: court::beijing::from_micros(row.created_at),
        changed_at: court::beijing::from_micros(if status == Status::Pending {
            row.created_at
        } else {
            row.changed_at
        }),
    }
}
