//! Questions that everybody may ask, each right in itself.

use serde_json::{Value, json};

/// The operations that compute, with a question to each.
pub(crate) fn questions() -> Vec<(&'static str, &'static str, Value)> {
    let fee = json!({"code": "property", "on": "2025-03-18", "amount": "100000"});
    let period = json!({"rule": "answer", "start": "2025-03-03"});
    let rate = json!({"rate": "5%"});
    vec![
        ("reckon_fee", "/api/tools/fees", fee),
        (
            "reckon_fee_change",
            "/api/tools/fees/changes",
            json!({"kind": "refund", "paid": "1050", "event": "mediated"}),
        ),
        (
            "reckon_late_interest",
            "/api/tools/interest/late",
            json!({"debts": [{"amount": "100000", "due": "2025-03-18"}], "until": "2025-06-18"}),
        ),
        (
            "reckon_lending",
            "/api/tools/interest/lending",
            json!({"amount": "100000", "formed": "2024-03-18", "until": "2025-03-18"}),
        ),
        (
            "reckon_interest",
            "/api/tools/interest/agreed",
            json!({"amount": "100000", "rate": {"kind": "fixed", "rate": "5%"}, "from": "2024-03-18", "until": "2025-03-18"}),
        ),
        (
            "reckon_schedule",
            "/api/tools/interest/schedule",
            json!({"amount": "100000", "rate": rate, "months": 12, "start": "2024-03-18", "method": "equal_instalment"}),
        ),
        ("reckon_period", "/api/tools/periods", period.clone()),
        (
            "reckon_period_each",
            "/api/tools/periods/each",
            json!({"ask": period.clone(), "recipients": [{"name": "甲", "start": "2025-03-05"}]}),
        ),
        ("reckon_posted", "/api/tools/periods/posted", json!({"last_day": "2025-03-18", "posted_on": "2025-03-18"})),
        ("risk_ask", "/api/tools/risk", json!({"kind": "lending"})),
        ("risk_report", "/api/tools/risk/report", json!({"kind": "lending"})),
        ("risk_report_pdf", "/api/tools/risk/report/pdf", json!({"kind": "lending"})),
        ("check_number", "/api/tools/numbers", json!({"kind": "case", "typed": "（2026）沪0113民初1号"})),
        ("period_calendar", "/api/tools/periods/calendar", period),
    ]
}
