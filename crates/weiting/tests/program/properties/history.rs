//! Random histories: people speak to all and to some, show files, come and go, the judge opens, closes and moves the sitting, time
//! passes. Whatever of it is refused, what is taken adds up (P-02), and each sees what the audiences say.

use std::sync::atomic::{AtomicU32, Ordering};

use court::{ActId, Capacity, FileKind, RoomId};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::json;

use super::{for_any, record_is_sound};
use crate::kit::{House, Seat, Trial, here, rfc3339};

/// One thing that somebody tries. Numbers name seats.
#[derive(Clone, Debug)]
enum Step {
    Says(usize),
    ToBench(usize),
    ToMembers(usize, Vec<usize>),
    Shows(usize),
    Locates(usize),
    Accepts(usize),
    Ends(usize, usize),
    Admits(usize, usize),
    Opens(usize),
    Closes(usize),
    Moves(usize, i64),
    Waits(i64),
    /// A judge rings somebody.
    Calls(usize, usize),
    /// The telephone service reports that the call is over.
    CallEnds,
    Asks(usize, Vec<usize>, i64),
    Answers(usize),
    GivesTime(usize, i64),
    Withdraws(usize),
    EndsMatter(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let seat = || 0..Capacity::ALL.len();
    // The first three conduct the sitting or keep its record, so that much of what is tried is taken.
    let court = || prop::sample::select(vec![0_usize, 1, 4, 5]);
    prop_oneof![
        4 => seat().prop_map(Step::Says),
        2 => seat().prop_map(Step::ToBench),
        4 => (seat(), vec(seat(), 1..4)).prop_map(|(from, to)| Step::ToMembers(from, to)),
        2 => seat().prop_map(Step::Shows),
        1 => seat().prop_map(Step::Locates),
        3 => seat().prop_map(Step::Accepts),
        2 => (court(), seat()).prop_map(|(by, who)| Step::Ends(by, who)),
        3 => (court(), seat()).prop_map(|(by, who)| Step::Admits(by, who)),
        2 => (0..2_usize).prop_map(Step::Opens),
        1 => (0..2_usize).prop_map(Step::Closes),
        1 => (court(), -30..90_i64).prop_map(|(by, minutes)| Step::Moves(by, minutes)),
        1 => (1..20_i64).prop_map(Step::Waits),
        2 => (0..2_usize, seat()).prop_map(|(by, who)| Step::Calls(by, who)),
        1 => Just(Step::CallEnds),
        2 => (0..2_usize, vec(seat(), 1..4), 1..60_i64).prop_map(|(by, who, minutes)| Step::Asks(by, who, minutes)),
        4 => seat().prop_map(Step::Answers),
        1 => (0..2_usize, 1..60_i64).prop_map(|(by, minutes)| Step::GivesTime(by, minutes)),
        1 => (0..2_usize).prop_map(Step::Withdraws),
        1 => (0..2_usize).prop_map(Step::EndsMatter),
    ]
}

async fn take(house: &House, trial: &Trial, room: RoomId, step: &Step) -> Option<u16> {
    let seat = |place: &usize| &trial.seats[*place];
    let state = house.desk().room(room).await.expect("a store").expect("the room");
    // The newest matter that the judge sees; whoever is not asked is refused.
    let matter = state.matters_of(trial.seats[0].member).last().map_or(ActId(uuid::Uuid::nil()), |(id, _)| id);
    let within = |minutes: &i64| rfc3339(house.desk().now() + time::Duration::minutes(*minutes));
    let (by, body) = match step {
        Step::Says(from) => (seat(from), json!({"kind": "speech.text", "text": "言"})),
        Step::ToBench(from) => (seat(from), json!({"kind": "speech.text", "text": "言", "to": "bench"})),
        Step::ToMembers(from, to) => {
            let members: Vec<_> = to.iter().map(|to| seat(to).member).collect();
            (seat(from), json!({"kind": "speech.text", "text": "言", "to": {"members": members}}))
        }
        Step::Shows(from) => {
            let file = house.upload(seat(from).person, FileKind::Voice, "录音.mp3").await;
            (seat(from), json!({"kind": "speech.voice", "blob": file}))
        }
        Step::Locates(from) => (seat(from), here("附近")),
        Step::Accepts(who) => {
            let notice = house.desk().policy.entry_notice().clone();
            (seat(who), json!({"kind": "notice.acknowledge", "notice": notice.id, "version": notice.version}))
        }
        Step::Ends(by, who) => (seat(by), json!({"kind": "member.end", "member": seat(who).member, "reason": "终止"})),
        Step::Admits(by, who) => (seat(by), json!({"kind": "member.admit", "participant": seat(who).member})),
        Step::Asks(by, who, minutes) => {
            let targets: Vec<_> = who.iter().map(|who| seat(who).member).collect();
            let body = json!({
                "kind": "matter.issue", "title": "事项", "text": "请办理", "targets": targets, "deadline": within(minutes),
            });
            (seat(by), body)
        }
        Step::Answers(who) => (seat(who), json!({"kind": "matter.answer", "matter": matter, "text": "办理"})),
        Step::GivesTime(by, minutes) => {
            let deadline = within(minutes);
            (seat(by), json!({"kind": "matter.extend", "matter": matter, "deadline": deadline, "reason": "申请"}))
        }
        Step::Withdraws(by) => (seat(by), json!({"kind": "matter.withdraw", "matter": matter, "reason": "撤回"})),
        Step::EndsMatter(by) => (seat(by), json!({"kind": "matter.close", "matter": matter})),
        Step::Opens(by) => (seat(by), json!({"kind": "sitting.open"})),
        Step::Closes(by) => (seat(by), json!({"kind": "sitting.close"})),
        Step::Moves(by, minutes) => {
            let opens = house.desk().now() + time::Duration::minutes(*minutes);
            let (opens, closes) = (rfc3339(opens), rfc3339(opens + time::Duration::hours(1)));
            (seat(by), json!({"kind": "sitting.reschedule", "opens_at": opens, "closes_at": closes, "reason": "改期"}))
        }
        Step::Calls(by, who) => (seat(by), json!({"kind": "call.start", "callee": seat(who).member})),
        Step::CallEnds => {
            let state = house.desk().room(room).await.expect("a store").expect("the room");
            let call = state.on_call().map(|on| on.call)?;
            let end = court::call::End { call, outcome: court::call::Outcome::Missed, seconds: None, reason: None };
            house.desk().report(room, court::Report::CallEnd(end)).await.expect("the call ends");
            return None;
        }
        Step::Waits(minutes) => {
            house.kit.clock.advance(time::Duration::minutes(*minutes));
            return None;
        }
    };
    Some(by.does(room, body).await.status.as_u16())
}

/// Whoever may read sees exactly the acts that the audiences let them see, under numbers from 1 without gaps.
async fn sees_what_is_meant_for_them(house: &House, seat: &Seat, room: RoomId) -> Result<(), TestCaseError> {
    if seat.get(&format!("/api/rooms/{room}/acts")).await.status != 200 {
        return Ok(());
    }
    let acts = seat.acts(room).await;
    let mut leaves = Vec::new();
    let state = house.desk().room(room).await.expect("a store").expect("the room");
    for row in house.desk().store.acts(room.0, 0, u64::MAX >> 1, 10_000).await.expect("a store") {
        let document: court::act::AudienceDocument = serde_json::from_str(&row.audience).expect("an audience");
        let viewer = court::Viewer { member: seat.member, capacity: seat.capacity };
        if document.audience.includes(viewer, row.member.expect("a member"), &house.desk().policy) {
            leaves.push(row.leaf.to_string());
        }
    }
    let seen: Vec<_> = acts.iter().filter_map(|act| act["leaf"].as_str()).map(str::to_owned).collect();
    prop_assert_eq!(seen, leaves, "{} of {}", seat.capacity.code(), state.seq);
    for (place, act) in acts.iter().enumerate() {
        prop_assert_eq!(act["seq"].as_u64(), Some(place as u64 + 1));
    }
    Ok(())
}

static MARK: AtomicU32 = AtomicU32::new(1);

store::on_both_databases! {
    async fn p02_the_record_folds_to_the_live_state_after_any_history(db) {
        let house = House::on(db).await;
        let taken = AtomicU32::new(0);
        for_any(24, &vec(step(), 20..90), async |steps| {
            let trial = Trial::begin(&house, MARK.fetch_add(1, Ordering::Relaxed)).await;
            let window = (time::Duration::ZERO, time::Duration::hours(3));
            let members: Vec<_> = trial.seats[..12].iter().map(|seat| seat.member).collect();
            let room = house.schedule(&mut trial.seat(Capacity::CourtClerk).caller, trial.case, window, &members).await;
            for step in &steps {
                if let Some(status) = take(&house, &trial, room, step).await {
                    prop_assert!([201, 403, 404, 409, 422].contains(&status), "{step:?} was answered with {status}");
                    taken.fetch_add(u32::from(status == 201), Ordering::Relaxed);
                }
            }
            record_is_sound(&house, room).await;
            for seat in &trial.seats {
                sees_what_is_meant_for_them(&house, seat, room).await?;
            }
            Ok(())
        });
        assert!(taken.load(Ordering::Relaxed) > 200, "too little was taken to mean anything: {taken:?}");
    }
}
