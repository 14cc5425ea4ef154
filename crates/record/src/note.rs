//! Signed notes (C2SP signed-note): a text, and lines by which those who vouch for it sign it.
//!
//! Ed25519 is what everybody can verify. A signature of another kind is one more line, which a verifier that does not know it leaves
//! aside: so [`Signer`] is a trait, and a second algorithm (SM2 in the 国密 profile) needs no change to what is signed.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};

use crate::Hash;

/// The kind of signature that a log makes over its checkpoints.
const LOG: u8 = 0x01;
/// The kind that a witness makes: it signs the time with the checkpoint (C2SP tlog-cosignature).
const WITNESS: u8 = 0x04;

/// Somebody who can sign a note.
pub trait Signer: Send + Sync {
    /// The signature line for this text, line feed included. `unix` is the time in seconds, for signatures that state one.
    fn line(&self, text: &str, unix: u64) -> String;
}

/// An Ed25519 key that signs.
pub struct SigningKey {
    name: String,
    kind: u8,
    pair: Ed25519KeyPair,
}

/// Why something is no key.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a key: {0}")]
pub struct KeyError(&'static str);

impl SigningKey {
    /// The key of a log, from its 32 secret bytes.
    ///
    /// # Errors
    /// When the name cannot stand in a note.
    pub fn log(name: &str, seed: &[u8; 32]) -> Result<SigningKey, KeyError> {
        SigningKey::new(name, LOG, seed)
    }

    /// The key of a witness, from its 32 secret bytes.
    ///
    /// # Errors
    /// When the name cannot stand in a note.
    pub fn witness(name: &str, seed: &[u8; 32]) -> Result<SigningKey, KeyError> {
        SigningKey::new(name, WITNESS, seed)
    }

    fn new(name: &str, kind: u8, seed: &[u8; 32]) -> Result<SigningKey, KeyError> {
        fit(name)?;
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| KeyError("the secret does not fit"))?;
        Ok(SigningKey { name: name.to_owned(), kind, pair })
    }

    /// What others verify with.
    pub fn verifying(&self) -> VerifyingKey {
        let mut key = [0; 32];
        key.copy_from_slice(self.pair.public_key().as_ref());
        VerifyingKey { name: self.name.clone(), kind: self.kind, key }
    }
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SigningKey({})", self.verifying())
    }
}

impl Signer for SigningKey {
    fn line(&self, text: &str, unix: u64) -> String {
        let mut bytes = self.verifying().id().to_vec();
        if self.kind == WITNESS {
            bytes.extend(unix.to_be_bytes());
        }
        bytes.extend(self.pair.sign(&signed(self.kind, text, unix)).as_ref());
        format!("— {} {}\n", self.name, STANDARD.encode(bytes))
    }
}

/// What is signed: the text as it is, or with the time that the witness states.
fn signed(kind: u8, text: &str, unix: u64) -> Vec<u8> {
    match kind {
        WITNESS => format!("cosignature/v1\ntime {unix}\n{text}").into_bytes(),
        _ => text.as_bytes().to_vec(),
    }
}

fn fit(name: &str) -> Result<(), KeyError> {
    let fits = !name.is_empty() && !name.chars().any(|char| char.is_whitespace() || char.is_control() || char == '+');
    if fits { Ok(()) } else { Err(KeyError("its name is empty or has spaces or a plus")) }
}

/// A key that others verify with, written `name+id+base64`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyingKey {
    name: String,
    kind: u8,
    key: [u8; 32],
}

impl VerifyingKey {
    /// Whose key it is; for a log, its origin.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Four bytes that say which key made a signature.
    pub fn id(&self) -> [u8; 4] {
        let mut bytes = format!("{}\n", self.name).into_bytes();
        bytes.push(self.kind);
        bytes.extend(self.key);
        let Hash([a, b, c, d, ..]) = Hash::of(&bytes);
        [a, b, c, d]
    }

    /// The signature line of a note that this key made, if there is one; whether it holds is what is returned.
    pub fn verify(&self, note: &Note<'_>) -> Option<bool> {
        let mut own = note.lines.iter().filter(|line| line.name == self.name && line.bytes.starts_with(&self.id()));
        let line = own.next()?;
        let rest = &line.bytes[4..];
        let (unix, signature) = match (self.kind, rest.split_at_checked(8)) {
            (WITNESS, Some((time, signature))) => (u64::from_be_bytes(time.try_into().ok()?), signature),
            (WITNESS, None) => return Some(false),
            _ => (0, rest),
        };
        let holds = UnparsedPublicKey::new(&ED25519, &self.key).verify(&signed(self.kind, note.text, unix), signature);
        Some(holds.is_ok() && own.next().is_none())
    }
}

impl std::fmt::Display for VerifyingKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let key: Vec<u8> = [self.kind].into_iter().chain(self.key).collect();
        write!(f, "{}+{}+{}", self.name, hex::encode(self.id()), STANDARD.encode(key))
    }
}

impl std::str::FromStr for VerifyingKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<VerifyingKey, KeyError> {
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(KeyError("it has not three parts"));
        };
        fit(name)?;
        let bytes = STANDARD.decode(key).map_err(|_| KeyError("its last part is not base64"))?;
        let [kind @ (LOG | WITNESS), key @ ..] = bytes.as_slice() else { return Err(KeyError("its kind is unknown")) };
        let key = key.try_into().map_err(|_| KeyError("it has not 32 bytes"))?;
        let found = VerifyingKey { name: name.to_owned(), kind: *kind, key };
        if hex::encode(found.id()) != id {
            return Err(KeyError("its id is not that of the key"));
        }
        Ok(found)
    }
}

/// A note as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note<'a> {
    /// What is signed, its last line feed included.
    pub text: &'a str,
    lines: Vec<Line<'a>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Line<'a> {
    name: &'a str,
    /// The key's id and the signature.
    bytes: Vec<u8>,
}

impl<'a> Note<'a> {
    /// Reads a note. Nothing is verified yet.
    pub fn read(note: &'a str) -> Option<Note<'a>> {
        let cut = note.rfind("\n\n")?;
        let (text, rest) = (&note[..=cut], &note[cut + 2..]);
        let lines = rest.strip_suffix('\n')?.split('\n').map(Line::read).collect::<Option<Vec<_>>>()?;
        let clean = !text.chars().any(|char| char.is_control() && char != '\n');
        clean.then_some(Note { text, lines })
    }
}

impl<'a> Line<'a> {
    fn read(line: &'a str) -> Option<Line<'a>> {
        let (name, signature) = line.strip_prefix("— ")?.split_once(' ')?;
        fit(name).ok()?;
        let bytes = STANDARD.decode(signature).ok().filter(|bytes| bytes.len() > 4)?;
        Some(Line { name, bytes })
    }
}

/// Signs a text that ends with a line feed.
pub fn sign(text: &str, unix: u64, signers: &[&dyn Signer]) -> String {
    let lines: String = signers.iter().map(|signer| signer.line(text, unix)).collect();
    format!("{text}\n{lines}")
}
