//! The golden bundle and its tampered twins, on which every verifier must agree: this one, tests/verify/verify.py, and the one in the browser.
//!
//! The files in tests/verify/golden are made here from fixed keys and salts, and compared; `WEITING_GOLDEN=write` writes them anew.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use record::bundle::{self, Contents, Manifest, RECORD_LINE};
use record::note::{SigningKey, sign};
use record::tiles::Edge;
use record::tree::{Frontier, Nodes, consistency, entry_node, inclusion, inner_node};
use record::zip::{Entry, Form, crc, directory, local_header};
use record::{Checkpoint, Hash, Inclusion, Leaf, Written, commit, receipt};
use uuid::Uuid;

const COURT: &str = "沪0113";
const ORIGIN: &str = "weiting/沪0113";
const ONE: Uuid = Uuid::from_u128(0x0193_a1b2_c3d4_7000_8000_0000_0000_0001);
const TWO: Uuid = Uuid::from_u128(0x0193_a1b2_c3d4_7000_8000_0000_0000_0002);

fn key() -> SigningKey {
    SigningKey::log(ORIGIN, &[42; 32]).expect("a name that fits")
}

/// An act with everything that is written of it.
#[derive(Clone)]
struct Act {
    record: Uuid,
    seq: u64,
    at: i64,
    body: String,
    salt: [u8; 32],
    audience: String,
    leaf: Hash,
    text: String,
    index: u64,
}

fn act(record: Uuid, seq: u64, at: i64, prev: Hash, body: &str, salt: [u8; 32]) -> Act {
    let audience = r#"{"audience":"everyone","hint":"发言"}"#.to_owned();
    let text = Leaf {
        court: COURT,
        record,
        seq,
        kind: "speech.text",
        at: 1_795_000_000_000_000 + at,
        actor: "p-7f3a",
        prev,
        body: commit(&salt, body.as_bytes()),
        audience: commit(&[seq as u8; 32], audience.as_bytes()),
    }
    .text();
    let leaf = Hash::of(text.as_bytes());
    Act { record, seq, at, body: body.to_owned(), salt, audience, leaf, text, index: 0 }
}

/// The acts of two rooms of one case, among those of other cases.
struct World {
    leaves: Vec<Hash>,
    acts: Vec<Act>,
    shown: Vec<u8>,
}

fn world() -> World {
    let shown = b"%PDF-1.7 an invented contract".to_vec();
    let mut world = World { leaves: Vec::new(), acts: Vec::new(), shown };
    let contract = format!(
        r#"{{"capacity":"plaintiff","name":"宝山禾木家具有限公司","sentence":"原告出示《合同》。","act":{{"kind":"speech.document","file":{{"name":"合同.pdf","sha256":"{}","size":29}}}}}}"#,
        Hash::of(&world.shown)
    );
    let said = |words: &str| {
        format!(
            r#"{{"capacity":"plaintiff","name":"宝山禾木家具有限公司","sentence":"原告：{words}","act":{{"kind":"speech.text","text":"{words}"}}}}"#
        )
    };
    let one = [said("开庭"), said("同意今天付清。"), contract, said("没有意见"), said("再见")];
    let two = [said("第二次"), said("核对完毕")];
    let mut heads = BTreeMap::from([(ONE, Hash::ZERO), (TWO, Hash::ZERO)]);
    for turn in 0..20_u64 {
        // Other cases of the court stand between.
        world.leaves.push(Hash::of(format!("another act {turn}").as_bytes()));
        let (record, said) = if turn % 3 == 2 { (TWO, &two[..]) } else { (ONE, &one[..]) };
        let seq = world.acts.iter().filter(|act| act.record == record).count() as u64 + 1;
        let Some(body) = said.get(seq as usize - 1) else { continue };
        let mut act = act(record, seq, turn as i64 * 1_000_000, heads[&record], body, [seq as u8 + 100; 32]);
        act.index = world.leaves.len() as u64;
        heads.insert(record, act.leaf);
        world.leaves.push(act.leaf);
        world.acts.push(act);
    }
    world
}

struct All(Vec<Vec<Hash>>);

impl All {
    fn of(leaves: &[Hash]) -> All {
        let mut levels = vec![leaves.iter().map(entry_node).collect::<Vec<_>>()];
        while let Some(last) = levels.last().filter(|last| last.len() > 1) {
            levels.push(last.chunks_exact(2).map(|pair| inner_node(&pair[0], &pair[1])).collect());
        }
        All(levels)
    }
}

impl Nodes for All {
    fn node(&self, level: u8, index: u64) -> Option<Hash> {
        self.0.get(usize::from(level))?.get(index as usize).copied()
    }
}

fn checkpoint(leaves: &[Hash]) -> Checkpoint {
    let mut frontier = Frontier::default();
    leaves.iter().for_each(|leaf| frontier.push(leaf));
    let mut edge = Edge::default();
    leaves.iter().for_each(|leaf| edge.push(leaf));
    assert_eq!(edge.root(), Some(frontier.root()));
    Checkpoint { origin: ORIGIN.to_owned(), size: leaves.len() as u64, root: frontier.root() }
}

fn note(checkpoint: &Checkpoint) -> String {
    checkpoint.sign(0, &[&key()])
}

fn proof(world: &World, act: &Act) -> Inclusion {
    let path = inclusion(act.index, world.leaves.len() as u64, &All::of(&world.leaves)).expect("nodes");
    Inclusion { index: act.index, path }
}

fn block(act: &Act, proof: Option<&Inclusion>) -> String {
    let written = Written {
        leaf: act.leaf,
        text: &act.text,
        body: Some((act.salt, &act.body)),
        audience: Some(([act.seq as u8; 32], &act.audience)),
        proof,
    };
    written.block().expect("no line feed in a document")
}

fn record_file(world: &World, record: Uuid, acts: &[Act]) -> String {
    let mut text = format!("{RECORD_LINE}\nrecord {record}\n\n");
    for (at, act) in acts.iter().enumerate() {
        let proof = (at + 1 == acts.len()).then(|| proof(world, act));
        text += &block(act, proof.as_ref());
        text.push('\n');
    }
    text
}

fn history(world: &World, size: usize, earlier: &Checkpoint) -> String {
    let path = consistency(size as u64, world.leaves.len() as u64, &All::of(&world.leaves)).expect("nodes");
    let path: String = path.iter().map(|node| format!("path {node}\n")).collect();
    format!("weiting history v1\n{path}\n{}", note(earlier))
}

type Files = BTreeMap<String, Vec<u8>>;

fn manifest_text(files: &Files, scope: &str) -> String {
    let manifest = Manifest {
        court: COURT.to_owned(),
        case: "（2026）沪0113民初1号".to_owned(),
        scope: scope.to_owned(),
        made: "2026-11-28T04:00:00Z".to_owned(),
    };
    let hashes = files.iter().filter(|(name, _)| *name != "MANIFEST");
    manifest.text(&hashes.map(|(name, bytes)| (name.clone(), Hash::of(bytes))).collect())
}

/// Lists the files anew and signs the list, as only somebody with the court's key can.
fn signed(mut files: Files) -> Files {
    let text = manifest_text(&files, "whole");
    files.insert("MANIFEST".to_owned(), sign(&text, 0, &[&key()]).into_bytes());
    files
}

fn golden(world: &World) -> Files {
    let of = |record| world.acts.iter().filter(|act| act.record == record).cloned().collect::<Vec<_>>();
    let mut files = Files::new();
    let mut put = |name: String, text: Vec<u8>| files.insert(name, text);
    put("README.txt".to_owned(), "怎样核对，见 docs/record-format.md。\n".into());
    put("key.txt".to_owned(), format!("{}\n", key().verifying()).into());
    put("checkpoint.txt".to_owned(), note(&checkpoint(&world.leaves)).into());
    for size in [4_usize, 11] {
        let earlier = checkpoint(&world.leaves[..size]);
        put(format!("history/{size:012}.txt"), history(world, size, &earlier).into());
    }
    for record in [ONE, TWO] {
        put(format!("records/{record}.txt"), record_file(world, record, &of(record)).into());
    }
    put(format!("files/{}", Hash::of(&world.shown)), world.shown.clone());
    signed(files)
}

fn zip(files: &Files) -> Vec<u8> {
    let (mut out, mut entries) = (Vec::new(), Vec::new());
    for (name, bytes) in files {
        let entry = Entry { name: name.clone(), crc: crc(bytes), size: bytes.len() as u64, offset: out.len() as u64 };
        out.extend(local_header(Form::Narrow, &entry));
        out.extend(bytes);
        entries.push(entry);
    }
    let offset = out.len() as u64;
    out.extend(directory(Form::Narrow, &entries, offset));
    out
}

fn text(files: &Files, name: &str) -> String {
    String::from_utf8(files[name].clone()).expect("text")
}

/// The golden bundle with one thing done to it.
fn with(files: &Files, change: impl FnOnce(&mut Files)) -> Files {
    let mut files = files.clone();
    change(&mut files);
    files
}

/// The same, with the list signed again: what an insider could do.
fn inside(files: &Files, change: impl FnOnce(&mut Files)) -> Vec<u8> {
    zip(&signed(with(files, change)))
}

fn replace(files: &mut Files, name: &str, from: &str, to: &str) {
    let changed = text(files, name);
    assert!(changed.contains(from), "{name} has no {from}");
    files.insert(name.to_owned(), changed.replacen(from, to, 1).into_bytes());
}

/// All files of the corpus.
fn corpus() -> BTreeMap<&'static str, Vec<u8>> {
    let world = world();
    let golden = golden(&world);
    let one = format!("records/{ONE}.txt");
    let of_one: Vec<Act> = world.acts.iter().filter(|act| act.record == ONE).cloned().collect();
    let rewritten = |acts: &[Act]| record_file(&world, ONE, acts).into_bytes();
    let put_one = |acts: Vec<Act>| inside(&golden, |files| drop(files.insert(one.clone(), rewritten(&acts))));
    let receipt = |act: &Act| {
        let proof = proof(&world, act);
        let written = Written {
            leaf: act.leaf,
            text: &act.text,
            body: Some((act.salt, &act.body)),
            audience: Some(([act.seq as u8; 32], &act.audience)),
            proof: Some(&proof),
        };
        receipt::write(&key().verifying(), &written, &note(&checkpoint(&world.leaves))).expect("a receipt")
    };
    let good = receipt(&of_one[1]);
    // A record rewritten from its second act on, chained as it should be, with other salts.
    let mut resalted = of_one.clone();
    for at in 1..resalted.len() {
        let old = resalted[at].clone();
        let new = act(ONE, old.seq, old.at, resalted[at - 1].leaf, &old.body, [7; 32]);
        resalted[at] = Act { index: old.index, ..new };
    }
    let mut swapped = of_one.clone();
    (swapped[1].body, swapped[3].body) = (of_one[3].body.clone(), of_one[1].body.clone());
    let mut reordered = of_one.clone();
    reordered.swap(1, 2);
    let mut late = of_one.clone();
    late[2] = Act { index: late[2].index, ..act(ONE, 3, -5, late[1].leaf, &of_one[2].body, of_one[2].salt) };
    let forked = checkpoint(&[&world.leaves[..10], &[Hash::of(b"another history")]].concat());
    let last = of_one.last().expect("acts").seq;
    let bytes_changed = |at: &dyn Fn(&[u8]) -> usize, bundle: &[u8]| {
        let mut bundle = bundle.to_vec();
        let at = at(&bundle);
        bundle[at] ^= 1;
        bundle
    };
    let find = |what: &'static str| {
        move |bytes: &[u8]| bytes.windows(what.len()).position(|part| part == what.as_bytes()).expect("there")
    };
    let bundle = zip(&golden);
    BTreeMap::from([
        ("golden.zip", bundle.clone()),
        ("receipt.txt", good.clone().into()),
        ("member.zip", {
            // What one person may see: the third act is not for them, so the second is proved by itself.
            let mut files = with(&golden, |files| {
                let (before, after): (Vec<_>, Vec<_>) = (of_one[..2].to_vec(), of_one[3..].to_vec());
                let tail = record_file(&world, ONE, &after);
                let tail = tail.split_once("\n\n").expect("a head").1;
                files.insert(one.clone(), (record_file(&world, ONE, &before) + tail).into_bytes());
                files.retain(|name, _| !name.starts_with("files/"));
            });
            let text = manifest_text(&files, "member");
            files.insert("MANIFEST".to_owned(), sign(&text, 0, &[&key()]).into_bytes());
            zip(&files)
        }),
        ("flip-word.zip", bytes_changed(&find("同意今天"), &bundle)),
        ("flip-leaf.zip", bytes_changed(&find("kind speech"), &bundle)),
        ("flip-salt.zip", bytes_changed(&find("body-salt 6"), &bundle).into_iter().collect()),
        ("flip-readme.zip", bytes_changed(&find("怎样"), &bundle)),
        ("flip-file.zip", bytes_changed(&find("%PDF"), &bundle)),
        ("flip-header.zip", bytes_changed(&|bytes| find("key.txtweiting")(bytes) - 20, &bundle)),
        ("flip-directory.zip", bytes_changed(&|bytes| bytes.len() - 30, &bundle)),
        ("flip-end.zip", bytes_changed(&|bytes| bytes.len() - 1, &bundle)),
        ("flip-manifest.zip", bytes_changed(&find("scope whole"), &bundle)),
        ("flip-checkpoint.zip", zip(&with(&golden, |files| replace(files, "checkpoint.txt", "\n27\n", "\n28\n")))),
        ("swap.zip", put_one(swapped)),
        (
            "drop-tail.zip",
            zip(&with(&golden, |files| {
                let whole = text(files, &one);
                let cut = whole.trim_end_matches('\n').rfind("\n\n").expect("blocks");
                files.insert(one.clone(), whole.as_bytes()[..cut + 2].to_vec());
            })),
        ),
        (
            "drop-tail-signed.zip",
            inside(&golden, |files| {
                let whole = text(files, &one);
                let cut = whole.trim_end_matches('\n').rfind("\n\n").expect("blocks");
                files.insert(one.clone(), whole.as_bytes()[..cut + 2].to_vec());
            }),
        ),
        ("drop-middle.zip", put_one(of_one.iter().filter(|act| act.seq != 2).cloned().collect())),
        ("reorder.zip", put_one(reordered)),
        ("re-salt.zip", put_one(resalted)),
        ("back-date.zip", put_one(late)),
        (
            "forked-log.zip",
            inside(&golden, |files| {
                files.insert("history/000000000011.txt".to_owned(), history(&world, 11, &forked).into_bytes());
            }),
        ),
        (
            "cut-proof.zip",
            inside(&golden, |files| {
                let whole = text(files, &one);
                let at = whole.rfind("path ").expect("a path");
                files.insert(one.clone(), format!("{}\n", &whole[..at]).into_bytes());
            }),
        ),
        ("other-place.zip", inside(&golden, |files| replace(files, &one, "\nindex ", "\nindex 1"))),
        ("missing-file.zip", zip(&with(&golden, |files| files.retain(|name, _| !name.starts_with("files/"))))),
        ("missing-file-signed.zip", inside(&golden, |files| files.retain(|name, _| !name.starts_with("files/")))),
        ("added-file.zip", zip(&with(&golden, |files| drop(files.insert("files/extra".to_owned(), b"x".to_vec()))))),
        ("no-manifest.zip", zip(&with(&golden, |files| drop(files.remove("MANIFEST"))))),
        (
            "other-key.zip",
            zip(&with(&golden, |files| {
                let other = SigningKey::log(ORIGIN, &[43; 32]).expect("a key").verifying();
                files.insert("key.txt".to_owned(), format!("{other}\n").into_bytes());
            })),
        ),
        ("broken-body.zip", {
            let mut acts = of_one.clone();
            acts[last as usize - 1] =
                Act { index: acts[4].index, ..act(ONE, last, acts[4].at, acts[3].leaf, "{", [1; 32]) };
            put_one(acts)
        }),
        ("receipt-flip-word.txt", good.replacen("同意今天", "同意明天", 1).into()),
        ("receipt-flip-time.txt", good.replacen("\ntime 2", "\ntime 3", 1).into()),
        ("receipt-flip-path.txt", {
            let at = good.find("\npath ").expect("a path") + 6;
            let other = if &good[at..=at] == "0" { "1" } else { "0" };
            [&good[..at], other, &good[at + 1..]].concat().into()
        }),
        ("receipt-cut-path.txt", {
            let (from, until) = (good.rfind("path ").expect("a path"), good.find("\n\n").expect("a note"));
            [&good[..from - 1], &good[until..]].concat().into()
        }),
        ("receipt-other-size.txt", good.replacen("\n27\n", "\n26\n", 1).into()),
        ("receipt-half.txt", good[..good.len() / 2].to_owned().into()),
        (
            "receipt-other-key.txt",
            good.replacen(
                &key().verifying().to_string(),
                &SigningKey::log(ORIGIN, &[43; 32]).expect("a key").verifying().to_string(),
                1,
            )
            .into(),
        ),
    ])
}

fn findings(name: &str, bytes: &[u8]) -> Vec<String> {
    let found = if name.ends_with(".zip") {
        bundle::verify(&Contents::from_zip(bytes).expect("memory can be read"), None).findings
    } else {
        receipt::verify(std::str::from_utf8(bytes).expect("text"), None).1
    };
    found.iter().map(ToString::to_string).collect()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/verify")
}

/// What every verifier says of each file, as JSON.
fn expected() -> String {
    let said: BTreeMap<_, _> = corpus().into_iter().map(|(name, bytes)| (name, findings(name, &bytes))).collect();
    serde_json::to_string_pretty(&said).expect("JSON") + "\n"
}

#[test]
fn f24_the_golden_files_are_sound_and_every_twin_is_red_at_the_place_where_it_was_changed() {
    for (name, bytes) in corpus() {
        let found = findings(name, &bytes);
        let sound = matches!(name, "golden.zip" | "receipt.txt" | "member.zip");
        assert_eq!(found.is_empty(), sound, "{name}: {found:?}");
    }
    let says = |name: &str, what: &str| {
        let found = findings(name, &corpus()[name]);
        assert!(found.iter().any(|finding| finding.contains(what)), "{name}: {found:?}");
    };
    says("flip-word.zip", "act 2 body");
    says("flip-readme.zip", "altered README.txt");
    says("flip-header.zip", "container zip key.txt");
    says("swap.zip", "act 4 body");
    says("drop-tail-signed.zip", "proof ");
    says("drop-middle.zip", "order ");
    says("re-salt.zip", "proof ");
    says("forked-log.zip", "fork history/000000000011.txt");
    says("receipt-flip-word.txt", "altered act 2 body");
}

#[test]
fn the_corpus_on_the_disk_is_the_one_that_is_made_here() {
    let (golden, write) = (folder().join("golden"), std::env::var("WEITING_GOLDEN").is_ok_and(|how| how == "write"));
    for (name, bytes) in corpus().into_iter().chain([("expected.json", expected().into_bytes())]) {
        let file = golden.join(name);
        if write {
            std::fs::create_dir_all(&golden).expect("a folder");
            std::fs::write(&file, &bytes).expect("a file");
        }
        let kept = std::fs::read(&file).unwrap_or_default();
        assert!(kept == bytes, "{name} differs: WEITING_GOLDEN=write cargo nextest run -p record corpus");
    }
}

/// Runs the second verifier, which knows nothing of this program.
fn python(files: &[PathBuf]) -> BTreeMap<String, Vec<String>> {
    let run = Command::new("python3")
        .arg(folder().join("verify.py"))
        .args(["--apart", "--json"])
        .args(files)
        .output()
        .expect("python3");
    serde_json::from_slice(&run.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&run.stderr)))
}

#[test]
fn f24_the_second_verifier_says_the_same_of_every_file() {
    let files: Vec<PathBuf> = corpus().keys().map(|name| folder().join("golden").join(name)).collect();
    let ours: BTreeMap<String, Vec<String>> = serde_json::from_str(&expected()).expect("JSON");
    for (name, theirs) in python(&files) {
        let name = Path::new(&name).file_name().expect("a name").to_string_lossy().into_owned();
        assert_eq!(ours[&name], theirs, "{name}");
    }
}

#[test]
fn one_byte_changed_anywhere_in_a_bundle_is_found_and_the_place_is_named() {
    let bundle = corpus().remove("golden.zip").expect("the golden bundle");
    for at in 0..bundle.len() {
        let mut changed = bundle.clone();
        changed[at] ^= 1 << (at % 8);
        let found = findings("golden.zip", &changed);
        assert!(!found.is_empty(), "byte {at} of {}", bundle.len());
        assert!(
            found.iter().all(|finding| finding.split(' ').nth(1).is_some_and(|place| !place.is_empty())),
            "{found:?}"
        );
    }
}

#[test]
fn one_byte_changed_anywhere_is_found_by_the_second_verifier_too() {
    let bundle = corpus().remove("golden.zip").expect("the golden bundle");
    let scratch = tempfile::tempdir().expect("a folder");
    let mut ours = BTreeMap::new();
    // Every byte would take the slower verifier minutes; these meet every file and every kind of header. (What does not begin as a container is
    // taken for a receipt.)
    for at in (2..bundle.len()).step_by(61) {
        let mut changed = bundle.clone();
        changed[at] ^= 1 << (at % 8);
        let file = scratch.path().join(format!("{at}.zip"));
        std::fs::write(&file, &changed).expect("a file");
        ours.insert(file.to_string_lossy().into_owned(), findings("golden.zip", &changed));
    }
    let files: Vec<PathBuf> = ours.keys().map(PathBuf::from).collect();
    for (name, theirs) in python(&files) {
        assert_eq!(ours[&name], theirs, "{name}");
        assert!(!theirs.is_empty(), "{name}");
    }
}
