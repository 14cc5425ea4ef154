//! What somebody wants to be told of, and by which ways (我的 → 消息订阅).

use std::collections::BTreeMap;

use axum::Json as Reply;
use axum::extract::State;
use axum::http::StatusCode;
use court::inbox::{Catalogue, Function, Way};
use desk::rim::Json;
use desk::{Account, Desk, Problem, ProblemDocument};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A way of telling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WayCode {
    /// 站内: in the app, always.
    App,
    /// 短信.
    Sms,
    /// 推送, to the browsers that the person let.
    Push,
}

/// What can be subscribed to.
#[derive(Debug, Serialize, ToSchema)]
pub struct Subscription {
    pub function: String,
    pub label: String,
    pub about: String,
    pub ways: Vec<SubscriptionWay>,
    /// Why something cannot be switched off; null when everything can.
    #[schema(required)]
    pub why: Option<String>,
}

/// Whether something is told by a way.
#[derive(Debug, Serialize, ToSchema)]
pub struct SubscriptionWay {
    pub way: WayCode,
    pub on: bool,
    /// Whether it cannot be switched.
    pub fixed: bool,
}

/// A choice.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SubscriptionChoice)]
pub(crate) struct Choice {
    function: String,
    way: WayCode,
    on: bool,
}

impl WayCode {
    pub(crate) fn code(self) -> &'static str {
        match self {
            WayCode::App => "app",
            WayCode::Sms => "sms",
            WayCode::Push => "push",
        }
    }

    /// What holds of a function before anybody has chosen.
    pub(crate) fn of(self, function: &Function) -> Way {
        match self {
            WayCode::App => Way::Always,
            WayCode::Sms => function.sms,
            WayCode::Push => function.push,
        }
    }
}

/// Whether somebody who has chosen so is told of a function by a way.
pub(crate) fn wanted(choices: &BTreeMap<(String, String), bool>, function: &Function, way: WayCode) -> bool {
    match way.of(function) {
        Way::Always => true,
        Way::On | Way::Off => {
            let chosen = choices.get(&(function.code.clone(), way.code().to_owned()));
            chosen.copied().unwrap_or(way.of(function) == Way::On)
        }
    }
}

/// List what I can subscribe to, and what I have chosen.
#[utoipa::path(
    get, path = "/api/inbox/subscriptions", operation_id = "subscriptions", tag = "inbox",
    responses(
        (status = 200, body = Vec<Subscription>),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn subscriptions(
    State(desk): State<Desk>,
    account: Account,
) -> Result<Reply<Vec<Subscription>>, Problem> {
    let choices = desk.store.inbox_choices(account.person).await?;
    let shown = Catalogue::builtin().functions().iter().map(|function| Subscription {
        function: function.code.clone(),
        label: function.label.clone(),
        about: function.about.clone(),
        ways: [WayCode::App, WayCode::Sms, WayCode::Push]
            .map(|way| SubscriptionWay {
                way,
                on: wanted(&choices, function, way),
                fixed: way.of(function) == Way::Always,
            })
            .into(),
        why: function.why.clone(),
    });
    Ok(Reply(shown.collect()))
}

/// Choose whether to be told of something by a way.
#[utoipa::path(
    put, path = "/api/inbox/subscriptions", operation_id = "subscribe", tag = "inbox",
    request_body = Choice,
    responses(
        (status = 204, description = "Chosen"),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "`subscription_fixed`, with the reason", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "`function_unknown`", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn subscribe(
    State(desk): State<Desk>,
    account: Account,
    Json(choice): Json<Choice>,
) -> Result<StatusCode, Problem> {
    let function = Catalogue::builtin().function(&choice.function).ok_or_else(|| {
        let detail = "没有这一项消息，请刷新后再试。";
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "function_unknown", detail)
    })?;
    if choice.way.of(function) == Way::Always {
        let why = function.why.as_deref().filter(|_| choice.way != WayCode::App);
        let detail = why.unwrap_or("站内消息是查看法院通知的基本方式，不能关闭。");
        return Err(Problem::new(StatusCode::CONFLICT, "subscription_fixed", detail));
    }
    desk.store.choose_inbox(account.person, &function.code, choice.way.code(), choice.on).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_stands_before_the_default_and_what_is_always_told_before_both() {
        let catalogue = Catalogue::builtin();
        for function in catalogue.functions() {
            for way in [WayCode::App, WayCode::Sms, WayCode::Push] {
                let none = BTreeMap::new();
                let key = (function.code.clone(), way.code().to_owned());
                let (yes, no) = ([(key.clone(), true)].into(), [(key, false)].into());
                let (code, fixed) = (&function.code, way.of(function) == Way::Always);
                assert!(wanted(&yes, function, way), "{code}");
                assert_eq!(wanted(&no, function, way), fixed, "{code}");
                assert_eq!(wanted(&none, function, way), way.of(function) != Way::Off, "{code}");
            }
        }
    }
}
