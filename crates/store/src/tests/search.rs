//! Finding acts again, on both databases: by every piece of a text, in one room and no other, page by page, whoever wrote the index.

use court::MemberId;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use uuid::Uuid;

use super::sample::{NOON, id};
use crate::{SearchEntry, SearchPlace, SearchWords, Sought, Store, on_both_databases};

const TODAY: i32 = 2_461_366;

fn entry(seq: u64, text: &str) -> SearchEntry {
    let member = MemberId(Uuid::from_u128(u128::from(seq % 3)));
    let day = TODAY + (seq / 10) as i32;
    SearchEntry { seq, at: NOON + seq as i64, member, day, media: seq.is_multiple_of(4), text: text.to_owned() }
}

fn words(typed: &str) -> Sought {
    Sought { words: SearchWords::of(typed), ..Sought::default() }
}

async fn place(store: &Store, record: Uuid) -> SearchPlace {
    store.search_places(&[record]).await.unwrap()[&record]
}

/// A record of these texts, in the index.
async fn indexed(store: &Store, texts: &[impl AsRef<str>]) -> Uuid {
    let record = id();
    let entries: Vec<_> = (1..).zip(texts).map(|(seq, text)| entry(seq, text.as_ref())).collect();
    assert!(store.index_acts(record, 0, &entries).await.unwrap());
    record
}

async fn found(store: &Store, record: Uuid, sought: &Sought) -> Vec<u64> {
    let place = place(store, record).await;
    store.search(place, sought, u64::MAX, 1_000).await.unwrap().iter().map(|hit| hit.seq).collect()
}

fn newest_first(seqs: impl Iterator<Item = u64>) -> Vec<u64> {
    let mut seqs: Vec<u64> = seqs.collect();
    seqs.reverse();
    seqs
}

/// What people write, and what breaks parsers.
fn text() -> impl Strategy<Value = String> {
    let char = prop_oneof![
        6 => prop::sample::select("借条欠款二十万元已付未我方的是".chars().collect::<Vec<_>>()),
        3 => prop::sample::select("abcABCａｂＣ０１２３012３ßİΣ".chars().collect::<Vec<_>>()),
        2 => prop::sample::select("，。《》？ 　\n\t'\"\\*:&|!()%_-+^~￥😀Ⅷ㎡ﬁ\u{e100}\u{0}".chars().collect::<Vec<_>>()),
        1 => any::<char>(),
    ];
    vec(char, 1..24).prop_map(String::from_iter)
}

/// Some texts, and for each where a piece of it begins and how long that is.
fn texts() -> impl Strategy<Value = Vec<(String, usize, usize)>> {
    vec((text(), 0..24_usize, 1..9_usize), 1..12)
}

on_both_databases! {
    async fn every_piece_of_every_text_is_found_and_nothing_else(db) {
        let store = db.open().await;
        let config = Config { cases: 24, failure_persistence: None, ..Config::default() };
        let holds = async |drawn: Vec<(String, usize, usize)>| {
            let texts: Vec<_> = drawn.iter().map(|(text, ..)| text).collect();
            let record = indexed(&store, &texts).await;
            for (text, from, length) in &drawn {
                let piece: String = text.chars().cycle().skip(*from).take(*length).collect();
                let sought = words(&piece);
                if sought.words.is_empty() {
                    continue;
                }
                // What is found is compared with reading everything.
                let expected = (1..).zip(&texts).filter(|(_, text)| sought.words.found_in(text));
                let expected = newest_first(expected.map(|(seq, _)| seq));
                prop_assert_eq!(found(&store, record, &sought).await, expected, "{:?} in {:?}", piece, &texts);
            }
            Ok(())
        };
        let run = |drawn| tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(holds(drawn)));
        TestRunner::new(config).run(&texts(), run).unwrap();
    }

    async fn one_character_half_a_number_and_either_width_are_enough(db) {
        let store = db.open().await;
        let record = indexed(&store, &["原告提交《借条》，金额ＲＭＢ２００，０００元", "被告：没有借过", "转账 INV-2026-1102"]).await;
        for (typed, seqs) in [
            ("借", &[2, 1][..]), ("借条", &[1]), ("條", &[]), ("rmb200,000", &[1]), ("RMB２００", &[1]), ("0,0", &[1]),
            ("inv-2026", &[3]), ("２６-11", &[3]), ("》", &[1]), ("金额 借条", &[1]), ("借 过", &[2]), ("条借", &[]),
            ("没借", &[]), ("%", &[]), ("_", &[]), ("''", &[]), ("\" OR *", &[]),
        ] {
            assert_eq!(found(&store, record, &words(typed)).await, seqs, "{typed}");
        }
    }

    async fn a_search_in_one_room_finds_nothing_of_another(db) {
        let store = db.open().await;
        let mut rooms = Vec::new();
        for room in 0..45 {
            rooms.push(indexed(&store, &["同样的话".to_owned(), format!("第{room}号")]).await);
        }
        for (room, record) in rooms.iter().enumerate() {
            assert_eq!(found(&store, *record, &words("同样的话")).await, [1]);
            assert_eq!(found(&store, *record, &words(&format!("第{room}号"))).await, [2]);
            assert_eq!(found(&store, *record, &words(&format!("第{}号", room + 1))).await, [] as [u64; 0]);
        }
    }

    async fn member_day_and_media_narrow_each_other_and_the_words(db) {
        let store = db.open().await;
        let texts: Vec<_> = (1..=60).map(|seq| if seq % 5 == 0 { "证据" } else { "其他" }).collect();
        let record = indexed(&store, &texts).await;
        let member = |of: u64| Some(MemberId(Uuid::from_u128(u128::from(of))));
        for (typed, member, day, media) in [
            ("", member(1), None, false), ("", None, Some(TODAY + 2), false), ("", None, None, true),
            ("证据", member(2), None, false), ("证", member(0), Some(TODAY + 3), false), ("证据", None, None, true),
            ("", member(0), Some(TODAY + 1), true), ("", member(9), None, false), ("", None, Some(TODAY - 1), false),
        ] {
            let sought = Sought { member, day, media, ..words(typed) };
            let all = (1..).zip(&texts).map(|(seq, text)| entry(seq, text));
            let expected = newest_first(all.filter(|entry| sought.takes(entry)).map(|entry| entry.seq));
            assert_eq!(found(&store, record, &sought).await, expected, "{sought:?}");
        }
    }

    async fn p06_pages_of_any_size_together_are_everything_that_was_found(db) {
        let store = db.open().await;
        // Every second one has all the pairs of the word, but not the word.
        let texts: Vec<_> = (1..=120).map(|seq| if seq % 2 == 0 { "甲乙甲丙甲" } else { "甲乙丙甲" }).collect();
        let record = indexed(&store, &texts).await;
        let place = place(&store, record).await;
        let sought = words("甲乙甲");
        let expected: Vec<u64> = (1..=60).rev().map(|half| half * 2).collect();
        for size in [1, 2, 7, 59, 60, 61, 500] {
            let (mut pages, mut before) = (Vec::new(), u64::MAX);
            loop {
                let page = store.search(place, &sought, before, size).await.unwrap();
                assert_eq!(page.len(), Ord::min(size as usize, expected.len() - pages.len()), "a page of {size} ended early");
                let Some(last) = page.last() else { break };
                before = last.seq;
                pages.extend(page.iter().map(|hit| hit.seq));
            }
            assert_eq!(pages, expected);
        }
    }

    async fn in_a_long_room_the_newest_and_the_oldest_are_found_alike(db) {
        let store = db.open().await;
        let record = id();
        let text = |seq: u64| if seq.is_multiple_of(2_700) { "远近皆有的话" } else { "平常" };
        for begin in (0..9_500).step_by(500) {
            let entries: Vec<_> = (begin + 1..=begin + 500).map(|seq| entry(seq, text(seq))).collect();
            assert!(store.index_acts(record, begin, &entries).await.unwrap());
        }
        let place = place(&store, record).await;
        let hits = |before, limit| {
            let store = store.clone();
            async move {
                let hits = store.search(place, &words("皆有"), before, limit).await.unwrap();
                hits.iter().map(|hit| hit.seq).collect::<Vec<_>>()
            }
        };
        assert_eq!(hits(u64::MAX, 50).await, [8_100, 5_400, 2_700]);
        assert_eq!(hits(u64::MAX, 2).await, [8_100, 5_400]);
        assert_eq!(hits(8_100, 50).await, [5_400, 2_700]);
        assert_eq!(hits(2_700, 50).await, [] as [u64; 0]);
        let common = store.search(place, &words("平常"), 9_000, 100).await.unwrap();
        assert_eq!(common.iter().map(|hit| hit.seq).collect::<Vec<_>>(), (8_900..9_000).rev().collect::<Vec<_>>());
    }

    async fn what_is_in_the_index_is_not_put_there_again(db) {
        let store = db.open().await;
        let record = indexed(&store, &["一", "二"]).await;
        assert!(!store.index_acts(record, 0, &[entry(1, "一")]).await.unwrap());
        assert!(!store.index_acts(record, 1, &[entry(2, "二")]).await.unwrap());
        assert!(!store.index_acts(record, 3, &[entry(4, "四")]).await.unwrap(), "a gap");
        assert!(store.index_acts(record, 2, &[entry(3, "三")]).await.unwrap());
        assert_eq!(place(&store, record).await.mark, 3);
        let (mark, days) = store.search_days(record).await.unwrap();
        assert_eq!(mark, 3);
        assert_eq!(days.iter().map(|day| day.acts).sum::<u64>(), 3);
        assert!(store.search_places(&[id()]).await.unwrap().is_empty());
    }

    async fn nodes_that_index_one_record_at_once_do_every_act_once(db) {
        let nodes = [db.open().await, db.open().await];
        let record = id();
        let work = nodes.clone().map(|node| {
            tokio::spawn(async move {
                let mut done = 0;
                loop {
                    let mark = node.search_places(&[record]).await.unwrap().get(&record).map_or(0, |place| place.mark);
                    if mark >= 200 {
                        return done;
                    }
                    let entries: Vec<_> = (mark + 1..=mark + 5).map(|seq| entry(seq, "同一句话")).collect();
                    done += usize::from(node.index_acts(record, mark, &entries).await.unwrap());
                }
            })
        });
        let mut done = 0;
        for node in work {
            done += node.await.unwrap();
        }
        assert_eq!(done, 40);
        assert_eq!(found(&nodes[0], record, &words("句")).await, (1..=200).rev().collect::<Vec<_>>());
        let (_, days) = nodes[1].search_days(record).await.unwrap();
        assert_eq!(days.iter().map(|day| day.acts).sum::<u64>(), 200);
        for day in days {
            assert_eq!(day.day, TODAY + (day.first / 10) as i32, "the first act of a day is of that day");
        }
    }

    async fn records_that_have_gone_on_since_are_known(db) {
        let store = db.open().await;
        let person = super::sample::person(&store).await;
        let mut speakers = [super::sample::Speaker::new(&person), super::sample::Speaker::new(&person)];
        for speaker in &mut speakers {
            store.append(speaker.says("话")).await.unwrap();
        }
        let [first, second] = speakers.each_ref().map(|speaker| speaker.record);
        assert_eq!(store.unindexed(10).await.unwrap().len(), 2);
        assert!(store.index_acts(first, 0, &[entry(1, "话")]).await.unwrap());
        assert_eq!(store.unindexed(10).await.unwrap(), [second]);
        store.append(speakers[0].says("又一句")).await.unwrap();
        assert_eq!(store.unindexed(10).await.unwrap().len(), 2);
        assert_eq!(store.unindexed(1).await.unwrap().len(), 1);
    }
}
