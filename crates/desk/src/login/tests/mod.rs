//! Logging in, tried through a real router.

mod capacity;
mod code;
mod policy;
mod sending;
mod session;

use axum::Router;
use court::{Capacity, PersonId};
use serde_json::json;

use crate::testkit::{Answer, Caller, Kit};

const PHONE: &str = "13900000001";
const OTHER: &str = "13900000002";
/// A number that nobody here has.
const NOBODY: &str = "13900000009";

/// A court with one person, who is a plaintiff in one case.
async fn court() -> (Kit, Router, PersonId) {
    let kit = Kit::new().await;
    let person = kit.person("王明", PHONE).await;
    let case = kit.case("（2026）沪0113民初1号", "甲公司与乙公司买卖合同纠纷").await;
    kit.participant(case, person, "王明", Capacity::Plaintiff).await;
    let app = kit.app(super::routes());
    (kit, app, person)
}

/// Asks for a code; works the human check out when one is asked for.
async fn ask(who: &mut Caller, phone: &str) -> Answer {
    let answer = who.post("/api/login/code", json!({"phone": phone})).await;
    if answer.code() != "human_check_required" {
        return answer;
    }
    who.post("/api/login/code", json!({"phone": phone, "proof": proof(&answer)})).await
}

/// The work that an answer asks for.
fn proof(answer: &Answer) -> serde_json::Value {
    let check = answer.json();
    let challenge = check["challenge"].as_str().expect("a challenge");
    let bits = check["bits"].as_u64().expect("how hard it is");
    json!({"challenge": challenge, "nonce": super::human_check::work_out(challenge, bits as u32)})
}

async fn enter(who: &mut Caller, phone: &str, code: &str) -> Answer {
    who.post("/api/login", json!({"phone": phone, "code": code})).await
}

/// A code that is not this one.
fn another(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().expect("digits") + 1) % 1_000_000)
}
