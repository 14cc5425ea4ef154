//! Risk assessment (诉讼风险评估): a dispute's questionnaire, round by round, and a report for its answers. Pure: the same answers give the same report.
//!
//! **The index** is the sum of what the given answers weigh, each shown with its part; no walk can weigh more than 100. What
//! alone may lose the case, or keep it out of court (`least` in the data), puts a floor under it. It orders cases by how much there is to see to,
//! and says nothing about who is right.

mod ask;
mod report;

pub use ask::{Answers, RiskAnswer, RiskAsk, RiskKind, RiskQuestion, RiskQuestionKind, ask, kinds};
pub use report::{Aspects, Level, Part, Preservation, Report, RiskHint, assess};
