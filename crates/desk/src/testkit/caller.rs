//! Somebody who speaks HTTP to a router, as a browser of our own origin would.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use bytes::Bytes;
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

use super::Kit;

/// A caller: a router, an address, and what it has been given to show who it is.
#[derive(Clone)]
pub struct Caller {
    app: Router,
    peer: IpAddr,
    cookie: Option<String>,
    bearer: Option<String>,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Caller {
    pub(super) fn new(app: Router) -> Caller {
        Caller { app, peer: IpAddr::V4(Ipv4Addr::LOCALHOST), cookie: None, bearer: None }
    }

    /// The same caller from another address.
    pub fn from(mut self, peer: IpAddr) -> Caller {
        self.peer = peer;
        self
    }

    /// The same caller with this `Cookie` header.
    pub fn with_cookie(mut self, cookie: String) -> Caller {
        self.cookie = Some(cookie);
        self
    }

    /// The same caller with this bearer token.
    pub fn with_bearer(mut self, token: String) -> Caller {
        self.bearer = Some(token);
        self
    }

    /// The `Cookie` header that it sends.
    pub fn cookie(&self) -> Option<&str> {
        self.cookie.as_deref()
    }

    /// GET.
    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path), Body::empty()).await
    }

    /// POST of JSON.
    pub async fn post(&mut self, path: &str, body: Value) -> Answer {
        self.write(Method::POST, path, &[], body).await
    }

    /// PUT of JSON.
    pub async fn put(&mut self, path: &str, body: Value) -> Answer {
        self.write(Method::PUT, path, &[], body).await
    }

    /// POST of JSON with an `Idempotency-Key`.
    pub async fn post_once(&mut self, path: &str, key: &str, body: Value) -> Answer {
        self.write(Method::POST, path, &[("idempotency-key", key)], body).await
    }

    /// Any method with JSON and further headers.
    pub async fn write(&mut self, method: Method, path: &str, headers: &[(&str, &str)], body: Value) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::ORIGIN, Kit::ORIGIN)
            .header(header::CONTENT_TYPE, "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request, Body::from(body.to_string())).await
    }

    /// A request as it is, with the caller's address and cookie or token. A cookie that the answer sets is kept.
    pub async fn send(&mut self, mut request: http::request::Builder, body: Body) -> Answer {
        let named = request.headers_ref().is_some_and(|headers| headers.contains_key(header::HOST));
        if !named {
            request = request.header(header::HOST, crate::Config::host_of(Kit::ORIGIN));
        }
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        if let Some(token) = &self.bearer {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let mut request = request.body(body).expect("a request that can be sent");
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(self.peer, 50_000)));
        let response = self.app.clone().oneshot(request).await.expect("a router always answers");
        let (parts, body) = response.into_parts();
        let body = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
        let answer = Answer { status: parts.status, headers: parts.headers, body };
        self.keep_cookie(&answer);
        answer
    }

    fn keep_cookie(&mut self, answer: &Answer) {
        for set in answer.headers.get_all(header::SET_COOKIE) {
            let pair = set.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
            self.cookie = (!pair.ends_with('=')).then(|| pair.to_owned());
        }
    }
}

impl Answer {
    /// The body as JSON; null when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// The `code` of a problem; empty when it is none.
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// A header as text; empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}
