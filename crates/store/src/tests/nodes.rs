//! Several nodes on one database.

use std::time::Duration;

use record::Head;

use super::sample::{self, Speaker, id, verified};
use crate::{AppendError, on_both_databases};

on_both_databases! {
    async fn two_nodes_fighting_over_one_record_lose_no_acknowledged_act(db) {
        let nodes = [db.open().await, db.open().await];
        let person = sample::person(&nodes[0]).await.id;
        let record = id();
        let writers = (0..8).map(|n| {
            let node = nodes[n % 2].clone();
            tokio::spawn(async move {
                let (mut said, mut conflicts) = (Vec::new(), 0);
                while said.len() < 12 {
                    let head = node.head(record).await.unwrap().unwrap_or(Head::EMPTY);
                    // Two at once, the second on the first, as the engine does it.
                    let mut speaker = Speaker::at(record, person, head);
                    let appends = [speaker.says("一"), speaker.says("二")];
                    let ids = [appends[0].acts[0].id, appends[1].acts[0].id];
                    let pending = appends.map(|append| node.append(append));
                    let mut before = true;
                    for (id, one) in ids.into_iter().zip(pending) {
                        match one.await {
                            Ok(()) => {
                                assert!(before, "stored after one that was refused");
                                said.push(id);
                            }
                            Err(AppendError::Conflict) => {
                                before = false;
                                conflicts += 1;
                            }
                            Err(other) => panic!("{other}"),
                        }
                    }
                    tokio::time::sleep(Duration::from_millis(n as u64 % 3)).await;
                }
                (said, conflicts)
            })
        });
        let (mut acknowledged, mut conflicts) = (Vec::new(), 0);
        for writer in writers.collect::<Vec<_>>() {
            let (said, refused) = writer.await.unwrap();
            acknowledged.extend(said);
            conflicts += refused;
        }
        let mut stored = verified(&nodes[1], record).await;
        stored.sort_unstable();
        acknowledged.sort_unstable();
        assert_eq!(stored, acknowledged);
        assert!(conflicts > 0, "the nodes never met; this test shows nothing");
    }

    async fn nodes_writing_many_records_in_any_order_do_not_block_each_other(db) {
        let nodes = [db.open().await, db.open().await];
        let person = sample::person(&nodes[0]).await.id;
        let records: Vec<_> = (0..12).map(|_| id()).collect();
        let writers = (0..24).map(|n| {
            let (node, mut records) = (nodes[n % 2].clone(), records.clone());
            tokio::spawn(async move {
                records.rotate_left(n % 12);
                if n % 3 == 0 {
                    records.reverse();
                }
                for record in records {
                    sample::say_until_stored(&node, record, person, "在").await;
                }
            })
        });
        for writer in writers.collect::<Vec<_>>() {
            tokio::time::timeout(Duration::from_secs(60), writer).await.expect("no deadlock").unwrap();
        }
        for record in records {
            assert_eq!(verified(&nodes[0], record).await.len(), 24);
        }
    }

    async fn a_room_is_founded_once(db) {
        let nodes = [db.open().await, db.open().await];
        let person = sample::person(&nodes[0]).await;
        let case = sample::case(&nodes[0]).await;
        for _ in 0..10 {
            let blank = Speaker::new(&person);
            let pending: Vec<_> =
                (0..6).map(|n| nodes[n % 2].append(blank.clone().founds(case))).collect();
            let mut founded = 0;
            for one in pending {
                match one.await {
                    Ok(()) => founded += 1,
                    Err(error) => assert_eq!(error, AppendError::Conflict),
                }
            }
            assert_eq!(founded, 1);
            assert_eq!(verified(&nodes[0], blank.record).await.len(), 1);
        }
        assert_eq!(nodes[0].rooms_of_case(case).await.unwrap().len(), 10);
    }

    async fn nodes_that_start_at_once_make_one_schema(db) {
        let nodes = (0..4).map(|_| {
            let options = db.options();
            tokio::spawn(async move { crate::Store::open(options, |_| {}).await })
        });
        for node in nodes.collect::<Vec<_>>() {
            node.await.unwrap().unwrap().ping().await.unwrap();
        }
    }
}
