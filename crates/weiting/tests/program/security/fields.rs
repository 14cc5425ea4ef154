//! SR-15: which fields somebody is shown, for each relation. `fields.txt` is the reviewed list; what is new in an answer must be put
//! there by hand, and no phone number, account id or address of somebody else ever belongs there.

use std::collections::BTreeSet;
use std::fmt::Write;

use court::{Capacity, FileKind, Phase};
use serde_json::{Value, json};

use crate::kit::{House, Trial};

/// The paths of all fields of a value, `[]` for the members of a list.
fn fields(value: &Value, path: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                fields(value, &format!("{path}.{name}"), found);
            }
        }
        Value::Array(list) => list.iter().for_each(|value| fields(value, &format!("{path}[]"), found)),
        _ => {
            found.insert(path.to_owned());
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sr15_each_relation_is_shown_these_fields_and_no_others() {
    let house = House::sqlite().await;
    let trial = Trial::begin(&house, 1).await;
    let scheduled = trial.room(&house, Phase::Scheduled).await;
    let open = trial.room(&house, Phase::Open).await;
    let (judge, plaintiff, agent) =
        (trial.judge(), trial.seat(Capacity::Plaintiff), trial.seat(Capacity::ThirdPartyAgent));
    for kind in [FileKind::Photo, FileKind::Document] {
        let file = house.upload(judge.person, kind, "材料").await;
        let code = if kind == FileKind::Photo { "speech.photo" } else { "speech.document" };
        judge.must(open, json!({"kind": code, "blob": file})).await;
    }
    plaintiff.tells(open, "私信", &[&judge]).await;
    judge.must(open, json!({"kind": "speech.text", "text": "评议", "to": "bench"})).await;
    judge.must(open, json!({"kind": "member.end", "member": agent.member, "reason": "终止"})).await;
    judge.must(open, json!({"kind": "member.admit", "participant": agent.member})).await;
    judge.must(open, json!({"kind": "call.start", "callee": plaintiff.member})).await;
    let mut list = String::new();
    for (relation, seat) in [("judge", &judge), ("plaintiff", &plaintiff), ("witness", &trial.seat(Capacity::Witness))]
    {
        for (name, path) in [
            ("me", "/api/me".to_owned()),
            ("cases", "/api/cases".to_owned()),
            ("case", format!("/api/cases/{}", trial.case)),
            ("rooms", "/api/rooms".to_owned()),
            ("room before its time", format!("/api/rooms/{scheduled}")),
            ("room", format!("/api/rooms/{open}")),
            ("acts", format!("/api/rooms/{open}/acts?limit=200")),
            ("call", format!("/api/rooms/{open}/call")),
        ] {
            let answer = seat.get(&path).await;
            assert_eq!(answer.status, 200, "{path}: {}", crate::kit::said(&answer));
            let mut found = BTreeSet::new();
            fields(&answer.json(), "", &mut found);
            writeln!(list, "{relation}: {name}").expect("a string takes what is written to it");
            for field in found {
                let forbidden = ["phone", "address", "person", "pseudonym"].iter().any(|word| field.contains(word));
                assert!(!forbidden || name == "me", "{relation} is shown {field} in {name}");
                writeln!(list, "  {field}").expect("a string takes what is written to it");
            }
        }
    }
    let reviewed = include_str!("fields.txt");
    assert!(list == reviewed, "the fields have changed; if that is meant, fields.txt becomes:\n{list}");
    let me = judge.get("/api/me").await.json();
    assert_eq!(me["phone"], "139****0000", "one's own number is shown masked");
}
