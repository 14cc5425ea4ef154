//! 法规查询: the texts of laws that the operator has loaded, by article, by number and by word.

mod import;
mod known;
mod read;
mod seek;

pub use import::{LawFault, LawsImported, NotLoaded, import_laws};

use axum::extract::State;
use desk::rim::{Json, Path, Query};
use desk::{Desk, Problem, ProblemDocument};
use serde::{Deserialize, Serialize};
use store::{ArticleRow, LawRow};
use utoipa::{IntoParams, ToSchema};

use crate::open::Anybody;

/// The longest query, in characters.
const QUERY: usize = 100;
/// Hits of one answer.
const HITS: usize = 50;

/// The laws that can be looked up here.
#[derive(Debug, Serialize, ToSchema)]
pub struct Laws {
    /// By title; of each the latest version first. None when the operator has loaded none.
    pub laws: Vec<Law>,
}

/// A law in one version.
#[derive(Debug, Serialize, ToSchema)]
pub struct Law {
    /// By which citations name it.
    pub code: String,
    pub title: String,
    /// By which citations name the version.
    pub version: String,
    /// How many articles it has.
    pub articles: u32,
}

/// A law, whole.
#[derive(Debug, Serialize, ToSchema)]
pub struct LawText {
    #[serde(flatten)]
    pub law: Law,
    /// Who passed and changed it when, a line each.
    pub notes: String,
    /// The versions of it that can be looked up, the latest first.
    pub versions: Vec<String>,
    pub articles_text: Vec<LawArticle>,
}

/// An article.
#[derive(Debug, Serialize, ToSchema)]
pub struct LawArticle {
    /// `85`; `85-1` for 第八十五条之一; empty for what stands before the first.
    pub number: String,
    /// 第八十五条
    pub label: String,
    /// The headings above it, the highest first, a line each.
    pub heading: String,
    /// Its paragraphs, a line each.
    pub text: String,
}

/// Articles that were found.
#[derive(Debug, Serialize, ToSchema)]
pub struct LawHits {
    /// The best first.
    pub hits: Vec<LawHit>,
    /// Whether there are more than are shown.
    pub more: bool,
    /// The words that were looked for, to be marked in the texts.
    pub words: Vec<String>,
}

/// An article that was found, and where.
#[derive(Debug, Serialize, ToSchema)]
pub struct LawHit {
    pub law: Law,
    pub article: LawArticle,
}

/// Which version.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct WhichVersion {
    /// The latest, when it is not named.
    version: Option<String>,
}

/// What is looked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct LawQuery {
    /// Words and numbers of articles: `民事诉讼法第85条`, `举证 期限`.
    q: String,
}

/// List the laws that can be looked up.
#[utoipa::path(
    get, path = "/api/laws", operation_id = "laws", tag = "laws",
    responses(
        (status = 200, description = "The laws", body = Laws),
        (status = 429, description = "`tool_too_often`", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn laws(State(desk): State<Desk>, _: Anybody) -> Result<Json<Laws>, Problem> {
    let laws = desk.store.laws().await?;
    Ok(Json(Laws { laws: laws.iter().map(law_of).collect() }))
}

/// Read a law, all its articles.
#[utoipa::path(
    get, path = "/api/laws/{code}", operation_id = "law", tag = "laws",
    params(("code" = String, Path, description = "By which citations name it, e.g. `CPL`"), WhichVersion),
    responses(
        (status = 200, description = "The law", body = LawText),
        (status = 404, description = "It is not loaded here", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 429, description = "`tool_too_often`", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn law(
    State(desk): State<Desk>,
    _: Anybody,
    Path(code): Path<String>,
    Query(which): Query<WhichVersion>,
) -> Result<Json<LawText>, Problem> {
    let found = desk.store.law(&code, which.version.as_deref()).await?.ok_or_else(Problem::not_found)?;
    let articles = desk.store.articles_of(found.id).await?;
    let others = desk.store.laws().await?;
    let versions = others.into_iter().filter(|other| other.code == code).map(|other| other.version);
    Ok(Json(LawText {
        law: law_of(&found),
        versions: versions.collect(),
        articles_text: articles.into_iter().map(article_of).collect(),
        notes: found.notes,
    }))
}

/// Find articles by words and numbers.
#[utoipa::path(
    get, path = "/api/laws/search", operation_id = "search_laws", tag = "laws", params(LawQuery),
    responses(
        (status = 200, description = "What was found, the best first", body = LawHits),
        (status = 422, description = "`query_too_long`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 429, description = "`tool_too_often`", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn search_laws(
    State(desk): State<Desk>,
    _: Anybody,
    Query(query): Query<LawQuery>,
) -> Result<Json<LawHits>, Problem> {
    crate::words_fit(&query.q, QUERY)?;
    let sought = seek::sought(&query.q);
    let words = store::SearchWords::of(&sought.words.join(" "));
    let laws = desk.store.laws().await?;
    let found = desk.store.find_articles(&words, seek::CANDIDATES).await?;
    let full = found.len() == seek::CANDIDATES;
    let mut ranked = seek::ranked(found, &laws, &sought);
    let more = full || ranked.len() > HITS;
    ranked.truncate(HITS);
    let hits = ranked.into_iter().map(|(law, article)| LawHit { law: law_of(law), article: article_of(article) });
    Ok(Json(LawHits { hits: hits.collect(), more, words: sought.words }))
}

fn law_of(row: &LawRow) -> Law {
    Law { code: row.code.clone(), title: row.title.clone(), version: row.version.clone(), articles: row.articles }
}

fn article_of(row: ArticleRow) -> LawArticle {
    LawArticle { label: read::label(&row.number), number: row.number, heading: row.heading, text: row.text }
}
