//! A telephone in the browser: a page for people, JSON for tests.

use std::fmt::Write as _;

use axum::Json;
use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Response};
use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::html::{escape, headers};
use super::lines::{Call, Denied, RINGS};
use super::state::SimulatorState;

#[derive(Debug, Deserialize)]
pub(super) struct Wanted {
    phone: Option<String>,
}

/// A key that is pressed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pressed {
    phone: String,
    key: Key,
    /// What to dial.
    #[serde(default)]
    number: String,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Key {
    Dial,
    Answer,
    HangUp,
}

/// What a telephone shows.
#[derive(Debug, Serialize)]
pub(super) struct Shown {
    state: &'static str,
    /// The number on the display: the one that calls, or that was dialled. Never the other telephone's own.
    number: Option<String>,
    /// The number that leads from this telephone to another now.
    leads: Option<String>,
    /// Whole seconds of the call that is on, or of the last one.
    seconds: Option<i64>,
}

pub(super) async fn json(State(state): State<SimulatorState>, Query(wanted): Query<Wanted>) -> Response {
    shown(&state, &wanted.phone.unwrap_or_default())
}

pub(super) async fn press(State(state): State<SimulatorState>, Json(pressed): Json<Pressed>) -> Response {
    let (lines, now) = (&state.lines, state.now());
    let done = match pressed.key {
        Key::Dial => {
            let digits: String = pressed.number.chars().filter(char::is_ascii_digit).collect();
            lines.dial(&pressed.phone, &digits, now).inspect(|call| ring_out(&state, call))
        }
        Key::Answer => lines.answer(&pressed.phone, now),
        Key::HangUp => lines.hang_up(&pressed.phone, now),
    };
    match done {
        Ok(_) => shown(&state, &pressed.phone),
        Err(Denied::Unbound | Denied::NoNumber) => (StatusCode::NOT_FOUND, "您拨打的号码是空号").into_response(),
        Err(Denied::NotNow) => (StatusCode::CONFLICT, "现在不能这样操作").into_response(),
    }
}

/// After a while the network gives up.
fn ring_out(state: &SimulatorState, call: &Call) {
    let (state, id) = (state.clone(), call.id.clone());
    tokio::spawn(async move {
        tokio::time::sleep(RINGS).await;
        state.lines.ring_out(&id, state.now());
    });
}

fn shown(state: &SimulatorState, phone: &str) -> Response {
    let call = state.lines.call_of(phone);
    let end = call.as_ref().map(|call| call.over.map_or(state.now(), |over| over.at));
    let seconds = call.as_ref().and_then(|call| Some((end? - call.answered?).whole_seconds()));
    let shown = Shown {
        state: call.as_ref().map_or("idle", |call| phase(call, phone)),
        number: call.map(|call| call.held.x),
        leads: state.lines.leads(phone, state.now()),
        seconds,
    };
    ([("cache-control", "no-store")], Json(shown)).into_response()
}

fn phase(call: &Call, phone: &str) -> &'static str {
    let called = call.held.b == phone;
    match (call.over, call.answered, called) {
        (None, None, true) => "ringing",
        (None, None, false) => "dialling",
        (None, Some(_), _) => "talking",
        (Some(_), Some(_), _) => "ended",
        (Some(over), None, true) if over.cause == 21 => "refused",
        (Some(_), None, true) => "missed",
        (Some(over), None, false) if over.cause == 21 => "busy",
        (Some(_), None, false) => "unanswered",
    }
}

pub(super) async fn css() -> impl IntoResponse {
    ([("content-type", "text/css; charset=utf-8")], include_str!("handset.css"))
}

pub(super) async fn js() -> impl IntoResponse {
    ([("content-type", "text/javascript; charset=utf-8")], include_str!("handset.js"))
}

pub(super) async fn page(State(state): State<SimulatorState>, Query(wanted): Query<Wanted>) -> impl IntoResponse {
    let body = match wanted.phone {
        Some(phone) => telephone(&phone, &state.person(&phone).unwrap_or_default()),
        None => list(&state.people()),
    };
    let page = format!(
        "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>话机（演示）</title>\n<link rel=\"stylesheet\" href=\"handset.css\">\n\
         <script src=\"handset.js\" defer></script>\n</head>\n<body>\n<main>\n{body}</main>\n</body>\n</html>\n"
    );
    (headers(), Html(page))
}

/// Whose telephone is wanted.
fn list(people: &[(String, String)]) -> String {
    let mut page = String::from(
        "<h1>话机</h1>\n<p class=\"note\">演示用：没有电话真正拨出。请选择一部话机。</p>\n<ul class=\"list\">\n",
    );
    for (phone, person) in people {
        let (phone, person) = (escape(phone), escape(person));
        let _ = writeln!(page, "<li><a href=\"?phone={phone}\"><span>{phone}</span> {person}</a></li>");
    }
    page.push_str("</ul>\n");
    page
}

fn telephone(phone: &str, person: &str) -> String {
    let (phone, person) = (escape(phone), escape(person));
    format!(
        "<section class=\"phone\" data-phone=\"{phone}\" data-state=\"idle\">\n<header><h1>{person}</h1><p class=\"own\">本机 {phone}</p></header>\n\
         <div class=\"display\" role=\"status\" aria-live=\"polite\"><p id=\"state\">待机</p><p id=\"number\"></p><p id=\"clock\"></p></div>\n\
         <form id=\"dial\"><label for=\"wanted\">拨号</label><input id=\"wanted\" inputmode=\"tel\" autocomplete=\"off\" placeholder=\"021 号码\">\
         <button class=\"green\">拨打</button></form>\n\
         <div class=\"keys\"><button type=\"button\" class=\"red\" id=\"refuse\" data-key=\"hang_up\">拒接</button>\
         <button type=\"button\" class=\"green\" id=\"answer\" data-key=\"answer\">接听</button>\
         <button type=\"button\" class=\"red\" id=\"hangup\" data-key=\"hang_up\">挂断</button></div>\n\
         <p id=\"said\" role=\"alert\"></p>\n</section>\n<p class=\"note\">演示用：没有电话真正拨出。<a href=\"handset\">其他话机</a></p>\n"
    )
}
