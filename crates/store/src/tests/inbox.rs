//! Notifications are their owners' alone, one for each wish; what was read and cleared can be told apart and taken back.

use court::{CaseId, MemberId, PersonId, RoomId, SessionId};
use uuid::Uuid;

use super::sample::{NOON, SECOND, Speaker, case, id, person};
use crate::{
    Cleared, Effect, NewNotification, NotificationPage, Owner, PushSubscription, ReadMark, Sent, SessionRow, Store,
    StrongReminder, on_both_databases,
};

fn told(person: PersonId, role: &str, record: Uuid, seq: u64) -> NewNotification {
    NewNotification {
        topic: "matter.issued".to_owned(),
        person,
        role: role.to_owned(),
        record,
        seq,
        at: NOON + seq as i64,
    }
}

fn page(limit: u64) -> NotificationPage<'static> {
    NotificationPage { topics: None, before: None, limit }
}

async fn listed(store: &Store, owner: Owner<'_>) -> Vec<u64> {
    store.notifications(owner, page(100)).await.unwrap().into_iter().map(|row| row.seq).collect()
}

async fn unread(store: &Store, owner: Owner<'_>) -> u64 {
    store.unread_notifications(owner).await.unwrap().into_values().sum()
}

on_both_databases! {
    async fn p06_pages_of_an_inbox_are_the_whole_of_it_and_nobody_elses(db) {
        let store = db.open().await;
        let (mine, theirs, room) = (PersonId(id()), PersonId(id()), id());
        let mut all: Vec<_> = (1..=23).map(|seq| told(mine, "party", room, seq)).collect();
        // Of one moment: the order is that of their ids, and the same on every page.
        all.iter_mut().take(9).for_each(|new| new.at = NOON);
        all.push(told(mine, "agent", room, 30));
        all.push(told(theirs, "party", room, 31));
        all.push(told(mine, "", room, 32));
        store.put_notifications(&all, &[]).await.unwrap();
        // Told twice it is one.
        store.put_notifications(&all[..5], &[]).await.unwrap();
        let owner = Owner { person: mine, role: "party" };
        let whole = listed(&store, owner).await;
        assert_eq!(whole.len(), 24);
        assert!(whole.contains(&32) && !whole.contains(&30) && !whole.contains(&31));
        for limit in [1, 5, 24, 50] {
            let (mut seen, mut before) = (Vec::new(), None);
            loop {
                let page = store.notifications(owner, NotificationPage { topics: None, before, limit }).await.unwrap();
                let Some(last) = page.last() else { break };
                before = Some(last.id);
                seen.extend(page.iter().map(|row| row.seq));
            }
            assert_eq!(seen, whole, "pages of {limit}");
        }
        let none = NotificationPage { topics: Some(&["letter.received"]), ..page(9) };
        assert!(store.notifications(owner, none).await.unwrap().is_empty());
        // Another's notification is no place to go on from.
        let foreign = NotificationPage { before: Some(all[24].id()), ..page(9) };
        assert!(store.notifications(owner, foreign).await.unwrap().is_empty());
    }

    async fn what_is_read_cleared_and_taken_back(db) {
        let store = db.open().await;
        let (me, other, room) = (PersonId(id()), PersonId(id()), id());
        let all: Vec<_> = (1..=4).map(|seq| told(me, "party", room, seq)).collect();
        store.put_notifications(&all, &[]).await.unwrap();
        store.put_notifications(&[told(other, "party", room, 1)], &[]).await.unwrap();
        let (mine, theirs) = (Owner { person: me, role: "party" }, Owner { person: other, role: "party" });
        store.read_notifications(theirs, &[all[0].id()], NOON).await.unwrap();
        assert_eq!(unread(&store, mine).await, 4, "nobody reads for somebody else");
        store.read_notifications(mine, &[all[0].id(), all[1].id()], NOON).await.unwrap();
        assert_eq!(unread(&store, mine).await, 2);
        let (first, second) = (NOON + SECOND, NOON + 2 * SECOND);
        assert_eq!(store.clear_notifications(mine, Cleared::Read, first).await.unwrap(), 2);
        assert_eq!(listed(&store, mine).await, [4, 3]);
        assert_eq!(store.clear_notifications(mine, Cleared::All, second).await.unwrap(), 2);
        assert_eq!((listed(&store, mine).await.len(), unread(&store, mine).await), (0, 0));
        assert_eq!(store.unclear_notifications(theirs, second, second).await.unwrap(), 0);
        assert_eq!(store.unclear_notifications(mine, second, second).await.unwrap(), 2);
        assert_eq!((listed(&store, mine).await, unread(&store, mine).await), (vec![4, 3], 2), "unread where it was");
        assert_eq!(store.unclear_notifications(mine, first, second).await.unwrap(), 2);
        assert_eq!((listed(&store, mine).await, unread(&store, mine).await), (vec![4, 3, 2, 1], 2));
        assert_eq!(unread(&store, theirs).await, 1);
        assert_eq!(listed(&store, theirs).await, [1]);
        let changed = store.inboxes_changed_since(second).await.unwrap();
        assert!(changed.contains(&(me, "party".to_owned())));
        assert_eq!(store.forget_notifications(NOON + 3).await.unwrap(), 3, "two of mine, one of theirs");
        assert_eq!(listed(&store, mine).await, [4, 3]);
    }

    async fn reading_a_room_reads_what_was_told_of_it_up_to_there(db) {
        let store = db.open().await;
        let (me, room, elsewhere) = (PersonId(id()), RoomId(id()), id());
        let all = [told(me, "party", room.0, 3), told(me, "party", room.0, 8), told(me, "party", elsewhere, 3)];
        store.put_notifications(&all, &[]).await.unwrap();
        let owner = Owner { person: me, role: "party" };
        let mark = ReadMark { room, member: MemberId(id()), seq: 2, record_seq: 3 };
        assert!(store.mark_read(owner, mark, NOON).await.unwrap());
        assert!(!store.mark_read(owner, mark, NOON).await.unwrap(), "it was so before");
        assert!(!store.mark_read(owner, ReadMark { seq: 1, ..mark }, NOON).await.unwrap(), "a mark never goes back");
        assert_eq!(store.read_mark(room, mark.member).await.unwrap(), 2);
        assert_eq!(unread(&store, owner).await, 2);
    }

    async fn f22_a_notification_is_durable_with_its_act_or_not_at_all(db) {
        let store = db.open().await;
        let speaker = person(&store).await;
        let case = case(&store).await;
        let mut by = Speaker::new(&speaker);
        let notified = |by: &Speaker, seq| Effect::Notified(told(speaker.id, "party", by.record, seq));
        let mut first = by.founds(case);
        first.effects = vec![notified(&by, 1)];
        store.append(first).await.unwrap();
        let owner = Owner { person: speaker.id, role: "party" };
        assert_eq!(listed(&store, owner).await, [1]);
        // Decided on a head that has moved: neither the act nor what it leads to.
        let mut late = by.clone();
        let mut second = late.says("迟");
        by.head = late.head;
        second.expected.seq = 0;
        second.effects = vec![notified(&by, 2)];
        assert!(store.append(second).await.is_err());
        assert_eq!(listed(&store, owner).await, [1]);
        let member = MemberId(id());
        let granted = StrongReminder {
            room: RoomId(by.record), seq: 2, member, case, sender: speaker.id, recipient: speaker.id,
            at: NOON, sent_at: None,
        };
        let mut again = Speaker::at(by.record, speaker.id, store.head(by.record).await.unwrap().unwrap());
        let mut third = again.says("再");
        let gone = Effect::NotificationsGone { person: speaker.id, role: "party".to_owned() };
        third.effects = vec![notified(&by, 2), gone, Effect::Reminded(granted)];
        store.append(third).await.unwrap();
        assert_eq!(listed(&store, owner).await, [2], "what went was told before; what this act tells stays");
        let kept = store.strong_reminders_of(RoomId(by.record), 2).await.unwrap();
        assert_eq!(kept, [granted]);
        store.strong_reminder_sent(&granted, NOON + 1).await.unwrap();
        assert_eq!(store.strong_reminders_of(RoomId(by.record), 2).await.unwrap()[0].sent_at, Some(NOON + 1));
    }

    async fn sr48_reminders_are_counted_by_case_sender_and_recipient(db) {
        let store = db.open().await;
        let someone = person(&store).await;
        let court_case = case(&store).await;
        let mut by = Speaker::new(&someone);
        let (a, b, c) = (PersonId(id()), PersonId(id()), PersonId(id()));
        let other = CaseId(id());
        let mut first = by.founds(court_case);
        let room = RoomId(by.record);
        let one = |case, sender, recipient, at| Effect::Reminded(StrongReminder {
            room, seq: 1, member: MemberId(id()), case, sender, recipient, at, sent_at: None,
        });
        first.effects = vec![
            one(court_case, a, b, NOON),
            one(court_case, b, c, NOON),
            one(other, a, c, NOON),
            one(other, c, a, NOON),
            one(court_case, a, b, NOON - SECOND),
        ];
        store.append(first).await.unwrap();
        let count = async |case, sender, to: &[PersonId]| {
            store.strong_reminders_since(NOON - SECOND, case, sender, to).await.unwrap().len()
        };
        assert_eq!(count(court_case, PersonId(id()), &[]).await, 2, "what is older does not count");
        assert_eq!(count(CaseId(id()), a, &[]).await, 2);
        assert_eq!(count(CaseId(id()), PersonId(id()), &[c]).await, 2);
        assert_eq!(count(court_case, a, &[a]).await, 4);
    }

    async fn ways_that_were_used_and_choices_are_kept_by_person(db) {
        let store = db.open().await;
        let (me, other, notification) = (PersonId(id()), PersonId(id()), id());
        let sent = Sent { notification, way: "sms", target: Uuid::nil(), person: me };
        assert!(!store.was_sent(sent).await.unwrap());
        store.note_sent(sent, NOON).await.unwrap();
        store.note_sent(sent, NOON + 1).await.unwrap();
        assert!(store.was_sent(sent).await.unwrap());
        assert!(!store.was_sent(Sent { way: "push", ..sent }).await.unwrap());
        assert_eq!(store.sent_since(me, "sms", NOON).await.unwrap(), 1);
        assert_eq!(store.sent_since(me, "sms", NOON + 1).await.unwrap(), 0);
        assert_eq!(store.sent_since(other, "sms", NOON).await.unwrap(), 0);
        store.choose_inbox(me, "letter", "sms", true).await.unwrap();
        store.choose_inbox(me, "letter", "sms", false).await.unwrap();
        store.choose_inbox(me, "letter", "push", true).await.unwrap();
        let chosen = store.inbox_choices(me).await.unwrap();
        assert_eq!(chosen.len(), 2);
        assert!(!chosen[&("letter".to_owned(), "sms".to_owned())]);
        assert!(store.inbox_choices(other).await.unwrap().is_empty());
    }

    async fn sr08_a_browser_goes_with_its_session_and_is_one_persons_at_a_time(db) {
        let store = db.open().await;
        let (me, next) = (person(&store).await.id, person(&store).await.id);
        let session = async |person| {
            let row = SessionRow {
                id: SessionId(id()), token_hash: record::Hash::of(id().as_bytes()), person, role: None,
                kind: "browser".to_owned(), created_at: NOON, last_seen_at: NOON, expires_at: i64::MAX,
                idle_expires_at: i64::MAX, revoked_at: None, agent: String::new(), ip: String::new(),
            };
            store.put_session(&row).await.unwrap();
            row.id
        };
        let browser = |person, session, at: &str, when| PushSubscription {
            id: id(), person, session, endpoint: at.to_owned(), p256dh: vec![4; 65], auth: vec![1; 16],
            created_at: NOON + when,
        };
        let (mine, second, theirs) = (session(me).await, session(me).await, session(next).await);
        let count = async |person| store.push_subscriptions(person).await.unwrap().len();
        store.put_push_subscription(&browser(me, mine, "https://a", 1)).await.unwrap();
        store.put_push_subscription(&browser(me, second, "https://b", 2)).await.unwrap();
        assert_eq!(count(me).await, 2);
        // The next person at the same device.
        store.put_push_subscription(&browser(next, theirs, "https://a", 3)).await.unwrap();
        assert_eq!((count(me).await, count(next).await), (1, 1));
        store.revoke(second, NOON).await.unwrap();
        assert_eq!((count(me).await, count(next).await), (0, 1));
        for n in 0..14 {
            store.put_push_subscription(&browser(next, theirs, &format!("https://c{n}"), 10 + n)).await.unwrap();
        }
        let kept = store.push_subscriptions(next).await.unwrap();
        assert_eq!(kept.len(), 10);
        assert!(!kept.iter().any(|row| row.endpoint == "https://c3"), "the oldest went");
        store.drop_push_subscription(kept[0].id).await.unwrap();
        assert_eq!(count(next).await, 9);
        store.revoke_all(next, NOON).await.unwrap();
        assert_eq!(count(next).await, 0);
        assert!(!format!("{:?}", kept[1]).contains("https"), "an address is a secret");
    }
}
