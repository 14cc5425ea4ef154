//! A location is sent once, by one's own wish, and shown for a day (architecture 5, no. 87).

use court::act::Body;
use court::location::{self, CoordinateType, Extent, Send};
use court::{Act, Capacity, MemberId, Policy, Proposal, Refusal, Viewer};
use time::{Duration, OffsetDateTime};

use crate::kit::{OPENS, Trial, id};

fn here() -> Send {
    Send {
        latitude: 31.230_416_1,
        longitude: 121.473_701_4,
        accuracy_m: 18.27,
        coordinate: CoordinateType::Wgs84,
        address: Some("  上海市宝山区某某路 1 号 ".into()),
        consent: true,
    }
}

fn asks(change: impl FnOnce(&mut Send)) -> Result<(), Refusal> {
    let mut asked = here();
    change(&mut asked);
    Trial::open().does(Capacity::Plaintiff, Proposal::LocationSend(asked)).map(drop)
}

/// What this capacity is shown of the act at this moment.
fn shown(act: &Act, capacity: Capacity, now: OffsetDateTime) -> serde_json::Value {
    let viewer = Viewer { member: MemberId(id(capacity).0), capacity };
    let extent = location::extent(act, viewer, &Policy::builtin(), now);
    serde_json::to_value(act.view(1, extent)).unwrap()
}

#[test]
fn without_consent_no_location_is_sent() {
    assert_eq!(asks(|_| ()), Ok(()));
    assert_eq!(asks(|asked| asked.consent = false), Err(Refusal::ConsentMissing));
    let silent = r#"{"kind":"location.send","latitude":1,"longitude":1,"accuracy_m":1,"coordinate":"wgs84"}"#;
    assert!(serde_json::from_str::<Proposal>(silent).is_err(), "consent is never taken for granted");
    let other =
        r#"{"kind":"location.send","latitude":1,"longitude":1,"accuracy_m":1,"coordinate":"gcj02","consent":true}"#;
    assert!(serde_json::from_str::<Proposal>(other).is_err(), "coordinates that maps shift are not taken for others");
}

#[test]
fn a_place_is_on_earth_and_not_too_vague() {
    for wrong in [90.1, -90.1, f64::NAN, f64::INFINITY] {
        assert_eq!(asks(|asked| asked.latitude = wrong), Err(Refusal::PlaceInvalid), "{wrong}");
    }
    assert_eq!(asks(|asked| asked.longitude = 180.5), Err(Refusal::PlaceInvalid));
    for wrong in [-1.0, 100_001.0, f64::NAN] {
        assert_eq!(asks(|asked| asked.accuracy_m = wrong), Err(Refusal::PlaceInvalid), "{wrong}");
    }
    assert_eq!(asks(|asked| asked.address = Some("路".repeat(200))), Ok(()));
    assert_eq!(asks(|asked| asked.address = Some("路".repeat(201))), Err(Refusal::AddressTooLong));
}

#[test]
fn the_place_is_kept_to_the_sixth_decimal_and_told_in_no_sentence() {
    let mut trial = Trial::open();
    let act = trial.does(Capacity::Plaintiff, Proposal::LocationSend(here())).unwrap();
    let Body::LocationSend(sent) = &act.body else { panic!("{:?}", act.body) };
    let place = sent.place.clone().unwrap();
    assert_eq!((place.latitude, place.longitude, place.accuracy_m), (31.230_416, 121.473_701, 18.3));
    assert_eq!(place.address.as_deref(), Some("上海市宝山区某某路 1 号"));
    assert_eq!((act.sentence.as_str(), act.hint.as_str()), ("原告原告甲发送了位置", "原告原告甲发送了位置"));
    let read: Body = serde_json::from_str(&serde_json::to_string(&act.body).unwrap()).unwrap();
    assert_eq!(read, act.body, "what is stored is read back as the same");
}

#[test]
fn for_a_day_everybody_is_shown_the_place_and_then_the_bench_alone() {
    let mut trial = Trial::open();
    let act = trial.does(Capacity::Plaintiff, Proposal::LocationSend(here())).unwrap();
    let (day, moment) = (Duration::hours(24), Duration::microseconds(1));
    for capacity in Capacity::ALL {
        let before = shown(act, capacity, OPENS + day - moment);
        assert_eq!(before["place"]["latitude"], 31.230_416, "{capacity:?}");
        let after = shown(act, capacity, OPENS + day);
        let bench = Policy::builtin().is_bench(capacity);
        assert_eq!(after.get("place").is_some(), bench, "{capacity:?}");
        assert_eq!(after.to_string().contains("宝山区"), bench, "{capacity:?}");
        assert_eq!(after["sentence"], "原告原告甲发送了位置");
    }
}

#[test]
fn nothing_else_is_ever_withdrawn() {
    let mut trial = Trial::open();
    trial.says(Capacity::Plaintiff, "一", court::speech::To::Everyone).unwrap();
    let viewer = Viewer { member: id(Capacity::Witness), capacity: Capacity::Witness };
    for act in &trial.acts {
        let later = act.at + Duration::days(3650);
        assert_eq!(location::extent(act, viewer, &trial.policy, later), Extent::Whole, "{}", act.sentence);
    }
}
