//! 法院导航: where courts and their tribunals are.

mod read;

pub use read::{CourtFault, NoCourts, import_courts};

use axum::extract::State;
use desk::rim::{Json, Query};
use desk::{Desk, Problem, ProblemDocument};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::open::Anybody;

/// Places of one answer.
const MOST: usize = 100;
/// The longest query, in characters.
const QUERY: usize = 100;

/// Courts that were found.
#[derive(Debug, Serialize, ToSchema)]
pub struct CourtHits {
    /// All regions, in the operator's order, with how many places each has.
    pub regions: Vec<Region>,
    /// The places; a court's tribunals follow it.
    pub courts: Vec<CourtPlace>,
    /// Whether there are more than are shown.
    pub more: bool,
}

/// A region.
#[derive(Debug, Serialize, ToSchema)]
pub struct Region {
    pub name: String,
    pub places: u32,
}

/// A court, or a tribunal of one.
#[derive(Debug, Serialize, ToSchema)]
pub struct CourtPlace {
    pub region: String,
    pub name: String,
    /// The court that a tribunal belongs to; empty for a court.
    pub court: String,
    pub address: String,
    /// May be empty.
    pub phone: String,
    /// In degrees.
    #[schema(required)]
    pub latitude: Option<f64>,
    #[schema(required)]
    pub longitude: Option<f64>,
    /// What the degrees are measured in: `wgs84` or `gcj02`.
    pub coordinate: String,
}

/// Which places.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct CourtQuery {
    /// One region only.
    region: Option<String>,
    /// Words that stand in name, court or address.
    q: Option<String>,
}

/// Find courts and tribunals by region and name.
#[utoipa::path(
    get, path = "/api/courts", operation_id = "courts", tag = "tools", params(CourtQuery),
    responses(
        (status = 200, description = "What was found", body = CourtHits),
        (status = 422, description = "`query_too_long`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 429, description = "`tool_too_often`", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn courts(
    State(desk): State<Desk>,
    _: Anybody,
    Query(query): Query<CourtQuery>,
) -> Result<Json<CourtHits>, Problem> {
    let typed = query.q.unwrap_or_default();
    crate::words_fit(&typed, QUERY)?;
    let words = store::SearchWords::of(&typed);
    let places = desk.store.court_places().await?;
    let mut regions: Vec<Region> = Vec::new();
    for place in &places {
        match regions.iter_mut().find(|region| region.name == place.region) {
            Some(region) => region.places += 1,
            None => regions.push(Region { name: place.region.clone(), places: 1 }),
        }
    }
    let wanted = |place: &store::CourtPlace| {
        query.region.as_ref().is_none_or(|region| *region == place.region)
            && words.found_in(&format!("{} {} {}", place.name, place.court, place.address))
    };
    let mut courts: Vec<CourtPlace> = places.into_iter().filter(wanted).take(MOST + 1).map(place_of).collect();
    let more = courts.len() > MOST;
    courts.truncate(MOST);
    Ok(Json(CourtHits { regions, courts, more }))
}

fn place_of(place: store::CourtPlace) -> CourtPlace {
    let (latitude, longitude) = place.at.unzip();
    let store::CourtPlace { region, name, court, address, phone, coordinate, .. } = place;
    CourtPlace { region, name, court, address, phone, latitude, longitude, coordinate }
}
