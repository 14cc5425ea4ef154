//! What handlers take out of a request besides its body.

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::{ObjectBuilder, Required, Type};

use crate::Problem;

/// The names in a path. What cannot be an id names nothing: 404 `not_found`.
#[derive(Clone, Copy, Debug)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = <axum::extract::Path<T> as FromRequestParts<S>>::from_request_parts(parts, state).await;
        path.map(|axum::extract::Path(value)| Path(value)).map_err(|_| Problem::not_found())
    }
}

/// The query of a URL. 422 `malformed_query` if it is not what the type says.
#[derive(Clone, Copy, Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        axum::extract::Query::<T>::try_from_uri(&parts.uri).map(|axum::extract::Query(value)| Query(value)).map_err(
            |_| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "malformed_query", "查询条件格式不正确，请检查后重试。"),
        )
    }
}

/// The `Idempotency-Key` of a request that creates something: the same key on every retry of the same wish (SR-39). 1 to 64 visible
/// ASCII characters. Refusals: 422 `idempotency_key_missing`, `idempotency_key_invalid`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// The header's name.
    pub const NAME: &'static str = "idempotency-key";

    /// A key that this program makes itself, for an act of its own. What callers send is [`IdempotencyKey::parse`]d.
    pub fn new(key: String) -> IdempotencyKey {
        debug_assert!(IdempotencyKey::parse(&key).is_some(), "not 1 to 64 visible characters");
        IdempotencyKey(key)
    }

    /// The key with this text; none if it is not well-formed.
    pub fn parse(text: &str) -> Option<IdempotencyKey> {
        let fits = (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        fits.then(|| IdempotencyKey(text.to_owned()))
    }

    /// The key.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        key(parts)?.ok_or_else(|| {
            Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "idempotency_key_missing",
                "提交缺少编号（Idempotency-Key），请刷新页面后重试。",
            )
        })
    }
}

impl<S: Send + Sync> OptionalFromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Problem> {
        key(parts)
    }
}

fn key(parts: &Parts) -> Result<Option<IdempotencyKey>, Problem> {
    let mut values = parts.headers.get_all(IdempotencyKey::NAME).iter();
    let Some(first) = values.next() else { return Ok(None) };
    let key = first.to_str().ok().and_then(IdempotencyKey::parse).filter(|_| values.next().is_none());
    key.map(Some).ok_or_else(|| {
        Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "idempotency_key_invalid",
            "提交的编号（Idempotency-Key）须为 1 至 64 个可见字符，且只有一个。",
        )
    })
}

/// For the OpenAPI document: `params(IdempotencyKey)`.
impl IntoParams for IdempotencyKey {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let text = ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(64));
        let parameter = ParameterBuilder::new()
            .name("Idempotency-Key")
            .parameter_in(ParameterIn::Header)
            .required(Required::True)
            .description(Some("The same key on every retry of the same wish; visible ASCII"))
            .schema(Some(text.build()));
        vec![parameter.build()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sr39_a_key_is_1_to_64_visible_characters() {
        let long = "k".repeat(64);
        for good in ["a", "5f0c9a", "~!@#", long.as_str()] {
            assert_eq!(IdempotencyKey::parse(good).unwrap().as_str(), good);
        }
        let longer = "k".repeat(65);
        for bad in ["", " ", "a b", "é", "a\n", longer.as_str()] {
            assert_eq!(IdempotencyKey::parse(bad), None, "{bad:?}");
        }
    }
}
