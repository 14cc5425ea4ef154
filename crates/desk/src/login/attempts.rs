//! How often somebody may be wrong.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use time::{Duration, OffsetDateTime};

/// Within so long …
const WINDOW: Duration = Duration::minutes(15);
/// … one address may type so many wrong codes. A code itself dies after five, this is for who goes from number to number; a courthouse
/// behind one address has many people with clumsy fingers.
const WRONG: u32 = 30;
/// How many addresses are remembered; beyond, the oldest is forgotten.
const REMEMBERED: usize = 20_000;

/// The wrong codes of each address.
#[derive(Default)]
pub(super) struct Attempts(Mutex<HashMap<String, Wrong>>);

#[derive(Clone, Copy)]
struct Wrong {
    times: u32,
    since: OffsetDateTime,
}

impl Attempts {
    /// Whether this address may try; otherwise how many seconds it must wait.
    pub(super) fn may_try(&self, network: &str, now: OffsetDateTime) -> Result<(), u64> {
        let wrongs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match wrongs.get(network) {
            Some(wrong) if wrong.times >= WRONG && now < wrong.since + WINDOW => {
                let wait = (wrong.since + WINDOW - now).whole_seconds() + 1;
                Err(u64::try_from(wait).unwrap_or(1))
            }
            _ => Ok(()),
        }
    }

    /// Counts a wrong code.
    pub(super) fn wrong(&self, network: &str, now: OffsetDateTime) {
        let mut wrongs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if wrongs.len() >= REMEMBERED && !wrongs.contains_key(network) {
            wrongs.retain(|_, wrong| now < wrong.since + WINDOW);
            let oldest = wrongs.iter().min_by_key(|(_, wrong)| wrong.since).map(|(network, _)| network.clone());
            if let Some(oldest) = oldest.filter(|_| wrongs.len() >= REMEMBERED) {
                wrongs.remove(&oldest);
            }
        }
        let wrong = wrongs.entry(network.to_owned()).or_insert(Wrong { times: 0, since: now });
        if now >= wrong.since + WINDOW {
            *wrong = Wrong { times: 0, since: now };
        }
        wrong.times += 1;
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn sr03_an_address_that_is_wrong_too_often_waits_and_is_then_forgiven() {
        let (attempts, now) = (Attempts::default(), datetime!(2026-11-20 06:00 UTC));
        for _ in 0..WRONG {
            assert_eq!(attempts.may_try("a", now), Ok(()));
            attempts.wrong("a", now);
        }
        assert_eq!(attempts.may_try("a", now), Err(901));
        assert_eq!(attempts.may_try("b", now), Ok(()), "others are not held");
        assert_eq!(attempts.may_try("a", now + WINDOW), Ok(()));
        attempts.wrong("a", now + WINDOW);
        assert_eq!(attempts.may_try("a", now + WINDOW), Ok(()), "the count began anew");
    }

    #[test]
    fn sr63_memory_of_addresses_is_bounded() {
        let (attempts, now) = (Attempts::default(), datetime!(2026-11-20 06:00 UTC));
        for address in 0..REMEMBERED + 10 {
            attempts.wrong(&address.to_string(), now + Duration::microseconds(address as i64));
        }
        let wrongs = attempts.0.lock().unwrap();
        assert_eq!(wrongs.len(), REMEMBERED);
        assert!(!wrongs.contains_key("0") && wrongs.contains_key(&(REMEMBERED + 9).to_string()));
    }
}
