//! Importing, missing cases, and finding cases among many.

mod command;
mod import;
mod list;
mod missing;
