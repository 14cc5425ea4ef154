//! The list of cases of somebody who has many.

use court::{Capacity, Role};
use serde_json::Value;
use time::Duration;

use crate::kit::{House, Trial, said};

fn numbers(cases: &Value) -> Vec<String> {
    let number = |case: &Value| case["number"].as_str().expect("a number").to_owned();
    cases.as_array().expect("a list").iter().map(number).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_join_to_the_whole_list_in_each_order_and_every_filter_keeps_to_it() {
    let house = House::sqlite().await;
    let trial = Trial::begin(&house, 60).await;
    let judge = trial.judge();
    for n in 0..25 {
        let number = format!("(2026)沪0113民初6{n:03}号");
        let case = house.kit.case(&number, &format!("原告{n}诉被告")).await;
        let capacity = if n % 2 == 0 { Capacity::SoleJudge } else { Capacity::PresidingJudge };
        house.kit.participant(case, judge.person, "周明远", capacity).await;
        if n % 5 == 0 {
            let mut row = house.desk().store.case(case).await.expect("a store").expect("a case");
            row.status = "closed".to_owned();
            house.desk().store.put_case(&row).await.expect("a store");
        }
    }
    let mut caller = house.kit.caller(&house.app, judge.person, Some(Role::Judge)).await;
    let mut clerk = trial.seat(Capacity::CourtClerk).caller;
    let members = trial.members();
    house.schedule(&mut clerk, trial.case, (Duration::hours(1), Duration::hours(2)), &members).await;
    let mut list = async |query: &str| {
        let answer = caller.get(&format!("/api/cases?{query}")).await;
        assert_eq!(answer.status, 200, "{query}: {}", said(&answer));
        answer.json()
    };
    for sort in ["filed", "soonest", "latest"] {
        let whole = list(&format!("sort={sort}")).await;
        assert_eq!(whole.as_array().map(Vec::len), Some(26));
        let (mut joined, mut after) = (Vec::new(), String::new());
        loop {
            let page = list(&format!("sort={sort}&limit=7{after}")).await;
            joined.extend(numbers(&page));
            let cards = page.as_array().expect("a list");
            if cards.len() < 7 {
                break;
            }
            after = format!("&after={}", cards[6]["id"].as_str().expect("an id"));
        }
        assert_eq!(joined, numbers(&whole), "{sort}");
    }
    assert_eq!(numbers(&list("sort=soonest&limit=1").await), ["(2026)沪0113民初60号"], "the one with a sitting");
    assert_eq!(numbers(&list("status=closed").await).len(), 5);
    assert_eq!(numbers(&list("status=open").await).len(), 21);
    assert_eq!(numbers(&list("capacity=sole_judge").await).len(), 13);
    assert_eq!(numbers(&list("q=%E6%B0%91%E5%88%9D6003").await), ["(2026)沪0113民初6003号"]);
    assert_eq!(
        numbers(&list("q=%EF%BC%88%EF%BC%92026%EF%BC%89%E6%B2%AA0113%E6%B0%91%E5%88%9D60%E5%8F%B7").await),
        ["(2026)沪0113民初60号"]
    );
    // 甲60公司 is in the title, 第三人60 the name of a party; 书记员60 is one of the court.
    assert_eq!(numbers(&list("q=%E7%AC%AC%E4%B8%89%E4%BA%BA60").await), ["(2026)沪0113民初60号"]);
    assert_eq!(numbers(&list("q=%E4%B9%A6%E8%AE%B0%E5%91%9860").await), [] as [&str; 0]);
    for wrong in ["sort=best", "status=won", "limit=x", "colour=red", &format!("q={}", "a".repeat(101))] {
        assert_eq!(caller.get(&format!("/api/cases?{wrong}")).await.status, 422, "{wrong}");
    }
}
