//! SR-07: choosing a role.

use court::{Capacity, Role};
use serde_json::json;

use super::court;
use crate::testkit::Kit;

#[tokio::test]
async fn sr07_another_role_is_another_session_and_the_old_one_is_dead() {
    let (kit, app, person) = court().await;
    let case = kit.case("（2026）沪0113民初2号", "丙与丁民间借贷纠纷").await;
    kit.participant(case, person, "王明", Capacity::DefendantAgent).await;
    let mut who = kit.caller(&app, person, None).await;
    let me = who.get("/api/me").await.json();
    assert_eq!(me["role"], json!(null));
    assert_eq!(
        me["roles"],
        json!([{"role": "party", "label": "当事人", "cases": 1}, {"role": "agent", "label": "代理人", "cases": 1}])
    );
    let mut old = who.clone();
    let answer = who.put("/api/me/capacity", json!({"capacity": "agent"})).await;
    assert_eq!((answer.status.as_u16(), answer.json()["role"].clone()), (200, json!("agent")));
    assert_ne!(old.cookie(), who.cookie());
    assert_eq!(old.get("/api/me").await.code(), "not_logged_in");
    assert_eq!(who.get("/api/me").await.json()["role"], "agent");
    let before = who.cookie().unwrap().to_owned();
    assert_eq!(who.put("/api/me/capacity", json!({"capacity": "agent"})).await.status, 200);
    assert_eq!(who.cookie().unwrap(), before, "the same role again changes nothing");
}

#[tokio::test]
async fn sr07_choosing_roles_does_not_prolong_a_session() {
    let (kit, app, person) = court().await;
    let mut who = kit.caller(&app, person, None).await;
    for hours in 1..14_u8 {
        kit.clock.advance(time::Duration::hours(12) - time::Duration::minutes(1));
        let role = if hours % 2 == 0 { "party" } else { "agent" };
        if hours == 1 {
            let case = kit.case("（2026）沪0113民初2号", "丙与丁民间借贷纠纷").await;
            kit.participant(case, person, "王明", Capacity::DefendantAgent).await;
        }
        assert_eq!(who.put("/api/me/capacity", json!({"capacity": role})).await.status, 200, "{hours}");
    }
    kit.clock.advance(time::Duration::hours(12) - time::Duration::minutes(1));
    let answer = who.put("/api/me/capacity", json!({"capacity": "party"})).await;
    assert_eq!(answer.status, 200, "a quarter of an hour before the seventh day ends");
    assert!(answer.header("set-cookie").contains("Max-Age=840;"), "{}", answer.header("set-cookie"));
    kit.clock.advance(time::Duration::minutes(14));
    assert_eq!(who.get("/api/me").await.code(), "not_logged_in");
}

#[tokio::test]
async fn sr07_a_program_keeps_its_token() {
    let (kit, app, person) = court().await;
    let mut program = kit.program(&app, person, None).await;
    let answer = program.put("/api/me/capacity", json!({"capacity": "party"})).await;
    assert_eq!((answer.status.as_u16(), answer.header("set-cookie")), (200, ""));
    assert_eq!(program.get("/api/me").await.json()["role"], "party");
}

#[tokio::test]
async fn nobody_acts_in_a_role_that_they_do_not_have() {
    let (kit, app, person) = court().await;
    let mut who = kit.caller(&app, person, Some(Role::Party)).await;
    let answer = who.put("/api/me/capacity", json!({"capacity": "judge"})).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (403, "role_not_yours"));
    assert_eq!(who.get("/api/me").await.json()["role"], "party");
    assert_eq!(who.put("/api/me/capacity", json!({"capacity": "emperor"})).await.code(), "unknown_kind");
    assert_eq!(who.put("/api/me/capacity", json!({"capacity": 1})).await.status, 422);
    assert_eq!(kit.stranger(&app).put("/api/me/capacity", json!({"capacity": "party"})).await.code(), "not_logged_in");
}

#[tokio::test]
async fn who_has_several_roles_chooses_before_acting() {
    let (kit, _, person) = court().await;
    let routes = utoipa_axum::router::OpenApiRouter::new()
        .route("/api/act", axum::routing::get(|acting: crate::Acting| async move { acting.role.code() }))
        .merge(super::super::routes());
    let app = kit.app(routes);
    let mut who = kit.caller(&app, person, None).await;
    let answer = who.get("/api/act").await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (403, "no_role"));
    who.put("/api/me/capacity", json!({"capacity": "party"})).await;
    assert_eq!(who.get("/api/act").await.body, "party");
    assert_eq!(kit.stranger(&app).get("/api/act").await.status, 401);
}

#[tokio::test]
async fn somebody_without_a_case_logs_in_without_a_role() {
    let kit = Kit::new().await;
    let person = kit.person("赵一", "13900000003").await;
    let app = kit.app(super::super::routes());
    let me = kit.caller(&app, person, None).await.get("/api/me").await.json();
    assert_eq!((me["role"].clone(), me["roles"].clone()), (json!(null), json!([])));
}
