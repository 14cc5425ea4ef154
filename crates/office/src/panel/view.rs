use std::collections::HashSet;

use axum::Json;
use axum::extract::State;
use court::{Capacity, CaseId, Kind, MemberId, Phase, beijing};
use desk::rim::{Path, Query};
use desk::{Acting, Desk, Problem, ProblemDocument};
use serde::{Deserialize, Serialize};
use store::Participant;
use time::OffsetDateTime;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// How many colleagues are offered.
const OFFERED: usize = 200;

/// Who hears a case.
#[derive(Debug, Serialize, ToSchema)]
pub struct PanelView {
    /// 审判长 or 独任审判员.
    pub presiding: Vec<PanelMember>,
    /// The other judges.
    pub judges: Vec<PanelMember>,
    /// 人民陪审员
    pub assessors: Vec<PanelMember>,
    /// 法官助理 and 书记员.
    pub clerks: Vec<PanelMember>,
    /// Who was one of them and is no longer, the latest first.
    pub former: Vec<FormerMember>,
    /// Whether the caller may record that one of them leaves.
    pub may_change: bool,
}

/// One of those who hear a case.
#[derive(Debug, Serialize, ToSchema)]
pub struct PanelMember {
    pub id: MemberId,
    pub name: String,
    pub capacity: Capacity,
    pub label: String,
    /// Whether it is the caller.
    pub me: bool,
}

/// Somebody who heard the case before.
#[derive(Debug, Serialize, ToSchema)]
pub struct FormerMember {
    pub name: String,
    pub label: String,
    #[serde(with = "time::serde::rfc3339")]
    pub left_at: OffsetDateTime,
}

/// Somebody who may take over.
#[derive(Debug, Serialize, ToSchema)]
pub struct Candidate {
    pub id: Uuid,
    pub name: String,
    pub role_label: String,
}

/// Whom to replace.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Leaving {
    /// Who leaves.
    #[param(value_type = String)]
    leaves: MemberId,
}

/// Show who hears a case.
#[utoipa::path(
    get, path = "/api/cases/{case}/panel", operation_id = "panel", tag = "office",
    params(("case" = String, Path, description = "Case id")),
    responses(
        (status = 200, body = PanelView),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "No role chosen", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such case for the caller", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(super) async fn panel(
    State(desk): State<Desk>,
    acting: Acting,
    Path(case): Path<CaseId>,
) -> Result<Json<PanelView>, Problem> {
    let me =
        desk.store.participant_of(case, acting.person, acting.role.code()).await?.ok_or_else(Problem::not_found)?;
    let participants = desk.store.participants(case).await?;
    let (mut present, mut former) = (Vec::new(), Vec::new());
    for (one, capacity) in participants.iter().filter_map(|one| Some((one, bench(&desk, one)?))) {
        match one.ended_at {
            None => present.push((capacity, member(one, capacity, me.id))),
            Some(at) => former.push(FormerMember {
                name: one.name.clone(),
                label: capacity.label().to_owned(),
                left_at: beijing::from_micros(at),
            }),
        }
    }
    former.sort_by_key(|one| std::cmp::Reverse(one.left_at));
    let mut view = PanelView {
        presiding: Vec::new(),
        judges: Vec::new(),
        assessors: Vec::new(),
        clerks: Vec::new(),
        former,
        may_change: Capacity::from_code(&me.capacity)
            .is_some_and(|capacity| desk.policy.allows(Kind::PanelChange, Phase::Unscheduled, capacity)),
    };
    present.sort_by_key(|(capacity, _)| *capacity);
    for (capacity, member) in present {
        let place = match capacity {
            _ if desk.policy.is_judge(capacity) => &mut view.presiding,
            Capacity::LayAssessor => &mut view.assessors,
            _ if desk.policy.is_clerk(capacity) => &mut view.clerks,
            _ => &mut view.judges,
        };
        place.push(member);
    }
    Ok(Json(view))
}

/// List those of the court who could take over from somebody who leaves the bench of a case: they hold the same office and take no part in
/// the case.
#[utoipa::path(
    get, path = "/api/cases/{case}/panel/successors", operation_id = "successors", tag = "office",
    params(("case" = String, Path, description = "Case id"), Leaving),
    responses(
        (status = 200, body = Vec<Candidate>),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "No role chosen", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such case for the caller", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(super) async fn successors(
    State(desk): State<Desk>,
    acting: Acting,
    Path(case): Path<CaseId>,
    Query(asked): Query<Leaving>,
) -> Result<Json<Vec<Candidate>>, Problem> {
    let me =
        desk.store.participant_of(case, acting.person, acting.role.code()).await?.ok_or_else(Problem::not_found)?;
    bench(&desk, &me).ok_or_else(Problem::not_found)?;
    let participants = desk.store.participants(case).await?;
    let Some(leaves) = participants.iter().find(|one| one.id == asked.leaves) else { return Ok(Json(Vec::new())) };
    let taken: HashSet<_> = participants.iter().filter(|one| one.ended_at.is_none()).map(|one| one.person).collect();
    let mut offered = Vec::new();
    for (person, role) in desk.store.holders(&[&leaves.role]).await?.into_iter().take(OFFERED) {
        if taken.contains(&person) {
            continue;
        }
        let Some(person) = desk.store.person(person).await? else { continue };
        let role_label = court::Role::from_code(&role).map(court::Role::label).unwrap_or_default().to_owned();
        offered.push(Candidate { id: super::candidate(case, person.id), name: person.name, role_label });
    }
    Ok(Json(offered))
}

/// The capacity of a participant who belongs to the bench.
fn bench(desk: &Desk, one: &Participant) -> Option<Capacity> {
    Capacity::from_code(&one.capacity).filter(|capacity| desk.policy.is_bench(*capacity))
}

fn member(one: &Participant, capacity: Capacity, me: MemberId) -> PanelMember {
    PanelMember { id: one.id, name: one.name.clone(), capacity, label: capacity.label().to_owned(), me: one.id == me }
}
