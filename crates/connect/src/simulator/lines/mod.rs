//! Numbers that lead from one telephone to another, and the calls over them.

mod push;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use time::OffsetDateTime;

use super::misbehaviour::Misbehaviour;
use push::Pusher;

/// How many bindings and calls are remembered.
const MAX_HELD: usize = 1_000;
/// How long a telephone rings.
pub(super) const RINGS: Duration = Duration::from_secs(45);

/// A pool of numbers that the simulated account has.
#[derive(Clone, Debug)]
pub struct SimulatedPool {
    /// The pool's id, `FC…`.
    pub id: String,
    /// The numbers, `021` and eight digits.
    pub numbers: Vec<String>,
    /// Where receipts are pushed to: the address that the court gave the vendor.
    pub callback: String,
    /// When a receipt that was not taken is pushed again; published: after 1, 5 and 10 minutes.
    pub again_after: Vec<Duration>,
}

/// The simulated exchange. Cheap to clone; all clones are one.
#[derive(Clone)]
pub(super) struct Lines {
    pool: Option<Arc<SimulatedPool>>,
    book: Arc<Mutex<Book>>,
    pusher: Pusher,
}

#[derive(Default)]
struct Book {
    serial: u64,
    bindings: Vec<Held>,
    calls: Vec<Call>,
}

/// A binding.
#[derive(Clone)]
pub(super) struct Held {
    pub(super) id: String,
    pub(super) order: String,
    pub(super) remark: String,
    pub(super) a: String,
    pub(super) b: String,
    pub(super) x: String,
    pub(super) until: OffsetDateTime,
    pub(super) wrong: Option<Misbehaviour>,
}

/// A call over a binding.
#[derive(Clone)]
pub(super) struct Call {
    pub(super) id: String,
    pub(super) held: Held,
    dialled: OffsetDateTime,
    pub(super) answered: Option<OffsetDateTime>,
    pub(super) over: Option<Over>,
}

/// How a call ended: when, and why as ITU-T Q.850 counts it.
#[derive(Clone, Copy)]
pub(super) struct Over {
    pub(super) at: OffsetDateTime,
    pub(super) cause: u16,
}

/// Why a number was not bound or a call not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Denied {
    /// Every number is held by A or B already.
    NoNumber,
    /// The number leads nowhere from this telephone.
    Unbound,
    /// The telephone is in a call, or in none.
    NotNow,
}

impl Lines {
    pub(super) fn new(pool: Option<SimulatedPool>) -> Lines {
        Lines { pool: pool.map(Arc::new), book: Arc::default(), pusher: Pusher::default() }
    }

    pub(super) fn reset(&self) {
        *self.book() = Book::default();
    }

    /// Binds; the same order again is the same binding. A number never holds the same telephone twice.
    pub(super) fn bind(&self, mut wish: Held, now: OffsetDateTime) -> Result<Held, Denied> {
        let numbers = self.pool.as_ref().map(|pool| pool.numbers.clone()).unwrap_or_default();
        let mut book = self.book();
        book.bindings.retain(|held| held.until > now);
        if let Some(known) = book.bindings.iter().find(|held| held.order == wish.order) {
            return Ok(known.clone());
        }
        let holds = |held: &Held, phone: &str| held.a == phone || held.b == phone;
        let free = |x: &&String| {
            !book.bindings.iter().any(|held| held.x == **x && (holds(held, &wish.a) || holds(held, &wish.b)))
        };
        // Not always the same number: whoever is called twice should not take the number for a person.
        let first = usize::try_from(book.serial).unwrap_or(0) % numbers.len().max(1);
        let found = numbers[first..].iter().chain(&numbers[..first]).find(free).ok_or(Denied::NoNumber)?;
        found.clone_into(&mut wish.x);
        book.serial += 1;
        wish.id = format!("A{:015}", book.serial);
        if book.bindings.len() >= MAX_HELD {
            book.bindings.remove(0);
        }
        book.bindings.push(wish.clone());
        Ok(wish)
    }

    /// Gives a number back. A call that is on goes on.
    pub(super) fn unbind(&self, id: &str) -> bool {
        let mut book = self.book();
        let before = book.bindings.len();
        book.bindings.retain(|held| held.id != id);
        book.bindings.len() < before
    }

    /// The number that leads from this telephone to another, if one does.
    pub(super) fn leads(&self, phone: &str, now: OffsetDateTime) -> Option<String> {
        self.book().bindings.iter().rev().find(|held| held.a == phone && held.until > now).map(|held| held.x.clone())
    }

    /// The call that this telephone is in, else the last one that it was in.
    pub(super) fn call_of(&self, phone: &str) -> Option<Call> {
        let book = self.book();
        let mine = |call: &&Call| call.held.a == phone || call.held.b == phone;
        let on = book.calls.iter().rev().filter(mine).find(|call| call.over.is_none());
        on.or_else(|| book.calls.iter().rev().find(mine)).cloned()
    }

    /// A telephone dials a number: the other one rings.
    pub(super) fn dial(&self, phone: &str, number: &str, now: OffsetDateTime) -> Result<Call, Denied> {
        let call = {
            let mut book = self.book();
            let busy = |call: &&Call| call.over.is_none() && (call.held.a == phone || call.held.b == phone);
            if book.calls.iter().any(|call| busy(&call)) {
                return Err(Denied::NotNow);
            }
            let leads = |held: &&Held| held.x == number && held.a == phone && held.until > now;
            let held = book.bindings.iter().find(leads).cloned().ok_or(Denied::Unbound)?;
            book.serial += 1;
            let call = Call { id: format!("{:016x}", book.serial), held, dialled: now, answered: None, over: None };
            if book.calls.len() >= MAX_HELD {
                book.calls.remove(0);
            }
            book.calls.push(call.clone());
            call
        };
        self.tell(&call);
        Ok(call)
    }

    /// B answers.
    pub(super) fn answer(&self, phone: &str, now: OffsetDateTime) -> Result<Call, Denied> {
        let call =
            self.change(|call| call.held.b == phone && call.answered.is_none(), |call| call.answered = Some(now))?;
        if call.held.wrong == Some(Misbehaviour::BindingExpires) {
            self.unbind(&call.held.id);
        }
        self.tell(&call);
        Ok(call)
    }

    /// Either side ends the call; B before answering refuses it.
    pub(super) fn hang_up(&self, phone: &str, now: OffsetDateTime) -> Result<Call, Denied> {
        let ends = |call: &Call| call.held.a == phone || call.held.b == phone;
        let call = self.change(ends, |call| {
            let refused = call.answered.is_none() && call.held.b == phone;
            call.over = Some(Over { at: now, cause: if refused { 21 } else { 16 } });
        })?;
        self.tell(&call);
        Ok(call)
    }

    /// Nobody has answered for so long that the network gives up.
    pub(super) fn ring_out(&self, id: &str, now: OffsetDateTime) {
        let waits = |call: &Call| call.id == id && call.answered.is_none();
        if let Ok(call) = self.change(waits, |call| call.over = Some(Over { at: now, cause: 19 })) {
            self.tell(&call);
        }
    }

    fn change(&self, which: impl Fn(&Call) -> bool, change: impl FnOnce(&mut Call)) -> Result<Call, Denied> {
        let mut book = self.book();
        let call = book.calls.iter_mut().find(|call| call.over.is_none() && which(call)).ok_or(Denied::NotNow)?;
        change(call);
        Ok(call.clone())
    }

    /// Pushes what has just happened to the court.
    fn tell(&self, call: &Call) {
        if let Some(pool) = &self.pool {
            self.pusher.push(pool, push::receipts(&pool.id, call));
        }
    }

    /// A panic while the lock was held leaves whole values behind; a simulator goes on.
    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
