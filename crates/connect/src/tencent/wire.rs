//! The vendor's answers, and what they mean.

use http::StatusCode;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::identity::{FaceOutcome, FaceResult, IdentityFailure};

/// Everything comes in an envelope; an error stands in the place of what was asked for.
#[derive(Deserialize)]
struct Envelope {
    #[serde(rename = "Response")]
    response: serde_json::Value,
}

#[derive(Deserialize)]
struct Fault {
    #[serde(rename = "Code")]
    code: String,
}

/// The answer to `DetectAuth`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Begun {
    pub(super) url: String,
    pub(super) biz_token: String,
}

/// The answer to `GetDetectInfoEnhanced`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Detected {
    text: Text,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Text {
    /// Null until somebody has finished; 0: passed.
    #[serde(rename = "ErrCode")]
    err_code: Option<i64>,
    #[serde(rename = "IdCard")]
    id_card: Option<String>,
    #[serde(rename = "Name")]
    name: Option<String>,
    /// 0: alive.
    #[serde(rename = "LiveStatus")]
    live_status: Option<i64>,
    /// 0: the same person.
    #[serde(rename = "Comparestatus")]
    compare_status: Option<i64>,
    #[serde(rename = "Extra")]
    extra: Option<String>,
}

impl Detected {
    pub(super) fn result(self) -> FaceResult {
        let text = self.text;
        let outcome = match (text.err_code, text.live_status, text.compare_status) {
            (None, ..) => FaceOutcome::Pending,
            // All three, for a verdict that contradicts itself is none.
            (Some(0), Some(0), Some(0)) => FaceOutcome::Same,
            (Some(_), Some(alive), _) if alive != 0 => FaceOutcome::NotAlive { code: alive.to_string() },
            (Some(code), _, compared) => FaceOutcome::Different { code: compared.unwrap_or(code).to_string() },
        };
        FaceResult {
            outcome,
            nonce: text.extra.unwrap_or_default(),
            name: text.name.unwrap_or_default(),
            number: text.id_card.unwrap_or_default(),
        }
    }
}

/// What was asked for, or what went wrong.
pub(super) fn read<T: DeserializeOwned>(status: StatusCode, body: &[u8]) -> Result<T, IdentityFailure> {
    let unreadable =
        || IdentityFailure::Unavailable { reason: format!("unreadable answer with status {}", status.as_u16()) };
    if !status.is_success() {
        return Err(unreadable());
    }
    let envelope: Envelope = serde_json::from_slice(body).map_err(|_| unreadable())?;
    if let Some(fault) = envelope.response.get("Error") {
        let fault = Fault::deserialize(fault).map_err(|_| unreadable())?;
        return Err(failure(fault.code));
    }
    T::deserialize(envelope.response).map_err(|_| unreadable())
}

fn failure(code: String) -> IdentityFailure {
    let passing = code.starts_with("InternalError")
        || code.starts_with("RequestLimitExceeded")
        || code.starts_with("FailedOperation.StsUnAuthErr")
        || code.starts_with("ResourceInsufficient");
    if passing { IdentityFailure::Unavailable { reason: code } } else { IdentityFailure::Rejected { code } }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(text: &str) -> FaceOutcome {
        let body = format!(r#"{{"Response":{{"Text":{text},"RequestId":"R"}}}}"#);
        read::<Detected>(StatusCode::OK, body.as_bytes()).expect("a result").result().outcome
    }

    #[test]
    fn sr11_only_a_verdict_that_agrees_with_itself_is_a_pass() {
        assert_eq!(outcome(r#"{"ErrCode":0,"LiveStatus":0,"Comparestatus":0}"#), FaceOutcome::Same);
        assert_eq!(outcome(r#"{"ErrCode":null,"LiveStatus":null}"#), FaceOutcome::Pending);
        assert_eq!(outcome("{}"), FaceOutcome::Pending);
        for text in [
            r#"{"ErrCode":0}"#,
            r#"{"ErrCode":0,"LiveStatus":0}"#,
            r#"{"ErrCode":0,"LiveStatus":0,"Comparestatus":2004}"#,
            r#"{"ErrCode":2004,"LiveStatus":0,"Comparestatus":0}"#,
        ] {
            assert!(matches!(outcome(text), FaceOutcome::Different { .. }), "{text}");
        }
        assert!(matches!(outcome(r#"{"ErrCode":2011,"LiveStatus":2011}"#), FaceOutcome::NotAlive { .. }));
    }

    #[test]
    fn what_cannot_be_relied_on_is_unavailable_and_what_is_refused_stays_refused() {
        let code = |status: u16, body: &str| {
            read::<Begun>(StatusCode::from_u16(status).expect("a status"), body.as_bytes()).map(|_| ())
        };
        let fault =
            |name: &str| format!(r#"{{"Response":{{"Error":{{"Code":"{name}","Message":"x"}},"RequestId":"R"}}}}"#);
        for (status, body) in
            [(502, "<html>".to_owned()), (200, String::new()), (200, "{}".to_owned()), (200, fault("InternalError"))]
        {
            assert!(matches!(code(status, &body), Err(IdentityFailure::Unavailable { .. })), "{status} {body}");
        }
        for name in
            ["AuthFailure.SignatureFailure", "AuthFailure.SignatureExpire", "InvalidParameterValue.BizTokenIllegal"]
        {
            let rejected = IdentityFailure::Rejected { code: name.to_owned() };
            assert_eq!(code(200, &fault(name)), Err(rejected));
        }
    }
}
