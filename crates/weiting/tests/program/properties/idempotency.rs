//! P-03: any interleaving of repeated requests has one effect and one answer (SR-39).

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};

use court::{Capacity, Phase};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{for_any, record_is_sound};
use crate::kit::{House, Trial};

/// A request: who (0 to 2), under which key (0 to 3), saying what (0 to 2).
type Asked = (usize, u8, u8);

/// What came back for each person's key: which of the texts was sent, status, body.
type Answers = BTreeMap<(usize, u8), Vec<(u8, u16, Value)>>;

static RUN: AtomicU32 = AtomicU32::new(0);

store::on_both_databases! {
    async fn p03_repeated_requests_have_one_effect_and_one_answer_however_they_interleave(db) {
        let house = House::on(db).await;
        let trial = Trial::begin(&house, 1).await;
        let room = trial.room(&house, Phase::Open).await;
        let people = [trial.judge(), trial.seat(Capacity::Plaintiff), trial.seat(Capacity::Mediator)];
        let waves = vec(vec((0..3_usize, 0..4_u8, 0..3_u8), 1..12), 1..5);
        for_any(20, &waves, async |waves: Vec<Vec<Asked>>| {
            let run = RUN.fetch_add(1, Ordering::Relaxed);
            let before = people[0].acts(room).await.len();
            let mut answers: Answers = BTreeMap::new();
            for wave in waves {
                // Within a wave all at once.
                let mut asking = tokio::task::JoinSet::new();
                for (who, key, what) in wave {
                    let seat = people[who].clone();
                    asking.spawn(async move {
                        let text = format!("{run}/{what}");
                        let answer = seat.does_as(&format!("{run}-{key}"), room, json!({"kind": "speech.text", "text": text})).await;
                        ((who, key), (what, answer.status.as_u16(), answer.json()))
                    });
                }
                while let Some(answered) = asking.join_next().await {
                    let (slot, answer) = answered.expect("every request is answered");
                    answers.entry(slot).or_default().push(answer);
                }
            }
            for (slot, answers) in &answers {
                let taken: Vec<_> = answers.iter().filter(|(_, status, _)| *status == 201).collect();
                prop_assert!(!taken.is_empty(), "{slot:?}: nothing was taken");
                let (what, _, receipt) = taken[0];
                for (said, status, body) in answers {
                    if said == what {
                        prop_assert_eq!((*status, body), (201, receipt), "the same request, another answer");
                    } else {
                        prop_assert_eq!((*status, &body["code"]), (422, &json!("idempotency_key_reused")));
                    }
                }
            }
            let acts = people[0].acts(room).await;
            prop_assert_eq!(acts.len() - before, answers.len(), "one effect each");
            record_is_sound(&house, room).await;
            Ok(())
        });
    }

    async fn sr39_every_request_that_creates_something_can_be_repeated(db) {
        let house = House::on(db).await;
        let trial = Trial::begin(&house, 1).await;
        let (open, other) = (trial.room(&house, Phase::Open).await, trial.room(&house, Phase::Open).await);
        let judge = trial.judge();
        let now = house.desk().now();
        let sitting = |hours| json!({
            "kind": "inquiry",
            "opens_at": crate::kit::rfc3339(now),
            "closes_at": crate::kit::rfc3339(now + time::Duration::hours(hours)),
            "members": trial.members(),
        });
        let sittings = format!("/api/cases/{}/sittings", trial.case);
        let acts = |room| format!("/api/rooms/{room}/acts");
        let text = |text: &str| json!({"kind": "speech.text", "text": text});
        for (key, path, body, otherwise) in [
            ("a", sittings.clone(), sitting(1), (sittings.clone(), sitting(2))),
            ("b", acts(open), text("一"), (acts(open), text("二"))),
            ("c", acts(open), text("一"), (acts(other), text("一"))),
        ] {
            let mut caller = judge.caller.clone();
            let first = caller.post_once(&path, key, body.clone()).await;
            assert_eq!(first.status, 201, "{}", crate::kit::said(&first));
            let rooms = caller.get("/api/rooms").await.json().as_array().map(Vec::len);
            let again = caller.post_once(&path, key, body.clone()).await;
            assert_eq!((again.status, again.json()), (first.status, first.json()), "the same request, the same answer");
            let refused = caller.post_once(&otherwise.0, key, otherwise.1).await;
            assert_eq!((refused.status.as_u16(), refused.code().as_str()), (422, "idempotency_key_reused"));
            assert_eq!(caller.get("/api/rooms").await.json().as_array().map(Vec::len), rooms);
            let without = caller.post(&path, body.clone()).await;
            assert_eq!((without.status.as_u16(), without.code().as_str()), (422, "idempotency_key_missing"));
            // The key is the person's own: somebody else's is another one.
            let mut clerk = trial.seat(Capacity::CourtClerk).caller;
            let theirs = clerk.post_once(&path, key, body).await;
            assert_eq!(theirs.status, 201, "{}", crate::kit::said(&theirs));
            assert_ne!(theirs.json()["id"], first.json()["id"]);
        }
    }
}
