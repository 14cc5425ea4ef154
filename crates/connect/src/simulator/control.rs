//! Orders for misbehaviour, and figures.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::misbehaviour::Order;
use super::state::{Counts, SimulatorState};

/// What a test orders.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Orders {
    /// What shall go wrong with the next requests.
    #[serde(default)]
    misbehave: Vec<Order>,
    /// Whose numbers these are.
    #[serde(default)]
    people: Vec<Person>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Person {
    phone: String,
    name: String,
}

#[derive(Debug, Serialize)]
pub(super) struct Shown {
    counts: Counts,
    pending: Vec<Order>,
}

pub(super) async fn show(State(state): State<SimulatorState>) -> Json<Shown> {
    Json(Shown { counts: state.counts(), pending: state.pending() })
}

pub(super) async fn order(State(state): State<SimulatorState>, Json(orders): Json<Orders>) -> Json<Shown> {
    for order in orders.misbehave {
        state.misbehave(order);
    }
    for person in orders.people {
        state.label(&person.phone, &person.name);
    }
    show(State(state)).await
}

pub(super) async fn reset(State(state): State<SimulatorState>) -> StatusCode {
    state.reset();
    StatusCode::NO_CONTENT
}
