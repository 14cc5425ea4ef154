//! P-03: any interleaving of repeated requests has one effect, and everybody hears the same answer (SR-39).

use std::collections::HashMap;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use record::Head;

use super::sample::{self, NOON, Speaker, id, verified};
use crate::kit::{TestDatabase, Which};
use crate::{Answer, AppendError, Store, on_both_databases};

/// One request as it reaches a node: which of the keys, on which node, and whether the node waits before it takes the next.
type Step = (usize, usize, bool);

fn holds(which: Which) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let db = runtime.block_on(TestDatabase::fresh(which));
    let nodes = runtime.block_on(async { [db.open().await, db.open().await] });
    let steps = prop::collection::vec((0..4usize, 0..2usize, any::<bool>()), 1..40);
    let mut runner = TestRunner::new(Config { cases: 24, failure_persistence: None, ..Config::default() });
    runner.run(&steps, |steps| runtime.block_on(repeated(&nodes, steps))).unwrap();
    runtime.block_on(async {
        for node in &nodes {
            node.close().await;
        }
    });
}

async fn repeated(nodes: &[Store; 2], steps: Vec<Step>) -> Result<(), TestCaseError> {
    let person = sample::person(&nodes[0]).await.id;
    let record = id();
    // What each node believes: where the record stands with its own acts still on their way.
    let mut believed: [Option<Head>; 2] = [None; 2];
    let mut pending = Vec::new();
    let mut answers: HashMap<String, Vec<String>> = HashMap::new();
    for (key, node, wait) in &steps {
        let key = format!("key {key}");
        let head = match believed[*node] {
            Some(head) => head,
            None => nodes[*node].head(record).await.unwrap().unwrap_or(Head::EMPTY),
        };
        let mut speaker = Speaker::at(record, person, head);
        let append = speaker.says_under(&key, "同一请求");
        let response = append.answer.as_ref().unwrap().response.clone();
        pending.push((key, response, nodes[*node].append(append)));
        believed[*node] = Some(speaker.head);
        if *wait {
            for (key, response, one) in pending.drain(..) {
                told(&mut answers, key, response, one.await)?;
            }
            believed = [None; 2];
        }
    }
    for (key, response, one) in pending {
        told(&mut answers, key, response, one.await)?;
    }
    let mut keys: Vec<String> = steps.iter().map(|(key, ..)| format!("key {key}")).collect();
    keys.sort();
    keys.dedup();
    let stored = verified(&nodes[0], record).await;
    let answered = answers.len();
    prop_assert_eq!(stored.len(), answered, "one act for each key that was answered");
    for key in keys {
        let kept = nodes[1].answer(person, &key).await.unwrap();
        let heard = answers.remove(&key).unwrap_or_default();
        prop_assert_eq!(kept.is_some(), !heard.is_empty());
        prop_assert!(heard.iter().all(|heard| Some(heard) == kept.as_ref().map(|kept| &kept.response)));
    }
    Ok(())
}

fn told(
    answers: &mut HashMap<String, Vec<String>>,
    key: String,
    response: String,
    verdict: Result<(), AppendError>,
) -> Result<(), TestCaseError> {
    match verdict {
        Ok(()) => answers.entry(key).or_default().push(response),
        Err(AppendError::Duplicate(answer)) => {
            prop_assert_eq!(&answer.key, &key);
            answers.entry(key).or_default().push(answer.response);
        }
        Err(other) => prop_assert_eq!(other, AppendError::Conflict),
    }
    Ok(())
}

#[test]
fn p03_repeated_requests_have_one_effect_sqlite() {
    holds(Which::Sqlite);
}

#[test]
fn p03_repeated_requests_have_one_effect_postgres() {
    holds(Which::Postgres);
}

on_both_databases! {
    async fn p03_a_repeated_request_in_one_batch_gets_the_first_ones_answer(db) {
        let store = db.open().await;
        let mut speaker = Speaker::new(&sample::person(&store).await);
        let mut again = speaker.clone();
        let first = speaker.says_under("k", "一");
        let answer = first.answer.clone().unwrap();
        let pending = [store.append(first), store.append(again.says_under("k", "一")), store.append(speaker.says("后"))];
        let mut verdicts = Vec::new();
        for one in pending {
            verdicts.push(one.await);
        }
        assert_eq!(verdicts[..2], [Ok(()), Err(AppendError::Duplicate(answer))]);
        let stored = verified(&store, speaker.record).await.len();
        assert_eq!(stored, 1 + usize::from(verdicts[2].is_ok()));
    }

    async fn p03_the_same_key_of_another_person_is_another_key(db) {
        let store = db.open().await;
        let mut one = Speaker::new(&sample::person(&store).await);
        let mut other = Speaker::new(&sample::person(&store).await);
        let pending = [store.append(one.says_under("1", "甲")), store.append(other.says_under("1", "乙"))];
        for one in pending {
            one.await.unwrap();
        }
        assert_eq!(store.answer(one.person, "1").await.unwrap().unwrap().person, one.person);
        assert_eq!(store.answer(other.person, "2").await.unwrap(), None);
    }

    async fn p03_a_refused_append_leaves_its_key_free(db) {
        let store = db.open().await;
        let mut speaker = Speaker::new(&sample::person(&store).await);
        let _lost = speaker.says("未发出");
        assert_eq!(store.append(speaker.says_under("k", "一")).await, Err(AppendError::Conflict));
        assert_eq!(store.answer(speaker.person, "k").await.unwrap(), None);
        let mut fresh = Speaker { head: Head::EMPTY, ..speaker };
        store.append(fresh.says_under("k", "一")).await.unwrap();
    }

    async fn the_first_answer_of_another_request_is_kept(db) {
        let nodes = [db.open().await, db.open().await];
        let person = sample::person(&nodes[0]).await.id;
        let answer = |n: usize| Answer {
            person,
            key: "upload".to_owned(),
            request: record::Hash::of(b"same"),
            response: n.to_string(),
            at: NOON,
        };
        let asked = (0..10).map(|n| {
            let (node, answer) = (nodes[n % 2].clone(), answer(n));
            tokio::spawn(async move { node.put_answer(answer).await.unwrap() })
        });
        let mut heard = Vec::new();
        for one in asked.collect::<Vec<_>>() {
            heard.push(one.await.unwrap().response);
        }
        heard.dedup();
        assert_eq!(heard.len(), 1, "everybody hears the same answer");
    }
}
