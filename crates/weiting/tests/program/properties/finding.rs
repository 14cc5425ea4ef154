//! Searching against reading everything: whatever was said to whom, before or after the indexer came by, each member finds what they
//! see and are looking for, page by page, and nothing else; and the calendar counts what they see.

use std::collections::BTreeMap;
use std::time::Duration;

use court::{Capacity, FileKind, Phase, RoomId, beijing};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::for_any;
use crate::kit::{House, Seat, Trial, said};

/// What is said next, by whom, and to whom: to everybody, to the bench, or to some.
#[derive(Clone, Debug)]
struct Line {
    from: usize,
    to: Option<Vec<usize>>,
    text: &'static str,
    /// A day goes by first.
    next_day: bool,
}

const TEXTS: [&str; 6] = ["借条原件", "我方已付２０万元", "没有收到", "INV-2026 发票", "收到借条", "请核对"];

fn lines() -> impl Strategy<Value = Vec<Line>> {
    let to = prop_oneof![2 => Just(None), 3 => vec(0..13_usize, 0..3).prop_map(Some)];
    let line = (0..13_usize, to, prop::sample::select(&TEXTS[..]), prop::bool::weighted(0.02));
    vec(line.prop_map(|(from, to, text, next_day)| Line { from, to, text, next_day }), 40..90)
}

/// Everybody logs in again: sessions do not last over night.
async fn log_in(house: &House, trial: &mut Trial) {
    for seat in &mut trial.seats {
        seat.caller = house.kit.caller(&house.app, seat.person, Some(seat.capacity.role())).await;
    }
}

async fn say(house: &House, trial: &mut Trial, room: RoomId, line: &Line) {
    if line.next_day {
        house.kit.clock.advance(time::Duration::days(1));
        log_in(house, trial).await;
    }
    let to = match &line.to {
        None => json!("everyone"),
        Some(members) if members.is_empty() => json!("bench"),
        Some(members) => {
            json!({"members": members.iter().map(|place| trial.seats[*place].member).collect::<Vec<_>>()})
        }
    };
    let answer = trial.seats[line.from].does(room, json!({"kind": "speech.text", "text": line.text, "to": to})).await;
    assert!([201, 403, 422].contains(&answer.status.as_u16()), "{}", said(&answer));
}

/// The date in Beijing.
fn date(act: &Value) -> String {
    let at = OffsetDateTime::parse(act["at"].as_str().unwrap_or_default(), &Rfc3339).expect("an instant");
    beijing::day(at).to_string()
}

/// By what an act is found, written here once more on purpose.
fn words(act: &Value) -> String {
    let text = act["text"].as_str().or(act["file"]["name"].as_str()).or(act["sentence"].as_str());
    text.unwrap_or_default().to_lowercase().replace('２', "2").replace('０', "0")
}

async fn found(seat: &Seat, room: RoomId, query: &str) -> Vec<Value> {
    let answer = seat.get(&format!("/api/rooms/{room}/search?{query}")).await;
    assert_eq!(answer.status, 200, "{query}: {}", said(&answer));
    answer.json().as_array().cloned().expect("a list")
}

/// Looks for something in pages of this size and compares with what reading everything gives.
async fn pages_are(
    seat: &Seat,
    room: RoomId,
    (query, size): (&str, usize),
    expected: &[Value],
) -> Result<(), TestCaseError> {
    let mut pages: Vec<Value> = Vec::new();
    loop {
        let before = pages.last().map_or(String::new(), |last| format!("&before={}", last["seq"]));
        let page = found(seat, room, &format!("{query}&limit={size}{before}")).await;
        prop_assert_eq!(page.len(), (expected.len() - pages.len()).min(size), "a page of {} for {}", size, query);
        if page.is_empty() {
            break;
        }
        pages.extend(page);
    }
    prop_assert_eq!(&pages, expected, "{}", query);
    Ok(())
}

/// Whether an act is looked for.
type Wanted<'t> = Box<dyn Fn(&Value) -> bool + 't>;

async fn finds_what_it_reads(trial: &Trial, seat: &Seat, room: RoomId) -> Result<(), TestCaseError> {
    let acts = seat.acts(room).await;
    let day = date(acts.last().expect("acts"));
    let judge = trial.judge().member.to_string();
    let looked_for: [(String, Wanted<'_>); 9] = [
        ("".to_owned(), Box::new(|_| true)),
        ("q=%E5%80%9F".to_owned(), Box::new(|act| words(act).contains('借'))),
        ("q=%E5%80%9F%E6%9D%A1".to_owned(), Box::new(|act| words(act).contains("借条"))),
        ("q=20%E4%B8%87".to_owned(), Box::new(|act| words(act).contains("20万"))),
        ("q=inv-".to_owned(), Box::new(|act| words(act).contains("inv-"))),
        (format!("q=%E6%94%B6%E5%88%B0&date={day}"), Box::new(|act| words(act).contains("收到") && date(act) == day)),
        (format!("member={judge}"), Box::new(|act| act["actor"] == json!(judge))),
        (
            format!("member={judge}&q=%E6%9D%A1"),
            Box::new(|act| act["actor"] == json!(judge) && words(act).contains('条')),
        ),
        (
            "media=true".to_owned(),
            Box::new(|act| matches!(act["kind"].as_str(), Some("speech.photo" | "speech.video"))),
        ),
    ];
    for (query, is_looked_for) in &looked_for {
        let expected: Vec<Value> = acts.iter().rev().filter(|act| is_looked_for(act)).cloned().collect();
        for size in [3, 50] {
            pages_are(seat, room, (query, size), &expected).await?;
        }
    }
    for of in [None, Some(&judge)] {
        let mut expected: BTreeMap<String, u64> = BTreeMap::new();
        for act in acts.iter().filter(|act| of.is_none_or(|of| act["actor"] == json!(of))) {
            *expected.entry(date(act)).or_default() += 1;
        }
        let expected: Vec<_> = expected.into_iter().map(|(date, acts)| json!({"date": date, "acts": acts})).collect();
        let query = of.map_or(String::new(), |of| format!("?member={of}"));
        let days = seat.get(&format!("/api/rooms/{room}/days{query}")).await;
        prop_assert_eq!(days.json(), Value::Array(expected), "{}", seat.capacity.code());
    }
    Ok(())
}

store::on_both_databases! {
    async fn p06_each_member_finds_exactly_what_they_see_and_look_for(db) {
        let house = House::on(db).await;
        let trial = Trial::begin(&house, 1).await;
        for_any(2, &(lines(), 0..90_usize), async |(lines, indexed)| {
            let mut trial = Trial { case: trial.case, seats: trial.seats.clone() };
            log_in(&house, &mut trial).await;
            let mut judge = trial.judge().caller;
            let window = (time::Duration::ZERO, time::Duration::days(40));
            let room = house.schedule(&mut judge, trial.case, window, &trial.members()).await;
            for seat in &trial.seats {
                seat.accepts(&house, room).await;
            }
            trial.judge().must(room, json!({"kind": "sitting.open"})).await;
            for (place, line) in lines.iter().enumerate() {
                if place == indexed {
                    house.desk().index_now().await.expect("a store");
                }
                say(&house, &mut trial, room, line).await;
                if place % 20 == 7 {
                    let photo = house.upload(trial.judge().person, FileKind::Photo, "借条照片.jpg").await;
                    let to = json!({"members": [trial.seat(Capacity::Plaintiff).member]});
                    trial.judge().must(room, json!({"kind": "speech.photo", "blob": photo, "to": to})).await;
                }
            }
            for place in [0, 2, 6, 12] {
                finds_what_it_reads(&trial, &trial.seats[place], room).await?;
            }
            house.desk().index_now().await.expect("a store");
            for place in [1, 6, 9] {
                finds_what_it_reads(&trial, &trial.seats[place], room).await?;
            }
            Ok(())
        });
    }

    async fn an_indexer_that_is_stopped_anywhere_leaves_nothing_out_and_nothing_twice(db) {
        let house = House::on(db).await;
        let trial = Trial::begin(&house, 1).await;
        let room = trial.room(&house, Phase::Open).await;
        let judge = trial.judge();
        for turn in 0..60_u64 {
            for _ in 0..5 {
                judge.says(room, "同一句话").await;
            }
            // Cut off wherever it happens to be.
            let indexing = house.desk().keep_index(tokio::time::sleep(Duration::from_millis(turn * 7 % 40)));
            indexing.await;
        }
        house.desk().keep_index(async {
            while !house.desk().store.unindexed(1).await.expect("a store").is_empty() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }).await;
        let acts = judge.acts(room).await;
        let expected: Vec<Value> = acts.iter().rev().filter(|act| act["text"] == "同一句话").cloned().collect();
        assert_eq!(expected.len(), 300);
        pages_are(&judge, room, ("q=%E4%B8%80%E5%8F%A5", 100), &expected).await.expect("all of it, once");
        let days = judge.get(&format!("/api/rooms/{room}/days")).await.json();
        assert_eq!(days[0]["acts"].as_u64(), Some(acts.len() as u64));
    }

    async fn a_search_over_all_my_rooms_finds_the_newest_first_and_only_where_i_may_read(db) {
        let house = House::on(db).await;
        let trial = Trial::begin(&house, 1).await;
        let (judge, plaintiff, witness) = (trial.judge(), trial.seat(Capacity::Plaintiff), trial.seat(Capacity::Witness));
        let mut expected = Vec::new();
        let mut rooms = Vec::new();
        for _ in 0..6 {
            rooms.push(trial.room(&house, Phase::Open).await);
        }
        for turn in 0..4 {
            for room in &rooms {
                house.kit.clock.advance(time::Duration::seconds(1));
                expected.push(judge.says(*room, &format!("第{turn}轮借条")).await["leaf"].clone());
                judge.tells(*room, "私下说借条", &[&plaintiff]).await;
            }
            if turn == 1 {
                house.desk().index_now().await.expect("a store");
            }
        }
        expected.reverse();
        let search = async |seat: &Seat, query: &str| {
            let answer = seat.get(&format!("/api/search?{query}")).await;
            assert_eq!(answer.status, 200, "{}", said(&answer));
            answer.json().as_array().cloned().expect("a list")
        };
        let leaves = |found: &[Value]| found.iter().map(|one| one["act"]["leaf"].clone()).collect::<Vec<_>>();
        let all = search(&witness, "q=%E8%BD%AE%E5%80%9F&limit=50").await;
        assert_eq!(leaves(&all), expected);
        assert_eq!(leaves(&search(&witness, "q=%E8%BD%AE%E5%80%9F&limit=7").await), expected[..7]);
        assert_eq!(search(&witness, "q=%E7%A7%81%E4%B8%8B").await, [] as [Value; 0]);
        assert_eq!(search(&plaintiff, "q=%E7%A7%81%E4%B8%8B&limit=50").await.len(), 24);
        assert_eq!(search(&witness, "q=").await, [] as [Value; 0]);
        assert_eq!(all[0]["room"], json!(rooms[5]));
        // Whose membership has ended finds nothing there.
        judge.must(rooms[5], json!({"kind": "member.end", "member": witness.member, "reason": "已作证"})).await;
        let left = search(&witness, "q=%E8%BD%AE%E5%80%9F&limit=50").await;
        assert!(left.len() == 20 && left.iter().all(|one| one["room"] != json!(rooms[5])));
        let hidden = witness.get(&format!("/api/rooms/{}/search?q=%E5%80%9F", rooms[5])).await;
        assert_eq!(hidden.status, 404);
    }

    async fn a_query_that_is_not_right_is_refused_with_what_to_do(db) {
        let house = House::on(db).await;
        let trial = Trial::begin(&house, 1).await;
        let room = trial.room(&house, Phase::Open).await;
        let long = "a".repeat(101);
        for (query, code) in [
            (format!("search?q={long}"), "query_too_long"),
            ("search?date=2026-13-01".to_owned(), "malformed_query"),
            ("search?date=yesterday".to_owned(), "malformed_query"),
            ("search?member=me".to_owned(), "malformed_query"),
            ("search?room=1".to_owned(), "malformed_query"),
            ("days?q=1".to_owned(), "malformed_query"),
        ] {
            let answer = trial.judge().get(&format!("/api/rooms/{room}/{query}")).await;
            assert_eq!((answer.status.as_u16(), answer.code().as_str()), (422, code), "{query}");
        }
        for query in ["q=%27%22%5C*%25_%26%7C!()%3A", "q=%00", "q=AND%20OR%20NEAR", "limit=0", "before=0", "before=99999999"] {
            let answer = trial.judge().get(&format!("/api/rooms/{room}/search?{query}")).await;
            assert_eq!(answer.status, 200, "{query}: {}", said(&answer));
        }
    }
}
