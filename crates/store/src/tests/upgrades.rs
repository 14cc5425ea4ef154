//! What was kept under an older schema is there under the newest.

use court::{CaseId, PersonId};
use sea_orm::sea_query::Query;
use sea_orm::{ConnectionTrait, Database};
use sea_orm_migration::MigratorTrait;

use super::sample::{NOON, id};
use crate::migrations::Migrator;
use crate::{CaseFilter, SendScope, on_both_databases};

on_both_databases! {
    async fn cases_from_before_are_open_and_found_by_number_and_party(db) {
        let old = Database::connect(db.options().database + if db.which == crate::kit::Which::Sqlite { "?mode=rwc" } else { "" });
        let old = old.await.unwrap();
        Migrator::up(&old, Some(1)).await.unwrap();
        let (case, judge, party) = (id(), id(), id());
        let kept = Query::insert()
            .into_table("court_case")
            .columns(["id", "number", "title", "cause", "court", "stage", "filed_on"])
            .values_panic([
                case.into(),
                "（2025）沪0113民初7号".into(),
                "甲 诉 乙".into(),
                "借贷".into(),
                "法院".into(),
                "trial".into(),
                "2025-01-02".into(),
            ])
            .take();
        old.execute(&kept).await.unwrap();
        let phones = ["19900000071", "19900000072"];
        for (person, name, capacity, role, phone) in [
            (judge, "周明远", "sole_judge", "judge", phones[0]),
            (party, "Ａlpha 公司", "plaintiff", "party", phones[1]),
        ] {
            let enrolled = Query::insert()
                .into_table("person")
                .columns(["id", "pseudonym", "name", "phone", "verified", "created_at"])
                .values_panic([
                    person.into(),
                    person.to_string().into(),
                    name.into(),
                    phone.into(),
                    true.into(),
                    NOON.into(),
                ])
                .take();
            old.execute(&enrolled).await.unwrap();
            let takes_part = Query::insert()
                .into_table("participant")
                .columns(["id", "case", "person", "place", "name", "capacity", "role"])
                .values_panic([
                    id().into(),
                    case.into(),
                    person.into(),
                    1i64.into(),
                    name.into(),
                    capacity.into(),
                    role.into(),
                ])
                .take();
            old.execute(&takes_part).await.unwrap();
        }
        let sent = Query::insert()
            .into_table("sms_send")
            .columns(["phone", "ip", "at"])
            .values_panic(["19900000077".into(), "192.0.2.1".into(), NOON.into()])
            .take();
        old.execute(&sent).await.unwrap();
        old.close().await.unwrap();

        let store = db.open().await;
        assert_eq!(store.case(CaseId(case)).await.unwrap().unwrap().status, "open");
        for words in [&["2025沪0113"][..], &["alpha"], &["借贷"]] {
            let words = words.iter().map(|word| (*word).to_owned()).collect();
            let filter = CaseFilter { words, status: Some("open".to_owned()), capacity: None };
            let found = store.list_cases(PersonId(judge), "judge", &filter, NOON).await.unwrap();
            assert_eq!(found.len(), 1, "{filter:?}");
        }
        // What stood in clear is sealed before anything else is done, and found as before.
        for (person, phone) in [judge, party].into_iter().zip(phones) {
            let found = store.person_by_phone(phone).await.unwrap().unwrap();
            assert_eq!((found.id, found.phone.as_str()), (PersonId(person), phone));
        }
        assert_eq!(store.sends_since(SendScope::Phone, "19900000077", 0).await.unwrap(), 1);
        assert_eq!(store.get_meta(crate::seals::PLAIN).await.unwrap(), None);
        if db.which == crate::kit::Which::Sqlite {
            store.close().await;
            for file in std::fs::read_dir(db.folder()).unwrap().flatten().filter(|file| file.path().is_file()) {
                let bytes = std::fs::read(file.path()).unwrap();
                for number in [phones[0], phones[1], "19900000077"] {
                    let found = bytes.windows(number.len()).any(|part| part == number.as_bytes());
                    assert!(!found, "{:?} holds a number in clear", file.file_name());
                }
            }
        }
    }
}
