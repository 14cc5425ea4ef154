//! Every rule of the book with its citation and validity, for the page that lists them.

use serde::Serialize;
use utoipa::ToSchema;

use crate::citation::Citation;

/// One rule as it is listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Listed {
    /// What it belongs to: `period`, `holiday`, `fee`, `interest`, `identifier`.
    pub subject: String,
    /// Its name for programs.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// What it says, in a few words.
    pub says: String,
    pub citations: Vec<Citation>,
    /// The first day on which it holds.
    pub from: String,
    /// The first day on which it no longer holds.
    pub to: Option<String>,
}

/// All of them, subject by subject, in the order of the files.
pub fn all() -> Vec<Listed> {
    // Each subject adds its own.
    let mut listed = crate::periods::listed();
    listed.extend(crate::fees::listed());
    listed.extend(crate::interest::listed());
    listed.extend(crate::identifiers::listed());
    listed
}
