//! Virtual calls through the whole program: the judge asks, a number is lent, telephones ring, and what the service reports becomes an act.

use bytes::Bytes;
use connect::simulator::Misbehaviour;
use court::{Capacity, Phase, RoomId};
use desk::jobs::Outcome;
use serde_json::{Value, json};
use time::Duration;

use crate::kit::exchange::{Exchange, HOOK_KEY};
use crate::kit::logs::Logs;
use crate::kit::{Eyes, House, Seat, Trial, said};
use crate::properties::record_is_sound;

/// An open room with a telephone service, and the judge's and the plaintiff's numbers.
struct Line {
    house: House,
    exchange: Exchange,
    trial: Trial,
    room: RoomId,
    judge: Seat,
    plaintiff: Seat,
    judges: String,
    plaintiffs: String,
}

impl Line {
    async fn on(db: store::kit::TestDatabase) -> Line {
        let (house, exchange) = House::on(db).await.with_exchange().await;
        let trial = Trial::begin(&house, 1).await;
        let room = trial.room(&house, Phase::Open).await;
        house.calls_jobs().await;
        let (judge, plaintiff) = (trial.judge(), trial.seat(Capacity::Plaintiff));
        let (judges, plaintiffs) = (house.number(judge.person).await, house.number(plaintiff.person).await);
        Line { house, exchange, trial, room, judge, plaintiff, judges, plaintiffs }
    }

    /// The judge calls the plaintiff and gets a number, which is returned.
    async fn begun(&self) -> String {
        self.judge.must(self.room, json!({"kind": "call.start", "callee": self.plaintiff.member})).await;
        assert_eq!(self.house.calls_jobs().await, [("call.bind".to_owned(), Outcome::Done)]);
        let number = self.call(&self.judge).await["dial"].as_str().expect("a number").to_owned();
        assert!(number.len() == 11 && number.starts_with("021"), "{number}");
        number
    }

    async fn call(&self, seat: &Seat) -> Value {
        let answer = seat.get(&format!("/api/rooms/{}/call", self.room)).await;
        assert_eq!(answer.status, 200, "{}", said(&answer));
        answer.json()
    }

    /// The acts about calls that this member sees.
    async fn acts(&self, seat: &Seat) -> Vec<Value> {
        let acts = seat.acts(self.room).await;
        acts.into_iter().filter(|act| act["kind"].as_str().is_some_and(|kind| kind.starts_with("call."))).collect()
    }

    async fn hand_in(&self, receipts: &[Bytes]) {
        for receipt in receipts {
            let answer = self.house.hook(HOOK_KEY, receipt.clone()).await;
            assert_eq!((answer.status.as_u16(), answer.json()), (200, json!({"code": 0, "msg": "接收成功"})));
        }
    }

    /// A call that is dialled, answered after four seconds, and ended by the plaintiff after another 200.
    async fn spoken(&self) {
        let number = self.begun().await;
        self.exchange.press(&self.judges, "dial", &number).await;
        self.house.kit.clock.advance(Duration::seconds(4));
        self.exchange.press(&self.plaintiffs, "answer", "").await;
        self.house.kit.clock.advance(Duration::seconds(200));
        self.exchange.press(&self.plaintiffs, "hang_up", "").await;
    }
}

store::on_both_databases! {
    async fn sr49_a_call_from_the_judges_wish_to_its_end_and_no_number_leaves_the_server(db) {
        let logs = Logs::catch();
        let line = Line::on(db).await;
        let (house, exchange, room) = (&line.house, &line.exchange, line.room);
        let number = line.begun().await;
        // The callee knows the code before anything rings; the number is the caller's alone.
        let begun = line.acts(&line.plaintiff).await.remove(0);
        let proof = begun["proof"].as_str().expect("a code").to_owned();
        assert!(proof.len() == 4 && proof.bytes().all(|byte| byte.is_ascii_digit()), "{proof}");
        assert_eq!(line.call(&line.plaintiff).await["dial"], Value::Null);
        assert_eq!(line.call(&line.trial.seat(Capacity::CourtClerk)).await["dial"], Value::Null);
        let shown = exchange.press(&line.judges, "dial", &number).await;
        assert_eq!(shown["state"], "dialling");
        assert_eq!(exchange.shows(&line.plaintiffs).await["number"], number.as_str(), "the callee sees the court's number");
        line.hand_in(&exchange.receipts(2).await).await;
        assert_eq!(line.call(&line.plaintiff).await["state"], "ringing");
        exchange.press(&line.plaintiffs, "answer", "").await;
        line.hand_in(&exchange.receipts(1).await).await;
        assert_eq!(line.call(&line.judge).await["state"], "talking");
        house.kit.clock.advance(Duration::seconds(75));
        exchange.press(&line.judges, "hang_up", "").await;
        line.hand_in(&exchange.receipts(1).await).await;
        assert_eq!(line.call(&line.judge).await, Value::Null);
        let end = line.acts(&line.plaintiff).await.remove(1);
        assert_eq!((&end["outcome"], &end["seconds"]), (&json!("answered"), &json!(75)));
        assert_eq!((&end["call"], &end["callee"]), (&begun["id"], &json!(line.plaintiff.member)));
        assert_eq!(house.calls_jobs().await, [("call.unbind".to_owned(), Outcome::Done)]);
        assert_eq!(exchange.shows(&line.judges).await["leads"], Value::Null, "the number is given back");
        for seat in &line.trial.seats {
            let sees = house.desk().policy.is_bench(seat.capacity) || seat.member == line.plaintiff.member;
            assert_eq!(line.acts(seat).await.len(), if sees { 2 } else { 0 }, "{}", seat.capacity.code());
        }
        record_is_sound(house, room).await;
        // SR-49: no telephone's own number in any act, answer, job or line of the log; and the code is not logged.
        let mut shipped = logs.text();
        // Four digits alone may stand in any time of day; what names the code may not.
        let code = [format!("\"{proof}\""), "验证码".to_owned()];
        for secret in code.iter().map(String::as_str).chain([HOOK_KEY, &number]) {
            assert!(!shipped.contains(secret), "the log holds {secret}");
        }
        for row in house.desk().store.acts(room.0, 0, u64::MAX >> 1, 1_000).await.expect("a store") {
            shipped.push_str(&row.body);
            shipped.push_str(&row.audience);
        }
        for seat in &line.trial.seats {
            for path in [format!("/api/rooms/{room}"), format!("/api/rooms/{room}/acts?limit=200"), format!("/api/rooms/{room}/call")] {
                shipped.push_str(&String::from_utf8_lossy(&seat.get(&path).await.body));
            }
        }
        for seat in &line.trial.seats {
            let own = house.number(seat.person).await;
            assert!(!shipped.contains(&own), "the number of {} left the server", seat.capacity.code());
        }
    }

    async fn receipts_in_any_order_and_any_number_are_one_end(db) {
        let line = Line::on(db).await;
        for turn in [[0, 1, 2, 3, 3, 0, 1, 2], [3, 2, 1, 0, 3, 3, 3, 0], [2, 3, 0, 3, 2, 1, 1, 1]] {
            line.spoken().await;
            let receipts = line.exchange.receipts(4).await;
            for place in turn {
                line.hand_in(&receipts[place..=place]).await;
            }
            let last = line.acts(&line.plaintiff).await.pop().expect("an act");
            assert_eq!((&last["outcome"], &last["seconds"]), (&json!("answered"), &json!(200)), "{turn:?}");
            assert_eq!(line.call(&line.plaintiff).await, Value::Null);
            line.house.calls_jobs().await;
        }
        assert_eq!(line.acts(&line.judge).await.len(), 6, "three calls, each with one end");
        record_is_sound(&line.house, line.room).await;
    }

    async fn what_is_forged_changes_nothing(db) {
        let line = Line::on(db).await;
        line.spoken().await;
        let receipt = line.exchange.receipts(4).await.pop().expect("a receipt");
        let mut eyes = Eyes::on(&line.house.database).await;
        let mut before = eyes.sight().await;
        for key in ["x", "HookKeyHookKeyHookKeyHookKey0124", "hookkeyhookkeyhookkeyhookkey0123"] {
            let answer = line.house.hook(key, receipt.clone()).await;
            assert_eq!((answer.status.as_u16(), answer.code().as_str()), (404, "not_found"), "{key}");
        }
        // With the key, but about another binding, another pool, no call, or nothing that can be read.
        let text = String::from_utf8(receipt.to_vec()).expect("text");
        let with = |name: &str, value: Value| {
            let mut receipts: Value = serde_json::from_str(&text).expect("JSON");
            receipts[0][name] = value;
            Bytes::from(receipts.to_string())
        };
        for passed_over in [
            with("sub_id", json!("A999999999999999")),
            with("pool_key", json!("FC2")),
            with("out_id", json!("00000000-0000-4000-8000-000000000001")),
            with("out_id", json!("nothing")),
            with("call_type", json!(1)),
        ] {
            line.hand_in(&[passed_over]).await;
        }
        for wrong in [Bytes::from("{}"), with("release_time", json!("now"))] {
            let answer = line.house.hook(HOOK_KEY, wrong).await;
            assert_eq!((answer.status.as_u16(), answer.code().as_str()), (422, "malformed"));
        }
        assert!(eyes.untouched(&mut before).await, "a forged receipt was stored");
        assert_ne!(line.call(&line.judge).await, Value::Null, "the call is still on");
        line.hand_in(&[receipt]).await;
        assert_eq!(line.call(&line.judge).await, Value::Null);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_is_refused_or_given_up_says_so() {
    let line = Line::on(store::kit::TestDatabase::fresh(store::kit::Which::Sqlite).await).await;
    for (who, outcome) in [(&line.plaintiffs, "refused"), (&line.judges, "missed")] {
        let number = line.begun().await;
        line.exchange.press(&line.judges, "dial", &number).await;
        line.exchange.press(who, "hang_up", "").await;
        line.hand_in(&line.exchange.receipts(3).await).await;
        let last = line.acts(&line.judge).await.pop().expect("an act");
        assert_eq!((&last["outcome"], &last["seconds"]), (&json!(outcome), &Value::Null));
        line.house.calls_jobs().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_number_that_cannot_be_had_is_told_to_the_judge() {
    let line = Line::on(store::kit::TestDatabase::fresh(store::kit::Which::Sqlite).await).await;
    let start =
        async || line.judge.must(line.room, json!({"kind": "call.start", "callee": line.plaintiff.member})).await;
    let retried = |done: &[(String, Outcome)]| matches!(done, [(_, Outcome::Retry(..))]);
    // No number is free: it is asked for again, for a minute. Each round asks twice.
    line.exchange.misbehave(Misbehaviour::PoolEmpty, 4);
    start().await;
    assert!(retried(&line.house.calls_jobs().await));
    assert_eq!(line.call(&line.judge).await["state"], "preparing");
    line.house.kit.clock.advance(Duration::seconds(61));
    line.house.calls_jobs().await;
    let last = line.acts(&line.judge).await.pop().expect("an act");
    assert_eq!(last["outcome"], "failed");
    assert_eq!(last["reason"], "电话服务暂时没有可用号码，请稍后再拨");
    line.house.calls_jobs().await;
    // The vendor will not: there is no point in asking again.
    line.exchange.misbehave(Misbehaviour::SignatureError, 2);
    start().await;
    line.house.calls_jobs().await;
    assert_eq!(line.acts(&line.judge).await.pop().expect("an act")["reason"], "电话服务不能呼叫该号码");
    line.house.calls_jobs().await;
    // The answer is lost: the same wish again gives the number that was lent.
    line.exchange.misbehave(Misbehaviour::LostAnswer, 1);
    start().await;
    line.house.calls_jobs().await;
    line.house.calls_jobs().await;
    assert_eq!(line.call(&line.judge).await["dial"], line.exchange.shows(&line.judges).await["leads"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_of_which_nothing_is_heard_ends_when_its_number_is_gone() {
    let line = Line::on(store::kit::TestDatabase::fresh(store::kit::Which::Sqlite).await).await;
    line.begun().await;
    line.house.kit.clock.advance(Duration::minutes(11));
    assert_eq!(line.house.calls_jobs().await, []);
    line.house.kit.clock.advance(Duration::minutes(1));
    assert_eq!(line.house.calls_jobs().await, [("call.expire".to_owned(), Outcome::Done)]);
    assert_eq!(line.acts(&line.judge).await.pop().expect("an act")["outcome"], "unknown");
    line.house.calls_jobs().await;
    // One that was answered goes on past its number's time, and is given up for lost in the end.
    let number = line.begun().await;
    line.exchange.press(&line.judges, "dial", &number).await;
    line.exchange.press(&line.plaintiffs, "answer", "").await;
    line.hand_in(&line.exchange.receipts(3).await).await;
    line.house.kit.clock.advance(Duration::minutes(12));
    assert!(matches!(&line.house.calls_jobs().await[..], [(_, Outcome::Retry(..))]));
    assert_eq!(line.call(&line.judge).await["state"], "talking");
    line.house.kit.clock.advance(Duration::hours(2));
    line.house.calls_jobs().await;
    let last = line.acts(&line.judge).await.pop().expect("an act");
    assert_eq!((&last["outcome"], &last["seconds"]), (&json!("answered"), &Value::Null));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_person_ends_a_call_by_saying_so_and_one_is_on_at_a_time() {
    let line = Line::on(store::kit::TestDatabase::fresh(store::kit::Which::Sqlite).await).await;
    let call = line.judge.must(line.room, json!({"kind": "call.start", "callee": line.plaintiff.member})).await;
    let end = json!({"kind": "call.end", "call": call["id"], "outcome": "missed"});
    for seat in &line.trial.seats {
        let answer = seat.does(line.room, end.clone()).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code().as_str()),
            (403, "not_for_capacity"),
            "{}",
            seat.capacity.code()
        );
    }
    let sole = line.trial.seat(Capacity::SoleJudge);
    let agent = line.trial.seat(Capacity::DefendantAgent).member;
    let second = sole.does(line.room, json!({"kind": "call.start", "callee": agent})).await;
    assert_eq!((second.status.as_u16(), second.code().as_str()), (409, "call_in_progress"));
    assert_eq!(line.acts(&line.judge).await.len(), 1);
}
