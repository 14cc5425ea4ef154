//! An act on paper: its leaf, what the leaf commits to, and the proof that the court's log holds it. Lines of text throughout.

use std::fmt::Write;

use crate::checkpoint::decimal;
use crate::{Fault, Hash, Salt, commit};

/// A document and the salt under which it is committed to.
pub type Salted<'a> = (Salt, &'a str);

/// Where an act stands in the court's tree: its index, and the path upwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inclusion {
    pub index: u64,
    pub path: Vec<Hash>,
}

/// What is written of an act.
#[derive(Clone, Debug)]
pub struct Written<'a> {
    pub leaf: Hash,
    /// The leaf's ten lines.
    pub text: &'a str,
    /// Absent where the reader may not have it, or where it was destroyed.
    pub body: Option<Salted<'a>>,
    pub audience: Option<Salted<'a>>,
    pub proof: Option<&'a Inclusion>,
}

impl Written<'_> {
    /// The block, without the blank line that ends it. None when a document has a line feed, which no document of a record has.
    pub fn block(&self) -> Option<String> {
        let mut block = format!("leaf {}\n{}", self.leaf, self.text);
        for (name, document) in [("body", self.body), ("audience", self.audience)] {
            if let Some((salt, document)) = document {
                if document.contains('\n') {
                    return None;
                }
                writeln!(block, "{name}-salt {}\n{name}-document {document}", hex::encode(salt)).ok()?;
            }
        }
        if let Some(Inclusion { index, path }) = self.proof {
            writeln!(block, "index {index}").ok()?;
            for node in path {
                writeln!(block, "path {node}").ok()?;
            }
        }
        Some(block)
    }
}

/// A block as it was read.
#[derive(Clone, Debug)]
pub(crate) struct Block<'a> {
    pub(crate) leaf: Hash,
    pub(crate) text: String,
    pub(crate) court: &'a str,
    pub(crate) record: &'a str,
    pub(crate) seq: u64,
    pub(crate) time: &'a str,
    pub(crate) prev: Hash,
    body_hash: Hash,
    audience_hash: Hash,
    pub(crate) body: Option<Salted<'a>>,
    audience: Option<Salted<'a>>,
    pub(crate) proof: Option<Inclusion>,
}

impl<'a> Block<'a> {
    /// Reads a block from its lines. None when it is anything else.
    pub(crate) fn read(lines: &[&'a str]) -> Option<Block<'a>> {
        let (leaf, rest) = lines.split_first()?;
        let (ten, mut rest) = rest.split_at_checked(10)?;
        let mut named = ten.iter();
        (*named.next()? == "weiting act v1").then_some(())?;
        let mut value = |name: &str| named.next()?.strip_prefix(name)?.strip_prefix(' ');
        let (court, record, seq) = (value("court")?, value("record")?, value("seq")?);
        let (_kind, time, _actor) = (value("kind")?, value("time")?, value("actor")?);
        let (prev, body_hash, audience_hash) = (value("prev")?, value("body")?, value("audience")?);
        let body = salted("body", &mut rest)?;
        let audience = salted("audience", &mut rest)?;
        Some(Block {
            leaf: leaf.strip_prefix("leaf ")?.parse().ok()?,
            text: ten.iter().flat_map(|line| [*line, "\n"]).collect(),
            court,
            record,
            seq: decimal(seq)?,
            time,
            prev: prev.parse().ok()?,
            body_hash: body_hash.parse().ok()?,
            audience_hash: audience_hash.parse().ok()?,
            body,
            audience,
            proof: proof(rest)?,
        })
    }

    /// What is wrong with the act by itself: each with the part of it.
    pub(crate) fn faults(&self) -> Vec<(Fault, &'static str)> {
        let mut faults = Vec::new();
        if Hash::of(self.text.as_bytes()) != self.leaf {
            faults.push((Fault::Altered, ""));
        }
        for (part, document, hash) in
            [(" body", self.body, self.body_hash), (" audience", self.audience, self.audience_hash)]
        {
            if document.is_some_and(|(salt, document)| commit(&salt, document.as_bytes()) != hash) {
                faults.push((Fault::Altered, part));
            }
        }
        faults
    }
}

/// A salted document at the beginning of these lines, if it is there; none when it is there by half.
fn salted<'a>(name: &str, lines: &mut &[&'a str]) -> Option<Option<Salted<'a>>> {
    let (salt_name, document_name) = (format!("{name}-salt "), format!("{name}-document "));
    let Some(salt) = lines.first().and_then(|line| line.strip_prefix(salt_name.as_str())) else { return Some(None) };
    let salt: Hash = salt.parse().ok()?;
    let document = lines.get(1)?.strip_prefix(document_name.as_str())?;
    *lines = &lines[2..];
    Some(Some((salt.0, document)))
}

/// The proof that the rest of the lines are, if there are any.
fn proof(lines: &[&str]) -> Option<Option<Inclusion>> {
    let Some((index, path)) = lines.split_first() else { return Some(None) };
    let index = decimal(index.strip_prefix("index ")?)?;
    let path = path.iter().map(|line| line.strip_prefix("path ")?.parse().ok()).collect::<Option<Vec<_>>>()?;
    Some(Some(Inclusion { index, path }))
}
