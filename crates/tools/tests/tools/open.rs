//! What everybody may look up and compute, without login.

use axum::http::{Method, StatusCode};
use desk::Link;
use desk::testkit::{Answer, Caller, Kit};
use serde_json::{Value, json};
use tools::{import_courts, import_laws};

const BRIDGES: &str = "# 示范桥梁管理办法\n\n2019年5月1日 示范市人民政府通过\n\n<!-- INFO END -->\n\n## 第一章 总 则\n\n第一条 桥梁应当安全。\n\n第二条 过桥不收费。\n\n救护车优先通行，适用第一条。\n";
const CODE: &str =
    "# 中华人民共和国民事诉讼法\n\n2023年9月1日 修正\n\n<!-- INFO END -->\n\n第八十五条 期间包括示范的期间。\n";

async fn stranger(kit: &Kit) -> Caller {
    kit.stranger(&kit.app(tools::routes()))
}

async fn asks(caller: &Caller, path: &str, body: Value) -> Answer {
    caller.clone().write(Method::POST, path, &[], body).await
}

/// A folder of its own beside the court's data, which goes with it.
fn folder(kit: &Kit, name: &str, files: &[(&str, &str)]) -> std::path::PathBuf {
    let folder = kit.folder().join(name);
    std::fs::create_dir_all(&folder).expect("a folder");
    for (name, text) in files {
        std::fs::write(folder.join(name), text).expect("a file");
    }
    folder
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f63_laws_are_loaded_whole_and_found_by_word_number_and_citation() {
    let kit = Kit::new().await;
    let mut stranger = stranger(&kit).await;
    assert_eq!(stranger.get("/api/laws").await.json(), json!({"laws": []}));
    let bad = folder(&kit, "bad", &[("桥(2019-05-01).md", BRIDGES), ("坏(2020-01-01).md", "# 坏\n\n没有条文。\n")]);
    assert!(import_laws(&kit.desk.store, &bad, 0).await.is_err());
    assert_eq!(stranger.get("/api/laws").await.json()["laws"], json!([]), "all of a folder, or nothing");

    let good = folder(&kit, "good", &[("桥(2019-05-01).md", BRIDGES), ("民事诉讼法(2023-09-01).md", CODE)]);
    let done = import_laws(&kit.desk.store, &good, 0).await.expect("two laws");
    assert_eq!((done.new, done.articles), (2, 3));
    let again = import_laws(&kit.desk.store, &good, 0).await.expect("two laws");
    assert_eq!((again.new, again.same), (0, 2));

    let found = |answer: Answer| {
        let hits = answer.json()["hits"].as_array().cloned().unwrap_or_default();
        hits.iter().map(|hit| hit["article"]["label"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(found(stranger.get("/api/laws/search?q=%E6%95%91%E6%8A%A4%E8%BD%A6").await), ["第二条"]);
    // 第一条 itself before the article that names it.
    let first = stranger
        .get("/api/laws/search?q=%E6%A1%A5%E6%A2%81%E7%AE%A1%E7%90%86%E5%8A%9E%E6%B3%95%E7%AC%AC1%E6%9D%A1")
        .await;
    assert_eq!(found(first), ["第一条"]);
    // As the rules cite it: by code and version.
    let law = stranger.get("/api/laws/CPL?version=2023").await.json();
    assert_eq!((&law["articles_text"][0]["number"], &law["versions"]), (&json!("85"), &json!(["2023"])));
    assert_eq!(stranger.get("/api/laws/CPL?version=2021").await.status, 404);
    assert_eq!(stranger.get(&format!("/api/laws/search?q={}", "x".repeat(101))).await.code(), "query_too_long");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f64_f69_courts_links_and_answers_are_the_operators_and_nothing_is_made_up() {
    let link = Link { name: "司法公开".into(), about: String::new(), url: "https://open.example".into() };
    let kit = Kit::with(|config| config.links = vec![link]).await;
    let mut stranger = stranger(&kit).await;
    assert_eq!(stranger.get("/api/courts").await.json(), json!({"regions": [], "courts": [], "more": false}));
    let table = "地区,名称,所属法院,地址\n甲市,甲法院,,一路\n甲市,桥头法庭,甲法院,二路\n乙市,乙法院,,三路\n";
    import_courts(&kit.desk.store, "a.csv", table.as_bytes()).await.expect("courts");
    let all = stranger.get("/api/courts").await.json();
    assert_eq!(all["regions"], json!([{"name": "甲市", "places": 2}, {"name": "乙市", "places": 1}]));
    let one = stranger.get("/api/courts?region=%E7%94%B2%E5%B8%82&q=%E6%B3%95%E5%BA%AD").await.json();
    assert_eq!((one["courts"].as_array().map(Vec::len), &one["courts"][0]["name"]), (Some(1), &json!("桥头法庭")));
    assert_eq!(stranger.get("/api/links").await.json()["links"][0]["url"], "https://open.example");

    let asked = stranger.get("/api/faq?q=%E4%B8%8A%E8%AF%89%E6%9C%9F%E5%A4%9A%E5%B0%91%E5%A4%A9").await.json();
    assert_eq!(asked["answers"][0]["question"], "上诉期限是多久？");
    assert!(asked["answers"][0]["citations"][0]["text"].as_str().is_some_and(|text| text.contains("第一百七十一条")));
    let none = stranger.get("/api/faq?q=%E4%BB%8A%E5%A4%A9%E5%A4%A9%E6%B0%94").await.json();
    assert_eq!(none, json!({"answers": [], "hotline": "12368"}));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f70_calculations_are_open_to_all_and_mistakes_come_back_as_sentences_with_their_code() {
    let kit = Kit::new().await;
    let mut stranger = stranger(&kit).await;
    let fee =
        asks(&stranger, "/api/tools/fees", json!({"code": "property", "on": "2025-03-18", "amount": "100000"})).await;
    // 诉讼费用交纳办法 13: 10,000 at 50, 90,000 at 2.5%.
    assert_eq!((fee.status, &fee.json()["low"]), (StatusCode::OK, &json!(230_000)));
    assert!(fee.json()["reason"].as_array().is_some_and(|steps| steps.len() > 2));
    // 民事诉讼法 85, 171: served on Saturday 2025-03-08, the fifteenth day is a Sunday.
    let period = json!({"rule": "appeal", "start": "2025-03-08"});
    assert_eq!(asks(&stranger, "/api/tools/periods", period.clone()).await.json()["last_day"], "2025-03-24");
    let calendar = asks(&stranger, "/api/tools/periods/calendar", period).await;
    assert_eq!(calendar.header("content-type"), "text/calendar; charset=utf-8");
    // INT 1: 100,000 yuan for 100 days at 0.0175% a day.
    let late = json!({"debts": [{"amount": "100000", "due": "2025-01-01"}], "until": "2025-04-11"});
    assert_eq!(asks(&stranger, "/api/tools/interest/late", late).await.json()["extra"], 175_000);
    let schedule = json!({"amount": "12000", "rate": {"rate": "12%"}, "months": 12, "start": "2025-01-31", "method": "equal_principal"});
    let rows = asks(&stranger, "/api/tools/interest/schedule", schedule).await.json();
    assert_eq!((rows["rows"].as_array().map(Vec::len), &rows["rows"][0]["interest"]), (Some(12), &json!(12_000)));
    let number = json!({"kind": "case", "typed": "(2026)沪0113民初7号"});
    assert_eq!(asks(&stranger, "/api/tools/numbers", number).await.json()["written"], "（2026）沪0113民初7号");
    assert_eq!(stranger.get("/api/tools/causes?q=mjjd").await.json()["causes"][0]["name"], "民间借贷纠纷");
    assert!(stranger.get("/api/tools/rules").await.json()["rules"].as_array().is_some_and(|rules| rules.len() > 100));

    for (path, body, code, says) in [
        ("fees", json!({"code": "property", "on": "2025-03-18", "amount": "十万"}), "amount.invalid", "最多两位小数"),
        ("fees", json!({"code": "property", "on": "2025-02-30", "amount": "1"}), "date.invalid", "2025-03-18"),
        ("fees", json!({"code": "bridge", "on": "2025-03-18"}), "rule.unknown", "规则列表"),
        ("numbers", json!({"kind": "id", "typed": "123"}), "id_number.length", "18位"),
        ("risk/report", json!({"kind": "lending"}), "answer.missing", "还需要回答"),
        ("risk/report/pdf", json!({"kind": "nothing"}), "rule.unknown", "nothing"),
    ] {
        let answer = asks(&stranger, &format!("/api/tools/{path}"), body).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (422, code), "{path}");
        assert!(answer.json()["detail"].as_str().is_some_and(|detail| detail.contains(says)), "{}", answer.json());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f70_a_walk_through_the_questions_ends_in_a_report_whatever_is_answered_first() {
    let kit = Kit::new().await;
    let mut stranger = stranger(&kit).await;
    let kinds = stranger.get("/api/tools/risk").await.json();
    assert_eq!((kinds["kinds"].as_array().map(Vec::len), &kinds["pdf"]), (Some(7), &json!(false)), "no press here");
    for kind in kinds["kinds"].as_array().expect("kinds") {
        let mut answers = serde_json::Map::new();
        for _ in 0..30 {
            let ask =
                asks(&stranger, "/api/tools/risk", json!({"kind": kind["code"], "answers": answers})).await.json();
            if ask["done"] == json!(true) {
                break;
            }
            for question in ask["questions"].as_array().expect("questions") {
                let answer = match question["kind"].as_str() {
                    Some("choice") => json!([question["answers"][0]["id"]]),
                    Some("amount") => json!(["50000"]),
                    _ => json!([]),
                };
                answers.insert(question["id"].as_str().expect("an id").to_owned(), answer);
            }
        }
        let given = json!({"kind": kind["code"], "answers": answers});
        let report = asks(&stranger, "/api/tools/risk/report", given.clone()).await;
        assert_eq!(report.status, StatusCode::OK, "{}", report.json());
        assert!(report.json()["index"].as_u64().is_some_and(|index| index <= 100));
        let pdf = asks(&stranger, "/api/tools/risk/report/pdf", given).await;
        assert_eq!(pdf.code(), "tool_switched_off");
    }
}
