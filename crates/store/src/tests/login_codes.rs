//! SR-03, SR-04: codes by SMS.

use std::collections::HashMap;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use record::commit;

use super::sample::{NOON, SECOND, id};
use crate::kit::{TestDatabase, Which};
use crate::{NewCode, RetryAfter, SendLimit, SendScope, Store, Verdict, on_both_databases};

const PHONE: &str = "13900001234";

fn code(purpose: &str, digits: &str) -> NewCode {
    NewCode {
        request: id(),
        phone: PHONE.to_owned(),
        purpose: purpose.to_owned(),
        code_hash: commit(&[3; 32], digits.as_bytes()),
        salt: [3; 32],
        created_at: NOON,
        expires_at: NOON + 300 * SECOND,
    }
}

async fn tries(store: &Store, purpose: &str, request: Option<uuid::Uuid>, digits: &str, now: i64) -> Verdict {
    let digits = digits.to_owned();
    let check = move |salt: &[u8; 32]| commit(salt, digits.as_bytes());
    store.try_code(PHONE, purpose, request, check, 5, now).await.unwrap()
}

on_both_databases! {
    async fn sr03_of_a_hundred_tries_at_once_five_are_counted_and_one_right_one_wins(db) {
        let nodes = [db.open().await, db.open().await];
        for right_among in [false, true] {
            let code = code("login", "246810");
            nodes[0].put_code(&code).await.unwrap();
            let all = (0..100).map(|n| {
                let node = nodes[n % 2].clone();
                let digits = if right_among { "246810".to_owned() } else { format!("{n:06}") };
                tokio::spawn(async move { tries(&node, "login", None, &digits, NOON + 1).await })
            });
            let mut verdicts: HashMap<&str, usize> = HashMap::new();
            for one in all.collect::<Vec<_>>() {
                let name = match one.await.unwrap() {
                    Verdict::Right => "right",
                    Verdict::Wrong => "wrong",
                    Verdict::Dead => "dead",
                };
                *verdicts.entry(name).or_default() += 1;
            }
            let expected: &[(&str, usize)] =
                if right_among { &[("right", 1), ("dead", 99)] } else { &[("wrong", 5), ("dead", 95)] };
            assert_eq!(verdicts, expected.iter().copied().collect());
        }
    }

    async fn sr03_a_code_is_good_once_for_its_request_purpose_and_time(db) {
        let store = db.open().await;
        let first = code("login", "111111");
        store.put_code(&first).await.unwrap();
        assert_eq!(tries(&store, "phone.change", None, "111111", NOON).await, Verdict::Dead, "another purpose");
        assert_eq!(tries(&store, "login", Some(id()), "111111", NOON).await, Verdict::Dead, "another request");
        assert_eq!(tries(&store, "login", None, "111111", first.expires_at).await, Verdict::Dead, "expired");
        assert_eq!(tries(&store, "login", Some(first.request), "000000", NOON).await, Verdict::Wrong);
        assert_eq!(tries(&store, "login", Some(first.request), "111111", NOON).await, Verdict::Right);
        assert_eq!(tries(&store, "login", Some(first.request), "111111", NOON).await, Verdict::Dead, "used");
        let (second, third) = (code("login", "222222"), code("login", "333333"));
        store.put_code(&second).await.unwrap();
        store.put_code(&third).await.unwrap();
        assert_eq!(tries(&store, "login", Some(second.request), "222222", NOON).await, Verdict::Dead, "superseded");
        assert_eq!(tries(&store, "login", None, "333333", NOON).await, Verdict::Right);
        assert_eq!(store.forget_codes(NOON + 1).await.unwrap(), 3);
    }

    async fn sr03_codes_sent_at_one_moment_leave_one_alive(db) {
        let nodes = [db.open().await, db.open().await];
        let codes: Vec<NewCode> = (0..4).map(|_| code("login", "555555")).collect();
        let sent = codes.iter().cloned().enumerate().map(|(n, code)| {
            let node = nodes[n % 2].clone();
            tokio::spawn(async move { node.put_code(&code).await.unwrap() })
        });
        for one in sent.collect::<Vec<_>>() {
            one.await.unwrap();
        }
        let mut right = 0;
        for code in &codes {
            right += usize::from(tries(&nodes[0], "login", Some(code.request), "555555", NOON).await == Verdict::Right);
        }
        assert_eq!(right, 1);
    }

    async fn sr04_no_limit_is_exceeded_however_many_ask_at_once(db) {
        let nodes = [db.open().await, db.open().await];
        let limits = [
            SendLimit { scope: SendScope::Phone, window: 60 * SECOND, max: 1 },
            SendLimit { scope: SendScope::Ip, window: 3600 * SECOND, max: 6 },
            SendLimit { scope: SendScope::Court, window: 3600 * SECOND, max: 8 },
        ];
        let asked = (0..60).map(|n| {
            let node = nodes[n % 2].clone();
            let (phone, ip) = (format!("1390000{:04}", n % 20), format!("192.0.2.{}", n % 3));
            tokio::spawn(async move { node.reserve_send(&phone, &ip, NOON, &limits).await.unwrap().is_ok() })
        });
        let mut sent = 0;
        for one in asked.collect::<Vec<_>>() {
            sent += usize::from(one.await.unwrap());
        }
        assert_eq!(sent, 8);
        assert_eq!(nodes[0].sends_since(SendScope::Court, "", NOON).await.unwrap(), 8);
        for ip in 0..3 {
            assert!(nodes[0].sends_since(SendScope::Ip, &format!("192.0.2.{ip}"), NOON).await.unwrap() <= 6);
        }
        assert!(nodes[0].sends_since(SendScope::Phone, "13900000001", NOON).await.unwrap() <= 1);
    }
}

/// The obvious way to say when a message may be sent: the first moment at which every limit has room.
fn expected(sent: &[i64], limits: &[(i64, u64)], now: i64) -> Result<(), RetryAfter> {
    let fits = |at: i64| {
        limits.iter().all(|(window, max)| (sent.iter().filter(|sent| **sent > at - window).count() as u64) < *max)
    };
    match (0..).find(|wait| fits(now + wait)) {
        Some(0) => Ok(()),
        Some(wait) => Err(RetryAfter(wait)),
        None => unreachable!(),
    }
}

fn sr04_waits_are_exact(which: Which) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let db = runtime.block_on(TestDatabase::fresh(which));
    let store = runtime.block_on(db.open());
    let given = (prop::collection::vec(0..12i64, 1..25), prop::collection::vec((1..40i64, 1..5u64), 1..4));
    let mut runner = TestRunner::new(Config { cases: 16, failure_persistence: None, ..Config::default() });
    runner
        .run(&given, |(pauses, limits)| {
            let phone = id().to_string();
            let (mut now, mut sent) = (NOON, Vec::new());
            let asked: Vec<SendLimit> = limits
                .iter()
                .map(|(window, max)| SendLimit { scope: SendScope::Phone, window: *window, max: *max })
                .collect();
            for pause in pauses {
                now += pause;
                let told = runtime.block_on(store.reserve_send(&phone, "192.0.2.1", now, &asked)).unwrap();
                prop_assert_eq!(told, expected(&sent, &limits, now));
                if told.is_ok() {
                    sent.push(now);
                }
            }
            Ok(())
        })
        .unwrap();
    runtime.block_on(store.close());
}

#[test]
fn sr04_waits_are_exact_sqlite() {
    sr04_waits_are_exact(Which::Sqlite);
}

#[test]
fn sr04_waits_are_exact_postgres() {
    sr04_waits_are_exact(Which::Postgres);
}
