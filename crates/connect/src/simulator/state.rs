//! What the simulator remembers: the last texts, a day of sendings, the nonces of a quarter of an hour.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use time::{Duration, OffsetDateTime};

use super::SimulatorSettings;
use super::limits::{Sent, passed};
use super::lines::Lines;
use super::misbehaviour::{Misbehaviour, Order};
use crate::Clock;

/// How many texts the inbox keeps.
const MAX_MESSAGES: usize = 500;
/// How many sendings are remembered for the limits, over all numbers.
const MAX_HISTORY: usize = 20_000;
const MAX_NONCES: usize = 20_000;
const MAX_PEOPLE: usize = 1_000;
const MAX_ORDERS: usize = 100;

/// The simulator's memory. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct SimulatorState {
    pub(super) settings: Arc<SimulatorSettings>,
    pub(super) lines: Lines,
    clock: Clock,
    inner: Arc<Mutex<Inner>>,
}

#[derive(Default)]
struct Inner {
    messages: VecDeque<InboxMessage>,
    history: VecDeque<Sent>,
    nonces: VecDeque<(OffsetDateTime, String)>,
    people: HashMap<String, String>,
    orders: VecDeque<Order>,
    counts: Counts,
    serial: u64,
}

/// A text as it arrived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InboxMessage {
    /// Counts up from 1.
    pub id: u64,
    /// When it was taken.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// To whom.
    pub phone: String,
    /// Who that is, if somebody said so.
    pub person: Option<String>,
    /// The whole text with its signature.
    pub text: String,
    /// The verification code in it, if it is one.
    pub code: Option<String>,
    /// Whether it arrived.
    pub delivery: Delivery,
    /// The vendor's name for the sending.
    pub biz_id: String,
    #[serde(skip)]
    pub(super) template: String,
}

/// What the carrier said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// Nothing yet.
    Waiting,
    /// It arrived.
    Delivered,
    /// It did not.
    Undelivered,
}

/// What happened so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Requests to the vendor's interface.
    pub requests: u64,
    /// Messages taken.
    pub sent: u64,
    /// Messages refused by a limit.
    pub limited: u64,
    /// Requests refused for another reason.
    pub refused: u64,
}

/// What was asked for, resolved.
pub(super) struct Sending {
    pub(super) sent: Sent,
    pub(super) text: String,
    pub(super) code: Option<String>,
    pub(super) delivery: Delivery,
}

impl SimulatorState {
    /// An empty memory.
    #[must_use]
    pub fn new(settings: SimulatorSettings, clock: Clock) -> Self {
        let lines = Lines::new(settings.pool.clone());
        Self { settings: Arc::new(settings), lines, clock, inner: Arc::default() }
    }

    /// Says whose number this is, for the inbox page.
    pub fn label(&self, phone: &str, person: &str) {
        let mut inner = self.lock();
        if inner.people.len() < MAX_PEOPLE {
            inner.people.insert(phone.to_owned(), person.to_owned());
        }
    }

    /// The texts to `phone`, or all, newest first.
    #[must_use]
    pub fn messages(&self, phone: Option<&str>) -> Vec<InboxMessage> {
        let inner = self.lock();
        let wanted = inner.messages.iter().rev().filter(|m| phone.is_none_or(|phone| m.phone == phone));
        wanted.map(|m| InboxMessage { person: inner.people.get(&m.phone).cloned(), ..m.clone() }).collect()
    }

    /// The newest verification code that was sent to `phone`.
    #[must_use]
    pub fn newest_code(&self, phone: &str) -> Option<String> {
        self.messages(Some(phone)).into_iter().find_map(|m| m.code)
    }

    /// What happened so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.lock().counts
    }

    /// Lets the next requests go wrong. Orders are carried out one after another.
    pub fn misbehave(&self, order: Order) {
        let mut inner = self.lock();
        if inner.orders.len() < MAX_ORDERS && order.times > 0 {
            inner.orders.push_back(order);
        }
    }

    /// Whose number it is, if somebody said so.
    pub(super) fn person(&self, phone: &str) -> Option<String> {
        self.lock().people.get(phone).cloned()
    }

    /// Everybody whose number was told, by number.
    pub(super) fn people(&self) -> Vec<(String, String)> {
        let mut people: Vec<_> = self.lock().people.clone().into_iter().collect();
        people.sort_unstable();
        people
    }

    /// Forgets everything but the people.
    pub fn reset(&self) {
        self.lines.reset();
        let mut inner = self.lock();
        let people = std::mem::take(&mut inner.people);
        *inner = Inner { people, ..Inner::default() };
    }

    pub(super) fn now(&self) -> OffsetDateTime {
        (self.clock)()
    }

    pub(super) fn pending(&self) -> Vec<Order> {
        self.lock().orders.iter().cloned().collect()
    }

    /// Counts a request; gives its serial number and what shall go wrong with it.
    pub(super) fn begin(&self) -> (u64, Option<Misbehaviour>) {
        let mut inner = self.lock();
        inner.counts.requests += 1;
        inner.serial += 1;
        let what = inner.orders.front_mut().map(|order| {
            order.times -= 1;
            order.what.clone()
        });
        if inner.orders.front().is_some_and(|order| order.times == 0) {
            inner.orders.pop_front();
        }
        (inner.serial, what)
    }

    pub(super) fn refused(&self) {
        self.lock().counts.refused += 1;
    }

    pub(super) fn limited(&self) {
        self.lock().counts.limited += 1;
    }

    /// Remembers a nonce; `false` if it was used within the span in which a date is valid.
    pub(super) fn first_use(&self, nonce: &str) -> bool {
        let now = self.now();
        let mut inner = self.lock();
        while inner.nonces.front().is_some_and(|(at, _)| now - *at > Duration::minutes(30))
            || inner.nonces.len() >= MAX_NONCES
        {
            inner.nonces.pop_front();
        }
        if inner.nonces.iter().any(|(_, used)| used == nonce) {
            return false;
        }
        inner.nonces.push_back((now, nonce.to_owned()));
        true
    }

    /// Takes a message, or gives the vendor's words for the limit that it passes.
    pub(super) fn take(&self, sending: Sending) -> Result<String, &'static str> {
        let Sending { sent, text, code, delivery } = sending;
        let mut inner = self.lock();
        while inner.history.front().is_some_and(|s| sent.at - s.at >= Duration::DAY)
            || inner.history.len() >= MAX_HISTORY
        {
            inner.history.pop_front();
        }
        if let Some(words) = passed(&inner.history, &sent) {
            inner.counts.limited += 1;
            return Err(words);
        }
        inner.counts.sent += 1;
        let id = inner.counts.sent;
        let biz_id = format!("{:018}^0", sent.at.unix_timestamp_nanos() / 1_000 + i128::from(id));
        if inner.messages.len() >= MAX_MESSAGES {
            inner.messages.pop_front();
        }
        inner.messages.push_back(InboxMessage {
            id,
            at: sent.at,
            phone: sent.to.clone(),
            person: None,
            text,
            code,
            delivery,
            biz_id: biz_id.clone(),
            template: sent.template.clone(),
        });
        inner.history.push_back(sent);
        Ok(biz_id)
    }

    /// A panic while the lock was held leaves whole values behind; a simulator goes on.
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
