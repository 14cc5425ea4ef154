//! 案号, 身份证号, 统一社会信用代码: whether they are written right; and 案由, by word and by the initials of pinyin.

use axum::extract::State;
use desk::rim::{Json, Query};
use desk::{Desk, Problem, ProblemDocument};
use rules::Citation;
use rules::identifiers::case_number::CaseNumber;
use rules::identifiers::causes::{self, Cause};
use rules::identifiers::{id_number, uscc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::open::Anybody;
use crate::reckon::wrong;

/// Causes of one answer.
const CAUSES: usize = 60;
/// The longest query, in characters.
const QUERY: usize = 100;

/// A number to be looked at. It is neither stored nor logged.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NumberAsk {
    pub kind: NumberKind,
    #[schema(max_length = 100)]
    pub typed: String,
}

/// Which number.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NumberKind {
    /// 案号
    Case,
    /// 公民身份号码 and its like
    Id,
    /// 统一社会信用代码
    Uscc,
}

/// A number that is written right, or may be.
#[derive(Debug, Serialize, ToSchema)]
pub struct NumberChecked {
    /// As it is written; empty for numbers of people, which are not repeated.
    pub written: String,
    /// What it says, in Chinese.
    pub facts: Vec<NumberFact>,
    /// What a person should look at again.
    pub warnings: Vec<String>,
    pub citations: Vec<Citation>,
}

/// One thing that a number says.
#[derive(Debug, Serialize, ToSchema)]
pub struct NumberFact {
    pub label: &'static str,
    pub value: String,
}

/// Causes that were found.
#[derive(Debug, Serialize, ToSchema)]
pub struct CauseHits {
    /// The edition, such as `2025`.
    pub edition: &'static str,
    pub citations: Vec<Citation>,
    pub causes: Vec<CauseHit>,
    /// Whether there are more than are shown.
    pub more: bool,
}

/// A cause, and whether others stand under it.
#[derive(Debug, Serialize, ToSchema)]
pub struct CauseHit {
    #[serde(flatten)]
    pub cause: Cause,
    pub parted: bool,
}

/// Which causes.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct CauseQuery {
    /// Words, or initials of pinyin: `民间借贷`, `mjjd`.
    q: Option<String>,
    /// Without words: what stands directly under this cause, by its code; the parts of the list, when none is named.
    under: Option<String>,
}

/// Check a case number, an identity number or a unified social credit code.
#[utoipa::path(
    post, path = "/api/tools/numbers", operation_id = "check_number", tag = "reckon", request_body = NumberAsk,
    responses(
        (status = 200, description = "What it says", body = NumberChecked),
        (status = 422, description = "What is wrong with it", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 429, description = "`tool_too_often`", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn check_number(
    State(desk): State<Desk>,
    _: Anybody,
    Json(ask): Json<NumberAsk>,
) -> Result<Json<NumberChecked>, Problem> {
    crate::words_fit(&ask.typed, QUERY)?;
    let checked = match ask.kind {
        NumberKind::Case => case(CaseNumber::parse(&ask.typed).map_err(wrong)?),
        NumberKind::Id => person(id_number::check(&ask.typed, rules::civil::of(desk.now())).map_err(wrong)?),
        NumberKind::Uscc => organisation(uscc::check(&ask.typed)),
    };
    Ok(Json(checked))
}

fn fact(label: &'static str, value: impl Into<String>) -> NumberFact {
    NumberFact { label, value: value.into() }
}

fn case(number: CaseNumber) -> NumberChecked {
    let court =
        number.court.name.clone().unwrap_or_else(|| format!("{}{}", number.court.region, number.court.level_name));
    let mut facts = vec![
        fact("收案年度", number.year.to_string()),
        fact("法院", court),
        fact("案件类型", format!("{}（{}）", number.kind_name, number.kind)),
        fact("编号", number.serial.to_string()),
    ];
    facts.extend(number.special.as_ref().map(|special| fact("专门审判代字", special)));
    NumberChecked { written: number.to_string(), facts, warnings: Vec::new(), citations: CaseNumber::citations() }
}

fn person(number: id_number::IdNumber) -> NumberChecked {
    let mut facts = vec![fact("种类", number.name)];
    facts.extend(number.region.map(|region| fact("地区", region)));
    facts.extend(number.born.map(|born| fact("出生日期", rules::civil::chinese(born))));
    facts.extend(number.sex.map(|sex| fact("性别", if sex == "male" { "男" } else { "女" })));
    NumberChecked { written: String::new(), facts, warnings: Vec::new(), citations: number.citations }
}

fn organisation(code: uscc::Uscc) -> NumberChecked {
    let facts = code.registrar.map(|registrar| fact("登记管理部门", registrar)).into_iter().collect();
    let warnings = code.warnings.into_iter().map(|warning| warning.text).collect();
    NumberChecked { written: code.code, facts, warnings, citations: code.citations }
}

/// Find causes of action by word and by the initials of pinyin, or go down their tree.
#[utoipa::path(
    get, path = "/api/tools/causes", operation_id = "causes", tag = "reckon", params(CauseQuery),
    responses(
        (status = 200, description = "The causes, the closest first", body = CauseHits),
        (status = 404, description = "No such cause", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "`query_too_long`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 429, description = "`tool_too_often`", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn search_causes(
    State(desk): State<Desk>,
    _: Anybody,
    Query(query): Query<CauseQuery>,
) -> Result<Json<CauseHits>, Problem> {
    let typed = query.q.unwrap_or_default();
    crate::words_fit(&typed, QUERY)?;
    let list = causes::on(rules::civil::of(desk.now())).map_err(wrong)?;
    let found: Vec<&Cause> = if typed.trim().is_empty() {
        let under = query.under.as_deref().filter(|code| !code.is_empty());
        if under.is_some_and(|code| list.find(code).is_none()) {
            return Err(Problem::not_found());
        }
        list.below(under).collect()
    } else {
        list.search(&typed, CAUSES + 1)
    };
    let searched = !typed.trim().is_empty();
    let more = searched && found.len() > CAUSES;
    let shown = if searched { CAUSES } else { found.len() };
    let hit = |cause: &Cause| CauseHit { parted: list.below(Some(&cause.code)).next().is_some(), cause: cause.clone() };
    let causes = found.into_iter().take(shown).map(hit).collect();
    Ok(Json(CauseHits { edition: list.edition, citations: list.citations.clone(), causes, more }))
}
