//! Time and chance, which everything else receives as arguments.

use std::time::SystemTime;

use rand::TryRngCore;
use time::OffsetDateTime;

/// Tells the time of the server.
pub trait Clock: Send + Sync + 'static {
    /// This moment, in UTC.
    fn now(&self) -> OffsetDateTime;
}

/// Gives random bytes that nobody can predict.
pub trait Chance: Send + Sync + 'static {
    /// Fills the slice.
    fn fill(&self, bytes: &mut [u8]);
}

/// The host's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct HostClock;

impl Clock for HostClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where the host's clock is read")]
    fn now(&self) -> OffsetDateTime {
        SystemTime::now().into()
    }
}

/// The operating system's generator.
#[derive(Clone, Copy, Debug, Default)]
pub struct HostChance;

impl Chance for HostChance {
    fn fill(&self, bytes: &mut [u8]) {
        rand::rngs::OsRng
            .try_fill_bytes(bytes)
            .expect("a host without randomness can keep no secret and must not serve");
    }
}

impl dyn Chance {
    /// N random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    /// A random id of 128 bits (version 4).
    pub fn id(&self) -> uuid::Uuid {
        uuid::Builder::from_random_bytes(self.bytes()).into_uuid()
    }

    /// A time-ordered id (version 7, RFC 9562 5.7).
    pub fn ordered_id(&self, now: OffsetDateTime) -> uuid::Uuid {
        let millis = u64::try_from(now.unix_timestamp_nanos() / 1_000_000).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &self.bytes()).into_uuid()
    }
}
