//! SR-18: a former member sees nothing of the room, neither what came after nor what they once saw; and who comes back does not
//! thereby get to see what was said to others meanwhile.

use court::{Capacity, Phase};
use serde_json::json;

use crate::kit::{House, Trial};

store::on_both_databases! {
    async fn sr18_a_former_member_sees_nothing_and_one_who_comes_back_sees_no_more_than_was_meant_for_them(db) {
        let house = House::on(db).await;
        let trial = Trial::begin(&house, 1).await;
        let room = trial.room(&house, Phase::Open).await;
        let seat = |capacity| trial.seat(capacity);
        let (judge, agent, other) = (trial.judge(), seat(Capacity::PlaintiffAgent), seat(Capacity::Defendant));
        agent.tells(room, "往来一", &[&judge]).await;
        let listed = |rooms: serde_json::Value| rooms.as_array().is_some_and(|rooms| rooms.iter().any(|card| card["id"] == room.to_string()));
        assert!(listed(agent.get("/api/rooms").await.json()));
        judge.must(room, json!({"kind": "member.end", "member": agent.member, "reason": "解除委托"})).await;
        judge.says(room, "离开期间公开").await;
        other.tells(room, "离开期间私信", &[&judge]).await;
        assert!(!listed(agent.get("/api/rooms").await.json()));
        for path in ["", "/acts", "/acts?after=0&limit=1", "/acts/1/file"] {
            let answer = agent.get(&format!("/api/rooms/{room}{path}")).await;
            assert_eq!((answer.status.as_u16(), answer.code().as_str()), (404, "not_found"), "{path}");
        }
        let old = agent.does_as("key-of-then", room, json!({"kind": "speech.text", "text": "往来一"})).await;
        assert_eq!(old.status, 404);
        let recipients = json!({"kind": "speech.text", "text": "致离开者", "to": {"members": [agent.member]}});
        assert_eq!(judge.does(room, recipients).await.code(), "recipient_unknown");
        judge.must(room, json!({"kind": "member.admit", "participant": agent.member})).await;
        assert!(listed(agent.get("/api/rooms").await.json()));
        let acts = agent.acts(room).await;
        let texts: Vec<_> = acts.iter().filter_map(|act| act["text"].as_str()).collect();
        assert_eq!(texts, ["往来一", "离开期间公开"]);
        assert_eq!(acts.len(), agent.may_see(&house, room).await.len());
    }

    async fn sr18_an_answer_from_before_is_not_given_to_a_former_member(db) {
        let house = House::on(db).await;
        let trial = Trial::begin(&house, 1).await;
        let room = trial.room(&house, Phase::Open).await;
        let (judge, agent) = (trial.judge(), trial.seat(Capacity::PlaintiffAgent));
        let body = json!({"kind": "speech.text", "text": "留言"});
        assert_eq!(agent.does_as("once", room, body.clone()).await.status, 201);
        judge.must(room, json!({"kind": "member.end", "member": agent.member, "reason": "解除委托"})).await;
        assert_eq!(agent.does_as("once", room, body).await.status, 404);
    }
}
