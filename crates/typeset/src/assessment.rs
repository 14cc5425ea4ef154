//! What a report of a risk assessment (风险评估报告) says: plain data, in the order in which it is printed. It names nobody.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::moment;

/// Everything that stands in one report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assessment {
    pub court: String,
    /// The kind of dispute: 民间借贷纠纷.
    pub kind: String,
    /// 0 to 100.
    pub index: u32,
    /// The level in one sentence.
    pub level: String,
    pub sections: Vec<Section>,
    pub answers: Vec<Answered>,
    /// What such a report is not.
    pub disclaimer: String,
    /// The time of making. No other clock is read, so the same data gives the same bytes.
    #[serde(with = "moment")]
    pub made_at: OffsetDateTime,
}

/// A heading and what stands under it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    pub title: String,
    pub lines: Vec<Line>,
}

/// Something that is said, with the articles that say so.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    pub text: String,
    pub citations: Vec<String>,
}

/// A question, what was answered, and how much that weighs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answered {
    pub question: String,
    pub answer: String,
    pub weight: u32,
}

#[cfg(feature = "render")]
impl Assessment {
    /// The title that is printed over it.
    pub(crate) const TITLE: &str = "诉讼风险评估报告";

    pub(crate) fn printed(&self) -> serde_json::Result<serde_json::Value> {
        let mut value = serde_json::to_value(self)?;
        value["title"] = serde_json::json!(Self::TITLE);
        Ok(value)
    }

    /// How many entries it has: the measure of its size.
    pub(crate) fn entries(&self) -> usize {
        self.answers.len() + self.sections.iter().map(|section| section.lines.len()).sum::<usize>()
    }
}
