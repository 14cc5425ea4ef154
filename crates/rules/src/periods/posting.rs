//! Posted before expiry is in time (民事诉讼法 on 在途时间): a document that was handed to the post on the last day is not late, whenever it arrives.

use serde::Serialize;
use utoipa::ToSchema;

use crate::civil::{chinese, days_between};
use crate::periods::ask;
use crate::periods::rules::counting;
use crate::reason::{Reason, StepKind};
use crate::wrong::Wrong;

/// Whether what was posted is in time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Posted {
    pub in_time: bool,
    /// By how many days it was late; 0 if it was not.
    pub late_by: i64,
    pub reason: Reason,
}

/// Compares the day of the postmark with the last day of a period.
pub fn posted(last_day: &str, posted_on: &str) -> Result<Posted, Wrong> {
    let (last_day, posted_on) = (ask::day(last_day)?, ask::day(posted_on)?);
    let travel = counting("travel", last_day)?;
    let late_by = days_between(last_day, posted_on).max(0);
    let mut reason = Reason::default();
    reason.step(StepKind::Input, format!("期间于{}届满，{}交邮。", chinese(last_day), chinese(posted_on)));
    reason.step(StepKind::Rule, format!("{}。", travel.row.says)).cite(&travel.citations);
    if late_by == 0 {
        reason.step(StepKind::Result, "在期满前交邮，不算过期。");
    } else {
        let relief = counting("relief", last_day)?;
        reason.step(StepKind::Result, format!("期满后{late_by}日才交邮，已经过期。"));
        reason.step(StepKind::Caution, format!("{}。", relief.row.says)).cite(&relief.citations);
    }
    Ok(Posted { in_time: late_by == 0, late_by, reason })
}
