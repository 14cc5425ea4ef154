//! The vendor's answers about bindings, and what they mean.

use http::StatusCode;
use serde::Deserialize;
use time::{OffsetDateTime, UtcOffset};

use crate::phone::PhoneFailure;

/// Success and failure come in one shape; what is missing is missing.
#[derive(Debug, Deserialize)]
pub(super) struct Answer {
    #[serde(rename = "Code", default)]
    code: String,
    #[serde(rename = "Data")]
    pub(super) data: Option<Data>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Data {
    #[serde(rename = "Subid")]
    pub(super) subid: Option<String>,
    #[serde(rename = "TelX")]
    pub(super) tel_x: Option<String>,
}

/// The answer if it says `0` (success; other products of the vendor say `OK`), otherwise what went wrong.
pub(super) fn read(status: StatusCode, body: &[u8]) -> Result<Answer, PhoneFailure> {
    let Ok(answer) = serde_json::from_slice::<Answer>(body) else {
        let reason = format!("unreadable answer with status {}", status.as_u16());
        return Err(PhoneFailure::Unavailable { reason });
    };
    if matches!(answer.code.as_str(), "0" | "OK") && status.is_success() {
        return Ok(answer);
    }
    Err(failure(status, answer.code))
}

fn failure(status: StatusCode, code: String) -> PhoneFailure {
    let passing = status.is_server_error()
        || code.starts_with("Throttling")
        || code.starts_with("isp.")
        || matches!(code.as_str(), "" | "0" | "OK" | "ServiceUnavailable" | "InternalError");
    match code.as_str() {
        _ if passing => PhoneFailure::Unavailable { reason: format!("{code} with status {}", status.as_u16()) },
        // 无可用号码, 号码被占用, 运营商绑定失败 (the same X may not hold the same A or B twice), 业务流控.
        "isv.NO_AVAILABLE_NUMBER" | "isv.NO_USED_BY_OTHERS" | "isv.VENDOR_BIND_FAILED" | "isv.FLOW_LIMIT" => {
            PhoneFailure::Busy { code }
        }
        _ => PhoneFailure::Rejected { code },
    }
}

/// Whether a binding that was to be deleted is not there.
pub(super) fn is_gone(code: &str) -> bool {
    matches!(code, "isv.NO_NOT_EXIST" | "isv.SUBS_NOT_EXIST")
}

/// `yyyyMMddHHmmssSSS` in Beijing.
pub(super) fn stamp(at: OffsetDateTime) -> String {
    format!("{}{:03}", second(at), at.millisecond())
}

/// `yyyyMMddHHmmss` in Beijing.
pub(super) fn second(at: OffsetDateTime) -> String {
    let at = at.to_offset(UtcOffset::from_hms(8, 0, 0).unwrap_or(UtcOffset::UTC));
    let month = u8::from(at.month());
    format!("{:04}{month:02}{:02}{:02}{:02}{:02}", at.year(), at.day(), at.hour(), at.minute(), at.second())
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    fn verdict(status: u16, body: &str) -> Result<(), PhoneFailure> {
        read(StatusCode::from_u16(status).expect("a status"), body.as_bytes()).map(drop)
    }

    #[test]
    fn the_vendors_words_are_understood() {
        let bound = r#"{"Code":"0","Message":"success","Success":true,"RequestId":"R","Data":{"Subid":"A1","TelX":"02155501234"}}"#;
        assert_eq!(verdict(200, bound), Ok(()));
        let busy = |code: &str| Err(PhoneFailure::Busy { code: code.to_owned() });
        let rejected = |code: &str| Err(PhoneFailure::Rejected { code: code.to_owned() });
        assert_eq!(verdict(200, r#"{"Code":"isv.NO_AVAILABLE_NUMBER"}"#), busy("isv.NO_AVAILABLE_NUMBER"));
        assert_eq!(verdict(200, r#"{"Code":"isv.ILLEGAL_ARGUMENT"}"#), rejected("isv.ILLEGAL_ARGUMENT"));
        assert_eq!(verdict(400, r#"{"Code":"SignatureDoesNotMatch"}"#), rejected("SignatureDoesNotMatch"));
    }

    #[test]
    fn what_cannot_be_relied_on_is_unavailable() {
        for (status, body) in [
            (500, r#"{"Code":"InternalError"}"#),
            (400, r#"{"Code":"Throttling.User"}"#),
            (200, r#"{"Code":"isp.SYSTEM_ERROR"}"#),
            (200, "{}"),
            (502, "<html>Bad Gateway</html>"),
            (503, r#"{"Code":"0"}"#),
        ] {
            assert!(matches!(verdict(status, body), Err(PhoneFailure::Unavailable { .. })), "{status} {body}");
        }
    }

    #[test]
    fn time_is_written_in_beijing() {
        assert_eq!(stamp(datetime!(2016-11-14 06:31:16.123 UTC)), "20161114143116123");
        assert_eq!(second(datetime!(2016-11-14 16:31:16 UTC)), "20161115003116");
    }
}
