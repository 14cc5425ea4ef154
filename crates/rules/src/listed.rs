//! A rule as it is listed: apart from the list, so that each subject can say its own and the list can name each subject.

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
