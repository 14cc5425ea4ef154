//! The inbox: a page for people, JSON for tests.

use std::fmt::Write as _;

use axum::Json;
use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse};
use serde::Deserialize;
use time::macros::{format_description, offset};

use super::html::{escape, headers};
use super::state::{InboxMessage, SimulatorState};

/// How many texts of one number the page shows.
const SHOWN: usize = 5;

#[derive(Debug, Deserialize)]
pub(super) struct Wanted {
    phone: Option<String>,
}

pub(super) async fn json(State(state): State<SimulatorState>, Query(wanted): Query<Wanted>) -> impl IntoResponse {
    ([("cache-control", "no-store")], Json(state.messages(wanted.phone.as_deref())))
}

pub(super) async fn css() -> impl IntoResponse {
    ([("content-type", "text/css; charset=utf-8")], include_str!("inbox.css"))
}

pub(super) async fn js() -> impl IntoResponse {
    ([("content-type", "text/javascript; charset=utf-8")], include_str!("inbox.js"))
}

pub(super) async fn page(State(state): State<SimulatorState>, Query(wanted): Query<Wanted>) -> impl IntoResponse {
    (headers(), Html(render(&state.messages(wanted.phone.as_deref()))))
}

/// The page: a section for each number, the one with the newest text first.
fn render(messages: &[InboxMessage]) -> String {
    let newest = messages.first().map_or(0, |m| m.id);
    let mut phones: Vec<&str> = Vec::new();
    for message in messages {
        if !phones.contains(&message.phone.as_str()) {
            phones.push(&message.phone);
        }
    }
    let mut sections = String::new();
    for phone in phones {
        section(&mut sections, phone, messages);
    }
    if sections.is_empty() {
        sections.push_str("<p class=\"empty\">还没有短信。在登录页填写手机号并获取验证码，短信会出现在这里。</p>\n");
    }
    format!(
        "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>短信收件箱（演示）</title>\n<link rel=\"stylesheet\" href=\"inbox.css\">\n\
         <script src=\"inbox.js\" defer></script>\n<noscript><meta http-equiv=\"refresh\" content=\"5\"></noscript>\n</head>\n\
         <body data-newest=\"{newest}\">\n<main>\n<h1>短信收件箱</h1>\n<p class=\"note\">演示用：没有短信真正发出，所有人的短信都显示在这里。</p>\n\
         {sections}<p id=\"said\" role=\"status\"></p>\n</main>\n</body>\n</html>\n"
    )
}

fn section(page: &mut String, phone: &str, messages: &[InboxMessage]) {
    let mine: Vec<&InboxMessage> = messages.iter().filter(|m| m.phone == phone).take(SHOWN).collect();
    let person = mine.first().and_then(|m| m.person.as_deref()).unwrap_or_default();
    let _ =
        write!(page, "<section>\n<h2><span class=\"phone\">{}</span> {}</h2>\n<ol>\n", escape(phone), escape(person));
    for message in mine {
        // The times of a court are Beijing's.
        let at = message.at.to_offset(offset!(+8));
        let clock = at.format(format_description!("[hour]:[minute]:[second]")).unwrap_or_default();
        let _ = write!(page, "<li>\n<time>{clock}</time>\n<p>{}</p>\n", escape(&message.text));
        if let Some(code) = &message.code {
            let code = escape(code);
            let _ = writeln!(
                page,
                "<p class=\"code\"><output>{code}</output> <button type=\"button\" data-code=\"{code}\">复制验证码</button></p>"
            );
        }
        page.push_str("</li>\n");
    }
    page.push_str("</ol>\n</section>\n");
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;
    use crate::simulator::Delivery;

    #[test]
    fn sr31_a_text_is_shown_as_text() {
        let message = InboxMessage {
            id: 7,
            at: datetime!(2026-11-23 06:00 UTC),
            phone: "13900000001".to_owned(),
            person: Some("<b>王某</b>".to_owned()),
            text: "【微庭】<script>alert(1)</script>".to_owned(),
            code: Some("\"123456\"".to_owned()),
            delivery: Delivery::Delivered,
            biz_id: String::new(),
            template: String::new(),
        };
        let page = render(&[message]);
        assert!(page.contains("data-newest=\"7\"") && page.contains("<time>14:00:00</time>"));
        assert!(
            page.contains("&lt;script&gt;")
                && page.contains("&lt;b&gt;")
                && page.contains("data-code=\"&quot;123456&quot;\"")
        );
        assert!(!page.contains("<script>") && !page.contains("<b>"));
    }
}
