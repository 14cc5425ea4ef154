//! Stand-ins for the clock, for chance, for the SMS service, for the telephone service, for push services and for the face service.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use connect::identity::{FaceCheck, FaceOutcome, FaceResult, FaceWish, IdentityFailure, IdentityPort};
use connect::phone::{Bind, Binding, CallReport, PhoneFailure, PhonePort, ReportRefused};
use connect::push::{PushFailure, PushMessage, PushPort, PushTarget};
use connect::sms::{SmsDelivery, SmsFailure, SmsMessage, SmsPort, SmsReceipt, SmsTemplate};
use sha2::{Digest, Sha256};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

use crate::{Chance, Clock};

/// A clock that stands still until it is told to move. It begins at 2026-11-20 06:00 UTC, 14:00 in Beijing.
#[derive(Debug)]
pub struct MovableClock(Mutex<OffsetDateTime>);

impl Default for MovableClock {
    fn default() -> Self {
        MovableClock(Mutex::new(datetime!(2026-11-20 06:00 UTC)))
    }
}

impl MovableClock {
    /// Moves on by so much.
    pub fn advance(&self, by: Duration) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) += by;
    }

    /// Moves to this moment.
    pub fn set(&self, to: OffsetDateTime) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = to;
    }
}

impl Clock for MovableClock {
    fn now(&self) -> OffsetDateTime {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Chance that draws the same in every run: SHA-256 of a counter.
#[derive(Debug, Default)]
pub struct FixedChance(AtomicU64);

impl Chance for FixedChance {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            let block = Sha256::digest(self.0.fetch_add(1, Ordering::Relaxed).to_be_bytes());
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
    }
}

/// Takes every message and sends none. [`SmsInbox::fail`] makes the service unreachable.
#[derive(Debug, Default)]
pub struct SmsInbox {
    taken: Mutex<Vec<SmsMessage>>,
    failing: AtomicBool,
    failed: AtomicU64,
}

impl SmsInbox {
    /// All messages so far.
    pub fn messages(&self) -> Vec<SmsMessage> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// From now on every message fails, or no longer.
    pub fn fail(&self, fails: bool) {
        self.failing.store(fails, Ordering::Relaxed);
    }

    /// How many messages have failed.
    pub fn failed(&self) -> u64 {
        self.failed.load(Ordering::Relaxed)
    }

    /// The newest login code of this number. It is sent after the answer, so this waits for it, up to five seconds.
    pub async fn code_for(&self, phone: &str) -> String {
        self.nth_code_for(phone, 1).await
    }

    /// The newest login code of this number, once so many have come.
    pub async fn nth_code_for(&self, phone: &str, nth: usize) -> String {
        for _ in 0..500 {
            let mine = |message: &&SmsMessage| message.to == phone && message.template == SmsTemplate::LoginCode;
            let messages = self.messages();
            let codes: Vec<_> = messages.iter().filter(mine).collect();
            if codes.len() >= nth {
                return codes[codes.len() - 1].params["code"].clone();
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        panic!("no login code came");
    }
}

#[async_trait]
impl SmsPort for SmsInbox {
    async fn send(&self, message: SmsMessage) -> Result<SmsReceipt, SmsFailure> {
        if self.failing.load(Ordering::Relaxed) {
            self.failed.fetch_add(1, Ordering::Relaxed);
            return Err(SmsFailure::Unavailable { reason: "switched off by the test".to_owned() });
        }
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.push(message);
        Ok(SmsReceipt { id: taken.len().to_string(), request: String::new() })
    }

    async fn delivery(&self, _: &SmsReceipt, _: &str, _: OffsetDateTime) -> Result<SmsDelivery, SmsFailure> {
        Ok(SmsDelivery::Delivered)
    }
}

/// Lends numbers, as often as it is asked, and rings nobody.
#[derive(Debug, Default)]
pub struct PhoneDouble {
    bound: Mutex<Vec<Bind>>,
    given_back: Mutex<Vec<String>>,
    failing: Mutex<Vec<PhoneFailure>>,
}

impl PhoneDouble {
    /// The key that proves a report.
    pub const KEY: &'static str = "the-key-of-the-telephone-service";

    /// All that was asked for so far.
    pub fn bound(&self) -> Vec<Bind> {
        self.bound.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The bindings that were given back.
    pub fn given_back(&self) -> Vec<String> {
        self.given_back.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The next wishes fail like this, one after another.
    pub fn fail(&self, failures: impl IntoIterator<Item = PhoneFailure>) {
        self.failing.lock().unwrap_or_else(PoisonError::into_inner).extend(failures);
    }
}

#[async_trait]
impl PhonePort for PhoneDouble {
    async fn bind(&self, wish: &Bind) -> Result<Binding, PhoneFailure> {
        let mut failing = self.failing.lock().unwrap_or_else(PoisonError::into_inner);
        if !failing.is_empty() {
            return Err(failing.remove(0));
        }
        let mut bound = self.bound.lock().unwrap_or_else(PoisonError::into_inner);
        let place = bound.iter().position(|known| known.request == wish.request).unwrap_or(bound.len());
        bound.push(wish.clone());
        Ok(Binding { id: format!("B{place}"), number: format!("0210{place:07}") })
    }

    async fn unbind(&self, binding: &str) -> Result<(), PhoneFailure> {
        self.given_back.lock().unwrap_or_else(PoisonError::into_inner).push(binding.to_owned());
        Ok(())
    }

    fn reports(&self, key: &str, _: &[u8]) -> Result<Vec<CallReport>, ReportRefused> {
        if key == PhoneDouble::KEY { Ok(Vec::new()) } else { Err(ReportRefused::Forged) }
    }
}

/// Takes every message for browsers. It takes addresses at `push.example` alone.
#[derive(Debug, Default)]
pub struct PushDouble {
    taken: Mutex<Vec<(PushTarget, PushMessage)>>,
    failing: Mutex<Vec<PushFailure>>,
}

impl PushDouble {
    /// All messages so far.
    pub fn messages(&self) -> Vec<(PushTarget, PushMessage)> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The next messages fail like this, one after another.
    pub fn fail(&self, failures: impl IntoIterator<Item = PushFailure>) {
        self.failing.lock().unwrap_or_else(PoisonError::into_inner).extend(failures);
    }
}

#[async_trait]
impl PushPort for PushDouble {
    fn public_key(&self) -> String {
        "the-public-key".to_owned()
    }

    fn takes(&self, endpoint: &str) -> bool {
        endpoint.starts_with("https://push.example/")
    }

    async fn send(&self, to: &PushTarget, message: &PushMessage) -> Result<(), PushFailure> {
        let mut failing = self.failing.lock().unwrap_or_else(PoisonError::into_inner);
        if !failing.is_empty() {
            return Err(failing.remove(0));
        }
        self.taken.lock().unwrap_or_else(PoisonError::into_inner).push((to.clone(), message.clone()));
        Ok(())
    }
}

/// Compares nobody: it says what the test tells it to.
#[derive(Debug, Default)]
pub struct FaceDouble {
    asked: Mutex<Vec<FaceWish>>,
    said: Mutex<Option<Result<FaceOutcome, IdentityFailure>>>,
    other: AtomicBool,
}

impl FaceDouble {
    /// All that was asked for so far.
    pub fn asked(&self) -> Vec<FaceWish> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What it says from now on; before, nobody has done the check.
    pub fn says(&self, outcome: Result<FaceOutcome, IdentityFailure>) {
        *self.said.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
    }

    /// From now on its results are about somebody else, or about themselves again.
    pub fn about_somebody_else(&self, other: bool) {
        self.other.store(other, Ordering::Relaxed);
    }
}

#[async_trait]
impl IdentityPort for FaceDouble {
    async fn begin(&self, wish: &FaceWish) -> Result<FaceCheck, IdentityFailure> {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.push(wish.clone());
        let token = format!("token-{}", asked.len());
        Ok(FaceCheck { url: format!("https://faces.example/{token}"), token })
    }

    async fn result(&self, token: &str) -> Result<FaceResult, IdentityFailure> {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let place = token.strip_prefix("token-").and_then(|place| place.parse::<usize>().ok()).unwrap_or_default();
        let wish = asked.get(place.wrapping_sub(1));
        let wish = wish.ok_or_else(|| IdentityFailure::Rejected { code: "BizTokenIllegal".to_owned() })?;
        let said = self.said.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let outcome = said.unwrap_or(Ok(FaceOutcome::Pending))?;
        let mut number = wish.number.clone();
        if self.other.load(Ordering::Relaxed) {
            number = "11010519491231002X".to_owned();
        }
        Ok(FaceResult { outcome, nonce: wish.nonce.clone(), name: wish.name.clone(), number })
    }
}
