//! The human check before an SMS is sent (SR-04): a little work for one browser, a lot for who wants to send thousands.
//!
//! No picture puzzle: those shut out people with poor sight and stop no machine any more. The challenge is stateless: it says itself
//! until when it is good and for whom, under the court's key. Only used ones are remembered, until they expire.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use time::Duration;
use tokio::sync::OnceCell;
use utoipa::ToSchema;

use crate::{Desk, Problem};

/// How many zero bits the hash must begin with: 262,144 tries on average, about half a second on a phone.
const BITS: u32 = 18;
/// How long a challenge is good.
const LIFE: Duration = Duration::minutes(5);
/// How many used challenges are remembered; further ones wait until some have expired.
const REMEMBERED: usize = 50_000;
/// The name of the court's key.
const KEY: &str = "human_check_key";
/// Bytes of a challenge: expiry in microseconds, chance, authentication.
const EXPIRY: usize = 8;
const CHANCE: usize = 8;
const TAG: usize = 16;

/// The work that was asked for, done.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// The challenge as it came.
    challenge: String,
    /// A decimal number such that SHA-256(challenge ":" nonce) begins with as many zero bits as were asked for.
    nonce: String,
}

/// The key of challenges, and which have been used.
#[derive(Default)]
pub(super) struct Proofs {
    key: OnceCell<[u8; 32]>,
    used: Mutex<HashMap<String, i64>>,
}

impl Proofs {
    /// Takes a proof: each only once, only from the address and for the number that it was asked of.
    ///
    /// # Errors
    /// 428 `human_check_required` with a new challenge when there is none or it does not hold; 503.
    pub(super) async fn take(&self, desk: &Desk, about: &str, proof: Option<&Proof>) -> Result<(), Problem> {
        let key = self.key(desk).await?;
        let now = court::beijing::micros(desk.now());
        if proof.is_some_and(|proof| holds(&key, about, proof, now) && self.first_use(&proof.challenge, now)) {
            return Ok(());
        }
        let challenge = challenge(&key, about, now + LIFE.whole_seconds() * 1_000_000, desk.chance.bytes());
        let detail = "请先完成人机校验，系统会自动进行，请稍候。";
        Err(Problem::new(StatusCode::PRECONDITION_REQUIRED, "human_check_required", detail)
            .with("challenge", challenge)
            .with("bits", BITS))
    }

    /// The court's key, the same on every node.
    async fn key(&self, desk: &Desk) -> Result<[u8; 32], Problem> {
        let make = || async {
            let fresh = hex::encode(desk.chance.bytes::<32>());
            let kept = desk.store.put_meta_if_absent(KEY, &fresh).await?;
            let mut key = [0; 32];
            hex::decode_to_slice(kept, &mut key).map_err(|_| Problem::internal())?;
            Ok(key)
        };
        self.key.get_or_try_init(make).await.copied()
    }

    fn first_use(&self, challenge: &str, now: i64) -> bool {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        if used.len() >= REMEMBERED {
            used.retain(|_, expiry| *expiry > now);
        }
        if used.len() >= REMEMBERED || used.contains_key(challenge) {
            return false;
        }
        used.insert(challenge.to_owned(), now + LIFE.whole_seconds() * 1_000_000);
        true
    }
}

fn challenge(key: &[u8; 32], about: &str, expiry: i64, chance: [u8; CHANCE]) -> String {
    let mut bytes = Vec::with_capacity(EXPIRY + CHANCE + TAG);
    bytes.extend(expiry.to_be_bytes());
    bytes.extend(chance);
    let tag = tag(key, about, &bytes).finalize().into_bytes();
    bytes.extend(&tag[..TAG]);
    URL_SAFE_NO_PAD.encode(bytes)
}

fn holds(key: &[u8; 32], about: &str, proof: &Proof, now: i64) -> bool {
    let Ok(bytes) = URL_SAFE_NO_PAD.decode(&proof.challenge) else { return false };
    let Some((said, authentic)) = bytes.split_at_checked(EXPIRY + CHANCE) else { return false };
    let Some(expiry) = said.first_chunk::<EXPIRY>() else { return false };
    authentic.len() == TAG
        && tag(key, about, said).verify_truncated_left(authentic).is_ok()
        && now < i64::from_be_bytes(*expiry)
        && is_worked_out(proof)
}

fn tag(key: &[u8; 32], about: &str, said: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(b"weiting human check v1\n");
    mac.update(said);
    mac.update(about.as_bytes());
    mac
}

fn is_worked_out(proof: &Proof) -> bool {
    let is_number = (1..=20).contains(&proof.nonce.len()) && proof.nonce.bytes().all(|byte| byte.is_ascii_digit());
    is_number && zero_bits(&Sha256::digest(format!("{}:{}", proof.challenge, proof.nonce))) >= BITS
}

fn zero_bits(hash: &[u8]) -> u32 {
    let zero = hash.iter().take_while(|byte| **byte == 0).count();
    zero as u32 * 8 + hash.get(zero).map_or(0, |byte| byte.leading_zeros())
}

/// Does the work, as a browser would.
#[cfg(test)]
pub(super) fn work_out(challenge: &str, bits: u32) -> String {
    let begun = Sha256::new_with_prefix(format!("{challenge}:"));
    let solves = |nonce: &String| zero_bits(&begun.clone().chain_update(nonce).finalize()) >= bits;
    (0_u64..).map(|nonce| nonce.to_string()).find(solves).expect("there is always one")
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000_000;

    fn proof(challenge: String) -> Proof {
        let nonce = work_out(&challenge, BITS);
        Proof { challenge, nonce }
    }

    #[test]
    fn sr04_a_proof_is_bound_to_key_address_number_and_time() {
        let key = [7; 32];
        let good = proof(challenge(&key, "198.51.100.1 13900000001", 5 * MINUTE, [1; CHANCE]));
        assert!(holds(&key, "198.51.100.1 13900000001", &good, 0));
        assert!(!holds(&key, "198.51.100.1 13900000001", &good, 5 * MINUTE), "late");
        assert!(!holds(&key, "198.51.100.2 13900000001", &good, 0), "another address");
        assert!(!holds(&key, "198.51.100.1 13900000002", &good, 0), "another number");
        assert!(!holds(&[8; 32], "198.51.100.1 13900000001", &good, 0), "another court");
        let lazy = Proof { nonce: "0".to_owned(), challenge: good.challenge.clone() };
        assert!(!holds(&key, "198.51.100.1 13900000001", &lazy, 0), "no work done");
        let forged = proof(URL_SAFE_NO_PAD.encode([0xff; EXPIRY + CHANCE + TAG]));
        assert!(!holds(&key, "198.51.100.1 13900000001", &forged, 0), "made up");
        for junk in ["", "!", "AAAA"] {
            assert!(!holds(&key, "x", &Proof { challenge: junk.to_owned(), nonce: "1".to_owned() }, 0));
        }
    }

    #[test]
    fn sr04_a_proof_is_good_once_and_memory_is_bounded() {
        let proofs = Proofs::default();
        assert!(proofs.first_use("a", 0));
        assert!(!proofs.first_use("a", 1), "used twice");
        for used in 1..REMEMBERED {
            assert!(proofs.first_use(&used.to_string(), 0));
        }
        assert!(!proofs.first_use("one more", 0), "full");
        assert!(proofs.first_use("one more", 5 * MINUTE), "the others have expired");
    }

    #[test]
    fn zero_bits_are_counted_from_the_front() {
        assert_eq!(zero_bits(&[0, 0, 0x20, 0xff]), 18);
        assert_eq!(zero_bits(&[0x80]), 0);
        assert_eq!(zero_bits(&[0, 0]), 16);
    }
}
