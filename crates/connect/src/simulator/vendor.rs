//! The vendor's interface: one path, the operation in a header.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{OriginalUri, State};
use axum::response::{Html, IntoResponse, Response};
use http::{HeaderMap, Method, StatusCode};
use serde_json::{Value, json};

use super::limits::Sent;
use super::misbehaviour::Misbehaviour;
use super::params::{Params, is_mobile, required};
use super::state::{Delivery, Sending, SimulatorState};
use super::verify::{Arrived, Refused, mismatch, pairs, verify};
use super::{SimulatedTemplate, TemplateKind, numbers};
use crate::aliyun::{VERSION, beijing_day};

/// An operation's answer: a code, words, and what else there is.
type Outcome = Result<Value, (&'static str, String)>;

pub(super) async fn call(
    State(state): State<SimulatorState>,
    method: Method,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let (serial, wrong) = state.begin();
    let request = format!("{serial:08X}-51D0-5A70-8E1F-{serial:012X}");
    if let Some(answer) = gateway_fault(&state, wrong.as_ref(), &request).await {
        return answer;
    }
    let skew = match wrong {
        Some(Misbehaviour::ClockSkew { seconds }) => time::Duration::seconds(seconds),
        _ => time::Duration::ZERO,
    };
    let arrived = Arrived {
        method: method.as_str(),
        path: uri.path(),
        query: uri.query().unwrap_or_default(),
        headers: &headers,
        body: &body,
    };
    let settings = &state.settings;
    match verify(&arrived, &settings.access_key_id, &settings.access_key_secret, state.now() + skew) {
        Ok(nonce) if state.first_use(&nonce) => {}
        Ok(_) => return refuse(&state, &request, &replayed()),
        Err(refused) => return refuse(&state, &request, &refused),
    }
    let params = params(&arrived);
    let header = |name: &str| headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let outcome = match (header("x-acs-action"), header("x-acs-version")) {
        ("SendSms", VERSION) => send(&state, &params, wrong.as_ref()),
        ("QuerySendDetails", VERSION) => details(&state, &params),
        (action @ ("BindAxbFixedLine" | "DeleteAxbBindFixedLine"), VERSION) => {
            let answer = numbers::call(&state, action, &params, wrong.as_ref(), &request);
            return if wrong == Some(Misbehaviour::LostAnswer) { lost() } else { Json(answer).into_response() };
        }
        _ => return refuse(&state, &request, &unknown_operation()),
    };
    if wrong == Some(Misbehaviour::LostAnswer) {
        return lost();
    }
    Json(answer(outcome, &request)).into_response()
}

/// What a gateway says when the answer did not reach it.
fn lost() -> Response {
    (StatusCode::BAD_GATEWAY, Html("<html><h1>502 Bad Gateway</h1></html>")).into_response()
}

/// Faults of the gateway, before anybody looks at the request.
async fn gateway_fault(state: &SimulatorState, wrong: Option<&Misbehaviour>, request: &str) -> Option<Response> {
    match wrong? {
        Misbehaviour::Delay { millis } => {
            tokio::time::sleep(Duration::from_millis((*millis).min(120_000))).await;
            None
        }
        Misbehaviour::Status { status } => {
            let refused = Refused {
                status: *status,
                code: "ServiceUnavailable",
                message: "The request has failed due to a temporary failure of the server.".to_owned(),
            };
            Some(refuse(state, request, &refused))
        }
        Misbehaviour::Garbage => {
            state.refused();
            Some(Html("<!DOCTYPE html><html><body>It works!</body></html>").into_response())
        }
        Misbehaviour::SignatureError => Some(refuse(state, request, &mismatch("?"))),
        _ => None,
    }
}

fn answer(outcome: Outcome, request: &str) -> Value {
    match outcome {
        Ok(mut value) => {
            value["Code"] = json!("OK");
            value["Message"] = json!("OK");
            value["RequestId"] = json!(request);
            value
        }
        Err((code, message)) => json!({"Code": code, "Message": message, "RequestId": request}),
    }
}

fn refuse(state: &SimulatorState, request: &str, refused: &Refused) -> Response {
    state.refused();
    let body = json!({
        "RequestId": request,
        "Message": refused.message,
        "Recommend": format!("https://api.aliyun.com/troubleshoot?q={}&product=Dysmsapi&requestId={request}", refused.code),
        "HostId": "dysmsapi.aliyuncs.com",
        "Code": refused.code,
    });
    (StatusCode::from_u16(refused.status).unwrap_or(StatusCode::BAD_REQUEST), Json(body)).into_response()
}

fn replayed() -> Refused {
    Refused {
        status: 400,
        code: "SignatureNonceUsed",
        message: "Specified signature nonce was used already.".to_owned(),
    }
}

fn unknown_operation() -> Refused {
    Refused {
        status: 404,
        code: "InvalidAction.NotFound",
        message: "Specified api is not found, please check your url and method.".to_owned(),
    }
}

/// Parameters of the query and of a form in the body; the vendor takes both.
fn params(arrived: &Arrived<'_>) -> Params {
    let form = std::str::from_utf8(arrived.body).unwrap_or_default();
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    pairs(arrived.query).into_iter().chain(pairs(form)).map(|(k, v)| (text(k), text(v))).collect()
}

fn send(state: &SimulatorState, params: &Params, wrong: Option<&Misbehaviour>) -> Outcome {
    let sending = sending(state, params, wrong).inspect_err(|_| state.refused())?;
    if wrong == Some(&Misbehaviour::Limit) {
        state.limited();
        return Err(("isv.BUSINESS_LIMIT_CONTROL", "触发天级流控Permits:10".to_owned()));
    }
    match state.take(sending) {
        Ok(biz_id) => Ok(json!({"BizId": biz_id})),
        Err(words) => Err(("isv.BUSINESS_LIMIT_CONTROL", words.to_owned())),
    }
}

fn sending(
    state: &SimulatorState,
    params: &Params,
    wrong: Option<&Misbehaviour>,
) -> Result<Sending, (&'static str, String)> {
    let to = required(params, "PhoneNumbers")?;
    let sign = required(params, "SignName")?;
    let template_code = required(params, "TemplateCode")?;
    if !is_mobile(to) || wrong == Some(&Misbehaviour::NumberOff) {
        return Err(("isv.MOBILE_NUMBER_ILLEGAL", format!("{to}invalid mobile number")));
    }
    if !state.settings.sign_names.iter().any(|name| name == sign) {
        return Err(("isv.SMS_SIGNATURE_ILLEGAL", "该账号下找不到对应签名".to_owned()));
    }
    let template = state.settings.templates.iter().find(|t| t.code == template_code);
    let template = template.ok_or_else(|| ("isv.SMS_TEMPLATE_ILLEGAL", "该账号下找不到对应模板".to_owned()))?;
    let values = params.get("TemplateParam").map_or("{}", String::as_str);
    let values: BTreeMap<String, String> = serde_json::from_str(values)
        .map_err(|_| ("isv.INVALID_JSON_PARAM", "参数格式错误，请修改为字符串值".to_owned()))?;
    let text = fill(template, &values)?;
    Ok(Sending {
        text: format!("【{sign}】{text}"),
        code: values.get("code").filter(|_| template.kind == TemplateKind::Code).cloned(),
        delivery: match wrong {
            Some(Misbehaviour::ReceiptLost) => Delivery::Waiting,
            Some(Misbehaviour::Undelivered) => Delivery::Undelivered,
            _ => Delivery::Delivered,
        },
        sent: Sent {
            at: state.now(),
            to: to.to_owned(),
            sign: sign.to_owned(),
            template: template.code.clone(),
            kind: template.kind,
        },
    })
}

/// The template's text with its places filled; a place without a value is an error, as with the vendor.
fn fill(template: &SimulatedTemplate, values: &BTreeMap<String, String>) -> Result<String, (&'static str, String)> {
    let mut text = String::new();
    let mut rest = template.text.as_str();
    while let Some((before, after)) = rest.split_once("${") {
        let (name, tail) = after.split_once('}').unwrap_or((after, ""));
        let value = values
            .get(name)
            .ok_or_else(|| ("isv.TEMPLATE_MISSING_PARAMETERS", format!("模板变量缺少对应参数值:{name}")))?;
        text.push_str(before);
        text.push_str(value);
        rest = tail;
    }
    text.push_str(rest);
    Ok(text)
}

fn details(state: &SimulatorState, params: &Params) -> Outcome {
    let phone = required(params, "PhoneNumber")?;
    let day = required(params, "SendDate")?;
    let biz_id = params.get("BizId");
    let found: Vec<Value> = state
        .messages(Some(phone))
        .into_iter()
        .filter(|m| beijing_day(m.at) == day && biz_id.is_none_or(|id| *id == m.biz_id))
        .map(|m| {
            let (status, code) = match m.delivery {
                Delivery::Waiting => (1, ""),
                Delivery::Undelivered => (2, "UNDELIV"),
                Delivery::Delivered => (3, "DELIVERED"),
            };
            json!({"PhoneNum": m.phone, "SendStatus": status, "ErrCode": code, "TemplateCode": m.template, "Content": m.text,
                "SendDate": m.at.to_string()})
        })
        .collect();
    Ok(json!({"TotalCount": found.len(), "SmsSendDetailDTOs": {"SmsSendDetailDTO": found}}))
}
