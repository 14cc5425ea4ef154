//! `weiting verify --all`: whether the court's log is what was signed, entry by entry.

use std::collections::{BTreeMap, HashMap};

use attestation::CourtLog;
use record::tree::Frontier;
use record::{Checkpoint, Hash};
use store::{Store, StoreError, TreeLeaf};
use uuid::Uuid;

/// How many entries are read at once.
const PAGE: u64 = 2_000;

/// Walks the tree from its first entry: every act in it is there with its leaf, every checkpoint has the root and holds, and the last one that
/// was signed (kept outside the database) is among them. Prints what is wrong; returns how many entries there are and how much is wrong.
pub(crate) async fn verify_log(store: &Store, log: &CourtLog, kept: Option<String>) -> anyhow::Result<(u64, u64)> {
    let Some(epoch) = store.tree_epoch().await? else { return Ok((0, 0)) };
    let mut wrong = 0;
    let mut say = |what: String| {
        wrong += 1;
        println!("✘ log: {what}");
    };
    let key = log.key().verifying();
    if key.to_string() != epoch.key {
        say(format!("it is signed by {}, and the key file is another one", epoch.key));
        return Ok((0, wrong));
    }
    let kept = kept.and_then(|note| Checkpoint::open(&note, &key).ok());
    let (mut frontier, mut signed) = (Frontier::default(), store.checkpoints(epoch.epoch, 0, PAGE).await?.into_iter());
    let mut next = signed.next();
    loop {
        let leaves = store.tree_leaves(epoch.epoch, frontier.size(), PAGE).await?;
        if leaves.is_empty() {
            break;
        }
        let acts = leaves_of(store, &leaves).await?;
        for leaf in leaves {
            if leaf.index != frontier.size() {
                say(format!("entry {} is missing", frontier.size()));
                return Ok((frontier.size(), wrong));
            }
            match acts.get(&(leaf.record, leaf.seq)) {
                None => say(format!("act {} of record {} is gone, though it was signed", leaf.seq, leaf.record)),
                Some(act) if *act != leaf.leaf => {
                    say(format!("act {} of record {} is not the one that was signed", leaf.seq, leaf.record));
                }
                Some(_) => {}
            }
            frontier.push(&leaf.leaf);
            if kept.as_ref().is_some_and(|kept| kept.size == frontier.size() && kept.root != frontier.root()) {
                say(format!("the first {} acts are not those that were signed", frontier.size()));
            }
            while let Some(row) = next.take_if(|row| row.size <= frontier.size()) {
                let opened = Checkpoint::open(&row.note, &key);
                if !opened.is_ok_and(|opened| (opened.size, opened.root) == (row.size, row.root)) {
                    say(format!("the signature of the checkpoint of {} acts does not hold", row.size));
                } else if row.size != frontier.size() || row.root != frontier.root() {
                    say(format!("the first {} acts are not those that were signed", row.size));
                }
                next = signed.next();
                if next.is_none() {
                    signed = store.checkpoints(epoch.epoch, row.size, PAGE).await?.into_iter();
                    next = signed.next();
                }
            }
        }
    }
    if let Some(row) = next {
        say(format!("{} acts were signed and {} are in the log", row.size, frontier.size()));
    }
    if let Some(kept) = kept.filter(|kept| kept.size > frontier.size()) {
        say(format!("{} acts were signed and {} are there: the database was set back", kept.size, frontier.size()));
    }
    Ok((frontier.size(), wrong))
}

/// The leaves of these entries' acts as the records have them.
async fn leaves_of(store: &Store, entries: &[TreeLeaf]) -> Result<HashMap<(Uuid, u64), Hash>, StoreError> {
    let mut wanted: BTreeMap<Uuid, Vec<u64>> = BTreeMap::new();
    for entry in entries {
        wanted.entry(entry.record).or_default().push(entry.seq);
    }
    let mut found = HashMap::new();
    for (record, seqs) in wanted {
        found.extend(store.acts_numbered(record, &seqs).await?.into_iter().map(|act| ((record, act.seq), act.leaf)));
    }
    Ok(found)
}
