//! Whole-program tests: the routes that the program serves, with everything the rim does, on SQLite and on PostgreSQL.
//!
//! - `matrix`: who may do what, generated from the policy and the OpenAPI document, for every subject.
//! - `docket`: importing, missing cases, the list of cases.
//! - `security`: requirements of their own, each named by its id.
//! - `properties`: what must hold after any history.
//! - `live`: the live feed over real connections.
//!
//! Tests named `…::postgres` need `scripts/with-postgres`.

mod docket;
mod kit;
mod live;
mod matrix;
mod properties;
mod security;
