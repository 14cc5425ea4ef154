//! What must hold after any history, on both databases, asked through the whole program.

mod finding;
mod history;
mod idempotency;
mod paging;

use court::act::{AudienceDocument, BodyDocument};
use court::{Act, Room, RoomId, beijing};
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use record::{ChainVerifier, StoredLeaf};
use store::StoredAct;

use crate::kit::House;

/// Runs a property whose cases need the runtime that the test runs on.
pub(crate) fn for_any<S: Strategy>(
    cases: u32,
    strategy: &S,
    property: impl AsyncFn(S::Value) -> Result<(), TestCaseError>,
) {
    let config = Config { cases, max_shrink_iters: 200, failure_persistence: None, ..Config::default() };
    let run = |value| tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(property(value)));
    if let Err(error) = TestRunner::new(config).run(strategy, run) {
        panic!("{error}");
    }
}

/// Property P-02: the stored record folds to the live state, survives being written as a snapshot, and its chain verifies.
pub(crate) async fn record_is_sound(house: &House, room: RoomId) {
    let desk = house.desk();
    let mut folded = Room::empty(room);
    let mut chain = ChainVerifier::new(&desk.config.court.code, room.0);
    loop {
        let rows = desk.store.acts(room.0, folded.seq, u64::MAX >> 1, 300).await.expect("a store");
        if rows.is_empty() {
            break;
        }
        for row in &rows {
            folded.fold(&opened(room, row), &desk.policy);
            chain.take(&leaf(row)).expect("the chain verifies");
        }
    }
    let head = desk.store.head(room.0).await.expect("a store").expect("the room");
    chain.ends_at(head).expect("the record ends where its head says");
    let live = desk.room(room).await.expect("a store").expect("the room");
    assert_eq!(*live, folded, "the live room is not what its record says");
    let written = serde_json::to_string(&folded).expect("a room can be written");
    assert_eq!(serde_json::from_str::<Room>(&written).expect("and read"), folded, "a snapshot is not what was kept");
}

/// An act as the record has it. Written here once more on purpose: what the program reads of its own rows is not asked.
fn opened(room: RoomId, row: &StoredAct) -> Act {
    let body: BodyDocument = serde_json::from_str(&row.body).expect("a body");
    let audience: AudienceDocument = serde_json::from_str(&row.audience).expect("an audience");
    Act {
        room,
        seq: row.seq,
        id: row.id,
        at: beijing::from_micros(row.at),
        actor: row.member.expect("a member acted"),
        capacity: body.capacity,
        name: body.name,
        audience: audience.audience,
        sentence: body.sentence,
        hint: audience.hint,
        body: body.act,
        leaf: row.leaf,
    }
}

fn leaf(row: &StoredAct) -> StoredLeaf<'_> {
    StoredLeaf {
        seq: row.seq,
        kind: &row.kind,
        at: row.at,
        actor: &row.pseudonym,
        body: row.body.as_bytes(),
        body_salt: &row.body_salt,
        audience: row.audience.as_bytes(),
        audience_salt: &row.audience_salt,
        leaf: row.leaf,
    }
}
