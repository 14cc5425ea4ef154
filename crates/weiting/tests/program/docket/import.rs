//! `POST /api/import`, as a program of the court calls it.

use axum::body::Body;
use axum::http::Request;
use court::{Capacity, Role};
use desk::testkit::{Answer, Caller};
use docket::read::Form;
use serde_json::{Value, json};
use store::on_both_databases;
use time::Duration;

use crate::kit::logs::Logs;
use crate::kit::{House, Trial, said};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

async fn program(house: &House) -> Caller {
    let desk = house.desk();
    let token = desk::integration_token(&desk.store, &*desk.clock, &*desk.chance, "审判管理系统", 90).await;
    house.stranger().with_bearer(token.expect("a token"))
}

async fn send(caller: &mut Caller, query: &str, kind: &str, body: &[u8]) -> Answer {
    let request = Request::post(format!("/api/import{query}")).header("content-type", kind);
    caller.send(request, Body::from(body.to_vec())).await
}

async fn judges_cases(house: &House) -> Value {
    let judge = house.desk().store.person_by_phone("19800000005").await.expect("a store").expect("the judge");
    house.kit.caller(&house.app, judge.id, Some(Role::Judge)).await.get("/api/cases").await.json()
}

on_both_databases! {
    async fn a_program_of_the_court_brings_cases_and_people_and_bringing_them_again_changes_nothing(db) {
        let house = House::on(db).await;
        let mut program = program(&house).await;
        let checked = send(&mut program, "?check=true", "text/csv; charset=utf-8", docket::example(Form::Csv)).await;
        assert_eq!(checked.status, 200, "{}", said(&checked));
        assert_eq!(checked.json()["checked"], true);
        assert_eq!(checked.json()["participants"]["new"], 11);
        assert!(house.desk().store.person_by_phone("19800000005").await.expect("a store").is_none());

        let first = send(&mut program, "", XLSX, docket::example(Form::Xlsx)).await;
        assert_eq!(first.status, 200, "{}", said(&first));
        assert_eq!((&first.json()["cases"]["new"], &first.json()["people"]["new"]), (&json!(2), &json!(9)));
        let before = judges_cases(&house).await;
        assert_eq!(before.as_array().map(Vec::len), Some(2));
        for (kind, form) in [("application/json", Form::Json), ("text/csv", Form::Csv), (XLSX, Form::Xlsx)] {
            let again = send(&mut program, "", kind, docket::example(form)).await;
            assert_eq!(again.status, 200, "{}", said(&again));
            let same = |same| json!({"new": 0, "changed": 0, "same": same});
            assert_eq!((&again.json()["cases"], &again.json()["participants"]), (&same(2), &same(11)));
        }
        assert_eq!(judges_cases(&house).await, before);
        assert_eq!(house.desk().store.import_runs(9).await.expect("a store").len(), 4, "each left its line");
    }

    async fn one_bad_row_and_nothing_comes_in(db) {
        let house = House::on(db).await;
        let trial = Trial::begin(&house, 41).await;
        let mut program = program(&house).await;
        let known = house.desk().store.person(trial.judge().person).await.expect("a store").expect("a person");
        let text = format!(
            "案号,案件名称,案由,立案日期,姓名,手机号,诉讼地位\n(2026)沪0113民初901号,甲 诉 乙,借贷,2026-10-12,好人,13700000001,原告\n(2026)沪0113民初902号,,借贷,,冒名,{},审判长\n",
            known.phone
        );
        let answer = send(&mut program, "", "text/csv", text.as_bytes()).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (422, "import_refused".to_owned()));
        let faults = answer.json()["faults"].clone();
        let faults: Vec<_> = faults.as_array().expect("a list").iter().map(|one| (one["row"].clone(), one["column"].clone())).collect();
        let expected = [(3, "案件名称"), (3, "立案日期"), (3, "手机号")];
        assert_eq!(faults.len(), 3, "{}", said(&answer));
        for (row, column) in expected {
            assert!(faults.contains(&(json!(row), json!(column))), "{faults:?}");
        }
        assert!(!said(&answer).contains(&known.phone));
        assert!(house.desk().store.person_by_phone("13700000001").await.expect("a store").is_none());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_integration_token_imports_and_does_nothing_else_and_a_persons_token_does_not_import() {
    let house = House::sqlite().await;
    let trial = Trial::begin(&house, 42).await;
    let mut integration = program(&house).await;
    for path in ["/api/me", "/api/cases", "/api/rooms", "/api/missing-cases", &format!("/api/cases/{}", trial.case)] {
        assert_eq!(integration.get(path).await.status, 401, "{path}");
    }
    let file = docket::example(Form::Json);
    let judge = trial.judge();
    let mut programs = vec![judge.caller.clone(), house.stranger()];
    programs.push(house.kit.program(&house.app, judge.person, Some(Role::Judge)).await);
    for caller in &mut programs {
        let request = Request::post("/api/import")
            .header("origin", desk::testkit::Kit::ORIGIN)
            .header("content-type", "application/json");
        let answer = caller.send(request, Body::from(file)).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (401, "integration_required".to_owned()));
    }
    assert_eq!(send(&mut integration, "", "application/json", file).await.status, 200);
    house.kit.clock.advance(Duration::days(90));
    assert_eq!(send(&mut integration, "", "application/json", file).await.status, 401, "it ends");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_table_is_refused_with_the_reason_and_what_it_says_is_in_no_log() {
    let logs = Logs::catch();
    let house = House::sqlite().await;
    let mut program = program(&house).await;
    let code = |answer: &Answer| (answer.status.as_u16(), answer.code());
    let large = vec![b'a'; 8 * 1024 * 1024 + 1];
    for (kind, body, expected) in [
        ("text/plain", &b"a"[..], (415, "import_type_unknown")),
        ("text/csv", b"", (422, "file_empty")),
        ("text/csv", &large, (413, "too_large")),
        (XLSX, b"PK", (422, "file_broken")),
        ("application/json", b"{\"cases\": [}", (400, "malformed_json")),
        ("application/json", b"{\"rows\": []}", (400, "malformed_json")),
        (
            "application/json",
            br#"{"cases": [{"number": "CanaryNumber", "CanaryField": 13912345678}]}"#,
            (422, "import_refused"),
        ),
    ] {
        let answer = send(&mut program, "", kind, body).await;
        assert_eq!(code(&answer), (expected.0, expected.1.to_owned()), "{kind}: {}", said(&answer));
    }
    assert_eq!(code(&send(&mut program, "?chekc=true", "text/csv", b"a").await).0, 422);
    let text = "案号,案件名称,案由,立案日期,姓名,手机号,诉讼地位\n(2026)沪0113民初901号,Canary诉Canary,CanaryCause,2026-10-12,CanaryName,13711223344,原告\n";
    assert_eq!(send(&mut program, "", "text/csv", text.as_bytes()).await.status, 200);
    let log = logs.text();
    assert!(log.contains("File imported"), "nothing was logged, so nothing was looked at");
    for secret in ["Canary", "13912345678", "13711223344"] {
        assert!(!log.contains(secret), "the log holds {secret}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_ended_sees_the_case_no_more_and_who_is_not_named_stays() {
    let house = House::sqlite().await;
    let trial = Trial::begin(&house, 43).await;
    let (agent, party) = (trial.seat(Capacity::PlaintiffAgent), trial.seat(Capacity::Plaintiff));
    let mut program = program(&house).await;
    let phone = house.desk().store.person(agent.person).await.expect("a store").expect("a person").phone;
    let number = "(2026)沪0113民初43号";
    let part =
        json!({"name": Capacity::PlaintiffAgent.label(), "phone": phone, "capacity": "plaintiff_agent", "ended": true});
    let file = json!({"cases": [{"number": number, "status": "已结", "participants": [part]}]});
    let answer = send(&mut program, "", "application/json", file.to_string().as_bytes()).await;
    assert_eq!(answer.status, 200, "{}", said(&answer));
    assert_eq!(answer.json()["ended"], 1);
    let case = format!("/api/cases/{}", trial.case);
    assert_eq!(agent.get(&case).await.status, 404);
    let seen = party.get(&case).await;
    assert_eq!((seen.status.as_u16(), &seen.json()["status"]), (200, &json!("closed")));
}
