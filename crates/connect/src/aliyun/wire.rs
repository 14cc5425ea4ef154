//! The vendor's answers, and what they mean.

use http::StatusCode;
use serde::Deserialize;

use crate::sms::{LimitWindow, SmsDelivery, SmsFailure};

/// Success and failure come in one shape; what is missing is missing.
#[derive(Debug, Deserialize)]
pub(super) struct Answer {
    #[serde(rename = "Code")]
    code: String,
    #[serde(rename = "Message", default)]
    message: String,
    #[serde(rename = "RequestId")]
    pub(super) request_id: Option<String>,
    #[serde(rename = "BizId")]
    pub(super) biz_id: Option<String>,
    #[serde(rename = "SmsSendDetailDTOs")]
    details: Option<Details>,
}

#[derive(Debug, Deserialize)]
struct Details {
    #[serde(rename = "SmsSendDetailDTO", default)]
    list: Vec<Detail>,
}

#[derive(Debug, Deserialize)]
struct Detail {
    #[serde(rename = "SendStatus")]
    status: i64,
    #[serde(rename = "ErrCode", default)]
    err_code: String,
}

/// The answer if it says `OK`, otherwise what went wrong.
pub(super) fn read(status: StatusCode, body: &[u8]) -> Result<Answer, SmsFailure> {
    let answer: Answer = match serde_json::from_slice(body) {
        Ok(answer) => answer,
        // A proxy's error page, half an answer: nothing can be said of the message.
        Err(_) => {
            return Err(SmsFailure::Unavailable {
                reason: format!("unreadable answer with status {}", status.as_u16()),
            });
        }
    };
    if answer.code == "OK" && status.is_success() {
        return Ok(answer);
    }
    Err(failure(status, &answer))
}

fn failure(status: StatusCode, answer: &Answer) -> SmsFailure {
    let code = answer.code.as_str();
    if matches!(code, "isv.BUSINESS_LIMIT_CONTROL" | "isv.DAY_LIMIT_CONTROL" | "isv.MONTH_LIMIT_CONTROL") {
        return SmsFailure::Limit { window: window(code, &answer.message) };
    }
    let passing = status.is_server_error()
        || code.starts_with("Throttling")
        || matches!(code, "isp.SYSTEM_ERROR" | "isp.GATEWAY_ERROR" | "ServiceUnavailable" | "InternalError" | "OK");
    if passing {
        SmsFailure::Unavailable { reason: format!("{code} with status {}", status.as_u16()) }
    } else {
        SmsFailure::Rejected { code: code.to_owned() }
    }
}

/// The span stands in words only: 触发分钟级流控Permits:1.
fn window(code: &str, message: &str) -> LimitWindow {
    if message.contains("分钟级") {
        LimitWindow::Minute
    } else if message.contains("小时级") {
        LimitWindow::Hour
    } else if message.contains("天级") || code == "isv.DAY_LIMIT_CONTROL" {
        LimitWindow::Day
    } else {
        LimitWindow::Unknown
    }
}

/// `SendStatus` 1 waits for the receipt, 2 failed, 3 arrived.
pub(super) fn delivery(answer: &Answer) -> SmsDelivery {
    match answer.details.as_ref().and_then(|d| d.list.first()) {
        Some(Detail { status: 3, .. }) => SmsDelivery::Delivered,
        Some(Detail { status: 2, err_code }) => SmsDelivery::Failed { code: err_code.clone() },
        _ => SmsDelivery::Waiting,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(status: u16, body: &str) -> Result<(), SmsFailure> {
        read(StatusCode::from_u16(status).expect("a status"), body.as_bytes()).map(|_| ())
    }

    #[test]
    fn the_vendors_words_are_understood() {
        let limit = |window| Err(SmsFailure::Limit { window });
        let rejected = |code: &str| Err(SmsFailure::Rejected { code: code.to_owned() });
        assert_eq!(
            verdict(200, r#"{"Message":"OK","RequestId":"R","Code":"OK","BizId":"900619746936498440^0"}"#),
            Ok(())
        );
        let minute = r#"{"Message":"触发分钟级流控Permits:1","RequestId":"R","Code":"isv.BUSINESS_LIMIT_CONTROL"}"#;
        assert_eq!(verdict(200, minute), limit(LimitWindow::Minute));
        let day = r#"{"Message":"触发天级流控Permits:10","RequestId":"C0A0BE93","Code":"isv.BUSINESS_LIMIT_CONTROL"}"#;
        assert_eq!(verdict(200, day), limit(LimitWindow::Day));
        assert_eq!(verdict(200, r#"{"Message":"x","Code":"isv.BUSINESS_LIMIT_CONTROL"}"#), limit(LimitWindow::Unknown));
        assert_eq!(
            verdict(200, r#"{"Message":"x","Code":"isv.MOBILE_NUMBER_ILLEGAL"}"#),
            rejected("isv.MOBILE_NUMBER_ILLEGAL")
        );
        let signature = r#"{"RequestId":"R","Message":"Specified signature does not match our calculation.","HostId":"dysmsapi.aliyuncs.com","Code":"SignatureDoesNotMatch"}"#;
        assert_eq!(verdict(400, signature), rejected("SignatureDoesNotMatch"));
    }

    #[test]
    fn what_cannot_be_relied_on_is_unavailable() {
        for (status, body) in [
            (500, r#"{"Code":"InternalError","Message":"x"}"#),
            (503, r#"{"Code":"ServiceUnavailable","Message":"x"}"#),
            (400, r#"{"Code":"Throttling.User","Message":"x"}"#),
            (200, r#"{"Code":"isp.SYSTEM_ERROR","Message":"x"}"#),
            (502, "<html>Bad Gateway</html>"),
            (200, ""),
            (200, r#"{"Message":"OK"}"#),
            (503, r#"{"Code":"OK","BizId":"1"}"#),
        ] {
            assert!(matches!(verdict(status, body), Err(SmsFailure::Unavailable { .. })), "{status} {body}");
        }
    }
}
