//! Who may knock: the host that is asked is ours, the page that asks is ours, and what is written is JSON (SR-27).

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::{carries_table, carries_upload, is_api, report};
use crate::{Config, Desk, Problem, metrics};

/// Which of our hosts is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Host {
    App,
    Files,
    /// Another name of this machine, e.g. localhost for 127.0.0.1.
    Alias,
    Foreign,
}

/// Lets a request in, sends it to the right door, or refuses it.
pub(super) async fn check(State(desk): State<Desk>, request: Request, next: Next) -> Response {
    match look(&desk.config, &request) {
        Ok(None) => next.run(request).await,
        Ok(Some(redirect)) => redirect,
        Err(problem) => {
            metrics::denied(problem.code());
            problem.into_response()
        }
    }
}

fn look(config: &Config, request: &Request) -> Result<Option<Response>, Problem> {
    let path = request.uri().path();
    // What asks for health is no browser and knows the machine by its address.
    if matches!(path, "/healthz" | "/readyz") {
        return Ok(None);
    }
    let host = host(config, request);
    let is_file = path.starts_with("/files/");
    match host {
        Host::App if is_file => return Err(Problem::not_found()),
        Host::App => {}
        Host::Files if is_file => return Ok(None),
        Host::Files | Host::Alias if wants_page(request) => return Ok(Some(to_origin(config, request))),
        Host::Files => return Err(Problem::not_found()),
        Host::Alias | Host::Foreign => return Err(wrong_host(config)),
    }
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    // A WebSocket is opened with GET and then writes.
    if (!reads || request.headers().contains_key(header::UPGRADE)) && !own_page(config, request.headers()) {
        return Err(Problem::new(StatusCode::FORBIDDEN, "wrong_origin", "请从微法庭页面访问。"));
    }
    let carries_file = carries_upload(request) || carries_table(request);
    if !reads && is_api(path) && path != report::PATH && has_body(request.headers()) && !carries_file {
        let kind = request.headers().get(header::CONTENT_TYPE);
        if !kind.is_some_and(is_json) {
            return Err(json_only());
        }
    }
    Ok(None)
}

/// The body is not announced as JSON.
pub(super) fn json_only() -> Problem {
    Problem::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "json_only",
        "提交的内容须为 JSON 格式（Content-Type: application/json）。",
    )
}

/// Whether a `Content-Type` is JSON, with or without a charset. Only `application/json` itself: a page of another site cannot send it
/// without asking first.
pub(super) fn is_json(kind: &HeaderValue) -> bool {
    let kind = kind.to_str().unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json")
}

/// Whether the page that asks is ours. A program that is no browser sends neither header.
fn own_page(config: &Config, headers: &HeaderMap) -> bool {
    let mut origins = headers.get_all(header::ORIGIN).iter();
    let origin = match (origins.next(), origins.next()) {
        (None, _) => true,
        (Some(origin), None) => origin.as_bytes() == config.origin.as_bytes(),
        (Some(_), Some(_)) => false,
    };
    let site = headers.get("sec-fetch-site").is_none_or(|site| site == "same-origin" || site == "none");
    origin && site
}

fn has_body(headers: &HeaderMap) -> bool {
    headers.contains_key(header::TRANSFER_ENCODING)
        || headers.get(header::CONTENT_LENGTH).is_some_and(|length| length.as_bytes() != b"0")
}

/// Which host the request names. What cannot be read, or is named twice, is foreign.
fn host(config: &Config, request: &Request) -> Host {
    let mut named = request.headers().get_all(header::HOST).iter();
    let in_header = named.next().and_then(|host| host.to_str().ok());
    if named.next().is_some() {
        return Host::Foreign;
    }
    // An absolute target stands before the header (RFC 9112 3.2.2).
    let Some(asked) = request.uri().authority().map(|authority| authority.as_str()).or(in_header) else {
        return Host::Foreign;
    };
    let asked = asked.to_ascii_lowercase();
    let is = |origin: &str| without_port(&asked, origin) == without_port(Config::host_of(origin), origin);
    if is(&config.origin) {
        Host::App
    } else if is(&config.files_origin) {
        Host::Files
    } else if is_loopback(&asked) && is_loopback(Config::host_of(&config.origin)) {
        Host::Alias
    } else {
        Host::Foreign
    }
}

/// The host without the port that its scheme has anyway.
fn without_port<'a>(host: &'a str, origin: &str) -> &'a str {
    let port = if origin.starts_with("https://") { ":443" } else { ":80" };
    host.strip_suffix(port).unwrap_or(host)
}

fn is_loopback(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => name,
        _ => host,
    };
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}

/// Whether a person typed the address or followed a link: a page is wanted, not data.
fn wants_page(request: &Request) -> bool {
    let accept = request.headers().get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    matches!(*request.method(), Method::GET | Method::HEAD)
        && accept.contains("text/html")
        && !is_api(request.uri().path())
}

/// The same page under the name that the cookie and the policy know.
fn to_origin(config: &Config, request: &Request) -> Response {
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    match HeaderValue::from_str(&format!("{}{target}", config.origin)) {
        Ok(location) => (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, location)]).into_response(),
        Err(_) => wrong_host(config).into_response(),
    }
}

fn wrong_host(config: &Config) -> Problem {
    let detail = format!("请通过 {} 访问。", config.origin);
    Problem::new(StatusCode::MISDIRECTED_REQUEST, "wrong_host", detail)
}
