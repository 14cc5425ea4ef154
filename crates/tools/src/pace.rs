//! How often one person may use what costs the server seconds.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::StatusCode;
use court::PersonId;
use desk::Problem;
use time::{Duration, OffsetDateTime};

/// Over how long uses are counted.
const SPAN: Duration = Duration::minutes(10);

/// What costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Cost {
    /// A photo read, or a file signed.
    Work,
    /// A page drawn.
    Page,
}

impl Cost {
    /// So many times within [`SPAN`].
    fn times(self) -> usize {
        match self {
            Cost::Work => 30,
            Cost::Page => 600,
        }
    }
}

/// When each person used a tool lately. Each node counts for itself: that bounds what one person costs each of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pace(Arc<Mutex<HashMap<(PersonId, Cost), Times>>>);

/// When, in order.
type Times = VecDeque<OffsetDateTime>;

impl Pace {
    /// Counts a use.
    ///
    /// # Errors
    /// 429 when there were too many lately.
    pub(crate) fn step(&self, person: PersonId, cost: Cost, now: OffsetDateTime) -> Result<(), Problem> {
        let mut uses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for times in uses.values_mut() {
            while times.front().is_some_and(|first| now - *first >= SPAN) {
                times.pop_front();
            }
        }
        uses.retain(|_, times| !times.is_empty());
        let mine = uses.entry((person, cost)).or_default();
        if let (true, Some(first)) = (mine.len() >= cost.times(), mine.front()) {
            let wait = (SPAN - (now - *first)).whole_seconds().max(1);
            let detail = "您 10 分钟内使用的次数较多，请稍候再试。";
            let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "tool_too_often", detail);
            return Err(problem.retry_after(u64::try_from(wait).unwrap_or(1)));
        }
        mine.push_back(now);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use court::PersonId;
    use time::macros::datetime;

    use super::*;

    #[test]
    fn f70_thirty_uses_in_ten_minutes_and_then_a_pause() {
        let (pace, begun) = (Pace::default(), datetime!(2026-11-20 06:00 UTC));
        let [wang, li] = [1, 2].map(|id| PersonId::from(uuid::Uuid::from_u128(id)));
        for n in 0..30 {
            pace.step(wang, Cost::Work, begun + Duration::seconds(n)).unwrap();
        }
        assert_eq!(pace.step(wang, Cost::Work, begun + Duration::seconds(30)).unwrap_err().code(), "tool_too_often");
        pace.step(li, Cost::Work, begun + Duration::seconds(30)).unwrap();
        pace.step(wang, Cost::Work, begun + SPAN).unwrap();
        assert!(pace.step(wang, Cost::Work, begun + SPAN).is_err(), "one place alone was free");
        pace.step(li, Cost::Work, begun + SPAN * 3).unwrap();
        assert_eq!(pace.0.lock().unwrap().len(), 1, "who has not come lately is forgotten");
    }
}
