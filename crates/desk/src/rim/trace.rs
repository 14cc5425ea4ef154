//! One line in the log for each request, and one form for each error.

use std::time::Instant;

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http_body_util::{BodyExt, Collected, Limited};
use tracing::{Instrument, Span, field, info, info_span};

use super::is_api;
use crate::{Desk, Problem};

/// Names the request in the answer, in the log and in a problem's `instance`.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The form of errors.
const PROBLEM: HeaderValue = HeaderValue::from_static("application/problem+json");
/// The largest body that an error may have, in bytes; ours are below one kilobyte.
const ERROR_LIMIT: usize = 64 * 1024;

/// Gives the request an id of its own (never the caller's: it would be their text in our log), logs it when it is answered, and
/// makes every error a problem that names it.
///
/// The log has the route's template and not the path, because a path may hold a file ticket, and no query (SR-29).
pub(super) async fn trace(State(desk): State<Desk>, mut request: Request, next: Next) -> Response {
    let id = desk.chance.id().simple().to_string();
    let (method, api) = (request.method().clone(), is_api(request.uri().path()));
    let route = request.extensions().get::<MatchedPath>().map_or("(none)", MatchedPath::as_str).to_owned();
    let span =
        info_span!("request", request.id = id, http.method = %method, http.route = route, person.id = field::Empty);
    let begun = Instant::now();
    request.headers_mut().remove(REQUEST_ID);
    let response = next.run(request).instrument(span.clone()).await;
    let mut response = as_problem(response, &id, api).await;
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    log(&span, &response, begun);
    response
}

fn log(span: &Span, response: &Response, begun: Instant) {
    let micros = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
    let code = response.extensions().get::<Code>().map(|code| code.0.as_str());
    span.in_scope(|| info!(http.status = response.status().as_u16(), micros, problem.code = code, "Request answered"));
}

/// The code of the problem that an answer is.
#[derive(Clone)]
struct Code(String);

/// An error in the form of RFC 9457 with the request's id. What a library answered by itself (no such route, no such method, a
/// header that cannot be read) has a body for programmers; it gets ours. A page that is no part of the API keeps its own.
async fn as_problem(response: Response, id: &str, api: bool) -> Response {
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let body = whole(body).await;
    let known = match parts.headers.get(header::CONTENT_TYPE) {
        Some(kind) if kind == PROBLEM => body,
        Some(_) if !api => return Response::from_parts(parts, Body::from(body)),
        _ => whole(of_status(status).into_response().into_body()).await,
    };
    let Ok(mut document) = serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(&known) else {
        return Response::from_parts(parts, Body::from(known));
    };
    document.insert("instance".to_owned(), id.into());
    if let Some(code) = document.get("code").and_then(|code| code.as_str()) {
        parts.extensions.insert(Code(code.to_owned()));
    }
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_TYPE, PROBLEM);
    Response::from_parts(parts, Body::from(serde_json::Value::Object(document).to_string()))
}

/// The body of an error: short, or not worth having.
async fn whole(body: Body) -> Bytes {
    Limited::new(body, ERROR_LIMIT).collect().await.map(Collected::to_bytes).unwrap_or_default()
}

/// The problem for an answer that a library made.
fn of_status(status: StatusCode) -> Problem {
    match status {
        StatusCode::NOT_FOUND => Problem::not_found(),
        StatusCode::METHOD_NOT_ALLOWED => {
            Problem::new(status, "method_not_allowed", "这个地址不支持这种操作，请刷新页面后重试。")
        }
        StatusCode::PAYLOAD_TOO_LARGE => super::bounds::too_large(),
        StatusCode::UPGRADE_REQUIRED => Problem::new(status, "upgrade_required", "请以 WebSocket 方式连接。"),
        StatusCode::RANGE_NOT_SATISFIABLE => {
            Problem::new(status, "range_not_satisfiable", "文件没有这一部分，请重新打开。")
        }
        StatusCode::SERVICE_UNAVAILABLE => Problem::unavailable(),
        status if status.is_server_error() => {
            Problem::new(status, "internal", "系统出现故障，我们已记录，请稍后再试。")
        }
        status => Problem::new(status, "bad_request", "请求有误，请刷新页面后重试。"),
    }
}
