//! Lending numbers: `BindAxbFixedLine` and `DeleteAxbBindFixedLine`.

use serde_json::{Value, json};
use time::Duration;

use super::lines::{Denied, Held};
use super::misbehaviour::Misbehaviour;
use super::params::{Params, is_mobile, required};
use super::state::SimulatorState;

type Outcome = Result<Value, (&'static str, String)>;

/// Answers one operation in the form of this product: `Code` `0`, and `Data`.
pub(super) fn call(
    state: &SimulatorState,
    action: &str,
    params: &Params,
    wrong: Option<&Misbehaviour>,
    request: &str,
) -> Value {
    let outcome = match action {
        "BindAxbFixedLine" => bind(state, params, wrong),
        _ => delete(state, params),
    };
    match outcome {
        Ok(data) => json!({"Code": "0", "Message": "success", "Success": true, "RequestId": request, "Data": data}),
        Err((code, message)) => {
            state.refused();
            json!({"Code": code, "Message": message, "Success": false, "RequestId": request})
        }
    }
}

fn bind(state: &SimulatorState, params: &Params, wrong: Option<&Misbehaviour>) -> Outcome {
    pool(state, params)?;
    for name in ["Ts", "Subts", "Anucode"] {
        required(params, name)?;
    }
    if required(params, "BindType")? != "mode102" || required(params, "Areacode")?.starts_with('0') {
        return Err(("isv.ILLEGAL_ARGUMENT", "参数非法".to_owned()));
    }
    let lasts: i64 = required(params, "Expiration")?.parse().unwrap_or(-1);
    if !(60..=31_536_000).contains(&lasts) {
        return Err(("isv.EXPIRE_DATE_ILLEGAL", "过期时间不正确".to_owned()));
    }
    let (a, b) = (required(params, "TelA")?, required(params, "TelB")?);
    if !is_phone(a) || !is_phone(b) || a == b {
        return Err(("isv.ILLEGAL_ARGUMENT", "号码格式不正确".to_owned()));
    }
    match wrong {
        Some(Misbehaviour::PoolEmpty) => return Err(("isv.NO_AVAILABLE_NUMBER", "无可用号码".to_owned())),
        Some(Misbehaviour::BindConflict) => return Err(("isv.VENDOR_BIND_FAILED", "运营商绑定失败".to_owned())),
        _ => {}
    }
    let wish = Held {
        id: String::new(),
        order: required(params, "OrderId")?.to_owned(),
        remark: params.get("Remark").cloned().unwrap_or_default(),
        a: a.to_owned(),
        b: b.to_owned(),
        x: String::new(),
        until: state.now() + Duration::seconds(lasts),
        wrong: wrong.cloned(),
    };
    match state.lines.bind(wish, state.now()) {
        Ok(held) => Ok(json!({"Subid": held.id, "TelX": held.x})),
        Err(Denied::NoNumber | Denied::Unbound | Denied::NotNow) => {
            Err(("isv.NO_AVAILABLE_NUMBER", "无可用号码".to_owned()))
        }
    }
}

fn delete(state: &SimulatorState, params: &Params) -> Outcome {
    pool(state, params)?;
    required(params, "OrderId")?;
    match state.lines.unbind(required(params, "SubId")?) {
        true => Ok(Value::Null),
        false => Err(("isv.SUBS_NOT_EXIST", "绑定关系不存在".to_owned())),
    }
}

fn pool(state: &SimulatorState, params: &Params) -> Result<(), (&'static str, String)> {
    let asked = required(params, "AppId")?;
    let known = state.settings.pool.as_ref().is_some_and(|pool| pool.id == asked);
    if known { Ok(()) } else { Err(("isv.PARTNER_NOT_EXIST", "未知合作伙伴".to_owned())) }
}

/// A mobile number, or a landline with its area code.
fn is_phone(number: &str) -> bool {
    is_mobile(number)
        || ((10..=12).contains(&number.len()) && number.starts_with('0') && number.bytes().all(|b| b.is_ascii_digit()))
}
