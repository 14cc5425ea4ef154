//! How often one person, or one place, may use what costs the server something.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::StatusCode;
use court::PersonId;
use desk::Problem;
use time::{Duration, OffsetDateTime};

/// … within so long.
const SPAN: Duration = Duration::minutes(10);
/// So many uses of what takes seconds …
const HEAVY: usize = 30;
/// So many of what takes a moment, from one address that a whole village may share.
const LIGHT: usize = 6_000;

/// When each user used something lately. Each node counts for itself: that bounds what one of them costs each node.
#[derive(Clone, Debug)]
pub(crate) struct Pace<K> {
    times: usize,
    uses: Arc<Mutex<HashMap<K, VecDeque<OffsetDateTime>>>>,
}

/// Of a person who is logged in, for what takes seconds.
pub(crate) type PersonPace = Pace<PersonId>;
/// Of an address, for what everybody may use.
pub(crate) type AddressPace = Pace<String>;

impl PersonPace {
    pub(crate) fn heavy() -> PersonPace {
        Pace { times: HEAVY, uses: Arc::default() }
    }
}

impl AddressPace {
    pub(crate) fn light() -> AddressPace {
        Pace { times: LIGHT, uses: Arc::default() }
    }

    /// What takes seconds, for those who are not logged in.
    pub(crate) fn heavy_for_all() -> AddressPace {
        Pace { times: HEAVY * 4, uses: Arc::default() }
    }
}

impl<K: Eq + Hash> Pace<K> {
    /// Counts a use.
    ///
    /// # Errors
    /// 429 when there were too many lately.
    pub(crate) fn step(&self, user: K, now: OffsetDateTime) -> Result<(), Problem> {
        let mut uses = self.uses.lock().unwrap_or_else(PoisonError::into_inner);
        for times in uses.values_mut() {
            while times.front().is_some_and(|first| now - *first >= SPAN) {
                times.pop_front();
            }
        }
        uses.retain(|_, times| !times.is_empty());
        let mine = uses.entry(user).or_default();
        if let (true, Some(first)) = (mine.len() >= self.times, mine.front()) {
            let wait = (SPAN - (now - *first)).whole_seconds().max(1);
            let detail = format!("您 10 分钟内已使用 {} 次，请稍候再试。", self.times);
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
        let (pace, begun) = (PersonPace::heavy(), datetime!(2026-11-20 06:00 UTC));
        let [wang, li] = [1, 2].map(|id| PersonId::from(uuid::Uuid::from_u128(id)));
        for n in 0..30 {
            pace.step(wang, begun + Duration::seconds(n)).unwrap();
        }
        assert_eq!(pace.step(wang, begun + Duration::seconds(30)).unwrap_err().code(), "tool_too_often");
        pace.step(li, begun + Duration::seconds(30)).unwrap();
        pace.step(wang, begun + SPAN).unwrap();
        assert!(pace.step(wang, begun + SPAN).is_err(), "one place alone was free");
        pace.step(li, begun + SPAN * 3).unwrap();
        assert_eq!(pace.uses.lock().unwrap().len(), 1, "who has not come lately is forgotten");
    }
}
