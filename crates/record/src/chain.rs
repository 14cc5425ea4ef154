//! The chain: whether the acts of one record are all there, unchanged and in order.

use uuid::Uuid;

use crate::{Hash, Leaf, Salt, commit};

/// Where a record stands: how many acts it has and the leaf hash of the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    pub seq: u64,
    pub leaf: Hash,
}

impl Head {
    /// A record without acts.
    pub const EMPTY: Head = Head { seq: 0, leaf: Hash::ZERO };
}

/// An act as it was stored, with everything that its leaf commits to.
#[derive(Clone, Debug)]
pub struct StoredLeaf<'a> {
    pub seq: u64,
    pub kind: &'a str,
    /// Microseconds since 1970-01-01 UTC.
    pub at: i64,
    /// The actor's pseudonym.
    pub actor: &'a str,
    pub body: &'a [u8],
    pub body_salt: &'a Salt,
    pub audience: &'a [u8],
    pub audience_salt: &'a Salt,
    /// The leaf hash that was acknowledged.
    pub leaf: Hash,
}

/// Why a record does not verify, at the first act that is wrong.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Break {
    #[error("act {expected} is missing: the record goes on with {found}")]
    Gap { expected: u64, found: u64 },
    #[error("act {seq} is not what was acknowledged: its leaf should be {stored} and is {computed}")]
    Altered { seq: u64, stored: Hash, computed: Hash },
    #[error("act {seq} is dated before the act that it follows")]
    TimeRunsBack { seq: u64 },
    #[error("the record ends with act {found}, but {acknowledged} acts were acknowledged")]
    Cut { acknowledged: u64, found: u64 },
    #[error("the record ends with leaf {found}, but {acknowledged} was acknowledged")]
    Forked { acknowledged: Hash, found: Hash },
}

/// Recomputes a record act by act, from the first.
#[derive(Debug)]
pub struct ChainVerifier<'a> {
    court: &'a str,
    record: Uuid,
    head: Head,
    last_at: i64,
}

impl<'a> ChainVerifier<'a> {
    /// Begins with the empty record.
    pub fn new(court: &'a str, record: Uuid) -> Self {
        Self { court, record, head: Head::EMPTY, last_at: i64::MIN }
    }

    /// Takes the next act.
    ///
    /// # Errors
    /// The first thing that is wrong; the verifier then stays where it was.
    pub fn take(&mut self, act: &StoredLeaf<'_>) -> Result<(), Break> {
        let expected = self.head.seq + 1;
        if act.seq != expected {
            return Err(Break::Gap { expected, found: act.seq });
        }
        let computed = Leaf {
            court: self.court,
            record: self.record,
            seq: act.seq,
            kind: act.kind,
            at: act.at,
            actor: act.actor,
            prev: self.head.leaf,
            body: commit(act.body_salt, act.body),
            audience: commit(act.audience_salt, act.audience),
        }
        .hash();
        if computed != act.leaf {
            return Err(Break::Altered { seq: act.seq, stored: act.leaf, computed });
        }
        if act.at < self.last_at {
            return Err(Break::TimeRunsBack { seq: act.seq });
        }
        self.head = Head { seq: act.seq, leaf: computed };
        self.last_at = act.at;
        Ok(())
    }

    /// Where the record stands after the acts taken so far.
    pub fn head(&self) -> Head {
        self.head
    }

    /// Compares the end with a head that somebody was given earlier.
    ///
    /// # Errors
    /// [`Break::Cut`] if acts are missing at the end, [`Break::Forked`] if the last act is another one.
    pub fn ends_at(&self, acknowledged: Head) -> Result<(), Break> {
        if self.head.seq != acknowledged.seq {
            return Err(Break::Cut { acknowledged: acknowledged.seq, found: self.head.seq });
        }
        if self.head.leaf != acknowledged.leaf {
            return Err(Break::Forked { acknowledged: acknowledged.leaf, found: self.head.leaf });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[derive(Clone, Debug)]
    struct Owned {
        seq: u64,
        kind: String,
        at: i64,
        body: Vec<u8>,
        audience: Vec<u8>,
        body_salt: Salt,
        leaf: Hash,
    }

    impl Owned {
        fn as_stored(&self) -> StoredLeaf<'_> {
            StoredLeaf {
                seq: self.seq,
                kind: &self.kind,
                at: self.at,
                actor: "p1",
                body: &self.body,
                body_salt: &self.body_salt,
                audience: &self.audience,
                audience_salt: &[9; 32],
                leaf: self.leaf,
            }
        }
    }

    fn record_of(bodies: &[Vec<u8>]) -> (Vec<Owned>, Head) {
        let mut head = Head::EMPTY;
        let acts = bodies
            .iter()
            .map(|body| {
                let seq = head.seq + 1;
                let body_salt = [seq as u8; 32];
                let leaf = Leaf {
                    court: "沪0113",
                    record: Uuid::nil(),
                    seq,
                    kind: "speech.text",
                    at: seq as i64,
                    actor: "p1",
                    prev: head.leaf,
                    body: commit(&body_salt, body),
                    audience: commit(&[9; 32], b"\"everyone\""),
                }
                .hash();
                head = Head { seq, leaf };
                Owned {
                    seq,
                    kind: "speech.text".into(),
                    at: seq as i64,
                    body: body.clone(),
                    audience: b"\"everyone\"".to_vec(),
                    body_salt,
                    leaf,
                }
            })
            .collect();
        (acts, head)
    }

    fn verify(acts: &[Owned], head: Head) -> Result<(), Break> {
        let mut verifier = ChainVerifier::new("沪0113", Uuid::nil());
        for act in acts {
            verifier.take(&act.as_stored())?;
        }
        verifier.ends_at(head)
    }

    proptest! {
        #[test]
        fn an_untouched_record_verifies(bodies in prop::collection::vec(any::<Vec<u8>>(), 0..20)) {
            let (acts, head) = record_of(&bodies);
            prop_assert_eq!(verify(&acts, head), Ok(()));
        }

        #[test]
        fn any_tampering_is_found(
            bodies in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..30), 2..20),
            which in any::<prop::sample::Index>(),
            how in 0..8usize,
        ) {
            let (mut acts, head) = record_of(&bodies);
            let at = which.index(acts.len());
            match how {
                0 => acts[at].body[0] ^= 1,
                1 => acts[at].audience.push(b' '),
                2 => acts[at].kind.push('x'),
                3 => acts[at].at += 1,
                4 => { acts.remove(at); }
                5 => { let twin = acts[at].clone(); acts.insert(at, twin); }
                6 => { let other = (at + 1) % acts.len(); acts.swap(at, other); }
                _ => acts[at].body_salt[0] ^= 1,
            }
            prop_assert!(verify(&acts, head).is_err());
        }
    }
}
