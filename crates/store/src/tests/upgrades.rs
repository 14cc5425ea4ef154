//! What was kept under an older schema is there under the newest.

use court::{CaseId, PersonId};
use sea_orm::sea_query::Query;
use sea_orm::{ConnectionTrait, Database};
use sea_orm_migration::MigratorTrait;

use super::sample::{NOON, id};
use crate::migrations::Migrator;
use crate::{CaseFilter, on_both_databases};

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
        for (person, name, capacity, role) in
            [(judge, "周明远", "sole_judge", "judge"), (party, "Ａlpha 公司", "plaintiff", "party")]
        {
            let enrolled = Query::insert()
                .into_table("person")
                .columns(["id", "pseudonym", "name", "phone", "verified", "created_at"])
                .values_panic([
                    person.into(),
                    person.to_string().into(),
                    name.into(),
                    person.to_string().into(),
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
        old.close().await.unwrap();

        let store = db.open().await;
        assert_eq!(store.case(CaseId(case)).await.unwrap().unwrap().status, "open");
        for words in [&["2025沪0113"][..], &["alpha"], &["借贷"]] {
            let words = words.iter().map(|word| (*word).to_owned()).collect();
            let filter = CaseFilter { words, status: Some("open".to_owned()), capacity: None };
            let found = store.list_cases(PersonId(judge), "judge", &filter, NOON).await.unwrap();
            assert_eq!(found.len(), 1, "{filter:?}");
        }
    }
}
