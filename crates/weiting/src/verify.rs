//! `weiting verify`: whether every record is complete and unaltered, and with `--all` the files and the log too.

use std::process::ExitCode;

use court::act::BodyDocument;
use record::{Break, ChainVerifier, Head, StoredLeaf};
use store::Store;
use uuid::Uuid;

use crate::key;
use crate::settings::Settings;
use crate::verify_log::verify_log;

/// How many rows are read at once.
const PAGE: u64 = 1_000;

/// Checks every record of the court; with `all` also that every file that an act shows is there and has its hash.
pub(crate) async fn verify(settings: Settings, all: bool) -> anyhow::Result<ExitCode> {
    let store = Store::open(settings.store_options(), |_| ()).await?;
    let (mut records, mut acts, mut files, mut broken) = (0_u64, 0_u64, 0_u64, 0_u64);
    let mut after = None;
    loop {
        let page = store.all_records(after, PAGE).await?;
        let Some((last, _)) = page.last() else { break };
        after = Some(*last);
        for (record, head) in page {
            records += 1;
            acts += head.seq;
            match check(&store, &settings.court.code, record, head, all).await? {
                Ok(checked) => files += checked,
                Err(problem) => {
                    broken += 1;
                    println!("✘ record {record}: {problem}");
                }
            }
        }
    }
    let mut entries = 0;
    if all && settings.log_key_file().exists() {
        let log = key::log(&settings, &store).await?;
        let kept = std::fs::read_to_string(settings.log_kept_file()).ok();
        let (found, wrong) = verify_log(&store, &log, kept).await?;
        entries = found;
        broken += wrong;
    }
    store.close().await;
    println!("{records} records, {acts} acts, {files} files, {entries} entries of the log checked; {broken} broken");
    Ok(if broken == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Checks one record. Returns how many of its files were checked.
async fn check(
    store: &Store,
    court: &str,
    record: Uuid,
    head: Head,
    with_files: bool,
) -> anyhow::Result<Result<u64, String>> {
    let mut verifier = ChainVerifier::new(court, record);
    let mut files = 0;
    loop {
        let rows = store.acts(record, verifier.head().seq, u64::MAX >> 1, PAGE).await?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
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
            if let Err(problem) = verifier.take(&leaf) {
                return Ok(Err(Break::to_string(&problem)));
            }
            if with_files && let Some(problem) = file_problem(store, &row.body, &mut files).await? {
                return Ok(Err(format!("act {}: {problem}", row.seq)));
            }
        }
    }
    Ok(verifier.ends_at(head).map(|()| files).map_err(|problem| problem.to_string()))
}

/// What is wrong with the file that an act shows, if it shows one.
async fn file_problem(store: &Store, body: &str, files: &mut u64) -> anyhow::Result<Option<String>> {
    use court::act::Body;
    let Ok(document) = serde_json::from_str::<BodyDocument>(body) else {
        return Ok(Some("its body cannot be read".to_owned()));
    };
    let (Body::SpeechPhoto(shown) | Body::SpeechVideo(shown) | Body::SpeechVoice(shown) | Body::SpeechDocument(shown)) =
        document.act
    else {
        return Ok(None);
    };
    *files += 1;
    let file = shown.file;
    match store.blobs().hash(file.sha256).await? {
        None => Ok(Some(format!("its file {} is missing", file.sha256))),
        Some(found) if found != file.sha256 => Ok(Some(format!("its file {} was altered", file.sha256))),
        Some(_) => Ok(None),
    }
}
