//! A face verification service on one's own machine: the vendor's wire format, its own check of the signature, and a page on which whoever plays
//! the person chooses what the camera saw.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;

use super::html::{escape, headers};
use super::verify::rfc2104;
use crate::{Chance, Clock};

/// Checks that are remembered.
const MAX_CHECKS: usize = 10_000;
/// How far a request's time may be from the vendor's clock, in seconds.
const MAX_SKEW: i64 = 300;

/// What goes wrong with one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaceMisbehaviour {
    /// The answer comes so much later.
    Slow(std::time::Duration),
    /// The gateway answers with this status.
    Status(u16),
    /// A page of HTML instead of an answer.
    Garbage,
    /// The signature is called wrong.
    SignatureError,
    /// The vendor's clock differs by so many seconds.
    ClockSkew(i64),
    /// The result is that of somebody else.
    OtherPerson,
    /// The result belongs to another wish.
    OtherNonce,
}

/// What the camera saw, as the page offers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seen {
    Pass,
    /// Another face.
    Fail,
    /// A picture, a screen, a mask.
    Spoof,
    /// Nothing: the browser comes back as if there had been a check.
    Forge,
}

/// The simulated service. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct SimulatedFaces {
    account: Arc<(String, String)>,
    origin: Arc<str>,
    clock: Clock,
    chance: Chance,
    inner: Arc<Mutex<Inner>>,
}

#[derive(Default)]
struct Inner {
    checks: HashMap<String, Check>,
    orders: std::collections::VecDeque<FaceMisbehaviour>,
}

struct Check {
    name: String,
    number: String,
    back: String,
    extra: String,
    seen: Option<Seen>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Asked {
    #[serde(default)]
    id_card: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    redirect_url: String,
    #[serde(default)]
    extra: String,
    #[serde(default)]
    biz_token: String,
}

impl SimulatedFaces {
    /// A service under `origin`, with one account.
    #[must_use]
    pub fn new(origin: &str, id: &str, key: &str, clock: Clock, chance: Chance) -> Self {
        let account = Arc::new((id.to_owned(), key.to_owned()));
        Self { account, origin: origin.into(), clock, chance, inner: Arc::default() }
    }

    /// Something goes wrong with the next request.
    pub fn misbehave(&self, what: FaceMisbehaviour) {
        self.lock().orders.push_back(what);
    }

    /// Lets the camera see something, as the page does.
    pub fn see(&self, token: &str, seen: Seen) {
        if let Some(check) = self.lock().checks.get_mut(token) {
            check.seen = (seen != Seen::Forge).then_some(seen);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The service's routes, under a path of their own; the adapter's endpoint ends with it.
pub fn faces(state: SimulatedFaces) -> Router {
    Router::new()
        .route("/faceid/", post(call))
        .route("/faceid/check", get(page).post(choose))
        .layer(DefaultBodyLimit::max(64 * 1024))
        .with_state(state)
}

async fn call(State(state): State<SimulatedFaces>, headers: HeaderMap, body: Bytes) -> Response {
    let wrong = state.lock().orders.pop_front();
    let mut now = (state.clock)();
    match &wrong {
        Some(FaceMisbehaviour::Slow(by)) => tokio::time::sleep(*by).await,
        Some(FaceMisbehaviour::Status(status)) => {
            return StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR).into_response();
        }
        Some(FaceMisbehaviour::Garbage) => return "<html><body>Bad Gateway</body></html>".into_response(),
        Some(FaceMisbehaviour::ClockSkew(seconds)) => now += time::Duration::seconds(*seconds),
        Some(FaceMisbehaviour::SignatureError) => return fault("AuthFailure.SignatureFailure"),
        _ => {}
    }
    if let Err(code) = verify(&state.account, &headers, &body, now) {
        return fault(code);
    }
    let Ok(asked) = serde_json::from_slice::<Asked>(&body) else { return fault("InvalidParameter") };
    match text(&headers, "x-tc-action") {
        "DetectAuth" => begin(&state, asked),
        "GetDetectInfoEnhanced" => result(&state, &asked.biz_token, wrong.as_ref()),
        _ => fault("InvalidAction"),
    }
}

fn begin(state: &SimulatedFaces, asked: Asked) -> Response {
    if asked.name.is_empty() || asked.id_card.len() != 18 {
        return fault("InvalidParameterValue.IdCardInvalid");
    }
    let token = hex::encode((state.chance)());
    let url = format!("{}/faceid/check?token={token}", state.origin);
    let mut inner = state.lock();
    if inner.checks.len() >= MAX_CHECKS {
        return fault("RequestLimitExceeded");
    }
    let Asked { name, id_card: number, redirect_url: back, extra, .. } = asked;
    inner.checks.insert(token.clone(), Check { name, number, back, extra, seen: None });
    answer(json!({ "Url": url, "BizToken": token }))
}

/// As the vendor's, it may be asked for as often as one likes: using it once is the court's own duty.
fn result(state: &SimulatedFaces, token: &str, wrong: Option<&FaceMisbehaviour>) -> Response {
    let inner = state.lock();
    let Some(check) = inner.checks.get(token) else { return fault("InvalidParameterValue.BizTokenIllegal") };
    let (mut number, mut extra) = (check.number.clone(), check.extra.clone());
    match wrong {
        Some(FaceMisbehaviour::OtherPerson) => number = "11010119900307001X".to_owned(),
        Some(FaceMisbehaviour::OtherNonce) => extra.push('x'),
        _ => {}
    }
    let (code, live, compared) = match check.seen {
        None | Some(Seen::Forge) => (Value::Null, Value::Null, Value::Null),
        Some(Seen::Pass) => (json!(0), json!(0), json!(0)),
        Some(Seen::Fail) => (json!(2004), json!(0), json!(2004)),
        Some(Seen::Spoof) => (json!(2011), json!(2011), Value::Null),
    };
    answer(json!({ "Text": {
        "ErrCode": code, "ErrMsg": null, "IdCard": number, "Name": check.name, "LiveStatus": live, "LiveMsg": null,
        "Comparestatus": compared, "Comparemsg": null, "Sim": null, "Extra": extra,
    } }))
}

fn answer(mut response: Value) -> Response {
    response["RequestId"] = json!("simulated");
    Json(json!({ "Response": response })).into_response()
}

fn fault(code: &str) -> Response {
    answer(json!({ "Error": { "Code": code, "Message": "simulated" } }))
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// Checks TC3-HMAC-SHA256 from the request as it arrived; shares no line with the adapter.
fn verify(
    account: &(String, String),
    headers: &HeaderMap,
    body: &[u8],
    now: OffsetDateTime,
) -> Result<(), &'static str> {
    let (id, key) = account;
    let fields =
        text(headers, "authorization").strip_prefix("TC3-HMAC-SHA256 ").ok_or("AuthFailure.SignatureFailure")?;
    let field = |name: &str| fields.split(", ").find_map(|field| field.strip_prefix(name)?.strip_prefix('='));
    let (Some(credential), Some(signed), Some(given)) =
        (field("Credential"), field("SignedHeaders"), field("Signature"))
    else {
        return Err("AuthFailure.SignatureFailure");
    };
    let mut scope = credential.splitn(2, '/');
    if scope.next() != Some(id) {
        return Err("AuthFailure.SecretIdNotFound");
    }
    let scope = scope.next().unwrap_or_default();
    let stamp = text(headers, "x-tc-timestamp");
    let at: i64 = stamp.parse().map_err(|_| "AuthFailure.SignatureFailure")?;
    if (now.unix_timestamp() - at).abs() > MAX_SKEW {
        return Err("AuthFailure.SignatureExpire");
    }
    let names: Vec<&str> = signed.split(';').collect();
    if !names.contains(&"host") || !names.contains(&"content-type") {
        return Err("AuthFailure.SignatureFailure");
    }
    let lines: String =
        names.iter().map(|name| format!("{name}:{}\n", text(headers, name).trim().to_lowercase())).collect();
    let request = ["POST", "/", "", &lines, signed, &hex::encode(Sha256::digest(body))].join("\n");
    let digest = hex::encode(Sha256::digest(request.as_bytes()));
    let mut secret = rfc2104(format!("TC3{key}").as_bytes(), scope.split('/').next().unwrap_or_default().as_bytes());
    for part in scope.split('/').skip(1) {
        secret = rfc2104(&secret, part.as_bytes());
    }
    let expected = rfc2104(&secret, ["TC3-HMAC-SHA256", stamp, scope, &digest].join("\n").as_bytes());
    if hex::encode(expected) == given { Ok(()) } else { Err("AuthFailure.SignatureFailure") }
}

#[derive(Deserialize)]
struct Which {
    token: String,
}

#[derive(Deserialize)]
struct Chosen {
    token: String,
    seen: Seen,
}

async fn page(State(state): State<SimulatedFaces>, Query(which): Query<Which>) -> Response {
    let inner = state.lock();
    let Some(check) = inner.checks.get(&which.token) else { return StatusCode::NOT_FOUND.into_response() };
    let button = |seen: &str, label: &str| {
        format!(
            "<form method=\"post\"><input type=\"hidden\" name=\"token\" value=\"{}\">\
             <button name=\"seen\" value=\"{seen}\">{label}</button></form>",
            escape(&which.token)
        )
    };
    let body = format!(
        "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>人脸核身（模拟）</title><link rel=\"stylesheet\" href=\"../inbox.css\"><main><h1>人脸核身（模拟）</h1>\
         <p>这里没有摄像头，也不采集人脸。请选择本次核身的结果。</p><p>姓名：{}</p>{}{}{}{}</main></html>",
        escape(&check.name),
        button("pass", "是本人，通过"),
        button("fail", "不是同一个人"),
        button("spoof", "翻拍或者面具"),
        button("forge", "不核身，直接返回"),
    );
    let mut answer = Html(body).into_response();
    for (name, value) in headers() {
        let value = match name {
            // The form goes to this page and leads back to the court.
            "content-security-policy" => {
                "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'"
            }
            _ => value,
        };
        answer.headers_mut().insert(name, http::HeaderValue::from_static(value));
    }
    answer
}

async fn choose(State(state): State<SimulatedFaces>, Form(chosen): Form<Chosen>) -> Response {
    state.see(&chosen.token, chosen.seen);
    let inner = state.lock();
    let Some(check) = inner.checks.get(&chosen.token) else { return StatusCode::NOT_FOUND.into_response() };
    let joint = if check.back.contains('?') { '&' } else { '?' };
    Redirect::to(&format!("{}{joint}BizToken={}", check.back, chosen.token)).into_response()
}
