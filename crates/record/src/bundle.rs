//! A bundle: the records of a case with everything that proves them, as files that verify on a machine without a database.
//!
//! | file | |
//! |---|---|
//! | `MANIFEST` | the name and hash of every other file, signed |
//! | `key.txt` | the key of the court's log |
//! | `checkpoint.txt` | the checkpoint under which all proofs of the bundle stand |
//! | `history/N.txt` | earlier checkpoints, each with the proof that the log only grew |
//! | `records/ID.txt` | the acts of a record |
//! | `files/SHA256` | the files that acts show, by their hash |

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::io::{self, Read};

use sha2::{Digest, Sha256};

use crate::block::Block;
use crate::checkpoint::Checkpoint;
use crate::note::{Note, VerifyingKey};
use crate::{Fault, Finding, Hash, zip};

/// The first line of a manifest, and of a record.
pub const MANIFEST_LINE: &str = "weiting bundle v1";
/// The first line of a record's file.
pub const RECORD_LINE: &str = "weiting record v1";

/// What a bundle's manifest says, besides the list of files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    pub court: String,
    pub case: String,
    /// `whole`, or `member` when it has only what one person may see.
    pub scope: String,
    /// When it was made, RFC 3339.
    pub made: String,
}

impl Manifest {
    /// The text to be signed, for these files.
    pub fn text(&self, files: &BTreeMap<String, Hash>) -> String {
        let mut text = format!(
            "{MANIFEST_LINE}\ncourt {}\ncase {}\nscope {}\nmade {}\n",
            self.court, self.case, self.scope, self.made
        );
        for (name, hash) in files {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "file {hash} {name}");
        }
        text
    }

    fn read(text: &str) -> Option<(Manifest, Vec<(String, Hash)>)> {
        let mut lines = text.strip_suffix('\n')?.split('\n');
        (lines.next()? == MANIFEST_LINE).then_some(())?;
        let mut value = |name: &str| lines.next()?.strip_prefix(name)?.strip_prefix(' ').map(str::to_owned);
        let manifest = Manifest {
            court: value("court")?,
            case: value("case")?,
            scope: value("scope").filter(|scope| matches!(scope.as_str(), "whole" | "member"))?,
            made: value("made")?,
        };
        let file = |line: &str| {
            let (hash, name) = line.strip_prefix("file ")?.split_once(' ')?;
            Some((name.to_owned(), hash.parse().ok()?))
        };
        Some((manifest, lines.map(file).collect::<Option<_>>()?))
    }
}

/// The files of a bundle: the text of those that are read, and the hash of all.
#[derive(Clone, Debug, Default)]
pub struct Contents {
    texts: BTreeMap<String, Vec<u8>>,
    hashes: BTreeMap<String, Hash>,
    findings: Vec<Finding>,
}

impl Contents {
    /// Takes a file in. Only the hash of what an act shows is kept.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn put(&mut self, name: &str, source: &mut dyn Read) -> io::Result<()> {
        let (mut hasher, mut text, mut part) = (Sha256::new(), Vec::new(), vec![0; 64 * 1024]);
        let kept = !name.starts_with("files/");
        loop {
            let count = source.read(&mut part)?;
            if count == 0 {
                break;
            }
            hasher.update(&part[..count]);
            if kept {
                text.extend_from_slice(&part[..count]);
            }
        }
        self.hashes.insert(name.to_owned(), Hash(hasher.finalize().into()));
        self.texts.insert(name.to_owned(), text);
        Ok(())
    }

    /// Takes the files of a container in.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn from_zip(source: impl Read) -> io::Result<Contents> {
        let mut contents = Contents::default();
        let (odd, sound) = zip::read(source, |name, file| contents.put(name, file))?;
        contents.findings = odd.into_iter().map(|name| Finding::new(Fault::Container, format!("zip {name}"))).collect();
        if !sound {
            contents.findings.push(Finding::new(Fault::Container, "zip"));
        }
        Ok(contents)
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.texts.get(name).and_then(|bytes| std::str::from_utf8(bytes).ok())
    }
}

/// What was looked at, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct Report {
    pub manifest: Option<Manifest>,
    pub key: Option<VerifyingKey>,
    pub checkpoint: Option<Checkpoint>,
    pub records: u64,
    pub acts: u64,
    pub files: u64,
    pub findings: Vec<Finding>,
    /// The leaves of each record, by number.
    leaves: BTreeMap<String, BTreeMap<u64, Hash>>,
    /// The roots that the log has signed, by size.
    roots: BTreeMap<u64, Hash>,
}

/// Verifies a bundle. `pinned`: the key that the court published, if the reader has it from elsewhere.
pub fn verify(contents: &Contents, pinned: Option<&VerifyingKey>) -> Report {
    let mut report = Report { findings: contents.findings.clone(), ..Report::default() };
    // Stops at the first thing without which the rest says nothing.
    let _ = report.look(contents, pinned);
    report
}

impl Report {
    fn say(&mut self, fault: Fault, place: impl Into<String>) {
        self.findings.push(Finding::new(fault, place));
    }

    fn look(&mut self, contents: &Contents, pinned: Option<&VerifyingKey>) -> Option<()> {
        let Some(bytes) = contents.texts.get("MANIFEST") else {
            self.say(Fault::Missing, "MANIFEST");
            return None;
        };
        let note = std::str::from_utf8(bytes).ok().and_then(Note::read);
        let Some((note, (manifest, files))) = note.and_then(|note| Manifest::read(note.text).map(|read| (note, read)))
        else {
            self.say(Fault::Malformed, "MANIFEST");
            return None;
        };
        self.files_are_those(contents, &files);
        let key: Option<VerifyingKey> =
            contents.text("key.txt").and_then(|key| key.strip_suffix('\n')).and_then(|key| key.parse().ok());
        let Some(key) = key else {
            self.say(Fault::Malformed, "key.txt");
            return None;
        };
        if pinned.is_some_and(|pinned| *pinned != key) {
            self.say(Fault::Signature, "key.txt");
        }
        if key.verify(&note) != Some(true) {
            self.say(Fault::Signature, "MANIFEST");
        }
        match contents.text("checkpoint.txt").ok_or(Fault::Malformed).and_then(|note| Checkpoint::open(note, &key)) {
            Ok(checkpoint) => self.checkpoint = Some(checkpoint),
            Err(fault) => self.say(fault, "checkpoint.txt"),
        }
        self.key = Some(key);
        self.manifest = Some(manifest);
        for name in contents.texts.keys().filter(|name| name.starts_with("history/")) {
            self.look_at_history(contents, name);
        }
        for name in contents.texts.keys().filter(|name| name.starts_with("records/")) {
            self.look_at_record(contents, name);
        }
        Some(())
    }

    /// Every file is listed with its hash, and every listed one is there; a shown file also has the hash that is its name.
    fn files_are_those(&mut self, contents: &Contents, files: &[(String, Hash)]) {
        let mut listed = BTreeSet::from(["MANIFEST"]);
        for (name, hash) in files {
            listed.insert(name);
            match contents.hashes.get(name) {
                None => self.say(Fault::Missing, name),
                Some(found) if found != hash => self.say(Fault::Altered, name),
                Some(found) => {
                    if name.strip_prefix("files/").is_some_and(|name| name != found.to_string()) {
                        self.say(Fault::Altered, name);
                    }
                }
            }
        }
        self.files = files.len() as u64;
        for name in contents.hashes.keys().filter(|name| !listed.contains(name.as_str())) {
            self.say(Fault::Unlisted, name);
        }
    }

    /// An earlier checkpoint: the lines of the proof, a blank line, the signed note.
    fn look_at_history(&mut self, contents: &Contents, name: &str) {
        let read = || {
            let (lines, note) = contents.text(name)?.split_once("\n\n")?;
            let (first, path) = lines.split_once('\n').unwrap_or((lines, ""));
            (first == "weiting history v1").then_some(())?;
            let path = path.split('\n').filter(|line| !line.is_empty());
            let path = path.map(|line| line.strip_prefix("path ")?.parse().ok()).collect::<Option<Vec<Hash>>>()?;
            Some((path, note))
        };
        let Some((path, note)) = read() else { return self.say(Fault::Malformed, name) };
        let Some(key) = &self.key else { return };
        match Checkpoint::open(note, key) {
            Err(fault) => self.say(fault, name),
            Ok(earlier) => {
                if self.checkpoint.as_ref().is_some_and(|latest| !earlier.continues_in(latest, &path)) {
                    self.say(Fault::Fork, name);
                }
                self.roots.insert(earlier.size, earlier.root);
            }
        }
    }

    /// The acts of one record, one after the other.
    fn look_at_record(&mut self, contents: &Contents, name: &str) {
        self.records += 1;
        let id = name.trim_start_matches("records/").trim_end_matches(".txt").to_owned();
        let Some(text) = contents.text(name).and_then(|text| text.strip_suffix("\n\n")) else {
            return self.say(Fault::Malformed, name);
        };
        let mut blocks = text.split("\n\n");
        if blocks.next() != Some(&format!("{RECORD_LINE}\nrecord {id}")) {
            return self.say(Fault::Malformed, name);
        }
        let mut before: Option<Block<'_>> = None;
        let mut count = 0_u64;
        for block in blocks {
            count += 1;
            let lines: Vec<&str> = block.split('\n').collect();
            let Some(block) = Block::read(&lines) else {
                return self.say(Fault::Malformed, format!("{name} block {count}"));
            };
            self.look_at_act(contents, name, &id, before.as_ref(), &block);
            self.leaves.entry(id.clone()).or_default().insert(block.seq, block.leaf);
            before = Some(block);
        }
        match &before {
            Some(last) if last.proof.is_none() => self.say(Fault::Proof, format!("{name} act {}", last.seq)),
            Some(_) => {}
            None => self.say(Fault::Malformed, name),
        }
    }

    fn look_at_act(&mut self, contents: &Contents, name: &str, id: &str, before: Option<&Block<'_>>, act: &Block<'_>) {
        self.acts += 1;
        let place = format!("{name} act {}", act.seq);
        for (fault, part) in act.faults() {
            self.say(fault, format!("{place}{part}"));
        }
        let manifest = self.manifest.as_ref();
        let here = act.record == id && manifest.is_some_and(|manifest| manifest.court == act.court);
        let whole = manifest.is_some_and(|manifest| manifest.scope == "whole");
        let next = act.seq == before.map_or(0, |before| before.seq).wrapping_add(1);
        let follows = match before {
            _ if next => act.prev == before.map_or(Hash::ZERO, |before| before.leaf),
            // Acts that the person may not see are left out; what is before the gap must then be proved by itself.
            before => !whole && before.is_none_or(|before| before.seq < act.seq),
        };
        if !here || !follows {
            self.say(Fault::Order, place.clone());
        }
        if let Some(before) = before {
            if act.time < before.time {
                self.say(Fault::Time, place.clone());
            }
            if !next && before.proof.is_none() {
                self.say(Fault::Proof, format!("{name} act {}", before.seq));
            }
        }
        if let (Some(proof), Some(checkpoint)) = (&act.proof, &self.checkpoint)
            && !checkpoint.includes(&act.leaf, proof.index, &proof.path)
        {
            self.say(Fault::Proof, place.clone());
        }
        if let Some((_, body)) = act.body {
            match serde_json::from_str(body) {
                Err(_) => self.say(Fault::Malformed, format!("{place} body")),
                Ok(body) => {
                    let mut shown = Vec::new();
                    files_in(&body, &mut shown);
                    shown.sort();
                    for file in shown {
                        if !contents.hashes.contains_key(&format!("files/{file}")) {
                            self.say(Fault::Missing, format!("{place} files/{file}"));
                        }
                    }
                }
            }
        }
    }

    /// Compares with a receipt that somebody kept: the record must still have the act, and the log must be the same.
    pub fn compare(&self, receipt: &crate::receipt::Receipt, place: &str) -> Option<Finding> {
        let leaves = self.leaves.get(&receipt.record)?;
        let whole = self.manifest.as_ref().is_some_and(|manifest| manifest.scope == "whole");
        let fault = match leaves.get(&receipt.seq) {
            Some(leaf) if *leaf == receipt.leaf => return self.compare_log(receipt.checkpoint.as_ref()?, place),
            Some(_) => Fault::Fork,
            None if whole => Fault::Cut,
            None => return None,
        };
        Some(Finding::new(fault, format!("{place} act {}", receipt.seq)))
    }

    /// Compares with a checkpoint of the same log.
    pub fn compare_log(&self, other: &Checkpoint, place: &str) -> Option<Finding> {
        let own = self.checkpoint.as_ref().filter(|own| own.origin == other.origin)?;
        let root = if own.size == other.size { Some(&own.root) } else { self.roots.get(&other.size) };
        root.filter(|root| **root != other.root).map(|_| Finding::new(Fault::Fork, format!("{place} checkpoint")))
    }
}

/// The files that an act shows: the `sha256` of every object in its body that has a `size` too.
pub fn files_in(value: &serde_json::Value, found: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(object) => {
            if let (Some(serde_json::Value::String(hash)), Some(_)) = (object.get("sha256"), object.get("size")) {
                found.push(hash.clone());
            }
            object.values().for_each(|value| files_in(value, found));
        }
        serde_json::Value::Array(list) => list.iter().for_each(|value| files_in(value, found)),
        _ => {}
    }
}
