//! Drafts are kept one for each member and matter; a reminder is noted once, however many send it.

use court::{ActId, MemberId, RoomId};

use super::sample::{NOON, SECOND, id};
use crate::{Draft, Reminder, on_both_databases};

fn draft(matter: ActId, content: &str, at: i64) -> Draft {
    Draft { matter, content: content.to_owned(), saved_at: at }
}

on_both_databases! {
    async fn a_draft_is_kept_for_its_member_alone_and_the_newer_replaces_the_older(db) {
        let store = db.open().await;
        let (room, elsewhere) = (RoomId(id()), RoomId(id()));
        let (one, other) = (MemberId(id()), MemberId(id()));
        let (matter, second) = (ActId(id()), ActId(id()));
        store.save_draft(room, one, &draft(matter, "先", NOON)).await.unwrap();
        store.save_draft(room, one, &draft(matter, "后", NOON + SECOND)).await.unwrap();
        store.save_draft(room, one, &draft(second, "另一项", NOON)).await.unwrap();
        store.save_draft(room, other, &draft(matter, "别人的", NOON)).await.unwrap();
        let kept = store.drafts_of(room, one).await.unwrap();
        assert_eq!(kept.len(), 2);
        assert_eq!(kept[&matter], draft(matter, "后", NOON + SECOND));
        assert!(store.drafts_of(elsewhere, one).await.unwrap().is_empty());
        store.drop_draft(room, one, matter).await.unwrap();
        store.drop_draft(room, one, matter).await.unwrap();
        assert_eq!(store.drafts_of(room, one).await.unwrap().len(), 1);
        assert_eq!(store.drafts_of(room, other).await.unwrap()[&matter].content, "别人的");
    }

    async fn of_many_who_note_one_reminder_one_sends_it(db) {
        let nodes = [db.open().await, db.open().await];
        let reminder = Reminder { matter: ActId(id()), member: MemberId(id()), set_by: 7, hours: 24 };
        let notes = (0..8).map(|n| {
            let node = nodes[n % 2].clone();
            tokio::spawn(async move { node.note_reminder(reminder, NOON).await.unwrap() })
        });
        let mut sent = 0;
        for note in notes.collect::<Vec<_>>() {
            sent += usize::from(note.await.unwrap());
        }
        assert_eq!(sent, 1);
        let store = &nodes[0];
        // Another deadline, another hour, another member: reminders of their own.
        for own in [
            Reminder { set_by: 8, ..reminder },
            Reminder { hours: 1, ..reminder },
            Reminder { member: MemberId(id()), ..reminder },
        ] {
            assert!(store.note_reminder(own, NOON).await.unwrap());
        }
        store.forget_reminder(reminder).await.unwrap();
        assert!(store.note_reminder(reminder, NOON).await.unwrap(), "what was not sent can be sent");
    }
}
