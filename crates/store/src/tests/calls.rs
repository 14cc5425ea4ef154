//! What a telephone service tells of a call may come twice and in any order.

use court::{ActId, RoomId};
use uuid::Uuid;

use super::sample::NOON;
use crate::{CallNote, on_both_databases};

on_both_databases! {
    async fn what_was_told_first_stays_whatever_the_order(db) {
        let store = db.open().await;
        let (id, room) = (ActId(Uuid::from_u128(1)), RoomId(Uuid::from_u128(2)));
        assert_eq!(store.call(id).await.unwrap(), None);
        // Told of a call that nobody began: nothing is kept.
        store.note_call(id, &CallNote::Rang(NOON)).await.unwrap();
        assert_eq!(store.call(id).await.unwrap(), None);
        store.open_call(id, room, NOON).await.unwrap();
        for note in [
            CallNote::Over("first".to_owned()),
            CallNote::Answered(NOON + 2),
            CallNote::Rang(NOON + 1),
            CallNote::Over("second".to_owned()),
            CallNote::Rang(NOON + 9),
        ] {
            store.note_call(id, &note).await.unwrap();
        }
        store.bind_call(id, "A1", "02100000001").await.unwrap();
        // A job that runs twice opens the same call again.
        store.open_call(id, room, NOON + 60).await.unwrap();
        let call = store.call(id).await.unwrap().unwrap();
        assert_eq!((call.room, call.begun_at), (room, NOON));
        assert_eq!((call.rang_at, call.answered_at), (Some(NOON + 1), Some(NOON + 2)));
        assert_eq!(call.result.as_deref(), Some("first"));
        assert_eq!((call.binding.as_deref(), call.number.as_deref()), (Some("A1"), Some("02100000001")));
    }
}
