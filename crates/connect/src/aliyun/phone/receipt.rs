//! The receipts that the vendor pushes: `SecretStartReport`, `SecretRingReport`, `SecretPickUpReport`, `SecretReport`. A body is a list of them; what
//! kind one is shows in its fields. What the vendor says of duplicates ("回执消息不保证幂等性") is taken at its word.

use serde::Deserialize;
use serde_json::Value;
use time::macros::{format_description, offset};
use time::{OffsetDateTime, PrimitiveDateTime};

use crate::phone::{CallEvent, CallReport, Release, ReportRefused};

/// More in one body than a court ever has at once.
const MOST: usize = 1_000;

/// The fields that are used. Numbers (`phone_no`, `peer_no`) are not even read, `record_url` is never followed.
#[derive(Deserialize)]
struct Receipt {
    #[serde(default)]
    pool_key: Value,
    #[serde(default)]
    out_id: Value,
    #[serde(default)]
    sub_id: Value,
    /// 0: A calls B; 1: B calls A; further ones are text messages and blocked calls.
    #[serde(default)]
    call_type: Value,
    #[serde(default)]
    ring_time: Option<String>,
    #[serde(default)]
    start_time: Option<String>,
    #[serde(default)]
    release_time: Option<String>,
    /// As ITU-T Q.850 counts them.
    #[serde(default)]
    release_cause: Value,
    /// Not 0: the vendor did not put the call through.
    #[serde(default)]
    unconnected_cause: Value,
}

pub(super) fn read(pool: &str, body: &[u8]) -> Result<Vec<CallReport>, ReportRefused> {
    let receipts: Vec<Receipt> = serde_json::from_slice(body).map_err(|_| ReportRefused::Malformed)?;
    if receipts.len() > MOST {
        return Err(ReportRefused::Malformed);
    }
    let mut reports = Vec::new();
    for receipt in receipts {
        let ours = text_of(&receipt.pool_key) == pool && matches!(number_of(&receipt.call_type), Some(0 | 4));
        let (request, binding) = (text_of(&receipt.out_id), text_of(&receipt.sub_id));
        if !ours || request.is_empty() || binding.is_empty() {
            continue;
        }
        reports.push(CallReport { request, binding, event: event(&receipt)? });
    }
    Ok(reports)
}

fn event(receipt: &Receipt) -> Result<CallEvent, ReportRefused> {
    let ring = moment(receipt.ring_time.as_deref())?;
    let start = moment(receipt.start_time.as_deref())?;
    let release = moment(receipt.release_time.as_deref())?;
    Ok(match (release, start, ring) {
        (Some(at), start, _) => {
            // "release_time - start_time 代表通话时长，结果为 0 代表未接通".
            let answered = start.filter(|start| *start < at);
            CallEvent::Ended { answered, at, why: why(receipt) }
        }
        (None, Some(at), _) => CallEvent::Answered { at },
        (None, None, Some(at)) => CallEvent::Ringing { at },
        (None, None, None) => CallEvent::Dialled,
    })
}

fn why(receipt: &Receipt) -> Release {
    if number_of(&receipt.unconnected_cause).is_some_and(|cause| cause != 0) {
        return Release::NotConnected;
    }
    match number_of(&receipt.release_cause) {
        Some(17) => Release::Busy,
        Some(18 | 19) => Release::NoAnswer,
        Some(21) => Release::Refused,
        Some(1..=3 | 20 | 22 | 27 | 28 | 34 | 38 | 41 | 42) => Release::Unreachable,
        _ => Release::HungUp,
    }
}

/// The vendor writes the same field now as a number, now as a text.
fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

fn number_of(value: &Value) -> Option<i64> {
    match value {
        Value::String(text) => text.parse().ok(),
        value => value.as_i64(),
    }
}

/// `2021-08-25 20:11:30`, Beijing time.
fn moment(text: Option<&str>) -> Result<Option<OffsetDateTime>, ReportRefused> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
    let form = format_description!("[year]-[month]-[day] [hour]:[minute]:[second]");
    let local = PrimitiveDateTime::parse(text, form).map_err(|_| ReportRefused::Malformed)?;
    Ok(Some(local.assume_offset(offset!(+8))))
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const POOL: &str = "FC100000097080001";

    /// The vendor's published example of a `SecretReport`, with digits for its asterisks and A calling.
    const PUBLISHED: &str = r#"[{"phone_no":"17100003225","city":"北京","call_out_time":"2021-08-25 20:11:30","ring_time":"2021-08-25 20:11:35",
        "record_url":"https://x.oss-cn-shanghai.aliyuncs.com","ring_record_url":"https://x.oss-cn-shanghai.aliyuncs.com",
        "free_ring_time":"2021-08-25 20:11:35","control_msg":"OK","id":1014568510001,"secret_no":"18600007614","call_type":0,
        "control_type":"CONTINUE","release_time":"2021-08-25 20:11:41","pool_key":"FC100000097080001","sub_id":1000043068030001,
        "unconnected_cause":0,"call_time":"2021-08-25 20:11:29","peer_no":"15200001504","called_display_no":"15800000000","release_dir":1,
        "call_id":"43612633712c0001","start_time":"2021-08-25 20:11:38","partner_key":"FC100000097080001","out_id":"7368136812621",
        "release_cause":31}]"#;

    fn one(body: &str) -> CallEvent {
        read(POOL, body.as_bytes()).expect("readable").remove(0).event
    }

    #[test]
    fn the_published_example_is_a_call_of_three_seconds() {
        let reports = read(POOL, PUBLISHED.as_bytes()).expect("readable");
        assert_eq!(
            reports,
            [CallReport {
                request: "7368136812621".to_owned(),
                binding: "1000043068030001".to_owned(),
                event: CallEvent::Ended {
                    answered: Some(datetime!(2021-08-25 12:11:38 UTC)),
                    at: datetime!(2021-08-25 12:11:41 UTC),
                    why: Release::HungUp,
                },
            }]
        );
    }

    #[test]
    fn each_kind_of_receipt_shows_in_its_fields() {
        let base = r#""pool_key":"FC100000097080001","sub_id":"1","out_id":"o","call_type":"0","call_time":"2021-12-10 10:00:00""#;
        let at = datetime!(2021-12-10 02:00:03 UTC);
        assert_eq!(one(&format!("[{{{base}}}]")), CallEvent::Dialled);
        let ring = format!(r#"[{{{base},"ring_time":"2021-12-10 10:00:03"}}]"#);
        assert_eq!(one(&ring), CallEvent::Ringing { at });
        let start = format!(r#"[{{{base},"ring_time":"2021-12-10 10:00:01","start_time":"2021-12-10 10:00:03"}}]"#);
        assert_eq!(one(&start), CallEvent::Answered { at });
    }

    #[test]
    fn a_call_that_was_not_answered_says_why() {
        for (cause, unconnected, why) in [
            (17, 0, Release::Busy),
            (19, 0, Release::NoAnswer),
            (21, 0, Release::Refused),
            (1, 0, Release::Unreachable),
            (16, 0, Release::HungUp),
            (16, 2, Release::NotConnected),
        ] {
            let body = PUBLISHED
                .replace("20:11:38", "20:11:41")
                .replace("\"release_cause\":31", &format!("\"release_cause\":{cause}"))
                .replace("\"unconnected_cause\":0", &format!("\"unconnected_cause\":{unconnected}"));
            assert!(matches!(one(&body), CallEvent::Ended { answered: None, why: told, .. } if told == why), "{cause}");
        }
    }

    #[test]
    fn what_is_not_ours_is_left_out_and_what_is_no_receipt_is_refused() {
        for other in [
            PUBLISHED.replace("\"call_type\":0", "\"call_type\":1"),
            PUBLISHED.replace("\"pool_key\":\"FC1", "\"pool_key\":\"FC2"),
            PUBLISHED.replace("\"out_id\":\"7368136812621\"", "\"out_id\":null"),
        ] {
            assert_eq!(read(POOL, other.as_bytes()), Ok(Vec::new()));
        }
        let when = PUBLISHED.replace("2021-08-25 20:11:41", "yesterday");
        for wrong in ["{}", "", "[1]", &when, &"[".repeat(100_000)] {
            assert_eq!(read(POOL, wrong.as_bytes()), Err(ReportRefused::Malformed));
        }
    }
}
