//! Sending one's location once (发送位置): separate consent, shown to the room for a day, then to the bench only (architecture 5, no. 87).
//!
//! The act stays in the record for ever, whole. What ends is that others are shown it: [`extent`] decides that from the moment of
//! looking, and everything that shows an act to somebody (the list of acts, the live feed, a search result) goes through
//! [`Act::view`], which asks for its answer. The place is in the body alone, never in the sentence or the hint: lists, notices and an
//! index of sentences therefore hold nothing that would have to be taken back.

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use utoipa::ToSchema;

use crate::act::{Act, Body, Decided, Scene};
use crate::refusal::ADDRESS_LIMIT;
use crate::{Policy, Refusal, Viewer};

/// How long everybody in the room is shown a place.
const SHOWN_FOR: Duration = Duration::hours(24);
/// The vaguest place that is still one, in metres: whole cities are not locations.
const VAGUEST: f64 = 100_000.0;

/// What the two numbers of a place mean. Chinese maps use others; a link must say which it gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CoordinateType {
    /// World Geodetic System 1984, as satellites and browsers give it.
    Wgs84,
}

/// Asks to send where one is.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LocationSend)]
pub struct Send {
    /// Degrees north, -90 to 90.
    #[schema(minimum = -90, maximum = 90)]
    pub latitude: f64,
    /// Degrees east, -180 to 180.
    #[schema(minimum = -180, maximum = 180)]
    pub longitude: f64,
    /// Radius within which the place is, in metres.
    #[schema(minimum = 0, maximum = 100000)]
    pub accuracy_m: f64,
    pub coordinate: CoordinateType,
    /// The place in words, if its sender gives them: at most 200 characters.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub address: Option<String>,
    /// That the sender has agreed, for this one time, to this being shown; refused unless true.
    pub consent: bool,
}

/// A location was sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = LocationSent)]
pub struct Sent {
    /// Until when everybody in the room is shown the place; from then on only the bench is.
    #[serde(with = "time::serde::rfc3339")]
    pub shown_until: OffsetDateTime,
    /// Where; none for those who are no longer shown it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Position>,
}

/// Where somebody was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Position {
    /// Degrees north, to the sixth decimal (0.1 m).
    pub latitude: f64,
    /// Degrees east, to the sixth decimal.
    pub longitude: f64,
    /// Metres.
    pub accuracy_m: f64,
    pub coordinate: CoordinateType,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

/// How much of an act somebody is shown who may see the act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Extent {
    Whole,
    /// That it happened, without what has been withdrawn from them since.
    Fact,
}

pub(crate) fn send(scene: &Scene<'_>, asked: Send) -> Result<Decided, Refusal> {
    if !asked.consent {
        return Err(Refusal::ConsentMissing);
    }
    let on_earth = asked.latitude.abs() <= 90.0 && asked.longitude.abs() <= 180.0;
    if !on_earth || !(0.0..=VAGUEST).contains(&asked.accuracy_m) {
        return Err(Refusal::PlaceInvalid);
    }
    let address = asked.address.map(|address| address.trim().to_owned()).filter(|address| !address.is_empty());
    if address.as_ref().is_some_and(|address| address.chars().count() > ADDRESS_LIMIT) {
        return Err(Refusal::AddressTooLong);
    }
    let place = Position {
        latitude: rounded(asked.latitude, 1e6),
        longitude: rounded(asked.longitude, 1e6),
        accuracy_m: rounded(asked.accuracy_m, 10.0),
        coordinate: asked.coordinate,
        address,
    };
    let body = Body::LocationSend(Sent { shown_until: scene.now + SHOWN_FOR, place: Some(place) });
    Ok(Decided::open(body, format!("{}发送了位置", scene.actor.said_name())))
}

/// A number that is written and read back as the same one.
fn rounded(number: f64, by: f64) -> f64 {
    (number * by).round() / by
}

/// How much of an act this viewer is shown at this moment. Whether they see it at all is [`crate::Audience::includes`].
pub fn extent(act: &Act, viewer: Viewer, policy: &Policy, now: OffsetDateTime) -> Extent {
    match &act.body {
        Body::LocationSend(sent) if now >= sent.shown_until && !policy.is_bench(viewer.capacity) => Extent::Fact,
        _ => Extent::Whole,
    }
}

impl Body {
    /// What is left of the body for those who are shown so much.
    pub(crate) fn cut_to(mut self, extent: Extent) -> Body {
        if let (Extent::Fact, Body::LocationSend(sent)) = (extent, &mut self) {
            sent.place = None;
        }
        self
    }
}
