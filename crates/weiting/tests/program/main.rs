//! Whole-program tests: the routes that the program serves, with everything the rim does, on SQLite and on PostgreSQL.
//!
//! - `calls`: virtual calls, with the simulated telephone service.
//! - `contract`: the OpenAPI document says what the types say.
//! - `matrix`: who may do what, generated from the policy and the OpenAPI document, for every subject.
//! - `files`: what the real worker does with files behind its walls.
//! - `identity`: who somebody is, and that no number stands anywhere in clear.
//! - `docket`: importing, missing cases, the list of cases.
//! - `security`: requirements of their own, each named by its id.
//! - `proof`: the court's log, receipts and bundles, and those who tamper.
//! - `matters`: 诉讼事项 from issue to answer.
//! - `standing`: agents by mandate, consents, addresses, devices.
//! - `office`: 院庭长监督阅卷, the bench of a case, the court's staff.
//! - `properties`: what must hold after any history.
//! - `live`: the live feed over real connections.
//!
//! Tests named `…::postgres` need `scripts/with-postgres`.

mod calls;
mod contract;
mod docket;
mod dossiers;
mod files;
mod identity;
mod inbox;
mod kit;
mod live;
mod matrix;
mod matters;
mod office;
mod proof;
mod properties;
mod security;
mod standing;
mod transcripts;
