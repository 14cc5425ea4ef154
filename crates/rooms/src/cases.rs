use std::cmp::Reverse;
use std::collections::HashSet;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use court::{Capacity, CaseId, CaseStatus, folded};
use desk::rim::Query;
use desk::{Acting, Desk, Problem, ProblemDocument};
use serde::Deserialize;
use store::{CaseFilter, ListedCase};
use utoipa::{IntoParams, ToSchema};

use crate::cards::{self, CaseCard};

/// How many cases one page has at most.
const LIMIT: usize = 200;
/// How long a question may be, in characters, and how many words of it are looked for.
const QUESTION: usize = 100;
const WORDS: usize = 8;

/// Which of my cases, and in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    /// Words, each in the number, the title, the cause or the name of a party or agent; full and half width, capitals and brackets
    /// make no difference.
    #[serde(default)]
    #[param(max_length = 100)]
    q: String,
    /// 未结 or 已结; absent: both.
    status: Option<CaseStatus>,
    /// Only where I have this capacity.
    capacity: Option<Capacity>,
    #[serde(default)]
    #[param(inline)]
    sort: CaseOrder,
    /// The cases after this one: the last of the page before.
    #[param(value_type = Option<String>)]
    after: Option<CaseId>,
    /// How many at most: 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 200)]
    #[serde(default = "page")]
    limit: usize,
}

/// In which order cases are listed.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CaseOrder {
    /// The latest filed first.
    #[default]
    Filed,
    /// By the next sitting, the soonest first; cases without one come last.
    Soonest,
    /// By the next sitting, the latest first; cases without one come last.
    Latest,
}

fn page() -> usize {
    LIMIT
}

/// List my cases, in the role that I act in, a page at a time.
#[utoipa::path(
    get, path = "/api/cases", operation_id = "cases", tag = "cases",
    params(Wanted),
    responses(
        (status = 200, description = "A page that is shorter than `limit` is the last", body = Vec<CaseCard>),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "No role chosen", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "The query is not right", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn cases(
    State(desk): State<Desk>,
    acting: Acting,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Vec<CaseCard>>, Problem> {
    let words: Vec<String> = wanted.q.split_whitespace().map(folded).filter(|word| !word.is_empty()).collect();
    if wanted.q.chars().nth(QUESTION).is_some() || words.len() > WORDS {
        let detail = format!("搜索内容过长，请输入 {QUESTION} 字以内、{WORDS} 个词以内。");
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "malformed_query", detail));
    }
    let filter = CaseFilter {
        words,
        status: wanted.status.map(|status| status.code().to_owned()),
        capacity: wanted.capacity.map(|capacity| capacity.code().to_owned()),
    };
    let now = court::beijing::micros(desk.now());
    let mut listed = desk.store.list_cases(acting.person, acting.role.code(), &filter, now).await?;
    sort(&mut listed, wanted.sort);
    // What is no longer in the list, because it changed meanwhile, begins it anew.
    let from = wanted.after.and_then(|after| listed.iter().position(|case| case.id == after)).map_or(0, |at| at + 1);
    let page: Vec<CaseId> = listed.iter().skip(from).take(wanted.limit.clamp(1, LIMIT)).map(|case| case.id).collect();
    let on_page: HashSet<CaseId> = page.iter().copied().collect();
    let rooms = cards::rooms_of(&desk, &acting, |case| on_page.contains(&case)).await?;
    let cases = desk.store.cases_by_id(&page, acting.person, acting.role.code()).await?;
    Ok(Json(cases.into_iter().filter_map(|(row, me)| cards::case_card(&desk, row, &me, &rooms)).collect()))
}

fn sort(cases: &mut [ListedCase], order: CaseOrder) {
    cases.sort_by(|a, b| (&b.filed_on, &b.number, a.id).cmp(&(&a.filed_on, &a.number, b.id)));
    match order {
        CaseOrder::Filed => {}
        CaseOrder::Soonest => cases.sort_by_key(|case| (case.next.is_none(), case.next)),
        CaseOrder::Latest => cases.sort_by_key(|case| (case.next.is_none(), Reverse(case.next))),
    }
}
