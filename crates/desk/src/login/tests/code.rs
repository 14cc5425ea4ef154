//! SR-03, SR-05: the code.

use serde_json::json;
use time::Duration;
use uuid::Uuid;

use super::{NOBODY, OTHER, PHONE, another, ask, court, enter};

#[tokio::test]
async fn sr03_a_code_logs_in_once() {
    let (kit, app, person) = court().await;
    let mut who = kit.stranger(&app);
    let sent = ask(&mut who, PHONE).await;
    assert_eq!(sent.status, 202);
    assert_eq!((sent.json()["expires_in"].clone(), sent.json()["resend_after"].clone()), (json!(300), json!(60)));
    let code = kit.sms.code_for(PHONE).await;
    assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()), "{code}");
    let request = sent.json()["request"].clone();
    let answer = who.post("/api/login", json!({"phone": "+86 139-0000-0001", "code": code, "request": request})).await;
    assert_eq!(answer.status, 200);
    let me = answer.json();
    assert_eq!(me["person"], person.to_string());
    assert_eq!(me["name"], "王明");
    assert_eq!(me["phone"], "139****0001");
    assert_eq!(me["verified"], true);
    assert_eq!(me["role"], "party", "a person with one role acts in it");
    assert_eq!(me["roles"], json!([{"role": "party", "label": "当事人", "cases": 1}]));
    assert_eq!(me["now"], "2026-11-20T06:00:00Z");
    assert_eq!(me["court"], json!({"name": "宝山区人民法院"}));
    let again = enter(&mut kit.stranger(&app), PHONE, &code).await;
    assert_eq!((again.status.as_u16(), again.code().as_str()), (401, "code_wrong"));
}

#[tokio::test]
async fn sr03_a_code_is_dead_after_five_tries() {
    let (kit, app, _) = court().await;
    let mut who = kit.stranger(&app);
    ask(&mut who, PHONE).await;
    let code = kit.sms.code_for(PHONE).await;
    for _ in 0..5 {
        assert_eq!(enter(&mut who, PHONE, &another(&code)).await.code(), "code_wrong");
    }
    assert_eq!(enter(&mut who, PHONE, &code).await.code(), "code_wrong", "the sixth try, though right");
}

#[tokio::test]
async fn sr03_fifty_tries_at_once_are_still_five() {
    let (kit, app, _) = court().await;
    ask(&mut kit.stranger(&app), PHONE).await;
    let code = kit.sms.code_for(PHONE).await;
    let wrong = another(&code);
    let tries = (0..20).map(|_| {
        let (mut who, wrong) = (kit.stranger(&app), wrong.clone());
        async move { enter(&mut who, PHONE, &wrong).await }
    });
    let answers = futures_util::future::join_all(tries).await;
    assert!(answers.iter().all(|answer| answer.code() == "code_wrong"));
    assert_eq!(enter(&mut kit.stranger(&app), PHONE, &code).await.code(), "code_wrong");
}

#[tokio::test]
async fn sr03_a_code_is_good_for_five_minutes() {
    let (kit, app, _) = court().await;
    let mut who = kit.stranger(&app);
    ask(&mut who, PHONE).await;
    let code = kit.sms.code_for(PHONE).await;
    kit.clock.advance(Duration::seconds(300));
    assert_eq!(enter(&mut who, PHONE, &code).await.code(), "code_wrong");
    ask(&mut who, PHONE).await;
    let code = kit.sms.nth_code_for(PHONE, 2).await;
    kit.clock.advance(Duration::seconds(299));
    assert_eq!(enter(&mut who, PHONE, &code).await.status, 200);
}

#[tokio::test]
async fn sr03_a_new_code_kills_the_old_one() {
    let (kit, app, _) = court().await;
    let mut who = kit.stranger(&app);
    ask(&mut who, PHONE).await;
    let old = kit.sms.code_for(PHONE).await;
    kit.clock.advance(Duration::minutes(1));
    ask(&mut who, PHONE).await;
    let new = kit.sms.nth_code_for(PHONE, 2).await;
    assert_ne!(old, new);
    assert_eq!(enter(&mut who, PHONE, &old).await.code(), "code_wrong");
    assert_eq!(enter(&mut who, PHONE, &new).await.status, 200);
}

#[tokio::test]
async fn sr03_a_code_is_bound_to_its_request_its_number_and_its_purpose() {
    let (kit, app, _) = court().await;
    kit.person("李华", OTHER).await;
    let mut who = kit.stranger(&app);
    ask(&mut who, PHONE).await;
    let code = kit.sms.code_for(PHONE).await;
    let foreign = json!({"phone": PHONE, "code": code, "request": Uuid::from_u128(7)});
    assert_eq!(who.post("/api/login", foreign).await.code(), "code_wrong", "another request");
    ask(&mut who, OTHER).await;
    kit.sms.code_for(OTHER).await;
    assert_eq!(enter(&mut who, OTHER, &code).await.code(), "code_wrong", "another number");
    let salt = [1; 32];
    let hash = super::super::code::hash(&salt, super::super::code::PURPOSE, PHONE, &code);
    let elsewhere = store::NewCode {
        request: Uuid::from_u128(8),
        phone: PHONE.to_owned(),
        purpose: "change_phone".to_owned(),
        code_hash: hash,
        salt,
        created_at: kit.micros(),
        expires_at: kit.micros() + 300_000_000,
    };
    assert_eq!(enter(&mut who, PHONE, &code).await.status, 200);
    kit.desk.store.put_code(&elsewhere).await.unwrap();
    assert_eq!(enter(&mut who, PHONE, &code).await.code(), "code_wrong", "another purpose");
}

#[tokio::test]
async fn sr03_who_is_wrong_too_often_waits() {
    let (kit, app, _) = court().await;
    let mut who = kit.stranger(&app);
    for _ in 0..30 {
        assert_eq!(enter(&mut who, PHONE, "000000").await.code(), "code_wrong");
    }
    let answer = enter(&mut who, PHONE, "000000").await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (429, "login_too_often"));
    assert_eq!(answer.header("retry-after"), "901");
    let mut other = kit.stranger(&app).from("198.51.100.7".parse().unwrap());
    assert_eq!(enter(&mut other, PHONE, "000000").await.code(), "code_wrong", "another address is not held");
}

#[tokio::test]
async fn sr05_a_stranger_cannot_tell_whether_a_number_is_known() {
    let (kit, app, _) = court().await;
    let mut who = kit.stranger(&app);
    let (known, unknown) = (ask(&mut who, PHONE).await, ask(&mut who, NOBODY).await);
    assert_eq!((known.status, unknown.status), (unknown.status, known.status));
    let shape = |answer: &crate::testkit::Answer| {
        let body = answer.json();
        let id: Uuid = body["request"].as_str().unwrap().parse().unwrap();
        assert_eq!(id.get_version_num(), 4, "random, not ordered");
        let names: Vec<_> = answer.headers.keys().map(|name| name.as_str().to_owned()).collect();
        (body.as_object().unwrap().keys().cloned().collect::<Vec<_>>(), answer.body.len(), names)
    };
    assert_eq!(shape(&known), shape(&unknown));
    kit.sms.code_for(PHONE).await;
    let wrong = [
        enter(&mut who, PHONE, "999999").await,
        enter(&mut who, NOBODY, "999999").await,
        enter(&mut who, OTHER, "999999").await,
    ];
    for answer in &wrong {
        assert_eq!(answer.status, 401);
        let mut body = answer.json();
        body["instance"] = json!("");
        let mut first = wrong[0].json();
        first["instance"] = json!("");
        assert_eq!(body, first, "known, asked for but unknown, never asked for");
    }
    assert!(kit.sms.messages().iter().all(|message| message.to == PHONE), "nobody else gets a message");
}

#[tokio::test]
async fn sr05_the_right_code_of_a_number_that_nobody_has_is_wrong() {
    let (kit, app, _) = court().await;
    let phone = super::super::phone::TypedPhone::typed(NOBODY).number().unwrap();
    let salt = [2; 32];
    let code = store::NewCode {
        request: Uuid::from_u128(9),
        phone: NOBODY.to_owned(),
        purpose: super::super::code::PURPOSE.to_owned(),
        code_hash: super::super::code::hash(&salt, super::super::code::PURPOSE, phone.digits(), "123456"),
        salt,
        created_at: kit.micros(),
        expires_at: kit.micros() + 300_000_000,
    };
    kit.desk.store.put_code(&code).await.unwrap();
    let answer = enter(&mut kit.stranger(&app), NOBODY, "123456").await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (401, "code_wrong"));
    assert_eq!(answer.header("set-cookie"), "");
}

#[tokio::test]
async fn sr05_known_and_unknown_numbers_take_the_same_time() {
    let (kit, app, _) = court().await;
    let mut fastest = [std::time::Duration::MAX; 2];
    for round in 0..24_u8 {
        for turn in 0..2_u8 {
            // Each goes first as often as the other, from a new address each time, so that no limit of an address is met.
            let which = usize::from((round + turn) % 2);
            kit.clock.advance(Duration::days(1));
            let mut who = kit.stranger(&app).from([198, 51, 100, round].into());
            let begun = std::time::Instant::now();
            assert_eq!(ask(&mut who, [PHONE, NOBODY][which]).await.status, 202);
            fastest[which] = fastest[which].min(begun.elapsed());
        }
    }
    // The fastest of many says what the work takes; the others say what else the machine had to do.
    let [known, unknown] = fastest.map(|time| time.as_secs_f64());
    assert!((0.4..2.5).contains(&(known / unknown)), "known {known} s, unknown {unknown} s");
}

#[tokio::test]
async fn sr21_a_login_with_more_fields_than_asked_for_is_refused() {
    let (kit, app, _) = court().await;
    let mut who = kit.stranger(&app);
    let bodies = [
        ("/api/login", json!({"phone": PHONE, "code": "123456", "role": "judge"}), "role"),
        ("/api/login/code", json!({"phone": PHONE, "template": "x"}), "template"),
        ("/api/login/code", json!({"phone": PHONE, "proof": {"challenge": "a", "nonce": "1", "bits": 0}}), "bits"),
    ];
    for (path, body, field) in bodies {
        let answer = who.post(path, body).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (422, "unknown_field"), "{path}");
        assert_eq!(answer.json()["field"], field);
    }
    assert!(kit.sms.messages().is_empty());
}

#[tokio::test]
async fn what_is_no_mobile_number_is_refused() {
    let (kit, app, _) = court().await;
    for phone in ["", "12345", "02112345678", "1390000000x"] {
        let answer = kit.stranger(&app).post("/api/login/code", json!({"phone": phone})).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (422, "phone_invalid"), "{phone}");
    }
}
