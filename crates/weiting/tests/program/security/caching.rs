//! SR-28: nothing that the API or the files' host answers may be kept by anybody in between.

use axum::body::Body;
use axum::http::{Method, Request};
use court::{FileKind, Phase};
use desk::testkit::Kit;
use serde_json::{Value, json};

use crate::kit::{House, Trial};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sr28_no_answer_may_be_kept_whatever_was_asked_by_whomever() {
    let house = House::sqlite().await;
    let trial = Trial::begin(&house, 1).await;
    let room = trial.room(&house, Phase::Open).await;
    let judge = trial.judge();
    let file = house.upload(judge.person, FileKind::Photo, "照片.jpg").await;
    let seq = judge.must(room, json!({"kind": "speech.photo", "blob": file})).await["seq"].clone();
    let document: Value = serde_json::from_str(&weiting::openapi_text().expect("a document")).expect("JSON");
    let mut asked = 0;
    for (path, item) in document["paths"].as_object().expect("paths") {
        let path = path
            .replace("{room}", &room.to_string())
            .replace("{case}", &trial.case.to_string())
            .replace("{upload}", &file.to_string())
            .replace("{seq}", &seq.to_string());
        // Every method on every path: also what is not allowed is an answer.
        let _ = item;
        for method in
            [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS]
        {
            // Last, because it ends what the rest needs.
            if path.starts_with("/api/logout") {
                continue;
            }
            for mut caller in [judge.caller.clone(), house.stranger()] {
                let request = Request::builder().method(method.clone()).uri(&path).header("origin", Kit::ORIGIN);
                let answer = caller.send(request, Body::empty()).await;
                assert_eq!(answer.header("cache-control"), "no-store", "{method} {path}");
                asked += 1;
            }
        }
    }
    for path in ["/api/", "/api/nothing", "/api/rooms/%00", "/api/rooms/x/acts/y/file"] {
        assert_eq!(house.stranger().get(path).await.header("cache-control"), "no-store", "{path}");
    }
    let led = judge.get(&format!("/api/rooms/{room}/acts/{seq}/file")).await;
    assert_eq!((led.status.as_u16(), led.header("cache-control")), (307, "no-store"));
    let address = led.header("location").strip_prefix(Kit::FILES).expect("the files' host").to_owned();
    for address in [address.as_str(), "/files/nothing"] {
        let request = Request::get(address).header("host", desk::Config::host_of(Kit::FILES));
        let answer = house.stranger().send(request, Body::empty()).await;
        assert!(answer.header("cache-control").contains("no-store"), "{}", answer.status);
    }
    for path in ["/api/logout", "/api/logout/all"] {
        let answer = judge.caller.clone().post(path, json!({})).await;
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    assert!(asked > 200, "{asked}");
}
