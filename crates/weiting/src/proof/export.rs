//! `weiting export-case`: the records of a case as a bundle that proves itself.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, bail, ensure};
use court::{MemberId, PersonId, Policy, Room, RoomId, beijing};
use desk::{Clock, HostClock};
use futures_util::TryStreamExt;
use record::bundle::{Manifest, RECORD_LINE, files_in};
use record::zip::{Entry, Form, crc, crc_on, directory, local_header};
use record::{Hash, Leaf, Written, commit, note, tree};
use store::{CheckpointRow, EpochRow, Store, StoredAct};

use super::files::verify_files;
use super::readme::README;
use crate::settings::Settings;
use crate::{key, serve};

/// How many acts are read at once.
const PAGE: u64 = 500;
/// How many earlier checkpoints are shown at most.
const HISTORY: usize = 32;

/// Writes the bundle of a case, and verifies what was written. With `person`, only what that person may see now.
pub(crate) async fn export(
    settings: &Settings,
    number: &str,
    person: Option<&str>,
    out: &Path,
) -> anyhow::Result<ExitCode> {
    let store = Store::open(settings.store_options(), |_| ()).await?;
    let log = key::log(settings, &store).await?;
    let now = HostClock.now();
    // What was done a moment ago belongs to the case too.
    loop {
        let step =
            log.step(&store, beijing::micros(now)).await.context("the court's log cannot be brought up to date")?;
        for (record, seq, what) in &step.damaged {
            eprintln!("✘ record {record} act {seq}: {what}");
        }
        if step.grown == 0 {
            break;
        }
    }
    let epoch = log.epoch(&store, beijing::micros(now)).await?;
    let checkpoint = store.checkpoint(epoch.epoch).await?.context("the court's log is empty")?;
    let case = store.case_by_number(number).await?.with_context(|| format!("there is no case {number}"))?;
    let viewer = match person {
        None => None,
        Some(phone) => {
            serve::unlock(settings, &store).await?;
            let found = match phone.parse::<PersonId>() {
                Ok(id) => store.person(id).await?,
                Err(_) => store.person_by_phone(phone).await?,
            };
            Some(found.with_context(|| format!("nobody here has the id or phone number {phone}"))?.id)
        }
    };
    let export = Export { settings, store: &store, epoch: &epoch, checkpoint: &checkpoint, viewer };
    let mut records = BTreeMap::new();
    let mut files = BTreeSet::new();
    for room in store.rooms_of_case(case.id).await? {
        if let Some(text) = export.record(room.id, &mut files).await? {
            records.insert(format!("records/{}.txt", room.id), text);
        }
    }
    ensure!(!records.is_empty(), "the case has no records that can be shown");
    let mut texts = BTreeMap::from([
        ("README.txt".to_owned(), README.to_owned()),
        ("checkpoint.txt".to_owned(), checkpoint.note.clone()),
        ("key.txt".to_owned(), format!("{}\n", epoch.key)),
    ]);
    texts.extend(export.history().await?);
    texts.extend(records);
    let manifest = Manifest {
        court: settings.court.code.clone(),
        case: case.number.clone(),
        scope: if viewer.is_some() { "member" } else { "whole" }.to_owned(),
        made: now.format(&time::format_description::well_known::Rfc3339)?,
    };
    let unix = u64::try_from(now.unix_timestamp())?;
    let sign = |files: &BTreeMap<String, Hash>| note::sign(&manifest.text(files), unix, &[log.key()]);
    write(&store, out, &texts, &files, sign).await?;
    store.close().await;
    // A court whose record was altered can export it, and is told that it was.
    verify_files(&[out.to_owned()], Some(&epoch.key), None)
}

struct Export<'a> {
    settings: &'a Settings,
    store: &'a Store,
    epoch: &'a EpochRow,
    checkpoint: &'a CheckpointRow,
    /// For whom, if not for the court.
    viewer: Option<PersonId>,
}

impl Export<'_> {
    /// The acts of a record, as lines of text; none when the viewer is no member of it.
    async fn record(&self, room: RoomId, files: &mut BTreeSet<Hash>) -> anyhow::Result<Option<String>> {
        let policy = Policy::builtin();
        let sight = match self.viewer {
            None => None,
            Some(person) => {
                let state = self.folded(room, &policy).await?;
                let members: Vec<MemberId> =
                    state.present().filter(|member| member.person == Some(person)).map(|member| member.id).collect();
                if members.is_empty() {
                    return Ok(None);
                }
                Some((state, members))
            }
        };
        let mut text = format!("{RECORD_LINE}\nrecord {room}\n\n");
        let (mut after, mut before): (u64, Option<StoredAct>) = (0, None);
        loop {
            let rows = self.store.acts(room.0, after, u64::MAX >> 1, PAGE).await?;
            let Some(last) = rows.last() else { break };
            after = last.seq;
            for row in rows {
                let seen = sight.as_ref().is_none_or(|(state, members)| sees(state, members, row.seq));
                if !seen {
                    continue;
                }
                if let Some(done) = before.replace(row) {
                    let gap = before.as_ref().is_some_and(|next| next.seq != done.seq + 1);
                    self.act(&done, gap, files, &mut text).await?;
                }
            }
        }
        let Some(last) = before else { return Ok(None) };
        self.act(&last, true, files, &mut text).await?;
        Ok(Some(text))
    }

    /// One act. What is before a gap or at the end is proved by itself; the chain proves the rest.
    async fn act(
        &self,
        row: &StoredAct,
        proved: bool,
        files: &mut BTreeSet<Hash>,
        text: &mut String,
    ) -> anyhow::Result<()> {
        let proof = match proved {
            true => attestation::prove(self.store, row.record, row.seq).await?,
            false => None,
        };
        let body = self.viewer.is_none() || court_shows_whole(&row.body);
        if body && let Ok(value) = serde_json::from_str(&row.body) {
            let mut shown = Vec::new();
            files_in(&value, &mut shown);
            files.extend(shown.iter().filter_map(|hash| hash.parse::<Hash>().ok()));
        }
        let leaf = Leaf {
            court: &self.settings.court.code,
            record: row.record,
            seq: row.seq,
            kind: &row.kind,
            at: row.at,
            actor: &row.pseudonym,
            prev: row.prev,
            body: commit(&row.body_salt, row.body.as_bytes()),
            audience: commit(&row.audience_salt, row.audience.as_bytes()),
        };
        let block = Written {
            leaf: row.leaf,
            text: &leaf.text(),
            body: body.then_some((row.body_salt, row.body.as_str())),
            audience: Some((row.audience_salt, row.audience.as_str())),
            proof: proof.as_ref().map(|proof| &proof.inclusion),
        };
        let block =
            block.block().with_context(|| format!("act {} of {} has a line feed in it", row.seq, row.record))?;
        text.push_str(&block);
        text.push('\n');
        Ok(())
    }

    /// The room as all of its acts leave it.
    async fn folded(&self, room: RoomId, policy: &Policy) -> anyhow::Result<Room> {
        let mut state = Room::empty(room);
        loop {
            let rows = self.store.acts(room.0, state.seq, u64::MAX >> 1, PAGE).await?;
            if rows.is_empty() {
                return Ok(state);
            }
            for row in rows {
                let act = desk::stored_act(room, &row)
                    .map_err(|_| anyhow::anyhow!("act {} of {room} cannot be read", row.seq))?;
                state.fold(&act, policy);
            }
        }
    }

    /// Earlier checkpoints, each with the proof that the one of the bundle continues it.
    async fn history(&self) -> anyhow::Result<BTreeMap<String, String>> {
        let (mut rows, mut after) = (Vec::new(), 0);
        loop {
            let page = self.store.checkpoints(self.epoch.epoch, after, 1_000).await?;
            let Some(last) = page.last() else { break };
            after = last.size;
            rows.extend(page.into_iter().filter(|row| row.size < self.checkpoint.size));
        }
        let step = rows.len().div_ceil(HISTORY).max(1);
        let mut history = BTreeMap::new();
        for row in rows.into_iter().step_by(step) {
            let (old, new) = (row.size, self.checkpoint.size);
            let ids = record::tiles::needed(|nodes| tree::consistency(old, new, nodes));
            let tiles = self.store.tree_tiles(self.epoch.epoch, &ids).await?;
            let path = tree::consistency(old, new, &tiles).context("a node of the tree is missing")?;
            let path: String = path.iter().map(|node| format!("path {node}\n")).collect();
            history.insert(format!("history/{old:012}.txt"), format!("weiting history v1\n{path}\n{}", row.note));
        }
        Ok(history)
    }
}

/// Whether one of these members sees the act.
fn sees(room: &Room, members: &[MemberId], seq: u64) -> bool {
    members.iter().any(|member| room.dense(*member, seq).is_some())
}

/// Whether a body has nothing that is kept from members: accounts of others, and places that were shown for a while.
fn court_shows_whole(body: &str) -> bool {
    serde_json::from_str::<court::act::BodyDocument>(body).is_ok_and(|document| {
        let kind = document.act.kind();
        !matches!(kind, court::Kind::SittingSchedule | court::Kind::MemberAdmit | court::Kind::LocationSend)
    })
}

/// Writes the container: texts first, then the shown files, the manifest last.
async fn write(
    store: &Store,
    out: &Path,
    texts: &BTreeMap<String, String>,
    files: &BTreeSet<Hash>,
    sign: impl Fn(&BTreeMap<String, Hash>) -> String,
) -> anyhow::Result<()> {
    let mut bytes: u64 = texts.values().map(|text| text.len() as u64).sum();
    for file in files {
        let size = store.blobs().size(*file).await?;
        bytes += size.with_context(|| format!("the file {file} is missing: see `weiting verify --all`"))?;
    }
    let count = (texts.len() + files.len() + 1) as u64;
    let form = Form::of(count, bytes + 200 * count);
    let mut zip = Zip { out: BufWriter::new(File::create(out)?), form, offset: 0, entries: Vec::new() };
    let mut hashes = BTreeMap::new();
    for (name, text) in texts {
        hashes.insert(name.clone(), Hash::of(text.as_bytes()));
        zip.put(name, text.as_bytes())?;
    }
    for file in files {
        let name = format!("files/{file}");
        let size = store.blobs().size(*file).await?.unwrap_or(0);
        let mut parts = store.blobs().get_range(*file, 0..size).await?;
        zip.begin(&name, size)?;
        while let Some(part) = parts.try_next().await? {
            zip.add(&part)?;
        }
        zip.end()?;
        // What is on the disk now is another thing; the verifier says so.
        hashes.insert(name, *file);
    }
    let manifest = sign(&hashes);
    zip.put("MANIFEST", manifest.as_bytes())?;
    zip.finish()?;
    if zip.offset > u64::from(u32::MAX) && form == Form::Narrow {
        bail!("the bundle became larger than was foreseen");
    }
    Ok(())
}

/// A container that is being written.
struct Zip {
    out: BufWriter<File>,
    form: Form,
    offset: u64,
    entries: Vec<Entry>,
}

impl Zip {
    fn put(&mut self, name: &str, bytes: &[u8]) -> anyhow::Result<()> {
        let entry = Entry { name: name.to_owned(), crc: crc(bytes), size: bytes.len() as u64, offset: self.offset };
        let header = local_header(self.form, &entry);
        self.out.write_all(&header)?;
        self.out.write_all(bytes)?;
        self.offset += (header.len() + bytes.len()) as u64;
        self.entries.push(entry);
        Ok(())
    }

    /// Begins a file of which the checksum is not known yet.
    fn begin(&mut self, name: &str, size: u64) -> anyhow::Result<()> {
        let entry = Entry { name: name.to_owned(), crc: !0, size, offset: self.offset };
        let header = local_header(self.form, &entry);
        self.out.write_all(&header)?;
        self.offset += header.len() as u64;
        self.entries.push(entry);
        Ok(())
    }

    fn add(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        self.out.write_all(bytes)?;
        self.offset += bytes.len() as u64;
        if let Some(entry) = self.entries.last_mut() {
            entry.crc = crc_on(entry.crc, bytes);
        }
        Ok(())
    }

    /// Goes back and writes the checksum.
    fn end(&mut self) -> anyhow::Result<()> {
        let Some(entry) = self.entries.last_mut() else { return Ok(()) };
        entry.crc = !entry.crc;
        let header = local_header(self.form, entry);
        let length = self.offset - entry.offset - header.len() as u64;
        ensure!(length == entry.size, "the file {} changed while it was read", entry.name);
        self.out.seek(SeekFrom::Start(entry.offset))?;
        self.out.write_all(&header)?;
        self.out.seek(SeekFrom::Start(self.offset))?;
        Ok(())
    }

    fn finish(&mut self) -> anyhow::Result<()> {
        self.out.write_all(&directory(self.form, &self.entries, self.offset))?;
        self.out.flush()?;
        self.out.get_ref().sync_all()?;
        Ok(())
    }
}
