//! How often one person, or one place, may use what costs the server something.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::StatusCode;
use court::PersonId;
use desk::Problem;
use time::{Duration, OffsetDateTime};

/// Over how long uses are counted.
const SPAN: Duration = Duration::minutes(10);
/// So many uses of what takes seconds.
const HEAVY: usize = 30;
/// So many of what takes a moment, from one address that a whole village may share.
const LIGHT: usize = 6_000;
/// So many files of reports from one address.
const REPORTS: usize = 120;

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
            Cost::Work => HEAVY,
            Cost::Page => 600,
        }
    }
}

/// When each person used a tool lately. Each node counts for itself: that bounds what one person costs each of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct PersonPace(Arc<Mutex<HashMap<(PersonId, Cost), Times>>>);

/// When, in order.
type Times = VecDeque<OffsetDateTime>;

impl PersonPace {
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
            return Err(too_often(cost.times(), SPAN - (now - *first)));
        }
        mine.push_back(now);
        Ok(())
    }
}

/// How often each address used something since the span began. All are forgotten when the next one begins.
#[derive(Clone, Debug)]
pub(crate) struct AddressPace {
    most: usize,
    since: Arc<Mutex<(OffsetDateTime, HashMap<String, usize>)>>,
}

impl AddressPace {
    /// For what takes a moment.
    pub(crate) fn light() -> AddressPace {
        AddressPace::of(LIGHT)
    }

    fn of(most: usize) -> AddressPace {
        AddressPace { most, since: Arc::new(Mutex::new((OffsetDateTime::UNIX_EPOCH, HashMap::new()))) }
    }

    /// Counts a use.
    ///
    /// # Errors
    /// 429 when there were too many in this span.
    pub(crate) fn step(&self, address: String, now: OffsetDateTime) -> Result<(), Problem> {
        let mut since = self.since.lock().unwrap_or_else(PoisonError::into_inner);
        let (begun, uses) = &mut *since;
        if now - *begun >= SPAN || now < *begun {
            (*begun, *uses) = (now, HashMap::new());
        }
        let mine = uses.entry(address).or_insert(0);
        if *mine >= self.most {
            return Err(too_often(self.most, SPAN - (now - *begun)));
        }
        *mine += 1;
        Ok(())
    }
}

/// Of an address, for files that take a second to make.
#[derive(Clone, Debug)]
pub(crate) struct ReportPace(pub(crate) AddressPace);

impl Default for ReportPace {
    fn default() -> ReportPace {
        ReportPace(AddressPace::of(REPORTS))
    }
}

fn too_often(most: usize, wait: Duration) -> Problem {
    let detail = format!("您 10 分钟内已使用 {most} 次，请稍候再试。");
    let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "tool_too_often", detail);
    problem.retry_after(u64::try_from(wait.whole_seconds().max(1)).unwrap_or(1))
}

#[cfg(test)]
mod tests {
    use court::PersonId;
    use time::macros::datetime;

    use super::*;

    #[test]
    fn f70_thirty_uses_in_ten_minutes_and_then_a_pause() {
        let (pace, begun) = (PersonPace::default(), datetime!(2026-11-20 06:00 UTC));
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

    #[test]
    fn sr58_an_address_that_asks_without_end_is_told_to_wait_and_no_other_is() {
        let (pace, begun) = (AddressPace::of(3), datetime!(2026-11-20 06:00 UTC));
        let step = |address: &str, at| pace.step(address.to_owned(), at).map_err(|problem| problem.code());
        for _ in 0..3 {
            step("10.0.0.1", begun).unwrap();
        }
        assert_eq!(step("10.0.0.1", begun + SPAN - Duration::SECOND), Err("tool_too_often"));
        step("10.0.0.2", begun + SPAN - Duration::SECOND).unwrap();
        step("10.0.0.1", begun + SPAN).unwrap();
    }
}
