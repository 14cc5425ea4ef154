//! Cases, participants, rooms and read marks.

use court::{CaseId, MemberId, PersonId, RoomId};

use super::sample::{self, NOON, SECOND, Speaker, id};
use crate::{CaseRow, Effect, Participant, StoreError, on_both_databases};

fn participant(case: CaseId, person: PersonId, role: &str) -> Participant {
    Participant {
        id: MemberId(id()),
        case,
        person,
        name: "宝山禾木家具有限公司".to_owned(),
        acting: Some("法定代表人 沈望舒".to_owned()),
        capacity: "plaintiff".to_owned(),
        role: role.to_owned(),
        ended_at: None,
    }
}

on_both_databases! {
    async fn a_case_is_kept_and_changed_and_no_two_share_a_number(db) {
        let store = db.open().await;
        let mut row: CaseRow = store.case(sample::case(&store).await).await.unwrap().unwrap();
        row.stage = "closed".to_owned();
        store.put_case(&row).await.unwrap();
        assert_eq!(store.case(row.id).await.unwrap(), Some(row.clone()));
        assert_eq!(store.case(CaseId(id())).await.unwrap(), None);
        row.id = CaseId(id());
        assert!(matches!(store.put_case(&row).await, Err(StoreError::Conflict)));
    }

    async fn participants_stay_in_the_order_in_which_they_were_entered(db) {
        let store = db.open().await;
        let (case, person) = (sample::case(&store).await, sample::person(&store).await.id);
        let mut all: Vec<Participant> = (0..5).map(|_| participant(case, person, "party")).collect();
        for one in &all {
            store.put_participant(one).await.unwrap();
        }
        all[1].name = "新名称有限公司".to_owned();
        store.put_participant(&all[1]).await.unwrap();
        assert_eq!(store.participants(case).await.unwrap(), all);
    }

    async fn roles_and_cases_are_those_that_have_not_ended(db) {
        let store = db.open().await;
        let person = sample::person(&store).await.id;
        let cases = [sample::case(&store).await, sample::case(&store).await];
        let rows =
            [participant(cases[0], person, "agent"), participant(cases[1], person, "agent"), participant(cases[1], person, "party")];
        for row in &rows {
            store.put_participant(row).await.unwrap();
        }
        assert_eq!(store.roles_of(person).await.unwrap(), [("agent".to_owned(), 2), ("party".to_owned(), 1)]);
        let mine = store.cases_of(person, "agent").await.unwrap();
        assert_eq!(mine.len(), 2);
        assert!(mine.iter().all(|(case, row)| case.id == row.case && row.role == "agent"));
        assert!(store.end_participant(rows[0].id, NOON).await.unwrap());
        assert!(!store.end_participant(rows[0].id, NOON).await.unwrap());
        assert_eq!(store.cases_of(person, "agent").await.unwrap().len(), 1);
        assert_eq!(store.participant_of(cases[0], person, "agent").await.unwrap(), None);
        assert_eq!(store.participant_of(cases[1], person, "agent").await.unwrap().as_ref(), Some(&rows[1]));
        assert_eq!(store.participants(cases[0]).await.unwrap()[0].ended_at, Some(NOON));
        assert_eq!(store.roles_of(PersonId(id())).await.unwrap(), []);
    }

    async fn rooms_come_with_the_latest_act_first(db) {
        let store = db.open().await;
        let (case, person) = (sample::case(&store).await, sample::person(&store).await);
        let mut speakers: Vec<Speaker> = (0..3).map(|_| Speaker::new(&person)).collect();
        for speaker in &mut speakers {
            let mut append = speaker.founds(case);
            append.effects.push(Effect::MembershipStarted {
                member: MemberId(person.id.0),
                person: person.id,
                role: "party".to_owned(),
                seq: 1,
                at: NOON,
            });
            store.append(append).await.unwrap();
        }
        store.append(speakers[1].says("新")).await.unwrap();
        let rooms = store.memberships_of(person.id, "party").await.unwrap();
        assert_eq!(rooms.len(), 3);
        assert_eq!(rooms[0].0.id, speakers[1].room());
        assert_eq!((rooms[0].0.head, rooms[0].0.last_at), (2, NOON + 2));
        assert_eq!(rooms[0].0.closes_at, NOON + 3600 * SECOND);
    }

    async fn somebody_who_was_let_in_again_is_a_member_again(db) {
        let store = db.open().await;
        let (case, person) = (sample::case(&store).await, sample::person(&store).await);
        let mut speaker = Speaker::new(&person);
        let member = MemberId(id());
        let started = |seq| Effect::MembershipStarted { member, person: person.id, role: "agent".to_owned(), seq, at: NOON };
        let mut founding = speaker.founds(case);
        founding.effects = vec![started(1)];
        let mut ended = speaker.says("退出");
        ended.effects = vec![Effect::MembershipEnded { member, seq: 2, at: NOON }];
        let mut again = speaker.says("再次加入");
        again.effects = vec![started(3)];
        // All three may share a batch; the order of the acts is the order of their effects.
        for one in [founding, ended, again].map(|append| store.append(append)) {
            one.await.unwrap();
        }
        let now = store.membership(speaker.room(), person.id, "agent").await.unwrap().unwrap();
        assert_eq!((now.since_seq, now.until_seq), (3, None));
        assert_eq!(store.memberships_of(person.id, "agent").await.unwrap().len(), 1);
    }

    async fn a_read_mark_never_goes_back(db) {
        let nodes = [db.open().await, db.open().await];
        let (room, member, other) = (RoomId(id()), MemberId(id()), MemberId(id()));
        assert_eq!(nodes[0].read_mark(room, member).await.unwrap(), 0);
        let marks = (1..=20u64).map(|seq| {
            let node = nodes[(seq % 2) as usize].clone();
            tokio::spawn(async move { node.set_read_mark(room, member, (seq * 7) % 20 + 1).await.unwrap() })
        });
        for one in marks.collect::<Vec<_>>() {
            one.await.unwrap();
        }
        nodes[0].set_read_mark(room, member, 4).await.unwrap();
        assert_eq!(nodes[1].read_mark(room, member).await.unwrap(), 20);
        let marks = nodes[0].read_marks(&[(room, member), (room, other), (RoomId(id()), member)]).await.unwrap();
        assert_eq!(marks, [((room, member), 20)].into());
    }
}
