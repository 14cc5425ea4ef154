//! Verifying a bundle of 100,000 acts, and how old what is signed becomes while people act.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use attestation::{CourtLog, Kept};
use court::speech::To;
use record::bundle::{Contents, Manifest, RECORD_LINE, verify};
use record::note::{SigningKey, sign};
use record::tree::{Frontier, Nodes, entry_node, inclusion, inner_node};
use record::zip::{Entry, Form, crc, directory, local_header};
use record::{Checkpoint, Hash, Inclusion, Leaf, Written, commit};
use store::kit::TestDatabase;
use uuid::Uuid;

use crate::court::House;
use crate::table::Row;

const ACTS: u64 = 100_000;
const VERIFY: f64 = 1.0;
const OLDEST: f64 = 60.0;
/// How long people act.
const LOAD: Duration = Duration::from_secs(20);
const WRITERS: usize = 16;

pub(crate) async fn measure(database: &TestDatabase) -> anyhow::Result<Vec<Row>> {
    let bundle = bundle();
    let begun = Instant::now();
    let report = verify(&Contents::from_zip(bundle.as_slice())?, None);
    let seconds = begun.elapsed().as_secs_f64();
    anyhow::ensure!(report.findings.is_empty() && report.acts == ACTS, "{:?}", report.findings);
    let (oldest, acts) = under_load(database).await?;
    Ok(vec![
        Row {
            what: "a bundle of 100,000 acts, verified",
            measured: format!("{seconds:.2} s"),
            reference: format!("{} MiB", bundle.len() >> 20),
            value: format!("{seconds:.2} s"),
            target: "≤ 1 s",
            met: Some(seconds <= VERIFY),
        },
        Row {
            what: "age of the oldest act that is not signed, 16 writers",
            measured: format!("{oldest:.1} s"),
            reference: format!("{:.0} acts/s", acts as f64 / LOAD.as_secs_f64()),
            value: format!("{oldest:.1} s"),
            target: "≤ 60 s",
            met: Some(oldest <= OLDEST),
        },
    ])
}

struct All(Vec<Vec<Hash>>);

impl Nodes for All {
    fn node(&self, level: u8, index: u64) -> Option<Hash> {
        self.0.get(usize::from(level))?.get(index as usize).copied()
    }
}

/// One record of so many acts in its container, as `weiting export-case` writes it.
fn bundle() -> Vec<u8> {
    let key = SigningKey::log("weiting/bench", &[1; 32]).expect("a name that fits");
    let record = Uuid::from_u128(1);
    let (mut prev, mut frontier, mut nodes) = (Hash::ZERO, Frontier::default(), Vec::new());
    let mut acts = Vec::new();
    for seq in 1..=ACTS {
        let words = format!("第 {seq} 句：收货当天没有人提出异议，付款的期限是约定好的。");
        let body = format!(
            r#"{{"capacity":"plaintiff","name":"宝山禾木家具有限公司","sentence":"原告：{words}","act":{{"kind":"speech.text","text":"{words}"}}}}"#
        );
        let audience = r#"{"audience":"everyone","hint":"原告宝山禾木家具有限公司发言"}"#;
        let text = Leaf {
            court: "bench",
            record,
            seq,
            kind: "speech.text",
            at: seq as i64,
            actor: "p-7f3a",
            prev,
            body: commit(&[1; 32], body.as_bytes()),
            audience: commit(&[2; 32], audience.as_bytes()),
        }
        .text();
        prev = Hash::of(text.as_bytes());
        frontier.push(&prev);
        nodes.push(entry_node(&prev));
        acts.push((prev, text, body, audience));
    }
    let mut levels = vec![nodes];
    while let Some(last) = levels.last().filter(|last| last.len() > 1) {
        levels.push(last.chunks_exact(2).map(|pair| inner_node(&pair[0], &pair[1])).collect());
    }
    let path = inclusion(ACTS - 1, ACTS, &All(levels)).expect("all nodes are there");
    let last = Inclusion { index: ACTS - 1, path };
    let mut text = format!("{RECORD_LINE}\nrecord {record}\n\n");
    for (at, (leaf, lines, body, audience)) in acts.iter().enumerate() {
        let proof = (at as u64 + 1 == ACTS).then_some(&last);
        let (body, audience) = (Some(([1; 32], body.as_str())), Some(([2; 32], *audience)));
        text += &Written { leaf: *leaf, text: lines, body, audience, proof }.block().expect("no line feeds");
        text.push('\n');
    }
    let checkpoint = Checkpoint { origin: "weiting/bench".into(), size: ACTS, root: frontier.root() };
    let mut files = vec![
        (format!("records/{record}.txt"), text),
        ("checkpoint.txt".to_owned(), checkpoint.sign(0, &[&key])),
        ("key.txt".to_owned(), format!("{}\n", key.verifying())),
    ];
    let hashes = files.iter().map(|(name, text)| (name.clone(), Hash::of(text.as_bytes()))).collect();
    let said = |word: &str| word.to_owned();
    let manifest = Manifest { court: said("bench"), case: said("1"), scope: said("whole"), made: said("now") };
    files.push(("MANIFEST".to_owned(), sign(&manifest.text(&hashes), 0, &[&key])));
    let (mut out, mut entries) = (Vec::new(), Vec::new());
    for (name, text) in files {
        let (crc, size, offset) = (crc(text.as_bytes()), text.len() as u64, out.len() as u64);
        let entry = Entry { name, crc, size, offset };
        out.extend(local_header(Form::Narrow, &entry));
        out.extend(text.as_bytes());
        entries.push(entry);
    }
    let offset = out.len() as u64;
    out.extend(directory(Form::Narrow, &entries, offset));
    out
}

/// People act, the log runs; how long the oldest act waited for its checkpoint, and how many acts there were.
async fn under_load(database: &TestDatabase) -> anyhow::Result<(f64, u64)> {
    let house = House::open(database).await?;
    let room = house.room(WRITERS.min(10)).await?;
    let key = SigningKey::log(&CourtLog::origin("bench", 1), &[1; 32])?;
    let log = Arc::new(CourtLog::new(&house.desk.config.court.code, key, Kept::default()));
    let running = tokio::spawn(log.run(house.desk.clone(), Vec::new(), std::future::pending()));
    let begun = Instant::now();
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let (desk, id, seat) =
                (house.desk.clone(), room.id, room.seats[2 + writer % (room.seats.len() - 2)].clone());
            tokio::spawn(async move {
                let mut count = 0_u64;
                while begun.elapsed() < LOAD {
                    seat.says(&desk, id, To::Everyone).await?;
                    count += 1;
                }
                anyhow::Ok(count)
            })
        })
        .collect();
    // Where the record stood at each moment, until the log has come to it.
    let (mut waiting, mut oldest): (VecDeque<(u64, Instant)>, f64) = (VecDeque::new(), 0.0);
    loop {
        let head = house.desk.store.head(room.id.0).await?.map_or(0, |head| head.seq);
        if waiting.back().is_none_or(|(seq, _)| *seq < head) {
            waiting.push_back((head, Instant::now()));
        }
        let signed = house.desk.store.checkpoint(1).await?.map_or(0, |row| row.size);
        while waiting.front().is_some_and(|(seq, _)| *seq <= signed) {
            waiting.pop_front();
        }
        if let Some((_, since)) = waiting.front() {
            oldest = oldest.max(since.elapsed().as_secs_f64());
        }
        if begun.elapsed() > LOAD && waiting.is_empty() || oldest > 2.0 * OLDEST {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let mut acts = 0;
    for writer in writers {
        acts += writer.await??;
    }
    running.abort();
    house.close().await?;
    Ok((oldest, acts))
}
