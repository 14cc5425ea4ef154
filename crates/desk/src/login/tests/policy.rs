//! SR-13: what is offered is what policy names.

use court::Relation;
use serde_json::json;

use super::court;

#[tokio::test]
async fn sr13_every_operation_of_login_and_health_has_its_row() {
    let (kit, _, _) = court().await;
    let (_, api) = super::super::routes().merge(crate::health::routes()).split_for_parts();
    let document = serde_json::to_value(api).unwrap();
    let mut ids: Vec<_> = document["paths"]
        .as_object()
        .unwrap()
        .values()
        .flat_map(|item| item.as_object().unwrap().values())
        .map(|operation| operation["operationId"].as_str().expect("an operation id").to_owned())
        .collect();
    ids.sort();
    assert_eq!(
        ids,
        [
            "choose_capacity",
            "end_other_sessions",
            "end_session",
            "healthz",
            "login",
            "login_code",
            "logout",
            "logout_all",
            "me",
            "my_sessions",
            "readyz",
            "step_up",
            "step_up_code"
        ]
    );
    for id in ids {
        assert!(kit.desk.policy.operations().contains_key(&id), "{id} has no row");
    }
}

#[tokio::test]
async fn sr13_who_has_not_logged_in_gets_nothing_but_what_is_for_anyone() {
    let (kit, app, _) = court().await;
    let calls = [
        ("me", "GET", "/api/me"),
        ("logout", "POST", "/api/logout"),
        ("logout_all", "POST", "/api/logout/all"),
        ("choose_capacity", "PUT", "/api/me/capacity"),
    ];
    for (id, method, path) in calls {
        assert_eq!(kit.desk.policy.operations()[id].relation, Relation::Account, "{id}");
        for mut who in [
            kit.stranger(&app),
            kit.stranger(&app).with_cookie("__Host-weiting=guessed".to_owned()),
            kit.stranger(&app).with_bearer("guessed".to_owned()),
        ] {
            let answer = who.write(method.parse().unwrap(), path, &[], json!({"capacity": "party"})).await;
            assert_eq!((answer.status.as_u16(), answer.code().as_str()), (401, "not_logged_in"), "{id}");
        }
    }
}
