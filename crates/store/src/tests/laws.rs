//! Laws are found by word and number beside the acts of records, and a version that is loaded again replaces itself alone.

use record::Hash;

use super::sample::NOON;
use crate::{ArticleRow, CourtPlace, LawPut, NewArticle, NewLaw, SearchWords, Store, on_both_databases};

fn law(code: &str, version: &str, texts: &[&str]) -> NewLaw {
    let article = |(n, text): (usize, &&str)| NewArticle {
        number: (n + 1).to_string(),
        heading: "第一章　总则".to_owned(),
        text: (*text).to_owned(),
        also: format!("第{}条", n + 1),
    };
    NewLaw {
        code: code.to_owned(),
        title: format!("{code}办法"),
        version: version.to_owned(),
        notes: "通过".to_owned(),
        sha256: Hash::of(texts.concat().as_bytes()),
        articles: texts.iter().enumerate().map(article).collect(),
    }
}

async fn found(store: &Store, words: &str) -> Vec<String> {
    let found: Vec<ArticleRow> = store.find_articles(&SearchWords::of(words), 100).await.unwrap();
    let mut texts: Vec<String> = found.into_iter().map(|article| article.text).collect();
    texts.sort();
    texts
}

on_both_databases! {
    async fn f63_articles_are_found_by_every_word_of_theirs_and_no_more_after_the_version_was_replaced(db) {
        let store = db.open().await;
        let first = law("甲", "2020-01-01", &["桥梁由县人民政府养护。", "过桥不收费。\n救护车优先。"]);
        assert_eq!(store.put_law(&first, NOON).await.unwrap(), LawPut::New);
        assert_eq!(store.put_law(&first, NOON).await.unwrap(), LawPut::Same);
        store.put_law(&law("乙", "2021-05-01", &["桥下不得停船。"]), NOON).await.unwrap();
        assert_eq!(found(&store, "桥").await.len(), 3);
        assert_eq!(found(&store, "过桥 救护车").await, ["过桥不收费。\n救护车优先。"]);
        assert_eq!(found(&store, "甲办法 第2条").await, ["过桥不收费。\n救护车优先。"]);
        assert_eq!(found(&store, "养护 停船").await, Vec::<String>::new());

        let changed = law("甲", "2020-01-01", &["桥梁由镇人民政府养护。"]);
        assert_eq!(store.put_law(&changed, NOON).await.unwrap(), LawPut::Changed);
        store.put_law(&law("甲", "2024-01-01", &["桥梁由村民委员会养护。"]), NOON).await.unwrap();
        assert_eq!(found(&store, "救护车").await, Vec::<String>::new(), "what was replaced is not found");
        assert_eq!(found(&store, "养护").await, ["桥梁由村民委员会养护。", "桥梁由镇人民政府养护。"]);
        let latest = store.law("甲", None).await.unwrap().unwrap();
        assert_eq!((latest.version.as_str(), latest.articles), ("2024-01-01", 1));
        let older = store.law("甲", Some("2020-01-01")).await.unwrap().unwrap();
        assert_eq!(store.articles_of(older.id).await.unwrap()[0].text, "桥梁由镇人民政府养护。");
        assert_eq!(store.law("丙", None).await.unwrap(), None);
        assert_eq!(store.laws().await.unwrap().len(), 3);
    }

    async fn f64_places_are_replaced_as_a_whole_and_keep_their_order(db) {
        let store = db.open().await;
        let place = |name: &str, at| CourtPlace {
            region: "示范市".to_owned(),
            name: name.to_owned(),
            court: String::new(),
            address: "示范路 1 号".to_owned(),
            phone: "021-00000000".to_owned(),
            at,
            coordinate: "wgs84".to_owned(),
        };
        let places = [place("乙法院", Some((31.25, 121.5))), place("甲法院", None)];
        store.put_court_places(&places).await.unwrap();
        assert_eq!(store.court_places().await.unwrap(), places);
        store.put_court_places(&places[1..]).await.unwrap();
        assert_eq!(store.court_places().await.unwrap(), places[1..]);
    }
}
