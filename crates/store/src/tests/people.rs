//! People and sessions.

use court::{PersonId, SessionId};
use record::Hash;

use super::sample::{self, NOON, SECOND, id};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::Query;

use crate::kit::TestSeals;
use crate::{Document, Person, Reached, SessionRow, StoreError, on_both_databases};

fn session(person: PersonId, token: &str) -> SessionRow {
    SessionRow {
        id: SessionId(id()),
        token_hash: Hash::of(token.as_bytes()),
        person,
        role: None,
        kind: "browser".to_owned(),
        created_at: NOON,
        last_seen_at: NOON,
        expires_at: NOON + 3600 * SECOND,
        idle_expires_at: NOON + 600 * SECOND,
        revoked_at: None,
        agent: "Firefox".to_owned(),
        ip: "192.0.2.7".to_owned(),
    }
}

on_both_databases! {
    async fn a_person_is_found_by_id_and_by_phone(db) {
        let store = db.open().await;
        let mut person = sample::person(&store).await;
        assert_eq!(store.person(person.id).await.unwrap().as_ref(), Some(&person));
        assert_eq!(store.person_by_phone(&person.phone).await.unwrap().as_ref(), Some(&person));
        assert_eq!(store.person_by_phone("13900000000").await.unwrap(), None);
        assert_eq!(store.person_by_phone("' OR 1=1 --").await.unwrap(), None);
        person.name = "陆知行".to_owned();
        store.put_person(&person).await.unwrap();
        assert_eq!(store.person(person.id).await.unwrap(), Some(person));
    }

    async fn sr50_a_person_is_found_by_the_number_of_a_document_however_it_is_written(db) {
        let store = db.open().await;
        let (one, other) = (sample::person(&store).await, sample::person(&store).await);
        let document = Document { kind: "resident_id".to_owned(), number: "11010119900307002X".to_owned() };
        store.put_document(one.id, &document).await.unwrap();
        assert_eq!(store.document_of(one.id).await.unwrap(), Some(document.clone()));
        assert_eq!(store.document_of(other.id).await.unwrap(), None);
        let found = store.people_by_document(" 110101 19900307 002x").await.unwrap();
        assert_eq!(found, [(one.clone(), "resident_id".to_owned())]);
        assert_eq!(store.people_by_document("110101199003070011").await.unwrap(), []);
        store.put_document(other.id, &document).await.unwrap();
        assert_eq!(store.people_by_document(&document.number).await.unwrap().len(), 2, "the caller compares names");
        // A change of name or phone leaves the document.
        store.put_person(&Person { phone: "19900000088".to_owned(), ..one.clone() }).await.unwrap();
        assert_eq!(store.document_of(one.id).await.unwrap(), Some(document.clone()));
        assert!(matches!(store.put_document(PersonId(id()), &document).await, Err(StoreError::NotFound)));
        assert!(!format!("{one:?} {document:?}").contains(&one.phone));
    }

    async fn sr51_new_keys_are_given_to_every_sealed_column(db) {
        let old = db.open().await;
        let mut people = Vec::new();
        for _ in 0..250 {
            people.push(sample::person(&old).await);
        }
        let document = Document { kind: "passport".to_owned(), number: "E00000001".to_owned() };
        old.put_document(people[0].id, &document).await.unwrap();
        let new = db.open_with(|_| {}).await.unwrap();
        new.unlock(std::sync::Arc::new(TestSeals { key: 1 })).await.unwrap();
        let (mut at, mut portions) = (Reached::default(), 0);
        while let Some(reached) = new.reseal(at).await.unwrap() {
            (at, portions) = (reached, portions + 1);
            assert_eq!(old.person(people[249].id).await.unwrap().as_ref(), Some(&people[249]), "both keys open");
        }
        assert!(portions > 3, "some at a time");
        let column = |name: &'static str| Query::select().column(name).from("person").take();
        for name in ["phone_sealed", "document_sealed"] {
            for row in new.db().read.query_all(&column(name)).await.unwrap() {
                let sealed: Option<Vec<u8>> = row.try_get("", name).unwrap();
                assert!(sealed.is_none_or(|sealed| sealed[0] == 1), "{name}");
            }
        }
        for person in &people {
            assert_eq!(new.person_by_phone(&person.phone).await.unwrap().as_ref(), Some(person));
        }
        assert_eq!(new.document_of(people[0].id).await.unwrap(), Some(document));
    }

    async fn sr50_without_the_key_what_is_personal_is_neither_read_nor_written(db) {
        let known = sample::person(&db.open().await).await;
        let locked = db.open_with(|_| {}).await.unwrap();
        assert!(matches!(locked.person(known.id).await, Err(StoreError::Locked)));
        assert!(matches!(locked.person_by_phone(&known.phone).await, Err(StoreError::Locked)));
        assert!(matches!(locked.put_person(&known).await, Err(StoreError::Locked)));
    }

    async fn no_two_people_share_a_phone_number(db) {
        let store = db.open().await;
        let one = sample::person(&store).await;
        let mut other = sample::person(&store).await;
        other.phone = one.phone;
        assert!(matches!(store.put_person(&other).await, Err(StoreError::Conflict)));
    }

    async fn sr07_a_session_is_known_by_its_token_until_it_ends(db) {
        let store = db.open().await;
        let person = sample::person(&store).await;
        let row = session(person.id, "token");
        store.put_session(&row).await.unwrap();
        let found = |token: &'static str, now| {
            let store = store.clone();
            async move { store.session_by_token(Hash::of(token.as_bytes()), now).await.unwrap() }
        };
        assert_eq!(found("token", NOON).await, Some((row.clone(), person.clone())));
        assert_eq!(store.session(row.id, NOON).await.unwrap(), Some((row.clone(), person)));
        assert_eq!(store.session(SessionId(id()), NOON).await.unwrap(), None);
        assert_eq!(store.session(row.id, row.idle_expires_at).await.unwrap(), None, "idle");
        assert_eq!(found("other", NOON).await, None);
        assert!(found("token", row.idle_expires_at - 1).await.is_some());
        assert_eq!(found("token", row.idle_expires_at).await, None, "idle");
        store.touch(row.id, NOON + 61 * SECOND, NOON + 2 * 3600 * SECOND).await.unwrap();
        assert!(found("token", row.expires_at - 1).await.is_some());
        assert_eq!(found("token", row.expires_at).await, None, "absolute");
        assert!(matches!(store.put_session(&row).await, Err(StoreError::Conflict)));
    }

    async fn a_session_is_noted_as_used_at_most_once_a_minute(db) {
        let store = db.open().await;
        let row = session(sample::person(&store).await.id, "t");
        store.put_session(&row).await.unwrap();
        for (at, seen) in [(30, 0), (60, 60), (90, 60), (119, 60), (120, 120)] {
            let now = NOON + at * SECOND;
            store.touch(row.id, now, now + 600 * SECOND).await.unwrap();
            let (found, _) = store.session_by_token(row.token_hash, now).await.unwrap().unwrap();
            assert_eq!(found.last_seen_at, NOON + seen * SECOND, "at {at} s");
            assert_eq!(found.idle_expires_at, NOON + (seen + 600) * SECOND);
        }
    }

    async fn sr08_a_revoked_session_is_dead_at_once_and_others_can_learn_of_it(db) {
        let store = db.open().await;
        let person = sample::person(&store).await.id;
        let rows = [session(person, "a"), session(person, "b"), session(person, "c")];
        for row in &rows {
            store.put_session(row).await.unwrap();
        }
        assert!(store.set_role(rows[0].id, "party").await.unwrap());
        let (found, _) = store.session_by_token(rows[0].token_hash, NOON).await.unwrap().unwrap();
        assert_eq!(found.role.as_deref(), Some("party"));

        assert!(store.revoke(rows[0].id, NOON + 5).await.unwrap());
        assert!(!store.revoke(rows[0].id, NOON + 6).await.unwrap());
        assert!(!store.set_role(rows[0].id, "judge").await.unwrap());
        assert_eq!(store.session_by_token(rows[0].token_hash, NOON + 5).await.unwrap(), None);
        let mut ended = store.revoke_all(person, NOON + 9).await.unwrap();
        ended.sort();
        assert_eq!(ended, [rows[1].id, rows[2].id]);
        for row in &rows {
            assert_eq!(store.session_by_token(row.token_hash, NOON + 9).await.unwrap(), None);
            assert_eq!(store.session(row.id, NOON + 9).await.unwrap(), None);
        }
        assert_eq!(store.revoked_since(NOON + 5).await.unwrap().len(), 3);
        assert_eq!(store.revoked_since(NOON + 6).await.unwrap().len(), 2);
        assert_eq!(store.revoked_since(NOON + 10).await.unwrap(), []);
    }

    async fn a_value_of_which_there_is_one_is_the_same_for_all_nodes(db) {
        let nodes = [db.open().await, db.open().await];
        assert_eq!(nodes[0].get_meta("secret").await.unwrap(), None);
        let asked = (0..8).map(|n| {
            let node = nodes[n % 2].clone();
            tokio::spawn(async move { node.put_meta_if_absent("secret", &n.to_string()).await.unwrap() })
        });
        let mut heard = Vec::new();
        for one in asked.collect::<Vec<_>>() {
            heard.push(one.await.unwrap());
        }
        heard.dedup();
        assert_eq!(heard.len(), 1);
        assert_eq!(nodes[1].get_meta("secret").await.unwrap(), heard.pop());
    }
}
