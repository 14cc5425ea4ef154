//! SR-15: which fields somebody is shown, for each relation. `fields.txt` is the reviewed list; what is new in an answer must be put
//! there by hand, and no phone number, account id or address of somebody else ever belongs there.

use std::collections::BTreeSet;
use std::fmt::Write;

use court::{Capacity, FileKind, Phase};
use serde_json::{Value, json};

use crate::kit::{House, Trial, here};

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
    let to = json!({"members": [judge.member]});
    plaintiff.must(open, json!({"kind": "speech.text", "text": "私信", "to": to, "remind": true})).await;
    plaintiff.must(open, here("门口")).await;
    judge.must(open, json!({"kind": "speech.text", "text": "评议", "to": "bench"})).await;
    let file = house.upload(judge.person, FileKind::Document, "附件").await;
    let deadline = crate::kit::rfc3339(house.desk().now() + time::Duration::hours(1));
    let issue = json!({
        "kind": "matter.issue", "title": "题", "text": "文", "targets": [plaintiff.member], "deadline": deadline,
        "attachments": [file], "fields": [{"label": "意见", "type": "choice", "choices": ["甲", "乙"]}],
    });
    let matter = judge.must(open, issue).await["id"].clone();
    let later = crate::kit::rfc3339(house.desk().now() + time::Duration::minutes(90));
    judge.must(open, json!({"kind": "matter.extend", "matter": matter, "deadline": later, "reason": "申请"})).await;
    let draft = format!("/api/rooms/{open}/matters/{}/draft", matter.as_str().expect("an id"));
    let begun = json!({"text": "草稿"});
    assert_eq!(plaintiff.caller.clone().write(axum::http::Method::PUT, &draft, &[], begun).await.status, 204);
    let other = json!({"kind": "matter.issue", "title": "题二", "text": "文", "targets": [plaintiff.member], "deadline": deadline});
    let other = judge.must(open, other).await["id"].clone();
    let answer = json!({"kind": "matter.answer", "matter": other, "text": "答"});
    plaintiff.must(open, answer).await;
    judge.must(open, json!({"kind": "matter.withdraw", "matter": matter, "reason": "不再需要"})).await;
    judge.must(open, json!({"kind": "matter.close", "matter": other})).await;
    judge.must(open, json!({"kind": "member.end", "member": agent.member, "reason": "终止"})).await;
    judge.must(open, json!({"kind": "member.admit", "participant": agent.member})).await;
    judge.must(open, json!({"kind": "call.start", "callee": plaintiff.member})).await;
    let file = house.upload(judge.person, FileKind::Document, "起诉状.pdf").await;
    let filed = json!({"kind": "dossier.file", "blob": file, "folder": "main", "paper": "complaint"});
    let filed = judge.must(open, filed).await;
    let entry = court::EntryId::of(crate::kit::id_of(&filed["id"]), 0);
    let clerk = trial.seat(Capacity::CourtClerk);
    clerk.must(open, json!({"kind": "dossier.refile", "entry": entry, "title": "诉状", "reason": "核对"})).await;
    let share = json!({"kind": "dossier.share", "entry": entry, "with": [plaintiff.member]});
    let share = judge.must(open, share).await["id"].clone();
    plaintiff.must(open, json!({"kind": "dossier.open", "share": share})).await;
    judge.must(open, json!({"kind": "dossier.inspect", "entry": entry})).await;
    let applicant = house.kit.person("申请人", "13977040002").await;
    let paper = house.upload(applicant, FileKind::Document, "委托书.pdf").await;
    let file = desk::uploads::finished_file(house.desk(), applicant, paper).await.expect("a store").expect("a file");
    let mandate = court::MandateId(house.desk().chance.id());
    let (member, capacity) = (court::MemberId(house.desk().chance.id()), Capacity::DefendantAgent);
    let by = court::agency::By { member, person: applicant, name: "申请人".to_owned(), capacity };
    let apply = court::agency::Apply {
        mandate,
        agent: court::Member {
            id: member,
            person: Some(applicant),
            name: "申请人".to_owned(),
            acting: None,
            capacity,
            ended: None,
        },
        party: trial.seat(Capacity::Defendant).member,
        authority: court::agency::Authority { scope: court::agency::Scope::General, powers: Default::default() },
        file,
    };
    let told = court::Report::Agency(Box::new((by, court::agency::Told::Applied(apply))));
    house.desk().report_using(open, told, vec![paper]).await.expect("it is told");
    judge.must(open, json!({"kind": "agency.approve", "mandate": mandate})).await;
    judge.must(open, json!({"kind": "agency.end", "mandate": mandate, "reason": "终止"})).await;
    let agrees = |to: &str| json!({"kind": "consent.give", "to": to, "version": "1", "agreed": true});
    plaintiff.must(open, agrees("electronic_service")).await;
    plaintiff.must(open, agrees("asynchronous")).await;
    plaintiff.must(open, json!({"kind": "consent.withdraw", "to": "asynchronous", "reason": "改变主意"})).await;
    let settle = json!({"kind": "consent.settle", "member": plaintiff.member, "to": "asynchronous", "granted": true, "reason": "准许"});
    judge.must(open, settle).await;
    let place = json!({"recipient": "某", "phone": "021-00000000", "address": "示例路 1 号", "default": true});
    let list = json!({"entries": [place]});
    assert_eq!(plaintiff.caller.clone().put("/api/me/domicile", list).await.status, 200);
    plaintiff.must(open, json!({"kind": "domicile.confirm", "version": 1})).await;
    house.signs().await;
    let now = house.kit.micros();
    house.desk().store.note_incidents(open.0, &["files"], now).await.expect("a store");
    house.signs_own_file(plaintiff.person, "借条.pdf").await;
    let mut list = String::new();
    for (relation, seat) in [("judge", &judge), ("plaintiff", &plaintiff), ("witness", &trial.seat(Capacity::Witness))]
    {
        for (name, path) in [
            ("me", "/api/me".to_owned()),
            ("identity", "/api/me/identity".to_owned()),
            ("cases", "/api/cases".to_owned()),
            ("case", format!("/api/cases/{}", trial.case)),
            ("panel", format!("/api/cases/{}/panel", trial.case)),
            ("rooms", "/api/rooms".to_owned()),
            ("room before its time", format!("/api/rooms/{scheduled}")),
            ("room", format!("/api/rooms/{open}")),
            ("acts", format!("/api/rooms/{open}/acts?limit=200")),
            ("matters", format!("/api/rooms/{open}/matters")),
            ("search", format!("/api/rooms/{open}/search?limit=100")),
            ("search in all rooms", "/api/search?q=%E6%9D%90".to_owned()),
            ("days", format!("/api/rooms/{open}/days")),
            ("call", format!("/api/rooms/{open}/call")),
            ("inbox", "/api/inbox".to_owned()),
            ("inbox counts", "/api/inbox/counts".to_owned()),
            ("subscriptions", "/api/inbox/subscriptions".to_owned()),
            ("push", "/api/push".to_owned()),
            ("shares", format!("/api/rooms/{open}/shares")),
            ("dossier", format!("/api/cases/{}/dossier", trial.case)),
            ("dossier entry", format!("/api/cases/{}/dossier/{entry}", trial.case)),
            ("room agency", format!("/api/rooms/{open}/agency")),
            ("agency queue", "/api/agency/queue".to_owned()),
            ("my agency", "/api/agency".to_owned()),
            ("consents", format!("/api/rooms/{open}/consents")),
            ("my consents", "/api/me/consents".to_owned()),
            ("devices", "/api/me/sessions".to_owned()),
            ("own acts", "/api/attestation?limit=50".to_owned()),
            ("incidents", "/api/incidents".to_owned()),
            ("own signature's uses", "/api/me/signature/uses".to_owned()),
        ] {
            let answer = seat.get(&path).await;
            if name.starts_with("dossier") && relation != "judge" {
                assert_eq!(answer.status, 404, "{path}: {}", crate::kit::said(&answer));
                continue;
            }
            assert_eq!(answer.status, 200, "{path}: {}", crate::kit::said(&answer));
            let mut found = BTreeSet::new();
            fields(&answer.json(), "", &mut found);
            writeln!(list, "{relation}: {name}").expect("a string takes what is written to it");
            for field in found {
                // Where somebody said they were, to everybody, once: no address of theirs.
                let sent = matches!(name, "acts" | "search") && field == "[].place.address";
                let forbidden = ["phone", "address", "person", "pseudonym"].iter().any(|word| field.contains(word));
                assert!(!forbidden || sent || name == "me", "{relation} is shown {field} in {name}");
                writeln!(list, "  {field}").expect("a string takes what is written to it");
            }
        }
    }
    let reviewed = include_str!("fields.txt");
    assert!(list == reviewed, "the fields have changed; if that is meant, fields.txt becomes:\n{list}");
    let me = judge.get("/api/me").await.json();
    assert_eq!(me["phone"], "139****0000", "one's own number is shown masked");
}
