//! Errors as callers see them: RFC 9457, with a stable `code` for programs and a Chinese `detail` for people (SR-57).

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use court::{Refusal, Why};
use serde::Serialize;
use serde_json::{Map, Value};
use store::StoreError;
use utoipa::ToSchema;

/// A problem on its way out.
#[derive(Clone, Debug)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    detail: String,
    retry_after: Option<u64>,
    more: Map<String, Value>,
}

/// The body of a problem (RFC 9457 3.1).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ProblemDocument {
    /// Always `about:blank`: the code says more.
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    /// Stable name of what went wrong.
    pub code: String,
    /// What happened and what to do, in Chinese.
    pub detail: String,
    /// Further members that a code defines, e.g. `challenge` of `human_check_required`.
    #[serde(flatten)]
    #[schema(additional_properties)]
    pub more: Map<String, Value>,
}

impl Problem {
    /// A problem with this status, code and sentence.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Problem {
        Problem { status, code, detail: detail.into(), retry_after: None, more: Map::new() }
    }

    /// What the caller may not see does not exist (404).
    pub fn not_found() -> Problem {
        Problem::new(StatusCode::NOT_FOUND, "not_found", "没有找到相关内容，可能链接有误，或您没有查看的权限。")
    }

    /// The caller has not logged in, or the login has ended (401).
    pub fn not_logged_in() -> Problem {
        Problem::new(StatusCode::UNAUTHORIZED, "not_logged_in", "您尚未登录或登录已过期，请重新登录。")
    }

    /// The caller has not chosen in which role to act (403).
    pub fn no_role() -> Problem {
        Problem::new(StatusCode::FORBIDDEN, "no_role", "您有多个身份，请先选择本次使用的身份。")
    }

    /// The server cannot do it now (503).
    pub fn unavailable() -> Problem {
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "系统繁忙，您的内容尚未提交，请稍候自动重试。")
            .retry_after(1)
    }

    /// Something went wrong that is nobody's fault outside (500). The cause goes to the log, never to the caller.
    pub fn internal() -> Problem {
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "系统出现故障，我们已记录，请稍后再试。")
    }

    /// When to come back, in seconds.
    pub fn retry_after(mut self, seconds: u64) -> Problem {
        self.retry_after = Some(seconds);
        self
    }

    /// A further member of the body.
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Problem {
        self.more.insert(name.to_owned(), value.into());
        self
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// The sentence for people.
    pub fn detail(&self) -> &str {
        &self.detail
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Problem {
        let status = match refusal.why() {
            Why::Forbidden => StatusCode::FORBIDDEN,
            Why::Conflict => StatusCode::CONFLICT,
            Why::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        };
        Problem::new(status, refusal.code(), refusal.detail())
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Problem {
        match error {
            StoreError::Unavailable(_) => {
                tracing::warn!(%error, "The store is not available");
                Problem::unavailable()
            }
            StoreError::Full => Problem::new(
                StatusCode::INSUFFICIENT_STORAGE,
                "storage_full",
                "法院的存储空间已满，您的内容尚未提交，请稍后再试或联系书记员。",
            ),
            StoreError::NotFound => Problem::not_found(),
            StoreError::Conflict => Problem::new(StatusCode::CONFLICT, "conflict", "内容刚刚被更改，请刷新后再试。"),
            StoreError::TooLarge => Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "内容超过了允许的大小。"),
            StoreError::Corrupt(_) | StoreError::Locked | StoreError::Settings(_) => {
                tracing::error!(%error, "The store failed");
                Problem::internal()
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let document = ProblemDocument {
            kind: "about:blank".to_owned(),
            title: self.status.canonical_reason().unwrap_or("Error").to_owned(),
            status: self.status.as_u16(),
            code: self.code.to_owned(),
            detail: self.detail,
            more: self.more,
        };
        let mut response = (self.status, axum::Json(document)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
