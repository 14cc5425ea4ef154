//! "My case is missing": nobody learns by reporting whether there is a case; the clerk of the case does, and answers.

use court::Capacity;
use desk::testkit::{Answer, Caller};
use serde_json::{Value, json};

use crate::kit::{House, Trial, said, without_instance};

async fn report(house: &House, caller: &mut Caller, number: &str) -> Answer {
    let body = json!({"number": number, "court": "示范区人民法院", "remark": "立案已有一个月"});
    caller.post_once("/api/missing-cases", &house.keys.next(), body).await
}

fn shape(answer: &Answer) -> (u16, Vec<String>) {
    let body = without_instance(answer);
    (answer.status.as_u16(), body.as_object().map(|body| body.keys().cloned().collect()).unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_report_says_the_same_whether_there_is_such_a_case_and_comes_to_its_clerk() {
    let house = House::sqlite().await;
    let (trial, other) = (Trial::begin(&house, 51).await, Trial::begin(&house, 52).await);
    let stranger = house.kit.person("路人甲", "13977050001").await;
    let mut stranger = house.kit.caller(&house.app, stranger, None).await;
    let known = report(&house, &mut stranger, "（2026）沪0113 民初51号").await;
    house.kit.clock.advance(time::Duration::seconds(1));
    let unknown = report(&house, &mut stranger, "(2026)沪0113民初999号").await;
    assert_eq!(known.status, 201, "{}", said(&known));
    assert_eq!(shape(&known), shape(&unknown));
    let own = stranger.get("/api/missing-cases").await.json();
    let strip = |report: &Value| {
        let mut report = report.clone();
        for name in ["id", "number", "created_at"] {
            report.as_object_mut().expect("an object").remove(name);
        }
        report
    };
    assert_eq!(strip(&own[0]), strip(&own[1]), "nothing tells them apart");

    let numbers = async |trial: &Trial, capacity| {
        let inbox = trial.seat(capacity).get("/api/missing-cases/inbox").await;
        assert_eq!(inbox.status, 200, "{}", said(&inbox));
        inbox.json().as_array().expect("a list").iter().map(|one| one["number"].clone()).collect::<Vec<_>>()
    };
    let both = [json!("（2026）沪0113 民初51号"), json!("(2026)沪0113民初999号")];
    for capacity in [Capacity::CourtClerk, Capacity::JudgeAssistant] {
        assert_eq!(numbers(&trial, capacity).await, both);
        assert_eq!(numbers(&other, capacity).await, both[1..]);
    }
    for capacity in
        Capacity::ALL.into_iter().filter(|one| !matches!(one, Capacity::CourtClerk | Capacity::JudgeAssistant))
    {
        assert_eq!(numbers(&trial, capacity).await, [] as [Value; 0], "{}", capacity.code());
    }
    let clerk = trial.seat(Capacity::CourtClerk);
    let seen = &clerk.get("/api/missing-cases/inbox").await.json()[0];
    assert_eq!((&seen["name"], &seen["phone"]), (&json!("路人甲"), &json!("139****0001")));

    let path = format!("/api/missing-cases/{}/answer", known.json()["id"].as_str().expect("an id"));
    let reply = || json!({"reply": "已为您关联，请重新登录查看。"});
    assert_eq!(other.seat(Capacity::CourtClerk).caller.clone().post(&path, reply()).await.status, 404);
    assert_eq!(clerk.caller.clone().post(&path, json!({"reply": " "})).await.code(), "reply_invalid");
    assert_eq!(clerk.caller.clone().post(&path, reply()).await.status, 204);
    assert_eq!(clerk.caller.clone().post(&path, reply()).await.code(), "report_handled");
    assert_eq!(numbers(&trial, Capacity::CourtClerk).await, both[1..]);
    let handled = clerk.get("/api/missing-cases/inbox?handled=true").await.json();
    assert_eq!(handled[0]["reply"], "已为您关联，请重新登录查看。");
    let own = stranger.get("/api/missing-cases").await.json();
    let answered: Vec<_> = own.as_array().expect("a list").iter().filter(|one| !one["reply"].is_null()).collect();
    assert_eq!(answered.len(), 1);
    assert_eq!(answered[0]["number"], both[0]);
    assert_eq!(trial.seat(Capacity::Plaintiff).get("/api/missing-cases").await.json(), json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_report_is_made_once_and_ten_times_a_day_at_most() {
    let house = House::sqlite().await;
    let person = house.kit.person("路人乙", "13977050002").await;
    let mut caller = house.kit.caller(&house.app, person, None).await;
    let body = json!({"number": "(2026)沪0113民初1号"});
    let first = caller.post_once("/api/missing-cases", "same", body.clone()).await;
    let again = caller.post_once("/api/missing-cases", "same", body).await;
    assert_eq!((first.json(), again.status.as_u16()), (again.json(), 201));
    let other = caller.post_once("/api/missing-cases", "same", json!({"number": "2"})).await;
    assert_eq!(other.code(), "idempotency_key_reused");
    for _ in 1..10 {
        assert_eq!(report(&house, &mut caller, "(2026)沪0113民初2号").await.status, 201);
    }
    let refused = report(&house, &mut caller, "(2026)沪0113民初2号").await;
    assert_eq!((refused.status.as_u16(), refused.code()), (429, "reports_too_many".to_owned()));
    assert_eq!(refused.header("retry-after"), "3600");
    house.kit.clock.advance(time::Duration::hours(25));
    let mut caller = house.kit.caller(&house.app, person, None).await;
    assert_eq!(report(&house, &mut caller, "(2026)沪0113民初2号").await.status, 201);
    for body in [
        json!({"number": "  "}),
        json!({"number": "一".repeat(61)}),
        json!({"number": "1", "remark": "字".repeat(501)}),
    ] {
        let answer = caller.post_once("/api/missing-cases", &house.keys.next(), body).await;
        assert_eq!(answer.code(), "report_invalid");
    }
}
