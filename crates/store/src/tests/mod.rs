//! What must hold, on both databases.

mod blobs;
mod calls;
mod cases;
mod checkpoints;
mod copies;
mod crashes;
mod decisions;
mod docket;
mod idempotency;
mod ledger;
mod login_codes;
mod lost_answers;
mod matters;
mod nodes;
mod outbox;
mod people;
mod s3;
mod sample;
mod search;
mod statements;
mod upgrades;
mod uploads;
