//! A case with somebody in every capacity, and what they do in court.

use court::{Capacity, CaseId, MemberId, PersonId, Phase, RoomId};
use desk::testkit::{Answer, Caller};
use serde_json::{Value, json};
use time::Duration;

use super::{House, Keys, said};

/// A case with one person in each capacity.
pub(crate) struct Trial {
    pub(crate) case: CaseId,
    pub(crate) seats: Vec<Seat>,
}

/// A person in a capacity, with a browser that is logged in.
#[derive(Clone)]
pub(crate) struct Seat {
    pub(crate) person: PersonId,
    pub(crate) member: MemberId,
    pub(crate) capacity: Capacity,
    pub(crate) caller: Caller,
    keys: Keys,
}

impl Trial {
    /// A case in which every capacity has one person. `mark` keeps the people of several trials of one house apart; phone numbers
    /// begin with it.
    pub(crate) async fn begin(house: &House, mark: u32) -> Trial {
        let number = format!("(2026)沪0113民初{mark}号");
        let case = house.kit.case(&number, &format!("甲{mark}公司诉乙{mark}公司")).await;
        let mut trial = Trial { case, seats: Vec::new() };
        for (place, capacity) in Capacity::ALL.into_iter().enumerate() {
            let phone = format!("139{mark:04}{place:04}");
            trial.seat_another(house, &format!("{}{mark}", capacity.label()), &phone, capacity).await;
        }
        trial
    }

    /// One more person who takes part in the case; `name` is what the case calls them.
    pub(crate) async fn seat_another(&mut self, house: &House, name: &str, phone: &str, capacity: Capacity) -> Seat {
        let person = house.kit.person(capacity.label(), phone).await;
        self.seat_person(house, person, name, capacity).await
    }

    /// A person who is known already takes part in the case.
    pub(crate) async fn seat_person(
        &mut self,
        house: &House,
        person: PersonId,
        name: &str,
        capacity: Capacity,
    ) -> Seat {
        let member = house.kit.participant(self.case, person, name, capacity).await;
        let caller = house.kit.caller(&house.app, person, Some(capacity.role())).await;
        let seat = Seat { person, member, capacity, caller, keys: house.keys.clone() };
        self.seats.push(seat.clone());
        seat
    }

    /// The first person in this capacity.
    pub(crate) fn seat(&self, capacity: Capacity) -> Seat {
        self.seats.iter().find(|seat| seat.capacity == capacity).cloned().expect("every capacity has a seat")
    }

    pub(crate) fn judge(&self) -> Seat {
        self.seat(Capacity::PresidingJudge)
    }

    pub(crate) fn members(&self) -> Vec<MemberId> {
        self.seats.iter().map(|seat| seat.member).collect()
    }

    /// A room with all of the case, in this phase, in which everybody has accepted the notice where that is possible.
    ///
    /// An ended room is one whose window ends in a minute: the clock is moved there.
    pub(crate) async fn room(&self, house: &House, phase: Phase) -> RoomId {
        let hours = |hours| Duration::hours(hours);
        let window = match phase {
            Phase::Scheduled => (hours(1), hours(3)),
            Phase::Ended => (Duration::ZERO, Duration::minutes(1)),
            _ => (Duration::ZERO, hours(2)),
        };
        let mut clerk = self.seat(Capacity::CourtClerk);
        let room = house.schedule(&mut clerk.caller, self.case, window, &self.members()).await;
        if phase == Phase::Scheduled {
            return room;
        }
        for seat in &self.seats {
            seat.accepts(house, room).await;
        }
        if matches!(phase, Phase::Open | Phase::Closed | Phase::Ended) {
            self.judge().must(room, json!({"kind": "sitting.open"})).await;
        }
        if phase == Phase::Closed {
            self.judge().must(room, json!({"kind": "sitting.close"})).await;
        }
        if phase == Phase::Ended {
            house.kit.clock.advance(Duration::minutes(1));
        }
        room
    }
}

impl Seat {
    /// Asks to do something in a room.
    pub(crate) async fn does(&self, room: RoomId, body: Value) -> Answer {
        self.does_as(&self.keys.next(), room, body).await
    }

    /// Asks to do something under this idempotency key.
    pub(crate) async fn does_as(&self, key: &str, room: RoomId, body: Value) -> Answer {
        self.caller.clone().post_once(&format!("/api/rooms/{room}/acts"), key, body).await
    }

    /// Does something that must be taken; the receipt.
    pub(crate) async fn must(&self, room: RoomId, body: Value) -> Value {
        let answer = self.does(room, body.clone()).await;
        assert_eq!(answer.status, 201, "{} {body}: {}", self.capacity.code(), said(&answer));
        answer.json()
    }

    /// Says something to everybody; the receipt.
    pub(crate) async fn says(&self, room: RoomId, text: &str) -> Value {
        self.must(room, json!({"kind": "speech.text", "text": text})).await
    }

    /// Says something to some members only; the receipt.
    pub(crate) async fn tells(&self, room: RoomId, text: &str, to: &[&Seat]) -> Value {
        let members: Vec<_> = to.iter().map(|seat| seat.member).collect();
        self.must(room, json!({"kind": "speech.text", "text": text, "to": {"members": members}})).await
    }

    /// Accepts the entry notice where this capacity must.
    pub(crate) async fn accepts(&self, house: &House, room: RoomId) {
        let policy = &house.desk().policy;
        if policy.reads_notice(self.capacity) {
            let notice = policy.entry_notice();
            let accepts = json!({"kind": "notice.acknowledge", "notice": notice.id, "version": notice.version});
            self.must(room, accepts).await;
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.caller.clone().get(path).await
    }

    /// One page of acts; fails the test if it is refused.
    pub(crate) async fn page(&self, room: RoomId, after: u64, limit: u64) -> Vec<Value> {
        let answer = self.get(&format!("/api/rooms/{room}/acts?after={after}&limit={limit}")).await;
        assert_eq!(answer.status, 200, "{}", said(&answer));
        answer.json().as_array().cloned().expect("a list")
    }

    /// All acts that this member sees.
    pub(crate) async fn acts(&self, room: RoomId) -> Vec<Value> {
        let mut acts = Vec::new();
        loop {
            let page = self.page(room, acts.len() as u64, 200).await;
            if page.is_empty() {
                return acts;
            }
            acts.extend(page);
        }
    }

    /// The record numbers of the acts that this member may see, by the room's own state.
    pub(crate) async fn may_see(&self, house: &House, room: RoomId) -> Vec<u64> {
        let state = house.desk().room(room).await.expect("a store").expect("a room");
        (1..=state.seq).filter(|seq| state.dense(self.member, *seq).is_some()).collect()
    }
}
