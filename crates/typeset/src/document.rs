//! The kinds of documents. A new kind is a struct in a file of its own, a template in `templates/`, and one line in each list here.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::assessment::Assessment;
use crate::transcript::{Attached, Content, Transcript};

/// A document that can be typeset.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "document", rename_all = "snake_case")]
pub enum Document {
    Transcript(Box<Transcript>),
    Assessment(Box<Assessment>),
}

impl From<Transcript> for Document {
    fn from(transcript: Transcript) -> Self {
        Self::Transcript(Box::new(transcript))
    }
}

impl From<Assessment> for Document {
    fn from(assessment: Assessment) -> Self {
        Self::Assessment(Box::new(assessment))
    }
}

/// What all templates share.
pub(crate) const COMMON: &str = include_str!("../templates/common.typ");

impl Document {
    pub(crate) fn template(&self) -> &'static str {
        match self {
            Self::Transcript(_) => include_str!("../templates/transcript.typ"),
            Self::Assessment(_) => include_str!("../templates/assessment.typ"),
        }
    }

    pub(crate) fn made_at(&self) -> OffsetDateTime {
        match self {
            Self::Transcript(transcript) => transcript.made_at,
            Self::Assessment(assessment) => assessment.made_at,
        }
    }

    /// The file inside the file, if this kind carries one.
    pub(crate) fn attached(&self) -> Option<&Attached> {
        match self {
            Self::Transcript(transcript) => Some(&transcript.record),
            Self::Assessment(_) => None,
        }
    }

    /// How many entries it has: the measure of its size.
    pub(crate) fn entries(&self) -> usize {
        match self {
            Self::Transcript(transcript) => transcript.entries.len(),
            Self::Assessment(assessment) => assessment.entries(),
        }
    }

    /// The ids of the pictures that are printed, in the order of printing, each once.
    pub(crate) fn pictures(&self) -> Vec<&str> {
        let mut seen = HashSet::new();
        match self {
            Self::Transcript(transcript) => transcript
                .entries
                .iter()
                .filter(|entry| entry.content != Content::Private {})
                .flat_map(|entry| &entry.pictures)
                .map(|picture| picture.id.as_str())
                .filter(|id| seen.insert(*id))
                .collect(),
            Self::Assessment(_) => Vec::new(),
        }
    }

    /// What the template is given, before it is sanitised. The attached text is not among it: it goes into the file as it is.
    /// `files` has the names under which the pictures lie on the desk.
    pub(crate) fn data(&self, files: &HashMap<&str, String>) -> serde_json::Result<serde_json::Value> {
        match self {
            Self::Transcript(transcript) => transcript.printed(files),
            Self::Assessment(assessment) => assessment.printed(),
        }
    }
}
