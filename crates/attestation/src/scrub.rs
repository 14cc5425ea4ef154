//! The scrubber: looks at records again and again, whether everything that was acknowledged is still there and is what it was (SR-65).
//!
//! Of each record: its acts against its head, the last act that the log has against the record, every file that an act shows against its hash, and what
//! acts put into the dossier against the dossier's list. Rooms that somebody has opened lately come first, in every round; the rest in turn, as
//! far as a round's time goes. What is wrong is an incident: counted, logged, and shown to the members of the room until a later look finds it mended.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use court::{Act, CaseId, EntryId, File, RoomId};
use desk::{Desk, Problem, stored_act};
use metrics::{counter, gauge};
use record::{ChainVerifier, Head, StoredLeaf};
use tracing::error;
use uuid::Uuid;

/// How many rows are read at once.
const PAGE: u64 = 1_000;
/// How long one round takes. Rounds begin every ten minutes.
const ROUND: Duration = Duration::from_secs(120);
/// A file up to this size is read and hashed; of a larger one it is looked whether it is there, whole.
const HASHED: u64 = 32 << 20;

/// Acts are missing or altered.
const ACTS: &str = "acts";
/// The log has an act that the record has not, or another one.
const LOG: &str = "log";
/// A file is missing or altered.
const FILES: &str = "files";
/// The dossier does not list what an act put there.
const DOSSIER: &str = "dossier";

/// One round. Safe at any time and on several nodes: what one has noted another finds noted.
///
/// # Errors
/// 503 when the store cannot be read or written; the next round goes on where this one has stopped.
pub async fn scrub(desk: Desk) -> Result<(), Problem> {
    let begun = Instant::now();
    let opened = desk.opened_rooms();
    for room in &opened {
        if let Some(head) = desk.store.head(room.0).await? {
            look(&desk, room.0, head).await?;
        }
    }
    let mut after = desk.store.scrub_mark().await?;
    let began_at = after;
    let mut turned = false;
    while begun.elapsed() < ROUND {
        let page = desk.store.all_records(after, 20).await?;
        if page.is_empty() {
            // Once around at most: a small court is looked at once in a round.
            if turned || began_at.is_none() {
                after = None;
                break;
            }
            (after, turned) = (None, true);
            continue;
        }
        for (record, head) in page {
            after = Some(record);
            if !opened.contains(&RoomId(record)) {
                look(&desk, record, head).await?;
            }
        }
        if turned && after >= began_at {
            break;
        }
    }
    desk.store.set_scrub_mark(after).await?;
    gauge!("integrity_incidents_open").set(desk.store.count_open_incidents().await? as f64);
    Ok(())
}

/// Looks at one record, and notes what it found.
async fn look(desk: &Desk, record: Uuid, head: Head) -> Result<(), Problem> {
    let wrong = wrong(desk, record, head).await?;
    let codes: Vec<&str> = wrong.iter().copied().collect();
    let new = desk.store.note_incidents(record, &codes, court::beijing::micros(desk.now())).await?;
    if new > 0 {
        counter!("integrity_incidents_total").increment(new);
        error!(record.id = %record, wrong = codes.join(","), "Something that was acknowledged is missing or altered");
    }
    Ok(())
}

/// Everything that is wrong with a record up to this head.
async fn wrong(desk: &Desk, record: Uuid, head: Head) -> Result<BTreeSet<&'static str>, Problem> {
    let mut wrong = BTreeSet::new();
    let case = desk.store.room(RoomId(record)).await?.map(|room| room.case);
    let mut verifier = ChainVerifier::new(&desk.config.court.code, record);
    let mut after = 0;
    while after < head.seq {
        let rows = desk.store.acts(record, after, head.seq, PAGE).await?;
        let Some(last) = rows.last() else { break };
        after = last.seq;
        let mut acts = Vec::with_capacity(rows.len());
        for row in &rows {
            let leaf = StoredLeaf {
                seq: row.seq,
                kind: &row.kind,
                at: row.at,
                actor: &row.pseudonym,
                body: row.body.as_bytes(),
                body_salt: &row.body_salt,
                audience: row.audience.as_bytes(),
                audience_salt: &row.audience_salt,
                leaf: row.leaf,
            };
            if !wrong.contains(ACTS) && verifier.take(&leaf).is_err() {
                wrong.insert(ACTS);
            }
            match stored_act(RoomId(record), row) {
                Ok(act) => acts.push(act),
                Err(_) => {
                    wrong.insert(ACTS);
                }
            }
        }
        what_they_show(desk, case, &acts, &mut wrong).await?;
    }
    if !wrong.contains(ACTS) && verifier.ends_at(head).is_err() {
        wrong.insert(ACTS);
    }
    if !logged(desk, record, head).await? {
        wrong.insert(LOG);
    }
    Ok(wrong)
}

/// The files of these acts, and their places in the dossier.
async fn what_they_show(
    desk: &Desk,
    case: Option<CaseId>,
    acts: &[Act],
    wrong: &mut BTreeSet<&'static str>,
) -> Result<(), Problem> {
    let entries: Vec<_> =
        case.into_iter().flat_map(|case| acts.iter().flat_map(move |act| act.entries(case))).collect();
    let ids: BTreeSet<EntryId> = entries.iter().map(|entry| entry.id).collect();
    let ids: Vec<EntryId> = ids.into_iter().collect();
    if desk.store.count_listed(&ids).await? != ids.len() as u64 {
        wrong.insert(DOSSIER);
    }
    let shown = acts.iter().flat_map(|act| act.body.files()).chain(entries.iter().map(|entry| &entry.file));
    let mut seen = BTreeSet::new();
    for file in shown {
        if !wrong.contains(FILES) && seen.insert(file.sha256) && !there(desk, file).await? {
            wrong.insert(FILES);
        }
    }
    Ok(())
}

/// Whether a file is there, and is what it was.
async fn there(desk: &Desk, file: &File) -> Result<bool, Problem> {
    let blobs = desk.store.blobs();
    Ok(match blobs.size(file.sha256).await? {
        Some(size) if size != file.size => false,
        Some(size) if size <= HASHED => blobs.hash(file.sha256).await? == Some(file.sha256),
        Some(_) => true,
        None => false,
    })
}

/// Whether the last act of the record that the log has is the record's.
async fn logged(desk: &Desk, record: Uuid, head: Head) -> Result<bool, Problem> {
    let Some(epoch) = desk.store.tree_epoch().await? else { return Ok(true) };
    let Some((seq, leaf)) = desk.store.last_logged(epoch.epoch, record).await? else { return Ok(true) };
    // The log may have come to acts that are newer than the look at the head.
    if seq > head.seq && desk.store.head(record).await?.is_none_or(|head| seq > head.seq) {
        return Ok(false);
    }
    let acts = desk.store.acts_numbered(record, &[seq]).await?;
    Ok(acts.first().is_some_and(|act| act.leaf == leaf))
}
