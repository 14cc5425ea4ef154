//! Group commit on one node.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use court::{CaseId, MemberId, PersonId, UploadId};
use record::Head;
use uuid::Uuid;

use super::sample::{self, NOON, Speaker, id, verified};
use crate::kit::TestSeals;
use crate::{AppendError, Committed, Effect, NewJob, on_both_databases};

on_both_databases! {
    async fn many_writers_give_gapless_chains(db) {
        let store = db.open().await;
        let person = sample::person(&store).await;
        let records: Vec<Uuid> = (0..8).map(|_| id()).collect();
        let writers = (0..64).map(|writer| {
            let (store, record, person) = (store.clone(), records[writer % 8], person.id);
            tokio::spawn(async move {
                let mut said = Vec::new();
                for _ in 0..5 {
                    said.push(sample::say_until_stored(&store, record, person, "在").await);
                }
                (record, said)
            })
        });
        let mut acknowledged: HashMap<Uuid, Vec<_>> = HashMap::new();
        for writer in writers.collect::<Vec<_>>() {
            let (record, said) = writer.await.unwrap();
            acknowledged.entry(record).or_default().extend(said);
        }
        for (record, mut said) in acknowledged {
            let mut stored = verified(&store, record).await;
            stored.sort_unstable();
            said.sort_unstable();
            assert_eq!(stored, said);
        }
    }

    async fn acts_decided_on_acts_that_are_still_on_their_way_are_stored_in_order(db) {
        let store = db.open().await;
        let mut speaker = Speaker::new(&sample::person(&store).await);
        let pending: Vec<_> = (0..2500).map(|n| store.append(speaker.says(&n.to_string()))).collect();
        for one in pending {
            one.await.unwrap();
        }
        assert_eq!(verified(&store, speaker.record).await.len(), 2500);
        assert_eq!(store.head(speaker.record).await.unwrap(), Some(speaker.head));
    }

    async fn a_refused_append_takes_the_later_ones_of_its_record_with_it_and_no_others(db) {
        let store = db.open().await;
        let person = sample::person(&store).await;
        let (mut one, mut other) = (Speaker::new(&person), Speaker::new(&person));
        store.append(one.says("甲")).await.unwrap();
        let good = one.says("乙");
        // Somebody else's act that we know nothing of: everything after it was decided on a state that will never be.
        let _lost = one.says("未发出");
        let pending = [
            store.append(good),
            store.append(one.says("丙")),
            store.append(other.says("丁")),
            store.append(one.says("戊")),
            store.append(other.says("己")),
        ];
        let mut verdicts = Vec::new();
        for one in pending {
            verdicts.push(one.await);
        }
        let refused = Err(AppendError::Conflict);
        assert_eq!(verdicts, [Ok(()), refused.clone(), Ok(()), refused, Ok(())]);
        assert_eq!(verified(&store, one.record).await.len(), 2);
        assert_eq!(verified(&store, other.record).await.len(), 2);
    }

    async fn an_append_that_the_schema_refuses_does_not_hold_up_the_others(db) {
        let store = db.open().await;
        let person = sample::person(&store).await;
        let mut good = Speaker::new(&person);
        let mut bad = Speaker::new(&person);
        let mut unknown = bad.says("加入");
        unknown.effects.push(Effect::MembershipStarted {
            member: MemberId(id()),
            person: PersonId(id()),
            role: "party".to_owned(),
            seq: 1,
            at: NOON,
        });
        let mut twice = Speaker::new(&person).says("重复");
        let before = good.says("一");
        twice.acts[0].id = before.acts[0].id;
        let pending = [
            store.append(before),
            store.append(unknown),
            store.append(twice),
            store.append(good.says("二")),
        ];
        let mut verdicts = Vec::new();
        for one in pending {
            verdicts.push(one.await);
        }
        assert_eq!(verdicts[0], Ok(()));
        assert!(matches!(verdicts[1], Err(AppendError::Invalid(_))), "{verdicts:?}");
        assert!(matches!(verdicts[2], Err(AppendError::Invalid(_))), "{verdicts:?}");
        assert_eq!(verdicts[3], Ok(()));
        assert_eq!(store.head(bad.record).await.unwrap(), None, "nothing of a refused append is stored");
        assert_eq!(verified(&store, good.record).await.len(), 2);
    }

    async fn a_broken_chain_is_refused_before_it_reaches_the_database(db) {
        let store = db.open().await;
        let person = sample::person(&store).await;
        let mut gap = Speaker::new(&person).says("跳");
        gap.acts[0].seq = 2;
        let mut forged = Speaker::new(&person).says("改");
        forged.acts[0].prev = record::Hash::of(b"another");
        let mut empty = Speaker::new(&person).says("无");
        empty.acts.clear();
        for append in [gap, forged, empty] {
            assert!(matches!(store.append(append).await, Err(AppendError::Invalid(_))));
        }
    }

    async fn listeners_hear_of_commits_in_order_and_before_the_acknowledgement(db) {
        let heard: Arc<Mutex<Vec<Committed>>> = Arc::default();
        let listener = heard.clone();
        let store = db.open_with(move |committed| listener.lock().unwrap().extend(committed)).await.unwrap();
        store.unlock(Arc::new(TestSeals::default())).await.unwrap();
        let person = sample::person(&store).await;
        let speakers = (0..6).map(|_| {
            let (store, heard, mut speaker) = (store.clone(), heard.clone(), Speaker::new(&person));
            tokio::spawn(async move {
                for _ in 0..20 {
                    let pending = [store.append(speaker.says("一")), store.append(speaker.says("二"))];
                    for (back, one) in pending.into_iter().enumerate() {
                        one.await.unwrap();
                        let acknowledged = speaker.head.seq - 1 + back as u64;
                        let known = heard.lock().unwrap().iter().any(|span| {
                            span.record == speaker.record && (span.first..=span.last).contains(&acknowledged)
                        });
                        assert!(known, "acknowledged before it was announced");
                    }
                }
                speaker.record
            })
        });
        for speaker in speakers.collect::<Vec<_>>() {
            let record = speaker.await.unwrap();
            let mut next = 1;
            for span in heard.lock().unwrap().iter().filter(|span| span.record == record) {
                assert_eq!(span.first, next, "announced out of order, twice, or with a gap");
                next = span.last + 1;
            }
            assert_eq!(next, 41);
        }
    }

    async fn a_listener_that_fails_does_not_stop_the_writer(db) {
        let store = db.open_with(|_| panic!("a mistake in a listener")).await.unwrap();
        store.unlock(Arc::new(TestSeals::default())).await.unwrap();
        let mut speaker = Speaker::new(&sample::person(&store).await);
        for _ in 0..3 {
            store.append(speaker.says("在")).await.unwrap();
        }
        assert_eq!(verified(&store, speaker.record).await.len(), 3);
    }

    async fn what_follows_an_act_is_stored_with_it(db) {
        let store = db.open().await;
        let person = sample::person(&store).await;
        let case = sample::case(&store).await;
        let mut speaker = Speaker::new(&person);
        let member = MemberId(id());
        let mut append = speaker.founds(case);
        append.effects = vec![
            Effect::MembershipStarted { member, person: person.id, role: "party".to_owned(), seq: 1, at: NOON },
            Effect::RoomPhase { opens_at: NOON, closes_at: NOON + 10, marker: "opened".to_owned() },
        ];
        append.jobs = vec![NewJob { kind: "sitting.notice".to_owned(), payload: "{}".to_owned(), run_at: NOON }];
        store.append(append).await.unwrap();

        let rooms = store.memberships_of(person.id, "party").await.unwrap();
        assert_eq!(rooms.len(), 1);
        let (room, me) = &rooms[0];
        assert_eq!((room.id, room.case, room.head, *me), (speaker.room(), case, 1, member));
        assert_eq!((room.opens_at, room.closes_at, room.marker.as_str()), (NOON, NOON + 10, "opened"));
        assert_eq!(room.last_at, NOON + 1);
        assert_eq!(store.rooms_of_case(case).await.unwrap(), std::slice::from_ref(room));
        assert_eq!(store.oldest_due_job(NOON).await.unwrap(), Some(NOON));

        let mut end = speaker.says("退出");
        end.effects = vec![Effect::MembershipEnded { member, seq: 2, at: NOON + 2 }];
        store.append(end).await.unwrap();
        assert_eq!(store.memberships_of(person.id, "party").await.unwrap(), []);
        let ended = store.membership(speaker.room(), person.id, "party").await.unwrap().unwrap();
        assert_eq!((ended.since_seq, ended.until_seq), (1, Some(2)));
        assert_eq!(store.membership(speaker.room(), person.id, "judge").await.unwrap(), None);
    }

    async fn a_room_of_a_case_that_does_not_exist_is_not_founded(db) {
        let store = db.open().await;
        let mut speaker = Speaker::new(&sample::person(&store).await);
        let append = speaker.founds(CaseId(id()));
        assert!(matches!(store.append(append).await, Err(AppendError::Invalid(_))));
        assert_eq!(store.head(speaker.record).await.unwrap(), None);
        assert_eq!(store.room(speaker.room()).await.unwrap(), None);
    }

    async fn an_act_cannot_use_an_upload_that_is_missing_unfinished_or_somebody_elses(db) {
        let store = db.open().await;
        let (mine, theirs) = (sample::person(&store).await, sample::person(&store).await);
        let unfinished = sample::upload(&store, mine.id, 3).await.id;
        let foreign = sample::upload(&store, theirs.id, 0).await.id;
        store.finish_upload(foreign, &sample::found(b""), NOON).await.unwrap();
        for upload in [UploadId(id()), unfinished, foreign] {
            let mut append = Speaker::new(&mine).says("图");
            append.effects.push(Effect::BlobUsed { upload });
            assert_eq!(store.append(append).await, Err(AppendError::Conflict));
        }
    }

    async fn records_are_read_in_pages_and_by_head(db) {
        let store = db.open().await;
        let person = sample::person(&store).await;
        let mut speakers: Vec<Speaker> = (0..5).map(|_| Speaker::new(&person)).collect();
        for speaker in &mut speakers {
            for _ in 0..4 {
                store.append(speaker.says("在")).await.unwrap();
            }
        }
        let mut paged = Vec::new();
        while let Ok(page) = store.all_records(paged.last().map(|(id, _): &(Uuid, Head)| *id), 2).await
            && !page.is_empty()
        {
            paged.extend(page);
        }
        let mut all: Vec<_> = speakers.iter().map(|speaker| (speaker.record, speaker.head)).collect();
        all.sort_unstable_by_key(|(id, _)| *id);
        assert_eq!(paged, all);
        let ids: Vec<Uuid> = all.iter().map(|(id, _)| *id).chain([id()]).collect();
        assert_eq!(store.heads(&ids).await.unwrap(), all.into_iter().collect());
        let seqs = |acts: Vec<crate::StoredAct>| acts.iter().map(|act| act.seq).collect::<Vec<_>>();
        let record = speakers[0].record;
        assert_eq!(seqs(store.acts(record, 1, 3, 50).await.unwrap()), [2, 3]);
        assert_eq!(seqs(store.acts(record, 0, u64::MAX, 2).await.unwrap()), [1, 2]);
        assert!(store.acts(record, 4, u64::MAX, 2).await.unwrap().is_empty());
    }

    async fn an_act_is_read_back_as_it_was_handed_in(db) {
        let store = db.open().await;
        let mut speaker = Speaker::new(&sample::person(&store).await);
        let mut append = speaker.says("他说：\\\"𠮷野家\\\" — 100 % ' ; -- ");
        append.acts[0].person = None;
        append.acts[0].member = None;
        let new = append.acts[0].clone();
        store.append(append).await.unwrap();
        let stored = store.acts(speaker.record, 0, 1, 1).await.unwrap().remove(0);
        assert_eq!(stored.record, speaker.record);
        let back = crate::NewAct {
            id: stored.id,
            seq: stored.seq,
            at: stored.at,
            person: stored.person,
            pseudonym: stored.pseudonym,
            member: stored.member,
            capacity: stored.capacity,
            kind: stored.kind,
            body: stored.body,
            body_salt: stored.body_salt,
            audience: stored.audience,
            audience_salt: stored.audience_salt,
            leaf: stored.leaf,
            prev: stored.prev,
        };
        assert_eq!(back, new);
    }

    async fn the_newest_snapshot_is_kept_however_they_arrive(db) {
        let store = db.open().await;
        let record = id();
        assert_eq!(store.snapshot(record).await.unwrap(), None);
        for seq in [3, 9, 5, 9, 1] {
            store.put_snapshot(record, seq, format!("state {seq}")).await.unwrap();
        }
        assert_eq!(store.snapshot(record).await.unwrap(), Some((9, "state 9".to_owned())));
    }

    async fn closing_commits_what_is_queued_and_refuses_what_comes_later(db) {
        let store = db.open().await;
        let mut speaker = Speaker::new(&sample::person(&store).await);
        let pending: Vec<_> = (0..300).map(|_| store.append(speaker.says("在"))).collect();
        store.close().await;
        for one in pending {
            one.await.unwrap();
        }
        let head = speaker.head;
        assert!(matches!(store.append(speaker.says("晚")).await, Err(AppendError::Unavailable(_))));
        let again = db.open().await;
        assert_eq!(again.head(speaker.record).await.unwrap(), Some(head));
    }
}

#[tokio::test]
async fn a_full_queue_refuses_at_once() {
    let db = crate::kit::TestDatabase::fresh(crate::kit::Which::Sqlite).await;
    let store = db.open().await;
    let mut speaker = Speaker::new(&sample::person(&store).await);
    // On a single thread the writer gets no turn before the queue is full.
    let pending: Vec<_> = (0..9000).map(|_| store.append(speaker.says("在"))).collect();
    let (mut stored, mut busy) = (0, 0);
    for one in pending {
        match one.await {
            Ok(()) => stored += 1,
            Err(AppendError::Busy) => busy += 1,
            Err(other) => panic!("{other}"),
        }
    }
    assert_eq!((stored, busy), (8192, 808));
    assert_eq!(verified(&store, speaker.record).await.len(), 8192);
}
