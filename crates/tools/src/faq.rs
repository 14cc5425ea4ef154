//! 智能问答, our own small part of it: questions about using this court, with answers that people wrote. Nothing is made up: what is
//! not among them is said to be missing.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use axum::extract::State;
use desk::rim::{Json, Query};
use desk::{Desk, Problem, ProblemDocument};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::open::Anybody;

const TEXT: &str = include_str!("../../../catalog/faq.toml");
/// Answers of one question.
const MOST: usize = 5;
/// The longest question, in characters.
const QUERY: usize = 100;
/// How much of what is typed must be found, for an answer to be worth showing.
const ENOUGH: f64 = 0.4;

/// What was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct FaqHits {
    /// The best first; none when nothing is close enough. Without a question: all of them.
    pub answers: Vec<FaqAnswer>,
    /// The number to call when there is no answer.
    pub hotline: String,
}

/// A question and its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FaqAnswer {
    pub question: String,
    pub answer: String,
    /// The page of the app where it is done, e.g. `/tools/periods`.
    #[schema(required)]
    pub page: Option<String>,
    /// The articles that say so.
    pub citations: Vec<rules::Citation>,
}

/// The same as it is written in the catalog.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    question: String,
    answer: String,
    /// Other words for the same thing.
    #[serde(default)]
    also: String,
    #[serde(default)]
    page: Option<String>,
    /// As the rules cite: `CPL@2023 85`.
    #[serde(default)]
    cite: Vec<String>,
}

/// What is asked.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct FaqQuery {
    /// A question, as people type it; without it all are listed.
    q: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Catalog {
    faq: Vec<Written>,
}

/// Find answers about using this court.
#[utoipa::path(
    get, path = "/api/faq", operation_id = "faq", tag = "tools", params(FaqQuery),
    responses(
        (status = 200, description = "What was found, the best first", body = FaqHits),
        (status = 422, description = "`query_too_long`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 429, description = "`tool_too_often`", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn faq(
    State(desk): State<Desk>,
    _: Anybody,
    Query(query): Query<FaqQuery>,
) -> Result<Json<FaqHits>, Problem> {
    let typed = query.q.unwrap_or_default();
    crate::words_fit(&typed, QUERY)?;
    let answers = if typed.trim().is_empty() { BOOK.answers.clone() } else { BOOK.find(&typed) };
    Ok(Json(FaqHits { answers, hotline: desk.config.hotline.clone() }))
}

static BOOK: LazyLock<FaqBook> = LazyLock::new(|| FaqBook::read(TEXT).unwrap_or_default());

/// The answers, and how rare each pair of characters is among their questions.
#[derive(Default)]
struct FaqBook {
    answers: Vec<FaqAnswer>,
    pairs: Vec<HashSet<String>>,
    among: HashMap<String, usize>,
}

impl FaqBook {
    fn read(text: &str) -> Result<FaqBook, String> {
        let catalog: Catalog = toml::from_str(text).map_err(|error| error.to_string())?;
        let mut book = FaqBook::default();
        for written in catalog.faq {
            let mut citations = Vec::with_capacity(written.cite.len());
            for cite in &written.cite {
                let parsed = rules::book::Cite::try_from(cite.clone()).map_err(|error| format!("{cite}: {error}"))?;
                let citation = rules::Citation::find(rules::book::book(), &parsed);
                citations.push(citation.ok_or_else(|| format!("{cite} is not in the book"))?);
            }
            let pairs = pairs(&format!("{} {}", written.question, written.also));
            for pair in &pairs {
                *book.among.entry(pair.clone()).or_insert(0) += 1;
            }
            book.pairs.push(pairs);
            let Written { question, answer, page, .. } = written;
            book.answers.push(FaqAnswer { question, answer, page, citations });
        }
        Ok(book)
    }

    /// Each pair that question and answer share counts the more the fewer answers have it.
    fn find(&self, typed: &str) -> Vec<FaqAnswer> {
        let asked = pairs(typed);
        let worth = |pair: &String| match self.among.get(pair) {
            Some(among) => 1.0 + (self.answers.len() as f64 / *among as f64).ln(),
            None => 1.0,
        };
        let whole: f64 = asked.iter().map(worth).sum();
        let of = |pairs: &HashSet<String>| {
            let shared: f64 = asked.intersection(pairs).map(worth).sum();
            (shared / whole.max(1.0), shared / pairs.iter().map(worth).sum::<f64>().max(1.0))
        };
        let mut found: Vec<((f64, f64), usize)> = self
            .pairs
            .iter()
            .enumerate()
            .map(|(at, pairs)| (of(pairs), at))
            .filter(|((asked, _), _)| *asked >= ENOUGH)
            .collect();
        // Of those that have as much of what was asked, the one that is about the least else.
        let order = |(a, own_a): &(f64, f64), (b, own_b): &(f64, f64)| b.total_cmp(a).then(own_b.total_cmp(own_a));
        found.sort_by(|(a, at_a), (b, at_b)| order(a, b).then(at_a.cmp(at_b)));
        found.into_iter().take(MOST).map(|(_, at)| self.answers[at].clone()).collect()
    }
}

/// What everybody writes in every question says nothing.
const IDLE: [&str; 24] = [
    "怎么", "什么", "如何", "可以", "吗", "呢", "请问", "我", "的", "了", "是", "在", "要", "能", "有", "没", "不",
    "一个", "这个", "哪里", "多少", "需要", "应该", "办",
];

/// The pairs of neighbours among the characters that count; a word of one character is its own.
fn pairs(text: &str) -> HashSet<String> {
    let mut text = text.to_lowercase();
    for idle in IDLE {
        text = text.replace(idle, " ");
    }
    let mut pairs = HashSet::new();
    for word in text.split(|char: char| !char.is_alphanumeric()) {
        let chars: Vec<char> = word.chars().collect();
        match chars.as_slice() {
            [] => {}
            [one] => drop(pairs.insert(one.to_string())),
            chars => pairs.extend(chars.windows(2).map(|pair| pair.iter().collect::<String>())),
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f62_the_catalog_is_read_and_each_question_finds_itself_first() {
        let book = FaqBook::read(TEXT).unwrap();
        assert!(book.answers.len() >= 30, "{}", book.answers.len());
        for answer in &book.answers {
            assert_eq!(book.find(&answer.question).first(), Some(answer), "{}", answer.question);
            let page = answer.page.as_deref().unwrap_or("/");
            assert!(page.starts_with('/'), "{page}");
        }
    }

    #[test]
    fn f62_what_is_asked_in_other_words_is_found_and_what_is_not_there_is_not() {
        let book = FaqBook::read(TEXT).unwrap();
        for (typed, question) in [
            ("收不到短信验证码", "收不到验证码怎么办？"),
            ("上诉期限多少天", "上诉期限是多久？"),
            ("怎么发照片", "怎么发送照片？"),
            ("诉讼费怎么算", "诉讼费怎么计算？"),
        ] {
            let found = book.find(typed);
            assert_eq!(found.first().map(|answer| answer.question.as_str()), Some(question), "{typed}");
        }
        for nonsense in ["今天天气怎么样", "推荐一部电影", "xyz", "？？"] {
            assert_eq!(book.find(nonsense), Vec::new(), "{nonsense}");
        }
    }
}
