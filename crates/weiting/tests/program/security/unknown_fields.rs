//! SR-21: every operation that writes refuses a field that it does not know, and stores nothing.

use std::collections::BTreeSet;

use axum::http::Method;
use court::{Capacity, FileKind, Kind, Phase};
use serde_json::{Value, json};

use crate::kit::ink::DRAWN;
use crate::kit::{Eyes, House, Trial, here, rfc3339, said};

/// Operations whose body is bytes or nothing at all (their headers are tus's own), or in a vendor's format, which may grow. A file to
/// import has its own tests (`docket`).
const WITHOUT_JSON: [&str; 7] =
    ["upload_create", "upload_append", "upload_cancel", "drop_draft", "drop_push", "phone_reports", "import"];

/// The ids of the operations that change something.
fn writing() -> BTreeSet<String> {
    let document: Value = serde_json::from_str(&weiting::openapi_text().expect("a document")).expect("JSON");
    let items = document["paths"].as_object().expect("paths").values();
    let operations = items.flat_map(|item| item.as_object().into_iter().flatten());
    operations
        .filter(|(method, _)| ["post", "put", "patch", "delete"].contains(&method.as_str()))
        .filter_map(|(_, operation)| operation["operationId"].as_str())
        .filter(|id| !WITHOUT_JSON.contains(id))
        .map(str::to_owned)
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sr21_every_operation_that_writes_refuses_an_unknown_field_and_stores_nothing() {
    let house = House::sqlite().await;
    let trial = Trial::begin(&house, 1).await;
    let (waiting, open) = (trial.room(&house, Phase::Waiting).await, trial.room(&house, Phase::Open).await);
    let judge = trial.judge();
    let now = house.desk().now();
    let (opens, closes) = (rfc3339(now), rfc3339(now + time::Duration::hours(1)));
    let members = trial.members();
    let upload = async |kind| house.upload(judge.person, kind, "材料").await;
    let notice = house.desk().policy.entry_notice().clone();
    let at = |room| format!("/api/rooms/{room}/acts");
    let agent = trial.seat(Capacity::DefendantAgent).member;
    let none = "0".repeat(64);
    let nil = uuid::Uuid::nil();
    let own = |what: &str| format!("/api/identity/verifications/{nil}/{what}");
    let signing = json!({"purpose": "signature.confirm", "room": open, "document": none});
    let shown = json!({"purpose": "signature.confirm", "room": open, "document": none, "code": "000000"});
    let place = json!({"page": 1, "x": 1, "y": 1, "width": 40, "height": 16});
    let placed = json!({"document": none, "signature": none, "places": [place]});
    let mut asked: Vec<(&str, Method, String, Value)> = vec![
        ("step_up_code", Method::POST, "/api/step-up/code".into(), signing),
        ("step_up", Method::POST, "/api/step-up".into(), shown),
        ("give_signature", Method::PUT, "/api/me/signature".into(), json!({"method": "drawn", "png": DRAWN})),
        ("login_code", Method::POST, "/api/login/code".into(), json!({"phone": "13900010000"})),
        (
            "login_code",
            Method::POST,
            "/api/login/code".into(),
            json!({"phone": "13900010000", "proof": {"challenge": "a", "nonce": "1", "extra": 1}}),
        ),
        ("login", Method::POST, "/api/login".into(), json!({"phone": "13900010000", "code": "000000"})),
        ("sign_file", Method::POST, format!("/api/tools/signature/{}", uuid::Uuid::nil()), placed),
        ("read_text", Method::POST, format!("/api/tools/text/{}", uuid::Uuid::nil()), json!({"turn": 0})),
        (
            "begin_verification",
            Method::POST,
            "/api/identity/verifications".into(),
            json!({"notice": "1", "name": "张三", "kind": "passport", "number": "E0000009"}),
        ),
        ("verification_code", Method::POST, own("code"), json!({})),
        ("verify_phone", Method::PUT, own("code"), json!({"code": "000000"})),
        ("begin_face", Method::POST, own("face"), json!({})),
        ("face_result", Method::POST, own("face/result"), json!({})),
        (
            "submit_review",
            Method::POST,
            own("review"),
            json!({"court": "法院", "front": nil, "back": nil, "video": nil}),
        ),
        ("accept_identity_notice", Method::POST, own("acceptance"), json!({"version": "1", "sha256": none})),
        ("open_review", Method::POST, format!("/api/identity/reviews/{nil}/open"), json!({"reason": "审核"})),
        ("decide_review", Method::POST, format!("/api/identity/reviews/{nil}/decision"), json!({"outcome": "reject"})),
        (
            "view_contact",
            Method::POST,
            format!("/api/rooms/{open}/contacts"),
            json!({"member": agent, "reason": "核对"}),
        ),
        ("logout", Method::POST, "/api/logout".into(), json!({})),
        ("logout_all", Method::POST, "/api/logout/all".into(), json!({})),
        ("live_ticket", Method::POST, "/api/live/ticket".into(), json!({})),
        ("choose_capacity", Method::PUT, "/api/me/capacity".into(), json!({"capacity": "judge"})),
        ("report_missing", Method::POST, "/api/missing-cases".into(), json!({"number": "1"})),
        (
            "answer_missing",
            Method::POST,
            format!("/api/missing-cases/{}/answer", uuid::Uuid::nil()),
            json!({"reply": "已处理"}),
        ),
        (
            "apply_agency",
            Method::POST,
            "/api/agency".into(),
            json!({"number": "1", "party_name": "某", "authority": {"scope": "general"}, "blob": uuid::Uuid::nil()}),
        ),
        ("check_agent", Method::POST, "/api/agency/check".into(), json!({"name": "某", "phone": "13900010000"})),
        ("register_agent", Method::PUT, "/api/me/agent".into(), json!({"kind": "lawyer"})),
        ("put_domicile", Method::PUT, "/api/me/domicile".into(), json!({"entries": []})),
        ("end_session", Method::DELETE, format!("/api/me/sessions/{}", uuid::Uuid::nil()), json!({})),
        ("end_other_sessions", Method::POST, "/api/me/sessions/others".into(), json!({})),
        ("oversee", Method::POST, "/api/oversight".into(), json!({"number": "1", "reason": "核查"})),
        (
            "change_panel",
            Method::POST,
            format!("/api/cases/{}/panel", trial.case),
            json!({"leaves": agent, "ground": "recused", "decided_by": "president", "reason": "核查"}),
        ),
        (
            "invite_staff",
            Method::POST,
            "/api/staff".into(),
            json!({"name": "新人", "phone": "13900010000", "role": "clerk"}),
        ),
        ("give_feedback", Method::POST, "/api/feedback".into(), json!({"text": "按钮没有反应"})),
        (
            "answer_feedback",
            Method::POST,
            format!("/api/feedback/{}/answer", uuid::Uuid::nil()),
            json!({"text": "已修复"}),
        ),
        ("end_staff", Method::POST, format!("/api/staff/{}/end", uuid::Uuid::nil()), json!({})),
        ("accept_office", Method::POST, "/api/staff/accept".into(), json!({"code": "none"})),
        ("read_inbox", Method::PUT, "/api/inbox/read".into(), json!({"ids": []})),
        ("clear_inbox", Method::PUT, "/api/inbox/cleared".into(), json!({"what": "all"})),
        ("undo_clear", Method::PUT, "/api/inbox/restored".into(), json!({"undo": "1"})),
        (
            "subscribe",
            Method::PUT,
            "/api/inbox/subscriptions".into(),
            json!({"function": "letter", "way": "sms", "on": true}),
        ),
        (
            "put_push",
            Method::PUT,
            "/api/push".into(),
            json!({"endpoint": "https://push.example/a", "keys": {"p256dh": "BA", "auth": "AA"}}),
        ),
        ("mark_read", Method::PUT, format!("/api/rooms/{open}/read"), json!({"seq": 1})),
        (
            "save_draft",
            Method::PUT,
            format!("/api/rooms/{open}/matters/{}/draft", uuid::Uuid::nil()),
            json!({"values": {}}),
        ),
        (
            "schedule",
            Method::POST,
            format!("/api/cases/{}/sittings", trial.case),
            json!({"kind": "inquiry", "opens_at": opens, "closes_at": closes, "members": members}),
        ),
    ];
    let file = json!({
        "kind": "document", "name": "笔录.pdf", "size": 9, "media_type": "application/pdf", "sha256": none,
    });
    for kind in Kind::ALL {
        let code = kind.code();
        let body = match kind {
            Kind::SittingSchedule => {
                json!({"sitting": "inquiry", "opens_at": opens, "closes_at": closes, "members": members})
            }
            Kind::SittingReschedule => json!({"opens_at": opens, "closes_at": closes, "reason": "改期"}),
            Kind::SittingOpen | Kind::SittingClose | Kind::SittingEnd | Kind::SignatureReserve => json!({}),
            Kind::MemberAdmit => json!({"participant": agent}),
            Kind::MemberEnd => json!({"member": agent, "reason": "终止"}),
            Kind::PanelChange => {
                json!({"leaves": agent, "ground": "recused", "decided_by": "president", "reason": "核查"})
            }
            Kind::OversightRead => json!({"reason": "核查"}),
            Kind::NoticeAcknowledge => json!({"notice": notice.id, "version": notice.version}),
            Kind::AgencyApply => json!({
                "mandate": uuid::Uuid::nil(), "agent": {"id": agent, "name": "某", "capacity": "plaintiff_agent"},
                "party": agent, "authority": {"scope": "general"}, "file": file,
            }),
            Kind::AgencyApprove => json!({"mandate": uuid::Uuid::nil()}),
            Kind::AgencyReject | Kind::AgencyEnd => json!({"mandate": uuid::Uuid::nil(), "reason": "核对"}),
            Kind::ConsentGive => json!({"to": "asynchronous", "version": "1", "agreed": true}),
            Kind::ConsentWithdraw => json!({"to": "asynchronous", "reason": "改变主意"}),
            Kind::ConsentSettle => json!({"member": agent, "to": "asynchronous", "granted": true, "reason": "核对"}),
            Kind::DomicileConfirm => json!({"version": 1}),
            Kind::CallStart => json!({"callee": agent}),
            Kind::CallEnd => json!({"call": uuid::Uuid::nil(), "outcome": "missed"}),
            Kind::SpeechText => json!({"text": "言"}),
            Kind::SpeechPhoto => json!({"blob": upload(FileKind::Photo).await}),
            Kind::SpeechVideo => json!({"blob": upload(FileKind::Video).await}),
            Kind::SpeechVoice => json!({"blob": upload(FileKind::Voice).await}),
            Kind::SpeechDocument => json!({"blob": upload(FileKind::Document).await}),
            Kind::MatterIssue => json!({"title": "题", "text": "文", "targets": [agent], "deadline": closes}),
            Kind::MatterAnswer => json!({"matter": uuid::Uuid::nil(), "values": {}}),
            Kind::MatterExtend => json!({"matter": uuid::Uuid::nil(), "deadline": closes, "reason": "延长"}),
            Kind::MatterWithdraw => json!({"matter": uuid::Uuid::nil(), "reason": "撤回"}),
            Kind::MatterClose => json!({"matter": uuid::Uuid::nil()}),
            Kind::LocationSend => here("附近"),
            Kind::PointsRecord | Kind::TranscriptDraft => json!({}),
            Kind::TranscriptAnnotate | Kind::TranscriptRequestCorrection => json!({"text": "文"}),
            Kind::TranscriptCirculate => json!({"until": closes}),
            Kind::TranscriptSettleCorrection => json!({"request": uuid::Uuid::nil(), "accepted": true}),
            Kind::TranscriptConclude => json!({"sign_until": closes}),
            Kind::TranscriptFinalise => json!({"version": 1, "file": file, "pages": 1, "content": none}),
            Kind::TranscriptSeal => json!({"version": 1, "file": file, "pages": 1}),
            Kind::SignatureCheck => json!({"member": agent, "commitment": none}),
            Kind::SignatureConfirm => json!({"document": none, "pages": 1}),
            Kind::SignatureRefuse => json!({"document": none, "reason": "不同意"}),
            Kind::DossierFile => json!({"blob": upload(FileKind::Document).await, "folder": "main"}),
            Kind::DossierRefile => json!({"entry": uuid::Uuid::nil(), "folder": "main", "reason": "归错"}),
            Kind::DossierWithdraw => json!({"entry": uuid::Uuid::nil(), "reason": "误传"}),
            Kind::DossierShare => json!({"entry": uuid::Uuid::nil()}),
            Kind::DossierUnshare | Kind::DossierOpen => json!({"share": uuid::Uuid::nil()}),
            Kind::DossierInspect => json!({"entry": uuid::Uuid::nil()}),
            Kind::ContactView => json!({"member": agent, "reason": "核对"}),
        };
        let room = if *kind == Kind::SittingOpen { waiting } else { open };
        let mut body = body;
        body["kind"] = json!(code);
        asked.push(("act", Method::POST, at(room), body));
    }
    asked.push((
        "act",
        Method::POST,
        at(open),
        json!({"kind": "speech.text", "text": "言", "to": {"members": [agent], "bench": null}}),
    ));
    let questions = crate::matrix::questions::questions().into_iter();
    asked.extend(questions.map(|(id, path, question)| (id, Method::POST, path.to_owned(), question)));
    let known: BTreeSet<String> = asked.iter().map(|(id, ..)| (*id).to_owned()).collect();
    assert_eq!(known, writing(), "operations that write and have no body here");
    let mut eyes = Eyes::on(&house.database).await;
    let mut before = eyes.sight().await;
    for (id, method, path, body) in asked {
        let key = house.keys.next();
        let headers = [("idempotency-key", key.as_str())];
        for name in ["extra", "admin", "Text", "to_", "person"] {
            let mut more = body.clone();
            more[name] = json!(true);
            let answer = judge.caller.clone().write(method.clone(), &path, &headers, more).await;
            let code = answer.code();
            assert_eq!(answer.status, 422, "{id} with {name}: {}", said(&answer));
            // Two answers to one question, as in `to`, are malformed before they are unknown.
            assert!(
                code == "unknown_field" || body["to"].is_object() || body["proof"].is_object(),
                "{id}: {}",
                said(&answer)
            );
        }
        assert!(eyes.untouched(&mut before).await, "{id} stored something");
    }
}
