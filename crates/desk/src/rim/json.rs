//! JSON in and out, strictly (SR-21).

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use serde::Serialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use super::bounds::{BODY_LIMIT, TABLE_LIMIT, too_large};
use super::door::{is_json, json_only};
use crate::Problem;

/// A JSON body, in or out. On the way in it must be exactly what the type says: types of requests carry
/// `#[serde(deny_unknown_fields)]`, and a body nested deeper than 128 levels is not read.
///
/// Refusals: 415 `json_only`, 413 `too_large`, 400 `malformed_json` (no JSON at all), 422 `unknown_field`, `unknown_kind` (both with
/// the name as `field` and `value`), `malformed`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Json<T>(pub T);

/// A request that says nothing: an empty body or `{}`.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoBody;

/// The bytes of a table, whatever its form. 413 `too_large`.
#[derive(Clone, Debug)]
pub struct Table(pub Bytes);

/// How much of a name from the request is repeated in the answer, in characters.
const NAME: usize = 64;

impl<T: DeserializeOwned, S: Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        if !request.headers().get(header::CONTENT_TYPE).is_some_and(is_json) {
            return Err(json_only());
        }
        let body = read(request.into_body(), BODY_LIMIT).await?;
        serde_json::from_slice(&body).map(Json).map_err(|error| refusal(&body, &error))
    }
}

impl<S: Sync> FromRequest<S> for NoBody {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let body = read(request.into_body(), BODY_LIMIT).await?;
        if body.is_empty() {
            return Ok(NoBody);
        }
        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Nothing {}
        serde_json::from_slice::<Nothing>(&body).map(|_| NoBody).map_err(|error| refusal(&body, &error))
    }
}

impl<S: Sync> FromRequest<S> for Table {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        read(request.into_body(), TABLE_LIMIT).await.map(Table)
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

async fn read(body: Body, limit: usize) -> Result<Bytes, Problem> {
    match Limited::new(body, limit).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if is_limit(&*error) => Err(too_large()),
        // The connection broke, or nothing came for too long; whoever is left there may try again.
        Err(_) => {
            Err(Problem::new(StatusCode::BAD_REQUEST, "body_incomplete", "提交的内容没有传完，请检查网络后重试。"))
        }
    }
}

fn is_limit(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.is::<http_body_util::LengthLimitError>() {
            return true;
        }
        cause = error.source();
    }
    false
}

/// Says what is wrong with a body. Serde tells it in words only; those of its derived types are stable, and if they ever change the
/// tests below say so.
fn refusal(body: &[u8], error: &serde_json::Error) -> Problem {
    // The error's own category does not tell: a number where a name should be counts as syntax there.
    if serde_json::from_slice::<IgnoredAny>(body).is_err() {
        return Problem::new(
            StatusCode::BAD_REQUEST,
            "malformed_json",
            "提交的内容不是有效的 JSON，请刷新页面后重试。",
        );
    }
    let words = error.to_string();
    if let Some(field) = named(&words, "unknown field `") {
        return invalid("unknown_field", "提交的内容含有系统不认识的字段。").with("field", field);
    }
    if let Some(value) = named(&words, "unknown variant `") {
        return invalid("unknown_kind", "提交的内容含有系统不认识的类型。").with("value", value);
    }
    match named(&words, "missing field `") {
        Some(field) => invalid("malformed", "提交的内容缺少必要的字段。").with("field", field),
        None => invalid("malformed", "提交的内容格式不正确，请检查后重试。"),
    }
}

fn invalid(code: &'static str, detail: &'static str) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail)
}

/// The name that serde puts in backticks; shortened, and without what is not plain text, for it is the caller's.
fn named(words: &str, before: &str) -> Option<String> {
    let rest = words.strip_prefix(before)?;
    let end = rest.find("`, expected").or_else(|| rest.find("`, there are no")).or_else(|| rest.find('`'))?;
    Some(rest[..end].chars().filter(|char| !char.is_control()).take(NAME).collect())
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(tag = "kind", deny_unknown_fields)]
    enum Act {
        #[serde(rename = "speech.text")]
        Text {
            #[expect(dead_code, reason = "only read")]
            text: String,
        },
        #[serde(rename = "sitting.open")]
        Open {},
    }

    fn problem(body: &str) -> (u16, &'static str) {
        let problem = serde_json::from_str::<Act>(body).map_err(|error| refusal(body.as_bytes(), &error)).unwrap_err();
        (problem.status().as_u16(), problem.code())
    }

    #[test]
    fn sr21_what_is_not_asked_for_is_refused_by_name() {
        assert_eq!(problem(r#"{"kind":"speech.text","text":"a","admin":true}"#), (422, "unknown_field"));
        assert_eq!(problem(r#"{"kind":"sitting.open","x":1}"#), (422, "unknown_field"));
        assert_eq!(problem(r#"{"kind":"speech.shout","text":"a"}"#), (422, "unknown_kind"));
        assert_eq!(problem(r#"{"kind":"speech.text","text":1}"#), (422, "malformed"));
        assert_eq!(problem(r#"{"kind":"speech.text"}"#), (422, "malformed"));
        assert_eq!(problem(r#"{"kind":"speech.text","text":"a","text":"b"}"#), (422, "malformed"));
        assert_eq!(problem("[]"), (422, "malformed"));
        assert_eq!(problem(r#"{"kind":"#), (400, "malformed_json"));
        assert_eq!(problem(""), (400, "malformed_json"));
        assert_eq!(problem(r#"{"kind":"sitting.open"} x"#), (400, "malformed_json"));
    }

    #[test]
    fn sr33_a_deeply_nested_body_is_not_read() {
        let deep = "[".repeat(100_000);
        assert!(
            serde_json::from_str::<serde_json::Value>(&deep)
                .map_err(|error| refusal(deep.as_bytes(), &error).code())
                .is_err_and(|code| code == "malformed_json")
        );
    }

    #[test]
    fn sr57_a_name_from_the_request_is_repeated_short_and_plain() {
        let name = format!("a`\u{7}{}", "x".repeat(200));
        let error = serde_json::from_value::<Act>(json!({"kind": "sitting.open", name.as_str(): 1})).unwrap_err();
        let body = serde_json::to_string(&named(&error.to_string(), "unknown field `")).unwrap();
        assert!(body.len() <= NAME + 2 && !body.contains('\u{7}'), "{body}");
    }
}
