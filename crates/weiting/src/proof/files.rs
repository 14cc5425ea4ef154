//! `weiting verify FILE…`: bundles (a ZIP file or its unpacked folder), sealed PDFs, receipts and checkpoints, and whether they contradict each other.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use certs::Anchors;
use desk::{Clock, HostClock};
use record::bundle::{self, Contents, Report};
use record::note::VerifyingKey;
use record::receipt::{self, Receipt};
use record::{Checkpoint, Fault, Finding};

use super::pdf::{self, Sealed};

/// What a file turned out to be, with what is wrong with it.
enum Looked {
    Bundle(Box<Report>),
    Pdf(Box<Sealed>),
    Receipt(Option<Box<Receipt>>),
    Checkpoint(Option<Checkpoint>),
}

/// Verifies files. `pinned`: the court's public key, if the reader has it from elsewhere; `roots`: whose seals are believed.
pub(crate) fn verify_files(files: &[PathBuf], pinned: Option<&str>, roots: Option<&Path>) -> anyhow::Result<ExitCode> {
    let roots = roots.map(anchors).transpose()?;
    let pinned = pinned.map(str::parse::<VerifyingKey>).transpose().context("--key")?;
    let mut all = Vec::new();
    let mut keys: BTreeMap<String, VerifyingKey> =
        pinned.iter().map(|key| (key.name().to_owned(), key.clone())).collect();
    // Checkpoints come last: their keys stand in the others.
    let (notes, others): (Vec<_>, Vec<_>) = files.iter().partition(|file| is_note(file));
    for file in others {
        let (looked, findings) = look(file, pinned.as_ref(), roots.as_ref())?;
        let key = match &looked {
            Looked::Bundle(report) => report.key.clone(),
            Looked::Receipt(receipt) => receipt.as_ref().map(|receipt| receipt.key.clone()),
            Looked::Pdf(sealed) => sealed.receipt.as_ref().map(|receipt| receipt.key.clone()),
            Looked::Checkpoint(_) => None,
        };
        if let Some(key) = key {
            keys.entry(key.name().to_owned()).or_insert(key);
        }
        all.push((file, looked, findings));
    }
    for file in notes {
        let note = std::fs::read_to_string(file)?;
        let origin = note.lines().next().unwrap_or_default();
        let opened = keys.get(origin).ok_or(Fault::Signature).and_then(|key| Checkpoint::open(&note, key));
        let findings = opened.as_ref().err().map(|fault| finding(*fault, "checkpoint")).into_iter().collect();
        all.push((file, Looked::Checkpoint(opened.ok()), findings));
    }
    compare(&mut all);
    let mut red = false;
    for (file, looked, findings) in &all {
        red |= !findings.is_empty();
        println!("{} {}", if findings.is_empty() { "✔" } else { "✘" }, file.display());
        for finding in findings {
            println!("    {}  {}：{}", finding.fault.code(), finding.place, finding.fault.sentence());
        }
        tell(looked);
    }
    Ok(if red { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn finding(fault: Fault, place: &str) -> Finding {
    Finding { fault, place: place.to_owned() }
}

/// Whether the file is a checkpoint by itself.
fn is_note(file: &Path) -> bool {
    let mut head = [0; 8];
    let read = File::open(file).and_then(|mut open| open.read(&mut head)).unwrap_or(0);
    file.is_file() && &head[..read] == b"weiting/"
}

fn anchors(roots: &Path) -> anyhow::Result<Anchors> {
    let pem = std::fs::read_to_string(roots).with_context(|| format!("--roots {}", roots.display()))?;
    Anchors::from_pem(&pem).map_err(|fault| anyhow::anyhow!("--roots: {fault}"))
}

fn look(file: &Path, pinned: Option<&VerifyingKey>, roots: Option<&Anchors>) -> anyhow::Result<(Looked, Vec<Finding>)> {
    let contents = if file.is_dir() {
        let mut contents = Contents::default();
        walk(file, file, &mut contents)?;
        contents
    } else {
        let mut open = File::open(file).with_context(|| file.display().to_string())?;
        let mut head = [0; 5];
        let read = open.read(&mut head)?;
        if head[..read].starts_with(b"%PDF-") {
            let (sealed, findings) = pdf::verify(&std::fs::read(file)?, pinned, roots, HostClock.now());
            return Ok((Looked::Pdf(Box::new(sealed)), findings));
        }
        if !head[..read].starts_with(b"PK") {
            let text = std::fs::read(file)?;
            let Ok(text) = String::from_utf8(text) else {
                return Ok((Looked::Receipt(None), vec![finding(Fault::Malformed, "receipt")]));
            };
            let (receipt, findings) = receipt::verify(&text, pinned);
            return Ok((Looked::Receipt(receipt.map(Box::new)), findings));
        }
        Contents::from_zip(BufReader::with_capacity(1 << 20, File::open(file)?))?
    };
    let report = bundle::verify(&contents, pinned);
    let findings = report.findings.clone();
    Ok((Looked::Bundle(Box::new(report)), findings))
}

/// The files of an unpacked bundle.
fn walk(root: &Path, folder: &Path, contents: &mut Contents) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            walk(root, &path, contents)?;
        } else {
            let name = path.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
            contents.put(&name, &mut BufReader::new(File::open(&path)?))?;
        }
    }
    Ok(())
}

/// Receipts and checkpoints against bundles.
fn compare(all: &mut [(&PathBuf, Looked, Vec<Finding>)]) {
    let reports: Vec<_> = all.iter().filter_map(|(_, looked, _)| looked.report()).collect();
    let against = |looked: &Looked, report: &Report| match looked {
        Looked::Receipt(Some(receipt)) => report.compare(receipt, "receipt"),
        Looked::Pdf(sealed) => sealed.receipt.as_ref().and_then(|receipt| report.compare(receipt, "receipt")),
        Looked::Checkpoint(Some(checkpoint)) => report.compare_log(checkpoint, "checkpoint"),
        _ => None,
    };
    let found: Vec<Vec<Finding>> = all
        .iter()
        .map(|(_, looked, _)| reports.iter().filter_map(|report| against(looked, report)).collect())
        .collect();
    for ((_, _, findings), more) in all.iter_mut().zip(found) {
        findings.extend(more);
    }
}

impl Looked {
    fn report(&self) -> Option<&Report> {
        match self {
            Looked::Bundle(report) => Some(report),
            _ => None,
        }
    }
}

/// What was checked, for people.
fn tell(looked: &Looked) {
    match looked {
        Looked::Bundle(report) => {
            if let Some(manifest) = &report.manifest {
                let scope = if manifest.scope == "whole" { "全案" } else { "仅本人可见部分" };
                println!("    案件 {}（{scope}），导出于 {}", manifest.case, manifest.made);
            }
            println!("    记录 {} 份，行为 {} 项，文件 {} 个", report.records, report.acts, report.files);
            if let Some(checkpoint) = &report.checkpoint {
                println!("    存证日志 {}，共 {} 项", checkpoint.origin, checkpoint.size);
            }
            if let Some(key) = &report.key {
                println!("    公钥 {key}（请与法院公布的公钥核对）");
            }
        }
        Looked::Pdf(sealed) => sealed.tell(),
        Looked::Receipt(Some(receipt)) => {
            println!("    记录 {} 第 {} 项行为，哈希 {}", receipt.record, receipt.seq, receipt.leaf);
            println!("    公钥 {}（请与法院公布的公钥核对）", receipt.key);
        }
        Looked::Checkpoint(Some(checkpoint)) => {
            println!("    存证日志 {}，共 {} 项", checkpoint.origin, checkpoint.size)
        }
        _ => {}
    }
}
