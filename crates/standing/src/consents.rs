//! What was agreed to: in a room, as one member sees it; and everything of one's own.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use court::consent::{State as Stand, To};
use court::{Facts, Kind, MemberId, RoomId, Scene, view};
use desk::rim::Path;
use desk::{Account, Acting, Desk, Inside, Problem, ProblemDocument};
use serde::Serialize;
use store::ConsentRow;
use time::OffsetDateTime;
use utoipa::ToSchema;

/// What is asked of me in a room, and what others have answered, as far as I may know.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConsentsView {
    /// What I am asked; empty for those who need not consent.
    pub mine: Vec<ConsentItem>,
    /// Whether I have confirmed for this case where papers are sent: which version; null if not.
    #[schema(required)]
    pub confirmed: Option<u32>,
    /// Whether something is asked that I have not answered.
    pub open: bool,
    /// For the bench: what the parties and their agents have answered.
    pub members: Vec<MemberConsents>,
    /// For the bench: whether all parties agree to proceed without being there at the same time (OLR 20); null for others.
    #[schema(required)]
    pub asynchronous: Option<bool>,
    /// Whether I may decide on consents that were taken back.
    pub settle: bool,
}

/// A text, and how I stand to it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ConsentItem {
    pub to: To,
    pub title: String,
    pub version: String,
    pub text: String,
    #[schema(value_type = String)]
    pub sha256: record::Hash,
    /// For which part of the proceedings.
    pub stage: String,
    /// How it stands; null while I have not answered, or have answered another version.
    #[schema(required)]
    pub state: Option<Stand>,
    #[schema(required)]
    pub state_label: Option<&'static str>,
    /// Whether taking it back holds at once; else the court decides.
    pub at_once: bool,
    /// Whether it was answered in this room; an answer for the case may have been given in another.
    pub here: bool,
}

/// What a member has answered.
#[derive(Debug, Serialize, ToSchema)]
pub struct MemberConsents {
    pub member: MemberId,
    pub name: String,
    pub label: String,
    pub answers: Vec<MemberAnswer>,
}

/// One answer of a member.
#[derive(Debug, Serialize, ToSchema)]
pub struct MemberAnswer {
    pub to: To,
    pub title: String,
    #[schema(required)]
    pub state: Option<Stand>,
    pub state_label: &'static str,
    /// Why it was taken back.
    #[schema(required)]
    pub reason: Option<String>,
}

/// Everything that I have agreed to or refused in the role that I act in.
#[derive(Debug, Serialize, ToSchema)]
pub struct MyConsents {
    /// The latest first.
    pub consents: Vec<KeptConsent>,
}

/// Something that I have agreed to or refused.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeptConsent {
    pub room: RoomId,
    /// Of the case.
    pub number: String,
    pub to: To,
    pub title: String,
    pub version: String,
    #[schema(value_type = String)]
    pub sha256: record::Hash,
    /// The text, if it is the one that the court has now.
    #[schema(required)]
    pub text: Option<String>,
    pub stage: String,
    /// How it was given: `own_choice`, `step_up`.
    pub method: String,
    pub state: Stand,
    pub state_label: &'static str,
    #[schema(required)]
    pub reason: Option<String>,
    #[serde(with = "time::serde::rfc3339")]
    pub given_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    pub changed_at: OffsetDateTime,
    /// Whether it can be taken back now.
    pub withdraw: bool,
    pub at_once: bool,
}

/// List everything that I have agreed to or refused in the role that I act in, with the texts.
#[utoipa::path(
    get, path = "/api/me/consents", operation_id = "my_consents", tag = "consent",
    responses(
        (status = 200, body = MyConsents),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn my_consents(State(desk): State<Desk>, account: Account) -> Result<Json<MyConsents>, Problem> {
    // Everything that is shown follows the chosen role; without one there is nothing of any case.
    let Some(role) = account.role else { return Ok(Json(MyConsents { consents: Vec::new() })) };
    let rows = desk.store.consents_of(account.person, role.code()).await?;
    let shown = rows.into_iter().filter_map(|(row, number)| {
        let (to, state) = (To::from_code(&row.what)?, Stand::from_code(&row.state)?);
        Some(KeptConsent {
            room: row.room,
            number,
            to,
            text: Some(to.text()).filter(|text| text.sha256 == row.sha256).map(|text| text.text.clone()),
            title: row.title,
            version: row.version,
            sha256: row.sha256,
            stage: row.stage,
            method: row.method,
            state,
            state_label: state.label(),
            reason: row.reason,
            given_at: court::beijing::from_micros(row.given_at),
            changed_at: court::beijing::from_micros(row.changed_at),
            withdraw: state == Stand::Agreed,
            at_once: to.ends_at_once(),
        })
    });
    Ok(Json(MyConsents { consents: shown.collect() }))
}

/// Show what is asked of me in a room, and, to the bench, who has agreed to what.
#[utoipa::path(
    get, path = "/api/rooms/{room}/consents", operation_id = "consents", tag = "consent",
    params(("room" = String, Path, description = "Room id")),
    responses(
        (status = 200, body = ConsentsView),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "The window has not begun, or the notice is not accepted", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such room for the caller", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn consents(
    State(desk): State<Desk>,
    acting: Acting,
    Path(room): Path<RoomId>,
) -> Result<Json<ConsentsView>, Problem> {
    let inside = desk.enter(&acting, room).await?;
    let now = desk.now();
    view::may_read(&inside.room, &inside.actor, &desk.policy, now)?;
    let case = inside.room.case.clone().ok_or_else(Problem::internal)?;
    // The latest answer of each member to what is for the whole case.
    let mut of_case: BTreeMap<(MemberId, To), ConsentRow> = BTreeMap::new();
    for row in desk.store.consents_in(case.id).await? {
        if let Some(to) = To::from_code(&row.what).filter(|to| to.is_of_case() || row.room == room) {
            of_case.entry((row.member, to)).or_insert(row);
        }
    }
    let me = inside.actor.member;
    let mine = if inside.actor.capacity.consents() { items(&inside, &of_case) } else { Vec::new() };
    let confirmed = desk.store.domiciles_in(case.id).await?.into_iter().find(|it| it.member == me).map(|it| it.version);
    let bench = desk.policy.is_bench(inside.actor.capacity);
    let facts = Facts::default();
    let scene = Scene { room: &inside.room, actor: &inside.actor, facts: &facts, policy: &desk.policy, now };
    let asynchronous = bench.then(|| {
        let all = inside.room.asynchronous(&desk.policy);
        !all.is_empty() && all.iter().all(|(_, state)| state.is_some_and(Stand::holds))
    });
    Ok(Json(ConsentsView {
        open: !mine.is_empty() && (mine.iter().any(|item| item.state.is_none()) || confirmed.is_none()),
        mine,
        confirmed,
        members: if bench { members(&inside, &of_case) } else { Vec::new() },
        asynchronous,
        settle: desk.policy.permit(Kind::ConsentSettle, &scene).is_ok(),
    }))
}

fn items(inside: &Inside, of_case: &BTreeMap<(MemberId, To), ConsentRow>) -> Vec<ConsentItem> {
    let me = inside.actor.member;
    let item = |to: To| {
        let text = to.text();
        let row = of_case.get(&(me, to)).filter(|row| row.sha256 == text.sha256);
        let state = row.and_then(|row| Stand::from_code(&row.state));
        ConsentItem {
            to,
            title: text.title.clone(),
            version: text.version.clone(),
            text: text.text.clone(),
            sha256: text.sha256,
            stage: if to.is_of_case() { "送达" } else { inside.room.kind.label() }.to_owned(),
            state,
            state_label: state.map(Stand::label),
            at_once: to.ends_at_once(),
            here: row.is_some_and(|row| row.room == inside.room.id),
        }
    };
    To::ALL.into_iter().map(item).collect()
}

fn members(inside: &Inside, of_case: &BTreeMap<(MemberId, To), ConsentRow>) -> Vec<MemberConsents> {
    let asked = inside.room.listed().into_iter().filter(|member| member.capacity.consents());
    asked
        .map(|member| MemberConsents {
            member: member.id,
            name: member.name.clone(),
            label: member.capacity.label().to_owned(),
            answers: To::ALL
                .into_iter()
                .map(|to| {
                    let row = of_case.get(&(member.id, to));
                    let state = row.and_then(|row| Stand::from_code(&row.state));
                    MemberAnswer {
                        to,
                        title: to.text().title.clone(),
                        state,
                        state_label: state.map_or("尚未答复", Stand::label),
                        reason: row.and_then(|row| row.reason.clone()),
                    }
                })
                .collect(),
        })
        .collect()
}
